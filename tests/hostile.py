"""Hostile markup: the vectors of `cases/hostile`, every way that they come in by, and a judge of what comes out.

The judge shares nothing with the cleaner: pages are parsed by html5lib, XML by expat, and what may be there is listed here anew.
"""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, lru_cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import html5lib

from publisher import formats, planning, schema
from publisher.article import Article, Correction, Image, Link, Media, Organization, Person, Place, Publication
from publisher.formats import Context, Target, no_media
from publisher.outputs import Output
from publisher.problems import PublisherError
from publisher.settings import Settings, read
from tests import epub_cases, papers

__all__ = [
    "ELSEWHERE",
    "SITE",
    "WAYS",
    "Vector",
    "agencies",
    "crowded",
    "faults_in",
    "faults_of",
    "front_matter",
    "inside",
    "kinds",
    "laid",
    "mixed",
    "settings",
    "site",
    "squeezed",
    "through",
    "vectors",
]

CASES = Path(__file__).parent / "cases" / "hostile"
SITE = "https://lantern.example/"
ELSEWHERE = "evil.example"
"""The host that no page may ask for anything unless a reader follows a link."""
CANARY = "__ran"
"""What all vectors call."""
_CHARACTER = re.compile("⟦([0-9A-F]+)⟧")
_SAID = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffd-\uffff\ud800-\udfff\U0001fffe]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """One attack."""

    family: str
    name: str
    text: str

    @property
    def bytes(self) -> bytes:
        """As it stands in a file: what is no UTF-8 was written as lone surrogates."""
        return encoded(self.text)


def encoded(text: str) -> bytes:
    """Return text as a file would have it, with the bytes that are no UTF-8."""
    return re.sub("[\ud800-\udc7f\udd00-\udfff]", "\ufffd", text).encode("utf-8", "surrogateescape")


@cache
def vectors() -> tuple[Vector, ...]:
    """Return all vectors, by family and in their order."""
    return tuple(each for path in sorted(CASES.glob("*.txt")) for each in _family(path))


def _family(path: Path) -> Iterator[Vector]:
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, text = line.partition(": ")
            yield Vector(family=path.stem, name=name, text=_CHARACTER.sub(lambda found: chr(int(found[1], 16)), text))


# -- ways in --------------------------------------------------------------------------------------------------------------

Way = Callable[[Vector], Publication]
_TEXT, _BODY, _ADDRESS = "MarkerOfText", "MarkerOfBody", f"{SITE}marker-of-address"
_DAY = date(2026, 11, 1)
_PERSON = Person(name=_TEXT, url=_ADDRESS, same_as=(_ADDRESS,), image=Image(content_url=_ADDRESS, description=_TEXT))
_PICTURE = Image(
    content_url=f"{_ADDRESS}.jpg", width=900, height=600, caption=_TEXT, description=_TEXT, credit_text=_TEXT, license=_ADDRESS
)
_MARKED = Article(
    identifier=f"tag:lantern.example,2026:{_TEXT}",
    headline=_TEXT,
    alternative_headline=_TEXT,
    url=_ADDRESS,
    description=_TEXT,
    body=f"<p>{_BODY}</p>",
    article_section=_TEXT,
    keywords=(_TEXT,),
    dateline=_TEXT,
    content_location=(Place(name=_TEXT),),
    in_language="en",
    date_published=_DAY,
    author=(_PERSON,),
    editor=(_PERSON,),
    contributor=(_PERSON,),
    publisher=Organization(name=_TEXT, url=_ADDRESS, logo=_PICTURE),
    image=(_PICTURE,),
    associated_media=(
        Media(
            content_url=f"{_ADDRESS}.mp3",
            type="AudioObject",
            encoding_format="audio/mpeg",
            name=_TEXT,
            description=_TEXT,
            credit_text=_TEXT,
        ),
    ),
    citation=(Link(url=_ADDRESS, name=_TEXT),),
    is_based_on=_ADDRESS,
    translations=(Link(url=_ADDRESS, name=_TEXT, in_language="fr"),),
    corrections=(Correction(text=_TEXT, date_published=_DAY),),
    license=_ADDRESS,
    copyright_notice=_TEXT,
    copyright_holder=_PERSON,
    copyright_year=2026,
)
"""An article that says the marker wherever it says anything."""
_WHOLE = Publication(
    identifier=SITE,
    name=_TEXT,
    url=SITE,
    alternate_name=_TEXT,
    description=_TEXT,
    in_language="en",
    publisher=_PERSON,
    image=_PICTURE,
    license=_ADDRESS,
    copyright_notice=_TEXT,
    articles=(_MARKED,),
)
_JSON_INSIDE = re.compile(r"(<schema:NewsArticle[^>]*>|<script type=\"application/ld\+json\">)([^<]*)")


