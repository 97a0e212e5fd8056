"""`nrm rules`: lists the commands about rules."""

from typing import Final

from service.cli.listing import Listed, listing

rules_group: Final = listing(
    "rules",
    "Decide by the rules, check and read them, compare and publish them, make decisions again.",
    Listed(
        "decide",
        "service.cli.rules.decide:decide",
        "Decide on a file of facts; nothing is stored and nobody is told.",
    ),
    Listed(
        "explain",
        "service.cli.rules.explain:explain",
        "Explain what follows from facts: the rows and their sources, what mattered, and what would change it.",
    ),
    Listed(
        "ask",
        "service.cli.rules.ask:ask",
        "Ask question by question, the most decisive first, until the outcome is settled; nothing is stored.",
    ),
    Listed(
        "check",
        "service.cli.rules.check:check",
        "Read a folder of rules, prove its tables, run its examples; every mistake is told with file and line.",
    ),
    Listed(
        "coverage",
        "service.cli.rules.coverage:coverage",
        "List every rule of the mechanism with the rows or the step it works in, and with what fails without it.",
    ),
    Listed(
        "show",
        "service.cli.rules.show:show_name",
        "Show a table, a fact, a parameter or invariants as a person reads them, or the names of all of them.",
    ),
    Listed(
        "diff",
        "service.cli.rules.diff:diff",
        "Compare two folders of rules: for whom does the outcome change, by which rows, from when, and for whom not.",
    ),
    Listed(
        "export",
        "service.cli.rules.export:export",
        "Write tables as DMN, the OMG's decision tables, to standard output; its header says what does not survive.",
    ),
    Listed(
        "replay",
        "service.cli.rules.replay:replay",
        "Make decisions again out of what is kept, and say which of facts, rules and engine differ; exit code 1 if so.",
    ),
    Listed(
        "import",
        "service.cli.rules.import_dmn:import_tables",
        "Read DMN tables as files of rules; what our tables cannot say is refused, all of it, and nothing is written.",
    ),
    Listed(
        "impact",
        "service.cli.rules.impact:impact",
        "Decide every open case by the rules in force and by a draft; nothing is kept, and nothing personal is told.",
    ),
    Listed(
        "publish",
        "service.cli.rules.publish:publish",
        "Propose a folder of rules; when another policy owner gives the same command, it is published.",
    ),
    Listed(
        "published",
        "service.cli.rules.publish:published",
        "List what was proposed and published, newest first, and say which rules are in force.",
    ),
    Listed(
        "book",
        "service.cli.rules.book:book",
        "Write the book of rules: tables, sources, proofs and examples on one page, which needs nothing else.",
    ),
)
