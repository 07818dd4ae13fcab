"""Bodies that are made canonical without a tree are just what the cleaner makes of them with one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from publisher import cleaner, manuscript, markup

BASE = "https://lantern.example/2026/"
INLINE = ("em", "strong", "code", "b", "i", "sub", "q", "del")
WORDS = st.sampled_from(
    ("tide", "the harbour wall", "“quoted”", "a &amp; b", "&lt;p&gt;", "é", "漁港", "עברית", "x\u00a0y", "=", "said: &quot;no&quot;", "𝔸")
)
ADDRESSES = st.sampled_from(
    ("https://a.example/?b=1&amp;c", "../2025/story.md", "media/a.png", "mailto:a@b.example", "javascript:x", "é", "/", "?", "a b")
)


def _element(names: tuple[str, ...], inside: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.builds(lambda name, text: f"<{name}>{text}</{name}>", st.sampled_from(names), inside)


def _list(items: SearchStrategy[str]) -> SearchStrategy[str]:
    return st.builds(
        lambda tag, each: f"<{tag}>{''.join(f'<li>{one}</li>' for one in each)}</{tag.partition(' ')[0]}>".replace("</ol start", "</ol"),
        st.sampled_from(("ul", "ol", 'ol start="3"')),
        st.lists(items, min_size=1, max_size=3),
    )


def _runs(pieces: SearchStrategy[str], between: tuple[str, ...] = (" ", "", "\n")) -> SearchStrategy[str]:
    return st.builds(lambda each, between: between.join(each), st.lists(pieces, min_size=1, max_size=4), st.sampled_from(between))


LINKS = st.builds(lambda href, text: f'<a href="{href}">{text}</a>', ADDRESSES, WORDS | _element(INLINE, WORDS))
SPACED = st.builds(lambda name, text: f"<{name}> {text}</{name}>", st.sampled_from((*INLINE, 'a href="b"')), WORDS).map(
    lambda html: html.replace('</a href="b">', "</a>")
)
RUNS = _runs(st.recursive(WORDS | LINKS | SPACED, lambda inner: _element(INLINE, _runs(inner)), max_leaves=4), (" ", "", "<br/>", "\n"))
PARAGRAPHS = _element(("p",), RUNS)
ITEMS = st.recursive(RUNS | PARAGRAPHS, lambda inner: st.builds(str.__add__, RUNS | PARAGRAPHS, _list(inner)), max_leaves=4)
PICTURES = st.builds(
    lambda alt, source, more: f'<figure><img alt="{alt}"{more[0]} src="{source}"{more[1]}/>{more[2]}</figure>',
    WORDS | st.sampled_from(("", "a.jpg", " ")),
    st.sampled_from(("https://a.example/?b=1&amp;c", "../a.png", "/a b.png", "é.png")),
    st.sampled_from((("", "", ""), (' height="3"', ' width="4"', ""), ("", "", "<figcaption>tide</figcaption>"))),
)
BLOCKS = (
    PARAGRAPHS
    | _element(("h2", "h3", "h4", "h2"), RUNS)
    | _list(ITEMS)
    | PICTURES
    | _element(("blockquote",), PARAGRAPHS | _list(RUNS) | PICTURES)
    | st.just("<hr/>")
    | st.just('<p><img alt="The tide" src="a.png"/></p>')
)
BODIES = st.lists(BLOCKS, min_size=1, max_size=4).map("".join)
TOKENS = st.sampled_from(
    (
        *'<p> </p> <em> </em> <li> </li> <ul> </ul> <br/> <br> <h2> </h2> <h3> </h3> <hr/> <figure> </figure> <a> </a> < > & " &amp;'.split(),
        *"<figcaption> </figcaption> <blockquote> </blockquote> <pre>".split(),
        *('<a href="b data-sourcepos="1"">', '<img alt=" data-sourcepos="1"" src="b"/>'),
        *('<p id="a">', '<a href="#a">', '<a href="b">'),
        *('<img alt="b" src="c"/>', '<img src="c" alt="" />', '<p data-sourcepos="1:1-2:3">', ' data-sourcepos="1:1-2:3"'),
        *(" ", "\n", "tide", "\u00ad", "\u3000", "\u00a0", "\x00"),
    )
)


def _with_a_tree(source: str) -> tuple[str, tuple[cleaner.Repair, ...]]:
    return cleaner.parsed(markup.parse_html(f"<html><body>{source}</body></html>".encode()), BASE)


def _agrees(source: str) -> bool:
    """Return whether the body was made without a tree, and hold that one makes the same of it."""
    found = cleaner.at_once(source, BASE)
    if found is not None:
        assert _with_a_tree(source) == (found, ())
    return found is not None


@given(BODIES)
def test_a_simple_body_is_what_the_cleaner_makes_of_it(body: str) -> None:
    _agrees(body)


@given(st.lists(TOKENS, max_size=12).map("".join))
def test_no_markup_comes_through_that_the_cleaner_would_change(source: str) -> None:
    _agrees(source)
    _agrees(f"<p>{source}</p>")


@given(BODIES)
def test_a_canonical_body_of_simple_elements_needs_no_tree(body: str) -> None:
    canonical = _with_a_tree(body)[0]
    if canonical and "a.jpg" not in canonical:
        assert cleaner.at_once(canonical) == canonical
        assert _agrees(markup.to_html(canonical))
        assert cleaner.mended(markup.parse_xml(f"<div>{canonical}</div>".encode())) == (canonical, ())


MARKDOWN = """# Not a heading of ours