@cache
def _marked(name: str) -> str:
    return formats.writer(name).write(_WHOLE, Target(url=f"{SITE}x")).decode()


def _filled(text: str, spell: Callable[[str], str], vector: Vector, body: Callable[[str], str]) -> str:
    """Return a file of ours with the vector in the place of each marker: whoever writes such a file may say anything."""
    return (
        text.replace(f"&lt;p&gt;{_BODY}&lt;/p&gt;", body(vector.text))
        .replace(f"<p>{_BODY}</p>", body(vector.text))
        .replace(_BODY, body(vector.text))
        .replace(_ADDRESS, spell(vector.text))
        .replace(_TEXT, spell(vector.text))
    )


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _as_xml(name: str) -> Way:
    """Return the way of an XML file whose texts are spelled well, and have the vector as text and as markup."""

    def read(vector: Vector) -> Publication:
        def filled(found: re.Match[str]) -> str:
            return found[1] + _filled(found[2], lambda text: escape(_in_json(text)), vector, lambda text: escape(_in_json(text)))

        whole = _JSON_INSIDE.sub(filled, _marked(name))
        return formats.get(name).read(encoded(_filled(whole, escape, vector, escape))).publication

    return read


def _as_json(name: str) -> Way:
    return lambda vector: formats.get(name).read(encoded(_filled(_marked(name), _in_json, vector, _in_json))).publication


def _page_of_ours(vector: Vector) -> Publication:
    """The page as we write it, with other things in its data and, as markup, in its text."""

    def filled(found: re.Match[str]) -> str:
        spell: Callable[[str], str] = lambda text: _in_json(text).replace("<", "\\u003c")  # noqa: E731
        return found[1] + _filled(found[2], spell, vector, spell)

    whole = _JSON_INSIDE.sub(filled, _marked("webpage"))
    return formats.get("webpage").read(encoded(_filled(whole, escape, vector, str))).publication


def _foreign_page(vector: Vector) -> Publication:
    said = escape(vector.text)
    filler = "".join(
        f"<p>The ferry sailed at {hour}, and everybody who had come to see it off waved until it was gone.</p>" for hour in range(9)
    )
    page = (
        f'<!DOCTYPE html><html lang="en"><head><title>{said}</title><link rel="canonical" href="{said}"><base href="{SITE}">'
        f'<meta name="description" content="{said}"><meta name="author" content="{said}"><meta property="og:title" content="{said}">'
        f'<meta property="og:image" content="{said}"><meta property="article:section" content="{said}"><meta name="keywords" content="{said}">'
        f'<link rel="license" href="{said}"></head><body><article><h1>{said}</h1><figure><img src="{said}" alt="{said}">'
        f'<figcaption>{said}</figcaption></figure>{filler}<div>{vector.text}</div>{filler}<a href="{said}">{said}</a></article></body></html>'
    )
    return formats.get("webpage").read(encoded(page), Context(path="page.html")).publication


def _page_with_data(vector: Vector) -> Publication:
    """A foreign page whose JSON-LD says the vector everywhere."""
    data = schema.dump(schema.with_articles(_WHOLE, (replace(_MARKED, body=""),)))
    said = _filled(json.dumps(data), lambda text: _in_json(text).replace("<", "\\u003c"), vector, _in_json)
    page = f'<html><head><title>Tide</title><script type="application/ld+json">{said}</script></head><body><article>{"<p>Ferries sail.</p>" * 9}'
    return formats.get("webpage").read(encoded(page), Context(path="page.html")).publication


