"""Publications for the laws: every field, every awkward character, everything that may be absent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st

from publisher import markup
from publisher.article import (
    ARTICLE_TYPES,
    MEDIA_TYPES,
    Article,
    Correction,
    Date,
    Image,
    Link,
    Media,
    Organization,
    Party,
    Person,
    Place,
    Publication,
)
from publisher.text import line, url
from publisher.text import slug as slug_of

Value = TypeVar("Value")

THOROUGH = settings.get_current_profile_name() == "thorough"
"""Whether there is time: `make laws` and `make judges` have as much as they want, `make test` is over in a quarter of an hour or so."""

FEWER = settings() if THOROUGH else settings(max_examples=min(30, settings().max_examples))
"""For laws that take a tenth of a second for each example; `make laws` tries as many as of all others."""

AWKWARD = [
    "AT&T <b>bold</b> &amp; “quotes”",
    "]]> </script> <!-- <script>",
    "اجتماع في باريس",
    "פגישה בפריז",
    "パリで会談",
    "Встреча в Париже — 11 ноября",
    "e\u0301 ﬁ \u202eabc\u202c \U0001f469\u200d\U0001f680",
    "nbsp\u00a0here, {curly} [square] %20 \\ / ' \" `",
    "A, B & C",
    "x" * 700,
    "https://example.org/not a title",
    "null",
    "2018-10-24",
    "-->",
    "{{ x }} ${y} %(z)s %d",
]
URLS = [
    "https://example.org/a?b=c&d=%C3%A9#f",
    "http://xn--e1afmkfd.xn--p1ai/%D0%BF",
    "https://lantern.example/media/a.jpg",
    "https://lantern.example/articles/one.html",
    "https://e.org/'()*,;=:@!$",
    "https://user@e.org:8080/x/../y//z",
    "https://e.org/with%20space.png",
    'mailto:desk@lantern.example?subject=[x] "y"&body=http://e.org/',
    "tel:+49 (30) 1234",
    "https://e.org/a#b#c",
]
LANGUAGES = ["en", "en-GB", "ar", "he", "ja", "zh-Hant", "ru", "de-1901", "sr-Latn"]
BODIES = [
    "<p>One.</p><p>Two with <a href='https://e.org/'>a link</a>, <em>x</em><strong>y</strong>.</p>",
    "<h2>A</h2><p>x<br>y</p><h3>B</h3><ul><li>1<ol start=3><li>2</ol></ul><hr>",
    "<blockquote cite='https://e.org/q'><p>Q</p></blockquote>"
    "<pre><code class='language-py'>\tif a &lt; b:\n        c()\n\n    d</code></pre>",
    "<table><caption>C</caption><tr><th>a<th>b<tr><td>1<td><p>2</p><p>3</p></table>",
    "<figure><img src='https://lantern.example/media/a.jpg' alt='A dog' width=10 height=20>"
    "<figcaption>C <small>credit</small></figcaption></figure>",
    "<p>x<sup><a id='r1' href='#n1' role='doc-noteref'>1</a></sup></p><div role='doc-endnotes'><ol><li id='n1'>N "
    "<a href='#r1' role='doc-backlink'>back</a></li></ol></div>",
    "<p lang='ar' dir='rtl'>مرحبا <bdi>Paris</bdi></p><p lang='ja'><ruby>漢<rt>かん</rt></ruby>字</p>",
    "<p><audio src='https://e.org/a.mp3'></audio><video src='https://e.org/a.mp4' poster='https://e.org/p.png'></video></p>",
    "<dl><dt>T<dd>D</dl><p><abbr title='x y'>XY</abbr> H<sub>2</sub>O <time datetime='2018-10-24'>then</time> <del>a</del><ins>b</ins></p>",
    "bare ]]&gt; text &lt;/script&gt; with <q cite='https://e.org/'>q</q> <kbd>k</kbd><wbr><mark>m</mark> \u00a0 \U0001f600",
    "<p>see <a href='https://lantern.example/articles/two.html'>two</a> and <a href='mailto:a@e.org'>mail</a></p>",
]


def texts() -> st.SearchStrategy[str]:
    """One line of text as the model has it."""
    return st.one_of(st.sampled_from(AWKWARD), st.text(min_size=1, max_size=20)).map(line).filter(bool).map(str)


def words() -> st.SearchStrategy[str]:
    """Plain words, for where the shape matters and not the characters."""
    return st.sampled_from(["Politics", "World news", "Kultur", "文化", "a"])


def urls() -> st.SearchStrategy[str]:
    """Absolute URLs as the model has them."""
    return st.sampled_from([found for each in URLS if (found := url(each))])


def maybe(strategy: st.SearchStrategy[Value]) -> st.SearchStrategy[Value | None]:
    """The value, or absent."""
    return st.one_of(st.none(), strategy)


def few(strategy: st.SearchStrategy[Value], most: int = 3) -> st.SearchStrategy[tuple[Value, ...]]:
    """None, one or a few of them."""
    return st.lists(strategy, max_size=most).map(tuple)


def moments() -> st.SearchStrategy[datetime]:
    """Aware moments to the second with any offset that RFC 3339 can write."""
    zones = st.sampled_from([0, 60, -210, 345, 765, 840, -720, 1, -1]).map(
        lambda minutes: timezone(timedelta(minutes=minutes)) if minutes else UTC
    )
    naive = st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9998, 12, 30))  # noqa: DTZ001
    return st.builds(lambda value, zone: value.replace(microsecond=0, fold=0, tzinfo=zone), naive, zones)


def dates() -> st.SearchStrategy[Date]:
    """Days and moments, before 1970 and after."""
    return st.one_of(st.dates(min_value=date(1000, 1, 2), max_value=date(9998, 12, 30)), moments())


def images() -> st.SearchStrategy[Image]:
    """Pictures, also missing ones that have only a caption."""
    image = st.builds(
        Image,
        content_url=maybe(urls()),
        encoding_format=maybe(st.sampled_from(["image/jpeg", "image/png", "image/svg+xml"])),
        width=maybe(st.integers(0, 9000)),
        height=maybe(st.integers(0, 9000)),
        content_size=maybe(st.integers(0, 10**9)),
        sha256=maybe(st.just("0123456789abcdef" * 4)),
        caption=maybe(texts()),
        description=maybe(texts()),
        credit_text=maybe(texts()),
        license=maybe(urls()),
    )
    return image.filter(lambda each: each != Image())


def media() -> st.SearchStrategy[Media]:
    """Recordings."""
    return st.builds(
        Media,
        content_url=urls(),
        type=st.sampled_from(MEDIA_TYPES),
        encoding_format=maybe(st.sampled_from(["audio/mpeg", "video/mp4", "application/pdf"])),
        content_size=maybe(st.integers(0, 10**12)),
        duration=maybe(st.integers(0, 10**6)),
        sha256=maybe(st.just("f" * 64)),
        name=maybe(texts()),
        description=maybe(texts()),
        credit_text=maybe(texts()),
        license=maybe(urls()),
    )


def parties() -> st.SearchStrategy[Party]:
    """People and organizations."""
    emails = maybe(st.just("desk@lantern.example"))
    person = st.builds(Person, name=texts(), url=maybe(urls()), email=emails, image=maybe(images()), same_as=few(urls(), 2))
    organization = st.builds(Organization, name=texts(), url=maybe(urls()), email=emails, logo=maybe(images()), same_as=few(urls(), 2))
    return st.one_of(person, organization)


def links() -> st.SearchStrategy[Link]:
    """Links with an address, a title or both."""
    link = st.builds(Link, url=maybe(urls()), name=maybe(texts()), in_language=maybe(st.sampled_from(LANGUAGES)))
    return link.filter(lambda each: each != Link())


def places() -> st.SearchStrategy[Place]:
    """Places with and without coordinates."""
    bare = st.builds(Place, name=texts())
    degrees = st.sampled_from([0.0, 48.856613, -33.9, 1e-06, 89.999999])
    return st.one_of(bare, st.builds(Place, name=texts(), latitude=degrees, longitude=degrees))


@lru_cache(maxsize=512)
def _clean(source: str) -> str:
    return markup.clean(source)


def bodies() -> st.SearchStrategy[str]:
    """Canonical bodies, with every element, or any text, or empty."""
    texts_ = st.text(max_size=30).map(markup.from_text)
    return st.one_of(
        st.just(""), texts_, st.lists(st.sampled_from(BODIES), min_size=1, max_size=4, unique=True).map(lambda each: _clean("".join(each)))
    )


def identifiers() -> st.SearchStrategy[str]:
    """Tag URIs, URLs and whatever other people's feeds have for an id."""
    return st.one_of(st.sampled_from(["tag:lantern.example,2026:one", "urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6"]), urls(), texts())


