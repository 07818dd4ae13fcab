"""Text that was cut into several pages, put together again.

Calibre 8.5 (`oeb/polish/split.py`) cuts a tree before an element; the second part has the element's ancestors once more, with all
their attributes, and nothing else of what was before it. It cuts before headings, `div`, `pre`, `hr`, `p`, `br` and `li`, or before
what they are the first thing in. So a list or a quotation at the end of one part most likely goes on at the beginning of the next;
an item most likely does not, unless it begins with a line break. Who knows the whole when he sees it can ask for other guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import islice, pairwise, product

from publisher.cleaner import local_name
from publisher.markup import Element

__all__ = ["joined"]

_GOES_ON = frozenset("ul ol dl blockquote table thead tbody tfoot figure div".split())
_DEEPEST = 100
_MOST_TRIED = 30


def joined(parts: list[Element]) -> Iterator[Element]:
    """Yield the parts as the one that they most likely were, and then in the other ways that are possible, up to a few dozen."""
    seams = [_depths(first, second) for first, second in pairwise(parts)]
    ways = islice(product(*seams), _MOST_TRIED)
    yield from (_joined(parts if all(len(each) == 1 for each in seams) else deepcopy(parts), each) for each in ways)


def _joined(parts: list[Element], depths: Iterable[int]) -> Element:
    for part, depth in zip(parts[1:], depths, strict=True):
        _join(parts[0], part, depth)
    return parts[0]


def _join(whole: Element, part: Element, depth: int) -> None:
    """Put what is in `part` after what is in `whole`; so many elements at the end of one go on in the other."""
    if depth and _is_seam(whole, part):
        end, beginning = whole[-1], part[0]
        part.remove(beginning)
        _join(end, beginning, depth - 1)
        end.tail = beginning.tail
    elif len(whole):
        whole[-1].tail = f"{whole[-1].tail or ''}{part.text or ''}"
    else:
        whole.text = f"{whole.text or ''}{part.text or ''}"
    whole.extend(list(part))


def _depths(whole: Element, part: Element) -> list[int]:
    """Return how many elements at the end of one can go on in the other, the most likely number first."""
    likely, deepest, going = 0, 0, True
    while deepest < _DEEPEST and _is_seam(whole, part):
        whole, part, deepest = whole[-1], part[0], deepest + 1
        going = going and (local_name(part) in _GOES_ON or _begins_with_break(part))
        likely = deepest if going else likely
    return [likely, *(each for each in range(deepest, -1, -1) if each != likely)]


def _is_seam(whole: Element, part: Element) -> bool:
    """Return whether the cut may go through what one ends and the other begins with.

    Text after an element that was cut is in both parts.
    """
    if not len(whole) or not len(part) or (part.text or "").strip():
        return False
    end, beginning = whole[-1], part[0]
    after = (end.tail or "").strip()
    return end.tag == beginning.tag and sorted(end.items()) == sorted(beginning.items()) and (not after or end.tail == beginning.tail)


def _begins_with_break(element: Element) -> bool:
    """Return whether an element begins as none in a canonical body does, unless it was cut there."""
    return len(element) > 0 and local_name(element[0]) == "br" and not (element.text or "").strip()
