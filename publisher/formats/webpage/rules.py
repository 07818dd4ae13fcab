"""What must hold for a page, as rules: HTML, links, what search engines and previews ask for, linked data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.formats.webpage import blocks, content, links, shown
from publisher.formats.webpage.page import Page, parsed
from publisher.linked.values import moment
from publisher.markup import Element
from publisher.problems import Finding, Problem, Severity, Unreadable, check_all, rule, rules_in
from publisher.schema import Json, JsonObject
from publisher.text import language, line

__all__ = ["check", "check_page"]

_SPEC = "https://html.spec.whatwg.org/multipage/"
_OPEN_GRAPH = "https://ogp.me/"
_GOOGLE = "https://developers.google.com/search/docs/appearance/structured-data/article"


def check(body: bytes) -> list[Problem]:
    """Return what is wrong with the page; never raise."""
    try:
        return check_page(parsed(body))
    except Unreadable as error:
        return list(error.problems)


def check_page(page: Page) -> list[Problem]:
    """Return what is wrong with a page that has been parsed."""
    return [*check_all(_RULES, page, page.locate), *(each for each in page.linked if each.code not in _SAID and not _is_picture(each))]


def _of(node: JsonObject, key: str) -> list[Json]:
    value = node.get(key)
    return value if isinstance(value, list) else [] if value is None else [value]


@rule(Severity.ERROR, spec=f"{_SPEC}semantics.html#charset", hint="save the page as UTF-8 and declare it")
def page_encoding_wrong(page: Page) -> Iterator[Finding]:
    """A page is in UTF-8, and what it declares is that."""
    declared = content.CHARSET.search(page.bytes[:4096])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        yield Finding(message=f"the page declares {declared[1].decode()!r}", where=_declaration(page))
    elif not _is_utf8(page.bytes):
        yield Finding(message="the page is not UTF-8", where=page.root)


def _declaration(page: Page) -> Element:
    named = (each for each in page.root.iter("meta") if each.get("charset") or "charset" in (each.get("content") or "").lower())
    return next(named, page.root)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


@rule(Severity.WARNING, spec="https://www.w3.org/TR/WCAG22/#language-of-page", hint='write <html lang="en">')
def page_lang_missing(page: Page) -> Iterator[Finding]:
    """Without its language a page is read out, hyphenated and translated wrongly."""
    if not page.root.get("lang"):
        yield Finding(message="the page has no language", where=page.root)


@rule(Severity.ERROR, spec=f"{_SPEC}dom.html#attr-lang", hint="write a BCP 47 tag, such as en or pt-BR")
def page_lang_invalid(page: Page) -> Iterator[Finding]:
    """The language is a valid BCP 47 tag."""
    if (given := page.root.get("lang")) and (language(given) is None or "_" in given):
        yield Finding(message=f"{given!r} is no language tag", where=page.root)


@rule(Severity.ERROR, spec=f"{_SPEC}semantics.html#the-title-element", hint="give the page a title")
def page_title_empty(page: Page) -> Iterator[Finding]:
    """The title is what tabs, bookmarks and search results show; it is not only white space."""
    if not any(content.said(each) for each in page.root.iter("title")):
        yield Finding(message="the page has no title", where=next(page.root.iter("title"), page.root))


@rule(Severity.ERROR, spec=f"{_SPEC}semantics.html#the-title-element", hint="keep one")
def page_title_twice(page: Page) -> Iterator[Finding]:
    """A document has one title; browsers and search engines take the first, some readers the last."""
    for each in [each for each in page.root.iter("title") if next(each.iterancestors("svg"), None) is None][1:]:
        yield Finding(message=f"there is a second title, {content.said(each) or ''!r}", where=each)


@rule(Severity.WARNING, spec="https://www.w3.org/WAI/tutorials/page-structure/headings/", hint="make the headline, and only that, an h1")
def page_h1_not_one(page: Page) -> Iterator[Finding]:
    """The headline is the one h1."""
    if (count := len(page.headings)) != 1:
        yield Finding(message=f"the page has {count} h1 elements", where=page.headings[1] if count else page.root)


@rule(Severity.WARNING, spec="https://www.w3.org/WAI/tutorials/page-structure/headings/", hint="use the next level")
def page_heading_level_skipped(page: Page) -> Iterator[Finding]:
    """Headings leave no level out on the way down."""
    before = 1
    for each in page.root.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(str(each.tag)[1])
        if level > before + 1:
            yield Finding(message=f"h{level} follows h{before}", where=each)
        before = level


@rule(Severity.ERROR, spec=f"{_SPEC}dom.html#the-id-attribute", hint="give each its own id")
def page_id_duplicate(page: Page) -> Iterator[Finding]:
    """No two elements have the same id, or links to it go wrong."""
    ids = page.ids  # far faster than looking at every element
    seen: set[str] = set()
    for each in page.root.iter() if len(ids) != len(set(ids)) else ():
        if (name := each.get("id")) is not None:
            if name in seen:
                yield Finding(message=f"the id {name!r} is there twice", where=each)
            seen.add(name)


@rule(Severity.ERROR, spec=f"{_SPEC}images.html#alt", hint='write what it shows, or alt="" when it only decorates')
def page_image_without_alt(page: Page) -> Iterator[Finding]:
    """Every picture has alternative text, be it empty."""
    for each in page.root.iter("img"):
        if each.get("alt") is None:
            yield Finding(message=f"the picture {each.get('src') or ''!r} has no alt", where=each)


_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,3})?)?"
_VALID_TIME = re.compile(
    rf"\d{{4,}}-\d\d(?:-\d\d(?:[T ]{_TIME}(?:Z|[+-]\d\d:?\d\d)?)?)?|(?:--)?\d\d-\d\d|{_TIME}|Z|[+-]\d\d:?\d\d|\d{{4,}}(?:-W\d\d)?|"
    r"P(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d{1,3})?S)?)?(?<!P)|(?:\s*\d+(?:\.\d{1,3}(?=\s*[sS]))?\s*[wdhmsWDHMS]\s*)+"
)


@rule(
    Severity.WARNING, spec=f"{_SPEC}text-level-semantics.html#datetime-value", hint="write it as in 2018-10-24 or 2018-10-24T08:00:00+01:00"
)
def page_time_malformed(page: Page) -> Iterator[Finding]:
    """Browsers, search engines and reading modes understand the dates of HTML, and pass over others."""
    for each in page.times:
        given = each.get("datetime")
        if given is not None and not _is_time(given[:100]):
            yield Finding(message=f"the time is {given[:80]!r}", where=each)


def _is_time(given: str) -> bool:
    day = re.match(r"\d{4}-\d\d-\d\d", given)
    return bool(_VALID_TIME.fullmatch(given)) and (day is None or moment(day[0]) is not None)


@rule(Severity.ERROR, spec=f"{_SPEC}semantics.html#the-link-element", hint="give it an href, or leave it out")
def page_link_without_address(page: Page) -> Iterator[Finding]:
    """A link element says where it goes."""
    for each in page.root.iter("link"):
        if not (each.get("href") or each.get("imagesrcset") or "").strip():
            yield Finding(message=f"the link {each.get('rel') or ''!r} goes nowhere", where=each)


@rule(Severity.WARNING, spec="https://www.w3.org/WAI/WCAG22/Understanding/resize-text.html", hint="add the viewport meta element")
def page_viewport_missing(page: Page) -> Iterator[Finding]:
    """Without a viewport, phones show the page tiny."""
    if not page.meta("viewport"):
        yield Finding(message="the page has no viewport", where=page.root)


@rule(Severity.INFO, spec="https://developers.google.com/search/docs/appearance/snippet", hint="add a meta description")
def page_description_missing(page: Page) -> Iterator[Finding]:
    """The description is what search results show below the title; a page that is not to be found, or searches itself, needs none."""
    if not page.meta("description") and not page.is_hidden and not page.is_search:
        yield Finding(message="the page has no description", where=page.root)


@rule(
    Severity.INFO, spec="https://developers.google.com/search/docs/appearance/google-discover", hint="add max-image-preview:large to robots"
)
def page_preview_small(page: Page) -> Iterator[Finding]:
    """Google Discover shows large pictures only where the page allows it."""
    image = page.meta("og:image")
    if image and "max-image-preview:large" not in page.meta("robots") and not page.is_hidden:
        yield Finding(message=f"only a small preview of {image!r} is allowed", where=page.metas["og:image"][0][1])


# -- links -----------------------------------------------------------------------------------------------------------------

_CANONICAL = "https://developers.google.com/search/docs/crawling-indexing/consolidate-duplicate-urls"
_AUTODISCOVERY = "https://www.rssboard.org/rss-autodiscovery"


@rule(Severity.WARNING, spec=_CANONICAL, hint='add <link rel="canonical"> with the address of the article')
def page_canonical_missing(page: Page) -> Iterator[Finding]:
    """The canonical link names the one address of an article that can be reached at several; a page that is not to be found needs none."""
    if not page.canonicals and not page.is_hidden:
        yield Finding(message="the page has no canonical link", where=page.root)


@rule(Severity.WARNING, spec=_CANONICAL, hint="write the whole address with https://")
def page_canonical_relative(page: Page) -> Iterator[Finding]:
    """A relative canonical link names another address wherever the page is copied to."""
    for each in page.canonicals:
        if (href := (each.get("href") or "").strip()) and not href.startswith(("http://", "https://")):
            yield Finding(message=f"the canonical link is {href!r}", where=each)


@rule(Severity.WARNING, spec=_CANONICAL, hint="keep one")
def page_canonical_twice(page: Page) -> Iterator[Finding]:
    """Where canonical links disagree, search engines heed none."""
    if len({each.get("href") for each in page.canonicals}) > 1:
        yield Finding(message=f"the page has {len(page.canonicals)} canonical links", where=page.canonicals[1])


@rule(Severity.INFO, spec=_AUTODISCOVERY, hint='add <link rel="alternate" type="application/rss+xml" title="…">')
def page_feed_missing(page: Page) -> Iterator[Finding]:
    """A link to the feed lets readers subscribe by giving the page's address."""
    if not page.feeds and not page.is_redirect:
        yield Finding(message="the page names no feed", where=page.root)


