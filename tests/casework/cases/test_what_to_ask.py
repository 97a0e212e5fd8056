"""What to ask next is a sentence in both languages, under the name by which the answer is told."""

from service.casework.cases.what_to_ask import what_to_ask
from service.casework.views.decision import QuestionPart
from service.routing.rule_set import RuleSet

OPEN = (
    QuestionPart(fact="consent.police_contact", would_change=("notifications",)),
    QuestionPart(fact="found_in", would_change=("region", "tasks", "notifications")),
    QuestionPart(fact="residence", would_change=("reflection_period", "shelter")),
    QuestionPart(fact="a_fact_of_older_rules", would_change=("shelter",)),
)


def test_what_decides_about_stay_and_shelter_is_asked_first_and_what_no_rule_knows_is_not(rules: RuleSet) -> None:
    asked = [one.fact for one in what_to_ask(rules, OPEN)]

    assert asked == ["residence", "found_in", "consent.police_contact"]


def test_an_answer_can_be_sent_under_the_name_and_with_the_codes_that_were_shown(rules: RuleSet) -> None:
    residence, municipality, police = (one.model_dump(by_alias=True) for one in what_to_ask(rules, OPEN))

    assert (municipality["fact"], police["fact"]) == ("foundIn", "consent.policeContact")
    assert residence["answers"]["none"]["nl"] == "Geen rechtmatig verblijf"
    assert police["question"]["nl"].endswith("(Contact met de politie)")
    assert set(residence["question"]) == {"nl", "en"}
