"""Places: every problem says on which line and in which column to look."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher.markup import parse_html, parse_xml
from publisher.places import HtmlPlaces, JsonPlaces, XmlPlaces, line_ends, spot

FEED = """<?xml version="1.0"?>
<!-- a comment with <item> in it -->
<rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
  <item/>\t<item><dc:creator>Zoë</dc:creator> <guid/></item>
</channel></rss>""".encode()


def test_an_element_of_a_feed_is_found_by_line_column_and_path() -> None:
    root = parse_xml(FEED)
    find = XmlPlaces(root, FEED)
    found = [str(find(each)) + " " + find(each).pointer for each in root.iter("*")]
    assert found == [
        "-:3:1 /rss",
        "-:3:50 /rss/channel",
        "-:4:3 /rss/channel/item[1]",
        "-:4:11 /rss/channel/item[2]",
        "-:4:17 /rss/channel/item[2]/dc:creator",
        "-:4:46 /rss/channel/item[2]/guid",
    ]


def test_a_document_with_entities_is_not_read_a_second_time() -> None:
    body = b'<!DOCTYPE a [<!ENTITY b "c">]>\n<a>\n<d/></a>'
    root = parse_xml(body)
    assert [(each.line, each.column) for each in map(XmlPlaces(root, body), root.iter("*"))] == [(2, 0), (3, 0)]


def test_an_element_of_a_page_is_found_where_the_line_tells() -> None:
    text = '<!doctype html><html lang="en">\n<body><p>a</p><p id="b">c</p>\n<img src="x"></body></html>'
    root = parse_html(text.encode())
    find = HtmlPlaces(root, text)
    found = [str(find(each)) + " " + find(each).pointer for each in root.iter("p", "img")]
    assert found == ["-:2:7 /html/body/p[1]", "-:2:15 /html/body/p[2]", "-:3:1 /html/body/img"]


def test_a_tag_that_is_no_name_in_xml_has_a_place_too() -> None:
    root = parse_html(b'<html><body><ttp-equiv="x" a="b">c</body></html>')
    assert [HtmlPlaces(root, "").path(each) for each in root.iter("*")][2] == '/html/body/ttp-equiv="x"'


def test_a_line_is_gone_through_once_for_all_elements_of_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is one line and has a finding for each of its links took time with their square."""
    text = f"<p>{'<a>x</a>' * 50}</p>"
    root = parse_html(text.encode())
    gone_through: list[str] = []
    finditer = re.finditer

    def noted(pattern: str, line: str, flags: int) -> Iterator[re.Match[str]]:
        gone_through.append(line)
        return finditer(pattern, line, flags)

    monkeypatch.setattr(re, "finditer", noted)
    where = HtmlPlaces(root, text)
    assert [where(each).column for each in root.iter("a")] == [4 + 8 * number for number in range(50)]
    assert gone_through == [text]


def test_a_value_in_json_is_found_by_its_path() -> None:
    text = '{"a": [1, {"b\\u0041": "x"}],\n "c/d": {}, "e": [[], [2]]}'
    find = JsonPlaces(text)
    paths: list[tuple[str | int, ...]] = [(), ("a",), ("a", 0), ("a", 1, "bA"), ("c/d",), ("e", 1, 0)]
    found = [str(find(path)) + " " + find(path).pointer for path in paths]
    assert found == ["-:1:1 ", "-:1:2 /a", "-:1:8 /a/0", "-:1:12 /a/1/bA", "-:2:2 /c~1d", "-:2:24 /e/1/0"]


def test_what_is_missing_in_json_is_placed_at_what_should_have_it() -> None:
    assert str(JsonPlaces('{"items": [\n {"id": 1}]}')(("items", 0, "url"))) == "-:2:2"


def test_a_block_in_a_page_is_placed_in_the_page() -> None:
    find = JsonPlaces('{"a": 1,\n "b": 2}', start=(10, 36))
    assert [str(find(("a",))), str(find(("b",)))] == ["-:10:37", "-:11:2"]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for key, part in parts for found in paths(part, (*path, key)))]


@given(VALUES, st.sampled_from([None, 1]))
def test_every_value_of_any_json_is_found_at_its_name_or_itself(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    find = JsonPlaces(text)
    for path in paths(value):
        part = value
        for key in path:
            part = part[key]  # type: ignore[index]
        written = json.dumps(path[-1]) if path and isinstance(path[-1], str) else json.dumps(part)[:1]
        place = find(path)
        assert text.split("\n")[place.line - 1][place.column - 1 :].startswith(written)
        assert place.pointer.count("/") == len(path)


@given(st.text(alphabet="a\n\r", max_size=20), st.integers(0, 20))
def test_a_spot_is_a_line_and_a_column(text: str, offset: int) -> None:
    before = text[: min(offset, len(text))]
    assert spot(line_ends(text), len(before)) == (before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1)
