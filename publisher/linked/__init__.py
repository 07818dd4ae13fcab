"""Linked data: JSON-LD with names of schema.org, checked without the network.

`check` takes one text, `check_blocks` all those of a page, which may refer to each other; `check_documents` the same when they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from publisher.linked.document import Document, Start
from publisher.linked.rules import RULES, SOUND
from publisher.problems import Problem, Rule, asked

AnyRule = Rule[Document]

__all__ = ["RULES", "AnyRule", "Document", "check", "check_blocks", "check_document", "check_documents"]

_TOGETHER = 100
"""Blocks of a page that may refer to each other."""
_MOST = 100
"""Problems of one kind that are told about one text."""


def check(text: str, start: Start = (1, 1)) -> list[Problem]:
    """Return what is wrong with one JSON-LD text; `start` is the line and column where it begins in its file."""
    return check_document(Document(text, start))


def check_blocks(blocks: Iterable[tuple[str, Start]]) -> list[Problem]:
    """Return what is wrong with the JSON-LD texts of one page, each given with the line and column where it begins, or what finds them."""
    return check_documents([Document(text, start) for text, start in blocks])


def check_documents(documents: Sequence[Document]) -> list[Problem]:
    """Return what is wrong with the JSON-LD texts of one page."""
    together = tuple(documents[:_TOGETHER]) if len(documents) > 1 else ()
    for each in documents:
        each.others = together
    found = [each for document in documents for each in check_document(document)]
    for each in documents:
        each.others = ()  # so that no circles are left for the garbage collector
    return found


def check_document(document: Document) -> list[Problem]:
    """Return what is wrong with one document, in the order of the rules."""
    rules = asked(RULES if document.faults else SOUND)
    return [rule.problem(found, document.locate) for rule in rules for found in islice(rule.find(document), _MOST)]