def _sparse(article: Article, names: frozenset[str]) -> Article:
    """The article without most of its fields, so that each field is also met alone."""
    empty = Article(identifier=article.identifier, headline=article.headline)
    return replace(article, **{name: getattr(empty, name) for name in Article.__dataclass_fields__ if name not in names})


def articles() -> st.SearchStrategy[Article]:
    """Articles with every field, or with a few."""
    full = st.builds(
        Article,
        identifier=identifiers(),
        headline=texts(),
        type=st.sampled_from(ARTICLE_TYPES),
        url=maybe(urls()),
        alternative_headline=maybe(texts()),
        description=maybe(texts()),
        body=bodies(),
        article_section=maybe(st.one_of(words(), texts())),
        keywords=few(st.one_of(words(), texts())),
        dateline=maybe(texts()),
        content_location=few(places(), 2),
        in_language=maybe(st.sampled_from(LANGUAGES)),
        date_published=maybe(dates()),
        date_modified=maybe(dates()),
        author=few(parties()),
        editor=few(parties(), 2),
        contributor=few(parties(), 2),
        publisher=maybe(parties()),
        image=few(images(), 2),
        associated_media=few(media(), 2),
        citation=few(links(), 2),
        is_based_on=maybe(urls()),
        translations=few(links(), 2),
        corrections=few(st.builds(Correction, text=texts(), date_published=maybe(dates())), 2),
        license=maybe(urls()),
        copyright_notice=maybe(texts()),
        copyright_holder=maybe(parties()),
        copyright_year=maybe(st.integers(1, 9999)),
        is_accessible_for_free=maybe(st.booleans()),
    )
    names = st.frozensets(st.sampled_from(sorted(Article.__dataclass_fields__)), max_size=4)
    return st.one_of(full, st.builds(_sparse, full, names.map(lambda each: each | {"identifier", "headline"})))


def publications(*, least: int = 0, most: int = 3) -> st.SearchStrategy[Publication]:
    """Publications of so many articles."""
    return st.builds(
        Publication,
        identifier=identifiers(),
        name=texts(),
        url=st.one_of(st.just("https://lantern.example/"), urls().filter(lambda each: each.startswith("http"))),  # a place on the web
        alternate_name=maybe(texts()),
        description=maybe(texts()),
        in_language=maybe(st.sampled_from(LANGUAGES)),
        publisher=maybe(parties()),
        image=maybe(images()),
        license=maybe(urls()),
        copyright_notice=maybe(texts()),
        date_modified=maybe(dates()),
        sections=few(st.one_of(words(), texts())),
        articles=st.lists(articles(), min_size=least, max_size=most).map(tuple),
    )


def gathered(publication: Publication) -> Publication:
    """Return a publication as `sources` gives it: no two articles have one identifier or one address."""
    articles = {each.identifier: each for each in publication.articles}
    return replace(publication, articles=tuple({each.url or each.identifier: each for each in articles.values()}.values()))


def slugs() -> st.SearchStrategy[str]:
    """What `slug` makes of any text."""
    return texts().map(slug_of)
