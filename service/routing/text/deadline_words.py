"""Says in Dutch and English what can be due, whether a rule or an act sets the day."""

from typing import Final

from service.routing.text.spoken import Names

DEADLINES: Final[Names] = {
    "consultation_follow_up": ("afspraak uit het casusoverleg", "agreed in the case consultation"),
    "age_recheck": ("opnieuw kijken voor het 18e jaar", "look again before the 18th birthday"),
    "answer_due": ("antwoord op de verwijzing", "answer to the referral"),
    "assessment": ("risico- en behoeftenanalyse", "risk and needs assessment"),
    "coa_allowance_application": ("aanvraag Rvb-verstrekking", "application for the Rvb allowance"),
    "escalation": ("iemand anders inlichten over een gemiste termijn", "tell somebody else of a missed deadline"),
    "suspension_review": ("nagaan of de termijn nog stil moet staan", "see whether a deadline must stand still"),
    "dublin_target": ("streefdatum politie en OM (Dublin)", "police and prosecutor target (Dublin)"),
    "follow_up_contact": ("nazorgcontact", "follow-up contact"),
    "health_check": ("medisch onderzoek met tbc-test", "medical examination with TB test"),
    "placement_end": ("einde van het verblijf in de opvang", "end of the stay in the shelter"),
    "placement_kept": ("aankomst op de bewaarde plek", "arrival at the kept place"),
    "placement_waiting": ("wachten op een plek", "waiting for a place"),
    "permit_decision_target": ("streefdatum besluit IND", "target of the immigration decision"),
    "referral_taken": ("iemand neemt de verwijzing na een stilte", "somebody takes the referral after a silence"),
    "reflection_end": ("laatste dag van de bedenktijd", "last day of the reflection period"),
    "recall_acknowledgement": ("bevestiging dat toestemming is ingetrokken", "acknowledgement that consent ended"),
    "reflection_report": ("maandelijkse melding bij de politie", "monthly report to the police"),
    "reflection_warning": ("waarschuwing: bedenktijd loopt af", "warning: reflection period ends"),
    "residence_review": ("toets van het verblijf", "review of the residence"),
    "suitability_check": ("oordeel over het noodbed", "judgement on the emergency bed"),
    "veilig_thuis_inquiry": ("begin van het onderzoek van Veilig Thuis", "start of Veilig Thuis' inquiry"),
    "veilig_thuis_judgment": ("oordeel van Veilig Thuis", "judgement of Veilig Thuis"),
}
