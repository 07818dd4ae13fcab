"""Rules about the blocks of JSON-LD in a page: where they are, how they are marked, and whether they say what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.formats.webpage import content
from publisher.formats.webpage.page import Page
from publisher.formats.webpage.shown import are_apart
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule

_JSON_LD = "https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents"
_SCRIPT = "https://html.spec.whatwg.org/multipage/scripting.html"
_POLICIES = "https://developers.google.com/search/docs/appearance/structured-data/sd-policies"
_PAYWALL = "https://developers.google.com/search/docs/appearance/structured-data/paywalled-content"

_NEARLY = re.compile(
    r"(?:application|text)/(?:ld[-_./ ]json|json[-+_]?ld|jsonld|ld\+jason|ldjson|schema\+json)|text/ld\+json|ld\+json", re.I
)
_SCRIPTS = ("", "text/javascript", "application/javascript", "module")
_JSON = ("application/json", "text/json")
_CONTEXT = re.compile(r'"@context"\s*+:\s*+(?:\[\s*+)?"https?://(?:www\.)?schema\.org')
_LINKED = re.compile(r'\s*(?:\[\s*)?\{\s*"@(?:context|graph|type|id)"\s*:')


@rule(Severity.ERROR, spec=_JSON_LD, hint='write type="application/ld+json"')
def page_json_ld_wrong_type(page: Page) -> Iterator[Finding]:
    """Readers find JSON-LD by the type of its script, and nothing else; without one, browsers even run it."""
    for each in page.root.iter("script"):
        given = (each.get("type") or "").strip().lower()
        if _NEARLY.fullmatch(given) or (given in (*_SCRIPTS, *_JSON) and each.get("src") is None and _is_linked(each, given)):
            yield Finding(message=f"the script with JSON-LD has the type {given!r}", where=each)


def _is_linked(script: Element, given: str) -> bool:
    """Return whether a script looks like JSON-LD; what is said to be other JSON, only when it names schema.org."""
    start = (script.text or "")[:200]
    return bool(_LINKED.match(start)) and (given not in _JSON or bool(_CONTEXT.search(start)))


@rule(Severity.WARNING, spec=_JSON_LD, hint='write type="application/ld+json", without more')
def page_json_ld_type_unusual(page: Page) -> Iterator[Finding]:
    """Some readers compare the type letter by letter, and miss one with a charset, in capitals or with spaces (extruct 0.18)."""
    for each in page.blocks:
        if (given := each.script.get("type")) != content.DATA:
            yield Finding(message=f"the type is {given!r}", where=each.script)


@rule(Severity.ERROR, spec=f"{_SCRIPT}#attr-script-src", hint="put the JSON-LD itself into the page")
def page_json_ld_elsewhere(page: Page) -> Iterator[Finding]:
    """A block of data has no `src`: nobody loads it from there."""
    for each in page.blocks:
        if each.script.get("src") is not None:
            yield Finding(message=f"the JSON-LD is at {each.script.get('src')!r}", where=each.script)


@rule(Severity.INFO, spec=_JSON_LD, hint="take it out of the comment, or away")
def page_json_ld_in_comment(page: Page) -> Iterator[Finding]:
    """Nobody reads what is in a comment."""
    for start, end in _comments(page.text) if page.text.count("ld+json") > len(page.blocks) else ():
        if re.search(r"<script[^<>]*ld\+json", page.text[start:end], re.IGNORECASE):
            yield Finding(message="there is JSON-LD in a comment", line=page.text.count("\n", 0, start) + 1)


def _comments(text: str) -> Iterator[tuple[int, int]]:
    start = text.find("<!--")
    while start >= 0 and (end := text.find("-->", start + 4)) >= 0:
        yield start, end
        start = text.find("<!--", end)


@rule(Severity.WARNING, spec="https://html.spec.whatwg.org/multipage/scripting.html#the-template-element", hint="move it into the head")
def page_json_ld_in_template(page: Page) -> Iterator[Finding]:
    """What is in a template is not part of the page until a script puts it there."""
    for each in page.blocks:
        if any(parent.tag == "template" for parent in each.script.iterancestors()):
            yield Finding(message="there is JSON-LD in a template", where=each.script)


@rule(Severity.INFO, spec=_POLICIES, hint="keep one")
def page_json_ld_twice(page: Page) -> Iterator[Finding]:
    """The same block twice says nothing more, and hides that only one of them will be kept up to date."""
    seen: set[str] = set()
    for each in page.blocks:
        text = each.text.strip()
        if text and text in seen:
            yield Finding(message="the same JSON-LD is there twice", where=each.script)
        seen.add(text)


@rule(Severity.WARNING, spec=_POLICIES, hint="say the same date in both")
def page_dates_differ(page: Page) -> Iterator[Finding]:
    """Where JSON-LD and Open Graph name other days, search engines and aggregators sort the article differently, or trust neither."""
    for key, name in (("datePublished", "article:published_time"), ("dateModified", "article:modified_time")):
        ours, theirs = content.string(page.node, key), page.meta(name)
        if ours and theirs and are_apart(ours.strip(), theirs):
            yield Finding(message=f"{key} is {ours!r}, {name} is {theirs!r}", where=page.metas[name][0][1])


@rule(Severity.INFO, spec=_PAYWALL, hint="give the part that class, or name the class that it has")
def page_paywall_class_missing(page: Page) -> Iterator[Finding]:
    """The selector of what is not for free names a class of the page; where it is not in the HTML, a script has to put it there."""
    parts = page.node.get("hasPart")
    named = [content.string(each, "cssSelector") for each in (parts if isinstance(parts, list) else [parts]) if isinstance(each, dict)]
    classes = {name for each in page.root.iter("*") for name in (each.get("class") or "").split()} if named else ()
    for each in named:
        if (found := re.fullmatch(r"\s*\.([\w-]+)\s*", each)) and found[1] not in classes:
            yield Finding(message=f"no element has the class {found[1]!r}", where=page.script)
