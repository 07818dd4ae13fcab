"""Rules about articles as Google asks for them, which other search engines and aggregators follow (read 2026-11-24).

Google requires nothing of an article, so what is missing is advice; what is there and wrong is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.linked.document import Document, quoted
from publisher.linked.nodes import Node, Value
from publisher.places import Path
from publisher.problems import Finding, Severity, rule

_ARTICLE = "https://developers.google.com/search/docs/appearance/structured-data/article"
_AUTHOR = f"{_ARTICLE}#author-bp"
_LICENSE = "https://developers.google.com/search/docs/appearance/structured-data/image-license-metadata"
_PAYWALL = "https://developers.google.com/search/docs/appearance/structured-data/paywalled-content"
_SPEAKABLE = "https://developers.google.com/search/docs/appearance/structured-data/speakable"
_DISCOVER = "https://developers.google.com/search/docs/appearance/google-discover"

# -- headline -------------------------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec=_ARTICLE, hint="add the title that the page shows")
def jsonld_headline_missing(document: Document) -> Iterator[Finding]:
    """The headline is what search results show; without, they take what they find in the page."""
    for node in document.articles:
        if not document.has(node, "headline"):
            yield Finding(message="the article has no headline", where=node.path)


@rule(Severity.INFO, spec=_ARTICLE, hint="write a shorter one, and put the rest into alternativeHeadline or description")
def jsonld_headline_long(document: Document) -> Iterator[Finding]:
    """Long headlines are cut where there is little room, such as on phones."""
    for each in _of_articles(document, "headline"):
        if len(each.text.strip()) > 110:
            yield Finding(message=f"the headline has {len(each.text.strip())} characters: {quoted(each.text)}", where=each.path)


@rule(Severity.WARNING, spec=_ARTICLE, hint="keep one, and put another into alternativeHeadline")
def jsonld_headline_several(document: Document) -> Iterator[Finding]:
    """An article has one headline; of several, readers take any."""
    for node in document.articles:
        headlines = document.texts(node, "headline")
        if len({each.text for each in headlines}) > 1 and not _by_language(node):
            yield Finding(message=f"the article has {len(headlines)} headlines", where=headlines[1].path)


def _by_language(node: Node) -> bool:
    return isinstance(node.data.get("headline"), dict) or any(isinstance(each, dict) for each in [*_listed(node.data.get("headline"))])


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _of_articles(document: Document, *names: str) -> Iterator[Value]:
    return (each for node in document.articles for each in document.of(node, *names))


# -- dates ----------------------------------------------------------------------------------------------------------------


@rule(Severity.INFO, spec=_ARTICLE, hint="add the date of first publication")
def jsonld_date_missing(document: Document) -> Iterator[Finding]:
    """Without a date the article cannot be shown as news."""
    for node in document.articles:
        if not document.has(node, "datePublished"):
            yield Finding(message="the article has no datePublished", where=node.path)


# -- authors --------------------------------------------------------------------------------------------------------------


@rule(Severity.INFO, spec=_AUTHOR, hint="name the author")
def jsonld_author_missing(document: Document) -> Iterator[Finding]:
    """Google asks for every author, as Person or Organization, with a name."""
    for node in document.articles:
        if not document.has(node, "author", "creator"):
            yield Finding(message="the article has no author", where=node.path)


@rule(Severity.WARNING, spec=_AUTHOR, hint='write {"@type": "Person", "name": …, "url": …}')
def jsonld_author_is_text(document: Document) -> Iterator[Finding]:
    """A bare name does not say whether it is a person or an organization, nor which of that name."""
    for each in _of_articles(document, "author", "creator"):
        if each.text.strip():
            yield Finding(message=f"the {each.name} is the text {quoted(each.text)}", where=each.path)


def _authors(document: Document) -> Iterator[tuple[Node, Path, Value]]:
    """Yield the authors of the articles, where they are, and the value that names them."""
    for each in _of_articles(document, "author"):
        node = document.meant(each)
        if node and node.data and not node.is_reference and not node.foreign:
            if document.is_a(node, "Role"):
                inner = [(document.meant(value), value) for value in document.of(node, "author")]
                yield from ((found, document.path_of(found, value), value) for found, value in inner if found and not found.is_reference)
            else:
                yield node, document.path_of(node, each), each


@rule(Severity.ERROR, spec=_AUTHOR, hint="give the author a name")
def jsonld_author_without_name(document: Document) -> Iterator[Finding]:
    """An author without a name is nobody."""
    for node, path, _ in document.once(_authors):
        if not document.has(node, "name") and not (document.has(node, "givenName") or document.has(node, "familyName")):
            yield Finding(message="the author has no name", where=path)


@rule(Severity.WARNING, spec=_AUTHOR, hint='add "@type": "Person" or "Organization"')
def jsonld_author_without_type(document: Document) -> Iterator[Finding]:
    """Google cannot tell a person from an organization without a type."""
    for node, path, _ in document.once(_authors):
        if not node.types and "@type" not in node.data:
            yield Finding(message="the author has no type", where=path)


@rule(Severity.INFO, spec=_AUTHOR, hint="give the author a url or sameAs, the address of a profile")
def jsonld_author_without_url(document: Document) -> Iterator[Finding]:
    """A profile tells authors of the same name apart."""
    for node, path, _ in document.once(_authors):
        if not document.has(node, "url", "sameAs") and not node.id.startswith("http"):
            yield Finding(message="the author has no profile", where=path)


def _author_names(document: Document) -> Iterator[tuple[Node, str, Path]]:
    for node, path, _ in document.once(_authors):
        for each in document.texts(node, "name"):
            yield node, each.text.strip(), each.path if node.path == path else path
    for each in _of_articles(document, "author"):
        if each.text.strip():
            yield each.owner, each.text.strip(), each.path


_ENGLISH_BY = re.compile(r"(?:written |posted |story |words )?[Bb][Yy](?::| )\s*\S|(?i:author|autor(?:in)?|auteur|text|texto): ?\S")
_OTHER_BY = re.compile(r"(?:Par|Von|Por|Door|Af|Av|Od|Przez|Di) [A-ZÀ-Þ]\w+ [A-ZÀ-Þ]")


@rule(Severity.WARNING, spec=_AUTHOR, hint="write the name only")
def jsonld_author_name_with_by(document: Document) -> Iterator[Finding]:
    """The name holds the name only: with "By" in front it is another author's than the one without."""
    for _, name, path in document.once(_author_names):
        if _is_after_by(name):
            yield Finding(message=f"the author is called {quoted(name)}", where=path)


