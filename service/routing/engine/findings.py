"""What all tables found in one decision, kept so small that nothing but the rows and the values needs storing."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

from service.routing.engine.compiled import CompiledTable, Finding, Value
from service.routing.engine.table import EffectiveDay, Row


class Findings(Mapping[str, Finding]):
    """The finding of every table by its name, in the order in which the tables were asked.

    A finding is put together when somebody reads it, from the values that the tables were asked about.
    """

    def __init__(
        self,
        tables: Mapping[str, CompiledTable],
        rows: Mapping[str, tuple[Row, ...]],
        values: Mapping[str, Value],
        days: tuple[date, date],
    ) -> None:
        """Keep what was found.

        Args:
            tables: the tables that were asked.
            rows: the rows that decided, by table.
            values: what the tables were asked about, outcomes of other tables left out or not.
            days: the decision date, and the day by which the law judges.
        """
        self._tables = tables
        self._rows = rows
        self._told = values
        self._decided_on, self._judged_on = days

    def __getitem__(self, name: str) -> Finding:
        """Give the finding of a table."""
        compiled = self._tables[name]
        judged = compiled.table.effective_on is EffectiveDay.JUDGED_ON
        return Finding(compiled, self._rows[name], self._values, self._judged_on if judged else self._decided_on)

    def __iter__(self) -> Iterator[str]:
        """Give the names of the tables in the order in which they were asked."""
        return iter(self._rows)

    def __len__(self) -> int:
        """Count the tables."""
        return len(self._rows)

    @cached_property
    def _values(self) -> Mapping[str, Value]:
        values = dict(self._told)
        for name, rows in self._rows.items():
            for row in rows:
                values.update(self._tables[name].outcomes.get(row.id, {}))
        return values
