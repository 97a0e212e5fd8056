"""The rule sets of earlier days, out of the files that are kept of them."""

import json

from sqlmodel import Session

from service.kernel.errors import DomainError
from service.routing.rule_files.bundle import bundle_in, loaded
from service.routing.rule_set import RuleSet
from service.rulebook import store as rulebook


class KeptRules:
    """Loads each rule set once, however many decisions were made by it."""

    def __init__(self, in_force: RuleSet) -> None:
        """Know nothing yet.

        Args:
            in_force: the rules of today, for decisions of before rule sets were kept.
        """
        self._in_force = in_force
        self._loaded: dict[str, RuleSet | None] = {}

    def named(self, session: Session, name: str) -> RuleSet | None:
        """Give the rule set that decides as a name says.

        Args:
            session: where rule sets are kept.
            name: as decisions keep it.

        Returns:
            The rule set, or None when none is kept that can be read.
        """
        if name not in self._loaded:
            self._loaded[name] = self._read(session, name)
        return self._loaded[name]

    def _read(self, session: Session, name: str) -> RuleSet | None:
        canonical = rulebook.canonical_by_name(session, name)
        if canonical is None:
            return self._in_force if self._in_force.name == name else None
        try:
            return loaded(bundle_in(canonical))
        except (DomainError, json.JSONDecodeError, KeyError):
            return None