def _is_after_by(name: str) -> bool:
    return bool(_ENGLISH_BY.match(name) or _OTHER_BY.match(name))


# Not y or e: "Santiago Ramón y Cajal" is one person.
_AND = re.compile(r"(?<!\s)\s++(?:and|und|et|en|og|och|&amp;|&|\+|with)\s+|(?:(?<!\s)\s++)?[;|]\s*")
_FULL_NAME = re.compile(
    r"(?:[A-ZÀ-ÞŁŚŠČŽİ][\w’'.-]*)(?:\s+(?:(?:van|von|de|du|des|da|do|das|af|el|zur|zum|di|del|der|den|dos|la|le|al|bin|ten|ter|zu)\s+)*[A-ZÀ-ÞŁŚŠČŽİ][\w’'.-]*)+"
)
_DEGREE = re.compile(r"(?:Ph\.?\s?D|M\.?D|J\.?D|M\.?A|B\.?A|MSc|BSc|MBA|RN|MPH|Jr|Sr|Esq|CFA|CPA|LLM|OBE|MBE|II|III|IV)\.?")


@rule(Severity.WARNING, spec=_AUTHOR, hint="give each author an object of its own, in a list")
def jsonld_author_several_in_one(document: Document) -> Iterator[Finding]:
    """Each author is one object: two names in one are taken for a third person, and neither author finds the article."""
    for node, name, path in document.once(_author_names):
        if not document.is_a(node, "Organization") and _are_several(name):
            yield Finding(message=f"the author is called {quoted(name)}", where=path)


