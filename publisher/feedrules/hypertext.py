"""Rules for the HTML in a feed: what readers take out, cannot resolve or show as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.feedrules.feed import Feed, name_of
from publisher.feeds import XML
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule, shown

_PROFILE = "https://www.rssboard.org/rss-profile#data-types-characterdata"
_SECURITY = "https://www.rfc-editor.org/rfc/rfc4287#section-8.1"
_HTML = "https://html.spec.whatwg.org/multipage/"

_SCRIPTS = ("script", "applet", "meta", "base", "link", "style", "title", "noscript")
_EMBEDS = ("iframe", "object", "embed", "form")
_PAIRED = ("a", "b", "strong", "i", "em", "u", "div", "span", "ul", "ol", "blockquote", "table", "h1", "h2", "h3", "h4", "pre", "code")
_PAIRS = tuple((name, f"/{name}") for name in _PAIRED)
_ADDRESSES = ("href", "src", "poster", "cite")
_ABSOLUTE = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|#|$)")
_OUT_OF_PLACE = re.compile(r"position\s*:\s*(?:absolute|fixed)|expression\s*\(|javascript:|-moz-binding|behavior\s*:", re.IGNORECASE)
_ESCAPED_TWICE = re.compile(r"\s*&lt;(?:p|div|br|a|img|b|i|em|strong|h[1-6]|ul|ol|table|span)\b[^<>]*&gt;", re.IGNORECASE)


@rule(Severity.WARNING, spec=_SECURITY, hint="leave it out")
def feed_html_script(feed: Feed) -> Iterator[Finding]:
    """Readers take scripts, style sheets and heads of documents out, some with all that follows."""
    for each, html in feed.hypertext:
        if names := [name for name in _SCRIPTS if name in html.names]:
            yield Finding(message=f"there is <{names[0]}> in {name_of(each.tag)}", where=each)


@rule(Severity.INFO, spec=_SECURITY, hint="add a link to the same for those who do not see it")
def feed_html_embedded(feed: Feed) -> Iterator[Finding]:
    """feedparser and reader take frames and forms out; miniflux keeps those of a few sites."""
    for each, html in feed.hypertext:
        if names := [name for name in _EMBEDS if name in html.names]:
            yield Finding(message=f"there is <{names[0]}> in {name_of(each.tag)}", where=each)


@rule(Severity.WARNING, spec=_SECURITY, hint="leave it out")
def feed_html_handler(feed: Feed) -> Iterator[Finding]:
    """No reader runs onclick and the like, or opens javascript: addresses; careful ones drop the whole element."""
    for each, html in feed.hypertext:
        for _, name, value in html.attributes:
            if (name.startswith("on") and name.isalpha() and len(name) > 4) or value[:11].lower() == "javascript:":
                yield Finding(message=f"there is {name}={shown(value)} in {name_of(each.tag)}", where=each)
                break


@rule(Severity.WARNING, spec=_SECURITY, hint="leave the style out")
def feed_html_position(feed: Feed) -> Iterator[Finding]:
    """Text that places itself covers the reader's own page, so readers take such styles out."""
    for each, html in feed.hypertext:
        for _, name, value in html.attributes:
            if name == "style" and _OUT_OF_PLACE.search(value):
                yield Finding(message=f"there is style={shown(value)} in {name_of(each.tag)}", where=each)
                break


@rule(Severity.WARNING, spec=_PROFILE, hint="write whole addresses with https://")
def feed_html_relative(feed: Feed) -> Iterator[Finding]:
    """newsboat and sfeed keep relative addresses, feedparser and miniflux resolve them differently: pictures are missing.

    In Atom they are relative to xml:base where there is one (RFC 4287, 2); RSS has nothing of the kind.
    """
    based = feed.root.tag != "rss" and b"xml:base" in feed.body
    for each, html in feed.hypertext:
        if based and _base(each):
            continue
        for tag, name, value in html.attributes:
            if name in _ADDRESSES and tag != "param" and not _ABSOLUTE.match(value):
                yield Finding(message=f"there is {name}={shown(value)} in {name_of(each.tag)}", where=each)
                break


def _base(element: Element) -> bool:
    return any(each.get(f"{XML}base") for each in (element, *element.iterancestors()))


@rule(Severity.WARNING, spec=_PROFILE, hint="escape the markup once, or put it into a CDATA section as it is")
def feed_html_escaped_twice(feed: Feed) -> Iterator[Finding]:
    """Markup that is escaped twice is a text about markup: every reader shows the tags."""
    for each in feed.markup:
        text = each.text or ""
        if "<" not in text and "&lt;" in text and (found := _ESCAPED_TWICE.match(text)):
            yield Finding(message=f"{name_of(each.tag)} begins with {shown(found[0].strip())}", where=each)


@rule(Severity.WARNING, spec=f"{_HTML}syntax.html#optional-tags", hint="close every element, and cut texts between elements")
def feed_html_unbalanced(feed: Feed) -> Iterator[Finding]:
    """What one entry opens and does not close goes on in the rest of the page: all that follows is in bold."""
    for each, html in feed.hypertext:
        names = html.names
        for name, end in _PAIRS:
            if names.get(name) != names.get(end):
                counts = f"{names[name]} <{name}> and {names[end]} </{name}>"
                yield Finding(message=f"in {name_of(each.tag)} there are {counts}", where=each)
                break


@rule(Severity.WARNING, spec=_PROFILE, hint="write only what is in the body of the page")
def feed_html_document(feed: Feed) -> Iterator[Finding]:
    """A whole page inside a feed is no part of the reader's page: its head is shown as text, or all is dropped."""
    for each, html in feed.hypertext:
        if names := [name for name in ("html", "head", "body", "frameset") if name in html.names]:
            yield Finding(message=f"there is <{names[0]}> in {name_of(each.tag)}", where=each)


@rule(Severity.INFO, spec=f"{_HTML}images.html#alt", hint='add alt, or alt="" for decoration')
def feed_html_picture_silent(feed: Feed) -> Iterator[Finding]:
    """People who cannot see a picture, and readers in a terminal such as newsboat, have its alt text only."""
    for each, html in feed.hypertext:
        if html.silent_pictures:
            yield Finding(message=f"there is a picture without alt in {name_of(each.tag)}", where=each)