def _markdown(vector: Vector) -> Publication:
    source = f"---\ntitle: Tide\ndate: 2026-11-01\n---\n\nBefore it.\n\n{vector.text}\n\nAfter it.\n"
    return formats.get("markdown").read(encoded(source), _CONTEXT).publication


def _html_in_markdown(vector: Vector) -> Publication:
    source = f'---\ntitle: Tide\ndate: 2026-11-01\n---\n\n<div>\n{vector.text}\n</div>\n\n<p title="{escape(vector.text)}">x</p>\n'
    return formats.get("markdown").read(encoded(source), _CONTEXT).publication


_HOUSE = Publication(identifier=SITE, name="The Lantern", url=SITE, in_language="en")
_CONTEXT = Context(publication=_HOUSE, path="tide.md")


def front_matter(said: str) -> dict[str, Any]:
    """Return fields of an article that all say one thing."""
    picture = {"src": said, "alt": said, "caption": said, "credit": said, "license": said}
    return {
        "title": said,
        "subtitle": said,
        "description": said,
        "author": [said, {"name": said, "url": said, "image": said, "same_as": [said]}],
        "editor": said,
        "section": said,
        "tags": [said],
        "dateline": said,
        "location": [said],
        "cover": picture,
        "images": [picture],
        "audio": {"src": f"{SITE}a.mp3?{said}", "title": said, "description": said, "credit": said},
        "related": [said, {"title": said, "url": said}],
        "corrections": [{"text": said, "date": "2026-11-02"}],
        "license": said,
        "copyright": said,
        "canonical": said,
        "url": said,
    }


def _fields(vector: Vector) -> Publication:
    source = f"---\n{json.dumps({**front_matter(vector.text), 'date': '2026-11-01'})}\n---\n\nIt sails.\n"
    return formats.get("markdown").read(source.encode(), _CONTEXT).publication


def _few_fields(vector: Vector) -> Publication:
    """As `_fields`, without addresses, so that nothing of it is refused."""
    few = {"title", "subtitle", "description", "author", "section", "tags", "dateline"}
    fields = {name: value for name, value in front_matter(vector.text).items() if name in few} | {"author": vector.text}
    source = f"---\n{json.dumps({**fields, 'date': '2026-11-01'})}\n---\n\nIt sails.\n"
    return formats.get("markdown").read(source.encode(), _CONTEXT).publication


def _raw_rss(vector: Vector) -> Publication:
    """A feed of somebody who escapes nothing."""
    feed = (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>x</title>'
        f"<link>{SITE}</link><item><title>Tide</title><link>{SITE}tide</link><description>{vector.text}</description>"
        f"<content:encoded>{vector.text}</content:encoded></item><item><title>Ebb</title><link>{SITE}ebb</link></item></channel></rss>"
    )
    return formats.get("rss").read(encoded(feed)).publication


def _cdata_rss(vector: Vector) -> Publication:
    said = vector.text.replace("]]>", "]]]]><![CDATA[>")
    feed = (
        '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>x</title>'
        f"<link>{SITE}</link><item><title><![CDATA[{said}]]></title><link>{SITE}tide</link><category><![CDATA[{said}]]></category>"
        f'<enclosure url="{escape(vector.text)}" type="audio/mpeg" length="1"/><author>{escape(vector.text)}</author>'
        f"<content:encoded><![CDATA[{said}]]></content:encoded></item></channel></rss>"
    )
    return formats.get("rss").read(encoded(feed)).publication


def _xhtml_atom(vector: Vector) -> Publication:
    entry = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><id>{SITE}</id><title type="html">{escape(vector.text)}</title><entry><id>urn:x</id>'
        f'<title type="html">{escape(vector.text)}</title><link href="{escape(vector.text)}"/><summary type="html">{escape(vector.text)}</summary>'
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{vector.text}</div></content></entry></feed>'
    )
    return formats.get("atom").read(encoded(entry)).publication


def _feed_of_text(vector: Vector) -> Publication:
    item = {"id": "1", "title": vector.text, "content_text": vector.text, "summary": vector.text}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": vector.text, "home_page_url": SITE, "items": [item]}
    return formats.get("jsonfeed").read(json.dumps(feed).encode()).publication


