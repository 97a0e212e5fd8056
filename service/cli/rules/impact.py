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
    changed = pick((f"minder dan {FEWEST_SHOWN}", f"fewer than {FEWEST_SHOWN}"), language)
    if found.changed is not None:
        changed = str(found.changed)
    of = pick(("van de open zaken veranderen", "of the open cases change"), language)
    print(f"{changed} / {found.open_cases} {of}")
    for group in found.groups:
        moved = f"{', '.join(group.old_rows) or '-'} > {', '.join(group.new_rows) or '-'}"
        print(f"{group.table}: {moved}: {group.cases}")
        for case_id in group.case_ids:
            print(f"  {case_id}")
    if found.small_groups:
        small = (
            f"groepen van minder dan {FEWEST_SHOWN} zaken, niet getoond",
            f"groups of fewer than {FEWEST_SHOWN} cases, not shown",
        )
        print(f"{found.small_groups} {pick(small, language)}")
    if found.not_understood:
        beyond = ("zaken begrijpt het ontwerp niet", "cases are not understood by the draft")
        print(f"{found.not_understood} {pick(beyond, language)}")
