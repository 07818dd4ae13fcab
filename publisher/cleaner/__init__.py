"""The cleaner: a tree of any markup in, the canonical body out (see `markup`).

Allowed are the elements of the HTML Standard (read 2026-11-23) that text is made of. Deviations:
headings start at `h2` and leave no level out, since the headline is the `h1` (WCAG 2.2, 1.3.1);
end notes are a `div`, since a `section` without heading is a warning of the Nu Html Checker, and notes beside the text become such;
`rp` goes, since every reading system in use knows `ruby`;
table cells lose their spans, and short rows are filled up, where the cells make no rectangle;
a table that would need far more empty cells than it has cells becomes paragraphs.

Nothing is copied: every tag, attribute and character is written anew, so what is not allowed cannot come through.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate, count

from lxml import etree

from publisher.cleaner import notes, simple
from publisher.cleaner.attributes import Resolve
from publisher.cleaner.blocks import Cleaner
from publisher.cleaner.elements import BOUNDARIES, HARMLESS, Element, local_name, text_of
from publisher.cleaner.losses import LeftOut, left_out
from publisher.cleaner.notes import is_note, is_notes
from publisher.cleaner.pen import opens
from publisher.cleaner.preparing import close_terms, flatten, hand_down, spell_formulas
from publisher.cleaner.repairs import Repair, Repairs, coloured
from publisher.problems import Severity, Unreadable, problem
from publisher.text import line, url

__all__ = [
    "BOUNDARIES",
    "HARMLESS",
    "LONGEST",
    "LeftOut",
    "Repair",
    "Resolve",
    "at_once",
    "fragment",
    "is_note",
    "is_notes",
    "left_out",
    "local_name",
    "mended",
    "parsed",
    "short_enough",
]

LONGEST = 10_000_000
"""How many characters a body may have, before it is cleaned and after."""
_DEEPEST = 100
_DEEPEST_BODY = 90
_SHALLOW = 30  # what is not nested deeper cannot give a body that is: no element becomes more than two, and formatting adds twelve
_MOST_PASSES = 5
_WHOLE = ("https://", "http://")


def fragment(root: Element, base: str | Resolve = "") -> str:
    """Return the canonical body made of what is inside `root`, as `clean` does; raise `Unreadable` when it is too long."""
    return mended(root, base)[0]


def mended(root: Element, base: str | Resolve = "") -> tuple[str, tuple[Repair, ...]]:
    """Return the body that `fragment` makes, and what had to be put right so that everybody can read it."""
    if (known := simple.canonical(_written(root), _resolver(base))) is not None:
        return known, ()
    return parsed(root, base)


def parsed(root: Element, base: str | Resolve = "") -> tuple[str, tuple[Repair, ...]]:
    """Return what `mended` does, also where the body is simple: element by element."""
    colours = coloured(root)
    body, repairs = _made(root, _resolver(base))
    repairs.colours(colours)
    return body, tuple(repairs)


def at_once(markup: str, base: str | Resolve = "") -> str | None:
    """Return the body that `mended` makes of what a tree would be made of, when that is simple and nothing is to be put right."""
    return simple.canonical(markup, _resolver(base))


def _resolver(base: str | Resolve) -> Resolve:
    absolute = base if callable(base) else _relative_to(base)
    # Where the quote that should end an address is missing, it has swallowed what comes behind: text that no address may carry elsewhere.
    return lambda reference: None if "<" in reference else absolute(reference)


def _relative_to(base: str) -> Resolve:
    """Return what makes references absolute; whole ones are the same everywhere, and so remembered for all texts."""
    if base and url(base) is None:
        return lambda reference: url(reference, base)
    return lambda reference: url(reference, "" if reference.startswith(_WHOLE) else base)


def _written(root: Element) -> str:
    """Return what is inside an element as markup."""
    text = etree.tostring(root, encoding="unicode", with_tail=False)
    return text[text.index(">") + 1 : text.rindex("<")] if len(root) else ""


def _made(root: Element, resolve: Resolve) -> tuple[str, Repairs]:
    formulas = list(spell_formulas(root))
    gathered = [(each, line(text_of(each)) or "") for each in notes.gather(root)]
    close_terms(root)
    hand_down(root)
    deepest = _DEEPEST
    while True:
        depth = flatten(root, deepest)
        cleaner = _cleaned(root, resolve)
        if depth <= _SHALLOW or _depth(cleaner.out) <= _DEEPEST_BODY:
            for note, said in gathered:
                cleaner.repairs.note("body-notes-gathered", note, said)
            for formula, said in formulas:
                cleaner.repairs.note("body-formula-spelt", formula, said)
            return short_enough(notes.without_empty_references("".join(cleaner.out))), cleaner.repairs
        deepest //= 2  # items, rows and paragraphs came between what was there, so that the body would be flattened when cleaned again


def _cleaned(root: Element, resolve: Resolve) -> Cleaner:
    known: frozenset[str] | None = None
    for passes in count():
        cleaner = Cleaner(root, resolve, known)
        cleaner.blocks(root, "p")
        if known == frozenset() or cleaner.targets <= cleaner.ids or known == frozenset(cleaner.ids):
            break
        # Now that we know what is there, links to what is not become text, and sometimes a target goes with a link.
        known = frozenset(cleaner.ids) if passes < _MOST_PASSES else frozenset()
    return cleaner


def _depth(chunks: Iterable[str]) -> int:
    """Return how many elements are inside each other where that are most."""
    return max(accumulate(-1 if chunk.startswith("</") else opens(chunk) for chunk in chunks), default=0)


def short_enough(body: str) -> str:
    """Return the body, or raise `Unreadable` when it has more characters than any body may have."""
    if len(body) <= LONGEST:
        return body
    message = f"the text is {len(body):,} characters long"
    raise Unreadable(problem("text-too-long", Severity.ERROR, message, hint=f"split it into articles of at most {LONGEST:,}"))