def _wordpress(vector: Vector) -> Publication:
    said = vector.text.replace("]]>", "]]]]><![CDATA[>")
    export = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>{escape(said)}</title><link>{SITE}</link>'
        f"<wp:wxr_version>1.2</wp:wxr_version><item><title><![CDATA[{said}]]></title><link>{SITE}tide/</link><guid>{SITE}?p=1</guid>"
        f"<dc:creator><![CDATA[{said}]]></dc:creator><wp:status>publish</wp:status><excerpt:encoded><![CDATA[{said}]]></excerpt:encoded>"
        f'<category domain="category" nicename="x"><![CDATA[{said}]]></category><content:encoded><![CDATA[<!-- wp:html -->{said}<!-- /wp:html -->'
        f'[caption caption="{escape(said)}"]<img src="{escape(said)}">[/caption]]]></content:encoded></item></channel></rss>'
    )
    return formats.get("wordpress").read(encoded(export)).publication


def _epub(vector: Vector) -> Publication:
    """A book of somebody else with the vector in a chapter and in what it says of itself."""
    files = dict(epub_cases.members("good"))
    for name, body in files.items():
        if name.endswith(".xhtml"):
            files[name] = body.replace(b"</body>", b"<div>" + vector.bytes + b"</div></body>")
        elif name.endswith(".opf"):
            files[name] = re.sub(rb"(<dc:(?:title|creator)[^>]*>)[^<]*", lambda found: found[1] + encoded(escape(vector.text)), body)
    return formats.get("epub").read(epub_cases.packed(files, {})).publication


def _mail(vector: Vector) -> Publication:
    page = f'<html><body><h1>Tide</h1><p>It sails.</p><div>{vector.text}</div><p><a href="{escape(vector.text)}">x</a></p></body></html>'
    return formats.get("mail").read(papers.mail(re.sub("[\ud800-\udfff\0\r\n]", " ", page), "It sails.")).publication


def _docx(vector: Vector) -> Publication:
    said = escape("".join(each for each in vector.text if each.isprintable()))
    return formats.get("docx").read(papers.docx(papers.paragraph(said, "Title"), papers.paragraph(said))).publication


def _movabletype(vector: Vector) -> Publication:
    said = vector.text.replace("\n", " ").replace("\r", " ")
    entry = f"AUTHOR: {said}\nTITLE: {said}\nDATE: 11/01/2026 08:00:00 AM\nPRIMARY CATEGORY: {said}\n-----\nBODY:\n{vector.text}\n-----\n--------\n"
    return formats.get("movabletype").read(encoded(entry)).publication


WAYS: Mapping[str, Way] = {
    "Markdown body": _markdown,
    "HTML in Markdown": _html_in_markdown,
    "front matter": _fields,
    "front matter, texts": _few_fields,
    "RSS": _as_xml("rss"),
    "RSS, unescaped": _raw_rss,
    "RSS, CDATA": _cdata_rss,
    "Atom": _as_xml("atom"),
    "Atom, XHTML": _xhtml_atom,
    "JSON Feed": _as_json("jsonfeed"),
    "JSON Feed, text": _feed_of_text,
    "JSON-LD": _as_json("newsarticle"),
    "ninjs": _as_json("ninjs"),
    "NITF": _as_xml("nitf"),
    "NewsML-G2": _as_xml("newsml"),
    "page of ours": _page_of_ours,
    "foreign page": _foreign_page,
    "foreign JSON-LD": _page_with_data,
    "EPUB chapter": _epub,
    "WordPress": _wordpress,
    "Movable Type": _movabletype,
    "mail": _mail,
    "Word": _docx,
}
"""Every way by which text and markup of strangers come in."""


def through(way: str, vector: Vector, number: int) -> tuple[Article, ...]:
    """Return what the reader made of a vector, under identifiers of its own; nothing when it refused the file."""
    found: tuple[Article, ...] = ()
    with suppress(PublisherError):
        found = WAYS[way](vector).articles
    own = f"{list(WAYS).index(way)}-{number}"
    day = _DAY - timedelta(days=number % 300)
    return tuple(
        replace(each, identifier=f"tag:lantern.example,2026:{own}-{place}", url=f"{SITE}articles/n{own}-{place}.html", date_published=day)
        for place, each in enumerate(found)
    )


