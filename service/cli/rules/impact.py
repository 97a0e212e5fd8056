"""`nrm rules impact`: how many open cases a draft of the rules would change, and by which rows."""

from service.casework.rules.try_rules import FEWEST_SHOWN, try_rules
from service.casework.views.rules import ImpactView
from service.cli.opening import opened
from service.cli.rules.asked import Json, Lang, rules_in
from service.cli.rules.publish import Draft, Subject, policy_owner
from service.cli.words import Language, pick
from service.routing.rule_files.bundle import bundle_from


def impact(draft: Draft, subject: Subject = "terminal", as_json: Json = False, lang: Lang = Language.EN) -> None:
    """Decide every open case by the rules in force and by a draft; nothing is kept, and nothing personal is told."""
    bundle = bundle_from(rules_in(draft))
    with opened() as service:
        found = try_rules(policy_owner(service, subject), bundle)
    if as_json:
        print(found.model_dump_json(by_alias=True))
    else:
        _say(found, lang)


def _say(found: ImpactView, language: Language) -> None:
    def said(count: int | None) -> str:
        fewer = pick((f"minder dan {FEWEST_SHOWN}", f"fewer than {FEWEST_SHOWN}"), language)
        return fewer if count is None else str(count)

    of = pick(("van de open zaken veranderen", "of the open cases change"), language)
    print(f"{said(found.changed)} / {said(found.open_cases)} {of}")
    for group in found.groups:
        moved = f"{', '.join(group.old_rows) or '-'} > {', '.join(group.new_rows) or '-'}"
        print(f"{group.table}: {moved}: {group.cases}")
    beyond = ("zaken begrijpt het ontwerp niet", "cases are not understood by the draft")
    print(f"{said(found.not_understood)} {pick(beyond, language)}")
    rounded = (
        f"aantallen naar beneden afgerond op {FEWEST_SHOWN}, kleinere groepen niet getoond",
        f"counts are rounded down to multiples of {FEWEST_SHOWN}, and smaller groups are not shown",
    )
    print(pick(rounded, language))
