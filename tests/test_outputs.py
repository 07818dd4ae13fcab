"""A plan in columns: the same outputs as one by one, in the order of their paths, and nothing that is as large as they are."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publisher import outputs
from publisher.article import Article, Publication
from publisher.formats import Target
from publisher.outputs import Content, Output, Plan, Row, Sheaf

PUBLICATION = Publication(identifier="urn:x:lantern", name="The Lantern", url="https://lantern.example/")
ARTICLE = Article(identifier="urn:x:ferry", headline="Ferry")
PATHS = st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=12)


def planned(article: Article) -> list[Output]:
    page = Output.late("articles/ferry.html", "webpage", content, article.headline, article=article)
    embed = Output.late("articles/ferry.json", "oembed", content, "embed", is_made=True)
    embed.key = b"k" * 16
    return [page, embed]


def content(name: str) -> Content:
    return Content(publication=PUBLICATION, target=Target(url=f"{PUBLICATION.url}{name}"))


SHEAF = Sheaf(ARTICLE.identifier, planned, ARTICLE, article=ARTICLE)


class Named:
    """What knows of each of its outputs only the number."""

    article = None

    def content(self, number: int) -> Content:
        return content(str(number))


def single(path: str) -> Output:
    return Output(path=path, format="stylesheet", publication=PUBLICATION)


def plan_of(*paths: str) -> Plan:
    found = Plan()
    found.add(map(single, paths))
    found.sort()
    return found


def test_outputs_of_a_sheaf_are_those_that_it_plans() -> None:
    found = Plan()
    found.add_all([SHEAF.bundle()])
    assert [*found] == planned(ARTICLE)
    assert [each.article for each in found] == [ARTICLE, None]
    assert [each.key for each in found] == [None, b"k" * 16]
    assert [each.target.url for each in found] == ["https://lantern.example/Ferry", "https://lantern.example/embed"]


def test_what_knows_itself_what_it_is_made_of_stays_itself() -> None:
    own = single("style.css")
    found = Plan()
    found.add([own])
    assert found[0] is own


@given(st.lists(PATHS, unique=True), st.sets(PATHS), st.integers(1, 5))
def test_paths_are_in_order_however_many_are_sorted_together(paths: list[str], others: set[str], together: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outputs, "_AT_ONCE", together)
        found = plan_of(*paths)
    gone = others | {*paths[::3]}
    assert [*found.paths] == [each.path for each in found] == sorted(paths)
    assert [*found.without(gone).paths] == sorted({*paths} - gone)
    assert [each.path for each in found[1:3]] == sorted(paths)[1:3]
    assert len(found) == len(paths)


def test_a_name_that_is_no_text_stays_as_it_is() -> None:
    assert [*plan_of("a\udcff.md").paths] == ["a\udcff.md"]


def test_what_sources_are_planned_from_leads_to_their_outputs() -> None:
    rows: Sequence[Row] = [("b.html", "list", True, b"1" * 16), ("a.html", "list", True, None)]
    found = Plan()
    found.add_all([(Named(), rows, b"n" * 16), SHEAF.bundle()])
    found.add([single("style.css")])
    found.sort()
    assert dict(found.bundles()) == {b"n" * 16: rows}
    assert [each.target.url for each in found if each.format == "list"] == ["https://lantern.example/1", "https://lantern.example/0"]
    with pytest.raises(KeyError):
        found.bundles()[b"?" * 16]


def test_a_plan_learns_keys_that_are_known_later() -> None:
    rows: Sequence[Row] = [("c.html", "list", True, None), ("a.html", "list", True, None)]
    found = Plan()
    found.add([single("b.css")])
    found.add_all([SHEAF.bundle(), (Named(), rows, b"n" * 16), (SHEAF, rows[:1], None)])
    found.sort()
    part = found.without({"b.css"})
    part.learn("a.html", b"a" * 16)
    part.learn_from([None, b"s" * 16])
    assert {each.path: each.key for each in found if each.path in ("a.html", "b.css", "c.html")} == {
        "a.html": b"a" * 16,
        "b.css": None,
        "c.html": None,
    }
    assert found.bundles() == {b"n" * 16: [rows[0], ("a.html", "list", True, b"a" * 16)], b"s" * 16: [("c.html", "list", True, None)]}


def test_a_plan_holds_no_object_for_each_output() -> None:
    """So that one of a million outputs has no more than what they are called, and some numbers."""
    many = Plan()
    many.add_all((Named(), [(f"keywords/{number}.html", "list", True, b"k" * 16)] * 50, b"n" * 16) for number in range(200))
    many.sort()
    columns = [value for value in vars(many).values() if not isinstance(value, list) or value is not many._sources]
    size = sum(map(sys.getsizeof, columns)) / len(many)
    assert size < 90, f"{size:.0f} bytes for each"
    assert many[0] is not many[0]


def test_a_plan_can_start_with_the_outputs_of_one_format() -> None:
    rows: Sequence[Row] = [("a.html", "list", True, None), ("c.epub", "epub", False, None), ("b.epub", "epub", False, None)]
    found = Plan()
    found.add_all([(Named(), rows, None)])
    found.sort()
    assert [*found.starting_with("epub").paths] == ["b.epub", "c.epub", "a.html"]
    assert [*found.starting_with("rss").paths] == [*found.paths] == ["a.html", "b.epub", "c.epub"]
