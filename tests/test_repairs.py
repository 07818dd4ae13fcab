"""What is put right in bodies so that everybody can read them, and what is said of it."""

from __future__ import annotations

import pytest
from hypothesis import given

from publisher import formats, markup
from publisher.formats import Context
from publisher.problems import Severity
from tests.test_markup import soups

PICTURE = 'src="https://e.org/a.png"'
CASES = {
    "a link with nothing but a picture is called by where it leads": (
        f'<a href="https://www.lantern.example/files/Fahrplan%20%C3%A4.pdf"><img {PICTURE}></a>',
        f'<p><a href="https://www.lantern.example/files/Fahrplan%20%C3%A4.pdf"><img alt="Fahrplan ä.pdf (lantern.example)" {PICTURE}/></a></p>',
    ),
    "a link to a whole place is called by its name": (
        f'<a href="https://www.lantern.example/"><img {PICTURE}></a>',
        f'<p><a href="https://www.lantern.example/"><img alt="lantern.example" {PICTURE}/></a></p>',
    ),
    "a number is no name": (
        f'<a href="https://lantern.example/?p=1"><img {PICTURE}></a>',
        f'<p><a href="https://lantern.example/?p=1"><img alt="lantern.example" {PICTURE}/></a></p>',
    ),
    "a link to write to is called by the address": (
        f'<a href="mailto:desk@lantern.example?subject=x"><img {PICTURE}></a>',
        f'<p><a href="mailto:desk@lantern.example?subject=x"><img alt="desk@lantern.example" {PICTURE}/></a></p>',
    ),
    "a link to a place in the text is called by its name": (
        f'<a href="#tides"><img {PICTURE}></a><p id="tides">b</p>',
        f'<p><a href="#tides"><img alt="tides" {PICTURE}/></a></p><p id="tides">b</p>',
    ),
    "what its author calls a link comes first": (
        f'<a aria-label="The timetable" title="PDF" href="https://e.org/x"><img {PICTURE}></a>',
        f'<p><a href="https://e.org/x" title="PDF"><img alt="The timetable" {PICTURE}/></a></p>',
    ),
    "then what they call its picture": (
        f'<a href="https://e.org/x"><img title="The timetable" {PICTURE}></a>',
        f'<p><a href="https://e.org/x"><img alt="The timetable" {PICTURE} title="The timetable"/></a></p>',
    ),
    "only the first picture of a link lends its name": (
        f'<a href="https://e.org/"><b><img {PICTURE}></b><img {PICTURE}></a><img {PICTURE}>',
        f'<p><a href="https://e.org/"><b><img alt="e.org" {PICTURE}/></b><img alt="" {PICTURE}/></a><img alt="" {PICTURE}/></p>',
    ),
    "a link whose picture says something stays as it is": (
        f'<a href="https://e.org/"><img alt="A buoy" {PICTURE}></a>',
        f'<p><a href="https://e.org/"><img alt="A buoy" {PICTURE}/></a></p>',
    ),
    "a link to the picture itself goes": (f'<a href="https://e.org/a.png?w=900"><img {PICTURE}></a>', f'<p><img alt="" {PICTURE}/></p>'),
    "a link around a headline does not need the picture": (
        f'<a href="https://e.org/x"><div><img {PICTURE}></div><h2>The ferry</h2></a>',
        f'<p><img alt="" {PICTURE}/></p><h2><a href="https://e.org/x">The ferry</a></h2>',
    ),
    "a link with nothing to see goes, and the text after it stays": (
        '<p>a<a href="https://e.org/">\u200b\u00a0</a>b<a href="https://e.org/"><br></a>c<a href="https://e.org/"></a>d</p>',
        "<p>a\u200b\u00a0b<br/>cd</p>",
    ),
    "alternative text of nothing but space is none": (f'<p>a<img alt=" \u00a0\u200b" {PICTURE}></p>', f'<p>a<img alt="" {PICTURE}/></p>'),
    "alternative text that the text repeats is none": (
        f'<p><img alt="The  Ferry" {PICTURE}> the ferry</p><ul><li><img alt="a & b" {PICTURE}>a &amp; <b>b</b></ul>',
        f'<p><img alt="" {PICTURE}/> the ferry</p><ul><li><img alt="" {PICTURE}/>a &amp; <b>b</b></li></ul>',
    ),
    "alternative text that says more stays": (
        f'<p><img alt="The ferry" {PICTURE}> the ferry sails</p>',
        f'<p><img alt="The ferry" {PICTURE}/> the ferry sails</p>',
    ),
    "a heading without words is a paragraph": (f"<h2><img {PICTURE}></h2><h3>a</h3>", f'<p><img alt="" {PICTURE}/></p><h2>a</h2>'),
    "a heading with a picture that says something is one": (f"<h2><img alt='A' {PICTURE}></h2>", f'<h2><img alt="A" {PICTURE}/></h2>'),
    "a heading in an item keeps what makes it one": (
        f"<ul><li>a<h2><img alt='a' {PICTURE}></h2></li></ul>",
        f'<ul><li>a<h2><img alt="a" {PICTURE}/></h2></li></ul>',
    ),
    "a heading of a table without words is a cell": (
        "<table><tr><th><th>a<tr><th>b<td>c</table>",
        '<table><thead><tr><td></td><th scope="col">a</th></tr></thead><tbody><tr><th scope="row">b</th><td>c</td></tr></tbody></table>',
    ),
    "headings beside an empty corner are of columns": (
        "<table><tr><td><th>a<tr><th>b<td>c</table>",
        '<table><thead><tr><td></td><th scope="col">a</th></tr></thead><tbody><tr><th scope="row">b</th><td>c</td></tr></tbody></table>',
    ),
    "a row of headings further down is of columns": (
        "<table><tr><td>a<td>b<tr><th>c<th>d<tr><td>e<td>f</table>",
        '<table><tbody><tr><td>a</td><td>b</td></tr><tr><th scope="col">c</th><th scope="col">d</th></tr>'
        "<tr><td>e</td><td>f</td></tr></tbody></table>",
    ),
    "what a heading is said to be of stays": (
        '<table><tr><th scope="rowgroup">a<td>b</table>',
        '<table><tbody><tr><th scope="rowgroup">a</th><td>b</td></tr></tbody></table>',
    ),
    "white space in code stays": ("<pre>a<b> <i>b</i> </b>c</pre>", "<pre>a<b> <i>b</i> </b>c</pre>"),
    "spans that do not fit hide no head": (
        "<table><tr><th rowspan=2>a</th></tr><tr><td>b</td></tr></table>",
        '<table><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>',
    ),
}


