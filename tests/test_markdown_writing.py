"""Markdown that we write: what the reader takes up again as it was, and what people see of it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from publisher.article import Organization, Party, Person, Publication
from publisher.formats import Context, markdown
from tests import strategies
from tests.test_laws import same

LANTERN = Publication(
    identifier="https://lantern.example/",
    name="The Lantern",
    url="https://lantern.example/",
    in_language="en",
    publisher=Organization(name="The Lantern Press", url="https://press.example/"),
)
KNOWN: dict[str, Party] = {
    "the lantern press": Organization(name="The Lantern Press", url="https://press.example/"),
    "a, b & c": Person(name="A, B & C", url="https://people.example/abc/", same_as=("https://social.example/@abc",)),
}
CONTEXTS = st.sampled_from(
    [
        Context(),
        Context(publication=LANTERN, path="harbour/ferry.md", parties=KNOWN, time_zone=ZoneInfo("Europe/Berlin")),
        Context(publication=LANTERN, path="2018-10-24-ferry.md", smart=True),
    ]
)


@given(strategies.publications(least=1, most=1), CONTEXTS)
def test_what_is_carried_comes_back_and_only_that(publication: Publication, context: Context) -> None:
    same(markdown.read(markdown.write(publication, context), context).publication, markdown.carry(publication, context), "markdown")


@given(strategies.publications(least=1, most=1), CONTEXTS)
def test_carrying_twice_is_carrying_once_and_leaves_the_same_bytes(publication: Publication, context: Context) -> None:
    carried = markdown.carry(publication, context)
    same(markdown.carry(carried, context), carried, "markdown")
    assert markdown.write(carried, context) == markdown.write(publication, context)
