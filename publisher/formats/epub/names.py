"""Who made a book: each party once, with all its roles and what it is filed under (EPUB 3.3, D.3.6 and D.3.10).

Roles are MARC relators (https://id.loc.gov/vocabulary/relators, read 2026-11-25).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from publisher.article import Article, Party, Person

__all__ = ["Maker", "filed", "makers"]

_ROLES = {"author": "aut", "editor": "edt", "contributor": "ctb"}
_GIVEN_FIRST = frozenset("be bg bs ca cs da de el en es et fi fr gl hr it lt lv nb nl nn no pl pt ro ru sk sl sr sv tr uk".split())
"""Languages in which a person's given name comes first; not so in Hungarian, Chinese, Japanese, Korean, Vietnamese."""
_WORD, _INITIAL = r"[^\W\d_]+(?:[-’'][^\W\d_]+)*", r"[^\W\d_]\."
_SURE = re.compile(rf"(?P<given>{_WORD}(?: {_INITIAL})*|{_INITIAL}(?: ?{_INITIAL})*) (?P<family>{_WORD})")
"""One given name or initials, and one more word: which of three words belong to the family nobody can tell."""
_LETTERS = re.compile(r"[A-Za-z\u00c0-\u024f\u0370-\u04ff\u1e00-\u1fff .’'-]+")
"""Latin, Greek and Cyrillic, which have capitals: a small letter begins no name but a particle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Somebody who had to do with the articles of a book."""

    name: str
    roles: tuple[str, ...]
    """Codes of MARC relators."""
    filed: str
    """What it is sorted by."""


def makers(articles: Iterable[Article], language: str) -> Iterator[Maker]:
    """Yield authors, editors and contributors, in the order in which they come; two of the same name are one."""
    found: dict[str, tuple[Party, str, dict[str, None]]] = {}
    for article in articles:
        for field, role in _ROLES.items():
            for party in getattr(article, field):
                found.setdefault(party.name, (party, article.in_language or language, {}))[2][role] = None
    for name, (party, own, roles) in found.items():
        yield Maker(name=name, roles=tuple(roles), filed=filed(party, own))


def filed(party: Party, language: str) -> str:
    """Return the name by which a party is sorted: a person's family name first where that is sure, else the name."""
    sure = _SURE.fullmatch(party.name) if isinstance(party, Person) and _LETTERS.fullmatch(party.name) else None
    if not sure or language.partition("-")[0] not in _GIVEN_FIRST or sure["family"][0].islower() or len(sure["family"]) == 1:
        return party.name
    return f"{sure['family']}, {sure['given']}"
