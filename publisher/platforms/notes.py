"""Footnotes in the one form that Markdown of ours has, too (DPUB-ARIA 1.1; see `manuscript.to_html`), so that `[^1]` comes of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

__all__ = ["Notes", "end_notes"]

_EMPTY_LAST = re.compile(r"<p>\s{0,9}</p>\s{0,9}\Z")


class Notes:
    """Gives notes their numbers, and makes the marks in the text that lead to them."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._numbers: dict[str, int] = {}
        self._marks: Counter[str] = Counter()
        for each in names:
            self.number(each)

    def number(self, name: str) -> int:
        """Return the number of the note of that name, from 1; a new name gets the next one."""
        return self._numbers.setdefault(name, len(self._numbers) + 1)

    def knows(self, name: str) -> bool:
        """Return whether there is a note of that name."""
        return name in self._numbers

    def mark(self, name: str) -> str:
        """Return the mark in the text for the note of that name."""
        number = self.number(name)
        self._marks[name] += 1
        again = f"-{self._marks[name]}" if self._marks[name] > 1 else ""
        return f'<sup><a href="#fn-{number}" id="fnref-{number}{again}" role="doc-noteref">{number}</a></sup>'


def end_notes(contents: Iterable[tuple[int, str]]) -> str:
    """Return the list of notes: the number and the HTML of each; `""` when there are none."""
    items = "".join(_item(number, html.strip()) for number, html in contents)
    return f'<div role="doc-endnotes"><ol>{items}</ol></div>' if items else ""


def _item(number: int, html: str) -> str:
    back = f'<a href="#fnref-{number}" role="doc-backlink">↩</a>'
    html = _EMPTY_LAST.sub("", html)
    html = html if "</p>" in html else f"<p>{html}</p>"
    start, end, after = html.rpartition("</p>")
    return f'<li id="fn-{number}">{start} {back}{end}{after}</li>'
