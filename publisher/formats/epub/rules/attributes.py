"""Attributes of HTML in pages: which an element can have, must have, and with which values (HTML, 3.2.6 and the elements)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from publisher.cleaner import local_name
from publisher.formats.epub.rules.book import HTML, HTML_SPEC, Book, at, nearest, quoted
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule

_OBSOLETE: Mapping[str, frozenset[str]] = {
    "align": frozenset("caption col div embed h1 h2 h3 h4 h5 h6 hr iframe img legend object p table tbody td tfoot th thead tr".split()),
    "valign": frozenset("col tbody td tfoot th thead tr".split()),
    "bgcolor": frozenset("body table tbody td tfoot th thead tr".split()),
    "background": frozenset("body table td th".split()),
    "width": frozenset("col hr pre table td th".split()),
    "height": frozenset("table td th tr".split()),
    "nowrap": frozenset("td th".split()),
    "cellpadding": frozenset(["table"]),
    "cellspacing": frozenset(["table"]),
    "frame": frozenset(["table"]),
    "rules": frozenset(["table"]),
    "hspace": frozenset("img object".split()),
    "vspace": frozenset("img object".split()),
    "noshade": frozenset(["hr"]),
    "size": frozenset(["hr"]),
    "compact": frozenset("dl ol ul".split()),
    "type": frozenset("ul li".split()),
    "summary": frozenset(["table"]),
    "axis": frozenset("td th".split()),
    "abbr": frozenset(["td"]),
    "charset": frozenset(["a"]),
    "rev": frozenset("a link".split()),
    "longdesc": frozenset("img iframe".split()),
    "name": frozenset(["img"]),
    "clear": frozenset(["br"]),
    **{name: frozenset(["body"]) for name in ("text", "link", "vlink", "alink")},
}
_GLOBAL = frozenset(
    "accesskey autocapitalize autocorrect autofocus class contenteditable dir draggable enterkeyhint exportparts headingoffset "
    "headingreset hidden id inert inputmode is lang nonce part popover role slot spellcheck style tabindex title translate "
    "writingsuggestions itemid itemprop itemref itemscope itemtype about content datatype inlist prefix property rel resource rev "
    "typeof vocab".split()
)
"""Those of HTML, and of microdata and RDFa, which pages of books may have, too."""
_OWN: Mapping[str, frozenset[str]] = {
    name: frozenset(attributes.split())
    for name, attributes in {
        "a": "download href hreflang name ping referrerpolicy target type",
        "area": "alt coords download href ping referrerpolicy shape target",
        "audio": "autoplay controls crossorigin loading loop muted preload src",
        "base": "href target",
        "blockquote": "cite",
        "button": "command commandfor disabled form formaction formenctype formmethod formnovalidate formtarget name popovertarget "
        "popovertargetaction type value",
        "canvas": "height width",
        "col": "span",
        "colgroup": "span",
        "data": "value",
        "del": "cite datetime",
        "details": "name open",
        "dialog": "closedby open",
        "embed": "height src type width",
        "fieldset": "disabled form name",
        "form": "accept-charset action autocomplete enctype method name novalidate target",
        "iframe": "allow allowfullscreen height loading name referrerpolicy sandbox src srcdoc width",
        "img": "alt border crossorigin decoding fetchpriority height ismap loading referrerpolicy sizes src srcset usemap width",
        "input": "accept alpha alt autocomplete capture checked colorspace dirname disabled form formaction formenctype formmethod "
        "formnovalidate formtarget height list max maxlength min minlength multiple name pattern placeholder popovertarget "
        "popovertargetaction readonly required size src step switch type value width",
        "ins": "cite datetime",
        "label": "for",
        "li": "value",
        "link": "as blocking color crossorigin disabled fetchpriority href hreflang imagesizes imagesrcset integrity media referrerpolicy "
        "sizes type",
        "map": "name",
        "meta": "charset http-equiv media name",
        "meter": "high low max min optimum value",
        "object": "data form height name type usemap width",
        "ol": "reversed start type",
        "optgroup": "disabled label",
        "option": "disabled label selected value",
        "output": "for form name",
        "param": "name value",
        "progress": "max value",
        "q": "cite",
        "script": "async blocking charset crossorigin defer fetchpriority integrity language nomodule referrerpolicy src type",
        "select": "autocomplete disabled form multiple name required size",
        "slot": "name",
        "source": "height media sizes src srcset type width",
        "style": "blocking media type",
        "table": "border",
        "td": "colspan headers rowspan scope",  # `epub-scope-wrong` says what is wrong with a scope
        "template": "shadowrootclonable shadowrootcustomelementregistry shadowrootdelegatesfocus shadowrootmode shadowrootserializable",
        "textarea": "autocomplete cols dirname disabled form maxlength minlength name placeholder readonly required rows wrap",
        "th": "abbr colspan headers rowspan scope",
        "time": "datetime",
        "track": "default kind label src srclang",
        "video": "autoplay controls crossorigin height loading loop muted playsinline poster preload src width",
    }.items()
}
_PLAIN = frozenset(
    "abbr address article aside b bdi bdo body br caption cite code datalist dd dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 "
    "h6 head header hgroup hr html i kbd legend main mark menu nav noscript p picture pre rp rt rtc ruby s samp search section small span "
    "strong sub summary sup tbody tfoot thead title tr u ul var wbr".split()
)
"""Elements that have no attributes of their own."""
_OLD = frozenset(
    "abbr archive char charoff charset cite classid codebase codetype compact coords datetime declare event for language nohref profile "
    "scheme shape standby target valuetype version".split()
)
"""What XHTML 1.1, which EPUB 2 is written in, has beyond it."""
_OF_ANY_NAME = re.compile(r"\{|aria-|data-|on[a-z]")
_BOOLEANS = frozenset(
    "allowfullscreen async autofocus autoplay checked controls default defer disabled formnovalidate hidden inert ismap itemscope loop "
    "multiple muted nomodule novalidate open playsinline readonly required reversed selected".split()
)
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "img": ("src",),
    "link": ("rel", "property", "itemprop"),
    "map": ("name",),
    "data": ("value",),
    "meter": ("value",),
    "optgroup": ("label",),
    "track": ("src",),
}
"""Attributes of which an element has one."""
_REQUIRED_IN_EPUB_2: Mapping[str, tuple[str, ...]] = {"img": ("src",)}
_POSITIVE, _WHOLE = re.compile(r"\s*\+?0*[1-9]\d*\s*"), re.compile(r"\s*[+-]?\d+\s*")
_NOT_NEGATIVE = re.compile(r"\s*\+?\d+\s*")
_NUMBERS: Mapping[str, tuple[re.Pattern[str], frozenset[str]]] = {
    "width": (_NOT_NEGATIVE, frozenset("img video canvas iframe".split())),
    "height": (_NOT_NEGATIVE, frozenset("img video canvas iframe".split())),
    "colspan": (_POSITIVE, frozenset("td th".split())),
    "rowspan": (_NOT_NEGATIVE, frozenset("td th".split())),
    "span": (_POSITIVE, frozenset("col colgroup".split())),
    "start": (_WHOLE, frozenset(["ol"])),
    "value": (_WHOLE, frozenset(["li"])),
}


@rule(Severity.ERROR, spec=f"{HTML_SPEC}obsolete.html#non-conforming-features", hint="say it in CSS")
def epub_attribute_obsolete(book: Book) -> Iterator[Finding]:
    """How things look is said in CSS; these attributes fix it where readers want to choose."""
    for page in book.pages.values():
        written = page.attributes if not book.is_2 else frozenset()
        for name, elements in ((name, _OBSOLETE[name]) for name in _OBSOLETE if name in written):
            for each in page.html(*sorted(elements)):
                if (value := each.get(name)) is not None:
                    yield at(each, f"{name} of {local_name(each)} is {quoted(value)}")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}dom.html#global-attributes", hint="take it out, or begin its name with data-")
def epub_attribute_unknown(book: Book) -> Iterator[Finding]:
    """An attribute that the element does not have says nothing to a reading system."""
    for page in book.pages.values():
        for name in sorted(page.html_names):
            known = _known(name, old=book.is_2)
            for each in page.html(name) if known else ():
                # As a whole first: nearly every element has nothing else.
                if not known.issuperset(each.keys()):
                    yield from _unknown(each, name, known)


def _known(name: str, *, old: bool) -> frozenset[str]:
    known = _KNOWN.get(name, frozenset())
    return known | _OLD | _OBSOLETE.keys() if old and known else known


_KNOWN: Mapping[str, frozenset[str]] = {name: _GLOBAL | _OWN.get(name, frozenset()) for name in (*_OWN, *_PLAIN)}


def _unknown(element: Element, name: str, known: Collection[str]) -> Iterator[Finding]:
    for attribute in map(str, element.keys()):
        if attribute not in known and name not in _OBSOLETE.get(attribute, ()) and not _OF_ANY_NAME.match(attribute):
            yield at(element, f"{name} has no attribute {quoted(attribute)}", nearest(attribute, known))


@rule(
    Severity.ERROR,
    spec=f"{HTML_SPEC}common-microsyntaxes.html#boolean-attributes",
    hint="take it out to say no; to say yes repeat its name",
)
def epub_boolean_malformed(book: Book) -> Iterator[Finding]:
    """That such an attribute is there means yes, whatever its value: what says hidden="false" is hidden."""
    for page in book.pages.values():
        written = page.attributes & _BOOLEANS if not book.is_2 else frozenset()
        for each in page.root.iter(f"{HTML}*") if written else ():
            for name in sorted(written.intersection(each.keys()) & _KNOWN.get(local_name(each), _GLOBAL)):
                if (value := (each.get(name) or "").lower()) not in ("", name) and (name, value) != ("hidden", "until-found"):
                    yield at(each, f"{name} is {quoted(each.get(name))}")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}dom.html#elements-in-the-dom", hint="add it, or take the element out")
def epub_attribute_missing(book: Book) -> Iterator[Finding]:
    """A picture without src shows nothing, and a link element without rel links as nothing."""
    required = _REQUIRED_IN_EPUB_2 if book.is_2 else _REQUIRED
    for page in book.pages.values():
        for name in (each for each in required if each in page.html_names):
            for each in page.html(name):
                if all(each.get(attribute) is None for attribute in required[name]):
                    yield at(each, f"the {name} element has no {required[name][0]}")


@rule(Severity.ERROR, spec=f"{HTML_SPEC}common-microsyntaxes.html#numbers", hint="write digits only; per cent and px are said in CSS")
def epub_number_malformed(book: Book) -> Iterator[Finding]:
    """What is no number is passed over: pictures jump, cells move."""
    for page in book.pages.values():
        for name in sorted(page.attributes & _NUMBERS.keys()) if not book.is_2 else ():
            pattern, elements = _NUMBERS[name]
            for each in page.html(*sorted(elements)):
                if (value := each.get(name)) is not None and not pattern.fullmatch(value):
                    yield at(each, f"{name} of {local_name(each)} is {quoted(value)}", "write 1 or more" if value.strip() == "0" else "")