@pytest.mark.parametrize(("source", "expected"), CASES.values(), ids=CASES)
def test_what_is_put_right(source: str, expected: str) -> None:
    body = markup.clean(source)
    assert body == expected
    assert markup.clean(body) == body


NOTHING = str.maketrans("", "", "\u200b\u00ad\u2060")


@given(soups())
def test_links_headings_and_headings_of_tables_can_be_read_aloud(soup: str) -> None:
    body = markup.parse_xml(f"<body>{markup.clean(soup)}</body>".encode())
    for each in body.iter("a", "th", "h2", "h3", "h4", "h5", "h6"):
        said = [*map(str, each.itertext()), *(picture.get("alt") or "" for picture in each.iter("img"))]
        assert "".join(said).translate(NOTHING).strip(), each.tag


@given(soups())
def test_a_body_needs_no_more_repairs(soup: str) -> None:
    left = {each.kind for each in markup.mended(markup.clean(soup))[1]}
    assert left <= {"alternative-text-file-name"}


def told(source: str) -> list[tuple[str, int, str]]:
    return [(each.kind, each.count, each.first) for each in markup.mended(source)[1]]


TOLD = {
    "a link that got a name": (f'<a href="https://e.org/x"><img {PICTURE}></a>' * 2, ("body-link-named", 2, "x (e.org)")),
    "a link that went from around a picture": (
        f'<a href="https://e.org/a.png"><img alt="" {PICTURE}></a>',
        ("body-link-unwrapped", 1, "https://e.org/a.png"),
    ),
    "a link without text": ('<p>a<a href="https://e.org/x"> </a></p>', ("body-empty-link", 1, "https://e.org/x")),
    "a level that was left out": ("<h2>a</h2><h4>b</h4><h4>c</h4>", ("body-heading-level", 2, "h4 b")),
    "a heading without words": ("<h2> </h2><p>a</p>", ("body-empty-heading", 1, "")),
    "a heading of a table without words": ("<table><tr><td>a<th></table>", ("body-empty-header-cell", 1, "")),
    "a blank alternative text": (f'<p>a<img alt=" " {PICTURE}></p>', ("body-alternative-text-blank", 1, "https://e.org/a.png")),
    "a repeated alternative text": (f'<p><img alt="A" {PICTURE}>a</p>', ("body-alternative-text-repeated", 1, "A")),
    "a colour": ("<p>a<font color=red>b</font><i style='margin: 0; color: #eee'>c</i></p>", ("body-colours-left-out", 2, "")),
    "no alternative text": (f"<p>a<img {PICTURE}></p>", ("alternative-text-missing", 1, "https://e.org/a.png")),
    "the name of a file": (f'<p>a<img alt="IMG_0042.JPG" {PICTURE}></p>', ("alternative-text-file-name", 1, "IMG_0042.JPG")),
}


