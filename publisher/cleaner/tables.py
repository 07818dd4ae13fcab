"""The cells of tables, and whether they make a rectangle (HTML Standard, 4.9.12)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from publisher.cleaner.elements import Element, has_content, local_name

__all__ = ["Groups", "groups", "scope", "span", "width"]

Groups = dict[str, list[list[Element]]]
"""The rows of cells that are the head, the body and the foot of a table."""
_NUMBER = re.compile(r"[0-9]{1,5}")
_MOST_SPANNED = 1000


def groups(cells: list[Element]) -> Groups:
    """Return the rows of cells that are the head, the body and the foot of a table."""
    groups: Groups = {"thead": [], "tbody": [], "tfoot": []}
    for row, found in groupby(cells, _row):
        together = list(found)
        around = local_name((together[0] if row is None else row).getparent())
        groups[around if around in groups else "tbody"].append(together)
    _promote_head(groups)
    return groups


def _row(cell: Element) -> Element | None:
    """Return the row that a cell is in, `None` when it stands in its table without one."""
    names = ((each, local_name(each)) for each in cell.iterancestors())
    return next((each if name == "tr" else None for each, name in names if name in ("tr", "table")), None)


def span(cell: Element, name: str) -> int:
    """Return how many columns or rows a cell covers (`name`: `colspan` or `rowspan`)."""
    value = cell.get(name) or "1"
    return min(max(int(value), 1), 1000) if _NUMBER.fullmatch(value) else 1


def _promote_head(groups: Groups) -> None:
    """Make a first row that has only headings, and more rows below, the table's head."""
    body = groups["tbody"]
    if groups["thead"] or len(body) < 2 or (any(span(cell, "rowspan") > 1 for cell in body[0]) and width(groups) == 0):
        return
    if _names_columns(body[0]) or all(local_name(cell) == "th" for cell in body[0]):
        groups["thead"].append(body.pop(0))


def scope(group: str, row: Sequence[Element]) -> str:
    """Return what a heading in this row is of that does not say so itself: a column or a row (HTML, 4.9.10)."""
    return "col" if group == "thead" or _names_columns(row) else "row"


def _names_columns(row: Sequence[Element]) -> bool:
    """Return whether all cells of a row are headings; the first, in the corner, may be empty instead."""
    corner, *others = row
    return bool(others) and all(local_name(cell) == "th" for cell in others) and (local_name(corner) == "th" or not has_content(corner))


def width(groups: Mapping[str, list[list[Element]]]) -> int:
    """Return the number of columns that rows have to be filled up to, 0 when the cells fit as they are.

    The HTML Standard's table model (4.9.12): spans stay only where rows are full, nothing overlaps
    and a cell begins in each column; otherwise every cell is one by one.
    """
    if all(_fits(rows) for rows in groups.values()):
        widths = {sum(span(cell, "colspan") for cell in rows[0]) for rows in groups.values() if rows}
        begun = {column for rows in groups.values() for column in _beginnings(rows)}
        if len(widths) == 1 and begun == set(range(widths.pop())):
            return 0
    return max((len(cells) for rows in groups.values() for cells in rows), default=0)


def _fits(rows: list[list[Element]]) -> bool:
    return not rows or _grid(rows) is not None


def _beginnings(rows: list[list[Element]]) -> set[int]:
    return _grid(rows) or set()


def _grid(rows: list[list[Element]]) -> set[int] | None:
    """Return the columns in which a cell begins, or `None` when the cells make no full rectangle."""
    if not rows:
        return set()
    width = sum(span(cell, "colspan") for cell in rows[0])
    if width * len(rows) > 5 * sum(map(len, rows)) + _MOST_SPANNED:
        return None
    below = [0] * width  # for each column, how many rows a cell from above still covers
    begun: set[int] = set()
    for number, cells in enumerate(rows):
        column = 0
        covered, below = below, [max(each - 1, 0) for each in below]
        for cell in cells:
            while column < width and covered[column]:
                column += 1
            across, down = span(cell, "colspan"), span(cell, "rowspan")
            if column + across > width or any(covered[column : column + across]) or number + down > len(rows):
                return None
            below[column : column + across] = [down - 1] * across
            begun.add(column)
            column += across
        if any(not each for each in covered[column:]):
            return None
    return begun
