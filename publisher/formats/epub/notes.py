"""The way back from a note, for those that have none: reading systems without pop-ups show notes at the end (EPUB 3.3, 6.1.3.3).

What is added is left out on reading: an id that begins with `_`, and a link that says of itself that it was no element (see `bodies`).
"""

from __future__ import annotations

import re

__all__ = ["with_ways_back"]

_REFERENCE = re.compile(r'<a [^<>]*?href="#(?P<note>[^"<]*)"(?: id="(?P<id>[^"<]*)")?[^<>]* role="doc-noteref"')
_TAG = re.compile(r"<(?P<end>/?)(?P<name>li|a)\b(?P<attributes>[^<>]*)>")
_ID = re.compile(r' id="([^"]*)"')
_HREF = re.compile(r' href="#([^"]*)"')


def with_ways_back(body: str) -> str:
    """Return a canonical body in which each note in a list leads back to where it is first referred to."""
    if 'role="doc-noteref"' not in body:
        return body
    references: dict[str, str] = {}
    for found in _REFERENCE.finditer(body):
        references.setdefault(found["note"], found["id"] or f"_ref-{found['note']}")
    return _TAG.sub(_Notes(references).tag, body)


class _Notes:
    """One pass over the items and links of a body; `references` has the id of the first reference to each note."""

    def __init__(self, references: dict[str, str]) -> None:
        self.references = references
        self.targets = frozenset(references.values())
        self.unnamed = {note for note, reference in references.items() if reference.startswith("_")}
        self.items: list[str] = []
        """The ids of the items that are open, `""` for one that is no note or has its way back."""

    def tag(self, found: re.Match[str]) -> str:
        if found["name"] == "li":
            return self.item(found)
        target = _HREF.search(found["attributes"])
        if 'role="doc-noteref"' in found["attributes"]:
            return self.reference(found[0], target[1] if target else "")
        if 'role="doc-backlink"' in found["attributes"] or (target and target[1] in self.targets):
            self.items = ["" for _ in self.items]
        return found[0]

    def item(self, found: re.Match[str]) -> str:
        if not found["end"]:
            name = _ID.search(found["attributes"])
            self.items.append(name[1] if name and name[1] in self.references else "")
            return found[0]
        note = self.items.pop()
        back = f' <a data-element="none" href="#{self.references[note]}" role="doc-backlink">↩\ufe0e</a>' if note else ""
        return f"{back}</li>"

    def reference(self, tag: str, note: str) -> str:
        """Return the tag of a reference, with an id when it is the first and has none."""
        if note not in self.unnamed or _ID.search(tag):
            return tag
        self.unnamed.discard(note)
        return tag.replace(f'href="#{note}"', f'href="#{note}" id="{self.references[note]}"', 1)
