"""Issues that have everything: each element of a body and each field of an article in five languages, hostile texts, real pages."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publisher import markup
from publisher.article import Article, Correction, Image, Link, Media, Organization, Person, Place, Publication
from publisher.formats import BookOptions, Target, webpage
from tests.judges.examples import GIF, PICTURES
from tests.targets import PICTURE, SOUND
from tests.test_markup import soups

__all__ = ["COMPLETE", "PAGES", "hostile", "real", "target"]

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT.parent / "shared/corpus/pages").glob("*.html.gz")) or sorted(ROOT.glob("exports/articles/*.html"))
"""Pages of many publishers, where they lie beside the project; else our own."""
SITE = "https://lantern.example/"
FILES = {".png": PICTURE, ".jpg": PICTURES[7], ".gif": GIF, ".svg": PICTURES[11], ".mp3": SOUND}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """Words of one language."""

    language: str
    direction: str
    short: str
    long: str
    foreign: str = '<span lang="fr">à bientôt</span>'


TONGUES = (
    Tongue(
        language="en",
        direction="ltr",
        short="The last ferry",
        long="The last ferry left at noon, with nobody aboard but its captain and a crate of lamps.",
        foreign='<span dir="rtl" lang="he">המעבורת</span>',
    ),
    Tongue(
        language="de",
        direction="ltr",
        short="Die letzte Fähre",
        long="Die letzte Fähre fuhr um zwölf, niemand war an Bord als der Kapitän und eine Kiste voller Schiffslaternen.",
    ),
    Tongue(
        language="ar",
        direction="rtl",
        short="العبّارة الأخيرة",
        long="غادرت العبّارة الأخيرة عند الظهر، ولم يكن على متنها سوى القبطان وصندوق من المصابيح.",
    ),
    Tongue(
        language="ja",
        direction="ltr",
        short="最後の渡し船",
        long="最後の渡し船は正午に出た。乗っていたのは船長と、ランプの入った木箱だけだった。",
    ),
    Tongue(
        language="ru",
        direction="ltr",
        short="Последний паром",
        long="Последний паром ушёл в полдень: на борту были только капитан и ящик с фонарями — «больше никого».",
    ),
)


def target(url: str) -> bytes | None:
    """Return the bytes behind an address, by how it ends."""
    return FILES.get(Path(url.partition("?")[0]).suffix)


def _body(tongue: Tongue) -> str:
    short, long = tongue.short, tongue.long
    words = "".join(f"<{tag}>{short}</{tag}> " for tag in "em strong i b u s small mark cite code kbd samp var sub sup dfn".split())
    return markup.clean(f"""
    <p>{long} {words}<q cite="https://e.org/q">{short}</q> <abbr title="{short}">Ü</abbr> <bdi>שלום</bdi> <bdo dir="rtl">abc</bdo>
    <del datetime="2026-11-01">{short}</del> <ins cite="https://e.org/">{short}</ins> long<wbr>word <time datetime="1931-05-02">1931</time>
    <ruby>渡<rt>わた</rt></ruby> {tongue.foreign}<br>{short} <a href="https://e.org/">{short}</a> <a href="{SITE}en.html">{short}</a>
    <a href="mailto:desk@lantern.example">@</a><sup><a href="#n1" id="r1" role="doc-noteref">1</a></sup>
    <sup><a href="#n2" id="r2" role="doc-noteref">2</a></sup></p>
    <h2 id="two">{short}</h2><p>{long}</p><h3>{short}</h3><p>{long}</p><h4>{short}</h4><h5>{short}</h5><h6>{short}</h6><p>{long}</p>
    <blockquote cite="https://e.org/q" lang="en" dir="ltr"><p>Nobody owns a ferry.</p><blockquote><p>{short}</p></blockquote></blockquote>
    <figure><img src="{SITE}media/wide.jpg" alt="{short}" width="1200" height="600"><figcaption>{long} <small>{short}</small></figcaption></figure>
    <figure><blockquote><p>{long}</p></blockquote><figcaption>{short}</figcaption></figure>
    <figure><table><tr><td>{short}</td><td>{short}</td></tr></table><figcaption>{short}</figcaption></figure>
    <p><a href="https://e.org/timetable.pdf"><img src="{SITE}media/a.png"></a> <img src="{SITE}media/a.gif" alt="">
    <a href="https://e.org/"><img src="https://elsewhere.example/a.bmp" alt="{short}"></a> <img src="{SITE}media/a.svg" alt="{long}"></p>
    <table><caption>{short}</caption><thead><tr><th></th><th>{short}</th><th>{short}</th></tr></thead>
    <tbody><tr><th>{short}</th><td>1</td><td><ul><li>{short}</li></ul></td></tr><tr><th>{short}</th><td colspan="2">2</td></tr></tbody>
    <tfoot><tr><th>{short}</th><td>3</td><td>4</td></tr></tfoot></table>
    <table><tr>{f"<th>{short}</th>" * 12}</tr><tr>{f"<td>{long}</td>" * 12}</tr></table>
    <ul><li>{short}<ul><li>{short}<ol type="a"><li>{long}</li></ol></li></ul></li><li><p>{long}</p><p>{long}</p></li></ul>
    <ol start="3" reversed><li value="2">{short}</li><li>{short}</li></ol>
    <dl><dt>{short}</dt><dt>{short}</dt><dd>{long}</dd><dt>{short}</dt><dd><p>{long}</p><ul><li>{short}</li></ul></dd></dl>
    <pre><code class="language-py">def depart():\n    return {"1 + " * 60}1  # {short}</code></pre><pre>{long * 3}</pre><hr>
    <p><audio src="{SITE}media/bells.mp3"></audio> <audio src="https://elsewhere.example/a.mp3"></audio>
    <video src="https://e.org/a.mp4" poster="{SITE}media/wide.jpg"></video></p>
    <p lang="ar" dir="rtl">مرحبا <bdi lang="en">Paris</bdi></p><p lang="ja">正午</p><p dir="auto">{short}</p>
    <div role="doc-endnotes"><ol><li id="n1">{short} <a href="#r1" role="doc-backlink">↩</a></li>
    <li id="n2"><p>{long}</p></li></ol></div>""")


def _article(number: int, tongue: Tongue) -> Article:
    short, long = tongue.short, tongue.long
    lead = Image(content_url=f"{SITE}media/wide.jpg?{number}", caption=long, description=short, credit_text=short)
    author = Person(name=f"{short} A", url="https://e.org/a", email="a@lantern.example", image=lead, same_as=("https://e.org/me",))
    house = Organization(name=f"{short} B", url="https://e.org/b", logo=lead)
    sounds = Media(content_url=f"{SITE}media/bells.mp3", type="AudioObject", duration=3661, name=short, description=long, credit_text=short)
    film = Media(content_url="https://e.org/a.mp4", type="VideoObject")
    return Article(
        identifier=f"tag:lantern.example,2026:{number}",
        headline=f"{short} {number}",
        type="AnalysisNewsArticle",
        url=f"{SITE}{tongue.language}.html",
        alternative_headline=short,
        description=long,
        body=_body(tongue),
        article_section=short,
        keywords=(short, long),
        dateline=short,
        content_location=(Place(name=short, latitude=48.8, longitude=-2.3),),
        in_language=tongue.language,
        date_published=datetime(2026, 11, 21, 21, 40, tzinfo=UTC),
        date_modified=date(2026, 11, 22),
        author=(author, house),
        editor=(author,),
        contributor=(Person(name=f"{short} C"),),
        publisher=house,
        image=(lead, replace(lead, content_url=f"{SITE}media/a.png?{number}"), Image(caption=long, credit_text=short)),
        associated_media=(sounds, film),
        citation=(Link(url=f"{SITE}en.html"), Link(url="https://e.org/x", name=short, in_language="fr"), Link(name=long)),
        is_based_on="https://e.org/first",
        translations=tuple(Link(url=f"{SITE}{each.language}.html", in_language=each.language) for each in TONGUES if each != tongue),
        corrections=(Correction(text=long, date_published=date(2026, 11, 23)), Correction(text=short)),
        license="https://creativecommons.org/licenses/by/4.0/",
        copyright_notice=f"© {short}",
        copyright_holder=house,
        copyright_year=2026,
        is_accessible_for_free=True,
    )


COMPLETE = Publication(
    identifier="tag:lantern.example,2026:complete",
    name="The Lantern",
    url=SITE,
    in_language="en",
    description=TONGUES[0].long,
    license="https://creativecommons.org/licenses/by/4.0/",
    publisher=Organization(name="The Lantern Press", url=SITE),
    image=Image(content_url=f"{SITE}media/cover.png", description="A lantern"),
    sections=tuple(each.short for each in TONGUES),
    articles=tuple(_article(number, each) for number, each in enumerate(TONGUES, 1)),
)
"""Each field and each element, five times."""


def hostile(count: int, each: int) -> Publication:
    """Return an issue of so many articles, each with so many texts of tags opened and closed in any order."""
    found: list[str] = []

    @settings(max_examples=count, backend="fixed", derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(soups(), min_size=each, max_size=each))
    def collect(sources: list[str]) -> None:
        found.append(markup.clean("".join(map(markup.clean, sources)), SITE))

    collect()
    articles = (Article(identifier=f"tag:{number}", headline=f"Soup {number}", body=body) for number, body in enumerate(found[:count]))
    return replace(COMPLETE, sections=(), articles=tuple(articles))


def real(pages: list[Path]) -> Publication:
    """Return an issue of the articles in pages of other publishers."""
    return replace(COMPLETE, sections=(), articles=tuple({each.identifier: each for each in _articles(pages)}.values()))


def _articles(pages: list[Path]) -> Iterator[Article]:
    for path in pages:
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        yield from webpage.read(body).publication.articles


TARGET = Target(media=target)
CERTIFIED = replace(TARGET, book=BookOptions(certified_by="Dewey & Howe", certifier_report="https://e.org/report"))
