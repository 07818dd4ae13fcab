"""Pages taken apart where articles begin, and put together where they go on: each element is moved at most once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from publisher.cleaner import local_name
from publisher.markup import Element

__all__ = ["torn"]

_NAME = re.compile("[a-z][a-z0-9-]*")
_KEPT = ("lang", "dir", "class", "role", "{http://www.w3.org/XML/1998/namespace}lang", "{http://www.idpf.org/2007/ops}type")


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


def _shell(element: Element) -> Element:
    """Return an element like another, empty, with no more than what its text needs: HTML's parser takes names that XML has not."""
    name = local_name(element)
    kept = {str(key): str(value) for key, value in element.attrib.items() if key in _KEPT}
    return element.makeelement(name if _NAME.fullmatch(name) else "div", kept)


def _from(content: Element, start: Element) -> Element:
    """Move an element and all that follows it in `content` into a new tree, with copies of what is around it."""
    moved: Element | None = None
    following = start
    while following is not content:
        around = following.getparent()
        if around is None:
            break
        shell = _shell(around)
        rest = list(following.itersiblings())
        if moved is None:
            shell.append(following)
        else:
            shell.append(moved)
            moved.tail, following.tail = following.tail, None
        shell.extend(rest)
        moved, following = shell, around
    return moved if moved is not None else start
