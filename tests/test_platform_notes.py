"""Footnotes of platforms are in the form of our Markdown."""

from __future__ import annotations

from publisher import manuscript, markup
from publisher.platforms.notes import Notes, end_notes


def test_notes_are_what_markdown_has() -> None:
    notes = Notes(["b", "a"])
    text = f"<p>A{notes.mark('b')} and {notes.mark('a')} and {notes.mark('b')}.</p>"
    made = markup.clean(text + end_notes([(1, "One <em>two</em>."), (2, "<p>X</p><p>Y</p>")]))
    assert made == markup.clean(manuscript.to_html("A[^b] and [^a] and [^b].\n\n[^b]: One *two*.\n\n[^a]: X\n\n    Y\n")).replace(
        ' <a href="#fnref-1-2" role="doc-backlink">↩<sup>2</sup></a>', ""
    )


def test_a_mark_of_a_new_name_gets_the_next_number() -> None:
    notes = Notes()
    assert [notes.number(each) for each in ("x", "y", "x")] == [1, 2, 1]
    assert notes.knows("x")
    assert not notes.knows("z")


def test_without_notes_there_is_no_list() -> None:
    assert end_notes([]) == ""
