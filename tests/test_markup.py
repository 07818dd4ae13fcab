"""Bodies: what `markup.clean` keeps, repairs and leaves out."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from publisher import markup
from publisher.cleaner import elements
from publisher.problems import Severity, Unreadable
from tests import strategies

TAGS = """p h1 h2 h3 h6 ul ol li dl dt dd blockquote pre table caption thead tbody tr td th figure figcaption hr br wbr em strong b i a
img audio video source time abbr sub sup ruby rt rp bdi bdo span code div section article aside script style svg math iframe form input
q cite del ins dfn font o:p template noscript details summary center""".split()
ATTRIBUTES = st.sampled_from(
    """ href="#" href="#a" href="/x" href="javascript:alert(1)" href="https://e.org/" id="a" id="b" name="a" lang="fr" lang="en_US" lang="zz-"
    dir=rtl src="https://e.org/a.png" src="data:," alt="x" onclick="x()" class="language-py x" colspan=2 rowspan=3 scope=col datetime="2020-02-30"
    datetime="2020-02-28" role="doc-noteref" role="doc-endnotes" style="color:red" start=3 cite="https://e.org/q" width=10% alt="" alt="word" title="t"
    aria-label="l" href="https://e.org/a.png" src="https://e.org/b.png" """.split()
)
TEXTS = st.one_of(
    st.sampled_from("word| |two words| x |\n|\u00a0|&nbsp;|&lt;|]]>|é’—|שלום|漢字|\u2028|&#x85;|&#1;|\x00".split("|")),
    st.text(max_size=8),
)


@st.composite
def soups(draw: st.DrawFn) -> str:
    """Tags opened and closed in any order, with any attributes, and text between."""
    parts = []
    for _ in range(draw(st.integers(0, 14))):
        tag = draw(st.sampled_from(TAGS))
        attributes = "".join(f" {each}" for each in draw(st.lists(ATTRIBUTES, max_size=2)))
        parts.append(draw(st.sampled_from([f"<{tag}{attributes}>", f"<{tag}{attributes}>", f"</{tag}>", f"<{tag}{attributes}/>"])))
        parts.append(draw(TEXTS))
    return "".join(parts)


WITHIN = (
    "<ruby>x<rt>{}</rt></ruby>",
    "<ruby>{}<rt>a</rt></ruby>",
    "<ruby>x<rp>(</rp><rt>y<rp>{}</rp></ruby>",
    "<p><b>{}</b>",
    '<a href="https://e.org/">{}</a>',
    '<a href="https://e.org/"><div>{}</div></a>',
    "<ul><li>{}</ul>",
    "<dl><dt>{}<dd>z</dl>",
    "<blockquote>{0}<cite>{0}</cite></blockquote>",
    "<figure>{0}<figcaption>{0}</figcaption></figure>",
    "<table><caption>{0}</caption><tr><td>{0}</table>",
)
NAMES = sorted({*elements.LEFT_OUT, *elements.BOUNDARIES, *elements.INLINE, *elements.FRAMES, *elements.PLAYERS, *TAGS})


@pytest.mark.parametrize("source", WITHIN)
@pytest.mark.parametrize("attributes", ["", ' src="https://e.org/x" data="https://e.org/x" alt="b"'])
def test_cleaning_twice_changes_nothing_whatever_is_where(source: str, attributes: str) -> None:
    for name in NAMES:
        once = markup.clean(source.format(f"<{name}{attributes}>y</{name}>"))
        assert markup.clean(once) == once, name


@given(soups())
def test_cleaning_twice_changes_nothing(soup: str) -> None:
    body = markup.clean(soup)
    assert markup.clean(body) == body


@given(soups())
def test_a_body_is_the_same_read_as_xml(soup: str) -> None:
    body = markup.clean(soup)
    assert markup.fragment(markup.parse_xml(f'<div xmlns="http://www.w3.org/1999/xhtml">{body}</div>'.encode())) == body


@given(soups())
def test_a_body_is_the_same_written_as_html(soup: str) -> None:
    body = markup.clean(soup)
    assert markup.clean(markup.to_html(body)) == body


@given(soups())
def test_text_and_back_is_the_same_text(soup: str) -> None:
    text = markup.to_text(markup.clean(soup))
    body = markup.from_text(text)
    assert markup.to_text(body) == text
    assert markup.clean(body) == body


CONTAINERS = "p div h2 ul ol li dl dt dd blockquote table caption thead tbody tr td th figure figcaption section".split()


def blocks() -> st.SearchStrategy[str]:
    """Blocks in blocks, whether they belong there or not, with a numbered word before, between and after all."""
    tags = st.sampled_from(CONTAINERS)
    nested = st.recursive(
        st.just(""), lambda inner: st.lists(st.builds("<{0}>word{1}</{0}>word".format, tags, inner), max_size=3).map("".join)
    )
    return nested.map(_numbered)


def _numbered(source: str) -> str:
    first, *others = source.split("word")
    return first + "".join(f"word{number}{other}" for number, other in enumerate(others))


def cleaned(source: str) -> str:
    """The body of well-formed markup, which no HTML parser has rearranged."""
    return markup.fragment(markup.parse_xml(f"<body>{source}</body>".encode()))


@given(strategies.bodies())
def test_the_text_of_a_body_is_that_of_its_tree(body: str) -> None:
    blocks = map(markup._lines, markup._text_of(body).split("\0"))
    assert markup.to_text(body) == "\n\n".join(filter(None, blocks))


@pytest.mark.parametrize(
    "body", ["<p>a<br />b</p>", "<P>a</P><p>&#233;</p>", "<p>a<!-- b -->c</p>", "<p>a<![CDATA[<b>]]></p>", "<p>a\r\nb</p>", "<p>a\rb</p>"]
)
def test_the_text_of_another_spelling_is_that_of_its_tree(body: str) -> None:
    assert markup.to_text(body) == "\n\n".join(filter(None, map(markup._lines, markup._text_of(body).split("\0"))))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('<p>By 9 to 6.<sup><a href="#fn-1" id="fnref-1" role="doc-noteref">1</a></sup> So.</p>', "By 9 to 6.[1] So."),
        ('<p>By 9 to 6.<a href="#fn-1" role="doc-noteref"><sup>1</sup></a></p>', "By 9 to 6.[1]"),
        ('<p>So.<a href="#fn-1" role="doc-noteref">[a &lt; b]</a></p>', "So.[a < b]"),
        ('<p>So<a href="#fn-1" role="doc-noteref"></a>.<a href="#fn-2" role="doc-noteref">(2)</a></p>', "So.(2)"),
        ('<p>So.[<a href="#fn-1" role="doc-noteref">1</a>] No.<sup>[<a href="#fn-2" role="doc-noteref">2</a>]</sup></p>', "So.[1] No.[2]"),
        (
            '<p>So.[<sup><a href="#fn-1" role="doc-noteref">[1]</a></sup>] (see <a href="#fn-2" role="doc-noteref">2</a>)</p>',
            "So.[1] (see [2])",
        ),
        ('<p>So (<a href="#fn-1" role="doc-noteref">1</a>) [or <a href="#fn-2" role="doc-noteref">(a) (b)</a>]</p>', "So (1) [or (a) (b)]"),
        ('<p>A note. <a href="#fnref-1" role="doc-backlink">\u21a9</a></p><p>So.</p>', "A note.\n\nSo."),
        ('<p>A note. <a href="#fnref-1" role="doc-backlink">back &amp; up</a></p>', "A note. back & up"),
    ],
)
def test_the_number_of_a_note_is_no_part_of_the_number_before_it(body: str, text: str) -> None:
    assert markup.plain_text(body) == text == markup.plain_text(markup.from_text(text))


def test_no_canonical_body_has_to_be_parsed_for_its_text() -> None:
    assert not markup._is_other(markup.clean("".join(strategies.BODIES)))


@given(blocks())
def test_no_word_in_blocks_is_lost_doubled_or_glued_to_another(source: str) -> None:
    assert sorted(markup.to_text(cleaned(source)).split()) == sorted(re.findall(r"word\d+", source))


@given(blocks())
def test_blocks_cleaned_twice_are_the_same(source: str) -> None:
    body = cleaned(source)
    assert markup.clean(body) == body


@given(st.text())
def test_any_text_has_a_body(text: str) -> None:
    body = markup.from_text(text)
    assert markup.clean(body) == body


CASES = {
    "loose text is a paragraph": ("hello <b>bold </b>x", "<p>hello <b>bold</b> x</p>"),
    "adjacent inline elements get no space": ("<p><b>AB</b><i>CD</i></p>", "<p><b>AB</b><i>CD</i></p>"),
    "a dead link is text": ('By <a href="#">Reuters</a>', "<p>By Reuters</p>"),
    "a link to a place that is there stays": ('<a href="#x">a</a><p id=x>b', '<p><a href="#x">a</a></p><p id="x">b</p>'),
    "a link to a place that is not there is text": ('<a href="#y">a</a><p id=x>b', '<p>a</p><p id="x">b</p>'),
    "headings start at h2 and leave no level out": ("<h1>a</h1><h4>b</h4><h1>c</h1>", "<h2>a</h2><h3>b</h3><h2>c</h2>"),
    "a link around blocks goes inside them": (
        '<a href="https://e.org/"><p>a</p><p>b</p></a>',
        '<p><a href="https://e.org/">a</a></p><p><a href="https://e.org/">b</a></p>',
    ),
    "script goes with its text": ("<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"),
    "javascript in a link goes": ('<a href="jAvascript:alert(1)">a</a>', "<p>a</p>"),
    "an event handler goes": ('<p onclick="x()">a</p>', "<p>a</p>"),
    "a picture without address is its alternative text": ('<p>see <img src="x.png" alt="a dog"></p>', "<p>see a dog</p>"),
    "a short row is filled up": (
        "<table><tr><td>a<td>b<tr><td>c</table>",
        "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td></td></tr></tbody></table>",
    ),
    "spans that fit stay": (
        "<table><tr><td rowspan=2>a<td>b<tr><td>c</table>",
        '<table><tbody><tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr></tbody></table>',
    ),
    "spans that overlap go": (
        "<table><tr><td colspan=3>a<tr><td>b<td>c</table>",
        "<table><tbody><tr><td>a</td><td></td></tr><tr><td>b</td><td>c</td></tr></tbody></table>",
    ),
    "cells without a row are a row": ("<table><td>a<td>b</table>", "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"),
    "text between cells goes before the table": (
        "<table>a<tr>b<td>c</td>d</tr></table>",
        "<p>a b d</p><table><tbody><tr><td>c</td></tr></tbody></table>",
    ),
    "a table that is hardly filled is paragraphs": (
        f"<table><caption>c</caption><tr>{'<td>a' * 200}{'<tr><td>b' * 200}</table>",
        f"<p>c</p>{'<p>a</p>' * 200}{'<p>b</p>' * 200}",
    ),
    "blocks in a cell are lines": (
        "<table><tr><td><div>a</div><div>b</div>c</table>",
        "<table><tbody><tr><td>a<br/>b<br/>c</td></tr></tbody></table>",
    ),
    "blocks in an item are lines": ("<ul><li><div>a</div><div>b</div></ul>", "<ul><li>a<br/>b</li></ul>"),
    "all captions of a picture are one": (
        "<figure><figcaption>a</figcaption><img src='https://e.org/a.png'><figcaption>b</figcaption></figure>",
        '<figure><img alt="" src="https://e.org/a.png"/><figcaption>a<br/>b</figcaption></figure>',
    ),
    "a caption inside a list is written once": (
        "<figure><ul><figcaption>a</figcaption><li>b</ul></figure>",
        "<figure><ul><li>b</li></ul><figcaption>a</figcaption></figure>",
    ),
    "a term without description stays one": ("<dl><dt>a</dt><dt>b<dd></dl>", "<dl><dt>a</dt><dt>b</dt><dd></dd></dl>"),
    "terms that are not closed are terms": (
        "<dl><dt>a<dt>b<dd>c<dd>d<dt>e<dd>f</dl>",
        "<dl><dt>a</dt><dt>b</dt><dd>c</dd><dd>d</dd><dt>e</dt><dd>f</dd></dl>",
    ),
    "a list that is not terms and descriptions by turns is paragraphs": (
        "<dl>a<dt>b</dt>c<dd>d</dd></dl>",
        "<p>a</p><p>b</p><p>c</p><p>d</p>",
    ),
    "a first row of headings is the head": (
        "<table><tr><th>a<tr><td>b</table>",
        '<table><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>',
    ),
    "code keeps its lines and its language": (
        '<pre><code class="hljs language-py">\n\nx = 1\n  y&lt;2\n</code></pre>',
        '<pre><code class="language-py">x = 1\n  y&lt;2</code></pre>',
    ),
    "ruby keeps its annotation": ("<ruby>字<rp>(</rp><rt>じ</rt><rp>)</rp></ruby>", "<p><ruby>字<rt>じ</rt></ruby></p>"),
    "ruby around blocks is none": ("<ruby>a<rt>b<p>c</p></rt></ruby>", "<p>a</p><p>b</p><p>c</p>"),
    "a list in a list is inside its item": ("<ul><li>a</li><ul><li>b</ul></ul>", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    "a frame is a link": ('<iframe src="https://e.org/v" title="A film"></iframe>', '<p><a href="https://e.org/v">A film</a></p>'),
    "paragraphs in a caption without picture are paragraphs": ("<figure><figcaption><p>a</p></figcaption></figure>", "<p>a</p>"),
    "a caption without picture is a paragraph": ("<figure><figcaption>a</figcaption></figure>", "<p>a</p>"),
    "a false date is no time": ('<time datetime="2020-02-30">x</time>', "<p>x</p>"),
    "a language tag is canonical": ('<p lang="en_us">a</p>', '<p lang="en-US">a</p>'),
    "an unknown language goes": ('<p lang="klingonisch">a</p>', "<p>a</p>"),
    "foot notes keep their roles": (
        '<p>a<sup><a href="#n" id="r" role="doc-noteref">1</a></sup></p><section class="footnotes"><ol><li id="n">b</li></ol></section>',
        '<p>a<sup><a href="#n" id="r" role="doc-noteref">1</a></sup></p><div role="doc-endnotes"><ol><li id="n">b</li></ol></div>',
    ),
    "an anchor gives its name to what follows": (
        '<a href="#x">go</a><a name="x"></a><p>t</p>',
        '<p><a href="#x">go</a></p><p id="x">t</p>',
    ),
    "controls that XML forbids go": ("a\x0bb\ufffec\ud800", "<p>abc</p>"),
    "nothing is nothing": ("<p> </p><ul></ul><script></script>", ""),
}


@pytest.mark.parametrize(("given_", "expected"), CASES.values(), ids=CASES)
def test_clean(given_: str, expected: str) -> None:
    assert markup.clean(given_) == expected


@pytest.mark.parametrize(
    "tag",
    ["img src='", 'a href="', "blockquote cite='", "video src='", "audio src='", "video src='https://lantern.example/a.mp4' poster='"],
)
def test_an_address_that_is_never_closed_carries_no_text_elsewhere(tag: str) -> None:
    quote = tag[-1]
    source = f"<p>Before.</p><{tag}https://evil.example/?<p>A secret.</p><p>It{quote}s told.</p>"
    assert "evil.example" not in markup.clean(source)
    closed = f"<p>Before.</p><{tag}https://evil.example/a.mp4{quote} controls>It is told.</{tag.split()[0]}>"
    assert "evil.example" in markup.clean(closed)


def test_relative_references_are_resolved() -> None:
    assert markup.clean('<a href="b">x</a>', "https://e.org/a/") == '<p><a href="https://e.org/a/b">x</a></p>'


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul><li", "table><tr><td", "span lang=fr", "ul", "figure", "td", "b><ul"])
@pytest.mark.parametrize("depth", [40, 60, 90, 98, 102, 5000])
def test_text_nested_deeper_than_any_stack_is_kept(tag: str, depth: int) -> None:
    body = markup.clean(f"<{tag}>x" * depth + "deep")
    assert "deep" in markup.to_text(body)
    assert markup.clean(body) == body


@pytest.mark.parametrize(
    "swallowing",
    [
        "</body></html>",
        "<title> and <style>…",
        "<script> unclosed.",
        "<plaintext>",
        "<!-- unclosed",
        "</article></body><iframe src=//evil>",
        "<textarea>",
        "<xmp>",
    ],
)
def test_no_tag_swallows_the_text_after_it(swallowing: str) -> None:
    text = markup.to_text(markup.clean(f"<p>Before {swallowing}</p>\n<p>The end.</p>"))
    assert "Before" in text
    assert "The end." in text


LOSSES = {
    "a drawing": ('<p>a</p><svg><path d="M0 0"/></svg>', "what is inside <svg>"),
    "canvases, counted": ("<canvas>x</canvas> and <canvas>y</canvas>", "what is inside <canvas> (2 times)"),
    "a form": ("<select><option>a</select><button>b</button>", "what is inside <select>, <button>"),
    "what only shows without scripts": ("<noscript>d</noscript><template>c</template>", "what is inside <noscript>, <template>"),
    "code that looks like a tag": ("<p>a Vec<String> of b</p>", "the unknown tag <string>"),
    "a place-holder that is never closed": ("git clone <your-project> here", "the unknown tag <your-project>"),
    "an address in angle brackets": ("<p>Write to <desk@e.org>.</p>", "the unknown tag <desk@e.org>"),
    "both, and many": (
        "<canvas>x</canvas><k1><k2><k3><k4><k5><k6><k7>",
        "what is inside <canvas> and the unknown tags <k1>, <k2>, <k3>, <k4>, <k5>, 2 more",
    ),
}


@pytest.mark.parametrize(("source", "words"), LOSSES.values(), ids=LOSSES)
def test_what_is_left_out_can_be_said(source: str, words: str) -> None:
    assert str(markup.left_out(source)) == words


@pytest.mark.parametrize(
    "source",
    [
        "a &lt;b&gt; <p>c</p>",
        "<script>a</script><style>b</style><input value=c><link rel=x>",
        '<button></button><svg aria-hidden="true"><title>icon</title></svg>',
        "<My-Widget>a</My-Widget>",
        "<custom-element>a</custom-element> <o:p>b</o:p> <font>c</font>",
        "<!-- <String> --><p title='<String>'>d</p>",
        "<math><mi>x</mi></math>",
    ],
)
def test_what_nobody_misses_is_not_left_out(source: str) -> None:
    assert not markup.left_out(source)


@given(soups())
def test_nothing_is_left_out_of_a_body(soup: str) -> None:
    assert not markup.left_out(markup.clean(soup))


def test_what_is_left_out_of_a_tree_can_be_said_too() -> None:
    root = markup.parse_xml(b'<div xmlns="http://www.w3.org/1999/xhtml">a<canvas>x</canvas></div>')
    assert markup.left_out(root) == markup.LeftOut(content={"canvas": 1})


def calls(source: str) -> int:
    """How many functions are called to clean a text: the same number on every machine."""
    counted = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    markup.clean("<p>a</p>")  # what is imported on first use does not count
    sys.setprofile(count)
    try:
        markup.clean(source)
    finally:
        sys.setprofile(None)
    return counted


NESTED = """div b a blockquote ul ol li dl dt dd dl><dd dl><dt>x</dt><dd dl><dt ul><li ul><ul table><tr><td table><caption table><tr><th table td
figure figcaption figure><figcaption figure>x<figcaption pre pre><b ruby><rt ruby>x<rt h2 p b><p object audio span><section del><div><ins""".split()


@pytest.mark.parametrize("tags", NESTED)
def test_work_grows_with_depth_not_faster(tags: str) -> None:
    source = f"<{tags}>word"
    assert calls(source * 16) / calls(source * 8) < 2.6
    assert calls(source * 1000) / calls(source * 500) < 2.6


WIDE = {
    "cells": ("<table><tr>", "<td>a" * 50),
    "rows": ("<table>", "<tr><td>a" * 50),
    "rows with spans": ("<table>", "<tr><td rowspan=2>a<td colspan=2>b" * 50),
    "spans over many rows": ("<table><tr>", "<td rowspan=1000>a" * 50),
    "text between rows": ("<table>", "lost<tr>" * 50),
    "captions of a table": ("<table><tr><td>x</td></tr>", "<caption>a</caption>" * 50),
    "captions of a figure": ("<figure>", "<figcaption>a</figcaption>b" * 50),
    "figures": ("", "<figure><img src=https://e.org/a.png><figcaption>a</figcaption></figure>" * 50),
    "terms": ("<dl>", "<dt>a<dd>b" * 50),
    "descriptions without a term": ("<dl>", "<dd>b" * 50),
    "empty elements at the end of code": ("<pre>x", "<b>\n</b>" * 500),
    "attributes": ("<p>a</p>", "<p a=1 b=2 lang=fr id=x>c" * 50),
    "links to what is not there": ("", "<a href='#a'>b</a>" * 50),
    "targets": ("<a href='#a'>b</a>", "<i id='a'></i>" * 50),
    "pictures with alternative text": ("<p>", "<img alt=x src=https://e.org/a.png>" * 50),
    "pictures in links around blocks": ("<a href=https://e.org/>", "<div><img src=https://e.org/a.png></div>" * 50),
    "links with pictures": ("", "<a href=https://e.org/><img src=https://e.org/a.png></a>" * 50),
    "a link with empty elements": ("<a href=https://e.org/>", "<b></b>" * 50),
    "comments that are not closed": ("", "a<!--" * 50),
    "scripts that are not closed": ("", "a<script>" * 50),
    "line breaks": ("", "a<br>" * 50),
    "frames": ("", "<iframe src=https://e.org/></iframe>" * 50),
    "ends": ("", "</p></b></table>" * 50),
    "lists in lists without items": ("<ul>", "<ul><li>a</ul>" * 50),
    "blocks inside inline elements": ("<b>" * 90, "<div>a</div>" * 50),
}


@pytest.mark.parametrize(("start", "more"), WIDE.values(), ids=WIDE)
def test_work_grows_with_length_not_faster(start: str, more: str) -> None:
    assert calls(start + more * 4) / calls(start + more * 2) < 2.6


def test_links_that_die_one_after_the_other_are_few_steps() -> None:
    short, long = ("".join(f"<a href='#i{n}' id='i{n + 1}'>b</a>" for n in range(most)) for most in (40, 80))
    assert calls(long) / calls(short) < 2.6


BOMBS = {
    "a table to fill up": "<table><tr>" + "<td>a" * 2000 + "<tr><td>a" * 2000,
    "formatting around blocks": "<b>" * 90 + "<div>a</div>" * 1000,
}


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_a_body_is_not_many_times_longer_than_its_source(source: str) -> None:
    assert len(markup.clean(source)) < 20 * len(source)


def test_a_long_text_is_a_body_and_back() -> None:
    text = "é" * 5_000_001  # in bytes, more than libxml2 takes by itself
    body = markup.from_text(text)
    assert markup.to_text(body) == text
    assert markup.clean(body) == body


def test_a_text_that_is_too_long_is_said_to_be() -> None:
    with pytest.raises(Unreadable, match="the text is 10,000,001 characters long"):
        markup.clean("x" * 10_000_001)


def test_a_body_that_gets_too_long_is_said_to_be() -> None:
    with pytest.raises(Unreadable, match="characters long"):
        markup.clean("&" * 3_000_000)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-7"])
def test_entities_cannot_make_much_of_little(encoding: str) -> None:
    entities = "<!ENTITY a0 'aaaaaaaaaa'>" + "".join(f"<!ENTITY a{n + 1} '{f'&a{n};' * 10}'>" for n in range(9))
    source = f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE x [{entities}]><x a='&a9;'>{' ' * 10_000_000}</x>"
    with pytest.raises(Unreadable):
        markup.parse_xml(source.encode(encoding))


def test_a_long_document_may_not_be_deep() -> None:
    with pytest.raises(Unreadable, match="nested too deep"):
        markup.parse_xml(b"<a>" * 1000 + b" " * 9_000_000 + b"</a>" * 1000)


def test_a_text_full_of_tags_that_swallow_is_read_in_one_go() -> None:
    assert markup.to_text(markup.clean("<title> word " * 20_000)).count("word") == 20_000


# -- language and direction -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<div lang="ar" dir="rtl"><p>أ</p><p>ب</p></div>', '<p dir="rtl" lang="ar">أ</p><p dir="rtl" lang="ar">ب</p>'),
        ('<div lang="ar"><p lang="fr">a</p><div>ب<p>ت</p></div></div>', '<p lang="fr">a</p><p lang="ar">ب</p><p lang="ar">ت</p>'),
        ('<section lang="de"><blockquote><p>a</p></blockquote></section>', '<blockquote lang="de"><p>a</p></blockquote>'),
        ('<div lang="he" dir="RTL">א <b>ב</b></div>', '<p dir="rtl" lang="he">א <b>ב</b></p>'),
        ('<div lang="klingon?" dir="up"><p>a</p></div>', "<p>a</p>"),
        ('<div lang="fr" role="doc-endnotes"><p>a</p></div>', '<div lang="fr" role="doc-endnotes"><p>a</p></div>'),
        ('<table><tr lang="ja"><td>一</td><td lang="en">b</td></tr></table>', None),
        ('<blockquote lang="de">a<p>b</p></blockquote>', '<blockquote lang="de"><p>a</p><p>b</p></blockquote>'),
    ],
    ids=["paragraphs", "nested", "a quote", "bare text", "what is none", "end notes", "cells", "what is written itself"],
)
def test_the_language_of_a_wrapper_goes_to_what_is_inside(source: str, expected: str | None) -> None:
    body = markup.clean(source)
    assert body == (expected or body)
    assert markup.clean(body) == body
    if expected is None:
        assert '<td lang="ja">一</td><td lang="en">b</td>' in body


def test_sizes_that_a_picture_has_anyway_can_be_left_out() -> None:
    body = (
        '<p><img alt="" height="2" src="https://e.org/a" width="1"/><img alt="" height="9" src="https://e.org/a" width="1"/>'
        '<img alt="" height="2" src="https://e.org/b" width="1"/></p>'
    )
    found = markup.without_sizes(body, {"https://e.org/a": (1, 2)}.get)
    assert found == body.replace(' height="2" src="https://e.org/a" width="1"', ' src="https://e.org/a"')
    assert markup.with_sizes(found, {"https://e.org/a": (1, 2)}.get) == body


def test_a_picture_gets_the_size_that_is_known_when_it_has_neither() -> None:
    sizes = {"https://e.org/a?b&c": (1, 2)}.get
    bare = '<img alt="a" src="https://e.org/a?b&amp;c" title="t"/>'
    assert markup.with_sizes(f"<p>{bare}</p>", sizes) == (
        '<p><img alt="a" height="2" src="https://e.org/a?b&amp;c" title="t" width="1"/></p>'
    )
    for other in (bare.replace("/>", ' width="9"/>'), bare.replace(" src", ' height="9" src'), bare.replace("org/a", "org/b")):
        assert markup.with_sizes(other, sizes) == other


def test_a_size_is_left_out_only_where_both_sides_are_the_known_ones() -> None:
    sizes = {"https://e.org/a?b&c": (1, 2)}.get
    picture = '<img alt="" height="2" src="https://e.org/a?b&amp;c" width="1"/>'
    assert markup.without_sizes(picture, sizes) == '<img alt="" src="https://e.org/a?b&amp;c"/>'
    for other in (picture.replace('"2"', '"3"'), picture.replace('"1"', '"3"'), picture.replace("org/a", "org/b")):
        assert markup.without_sizes(other, sizes) == other


# -- addresses, text, other spellings -------------------------------------------------------------------------------------

EVERYTHING = (
    '<h2 id="h">A &lt;head&gt;</h2><p><a href="https://e.org/1?a&amp;b">b</a><br/>c <b>d</b><a href="#h">e</a></p>'
    '<blockquote cite="https://e.org/2"><p>z src=&quot;x&quot; href=&quot;y&quot;</p></blockquote>'
    '<p><img alt="" src="https://e.org/3"/><video controls="controls" poster="https://e.org/4" src="https://e.org/5"></video></p>'
    "<ul><li>f<ul><li>g</li></ul></li></ul><pre>h\n  i</pre><table><tbody><tr><td>j</td><td>k</td></tr></tbody></table>"
)


def test_addresses_are_given_in_their_order() -> None:
    assert markup.clean(EVERYTHING) == EVERYTHING
    assert markup.links(EVERYTHING) == ["https://e.org/1?a&b"]
    assert markup.media(EVERYTHING) == ["https://e.org/3", "https://e.org/4", "https://e.org/5"]
    assert markup.pictures(EVERYTHING) == ["https://e.org/3"]
    assert markup.pictures('<p><img alt="" src="https://e.org/?a&amp;b"/></p>') == ["https://e.org/?a&b"]


def test_every_address_can_be_changed_and_nothing_else() -> None:
    seen = []

    def change(address: str) -> str:
        seen.append(address)
        return address.replace("//e.org/", '//f.org/?"&')

    changed = markup.relink(EVERYTHING, change)
    assert seen == ["https://e.org/1?a&b", "#h", "https://e.org/2", "https://e.org/3", "https://e.org/4", "https://e.org/5"]
    assert changed == EVERYTHING.replace("//e.org/", "//f.org/?&quot;&amp;")


def test_an_address_that_ends_as_an_attribute_begins_is_changed_too() -> None:
    body = '<p><img alt="write src=" src="https://e.org/?a="/> <a href="https://e.org/?href=">href=&quot;x&quot;</a></p>'
    assert markup.relink(body, str.upper) == body.replace("https://e.org/?a=", "HTTPS://E.ORG/?A=").replace(
        "https://e.org/?href=", "HTTPS://E.ORG/?HREF="
    )


def test_the_text_of_a_body_has_a_paragraph_for_each_block() -> None:
    text = 'A <head>\n\nb\nc de\n\nz src="x" href="y"\n\nf\n\ng\n\nh\ni\n\nj\n\nk'
    assert markup.to_text(EVERYTHING) == text
    assert markup.to_text("<p> a\u2003 <b> b</b>\n c </p>") == "a\u2003 b\nc"
    assert markup.to_text("<p>a<br/> <br/>b</p>") == "a\nb"
    assert markup.to_text("<p> \u2003Xa\u00a0X </p>") == "\u2003Xa\u00a0X"


def test_a_text_has_a_paragraph_for_what_is_between_empty_lines() -> None:
    assert markup.from_text(" a  b \n<c> & d\n\n\ne\n \t\r\n \x0bf\n") == "<p>a b<br/>&lt;c&gt; &amp; d</p><p>e</p><p>f</p>"
    assert markup.from_text("a\u2029\u2028b") == "<p>a</p><p>b</p>"


def test_what_is_escaped_twice_is_unescaped_once() -> None:
    assert markup.unescape("&lt;a b=&quot;c&quot;&gt; &amp;amp; &amp;lt;") == '<a b="c"> &amp; &lt;'


def test_html_has_no_slash_in_empty_elements() -> None:
    assert markup.to_html('<p>a<br/>b<img alt="" src="https://e.org/a"/></p>') == '<p>a<br>b<img alt="" src="https://e.org/a"></p>'


# -- tags that reach too far ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a<title>b</title>c<title>d", "ac<title>d"),
        ("a<TITLE>b</Title>c", "ac"),
        ("a</title><title>b", "a<title>b"),
        ("a<TITLE>b", "a<TITLE>b"),
        ("a<style>b</script>c", "a<style>bc"),
        ("a<!-- b -->c<!-- d", "ac<!-- d"),
        ("a<!-- b <!-- c --> d", "a d"),
        ("a<!-- b --> --> <!-- c -->d", "a --> d"),
        ("<p>a</BODY></HTML>b</p><p>c</p>", "ab\n\nc"),
        ("a</body>b<html><head>c</HEAD><frameset cols=1>d", "abcd"),
        ("a<!DOCTYPE html>b<header>c</header>", "ab\n\nc"),
        ("a<scripted>b", "ab"),
    ],
)
def test_a_tag_that_takes_the_rest_for_its_own_is_text_unless_it_is_closed(source: str, text: str) -> None:
    assert markup.to_text(markup.clean(source)) == text


def test_references_in_a_tree_are_resolved_and_repairs_told() -> None:
    root = markup.parse_xml(b'<div><a href="b">c</a><img src="d.png"/></div>')
    body, repairs = markup.mended(root, "https://e.org/a/")
    assert body == '<p><a href="https://e.org/a/b">c</a><img alt="" src="https://e.org/a/d.png"/></p>'
    assert [each.kind for each in repairs] == [each.kind for each in markup.mended("<h5>a</h5><img src=https://e.org/d.png>")[1]][1:]


def test_what_makes_addresses_absolute_is_asked_of_simple_text_too() -> None:
    body = markup.clean('<p><a href="https://e.org/a">c</a></p>', lambda reference: f"{reference}?x")
    assert body == '<p><a href="https://e.org/a?x">c</a></p>'


def test_what_has_only_white_space_is_nothing() -> None:
    assert markup.mended(" \u00a0\n") == ("", ())


# -- parsers --------------------------------------------------------------------------------------------------------------


def refused(parse: Callable[[bytes], markup.Element], source: bytes) -> tuple[str, str, str, int, int]:
    """What is said of a document that cannot be parsed: code, message, hint, line and column."""
    with pytest.raises(Unreadable) as raised:
        parse(source)
    (found,) = raised.value.problems
    assert found.severity == Severity.ERROR
    return found.code, found.message, found.hint, found.location.line, found.location.column


@pytest.mark.parametrize("source", [b"", b" ", b"<!-- a -->"])
def test_a_page_without_anything_is_refused(source: bytes) -> None:
    assert refused(markup.parse_html, source) == ("html-empty", "there is no HTML here", "check that this is the file you mean", 0, 0)


def test_html_is_read_as_utf_8_without_comments_and_instructions() -> None:
    root = markup.parse_html("<?a b?><p>é<!-- c --><?d e?>—</p>".encode())
    assert [each.tag for each in root.iter()] == ["html", "body", "p"]
    assert "".join(map(str, root.itertext())) == "é—"


def test_html_that_is_too_deep_loses_its_tags_and_no_text() -> None:
    root = markup.parse_html(b"<div>a" * 3000 + b"b")
    assert [each.tag for each in root] == ["body"]
    assert "".join(map(str, root.itertext())).split() == ["a"] * 2999 + ["ab"]


MANY = ("xml-too-many-attributes", "a tag has more than 2,000 attributes", "check where it comes from", 0, 0)
SEPARATORS = {"values": '="c" ', "spaces": " ", "lines": "\n", "values without space": '="c"'}


@pytest.mark.parametrize("between", SEPARATORS.values(), ids=SEPARATORS)
def test_a_tag_in_html_may_have_two_thousand_attributes_and_no_more(between: str) -> None:
    allowed, many = (f"<p>x</p><p {''.join(f'b{number}{between}' for number in range(most))}>x".encode() for most in (2000, 2001))
    assert [len(each.attrib) for each in markup.parse_html(allowed).iter("p")] == [0, 2000]
    assert refused(markup.parse_html, many) == MANY


def test_a_tag_with_many_slashes_is_looked_at_too() -> None:
    assert refused(markup.parse_html, f"<p {'/'.join(f'b{number}' for number in range(3000))}>x".encode()) == MANY


def test_a_long_text_in_html_is_read_to_its_end() -> None:
    long = b"<p>" + b"x" * 10_100_000 + b"</p>"
    root = markup.parse_html(long + b"<p>y")
    assert [len(each.text or "") for each in root.iter("p")] == [10_100_000, 1]
    assert refused(markup.parse_html, long + f"<p {' '.join(f'b{number}' for number in range(3000))}>x".encode()) == MANY


def test_a_tag_in_xml_may_have_two_thousand_attributes_and_no_more() -> None:
    allowed, many = ("<a><b/><b " + " ".join(f'c{number}=""' for number in range(most)) + "/></a>" for most in (2000, 2001))
    assert [len(each.attrib) for each in markup.parse_xml(allowed.encode()).iter("b")] == [0, 2000]
    assert refused(markup.parse_xml, many.encode()) == MANY


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-16-le", "utf-32"])
def test_attributes_of_xml_are_counted_in_each_encoding(encoding: str) -> None:
    attributes = " ".join(f'c{number}="\u3c3c&#62;>"' for number in range(2001))  # of bytes that stand for a < elsewhere
    text = f'<?xml version="1.0" encoding="{encoding.upper()}"?><a>{"<b/>x" * 3000}<b {attributes}/>{"<b/>x" * 3000}</a>'
    assert refused(markup.parse_xml, text.encode(encoding)) == MANY


def test_attributes_in_an_entity_are_counted_however_they_are_spelled() -> None:
    attributes = " ".join(f"c{number}&#61;''" for number in range(2001))
    assert (
        refused(partial(markup.parse_xml, entities=True), f'<!DOCTYPE a [<!ENTITY b "&#60;b {attributes}/>">]><a>&b;</a>'.encode()) == MANY
    )


def test_equals_signs_in_a_text_of_xml_are_no_attributes() -> None:
    text = "<a>" + "<b>" + "x = y; " * 3000 + "</b><![CDATA[<p a='b'>" + "x = y; " * 3000 + "]]></a>"
    root = markup.parse_xml(text.encode())
    assert len("".join(map(str, root.itertext()))) == len("x = y; ") * 6000 + len("<p a='b'>")


MALFORMED = {
    "an & alone": (b"<a>b & c</a>", "an & stands alone", "write &amp; for &", 1, 7),
    "an & in a value": (b"<a b='&'/>", "an & stands alone", "write &amp; for &", 1, 8),
    "no semicolon": (b"<a>\n b &amp c</a>", "a ; is missing after the name of a character", "write &amp; for &", 2, 8),
    "a < alone": (b"<a>\n  b < c</a>", "a < stands alone", "write &lt; for <", 2, 6),
    "a < in a value": (b"<a b='<'/>", "unescaped '<' not allowed in attributes values", "write &lt; for <", 1, 7),
    "nothing": (b"", "there is nothing in it", "check that the file is complete", 1, 1),
    "no quotes": (b"<a b=c/>", "the value of an attribute has no quotes", "write each attribute once, its value in quotation marks", 1, 6),
    **{
        f"cut off in a value with {quote}": (
            *(b"<a>\n<b c=%ctext" % quote.encode(), "the value of an attribute has no end"),
            *("check that the file is complete; a value ends with the quote it begins with", 2, 11),
        )
        for quote in "'\""
    },
    "twice": (b"<a b='1' b='2'/>", "attribute b redefined", "write each attribute once, its value in quotation marks", 1, 15),
    "a prefix": (b"<x:a/>", "namespace prefix x on a is not defined", "declare the prefix", 1, 5),
    "a name of HTML": (b"<a>&nbsp;</a>", "entity 'nbsp' not defined", "write &#160; for &nbsp;", 1, 10),
    "a name in capitals": (b"<a>&Eacute;</a>", "entity 'eacute' not defined", "write &#201; for &Eacute;", 1, 12),
    "a name of nothing": (
        *(b"<a>&nosuch;</a>", "entity 'nosuch' not defined"),
        *("write the character itself, or its number, such as &#160;", 1, 12),
    ),
    "a name of two characters": (
        *(b"<a>&NotEqualTilde;</a>", "entity 'notequaltilde' not defined"),
        *("write the character itself, or its number, such as &#160;", 1, 19),
    ),
    "something before": (
        *(b" <?xml version='1.0'?><a/>", "xml declaration allowed only at the start of the document"),
        *("remove what is before <?xml", 1, 7),
    ),
    "the wrong end": (
        *(b"<a>\n<b></a></b>", "opening and ending tag mismatch: b line 2 and a"),
        *("close every element, the inner one first", 2, 8),
    ),
    "other bytes": (
        *(b"<?xml version='1.0' encoding='utf-8'?><a>\xff</a>", "invalid bytes in character encoding"),
        *("declare the encoding that the file really has, or save it as UTF-8", 1, 42),
    ),
    "a control": (b"<a>\x01</a>", "pcdata invalid char value 1", "leave control characters out: XML has none", 1, 4),
    "a control in a value": (
        *(b"<a b='\x02'/>", "invalid character in attribute value"),
        *("leave control characters out: XML has none", 1, 7),
    ),
    "no character": (
        *(b"<a>\0</a>", "invalid character: char 0x0 out of allowed range"),
        *("leave control characters out: XML has none", 1, 4),
    ),
    "two roots": (
        *(b"<a/><b/>", "extra content at the end of the document"),
        *("put everything into one element, and nothing after it", 1, 5),
    ),
    "a comment": (b"<a><!-- b -- c --></a>", "double hyphen within comment: <!-- b", "write no -- in a comment", 1, 11),
    "no end": (b"<a>\n<b>", "premature end of data in tag b line 2", "check that the file is complete", 2, 4),
}


@pytest.mark.parametrize(("source", "message", "hint", "line", "column"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_wrong_in_xml_is_said_with_what_to_do(source: bytes, message: str, hint: str, line: int, column: int) -> None:
    assert refused(markup.parse_xml, source) == ("xml-malformed", f"this is not well-formed XML: {message}", hint, line, column)


SPACED = b" ".join(b'xmlns:s%d="a b"' % number for number in range(150))


@pytest.mark.parametrize(
    "source",
    [
        b'<a xmlns="b}c"><d/></a>',
        b'<a xmlns:b="b}c" b:d="e"/>',
        '<a xmlns="b}c"/>'.encode("utf-16"),
        b'<a xmlns="' + b" " * 70_000 + b'}"/>',
        b"<a " + SPACED + b' xmlns:b="b}c" b:d="e"/>',
        b"<a " + SPACED + b' b:d="e"/>',
    ],
)
def test_a_namespace_with_a_brace_is_refused_since_nothing_in_it_is_found_by_its_name(source: bytes) -> None:
    with pytest.raises(Unreadable):
        markup.parse_xml(source)


def test_a_namespace_with_a_space_is_a_name_as_any_other() -> None:
    assert markup.parse_xml(b'<a xmlns="b c"><d/></a>').tag == "{b c}a"
    with pytest.raises(Unreadable):
        markup.parse_xml(b'<a xmlns="b c"><d></a>')
    declared = b'<!DOCTYPE a [<!ENTITY b "c">]><a xmlns="b c">&b;</a>'
    assert markup.parse_xml(declared, entities=True).text == "c"
    assert [each.text for each in markup.parse_xml(declared)] == ["&b;"]
    assert len(markup.parse_xml(b'<a xmlns="b c">' + b" " * 10_100_000 + b"</a>").text or "") == 10_100_000


def test_xml_is_read_without_comments_and_instructions() -> None:
    root = markup.parse_xml(b"<?p q?><a><!-- b --><?c d?>e</a>")
    assert (len(root), root.text, root.getprevious()) == (0, "e", None)


def test_an_entity_is_what_the_document_says_only_when_asked_for() -> None:
    declared = b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>x&b;y</a>"
    assert markup.parse_xml(declared, entities=True).text == "xcy"
    (entity,) = markup.parse_xml(declared)
    assert (entity.text, entity.tail) == ("&b;", "y")


def test_an_entity_of_another_file_is_never_asked_for(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    elsewhere = f"<!DOCTYPE a [<!ENTITY b SYSTEM '{(tmp_path / 'secret.txt').as_uri()}'>]><a>x&b;y</a>".encode()
    (entity,) = markup.parse_xml(elsewhere)
    assert entity.text == "&b;"
    assert refused(lambda source: markup.parse_xml(source, entities=True), elsewhere)[0] == "xml-malformed"


@pytest.mark.parametrize("attribute", ["", " b='&c;'"])
def test_a_document_type_elsewhere_is_not_loaded(tmp_path: Path, attribute: str) -> None:
    (tmp_path / "a.dtd").write_text("<!ENTITY c 'secret'><!ATTLIST a d CDATA 'secret'>")
    source = f"<!DOCTYPE a SYSTEM '{(tmp_path / 'a.dtd').as_uri()}'><a{attribute}/>".encode()
    assert "secret" not in str(markup.parse_xml(source).attrib.items())


LONG = b" " * 9_000_000


def test_a_long_document_may_be_as_deep_as_a_short_one() -> None:
    assert len(list(markup.parse_xml(b"<a>" * 256 + LONG + b"</a>" * 256).iter())) == 256
    assert len(list(markup.parse_xml(b"<a>" + b"<a/>" * 300 + LONG + b"</a>").iter())) == 301
    deep = b"<a>" + b"<b/>" * 300 + b"<a>" * 256 + LONG + b"</a>" * 257
    found = refused(markup.parse_xml, deep)
    assert found == ("xml-too-deep", "the elements are nested too deep", "nest at most 256", 0, 0)


@pytest.mark.parametrize(
    "start", [b"<a>", b"\xef\xbb\xbf <a>", b"<?xml version='1.0' encoding=\"UTF-8\"?><a>", b"<?xml version='1.0'?><a>"]
)
def test_a_long_text_is_read_where_no_entity_can_be(start: bytes) -> None:
    assert len(markup.parse_xml(start + b" " * 10_100_000 + b"</a>").text or "") == 10_100_000
    with pytest.raises(Unreadable):
        markup.parse_xml(start.replace(b"<a>", b"<!DOCTYPE a><a>") + b" " * 10_100_000 + b"</a>")


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("<a>b<c>d</c>e<f/>g</a>", "<a>be<f/>g</a>"),
        ("<a><c>d</c>e<f/></a>", "<a>e<f/></a>"),
        ("<a><f/><c/>e</a>", "<a><f/>e</a>"),
        ("<a><f/>b<c/>e</a>", "<a><f/>be</a>"),
        ("<a>b<c/></a>", "<a>b</a>"),
        ("<a><f/><c/></a>", "<a><f/></a>"),
    ],
)
def test_an_element_is_taken_out_without_the_text_after_it(source: str, left: str) -> None:
    root = markup.parse_xml(source.encode())
    (element,) = root.iter("c")
    markup.take_out(element)
    assert etree.tostring(root).decode() == left
    assert (element.getparent(), element.tail) == (None, None)


def test_an_element_that_is_in_no_tree_stays() -> None:
    root = markup.parse_xml(b"<a>b</a>")
    markup.take_out(root)
    assert root.text == "b"
