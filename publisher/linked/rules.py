"""All rules for JSON-LD, from whether it is JSON to what Google asks of an article."""

from __future__ import annotations

from publisher.linked import blocks, google, names, sites, values
from publisher.linked.document import Document
from publisher.problems import Rule, rules_in

__all__ = ["RULES", "SOUND"]

RULES: tuple[Rule[Document], ...] = tuple(rule for each in (blocks, names, values, google, sites) for rule in rules_in(vars(each)))
SOUND: tuple[Rule[Document], ...] = tuple(rule for rule in RULES if rule.code not in blocks.FAULTS)
"""Those that can find something in a text without a fault."""