## The *tide*

One line
and another "quoted" & more\x20\x20
of [it](../a.md) and `code`.

> Said.
>
> - x
> - y

1. one
2. two
   - deeper

![The wall](wall.png)

![The wall](wall.png "Its caption")

***
"""


@pytest.mark.parametrize("text", [MARKDOWN.partition("\n\n")[2], "a\n\n- b\n\n- c\n"])
def test_what_markdown_makes_needs_no_tree(text: str) -> None:
    assert _agrees(manuscript.to_html(text))


HARMFUL = (
    "<p>a</p><script>b</script>", '<p onclick="a">b</p>', '<p><a href="javascript:a">b</a></p>', "<p>a<em>b</p></em>", "<p>a", "a</p>",
    "<ul><p>a</p></ul>", "<h3>a</h3>", "<h2>a</h2><h4>b</h4>", "<p></p>", "<p>\u00a0</p>", "<p>a\u00ad\u200b</p><h2>\u00ad</h2>", "<p>a  b</p>",
    '<p><a href="a"><em><a href="b">c</a></em></a></p>', '<p><a href="#a">b</a></p>', '<p>a<img alt="a" src="b"/></p>', "<p>a\x00</p>",
    '<figure><img alt="a.jpg" src="b"/></figure>', '<p>x data-sourcepos="1:1"</p><p data-sourcepos="1:1">y</p>', "<p>\ud800</p>", "text",
    '<p><a href="a data-sourcepos="1"">b</a></p>', '<p><a href=" data-sourcepos="1"a">b</a></p>', '<p><img alt="a data-sourcepos="1"b" src="c"/></p>',
    '<p><img alt="a" src="mailto:b@c.example"/></p>', '<p><img alt="a" src="data:b"/></p>', "<li>a</li>", '<p>a<a href="b"> \u00a0</a> c</p>', "<p>a<em> \u202f</em> c</p>", '<p><img src="b"/></p>', "<p>a<br/></p>", "<p>a <br/>b</p>", "<p>a</p>b", "<blockquote>a</blockquote>", "</body><p>a</p>",
)  # fmt: skip


@pytest.mark.parametrize("source", HARMFUL)
def test_what_the_cleaner_changes_is_given_to_it(source: str) -> None:
    found = cleaner.at_once(source, BASE)
    assert found is None or found == _with_a_tree(source)[0]
    if "data-sourcepos" not in source:
        assert found is None