def mixed(given: Sequence[Vector], shift: int = 0) -> list[tuple[str, Vector, Article]]:
    """Return each vector by one way, so that all ways are taken."""
    ways = list(WAYS)
    pairs = ((ways[(number + shift) % len(ways)], number, vector) for number, vector in enumerate(given))
    return [(way, vector, each) for way, number, vector in pairs for each in through(way, vector, number)]


def crowded(articles: Sequence[Article], size: int = 12) -> tuple[Article, ...]:
    """Return articles that have the texts and the bodies of several each, as they were read, so that there are fewer pages to look at."""
    return tuple(_together(articles[start : start + size]) for start in range(0, len(articles), size))


def _together(articles: Sequence[Article]) -> Article:
    first, *others = articles
    bodies = (_ID.sub(rf"\1s{number}-", each.body) for number, each in enumerate(articles))
    return replace(
        first,
        body="".join(bodies),
        description=next((each.description for each in others if each.description), first.description),
        article_section=next((each.article_section for each in others if each.article_section), None),
        author=tuple({each.name: each for article in articles for each in article.author}.values())[:3],
        keywords=tuple(dict.fromkeys(each.headline for each in articles))[:3],
        image=tuple(each for article in articles for each in article.image)[:4],
        corrections=tuple(each for article in articles for each in article.corrections),
        citation=tuple({each: each for article in articles for each in article.citation}),
        associated_media=tuple({each.content_url: each for article in articles for each in article.associated_media}.values())[:2],
        translations=(),
    )


_ID = re.compile(r'((?<= id=")|(?<= href="#))')


_AGENCIES = {"nitf": "xml", "newsml": "xml", "ninjs": "json"}


# -- ways out -------------------------------------------------------------------------------------------------------------


def settings(*, theme: str = "newspaper", extra: str = "") -> Settings:
    """Return the settings of the site that all of it is published on."""
    toml = f'''[publication]
name = "The Lantern"
url = "{SITE}"
language = "en"
since = "2026"
[site]
theme = "{theme}"
search = true
size = 50
[feeds]
hub = "https://hub.example/"
{extra}'''
    return read(toml.encode())[0]


def site(articles: Sequence[Article], known: Settings | None = None, *, books: bool = True) -> dict[str, bytes]:
    """Return all files of a site but pictures: pages, lists, feeds, catalogues, books, and what hosts and crawlers find."""
    known = known or settings()
    outputs = planning.plan(replace(known.publication, articles=tuple(articles)), known, no_media, books=None if books else ())
    return {each.path: _written(each) for each in outputs if not each.path.endswith(".jpg")}


def kinds(articles: Sequence[Article]) -> list[str]:
    """Return what sorts of files `site` and `agencies` write."""
    known = settings()
    outputs = planning.plan(replace(known.publication, articles=tuple(articles)), known, no_media)
    return sorted({each.format for each in outputs if not each.path.endswith(".jpg")} | {"kepub", *_AGENCIES})


