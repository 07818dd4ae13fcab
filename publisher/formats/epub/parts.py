"""What a page of ours says to people, for when its JSON-LD is gone: some programs drop all scripts, and people cut them out.

Only ids and roles are sure to be left; where classes are too, there is more.
"""

from __future__ import annotations

from collections.abc import Iterator

from publisher import schema
from publisher.article import Article, Person
from publisher.formats.epub import bodies
from publisher.markup import Element
from publisher.text import language, line, url

__all__ = ["HEADLINE", "article"]

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
HEADLINE = "_headline"
"""The id of the headline."""


def article(root: Element, name: str) -> Article | None:
    """Return the article on a page of ours, without its text; `None` when it is no such page.

    Its identifier is its address, else the name of the page, which stays the same for an article.
    """
    headline = next((said for each in root.iter("{*}h1") if each.get("id") == HEADLINE and (said := _line(each))), None)
    if not headline or next(filter(bodies.is_body, root.iter("{*}div")), None) is None:
        return None
    address = next((found for each in root.iter("{*}link") if each.get("rel") == "canonical" and (found := url(each.get("href")))), None)
    days = (schema.parse_date(each.get("datetime") or "") for each in root.iter("{*}time"))
    return Article(
        identifier=address or name,
        url=address,
        headline=headline,
        alternative_headline=next(_with(root, "role", "doc-subtitle"), None),
        description=next(_with(root, "class", "standfirst"), None),
        dateline=next(_with(root, "class", "dateline"), None),
        in_language=language(root.get(_XML_LANG) or root.get("lang")),
        date_published=next(filter(None, days), None),
        author=tuple(_authors(root)),
        copyright_notice=next(_with(root, "class", "copyright"), None),
    )


def _line(element: Element) -> str | None:
    return line("".join(map(str, element.itertext())))


def _with(root: Element, attribute: str, value: str) -> Iterator[str]:
    """Yield what the elements that have an attribute with this value say, outside of the text."""
    for each in root.iter("{*}p", "{*}span"):
        if each.get(attribute) == value and (said := _line(each)):
            yield said


def _authors(root: Element) -> Iterator[Person]:
    for byline in root.iter("{*}p"):
        if byline.get("class") == "byline":
            yield from (Person(name=name) for each in byline.iter("{*}a") if (name := _line(each)))
