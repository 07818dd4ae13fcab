"""What a text loses when it becomes a body."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from lxml import etree

from publisher.cleaner.elements import HARMLESS, LEFT_OUT, SILENT, Element, local_name, text_of
from publisher.text import allowed

__all__ = ["LeftOut", "left_out"]

_XHTML = "{http://www.w3.org/1999/xhtml"
_MOST_NAMED = 5
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What a text loses when it becomes a body: false when nothing; as a string, the words for a message.

    `content` counts, by their names, the elements whose text or picture is lost; `tags` the tags that HTML does not know,
    such as `string` from `Vec<String>`: the text after one stays, but the tag itself is gone.
    """

    content: Mapping[str, int] = field(default_factory=dict)
    tags: Mapping[str, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.content or self.tags)

    def __str__(self) -> str:
        words = [f"what is inside {_named(self.content)}"] if self.content else []
        words += [f"the unknown tag{'s' if len(self.tags) > 1 else ''} {_named(self.tags)}"] if self.tags else []
        return " and ".join(words)


def _named(counts: Mapping[str, int]) -> str:
    first = [f"<{name}>" + (f" ({count} times)" if count > 1 else "") for name, count in counts.items()][:_MOST_NAMED]
    return ", ".join(first + ([f"{len(counts) - _MOST_NAMED} more"] if len(counts) > _MOST_NAMED else []))


def left_out(root: Element, closed: Collection[str] | None = None) -> LeftOut:
    """Return what `fragment` leaves out of what is inside `root`.

    Names with a hyphen are custom elements (HTML, 4.13), which are always closed; one that is not among the names `closed`
    is a place-holder that somebody wrote, such as `<your-name>`. Without `closed` they are all custom elements.
    """
    content: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        name = local_name(element)
        if name in LEFT_OUT:
            walk.skip_subtree()
            content[name] += _is_loss(element, name)
        elif name not in HARMLESS and _is_unknown(element, name, closed):
            tags[allowed(name)[:_LONGEST_NAME]] += 1
    return LeftOut(content=dict(+content), tags=dict(tags))


def _is_loss(element: Element, name: str) -> bool:
    if name == "math":
        return False  # what it says is spelt
    if name == "svg":
        return element.get("aria-hidden") != "true"  # a drawing says something without a word
    return name not in SILENT and bool(text_of(element).strip())


def _is_unknown(element: Element, name: str, closed: Collection[str] | None) -> bool:
    """Return whether no kind of markup has such a tag: it is neither custom nor from another vocabulary."""
    if str(element.tag).rpartition("}")[0] not in ("", _XHTML) or ":" in name[:-1]:
        return False
    return bool(name) and ("-" not in name or (closed is not None and name not in closed))
