"""Pages taken apart where articles begin, and put together where they go on: each element is moved at most once."""

from __future__ import annotations

from collections.abc import Sequence

from publisher.markup import Element

__all__ = ["torn"]


def torn(content: Element, fragments: Sequence[str]) -> dict[str, Element]:
    """Return what begins at each of the ids that are in `content`, which keeps what is before the first; in the order of the text."""
    wanted = set(filter(None, fragments))
    starts = [each for each in content.iter() if isinstance(each.tag, str) and (each.get("id") or each.get("name")) in wanted]
    found: dict[str, Element] = {}
    for start in reversed(starts):
        name = start.get("id") or start.get("name") or ""
        if name not in found and start is not content:
            found[name] = _from(content, start)
    return dict(reversed(found.items()))


def _from(content: Element, start: Element) -> Element:
    """Move an element and all that follows it in `content` into a new tree, with copies of what is around it."""
    moved: Element | None = None
    following = start
    while following is not content:
        around = following.getparent()
        if around is None:
            break
        shell = around.makeelement(around.tag, {str(name): str(value) for name, value in around.attrib.items() if name != "id"})
        rest = list(following.itersiblings())
        if moved is None:
            shell.append(following)
        else:
            shell.append(moved)
            moved.tail, following.tail = following.tail, None
        shell.extend(rest)
        moved, following = shell, around
    return moved if moved is not None else start