def _are_several(name: str) -> bool:
    parts = [part for each in _AND.split(name[:300]) for part in each.split(", ") if not _DEGREE.fullmatch(part)]
    return len(parts) > 1 and all(map(_FULL_NAME.fullmatch, parts)) and not _TITLE.search(name)


_TITLE = re.compile(
    r"(?:[,|(/]|\s[–—-])\s*(?:(?:\w+\s+){0,3})?(?:reporter|editor|correspondent|staff|writer|journalist|columnist|contributor|producer|"
    r"photographer|bureau chief|redakteur(?:in)?|korrespondent(?:in)?|journaliste?|"
    r"rédact(?:eur|rice)|redactora?|periodista|analyst|critic)\b",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(r"(?:Dr|Prof|Mr|Mrs|Ms|Sir|Dame|Rev)\.? \S")


@rule(Severity.WARNING, spec=_AUTHOR, hint="put the title into jobTitle, or honorificPrefix")
def jsonld_author_name_with_title(document: Document) -> Iterator[Finding]:
    """The name holds the name only: a job or a title has a property of its own."""
    for node, name, path in document.once(_author_names):
        if not document.is_a(node, "Organization") and _has_title(name):
            yield Finding(message=f"the author is called {quoted(name)}", where=path)


def _has_title(name: str) -> bool:
    return bool(_TITLE.search(name[:300]) or _HONORIFIC.match(name))


_ADDRESS = re.compile(r"https?://|^www\.|[^\s@]+@[^\s@]+\.[a-z]{2,}")


@rule(Severity.WARNING, spec=_AUTHOR, hint="put the address into url or email, and the name into name")
def jsonld_author_name_is_address(document: Document) -> Iterator[Finding]:
    """The name of an author is no address."""
    for node, name, path in document.once(_author_names):
        if document.has(node, "name") and _ADDRESS.search(name[:300]):
            yield Finding(message=f"the author is called {quoted(name)}", where=path)


# -- publisher ------------------------------------------------------------------------------------------------------------


@rule(Severity.INFO, spec="https://schema.org/publisher", hint='add {"@type": "NewsMediaOrganization", "name": …, "url": …}')
def jsonld_publisher_missing(document: Document) -> Iterator[Finding]:
    """Nine articles in ten name their publisher; readers that are older than Google's present rules need it."""
    for node in document.articles:
        if not document.has(node, "publisher", "sourceOrganization", "provider"):
            yield Finding(message="the article has no publisher", where=node.path)


@rule(Severity.WARNING, spec="https://schema.org/publisher", hint="give the publisher a name")
def jsonld_publisher_without_name(document: Document) -> Iterator[Finding]:
    """A publisher without a name is nobody."""
    for each in _of_articles(document, "publisher"):
        node = document.meant(each)
        if (
            node
            and node.data
            and not node.is_reference
            and not node.foreign
            and not document.has(node, "name", "legalName", "alternateName")
        ):
            yield Finding(message="the publisher has no name", where=document.path_of(node, each))


# -- pictures -------------------------------------------------------------------------------------------------------------


def _pictures(document: Document) -> Iterator[tuple[Node, Path]]:
    """Yield the pictures of the articles that are described, and where they are."""
    for each in _of_articles(document, "image"):
        node = document.meant(each)
        if node and node.data and not node.is_reference and (not node.types or document.is_a(node, "ImageObject")):
            yield node, document.path_of(node, each)


@rule(Severity.INFO, spec=_ARTICLE, hint="add a picture, at best in several shapes (16:9, 4:3, 1:1)")
def jsonld_image_missing(document: Document) -> Iterator[Finding]:
    """Articles with pictures are shown larger."""
    for node in document.articles:
        if not document.has(node, "image", "thumbnailUrl", "primaryImageOfPage", "associatedMedia"):
            yield Finding(message="the article has no picture", where=node.path)


@rule(Severity.INFO, spec=_LICENSE, hint="add contentUrl, the address of the picture's file")
def jsonld_image_without_address(document: Document) -> Iterator[Finding]:
    """A picture is found by the address of its file; without, all that is said about it is about nothing."""
    for node, path in document.once(_pictures):
        if not document.has(node, "contentUrl", "url", "thumbnailUrl", "embedUrl") and not node.id.startswith("http"):
            yield Finding(message="the picture has no address", where=path)


@rule(Severity.WARNING, spec=_LICENSE, hint="write the address of the picture's file into contentUrl")
def jsonld_image_licence_without_address(document: Document) -> Iterator[Finding]:
    """Google shows a licence beside the picture that contentUrl names, and asks for it by that name."""
    for node in document.once(_licensed):
        if not document.has(node, "contentUrl"):
            yield Finding(message="the picture has a licence, but no contentUrl", where=node.path)


_OPEN_LICENCE = re.compile(r"https?://(?:www\.)?(?:creativecommons\.org|opendatacommons\.org|gnu\.org|spdx\.org)/")


def _licensed(document: Document) -> list[Node]:
    return [each for each in document.all("ImageObject") if document.has(each, "license", "acquireLicensePage")]


@rule(Severity.INFO, spec=_LICENSE, hint="add acquireLicensePage, the address where a licence can be had")
def jsonld_image_licence_without_page(document: Document) -> Iterator[Finding]:
    """With acquireLicensePage, Google links to where people can get the picture."""
    for node in document.once(_licensed):
        if not document.has(node, "acquireLicensePage") and not any(
            _OPEN_LICENCE.match(each.text) for each in document.of(node, "license")
        ):
            yield Finding(message="the picture has a licence, but no acquireLicensePage", where=node.path)


@rule(Severity.INFO, spec=_LICENSE, hint="add creditText, creator, copyrightNotice or license")
def jsonld_image_without_credit(document: Document) -> Iterator[Finding]:
    """Who took a picture, and on what terms, is shown in Google Images, and lost when the picture travels without."""
    for node, path in document.once(_pictures):
        if not document.has(node, "creditText", "creator", "copyrightNotice", "license", "copyrightHolder", "author"):
            yield Finding(message="the picture has no credit", where=path)


@rule(Severity.WARNING, spec=_ARTICLE, hint="use a larger picture: 1200 pixels wide for Discover")
def jsonld_image_small(document: Document) -> Iterator[Finding]:
    """Google asks for pictures of at least 50,000 pixels, and shows no smaller ones."""
    for node, path in document.once(_pictures):
        width, height = pixels(node.data.get("width")), pixels(node.data.get("height"))
        if width > 1 and height > 1 and width * height < 50_000:
            yield Finding(message=f"the picture has {width} × {height} pixels", where=path)


@rule(Severity.INFO, spec=_DISCOVER, hint="use a picture that is at least 1200 pixels wide")
def jsonld_image_narrow(document: Document) -> Iterator[Finding]:
    """Google Discover shows large pictures only where one is 1200 pixels wide or more."""
    widths = [(pixels(node.data.get("width")), path) for node, path in document.once(_pictures)]
    if widths and all(1 < width < 1200 for width, _ in widths):
        width, path = max(widths, key=lambda each: each[0])
        yield Finding(message=f"the widest picture has {width} pixels", where=path)


def pixels(value: object) -> int:
    """Return a width or height in pixels, 0 when it is not known."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e6:
        return int(value)
    found = re.fullmatch(r"\s*(\d{1,6})(?:\.\d+)?\s*(?:px|pixels?)?\s*", value) if isinstance(value, str) else None
    return int(found[1]) if found else 0


# -- what is not for free -------------------------------------------------------------------------------------------------


def _freedom(document: Document, node: Node) -> bool | None:
    for each in document.of(node, "isAccessibleForFree"):
        if isinstance(each.data, bool):
            return each.data
        return {"true": True, "false": False}.get(each.text.strip().lower().rpartition("/")[2])
    return None


def _parts(document: Document, node: Node) -> list[tuple[Node, Path]]:
    """Return the parts of an article that are marked as for free or not."""
    found = [(document.meant(each), each) for each in document.of(node, "hasPart")]
    return [
        (part, document.path_of(part, each)) for part, each in found if part and document.has(part, "isAccessibleForFree", "cssSelector")
    ]


@rule(Severity.WARNING, spec=_PAYWALL, hint='add hasPart with a WebPageElement, "isAccessibleForFree": false and its cssSelector')
def jsonld_paywall_without_part(document: Document) -> Iterator[Finding]:
    """Text that readers do not see looks like deceit unless the markup says which part of the page it is."""
    for node in document.articles:
        if _freedom(document, node) is False and not _parts(document, node):
            yield Finding(message="the article is not for free, and no part is named", where=(*node.path, "isAccessibleForFree"))


@rule(Severity.WARNING, spec=_PAYWALL, hint='write the class of the part, such as ".paywall"')
def jsonld_paywall_selector_wrong(document: Document) -> Iterator[Finding]:
    """Google finds the part that costs by its class, and by no other selector."""
    for node in document.articles:
        for part, path in _parts(document, node):
            selectors = [each.text.strip() for each in document.of(part, "cssSelector")]
            if not selectors and _freedom(document, part) is False and not document.has(part, "xpath", "xPath"):
                yield Finding(message="the part has no cssSelector", where=path)
            for each in selectors:
                if each and not re.fullmatch(r"\.-?[_a-zA-Z\\\u0080-\uffff][^\s,#\[:>]*(?:\s*,\s*\.[^\s,#\[:>]+)*", each):
                    yield Finding(message=f"the selector is {quoted(each)}", where=path)


@rule(Severity.WARNING, spec=_PAYWALL, hint='write "@type": "WebPageElement"')
def jsonld_paywall_part_wrong(document: Document) -> Iterator[Finding]:
    """The part of a page that costs is a WebPageElement; Google looks for that."""
    for node in document.articles:
        for part, path in _parts(document, node):
            if document.has(part, "cssSelector") and not document.is_a(part, "WebPageElement"):
                yield Finding(message=f"the part is a {quoted(' '.join(part.types) or 'thing')}", where=path)


@rule(Severity.WARNING, spec=_PAYWALL, hint="say false for the article, too")
def jsonld_paywall_contradicts(document: Document) -> Iterator[Finding]:
    """An article of which a part costs is not accessible for free."""
    for node in document.articles:
        if _freedom(document, node) is True and any(_freedom(document, part) is False for part, _ in _parts(document, node)):
            yield Finding(message="the article is for free, and a part of it is not", where=(*node.path, "isAccessibleForFree"))


# -- kinds of articles ----------------------------------------------------------------------------------------------------


@rule(Severity.INFO, spec="https://schema.org/LiveBlogPosting", hint="add coverageStartTime")
def jsonld_live_blog_without_start(document: Document) -> Iterator[Finding]:
    """The time when coverage began and ends tells whether a live blog is live."""
    for node in document.articles:
        if document.is_a(node, "LiveBlogPosting") and not document.has(node, "coverageStartTime"):
            yield Finding(message="the live blog does not say when it began", where=node.path)


@rule(Severity.WARNING, spec=_SPEAKABLE, hint="add cssSelector or xpath")
def jsonld_speakable_empty(document: Document) -> Iterator[Finding]:
    """What is to be read aloud is found by its selector or its path."""
    for node in document.all("SpeakableSpecification"):
        if not document.has(node, "cssSelector", "xpath", "xPath"):
            yield Finding(message="nothing is named to be spoken", where=node.path)
