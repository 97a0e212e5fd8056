"""Says in Dutch and English what the outcomes of decisions are called; what has no name here is said as it is written.

Facts bring their own labels in facts.yaml. Outcomes are a closed list that every country shares, so their names stand
here, beside the screens that print them.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from service.kernel.clock import AMSTERDAM
from service.routing.facts.parameters import Amount
from service.routing.facts.terms import Term, Unit
from service.routing.text.deadline_words import DEADLINES
from service.routing.text.spoken import (
    ANYWHERE,
    STATUSES,
    Language,
    Names,
    in_language,
    pick,
    written_day,
    written_length,
)
from service.routing.text.task_words import TASKS

__all__ = [
    "NAMES",
    "Language",
    "in_language",
    "pick",
    "said",
    "written_amount",
    "written_day",
    "written_due",
    "written_length",
]


_ORGANISATIONS: Final[Names] = {
    "attention_officer": ("aandachtsfunctionaris", "attention officer"),
    "care_coordinator": ("zorgcoördinator", "care coordinator"),
    "central_municipality": ("centrumgemeente", "central municipality"),
    "child_protection": ("Raad voor de Kinderbescherming", "child protection board"),
    "coa": ("COA", "COA (reception agency)"),
    "comensha": ("CoMensha", "CoMensha"),
    "emm": ("EMM (expertisecentrum)", "EMM (expertise centre)"),
    "fairwork": ("FairWork", "FairWork"),
    "foreign_partner": ("partner in het buitenland", "partner abroad"),
    "ind": ("IND", "immigration service (IND)"),
    "iom": ("IOM", "IOM"),
    "labour_authority": ("Arbeidsinspectie", "Labour Authority"),
    "legal_aid": ("rechtsbijstand", "legal aid"),
    "nidos": ("Nidos (voogdij)", "Nidos (guardianship)"),
    "police": ("politie", "police"),
    "prosecutor": ("Openbaar Ministerie", "public prosecutor"),
    "rapporteur": ("Nationaal Rapporteur", "National Rapporteur"),
    "union": ("vakbond", "trade union"),
    "veilig_thuis": ("Veilig Thuis", "Veilig Thuis"),
    "victim": ("de persoon zelf", "the person"),
    "victim_support": ("slachtofferhulp", "victim support"),
    "youth_care": ("jeugdzorg", "youth care"),
}
_REFLECTION: Final[Names] = {
    "none": ("niet aan de orde: (nog) geen aanwijzing", "not at issue: no indication (yet)"),
    "not_needed": ("niet nodig: de persoon mag al blijven", "not needed: the person may stay already"),
    "not_available": ("niet beschikbaar", "not available"),
    "pending": ("onbeslist: er ontbreekt een antwoord", "pending: an answer is missing"),
    "offer": ("aanbod: de politie biedt de bedenktijd aan", "offer: the police offer the period"),
    "offer_provisional": (
        "voorlopig aanbod: de verblijfsstatus is nog niet zeker",
        "provisional offer: the stay is not certain",
    ),
    "declined": ("afgewezen: hulp gaat door", "declined: help goes on"),
    "running": ("loopt", "running"),
    "ended": ("geëindigd", "ended"),
    "review": ("beoordeling: een mens kijkt ernaar", "review: a person looks at it"),
}
_PARTS: Final[Names] = {
    "reflection_period": ("Bedenktijd", "Reflection period"),
    "shelter": ("Opvang", "Shelter"),
    "region": ("Regio", "Region"),
    "notifications": ("Wie krijgt bericht", "Who is told"),
    "tracks": ("Sporen", "Tracks"),
    "deadlines": ("Termijnen", "Deadlines"),
    "tasks": ("Taken", "Tasks"),
    "questions": ("Open vragen", "Open questions"),
    "trace": ("Waarom", "Why"),
}
NAMES: Final[Mapping[str, Names]] = {
    "part": _PARTS,
    "reflection_availability.status": _REFLECTION,
    "reflection_period.status": _REFLECTION,
    "reflection_period.reason": {
        "lawful_stay": ("de persoon heeft rechtmatig verblijf", "the person stays lawfully"),
        "one_off": ("de bedenktijd is al eens gebruikt", "an earlier period was used"),
        "dublin": ("er was toen geen bedenktijd bij een Dublinclaim", "a Dublin claim had no period at that time"),
        "detention_no_agreement": (
            "in bewaring zonder akkoord van OM en politie",
            "in detention without agreement of prosecutor and police",
        ),
        "witness_reporter": ("alleen voor slachtoffers, niet voor getuigen", "for victims only, not for witnesses"),
        "expired": ("de termijn is verlopen", "the time is over"),
        "record_signed": ("het proces-verbaal is getekend", "the official record was signed"),
        "cooperated": ("de persoon werkt mee", "the person co-operates"),
        "renounced": ("de persoon ziet af van aangifte", "the person makes no report"),
        "other_permit_applied": ("een andere vergunning is gevraagd", "another permit was applied for"),
        "unknown_destination": ("vertrokken met onbekende bestemming", "left for an unknown destination"),
        "revoked": ("ingetrokken", "revoked"),
    },
    "shelter.type": {
        "cosm": ("COSM: opvang voor slachtoffers in bedenktijd", "COSM: shelter for victims in reflection period"),
        "omm": ("OMM: opvang bij meer problemen tegelijk", "OMM: shelter for several problems at once"),
        "womens": ("vrouwenopvang", "women's shelter"),
        "mens": ("mannenopvang", "men's shelter"),
        "womens_or_mens": ("vrouwen- of mannenopvang: naar voorkeur", "women's or men's shelter: by preference"),
        "youth_care": ("jeugdzorg", "youth care"),
        "protected_minor": ("beschermde opvang voor minderjarigen", "protected reception for minors"),
        "coa_centre": ("COA-locatie: de persoon blijft daar", "COA centre: the person stays there"),
        "group_beds": ("bedden voor een groep", "beds for a group"),
        "family_place": ("plek voor het hele gezin", "place for the whole family"),
        "ambulatory": ("ambulante hulp: zonder opvang", "ambulatory support: without shelter"),
        "review": ("beoordeling: een mens zoekt een plek", "review: a person looks for a place"),
        "none": ("geen opvang: niet langs deze weg", "no shelter: not by this route"),
    },
    "shelter.next": {
        "follow_up": ("vervolgopvang; blijft tot die er is", "follow-up shelter; stays until it is there")
    },
    "shelter.placed_by": _ORGANISATIONS,
    "interim_shelter.interim": {
        "crisis": ("crisisplek", "crisis place"),
        "emergency_bed": ("noodbed", "emergency bed"),
        "cosm": ("COSM", "COSM"),
        "none": ("geen tussenplek", "no interim place"),
    },
    "notifications.to": _ORGANISATIONS,
    "notifications.content": {
        "full": ("volledige verwijzing", "full referral"),
        "anonymous": ("anonieme melding", "anonymous notice"),
        "advice": ("adviesvraag", "request for advice"),
        "head_count": ("alleen het aantal", "head count only"),
        "needed_facts": ("alleen wat nodig is", "needed facts only"),
        "rights_information": ("rechten en hulp", "rights and help"),
        "contact_information": ("contactadressen", "contact addresses"),
    },
    "notifications.dispatch": {
        "automatic": ("vanzelf", "by itself"),
        "after_confirmation": ("na bevestiging door een mens", "after a person confirmed it"),
    },
    "reflection.step": {
        "reported": ("aangifte gedaan", "report made"),
        "offered": ("aangeboden", "offered"),
        "accepted": ("aanvaard", "accepted"),
        "declined": ("afgewezen", "declined"),
        "unknown_destination": ("met onbekende bestemming vertrokken", "left for an unknown destination"),
        "record_signed": ("proces-verbaal getekend", "official record signed"),
        "cooperated": ("anders meegewerkt", "co-operated otherwise"),
        "renounced": ("afgezien van aangifte en medewerking", "renounced report and co-operation"),
        "other_permit_applied": ("andere vergunning gevraagd", "other permit applied for"),
        "revoked": ("door het gezag beëindigd", "ended by the authority"),
    },
    "tracks.track": {
        "child": ("kind", "child"),
        "dublin": ("Dublin", "Dublin"),
        "labour_administrative": ("arbeid, bestuursrechtelijk", "labour, administrative"),
        "labour_criminal": ("arbeid, strafrechtelijk", "labour, criminal"),
        "missing": ("vermissing", "missing person"),
        "residence": ("verblijf", "residence"),
        "transnational": ("terugkeer en buitenland", "return and abroad"),
    },
    "deadlines.kind": DEADLINES,
    "tasks.kind": TASKS,
    "cases.event": {
        "close": ("gesloten", "closed"),
        "reopen": ("heropend", "reopened"),
    },
    "cases.reason": {
        "unknown_destination": ("vertrokken met onbekende bestemming", "left for an unknown destination"),
        "returned": ("teruggekeerd naar een ander land", "returned to another country"),
        "no_indication": ("geen aanwijzing van mensenhandel meer", "no indication of trafficking any more"),
        "same_person": ("een andere zaak van dezelfde persoon gaat door", "another case of the same person goes on"),
        "transferred": ("overgedragen", "transferred"),
        "moved_on": ("doorgestroomd, geen hulp meer nodig langs deze weg", "moved on, no help needed this way"),
        "person_declined": ("de persoon wil dit niet", "the person said no"),
        "mistake": ("vergissing", "a mistake"),
        "came_back": ("de persoon is terug", "the person is back"),
        "person_asked": ("de persoon vroeg erom", "the person asked for it"),
        "more_known": ("er is meer bekend", "more is known"),
        "new_signal": ("er kwam een melding bij", "another signal came"),
        "late_yes": ("een partner zei alsnog ja", "a partner said yes after all"),
    },
    "referrals.state": {
        "proposed": ("voorgesteld", "proposed"),
        "queued": ("onderweg", "on its way"),
        "delivered": ("bezorgd", "delivered"),
        "acknowledged": ("gezien", "seen"),
        "accepted": ("aangenomen", "accepted"),
        "in_progress": ("in behandeling", "in progress"),
        "completed": ("afgerond", "completed"),
        "declined": ("afgewezen", "declined"),
        "withdrawn": ("ingetrokken", "withdrawn"),
        "expired": ("verlopen zonder antwoord", "expired without an answer"),
    },
    "referrals.decline_reason": {
        "no_capacity": ("geen plek", "no capacity"),
        "outside_area": ("buiten het werkgebied", "outside its area"),
        "outside_target_group": ("buiten de doelgroep", "outside its target group"),
        "not_eligible": ("voldoet niet aan de voorwaarden", "does not meet its conditions"),
        "not_enough_known": ("te weinig bekend", "not enough is known"),
        "known_already": ("al bekend", "known already"),
        "safety": ("niet veilig", "not safe"),
        "person_declined": ("de persoon wil dit niet", "the person said no"),
    },
    "referrals.withdraw_reason": {
        "superseded": ("nieuw besluit", "a newer decision"),
        "withheld": ("door een mens tegengehouden", "held back by a person"),
        "not_asked": ("niet meer gevraagd", "no longer asked"),
        "consent_gone": ("toestemming vervallen", "consent is gone"),
        "taken_elsewhere": ("een ander neemt het", "somebody else takes it"),
        "person_decided": ("een mens besloot anders", "a person decided otherwise"),
        "mistake": ("vergissing", "a mistake"),
        "safety": ("niet veilig", "not safe"),
    },
    "status": STATUSES,
    "status.meaning": {
        "sourced": ("de bron zegt het zo, voor zover bekend ook nu", "the source says so, as far as known today too"),
        "old_text": ("de bron kan intussen gewijzigd zijn", "the source may have changed since"),
        "assumed": ("eigen lezing; nog door een mens te bevestigen", "our own reading; still to be confirmed"),
        "contested": ("bronnen spreken elkaar tegen", "sources contradict each other"),
    },
    "policy": {
        "unique": ("Precies één regel geldt.", "Exactly one row applies."),
        "first": ("De eerste regel die past, geldt.", "The first row that fits applies."),
        "collect": ("Elke regel die past, geldt.", "Every row that fits applies."),
    },
    "effective_on": {
        "decided_on": ("De dag van het besluit kiest de versie.", "The day of the decision picks the version."),
        "judged_on": (
            "De dag van aanvaarding kiest de versie, anders die van het besluit.",
            "The day of acceptance picks the version, else that of the decision.",
        ),
    },
}


def said(place: str, value: str, language: Language) -> str:
    """Say a value in words.

    Args:
        place: where the value stands, such as `shelter.type`.
        value: the value as rules write it.
        language: the language to say it in.
    """
    names = NAMES.get(place, {}).get(value) or ANYWHERE.get(value)
    return pick(names, language) if names else value.replace("_", " ")


def written_amount(amount: Amount, language: Language) -> str:
    """Say an amount of the law: a term, a number, an hour, or that there is none."""
    if amount is None:
        return pick(ANYWHERE["none"], language)
    if not isinstance(amount, Term):
        return str(amount)
    hour = pick((f" om {amount.at:%H:%M}", f" at {amount.at:%H:%M}"), language) if amount.at else ""
    if amount.unit is Unit.WORKING_DAY:
        many = "" if amount.amount == 1 else pick(("en", "s"), language)
        return f"{amount.amount} {pick(('werkdag', 'working day'), language)}{many}{hour}"
    return f"{written_length(amount.iso or '', language)}{hour}"


def written_due(day: date | None, instant: datetime | None, language: Language) -> str:
    """Write when something is due: the day, with the local hour when there is one, or that there is no term."""
    if day is None:
        return pick(("geen termijn", "no term"), language)
    hour = f" {instant.astimezone(AMSTERDAM):%H:%M}" if instant else ""
    return written_day(day, language) + hour