def laid(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files where a browser finds them, with those inside books; feeds and the like as XML, which it shows."""
    for number, (path, body) in enumerate(inside(files).items()):
        name = re.sub(r"\.(atom|rss|opml|opf|ncx)$", r".\1.xml", path).replace(".epub/", "-epub/")
        place = folder / (name if len(name.encode()) < 200 else f"long/{number}.{name.rpartition('.')[2]}")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
    return folder


def _written(output: Output) -> bytes:
    return output.make() if output.make else formats.writer(output.format).write(output.publication, output.target)


def agencies(articles: Sequence[Article]) -> dict[str, bytes]:
    """Return what a site does not have: the articles in the formats of agencies, and the book for Kobo."""
    whole = replace(settings().publication, articles=tuple(articles))
    found = {"x.kepub.epub": formats.writer("epub").write(whole, Target(kepub=True))}
    for name, ending in _AGENCIES.items():
        for number, each in enumerate(articles):
            found[f"{name}/{number}.{ending}"] = formats.writer(name).write(schema.with_articles(whole, (each,)))
    return found


def inside(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return files, with those inside books beside them."""
    found = dict(files)
    for path, body in files.items():
        if path.endswith(".epub"):
            with zipfile.ZipFile(BytesIO(body)) as book:
                found |= {f"{path}/{name}": book.read(name) for name in book.namelist()}
    return found


def faults_of(article: Article) -> list[str]:
    """Return what is dangerous in an article as it was read: its text and its addresses."""
    found = [*fragment(article.body), *_json_addresses(schema.dump(schema.with_articles(_HOUSE, (replace(article, body=""),))))]
    return [f"{article.identifier}: {each}" for each in found]


# -- the judge ------------------------------------------------------------------------------------------------------------

_HTML = "{http://www.w3.org/1999/xhtml}"
_SVG = "{http://www.w3.org/2000/svg}"
_OPS = "{http://www.idpf.org/2007/ops}"
_TEXT_ELEMENTS = frozenset(
    "a abbr article aside audio b bdi bdo blockquote body br caption cite code col colgroup data dd del details dfn div dl dt em figcaption figure footer h1 h2 "
    "h3 h4 h5 h6 head header hr html i img ins kbd li main mark nav ol p picture pre q rb rp rt ruby s samp section small source span strong sub "
    "summary sup table tbody td tfoot th thead time title tr u ul var video wbr address dialog search".split()
)
_OWN_ELEMENTS = frozenset("script style link meta form input button output label".split())
"""What only we may write, each as `_own` says."""
_DRAWING = frozenset("svg g path rect circle line text tspan title desc image defs clipPath use".split())
_NEVER = frozenset("style srcdoc formaction ping background is slot autofocus nonce".split())
_FETCHING = frozenset("src srcset poster data background".split())
_ADDRESSES = _FETCHING | frozenset("href cite action formaction longdesc ping manifest xlink:href".split())
_SCHEMES = frozenset(("http", "https", "mailto", "tel"))
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SPACES_IN_URL = re.compile("[\x00-\x20\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff]")
_LINKS = {
    *(
        "stylesheet",
        "canonical",
        "alternate",
        "license",
        "icon",
        "prev",
        "next",
        "search",
        "self",
        "hub",
        "related",
        "help",
        "author",
        "amphtml",
    ),
    *("subresource", "collection", "shortcut", "up", "first", "last", "publisher"),
}
_JSON_ADDRESSES = frozenset(
    "url sameAs contentUrl thumbnailUrl license mainEntityOfPage href target urlTemplate embedUrl logo home_page_url feed_url external_url image "
    "banner_image avatar icon favicon author_url provider_url thumbnail_url isBasedOn hubs".split()
)


def faults_in(path: str, body: bytes) -> list[str]:
    """Return what is dangerous, or broken, in a file that was written."""
    kind = path.rpartition(".")[2]
    try:
        return list(_BY_KIND.get(kind, _plain)(path, body))
    except (ET.ParseError, json.JSONDecodeError, UnicodeDecodeError) as error:
        return [f"{path}: {type(error).__name__}: {error}"]


def _page(path: str, body: bytes) -> Iterator[str]:
    root = html5lib.parse(body, treebuilder="etree", namespaceHTMLElements=True, transport_encoding="utf-8")
    yield from (f"{path}: {each}" for each in _elements(root, path))


@lru_cache(maxsize=50_000)
def fragment(html: str) -> tuple[str, ...]:
    """Return what is dangerous in a text as a browser or a feed reader would parse it: with scripting and without."""
    if not re.search(r"<(?!/?p>)", html):
        return ()
    parsed = (html5lib.parseFragment(html, container="div", scripting=each) for each in ((True, False) if "<no" in html else (True,)))
    return tuple(each for root in parsed for each in _elements(root, ""))


def _elements(root: Any, page: str) -> Iterator[str]:
    for each in root.iter():
        if not isinstance(each.tag, str):
            yield from [] if page and not page.endswith(".xhtml") else [f"comment {each.text}"]
            continue
        space, _, name = each.tag.rpartition("}")
        if space + "}" == _SVG:
            yield from [] if name in _DRAWING else [f"<svg:{name}>"]
        elif space + "}" != _HTML and name != "DOCUMENT_FRAGMENT":
            yield f"<{each.tag}>"
        elif name in _OWN_ELEMENTS and page:
            yield from _own(name, each, page)
        elif name not in _TEXT_ELEMENTS and name != "DOCUMENT_FRAGMENT":
            yield f"<{name}>"
        yield from _attributes(each, name, page)


def _attributes(element: Any, tag: str, page: str) -> Iterator[str]:
    for key, value in element.attrib.items():
        name = key.rpartition("}")[2].lower() if isinstance(key, str) else str(key)
        if name.startswith("on") or name in _NEVER or (name == "name" and tag not in ("meta", "input")):
            yield f"{tag} {name}={value[:80]!r}"
        if not re.fullmatch(r"[a-z][a-z0-9:_-]*", name) and not page.endswith((".svg", ".xhtml")):
            yield f"{tag} has an attribute called {name!r}"
        if name in _ADDRESSES:
            yield from (f"{tag} {name}={each[:80]!r}" for each in _addresses(name, value) if not _is_harmless(each))
            if name in _FETCHING or (tag == "link" and element.get("rel") not in ("canonical", "alternate", "license", "prev", "next")):
                yield from (f"{tag} asks {value[:80]!r}" for each in _addresses(name, value) if _is_asked(each, tag))
        if name == "id" and not page and value.startswith("_"):
            yield f"{tag} takes the id {value!r}"


def _addresses(name: str, value: str) -> Iterable[str]:
    return [each.split()[0] for each in value.split(",") if each.split()] if name == "srcset" else [value]


def _is_harmless(address: str) -> bool:
    found = _SCHEME.match(_SPACES_IN_URL.sub("", address))
    return not found or found[1].lower() in _SCHEMES


def _is_asked(address: str, tag: str) -> bool:
    """Return whether an address is one that no page may ask; pictures and recordings of an article may lie elsewhere."""
    return tag not in ("img", "audio", "video", "source") and ELSEWHERE in urljoin(SITE, address).partition("?")[0]


def _own(name: str, element: Any, page: str) -> Iterator[str]:
    """Yield what is not as ours are."""
    given = dict(element.attrib)
    text = "".join(element.itertext())
    if name == "script":
        if given.get("type") == "application/ld+json":
            yield from ("script: data with <" for _ in [0] if "<" in text)
            yield from _data(text)
        elif not (page.endswith("search.html") and not given and "form[role=search]" in text) and not (
            page.endswith(("subscribe.html", "issues.html"))
            and given == {"src": given.get("src"), "defer": ""}
            and re.fullmatch(r"[a-z/.]+\.js", given["src"])
        ):
            yield f"script {given} {text[:80]!r}"
    elif name == "style":
        yield from (f"style {text[:80]!r}" for _ in [0] if given or CANARY in text or ELSEWHERE in text or "@import" in text)
    elif name == "meta":
        allowed = {"charset", "name", "property", "content", "media"} | (
            {"http-equiv"} if given.get("http-equiv") == "Content-Security-Policy" or _leads_on(given) else set()
        )
        yield from (f"meta {given}" for _ in [0] if not given.keys() <= allowed or given.get("name") == "referrer")
    elif name == "link":
        yield from (f"link {given}" for _ in [0] if not set(given.get("rel", "?").split()) <= _LINKS)
    elif not page.endswith(("search.html", "subscribe.html", "issues.html", "404.html")):
        yield f"<{name}> {given}"


def _leads_on(meta: Mapping[str, str]) -> bool:
    """Return whether a meta element leads to another page of the site."""
    return meta.get("http-equiv") == "refresh" and bool(re.fullmatch(r"0; url=[^\s:;,'\"<>]+", meta.get("content", "")))


def _data(text: str) -> Iterator[str]:
    """Yield addresses in JSON that run something."""
    yield from _json_addresses(json.loads(text))


def _json_addresses(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _json_addresses(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _json_addresses(each, key)
    elif isinstance(value, str) and key in _JSON_ADDRESSES and not _is_harmless(value) and not value.startswith(("tag:", "urn:")):
        yield f"JSON {key}={value[:80]!r}"


def _json_file(path: str, body: bytes) -> Iterator[str]:
    data = json.loads(body)
    yield from (f"{path}: {each}" for each in _json_addresses(data))
    for name, html in _strings(data):
        if name in ("content_html", "html", "body_html", "body_xhtml"):
            yield from (f"{path}: {name}: {each}" for each in fragment(html))


def _strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _strings(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each, key)
    elif isinstance(value, str):
        yield key, value


_XML_ADDRESSES = frozenset("href src url uri link xmlUrl htmlUrl loc docs icon logo xlink:href license id-url".split())
_HTML_TEXTS = frozenset(("encoded", "content", "summary", "description", "title", "subtitle", "rights"))


def _xml(path: str, body: bytes) -> Iterator[str]:
    """Yield faults of a feed, a catalogue, a list of feeds or a sitemap: of its addresses and of the HTML that it has as text."""
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        yield f"{path}: a document type"
    for each in ET.fromstring(body).iter():
        tag = each.tag.rpartition("}")[2]
        if each.tag.startswith(_HTML):
            continue
        values = [(name.rpartition("}")[2], value) for name, value in each.attrib.items()]
        values += [(tag, (each.text or "").strip())] if len(each) == 0 else []
        for name, value in values:
            if name in _XML_ADDRESSES and value and not _is_harmless(value) and not value.startswith(("tag:", "urn:")):
                yield f"{path}: {tag} {name}={value[:80]!r}"
        is_html = each.get("type") == "html" or (tag in ("encoded", "description") and path.endswith(".rss"))
        if is_html and each.text:
            yield from (f"{path}: {tag}: {found}" for found in fragment(each.text))
        if each.get("type") == "xhtml":
            yield from (f"{path}: {tag}: {found}" for found in _elements(next(iter(each)), ""))


def _drawing(path: str, body: bytes) -> Iterator[str]:
    root = ET.fromstring(body)
    for each in root.iter():
        yield from _attributes(each, each.tag.rpartition("}")[2], path)
        if each.tag.rpartition("}")[2] not in _DRAWING:
            yield f"{path}: <{each.tag}>"


def _chapter(path: str, body: bytes) -> Iterator[str]:
    """Yield faults of a page of a book, which is XML."""
    yield from (f"{path}: {each}" for each in _elements(ET.fromstring(body), path))


def _plain(path: str, body: bytes) -> Iterator[str]:
    if path.endswith("_headers"):
        lines = body.decode().splitlines()
        yield from (f"{path}: {each!r}" for each in lines if each and not re.fullmatch(r"/[\x21-\x7e]*|  [A-Za-z-]+: [\x20-\x7e]+", each))
    if path.endswith("_redirects"):
        lines = body.decode().splitlines()
        yield from (f"{path}: {each!r}" for each in lines if not re.fullmatch(r"/[\x21-\x7e]+ /[\x21-\x7e]+ 301", each))
    if path.endswith("robots.txt"):
        yield from (
            f"{path}: {each!r}"
            for each in body.decode().splitlines()
            if each and not re.fullmatch(r"(User-agent: \*|Allow: /|Sitemap: \S+)", each)
        )
    if path.endswith(".css"):
        yield from (f"{path}: {each}" for each in (CANARY, ELSEWHERE, "@import") if each.encode() in body)


def _script(path: str, body: bytes) -> Iterator[str]:
    """Yield faults of a part of the search's index: it is one call with JSON, or our script."""
    text = body.decode()
    if text.startswith("publisherSearch("):
        json.loads(f"[{text.removeprefix('publisherSearch(').removesuffix(');' + chr(10))}]")
        yield from (f"{path}: {each!r}" for each in ("</", "<!--", "\u2028", "\u2029") if each in text)
    else:
        yield from (f"{path}: {each}" for each in (CANARY, ELSEWHERE) if each in text)


_BY_KIND: Mapping[str, Callable[[str, bytes], Iterator[str]]] = {
    "html": _page,
    "xhtml": _chapter,
    **dict.fromkeys(("rss", "atom", "xml", "opml", "opf", "ncx"), _xml),
    **dict.fromkeys(("json", "jsonld"), _json_file),
    "svg": _drawing,
    "js": _script,
}


def squeezed(text: str) -> str:
    """Return text without white space and without what no text may have, to be compared."""
    return _SAID.sub("", text)