@pytest.mark.parametrize(("source", "repair"), TOLD.values(), ids=TOLD)
def test_what_was_put_right_is_told(source: str, repair: tuple[str, int, str]) -> None:
    assert told(source) == [repair]


@pytest.mark.parametrize(
    "source",
    [
        "<h1>a</h1><h2>b</h2><h3>c</h3><h2>d</h2>",
        f'<p>a<img alt="" {PICTURE}><img role="presentation" {PICTURE}><img aria-hidden="true" {PICTURE}></p>',
        "<table><tr><td></td><th>a</th></tr><tr><th>b</th><td>c</td></tr></table>",
        '<p style="margin: 0">a <a href="#">b</a></p>',
        "",
    ],
    ids=["headings in order", "decoration", "an empty corner", "a margin, and a link to nowhere", "nothing"],
)
def test_what_is_right_is_not_told(source: str) -> None:
    assert told(source) == []


def test_a_repair_is_a_problem_with_its_count() -> None:
    (repair,) = markup.mended("<h2>a</h2><h5>b</h5><h6>c</h6><h5>d</h5>")[1]
    found = repair.problem(line=7)
    assert (found.code, found.severity, found.location.line) == ("body-heading-level", Severity.INFO, 7)
    assert found.message == "a heading moved up, so that no level is left out: 'h5 b', and 1 more"


@given(soups())
def test_telling_changes_nothing(soup: str) -> None:
    assert markup.mended(soup)[0] == markup.clean(soup)


# -- where sources are read -----------------------------------------------------------------------------------------------

REPAIRED = "## a\n\n#### b\n\n[![](https://e.org/a.png)](https://e.org/x.pdf)\n\nc <a href='https://e.org/'></a>d <img alt='' src='https://e.org/b.png'>\n"


def problems(name: str, text: str) -> list[tuple[int, str]]:
    found = formats.get(name).read(text.encode(), Context(path="the-ferry.md")).problems
    return [(each.location.line, each.code) for each in found if each.code.startswith(("body-", "alternative-"))]


def test_what_is_put_right_in_markdown_is_told_with_its_line() -> None:
    expected = [(7, "body-heading-level"), (9, "body-link-named"), (11, "body-empty-link")]
    assert problems("markdown", f"---\ntitle: T\ndate: 2018-10-24\n---\n{REPAIRED}") == expected


def test_what_is_put_right_in_a_clipping_is_told_with_its_line() -> None:
    expected = [(5, "body-heading-level"), (7, "body-link-named"), (9, "body-empty-link"), (9, "alternative-text-missing")]
    assert (
        problems("clipping", f"# T\n\n{REPAIRED.replace('## a', 'a', 1)}<img src='https://e.org/c.png'>".replace("#### b", "### b"))
        == expected
    )


PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>The ferry</title><meta property="og:image" content="https://e.org/a.jpg"></head>
<body><article><h1>The ferry</h1><p>{"The boats were never cancelled for fog. " * 9}</p>
<h2>Tides</h2>
<h4>Neap</h4>
<p><img src="https://e.org/b.jpg"> {"At neap tide she lies on the sand. " * 3}</p></article></body></html>"""


def test_what_is_put_right_in_a_page_is_told_with_its_line() -> None:
    assert problems("webpage", PAGE) == [(0, "alternative-text-missing"), (4, "body-heading-level"), (5, "alternative-text-missing")]


def test_a_false_position_is_no_line() -> None:
    assert problems("clipping", "# T\n\na <b data-sourcepos='x:y'><a href='https://e.org/'></a></b>") == [(3, "body-empty-link")]


@pytest.mark.parametrize("markup_", ["<img alt='' src='a.png'>", "<img alt src='a.png'>", "<img role=presentation src='a.png'>"])
def test_a_decoration_in_markdown_is_silent(markup_: str) -> None:
    found = formats.get("markdown").read(f"---\ntitle: T\ndate: 2018-10-24\n---\na {markup_}\n".encode(), Context(path="the-ferry.md"))
    assert found.problems == ()


BROKEN = "&lt;h2>a&lt;/h2>&lt;h4>b&lt;/h4>"
FEEDS = {
    "rss": (
        f"<rss version='2.0'><channel><title>T</title>\n<item><guid>1</guid>\n<description>{BROKEN}</description></item>"
        f"<item><guid>2</guid><description>{BROKEN}</description></item></channel></rss>",
        (3, ""),
    ),
    "atom": (
        "<feed xmlns='http://www.w3.org/2005/Atom'><id>x</id><title>T</title>\n<entry><id>1</id><title>1</title>\n"
        f"<content type='html'>{BROKEN}</content></entry><entry><id>2</id><title>2</title><content type='xhtml'>"
        "<div xmlns='http://www.w3.org/1999/xhtml'><h4>b</h4></div></content></entry></feed>",
        (3, ""),
    ),
    "jsonfeed": (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1", "content_html": "<h2>a</h2><h4>b</h4>"},'
        '{"id": "2", "content_html": "<h4>b</h4>"}]}',
        (0, "items[0].content_html"),
    ),
}


@pytest.mark.parametrize("name", FEEDS)
def test_what_is_put_right_in_a_feed_is_told_once_for_all_articles(name: str) -> None:
    source, (line, pointer) = FEEDS[name]
    (found,) = formats.get(name).read(source.encode()).problems
    assert (found.code, found.location.line, found.location.pointer) == ("body-heading-level", line, pointer)
    assert found.message == "a heading moved up, so that no level is left out: 'h4 b', and 1 more"


FORMULAS = {
    "TeX in an annotation": (
        '<math><semantics><mi>E</mi><annotation encoding="application/x-tex">E = mc^2</annotation></semantics></math>',
        "<code>E = mc^2</code>",
    ),
    "TeX as alternative text": ('<math alttext="\\frac{1}{2}"><mfrac><mn>1</mn><mn>2</mn></mfrac></math>', "<code>\\frac{1}{2}</code>"),
    "control characters in it and behind": ("<math alttext='a&#1;b'>c&#1;</math>&#1;", "<code>ab</code>"),
    "letters": ("<math><mi>E</mi><mo>=</mo><mi>m</mi></math>", "E=m"),
}


@pytest.mark.parametrize(("formula", "spelt"), FORMULAS.values(), ids=FORMULAS)
def test_what_a_formula_says_stays(formula: str, spelt: str) -> None:
    body, repairs = markup.mended(f"<p>Here {formula} is inside.</p>")
    assert markup.to_text(body) == markup.to_text(f"<p>Here {spelt} is inside.</p>")
    assert spelt in body
    assert [each.kind for each in repairs] == ["body-formula-spelt"]
