"""A reflection period on a terminal: where it stands, what led there, what is due and who may set what follows."""

from collections.abc import Iterator

from service.casework.views.reflection import PeriodView
from service.cli.words import Language, in_language, pick, said, written_day, written_length


def period_lines(period: PeriodView, language: Language) -> Iterator[str]:
    """Give the lines that show a period.

    Args:
        period: as its coordinator sees it.
        language: in which it is told.
    """
    yield f"{pick(('Bedenktijd', 'Reflection period'), language)}: {_standing(period, language)} ({period.rule})"
    if period.starts is not None and period.ends is not None:
        first, last = (written_day(day, language) for day in (period.starts, period.ends))
        length = "" if period.length is None else f", {written_length(period.length, language)}"
        yield f"  {first} - {last}{length}"
    if period.days_left is not None:
        yield f"  {pick(('nog', 'days left:'), language)} {period.days_left}{pick((' dagen', ''), language)}"
    if period.transfer_blocked:
        blocked = ("Overdracht: voorbereiden mag, uitvoeren niet", "Transfer: may be prepared, not carried out")
        yield f"  {pick(blocked, language)}"
        yield from (f"    {source}" for source in period.transfer_blocked_by)
    yield from _steps(period, language)
    for report in period.reports:
        done = said("deadlines.state", report.state, language)
        on = "" if report.reported_on is None else f" ({written_day(report.reported_on, language)})"
        what = pick(("Melding bij de politie", "Report to the police"), language)
        yield f"  {what} {written_day(report.due, language)}: {done}{on}"
    for warning in period.warnings:
        yield f"  {pick(('Waarschuwing', 'Warning'), language)} {written_day(warning, language)}"
    for step in period.next:
        yield f"  {pick(('Kan volgen', 'Can follow'), language)}: {in_language(step.label, language)}"
        yield f"    {in_language(step.who, language)}"


def _standing(period: PeriodView, language: Language) -> str:
    status = said("reflection_period.status", period.status, language)
    reason = "" if period.reason is None else f": {said('reflection_period.reason', period.reason, language)}"
    return f"{status}{reason}"


def _steps(period: PeriodView, language: Language) -> Iterator[str]:
    for step in period.steps:
        by = step.established_by or pick(("niemand genoemd", "nobody named"), language)
        yield f"  {written_day(step.on, language)} {said('reflection.step', step.step, language)} ({by})"
