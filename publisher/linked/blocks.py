"""Rules about the text: is it JSON (RFC 8259), and could a reader of JSON-LD take it as it is (JSON-LD 1.1, 9 and 2.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.linked.document import Document, quoted
from publisher.problems import Finding, Severity, rule, rules_in

_RFC = "https://www.rfc-editor.org/rfc/rfc8259"
_JSON_LD = "https://www.w3.org/TR/json-ld11/"


def _faults(document: Document, kind: str, message: str) -> Iterator[Finding]:
    """Yield a finding for each fault of a kind; `{}` in the message is what was found."""
    for each in document.faults_of(kind):
        yield Finding(message=message.replace("{}", quoted(each.found)), where=each.offset)


@rule(Severity.ERROR, spec=f"{_RFC}#section-2", hint="write one object in it, or leave the block out")
def jsonld_empty(document: Document) -> Iterator[Finding]:
    """An empty block is no JSON; some readers stop at it and miss the other blocks of the page (extruct 0.18)."""
    if document.complete and not document.faults and document.data in ({}, []):
        yield Finding(message="there is nothing in the JSON-LD", where=())
    yield from _faults(document, "empty", "there is nothing in the JSON-LD")


@rule(Severity.ERROR, spec=f"{_RFC}#section-8.1", hint="save it without a byte order mark")
def jsonld_byte_order_mark(document: Document) -> Iterator[Finding]:
    """Software that sends JSON must not add a byte order mark, and most parsers refuse one."""
    yield from _faults(document, "byte order mark", "the JSON begins with a byte order mark")


@rule(Severity.ERROR, spec=f"{_RFC}#section-4", hint="take the last comma away")
def jsonld_trailing_comma(document: Document) -> Iterator[Finding]:
    """JavaScript allows a comma after the last member, JSON does not: search engines and archives leave out the whole block."""
    yield from _faults(document, "trailing comma", "a comma stands before {}")


@rule(Severity.ERROR, spec=f"{_RFC}#section-4", hint="put a comma before it")
def jsonld_comma_missing(document: Document) -> Iterator[Finding]:
    """Between members stands a comma; without it the block cannot be read."""
    yield from _faults(document, "comma missing", "there is no comma before {}")


@rule(Severity.ERROR, spec=f"{_RFC}#section-4", hint="write the value, or leave the name out, too")
def jsonld_value_missing(document: Document) -> Iterator[Finding]:
    """A template that has nothing to put in still has to write valid JSON: one empty place loses the whole block."""
    yield from _faults(document, "value missing", "a value is missing before {}")


@rule(Severity.ERROR, spec=f"{_RFC}#section-7", hint='use straight double quotes: "')
def jsonld_quotes_wrong(document: Document) -> Iterator[Finding]:
    """Only straight double quotes begin a string in JSON, not single or typographic ones."""
    yield from _faults(document, "quotes", "{} is in quotes that JSON does not have")


@rule(Severity.ERROR, spec=f"{_RFC}#section-4", hint="put it in double quotes")
def jsonld_unquoted(document: Document) -> Iterator[Finding]:
    """Names and texts are in quotes in JSON, unlike in JavaScript."""
    yield from _faults(document, "unquoted", "{} is not in quotes")


@rule(Severity.ERROR, spec=f"{_RFC}#section-2", hint="take the comment away")
def jsonld_comment(document: Document) -> Iterator[Finding]:
    """JSON has no comments: some readers skip them, others leave out the whole block."""
    yield from _faults(document, "comment", "{} is a comment")


@rule(Severity.ERROR, spec=f"{_RFC}#section-2", hint="take it away: in HTML a script needs none")
def jsonld_cdata(document: Document) -> Iterator[Finding]:
    """A CDATA section is for XHTML; in HTML its marks are part of the text, which then is no JSON (extruct 0.18 loses the block)."""
    yield from _faults(document, "cdata", "{} stands in the JSON")


@rule(Severity.ERROR, spec=f"{_JSON_LD}#restrictions-for-contents-of-json-ld-script-elements", hint='write " itself, and < as \\u003c')
def jsonld_entities(document: Document) -> Iterator[Finding]:
    """In a script HTML entities stay what they are: `&quot;` is six characters and no quote."""
    yield from _faults(document, "entities", "the quotes are written as HTML entities: {}")


@rule(Severity.ERROR, spec=f"{_RFC}#section-7", hint=r"write a line break as \n and a tab as \t")
def jsonld_control_character(document: Document) -> Iterator[Finding]:
    """Line breaks, tabs and other control characters have to be escaped in a string; strict parsers refuse them."""
    for each in document.faults_of("control character"):
        name = {"\n": "a line break", "\r": "a line break", "\t": "a tab"}.get(each.found, f"U+{ord(each.found):04X}")
        yield Finding(message=f"{name} stands in a string", where=each.offset)


@rule(Severity.ERROR, spec=f"{_RFC}#section-7", hint=r"write \\ for a backslash, and other characters as they are")
def jsonld_escape_unknown(document: Document) -> Iterator[Finding]:
    r"""JSON has few escapes: `\'` and `\x27` are JavaScript's."""
    yield from _faults(document, "escape", "{} is no escape of JSON")


@rule(Severity.ERROR, spec=f"{_RFC}#section-6", hint="leave the property out, or write null")
def jsonld_not_a_number(document: Document) -> Iterator[Finding]:
    """NaN and Infinity are not in JSON; Python writes them, and browsers refuse them."""
    yield from _faults(document, "not a number", "{} is no number of JSON")


