"""What is a shortcode of WordPress, and what only looks like one."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.formats.wordpress.shortcodes import Attributes, expand


def shown(attributes: Attributes, inside: str) -> str:
    return f"<{' '.join(f'{name}={value}' for name, value in attributes.items())}|{inside}>"


def unknown(name: str, attributes: Attributes, inside: str) -> str:
    return f"?{name}{shown(attributes, inside)}"


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("[k a=\"1\" b='2' c=3]", "<a=1 b=2 c=3|>"),
        ("[k]", "<|>"),
        ("[k /]x[/k]", "<|>x"),
        ("[k]inside[/k]", "<|inside>"),
        ("[K]inside[/k]", "<|inside>"),
        ("[k https://a.example/]", "<0=https://a.example/|>"),
        ("[k=https://a.example/?a=b]", "<0=https://a.example/?a=b|>"),
        ("[k a=“1” b=″2″]", "<a=1 b=2|>"),
        ('[k a="&lt;b&gt; &amp; c"]', "<a=<b> & c|>"),
        ('[k a="<em>x</em>"]', "<a=<em>x</em>|>"),
        ("[k]one[k]two[/k]", "<|>one<|two>"),
        ("[k]a [other_one]b[/other_one] c[/k]", "<|a ?other_one<|b> c>"),
        ("[[k]]", "[k]"),
        ('[row_1 a="1"]x[/row_1]', "?row_1<a=1|x>"),
        ("[row]x[/row]", "?row<|x>"),
        ('[form id="1"]', "?form<id=1|>"),
        ("[form_1]", "?form_1<|>"),
        ("[sic]", "[sic]"),
        ("[1]", "[1]"),
        ("[…]", "[…]"),
        ("[see page 2]", "[see page 2]"),
        ("[Jane Doe, ed.]", "[Jane Doe, ed.]"),
        ("[/x]", "[/x]"),
        ("a[/k]b", "ab"),
        ('<a title="[k]">x</a>', '<a title="[k]">x</a>'),
        ("<code>[k]</code>", "<code>[k]</code>"),
        ("[[[", "[[["),
        ("]", "]"),
        ("[k", "[k"),
    ],
)
def test_a_shortcode_is_replaced(text: str, expanded: str) -> None:
    assert expand(text, {"k": shown}, unknown) == expanded


@given(st.text("[]/k a=\"<>'", max_size=60))
def test_any_text_can_be_expanded(text: str) -> None:
    expand(text, {"k": shown}, unknown)


@pytest.mark.parametrize("piece", ["[k]", "[k ", "[[", "[/k]", "[k][k][/k]", "<a>[k]", "[x_y]a", "[x_", "<", "[k a=", "[x]<"])
def test_long_texts_take_time_in_proportion(piece: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        expand(f"{piece * count}[/k]", {"k": shown}, unknown)
        return time.process_time() - start

    seconds(1000)
    assert seconds(40_000) < 20 * seconds(8_000) + 0.1