@rule(Severity.INFO, spec=_AUTODISCOVERY, hint="add a title")
def page_feed_untitled(page: Page) -> Iterator[Finding]:
    """The title tells people which feed to choose."""
    for each in page.feeds:
        if not line(each.get("title")):
            yield Finding(message=f"the feed {each.get('href') or ''!r} has no title", where=each)


@rule(Severity.INFO, spec=_OPEN_GRAPH, hint="give the article a picture, or the publication one for all (`image` in publisher.toml)")
def page_open_graph_without_image(page: Page) -> Iterator[Finding]:
    """Open Graph asks for og:image, which is what links in messages are shown with."""
    if not page.meta("og:image") and not page.is_redirect:
        yield Finding(message="the page has no og:image", where=page.root)


@rule(Severity.WARNING, spec=_OPEN_GRAPH, hint="add the missing property")
def page_open_graph_incomplete(page: Page) -> Iterator[Finding]:
    """Open Graph requires og:title, og:type and og:url, which is what links in messages are shown with.

    A page that is not to be found is not shared, and has no address of its own: it says that there is none.
    """
    for name in ("og:title", "og:type", "og:url"):
        if not page.meta(name) and not page.is_hidden:
            yield Finding(message=f"the page has no {name}", where=page.root)


# -- linked data -----------------------------------------------------------------------------------------------------------