@rule(Severity.ERROR, spec=f"{_RFC}#section-6", hint="write digits without leading zeros, as in 7 or 0.5, or put it in quotes")
def jsonld_number_malformed(document: Document) -> Iterator[Finding]:
    """Numbers have no leading zeros, plus signs, units or separators."""
    yield from _faults(document, "number", "{} is no number of JSON")


@rule(Severity.ERROR, spec=f"{_RFC}#section-3", hint="write true, false or null")
def jsonld_literal_unknown(document: Document) -> Iterator[Finding]:
    """The three literals are in lower case; `True` and `None` are Python's, `undefined` is JavaScript's."""
    yield from _faults(document, "literal", "{} is no value of JSON")


@rule(Severity.ERROR, spec=f"{_JSON_LD}#terms-imported-from-other-specifications", hint="keep one, with a list of the values")
def jsonld_name_twice(document: Document) -> Iterator[Finding]:
    """Names in an object must be unique: of two most readers keep the last, some the first."""
    yield from _faults(document, "duplicate name", "{} is there twice in one object")


@rule(Severity.ERROR, spec=f"{_JSON_LD}#embedding-json-ld-in-html-documents", hint="put each in its own block, or all in a list")
def jsonld_second_object(document: Document) -> Iterator[Finding]:
    """One block holds one JSON text: with two, readers take neither."""
    yield from _faults(document, "second value", "a second object follows the first")


@rule(Severity.ERROR, spec=f"{_RFC}#section-2", hint="take the semicolon away")
def jsonld_semicolon(document: Document) -> Iterator[Finding]:
    """A semicolon ends a statement of JavaScript; after JSON it makes the block unreadable (extruct 0.18)."""
    yield from _faults(document, "semicolon", "a semicolon follows the JSON")


@rule(Severity.ERROR, spec=f"{_RFC}#section-2", hint="take away what is not JSON")
def jsonld_trailing_text(document: Document) -> Iterator[Finding]:
    """Nothing but white space follows the one object of a block."""
    yield from _faults(document, "trailing text", "{} follows the JSON")


@rule(Severity.ERROR, spec=f"{_RFC}#section-2", hint="use plain spaces between the values")
def jsonld_space_unknown(document: Document) -> Iterator[Finding]:
    """Only space, tab and line break may stand between values; a no-break space, often pasted in, may not."""
    for each in document.faults_of("space"):
        yield Finding(message=f"U+{ord(each.found[0]):04X} stands between the values", where=each.offset)


@rule(Severity.ERROR, spec=f"{_RFC}#section-4", hint="close it, or check whether the text was cut")
def jsonld_unclosed(document: Document) -> Iterator[Finding]:
    """What is opened is closed; a text that ends too early was cut, and readers leave out all of it."""
    yield from _faults(document, "unclosed", "{} is never closed")


@rule(Severity.ERROR, spec=f"{_RFC}#section-7", hint="close it, and check whether the text was cut")
def jsonld_string_unclosed(document: Document) -> Iterator[Finding]:
    """A string ends with a quote; in a page one that does not was often cut by `</script>` in it."""
    yield from _faults(document, "unclosed string", "the string {} is never closed")


@rule(Severity.ERROR, spec=f"{_RFC}#section-4", hint='write "name": value')
def jsonld_colon_missing(document: Document) -> Iterator[Finding]:
    """Between a name and its value stands a colon."""
    yield from _faults(document, "colon missing", "there is no colon before {}")


@rule(Severity.ERROR, spec=f"{_RFC}#section-7", hint=r"write \"")
def jsonld_quote_unescaped(document: Document) -> Iterator[Finding]:
    """A quotation mark ends the string that it stands in, unless a backslash is before it; what follows is no JSON."""
    yield from _faults(document, "quote", "a quotation mark inside a string is not escaped: {}")


@rule(Severity.ERROR, spec=f"{_RFC}#section-2", hint="write it with a JSON library")
def jsonld_malformed(document: Document) -> Iterator[Finding]:
    """JSON-LD is JSON; readers leave out what is none."""
    yield from _faults(document, "malformed", "{} is no JSON")
    if isinstance(document.data, str | int | float) and not document.faults:
        yield Finding(message=f"{quoted(document.data)} is no object", where=())


@rule(Severity.ERROR, spec=f"{_RFC}#section-9", hint="check where it comes from")
def jsonld_too_deep(document: Document) -> Iterator[Finding]:
    """A reader may set a limit to nesting; a hundred levels are more than any article needs."""
    yield from _faults(document, "deep", "more than 100 levels are nested")


FAULTS = frozenset(each.code for each in rules_in(globals())) - {"jsonld-empty", "jsonld-malformed"}
"""The rules above that find only what could not be read as JSON."""
_SURROGATE = re.compile("[\ud800-\udfff\x00]")


@rule(Severity.WARNING, spec=f"{_RFC}#section-8.2", hint="write the whole character, as UTF-8")
def jsonld_half_character(document: Document) -> Iterator[Finding]:
    r"""Half a surrogate pair (`\ud83d`, an emoji cut in two) or `\u0000` is legal JSON, but breaks whoever writes it out again."""
    if "\\u" in document.text or not document.text.isascii():
        for each in document.values:
            if found := _SURROGATE.search(each.text):
                yield Finding(message=f"U+{ord(found[0]):04X} stands alone in a text", where=each.path)
