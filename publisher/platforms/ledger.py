"""Keeps account of what is put right and lost while an export is read, so that each kind is told once, with a count."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from publisher import markup
from publisher.problems import Problem, Severity, Unreadable, problem, shown

__all__ = ["Ledger", "Loss", "listed"]

_MOST_NAMED = 8
_INLINE = re.compile(r"""<img\b[^<>]*?\ssrc\s?=\s?["']?data:image/""", re.IGNORECASE)


class Loss(NamedTuple):
    """One kind of loss: what to say of it. `{count}` and `{names}` in the message are filled in."""

    severity: Severity
    message: str
    hint: str


_EVERYWHERE = {
    "comments": Loss(
        Severity.INFO, "comments left out, since an article has no place for them: {count}", "keep the export if you want them later"
    ),
    "left-out": Loss(Severity.INFO, "what a text cannot hold was left out: {names}", "look whether anything is missing there"),
    "inline-pictures": Loss(
        Severity.WARNING, "pictures written into the texts themselves were left out: {count}", "save them as files, and put them in again"
    ),
    "too-long": Loss(Severity.WARNING, "texts left out, since they are too long: {names}", "make several articles of each"),
    "duplicate": Loss(
        Severity.INFO, "articles with the identifier of another one, which got a new one: {names}", "look whether one is a copy"
    ),
    "without-date": Loss(Severity.INFO, "articles without a day or time that can be read: {names}", "add their dates"),
}


@dataclass
class _Entry:
    """What was noted of one kind."""

    line: int
    count: int = 0
    names: Counter[str] = field(default_factory=Counter)


class Ledger:
    """Notes what happens, by its code without the name of the format, and tells it in the order of the kinds."""

    def __init__(self, kind: str, losses: Mapping[str, Loss]) -> None:
        self._kind = kind
        self._losses = {**losses, **_EVERYWHERE}
        self._entries: dict[str, _Entry] = {}
        self._repairs: dict[str, tuple[markup.Repair, int]] = {}
        self._others: dict[str, Problem] = {}

    def note(self, code: str, name: str = "", *, line: int = 0, count: int = 1) -> None:
        """Count something; `line` is kept of the first one."""
        if count:
            entry = self._entries.setdefault(code, _Entry(line))
            entry.count += count
            entry.names[name[:60]] += count

    def tell(self, found: Problem | None) -> None:
        """Keep a problem that is told in words of its own, the first of its code."""
        if found:
            self._others.setdefault(found.code, found)

    def body(self, html: str | markup.Element, base: str | markup.Resolve = "", *, line: int = 0, name: str = "") -> str:
        """Return the body made of a text or of what is inside a tree, `""` when it is too long; what was put right or left out is noted."""
        try:
            made, repairs = markup.mended(html, base)
        except Unreadable:
            self.note("too-long", name, line=line)
            return ""
        self.note("inline-pictures", line=line, count=_inline_pictures(html))
        for each in repairs:
            first, at = self._repairs.get(each.kind, (replace(each, count=0), line))
            self._repairs[each.kind] = replace(first, count=first.count + each.count), at
        if left := markup.left_out(html):
            for lost, count in (*left.content.items(), *left.tags.items()):
                self.note("left-out", f"<{lost}>", line=line, count=count)
        return made

    def problems(self) -> tuple[Problem, ...]:
        """Return what is to be told."""
        return (
            *self._others.values(),
            *(self._problem(code, self._entries[code]) for code in self._losses if code in self._entries),
            *(repair.problem(line) for repair, line in self._repairs.values()),
        )

    def _problem(self, code: str, entry: _Entry) -> Problem:
        loss = self._losses[code]
        message = loss.message.format(count=entry.count, names=listed(entry.names))
        return problem(f"{self._kind}-{code}", loss.severity, message, hint=loss.hint, line=entry.line)


def _inline_pictures(html: str | markup.Element) -> int:
    if isinstance(html, str):
        return len(_INLINE.findall(html))
    return sum((each.get("src") or "").startswith("data:image/") for each in html.iter("img"))


def listed(names: Mapping[str, int]) -> str:
    """Return names for a message, the first few, each with how often it was noted when that is more than once."""
    told = [f"{name if name.startswith('<') else shown(name)}{f' ({count})' if count > 1 else ''}" for name, count in names.items() if name]
    more = [f"{len(told) - _MOST_NAMED} more"] if len(told) > _MOST_NAMED else []
    return ", ".join(told[:_MOST_NAMED] + more)
