"""Says, at the line of a statement that does not hold for everybody, to whom it would happen."""

from service.routing.engine.proof import NotProven
from service.routing.proofs.invariants import Broken, broken_invariants, chain_of
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import Mistake


def invariant_mistakes(rule_set: RuleSet) -> list[Mistake]:
    """Prove the statements of a rule set, and give those that are broken or not proven.

    Args:
        rule_set: rules of which every table is sound.
    """
    if not rule_set.invariants:
        return []
    try:
        chain = chain_of(rule_set)
    except NotProven as error:
        return [Mistake(rule_set.invariants[0].file, 1, f"the invariants could not be proved: {error.detail}")]
    return [_mistake(broken) for broken in broken_invariants(rule_set, chain)]


def _mistake(broken: Broken) -> Mistake:
    one = broken.invariant
    if broken.person is None:
        hint = "nobody is known for whom it is broken; say the condition in facts, or narrow the statement"
        return Mistake(one.file, one.line, f"the invariant {one.id} could not be proved", hint)
    said = broken.person.described()
    what = f"the invariant {one.id} does not hold for everybody"
    return Mistake(one.file, one.line, what, example=(said["nl"], said["en"]))