_IN_SCRIPT = f"{_SPEC}scripting.html#restrictions-for-contents-of-script-elements"
_JSON = "https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents"


@rule(Severity.ERROR, spec=_JSON, hint="write it with a JSON library")
def page_json_ld_malformed(page: Page) -> Iterator[Finding]:
    """JSON-LD is JSON: most readers leave out a block with a mistake in it, and some all blocks of the page."""
    yield from page.said("jsonld-malformed", "jsonld-colon-missing", "jsonld-unclosed", "jsonld-too-deep")


@rule(Severity.ERROR, spec=_IN_SCRIPT, hint=r"write < as \u003c in JSON-LD")
def page_json_ld_cut_short(page: Page) -> Iterator[Finding]:
    """`</script>` within a string ends the block, and what follows runs as part of the page."""
    yield from page.said("jsonld-string-unclosed")


@rule(Severity.ERROR, spec=_IN_SCRIPT, hint=r"write < as \u003c in JSON-LD")
def page_json_ld_swallows_the_page(page: Page) -> Iterator[Finding]:
    """After `<!--` and `<script` the next `</script>` doesn't end the block, so that browsers show nothing of what follows."""
    for each in page.blocks:
        if each.swallows:
            yield Finding(message="the JSON-LD has <!-- and then <script in it", where=each.script)


@rule(Severity.ERROR, spec=f"{_SPEC}syntax.html#writing", hint="move it into the head")
def page_json_ld_after_html(page: Page) -> Iterator[Finding]:
    """Nothing but comments follows the end of the document; readers miss what does."""
    text = page.text
    end = re.search(r"</html\s*>", text, re.IGNORECASE)
    if end and (found := re.compile(r"<script[^<>]*ld\+json", re.IGNORECASE).search(text, end.end())):
        yield Finding(message="there is JSON-LD after </html>", line=text.count("\n", 0, found.start()) + 1)


