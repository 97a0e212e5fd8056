"""Shows the cases that a proof has found as somebody who could walk in, in Dutch and English."""

from collections.abc import Iterator, Mapping
from datetime import date

from service.routing.engine.cells import Cell, Span
from service.routing.engine.compiled import VALIDITY, CompiledTable
from service.routing.engine.proof import NotProven, Region
from service.routing.engine.table import EffectiveDay, When
from service.routing.facts.vocabulary import Vocabulary
from service.routing.proofs.chain import DECIDED, JUDGED, Chain
from service.routing.proofs.people import people
from service.routing.proofs.space import Box
from service.routing.text.entries import Words
from service.routing.text.spoken import Language, anywhere, in_language


def example_of(
    region: Region, compiled: CompiledTable, vocabulary: Vocabulary, before: Mapping[str, CompiledTable]
) -> Words:
    """Say who could be in a region of a table; nothing when nobody who can be told of gets there.

    Args:
        region: the cases.
        compiled: the table.
        vocabulary: the facts.
        before: the tables that are asked before this one.
    """
    when = {name: _cell(texts) for name, texts in region.bounds if name != VALIDITY}
    try:
        chain = Chain(vocabulary, {**before, compiled.table.name: compiled}, [when])
        box = chain.space.box(when) & _days(chain, compiled, dict(region.bounds).get(VALIDITY, ()))
        found = next(chain.people(box), None)
        person = next(people(chain, box), None)
    except NotProven:
        return {}
    if found is None or person is None:
        return {}
    said = person.described()
    return {language: "; ".join((said[language], *_found_out(chain, when, language))) for language in Language}


def _found_out(chain: Chain, when: When, language: Language) -> Iterator[str]:
    """Say what code must find out about the person, where that follows from no fact in a way that can be shown."""
    followed = {step.name for step in chain.steps if not any(chain.is_open(step, way) for way in step.ways)}
    for name, cell in when.items():
        derived = chain.vocabulary.derived.get(name)
        if derived is not None and name not in followed:
            words = (
                in_language(derived.values.get(word, {}), language) or anywhere(word, language) for word in cell.words
            )
            yield f"{in_language(derived.label, language)}: {'/'.join(words)}"


def _cell(texts: tuple[str, ...]) -> Cell:
    spans = [span for text in texts if (span := _span(text)) is not None]
    return Cell(tuple(text for text in texts if _span(text) is None), tuple(spans))


def _span(text: str) -> Span | None:
    low, _, high = text.partition("..")
    return (int(low), int(high or low)) if low.lstrip("-").isdigit() else None


def _days(chain: Chain, compiled: CompiledTable, texts: tuple[str, ...]) -> Box:
    column = DECIDED if compiled.table.effective_on is EffectiveDay.DECIDED_ON else JUDGED
    inside = [day for day in chain.days if not texts or any(_within(day, text) for text in texts)]
    return chain.space.where(column, map(str, inside))


def _within(day: date, text: str) -> bool:
    low, dots, high = text.partition("..")
    return (not low or low <= str(day)) and (str(day) <= high if dots and high else bool(dots) or low == str(day))
