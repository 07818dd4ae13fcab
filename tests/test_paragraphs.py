"""What WordPress's `wpautop` is known to make of a text, and what it costs."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import markup
from publisher.platforms.paragraphs import paragraphs, tokens


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("One.\n\nTwo.", "<p>One.</p><p>Two.</p>"),
        ("One\r\ntwo\r\n\r\nthree", "<p>One<br/>two</p><p>three</p>"),
        ("One\n \t\n\n\ntwo", "<p>One</p><p>two</p>"),
        ("One<br />\ntwo", "<p>One<br/>two</p>"),
        ("One<br><br />two", "<p>One</p><p>two</p>"),
        ("One<br>\n<br>two", "<p>One</p><p>two</p>"),
        ("<p>One</p>\n\n<p>Two</p>", "<p>One</p><p>Two</p>"),
        ("<p>One\n\ntwo</p>", "<p>One</p><p>two</p>"),
        ("<strong>One</strong>\ntwo", "<p><strong>One</strong><br/>two</p>"),
        ("<h2>Head</h2>\nText", "<h2>Head</h2><p>Text</p>"),
        ("Text\n<h2>Head</h2>\nmore", "<p>Text</p><h2>Head</h2><p>more</p>"),
        ("<ul>\n<li>one</li>\n<li>two</li>\n</ul>", "<ul><li>one</li><li>two</li></ul>"),
        ("<ul>\n<li>one\nmore</li>\n</ul>", "<ul><li>one<br/>more</li></ul>"),
        ("<blockquote>Said</blockquote>", "<blockquote><p>Said</p></blockquote>"),
        ("<blockquote>One\n\ntwo</blockquote>after", "<blockquote><p>One</p><p>two</p></blockquote><p>after</p>"),
        ("<pre>a\n\nb</pre>", "<pre>a\n\nb</pre>"),
        ("<pre><code>a\n\n&lt;p&gt;</code></pre>\nafter", "<pre><code>a\n\n&lt;p&gt;</code></pre><p>after</p>"),
        ("<div>One</div>\n\n<div>two</div>", "<p>One</p><p>two</p>"),
        ("<div>One\n\ntwo</div>", "<p>One</p><p>two</p>"),
        ("One\n<hr>\ntwo", "<p>One</p><hr/><p>two</p>"),
        ("One <!--more--> two", "<p>One two</p>"),
        ("<!--more-->\n\nTwo", "<p>Two</p>"),
        ('<a\nhref="https://a.example/">One</a>', '<p><a href="https://a.example/">One</a></p>'),
        ("<table><tr><td>One\ntwo</td></tr></table>", "<table><tbody><tr><td>One<br/>two</td></tr></tbody></table>"),
        ("<script>a\n\nb</script>Text", "<p>Text</p>"),
        ('<img src="https://a.example/a.jpg" alt="A" />\n\nText', '<p><img alt="A" src="https://a.example/a.jpg"/></p><p>Text</p>'),
        ("A < b\nand c > d", "<p>A &lt; b<br/>and c &gt; d</p>"),
        ("<dl><dt>One</dt><dd>two\n\nthree</dd></dl>", "<dl><dt>One</dt><dd><p>two</p><p>three</p></dd></dl>"),
        ("One\n\n<figure><img src='https://a.example/a.jpg' alt='A'>\n<figcaption>Cap</figcaption></figure>\n\nTwo",
         '<p>One</p><figure><img alt="A" src="https://a.example/a.jpg"/><figcaption>Cap</figcaption></figure><p>Two</p>'),
        ("", ""),
        ("\n \n", ""),
    ],
)  # fmt: skip
def test_paragraphs_are_made_as_wordpress_makes_them(text: str, body: str) -> None:
    assert markup.clean(paragraphs(text)) == body


def test_where_lines_mean_nothing_two_breaks_are_the_end_of_a_paragraph() -> None:
    assert markup.clean(paragraphs("One\ntwo<br />\n<br />three<br/>four", lines=False)) == "<p>One two</p><p>three<br/>four</p>"


def test_a_line_that_is_nothing_else_may_be_embedded() -> None:
    made = paragraphs("See\n\nX\n\nand X", lambda line: "<b>x</b>" if line == "X" else None)
    assert markup.clean(made) == "<p>See</p><p><b>x</b></p><p>and X</p>"


@given(st.text("ab<>/p!-\n \t&;\"'=", max_size=60))
def test_no_word_is_lost(text: str) -> None:
    """Whatever is in it, the letters between tags stay, in their order."""
    assert "".join(piece for _, piece in tokens(text)) == text


@given(
    st.lists(st.sampled_from(["a", "\n", "\n\n", "<p>", "</p>", "<div>", "</ul>", "<br>", "<pre>", "</pre>", "<!--", "-->", "<"])).map(
        "".join
    )
)
def test_any_tags_make_a_body(text: str) -> None:
    body = markup.clean(paragraphs(text))
    assert markup.clean(body) == body


@pytest.mark.parametrize("piece", ["<pre>", "<!--", "<div>\n\n", "</ul><div>", "\n\n", "<br>", "<a ", '<a "', "a\n", " ", "<br", "\n "])
def test_long_texts_take_time_in_proportion(piece: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        paragraphs(piece * count)
        return time.process_time() - start

    seconds(1000)
    assert seconds(40_000) < 20 * seconds(8_000) + 0.1