@rule(Severity.WARNING, spec=_GOOGLE, hint="add NewsArticle JSON-LD to the head")
def page_json_ld_missing(page: Page) -> Iterator[Finding]:
    """Without linked data, search engines and archives guess the headline, the dates and the authors."""
    if not page.blocks and not page.is_redirect:
        yield Finding(message="the page has no JSON-LD", where=page.root)


@rule(Severity.WARNING, spec=_GOOGLE, hint='give the article "@type": "NewsArticle"')
def page_json_ld_not_an_article(page: Page) -> Iterator[Finding]:
    """The page's linked data describes its article; a page that lists others has none, nor one that is not to be found."""
    if page.article is None and not page.is_list and not page.is_hidden and any(each.data is not None for each in page.blocks):
        yield Finding(message="no node of the JSON-LD is an article", where=page.blocks[0].script)


@rule(Severity.WARNING, spec="https://developers.google.com/search/docs/appearance/structured-data/sd-policies", hint="use one headline")
def page_headline_differs(page: Page) -> Iterator[Finding]:
    """Linked data says what the page shows."""
    headline, said = content.string(page.node, "headline"), [content.said(each) for each in page.headings]
    if headline and said and (line(headline) or "").casefold() not in [(each or "").casefold() for each in said]:
        yield Finding(message=f"the headline is {headline!r} in the JSON-LD and {said[0] or ''!r} on the page", where=page.headings[0])


@rule(Severity.WARNING, spec=_GOOGLE, hint="add the offset, such as +01:00")
def page_date_without_zone(page: Page) -> Iterator[Finding]:
    """A time without an offset is taken for one where the search engine is."""
    yield from page.said("jsonld-date-without-zone")


@rule(Severity.WARNING, spec=_GOOGLE, hint="correct one of the dates")
def page_modified_before_published(page: Page) -> Iterator[Finding]:
    """An article is not modified before it is published."""
    yield from page.said("jsonld-modified-before-published")


@rule(Severity.WARNING, spec=_GOOGLE, hint="give the author a name")
def page_author_without_name(page: Page) -> Iterator[Finding]:
    """An author has a name."""
    yield from page.said("jsonld-author-without-name")


@rule(Severity.INFO, spec=_GOOGLE, hint="give the author a url or sameAs")
def page_author_without_url(page: Page) -> Iterator[Finding]:
    """A profile tells authors of the same name apart."""
    yield from page.said("jsonld-author-without-url")


@rule(Severity.WARNING, spec=_GOOGLE, hint="write the whole address with https://")
def page_image_relative(page: Page) -> Iterator[Finding]:
    """Pictures in linked data and Open Graph have absolute addresses, since they are read away from the page."""
    yield from page.said("jsonld-url-relative", accept=_is_picture)
    for said, each in page.metas.get("og:image", ()):
        if not re.match("[a-z]+:", said, re.IGNORECASE):
            yield Finding(message=f"og:image is {said!r}, without a scheme", where=each)


def _is_picture(problem: Problem) -> bool:
    """Return whether a problem is about the address of a picture, for which pages have a rule of their own."""
    return problem.code == "jsonld-url-relative" and bool(re.search("/(image|contentUrl|thumbnailUrl|logo)", problem.location.pointer))


@rule(Severity.INFO, spec=_GOOGLE, hint="add width and height in pixels")
def page_image_without_size(page: Page) -> Iterator[Finding]:
    """With its size known, a picture can be chosen without loading it."""
    for number, each in enumerate(_of(page.node, "image")):
        if isinstance(each, dict) and content.string(each, "contentUrl") and not {"width", "height"} <= set(each):
            yield Finding(message="the picture has no size", where=page.script, pointer=f"image[{number}]")


SUBJECTS = (links, blocks, shown)
"""Where the other rules for pages are."""
_RULES = (*rules_in(globals()), *(each for subject in SUBJECTS for each in rules_in(vars(subject))))
_SAID = frozenset(
    f"jsonld-{each}"
    for each in (
        *("malformed", "colon-missing", "unclosed", "too-deep", "string-unclosed"),
        *("date-without-zone", "modified-before-published", "author-without-name", "author-without-url"),
    )
)
"""Rules for JSON-LD that pages had under another name before."""
