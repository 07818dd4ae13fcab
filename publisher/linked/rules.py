"""All rules for JSON-LD, from whether it is JSON to what Google asks of an article."""

from __future__ import annotations

from publisher.linked import blocks, google, names, values
from publisher.linked.document import Document
from publisher.problems import Rule, rules_in

__all__ = ["RULES"]

RULES: tuple[Rule[Document], ...] = tuple(rule for each in (blocks, names, values, google) for rule in rules_in(vars(each)))
