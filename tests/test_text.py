"""Single values: lines of text and URLs, from anything a stranger writes."""

from __future__ import annotations

import re

import langcodes
import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import markup, text
from publisher.text import line, url

URI = re.compile(r"[a-z]+:(?:%[0-9A-Fa-f]{2}|[A-Za-z0-9\-._~!$&'()*+,;=:@/?])+(?:#(?:%[0-9A-Fa-f]{2}|[A-Za-z0-9\-._~!$&'()*+,;=:@/?])*)?")
"""RFC 3986, 3, without hosts in square brackets."""

ADDRESSES = {
    "a second address inside stays inside": ("mailto:a@e.org?body=http://x", "mailto:a@e.org?body=http://x"),
    "spaces and quotes are escaped": ('mailto:a@e.org?subject=so "it" is', "mailto:a@e.org?subject=so%20%22it%22%20is"),
    "brackets are escaped": ("mailto:a@e.org?subject=[x] {y} |z", "mailto:a@e.org?subject=%5Bx%5D%20%7By%7D%20%7Cz"),
    "a telephone number with spaces is escaped": ("tel:+49 (30) 1234", "tel:+49%20(30)%201234"),
    "a telephone number is no host": ("tel://+49-30-1234", "tel:+49-30-1234"),
    "a mail address is no user name": ("mailto://a@e.org", "mailto:a@e.org"),
    "a per cent sign alone is escaped": ("mailto:a@e.org?subject=100%", "mailto:a@e.org?subject=100%25"),
    "a second hash is escaped": ("https://e.org/a#b#c", "https://e.org/a#b%23c"),
    "letters beyond ASCII are escaped": ("mailto:é@e.org", "mailto:%C3%A9@e.org"),
    "secrets are left out": ("https://me:secret@e.org/x", "https://e.org/x"),
    "a bare host gets a path": ("https://e.org?a=http://b", "https://e.org/?a=http://b"),
    "nobody's address is none": ("mailto:", None),
    "nobody's address with a fragment is none": ("mailto:#x", None),
    "a host that no name server knows is none": ("https://{name}.e.org/", None),
    "a host may be a number": ("http://[::1]/", "http://[::1]/"),
    "scripts are none": ("javascript:alert(1)", None),
}


@pytest.mark.parametrize(("given_", "expected"), ADDRESSES.values(), ids=ADDRESSES)
def test_url(given_: str, expected: str | None) -> None:
    assert url(given_) == expected


@given(st.sampled_from(["mailto:", "tel:", "tel://", "mailto:///", "https://e.org/", "http://e.org?", "https://"]), st.text(max_size=20))
def test_a_url_is_a_uri_and_stays_the_same(scheme: str, rest: str) -> None:
    found = url(scheme + rest)
    assert found is None or URI.fullmatch(re.sub(r"//\[[0-9a-f:.]+\]", "//e.org", found))
    assert url(found) == found


@given(st.from_regex(text._CANONICAL_URL, fullmatch=True))
def test_a_url_that_is_not_parsed_is_one_that_a_parser_leaves_as_it_is(found: str) -> None:
    assert url(found) == found == text._url(found, "https://base.example/")  # with a base it is parsed


@pytest.mark.parametrize(
    "odd",
    [
        "https://e.org",
        "https://e.org:443/",
        "https://E.org/",
        "https://1.2.3/",
        "https://xn--a.org/",
        "https://e.org/a/../b",
        "https://e.org/.",
        "https://e.org/%41",
        "https://e.org/?'",
        "https://e.org/ä",
    ],
)
def test_a_url_that_a_parser_would_change_is_parsed(odd: str) -> None:
    assert not text._CANONICAL_URL.fullmatch(odd)


@pytest.mark.parametrize("blank", [" ", "\n", "\u00a0", "\u3000", "\u2003 \u00a0", "\x0b"])
def test_white_space_of_any_script_is_empty(blank: str) -> None:
    assert line(blank) is None
    assert markup.from_text(blank) == ""
    for source in (blank, f"<p>{blank}</p>", f"<ul><li><b>{blank}</b></li></ul>", f"<pre>{blank}</pre>", f"<h2>{blank}</h2>"):
        assert markup.clean(source) == ""


def test_a_no_break_space_between_words_stays() -> None:
    assert line("5\u00a0km") == "5\u00a0km"
    assert markup.clean("<b>5</b>\u00a0<i>km</i>") == "<p><b>5</b>\u00a0<i>km</i></p>"


def test_what_is_printable_has_nothing_that_is_not_allowed() -> None:
    """The short way through `allowed` and `spaced` leans on this, for every character there is."""
    printable = "".join(filter(str.isprintable, map(chr, range(0x110000))))
    assert text._FORBIDDEN.search(printable) is None
    assert text._LINE_ENDS.search(printable) is None
    assert set(text._SPACE.findall(printable)) <= {" "}


@given(st.text(alphabet=st.sampled_from(" \t\n\r\f\x85\u2028\x00\ufeff a\xa0é")))
def test_the_short_way_gives_what_the_long_one_does(given_: str) -> None:
    assert text.allowed(given_) == text._FORBIDDEN.sub("", text._LINE_ENDS.sub("\n", given_))
    assert text.spaced(given_) == text._SPACE.sub(" ", given_)


def test_the_tags_that_need_no_registry_are_what_it_says() -> None:
    assert [each for each in sorted(text._CANONICAL) if not langcodes.tag_is_valid(each) or langcodes.standardize_tag(each) != each] == []
