"""All rules that RSS and Atom have in common, in the order of their subjects."""

from __future__ import annotations

from publisher.feedrules import documents, hypertext, media, modules, podcasts, sense
from publisher.feedrules.feed import Feed
from publisher.problems import Rule, rules_in

__all__ = ["RULES"]

RULES: tuple[Rule[Feed], ...] = tuple(
    each for subject in (documents, modules, media, podcasts, hypertext, sense) for each in rules_in(vars(subject))
)
