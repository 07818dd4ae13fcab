"""Pages of others: real ones scored against their true text, and small ones for each thing that sites do."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import pages as corpus
from publisher import formats, markup, minting
from publisher.article import Article, Image, Link, Organization, Person, Publication
from publisher.formats import Context, Reading, webpage
from publisher.problems import Severity, Unreadable

HERE = "https://e.org/2019/11/20/ferry/"
REAL = corpus.pages()
TEXT = (
    "The ferry has crossed the sound every morning since the bridge was closed to lorries in the spring of last year.",
    "Its captain says that fog never kept her in the harbour, and that she would rather row than leave anybody waiting.",
    "The council wants to sell the boat, which was built in 1962, as soon as somebody offers more than it is worth.",
    "Until then the bell at the pier will be rung by hand, as it has been since her grandfather bought the first boat.",
)
PARAGRAPHS = "".join(f"<p>{each}</p>" for each in TEXT)


def read(body: str, head: str = "", language: str = ' lang="en"') -> Reading:
    page = f"<!DOCTYPE html><html{language}><head><title>The ferry sails on | The Lantern</title>{head}</head><body>{body}</body></html>"
    return webpage.read(page.encode(), Context(path=HERE))


def article(body: str, head: str = "") -> Article:
    (found,) = read(body, head).publication.articles
    return found


def story(inside: str = PARAGRAPHS, head: str = "") -> Article:
    """The article of a page with everything around it that pages have."""
    around = "<nav><ul><li><a href=/>Home</a></li><li><a href=/news>News</a></li></ul></nav>"
    return article(f"{around}<main><article><h1>The ferry sails on</h1>{inside}</article></main><footer>© 2019 The Lantern</footer>", head)


def linked(**said: object) -> str:
    data = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "The ferry sails on", **said}
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


# -- the measure ------------------------------------------------------------------------------------------------------------


def test_a_score_counts_groups_of_four_words() -> None:
    page = corpus.Page("x", HERE, b"", "one two three four five")
    (score,) = corpus.scores([page], lambda _: "one two three four six").each
    assert (score.precision, score.recall) == (0.5, 0.5)


# -- the text ---------------------------------------------------------------------------------------------------------------


def test_the_text_is_found_among_what_is_around_it() -> None:
    assert story().body == PARAGRAPHS


@pytest.mark.parametrize(
    "beside",
    [
        '<div class="newsletter-signup"><h3>The Morning Bell</h3><p>Our day in two minutes, in your box at seven o’clock sharp.</p></div>',
        '<div class="relatedArticles"><p><a href=/a>The bridge will be closed to everybody until the end of May</a></p></div>',
        '<ul class="share-tools"><li><a href=/x>Share on Twitter</a></li><li><a href=/y>E-mail</a></li></ul>',
        '<p class="advertisement">Advertisement</p>',
        "<p>Story continues below the gallery</p>",
        '<aside><p>Three other boats were sold last year, all of them to the same shipyard in the south of the island.</p></aside>',
        '<p>Tags: <a rel=tag href=/t/ferry>ferry</a>, <a rel=tag href=/t/fog>fog</a></p>',
        '<p hidden>This text is shown to nobody who looks at this page with a browser of this century.</p>',
    ],
)  # fmt: skip
def test_what_stands_among_the_paragraphs_and_is_none_is_left(beside: str) -> None:
    first, *rest = (f"<p>{each}</p>" for each in TEXT)
    assert story(first + beside + "".join(rest)).body == PARAGRAPHS


def test_the_headline_and_what_stands_with_it_are_no_text() -> None:
    above = '<header><p class="byline">By Ann Lee</p><time datetime="2019-11-20">20 November 2019</time><h2>She never stopped for fog</h2></header>'
    assert story(above + PARAGRAPHS).body == PARAGRAPHS


def test_lines_that_lead_to_other_articles_become_related_reading() -> None:
    teaser = '<p><strong>Read more:</strong> <a href="/bridge">The bridge is closed</a></p>'
    found = story(f"<p>{TEXT[0]}</p>{teaser}" + "".join(f"<p>{each}</p>" for each in TEXT[1:]))
    assert found.body == PARAGRAPHS
    assert found.citation == (Link(url="https://e.org/bridge", name="The bridge is closed"),)


def test_a_text_in_several_parts_is_taken_whole() -> None:
    part = '<div class="chunk"><div class="body-text">{}</div></div><div class="ad">Advertisement</div>'
    first, second = ("".join(f"<p>{each} {number}.</p>" for number in range(6) for each in half) for half in (TEXT[:2], TEXT[2:]))
    assert story(part.format(first) + part.format(second)).body == first + second


def test_loose_text_becomes_paragraphs() -> None:
    assert story("<div>" + "<br><br>".join(TEXT) + "</div>").body == PARAGRAPHS


def test_structure_is_kept_as_the_page_has_it() -> None:
    inside = (
        f"{PARAGRAPHS}<h2>The boats</h2><p>{TEXT[0]} More is <a href='../pier#bell'>at the pier</a>.</p>"
        "<ol><li>The old one, which sank in the winter of 1931</li><li>The new one, built in the harbour itself</li></ol>"
        "<blockquote><p>She would rather row than wait for the tide, as her grandfather did.</p></blockquote>"
        "<table><tr><th>Year</th><th>Crossings</th></tr><tr><td>2018</td><td>730</td></tr></table>"
        f"<pre><code>bell --rings 3</code></pre><p>{TEXT[2]} And so it goes.</p>"
    )
    found = story(inside).body
    assert [tag for tag in ("<h2>", "<ol>", "<blockquote>", "<table>", "<pre>", "<code>") if tag not in found] == []
    assert 'href="https://e.org/2019/11/20/pier#bell"' in found


def test_a_text_that_stands_twice_is_taken_once() -> None:
    assert story(f"<ul class=highlights><li>{TEXT[1]}</li></ul>{PARAGRAPHS}").body == PARAGRAPHS


def test_a_page_too_deep_for_any_editor_is_read_all_the_same() -> None:
    found = article(f"<h1>The ferry sails on</h1>{'<div>' * 300}{PARAGRAPHS}")
    assert found.headline == "The ferry sails on"
    assert TEXT[0] in found.body


def test_references_to_characters_that_xml_forbids_do_no_harm() -> None:
    assert story(f"<div>&#12;{TEXT[0]}&#11;<br><br>{TEXT[1]}<p>{TEXT[2]}</p></div><p>{TEXT[3]}</p>").body == PARAGRAPHS


EVERYTHING = (
    f'<!DOCTYPE html><html lang=en><head><title>Ferry</title>{{data}}<meta property="og:image" content="/a.jpg"></head><body><h1>Ferry</h1>'
    '<div itemscope itemtype="https://schema.org/NewsArticle"><span itemprop=author>Ann</span><time datetime="2019-11-20">then</time>'
    f"<figure><img data-src=a.jpg><figcaption>A boat <i class=credit>Tobias</i></figcaption></figure>{PARAGRAPHS}<noscript><img src=b.jpg></noscript>"
    '<div class=image><img srcset="c.jpg 2x, d.jpg 1x"><p class=caption>Below</p></div>loose<br><br>text <p>Read more: <a href=x>There</a></p>'
    '<table><tr><td>1</table><iframe src="https://youtube.com/embed/x"></iframe></div></body></html>'
)
PIECES = st.sampled_from(
    [
        "<",
        ">",
        '"',
        "</div>",
        "<p>",
        "<img",
        "&#12;",
        "&#xFFFE;",
        "<!--",
        "\ud7ff",
        "\x0b",
        "<noscript>",
        "<figure>",
        "[",
        " srcset=",
        "=",
        "<td>",
    ]
)


@given(st.lists(st.tuples(st.integers(0, 2500), PIECES), max_size=8))
def test_a_damaged_page_of_others_is_read_or_refused(damage: list[tuple[int, str]]) -> None:
    page = EVERYTHING.replace("{data}", linked(author="By Ann", image={"url": "a.jpg"}))
    for place, piece in damage:
        page = page[:place] + piece + page[place:]
    with suppress(Unreadable):
        (found,) = webpage.read(page.encode(), Context(path=HERE)).publication.articles
        assert markup.clean(found.body) == found.body


# -- pictures -----------------------------------------------------------------------------------------------------------------

PICTURE = "https://e.org/media/boat.jpg"


def pictured(markup_of_picture: str) -> str:
    first, *rest = (f"<p>{each}</p>" for each in TEXT)
    return story(first + markup_of_picture + "".join(rest)).body


@pytest.mark.parametrize(
    "written",
    [
        '<img data-src="/media/boat.jpg" alt="A boat">',
        '<img src="data:image/gif;base64,R0lGODlh" data-original="/media/boat.jpg" alt="A boat">',
        '<img src="/static/placeholder.png" data-srcset="/media/small.jpg 300w, /media/boat.jpg 1200w, /media/huge.jpg 5000w" alt="A boat">',
        '<picture><source data-srcset="/media/boat.jpg 800w"><img alt="A boat"></picture>',
        '<img class=lazy src="/blank.gif" alt="A boat"><noscript><img src="/media/boat.jpg" alt="A boat"></noscript>',
        '<img src="/spacer.gif" data-anything="/media/boat.jpg" alt="A boat">',
        '<img src="/media/boat.jpg" alt="A boat"><img src="https://count.example/hit" width=1 height=1>',
    ],
)
def test_pictures_that_are_loaded_later_have_their_address(written: str) -> None:
    assert markup.media(pictured(f"<p>{written}</p>")) == [PICTURE]


@pytest.mark.parametrize(
    ("waiting", "loaded", "expected"),
    [
        ('alt="A boat" title="1962" width=640 height=480', "", 'alt="A boat" height="480" src="{}" title="1962" width="640"'),
        ('alt="A boat"', 'alt="The boat in fog"', 'alt="The boat in fog" src="{}"'),
        ('alt="A boat"', 'alt=""', 'alt="A boat" src="{}"'),
        ('alt=""', "", 'alt="" src="{}"'),
    ],
)
def test_a_picture_for_readers_without_scripts_has_what_is_said_of_the_other(waiting: str, loaded: str, expected: str) -> None:
    body = pictured(f'<p><img class=lazy src="/blank.gif" {waiting}><noscript><img src="/media/boat.jpg" {loaded}></noscript></p>')
    assert sorted(body[body.index("<img ") + 5 : body.index("/>")].split('" ')) == sorted(expected.format(PICTURE).split('" ')), body


def test_a_stand_in_of_one_pixel_gives_no_size() -> None:
    written = '<img class=lazy src="/blank.gif" alt="A boat" width=1 height=1><noscript><img src="/media/boat.jpg"></noscript>'
    body = pictured(f"<p>{written}</p>")
    assert (markup.media(body), 'alt="A boat"' in body, "width" in body) == ([PICTURE], True, False)


NOT_FOR_READERS = {
    "a counter": '<img src="https://sb.scorecardresearch.com/p?c1=2&amp;cv=2.0">',
    "a counter without a name": '<img src="//c.example/count?site=e.org">',
    "a counter of a network": '<img src="https://www.facebook.com/tr?id=1&amp;ev=PageView&amp;noscript=1">',
    "a pixel": '<img src="//c.example/x" width=1 height=1>',
    "what is not displayed": '<div style="display:none"><img src="//c.example/x"></div>',
    "an advertisement": '<a href="//a.example/delivery/ck.php?n=1"><img src="//a.example/delivery/avw.php?zoneid=7"></a>',
    "a banner": '<a href="https://shop.example/"><img src="/ads/oars.jpg" width=728 height=90></a>',
    "a request": "Please enable JavaScript to see <a href=//d.example/>the comments</a>.",
}


@pytest.mark.parametrize("inside", NOT_FOR_READERS.values(), ids=NOT_FOR_READERS)
def test_what_counts_or_advertises_without_scripts_is_left_and_takes_no_picture_s_place(inside: str) -> None:
    left = f"<noscript>{inside}</noscript>"
    boat = '<p><img src="/media/boat.jpg" alt="A boat"/></p>'
    assert pictured(left) == PARAGRAPHS
    assert pictured(boat + left) == pictured(boat.replace("</p>", f"{left}</p>")) == pictured(boat)


@pytest.mark.parametrize("kind", ["a counter", "a counter without a name", "a counter of a network", "an advertisement"])
def test_what_counts_or_advertises_is_left_wherever_it_stands(kind: str) -> None:
    assert pictured(f"<p>{NOT_FOR_READERS[kind]}</p>") == PARAGRAPHS


@pytest.mark.parametrize(
    "named", ["track.png", "media/a.gif?w=600", "google-analytics-dashboard.png", "ad-server.png", "hit/?id=5", "x?noscript=1"]
)
@pytest.mark.parametrize(
    "written", ['<p><img src="/{}" alt="A boat"></p>', '<figure><img src="/{}"><figcaption>The beacon on the cape</figcaption></figure>']
)
def test_a_picture_of_which_something_is_said_may_be_called_as_a_counter(written: str, named: str) -> None:
    assert markup.media(pictured(written.format(named))) == [f"https://e.org/{named}"]


@pytest.mark.parametrize("counter", ["//vg08.met.vgwort.de/na/abc", "//stats.e.org/visit?id=1"])
def test_a_counter_of_any_name_takes_no_place_of_a_picture_that_waits_for_none(counter: str) -> None:
    boat = '<figure><img src="/media/boat.jpg" alt="A boat" width=600></figure>'
    assert pictured(f'{boat}<noscript><img src="{counter}" alt=""></noscript>') == pictured(boat)


def test_a_counter_that_is_loaded_late_is_one() -> None:
    assert pictured('<p><img src="data:x" data-src="https://b.scorecardresearch.com/p?c1=2"></p>') == PARAGRAPHS


@pytest.mark.parametrize("loaded", ["/media/boat.jpg", "/hits/boat.jpg", "/roadservices/a.png?w=800", "/scaled/w_1600/boat"])
@pytest.mark.parametrize("named", ["", "class=noscript-image"])
def test_a_picture_that_readers_without_scripts_see_stays(loaded: str, named: str) -> None:
    assert markup.media(pictured(f'<p><img class=lazy data-x=1><noscript><img {named} src="{loaded}" alt="A boat"></noscript></p>')) == [
        f"https://e.org{loaded}"
    ]


FIGURE = f'<figure><img alt="A boat" src="{PICTURE}"/><figcaption>The boat in 1962 <small>Photo: Tobias Wren</small></figcaption></figure>'


@pytest.mark.parametrize(
    "written",
    [
        '<figure><img src="/media/boat.jpg" alt="A boat"><figcaption>The boat in 1962 <span class="credit">Photo: Tobias Wren</span></figcaption></figure>',
        '<div class="wp-caption"><a href="/media/boat.jpg"><img src="/media/boat.jpg" alt="A boat"></a><p class="wp-caption-text">The boat in 1962 '
        '<span class="credit">Photo: Tobias Wren</span></p></div>',
        '<div class="image"><img src="/media/boat.jpg" alt="A boat"><div class="image__caption">The boat in 1962</div>'
        '<div class="image__credit">Photo: Tobias Wren</div></div>',
    ],
)
def test_pictures_with_captions_are_figures(written: str) -> None:
    assert FIGURE in pictured(written)


def test_a_picture_with_nothing_but_a_line_below_is_a_figure() -> None:
    found = pictured('<div align=center><img src="/media/boat.jpg" alt="A boat"><br><span class="small gray">The boat in 1962</span></div>')
    assert f'<figure><img alt="A boat" src="{PICTURE}"/><figcaption>The boat in 1962</figcaption></figure>' in found


def test_the_picture_above_the_text_is_the_lead_picture_with_caption_and_credit() -> None:
    lead = '<figure><img src="/media/boat.jpg" alt="A boat"><figcaption>The boat in 1962. (Photo: Tobias Wren)</figcaption></figure>'
    found = story(lead + PARAGRAPHS, '<meta property="og:image" content="https://e.org/media/boat-1200x630.jpg">')
    assert found.image == (Image(content_url=PICTURE, caption="The boat in 1962.", credit_text="Tobias Wren", description="A boat"),)
    assert found.body == PARAGRAPHS


def test_a_picture_in_several_sizes_is_one() -> None:
    images = [f"https://e.org/{size}/boat.jpg?w={size}" for size in (1200, 800, 400)]
    assert story(head=linked(image=images)).image == (Image(content_url=images[0]),)


# -- fields -------------------------------------------------------------------------------------------------------------------

OTHERS = (
    '<meta property="og:title" content="Of Open Graph"><meta name="dc.title" content="Of Dublin Core">'
    '<meta name="dc.date" content="2019-11-22"><meta property="article:published_time" content="2019-11-21T06:00:00Z">'
    '<meta property="og:site_name" content="The Lantern"><meta name="author" content="By Ben Hall">'
    '<meta name="dc.creator" content="Cat Ito"><meta property="article:section" content="Harbour">'
)


def test_linked_data_is_trusted_more_than_all_else() -> None:
    found = story(head=linked(author={"@type": "Person", "name": "Ann Lee"}, datePublished="2019-11-20T06:00:00Z") + OTHERS)
    assert (found.author, found.date_published) == ((Person(name="Ann Lee"),), datetime(2019, 11, 20, 6, tzinfo=UTC))


def test_microdata_is_trusted_more_than_open_graph() -> None:
    item = (
        '<div itemscope itemtype="https://schema.org/NewsArticle"><span itemprop="author" itemscope itemtype="https://schema.org/Person">'
        '<span itemprop="name">Ann Lee</span></span><meta itemprop="datePublished" content="2019-11-20">'
    )
    found = article(f"{item}<h1>The ferry sails on</h1>{PARAGRAPHS}</div>", OTHERS)
    assert (found.author, found.date_published) == ((Person(name="Ann Lee"),), date(2019, 11, 20))


def test_open_graph_is_trusted_more_than_dublin_core() -> None:
    found = story(head=OTHERS)
    assert (found.date_published, found.article_section) == (datetime(2019, 11, 21, 6, tzinfo=UTC), "Harbour")
    assert (found.author, found.publisher) == ((Person(name="Cat Ito"),), Organization(name="The Lantern"))


def test_an_h_entry_is_read_when_the_head_says_nothing() -> None:
    entry = (
        '<div class="h-entry"><h1 class="p-name">The ferry sails on</h1><span class="p-author h-card"><a class="p-name" href=/ann>Ann Lee</a></span>'
        f'<time class="dt-published" datetime="2019-11-20T07:00:00+01:00">today</time><div class="e-content">{PARAGRAPHS}</div></div>'
    )
    reading = read(entry)
    (found,) = reading.publication.articles
    assert found.author == (Person(name="Ann Lee"),)
    assert {each.field: each.source for each in reading.origins}["datePublished"] == "h-entry dt-published"


def test_the_page_itself_names_its_author_and_day() -> None:
    line = '<p class="byline">By <a rel=author href=/ann>Ann Lee</a>, Updated 8:05 AM</p><span class="published-date">Published: November 20, 2019</span>'
    found = story(line + PARAGRAPHS)
    assert (found.author, found.date_published, found.body) == ((Person(name="Ann Lee"),), date(2019, 11, 20), PARAGRAPHS)


WHO_AND_WHEN = '<p class="byline">By Ann Lee</p><time datetime="2019-11-20">20 November</time>'


@pytest.mark.parametrize(
    "around",
    [
        '<div class="one-sidebar sidebar-second">{}</div>',
        '<div class="header-wrapper card">{}</div>',
        '<div class="discard-cardboard latestversion">{}</div>',
        "<footer>{}</footer>",
    ],
)
def test_what_has_the_headline_is_about_the_article_whatever_it_is_called(around: str) -> None:
    header = around.format(f"<h1>The ferry sails on</h1>{WHO_AND_WHEN}")
    found = article(f"<article>{header}{PARAGRAPHS}</article>")
    assert (found.author, found.date_published) == ((Person(name="Ann Lee"),), date(2019, 11, 20))


def test_what_has_most_of_the_text_is_about_the_article() -> None:
    found = article(f"<h1>The ferry sails on</h1><div class='content-wrapper card'>{WHO_AND_WHEN}{PARAGRAPHS}</div>")
    assert (found.author, found.date_published) == ((Person(name="Ann Lee"),), date(2019, 11, 20))


@pytest.mark.parametrize("named", ["related", "relatedArticles", "post-comments", "widget", "teaser-list", "card"])
def test_bylines_of_other_articles_are_not_those_of_the_article(named: str) -> None:
    found = story(f"<div class='{named}'>{WHO_AND_WHEN}</div>{PARAGRAPHS}")
    assert (found.author, found.date_published) == ((), date(2019, 11, 20))  # that of the address


@pytest.mark.parametrize(
    "listed",
    [
        '<ul class="authors"><li><a class="author" href=/ann>Ann Lee</a></li></ul>',
        '<ul><li class="byline"><span class="author">Ann Lee</span></li></ul>',
        "<ul><li><a rel=author href=/ann>Ann Lee</a></li></ul>",
    ],
)
def test_authors_may_stand_in_a_list(listed: str) -> None:
    assert story(listed + PARAGRAPHS).author == (Person(name="Ann Lee"),)


def test_a_date_in_a_list_of_articles_is_not_that_of_the_article() -> None:
    latest = "<ul><li><a href=/fog>Fog again</a> <time datetime=2012-01-01>1 January</time></li></ul>"
    assert story(
        latest + '<ul class="dates"><li><time datetime="2019-11-21">21 November</time></li></ul>' + PARAGRAPHS
    ).date_published == date(2019, 11, 21)


ADDRESSED = date(2019, 11, 20)


@pytest.mark.parametrize(
    ("written", "names", "day"),
    [
        ("By Ann Lee", ("Ann Lee",), ADDRESSED),
        ("3 March 2026, by Ann Lee and Ben Hall", ("Ann Lee", "Ben Hall"), date(2026, 3, 3)),
        ("By Ann Lee | March 3, 2026", ("Ann Lee",), date(2026, 3, 3)),
        ("Tuesday, 3 March 2026, by Ann Lee", ("Ann Lee",), date(2026, 3, 3)),
        ("Posted on March 3rd, 2026 by Ann Lee", ("Ann Lee",), date(2026, 3, 3)),
        ("2026-03-03", (), date(2026, 3, 3)),
        ("By Monday it was over", (), ADDRESSED),
    ],
)
def test_a_plain_line_below_the_headline_says_who_and_when(written: str, names: tuple[str, ...], day: date) -> None:
    reading = read(f"<article><h1>The ferry sails on</h1><p>{written}</p>{PARAGRAPHS}</article>")
    (found,) = reading.publication.articles
    origins = {each.field: each.source for each in reading.origins}
    assert (tuple(each.name for each in found.author), found.date_published, found.body) == (names, day, PARAGRAPHS)
    assert (origins.get("author") == "the line below the headline") == bool(names)
    assert ("article-dateline-unread" in [each.code for each in reading.problems]) == (not names and day == ADDRESSED)


@pytest.mark.parametrize("written", ["By Staff Writer.", "By our own correspondent.", "From our correspondent", "<em>By the editors.</em>"])
@pytest.mark.parametrize("inside", ["<p>{}</p>" + PARAGRAPHS, PARAGRAPHS + "<p>{}</p>"], ids=["above", "below"])
def test_a_line_that_says_only_that_the_staff_wrote_is_no_text_and_told(inside: str, written: str) -> None:
    reading = read(f"<article><h1>The ferry sails on</h1>{inside.format(written)}</article>")
    assert reading.publication.articles[0].body == PARAGRAPHS
    assert "article-dateline-unread" in [each.code for each in reading.problems]


def test_notes_may_follow_the_line_that_says_that_the_staff_wrote() -> None:
    noted = PARAGRAPHS.replace("last year.</p>", 'last year.<a href="#n1" role="doc-noteref">1</a></p>')
    notes = '<div role="doc-endnotes"><ol><li id="n1">She said so.</li></ol></div>'
    assert story(f"{noted}<p>By Staff Writer.</p>{notes}").body == noted + notes


@pytest.mark.parametrize("written", ["By our reporters’ count there were three.", "By the sea.", "By Staff Writer and the crew."])
def test_a_sentence_that_begins_as_a_byline_stays_in_the_text(written: str) -> None:
    assert story(f"<p>{written}</p>{PARAGRAPHS}<p>{written}</p>").body == f"<p>{written}</p>{PARAGRAPHS}<p>{written}</p>"


@pytest.mark.parametrize("around", ["<ul><li>One of them.</li><li>{}</li></ul>", "<blockquote><p>Said so.</p><p>{}</p></blockquote>"])
def test_a_byline_of_the_staff_in_a_list_or_a_quotation_is_a_part_of_it(around: str) -> None:
    assert "By Staff Writer." in story(PARAGRAPHS + around.format("By Staff Writer.")).body


def test_a_byline_of_the_staff_between_paragraphs_stays_there() -> None:
    assert pictured("<p>By Staff Writer.</p>").count("By Staff Writer.") == 1


def test_a_line_that_says_when_the_text_was_changed_says_no_more() -> None:
    found = story(f"<p>Updated: 3 March 2026</p>{PARAGRAPHS}")
    assert (found.date_modified, found.date_published) == (date(2026, 3, 3), ADDRESSED)


def test_a_line_that_says_what_is_known_is_not_told() -> None:
    reading = read(f"<article><h1>The ferry sails on</h1><p>21 November 2019</p>{PARAGRAPHS}</article>", linked(datePublished="2019-11-21"))
    assert "article-dateline-unread" not in [each.code for each in reading.problems]


def test_what_the_page_says_of_itself_is_trusted_more_than_a_line() -> None:
    found = story(f"<p>3 March 2026, by Ben Hall</p>{PARAGRAPHS}", linked(author="Ann Lee", datePublished="2019-11-21"))
    assert (found.author, found.date_published, found.body) == ((Person(name="Ann Lee"),), date(2019, 11, 21), PARAGRAPHS)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("By Ann Lee", ("Ann Lee",)),
        ("Ann Lee and Ben Hall", ("Ann Lee", "Ben Hall")),
        ("By Ann Lee, Associated Press", ("Ann Lee", "Associated Press")),
        ("Ann Lee | Updated Nov 20, 2019", ("Ann Lee",)),
        ("Ann Lee ann@lantern.example", ("Ann Lee",)),
        ("Ann Lee The Lantern", ("Ann Lee",)),
        ("Reuters", ("Reuters",)),
        ("admin", ()),
        ("Staff Reports", ()),
        ("https://www.facebook.com/ann", ()),
    ],
)
def test_bylines_are_cleaned(written: str, expected: tuple[str, ...]) -> None:
    found = story(head=f'<meta property="og:site_name" content="The Lantern"><meta name="author" content="{written}">')
    assert tuple(each.name for each in found.author) == expected


def test_agencies_are_organizations() -> None:
    assert story(head=linked(author="Reuters")).author == (Organization(name="Reuters"),)


@pytest.mark.parametrize(
    ("heading", "title", "expected"),
    [
        ("The ferry sails on", "The ferry sails on | The Lantern", "The ferry sails on"),
        ("The Lantern", "The ferry sails on - The Lantern", "The ferry sails on"),
        ("News", "The Lantern | The ferry sails on", "The ferry sails on"),
        ("The ferry sails on, whatever the council of the island wants", "The ferry sails on, whatever the council of the", None),
        ("Boats", "Ferry - the last one", "Ferry - the last one"),
    ],
)
def test_the_title_is_without_the_name_of_the_site(heading: str, title: str, expected: str | None) -> None:
    head = f'<meta property="og:site_name" content="The Lantern"><meta property="og:title" content="{title}">'
    assert article(f"<h1>{heading}</h1>{PARAGRAPHS}", head).headline == (expected or heading)


@pytest.mark.parametrize(
    "logo",
    ['<a href="/"><h1>{}</h1></a>', '<h1><a href="https://e.org/"><span>{}</span></a></h1>', '<h1><a href="/index.html">{}</a></h1>'],
)
@pytest.mark.parametrize("name", ["L’Officielle", "The Lantern"])
def test_the_logo_of_the_site_is_no_headline(logo: str, name: str) -> None:
    reading = read(f"<header>{logo.format(name)}</header>{PARAGRAPHS}")
    (found,) = reading.publication.articles
    origin = next(each for each in reading.origins if each.field == "headline")
    assert (found.headline, origin.source, origin.guessed) == ("The ferry sails on", "title element", True)


def test_the_heading_below_the_logo_is_the_headline() -> None:
    body = f'<a href="/"><h1>L’Officielle</h1></a><article><h1>Boats of <a href="/">e.org</a></h1>{PARAGRAPHS}</article>'
    assert article(body).headline == "Boats of e.org"


def test_the_logo_is_the_headline_of_a_page_that_says_nothing_else() -> None:
    page = f'<!DOCTYPE html><html><body><h1><a href="/">Ferry</a></h1>{PARAGRAPHS}</body></html>'
    (found,) = webpage.read(page.encode()).publication.articles
    assert found.headline == "Ferry"


def test_a_guessed_date_is_told() -> None:
    reading = read(f"<h1>The ferry sails on</h1>{PARAGRAPHS}")
    (found,) = reading.publication.articles
    assert found.date_published == date(2019, 11, 20)
    assert [each.source for each in reading.origins if each.field == "datePublished" and each.guessed] == ["the page's address"]
    assert "page-date-guessed" in [each.code for each in reading.problems]


def test_comments_of_readers_are_told_and_left_out() -> None:
    told = [
        each.message for each in read(f"<h1>Ferry</h1>{PARAGRAPHS}", linked(commentCount="12")).problems if each.code == "page-comments"
    ]
    assert told == ["12 comments of readers were left out: an article has none"]


def test_a_text_longer_than_any_is_refused() -> None:
    with pytest.raises(Unreadable):
        webpage.read(f"<title>Ferry</title><p>{'fog ' * 2_600_000}".encode())


def test_characters_escaped_twice_are_read() -> None:
    found = story(
        head=linked(description="Rock &amp; roll &#8211; live", keywords="boats,fog &amp; bells", articleSection=["Harbour", "Home"])
    )
    assert (found.description, found.keywords, found.article_section) == ("Rock & roll – live", ("boats", "fog & bells"), "Harbour")


def test_the_base_of_a_page_is_what_its_links_are_relative_to() -> None:
    found = story(PARAGRAPHS.replace("The ferry", '<a href="ferry">The ferry</a>', 1), '<base href="https://other.example/a/">')
    assert 'href="https://other.example/a/ferry"' in found.body


def test_a_licence_is_that_of_the_link() -> None:
    found = story(PARAGRAPHS + '<p><a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY</a></p>')
    assert found.license == "https://creativecommons.org/licenses/by/4.0/"


SITE = Publication(identifier="https://p.example/", name="P", url="https://p.example/")


@pytest.mark.parametrize(
    "saved", ["<!-- saved from url=(0031)https://e.org/2019/11/20/ferry/ -->", f"<!--\n Page saved with SingleFile \n url: {HERE} \n-->"]
)
def test_a_saved_page_has_its_address_and_its_pictures_beside_it(saved: str) -> None:
    page = (
        f"<!DOCTYPE html>{saved}<html><title>x</title><h1>The ferry sails on</h1><p>{TEXT[0]}</p><p>{TEXT[1]}</p>"
        f'<p><img alt="A boat" src="./The%20ferry_files/boat.jpg"></p><p>{TEXT[2]} <a href="/pier">Pier</a></p>'
    )
    (found,) = webpage.read(page.encode(), Context(publication=SITE, path="saved/The ferry.html")).publication.articles
    assert found.url == HERE
    assert markup.media(found.body) == ["https://p.example/saved/The%20ferry_files/boat.jpg"]
    assert markup.links(found.body) == ["https://e.org/pier"]


@pytest.mark.parametrize("path", ["saved/ferry.html", "saved/100% of #1.html", "ferry.html"])
def test_what_lies_beside_a_page_is_below_the_publication_at_the_same_path(path: str) -> None:
    inside = f'<p>{TEXT[0]}</p><p>{TEXT[1]}</p><p><img src="pic.jpg" alt="A ferry"></p><p>{TEXT[2]} <a href="m.md">More</a></p>'
    page = f"<!DOCTYPE html><title>The ferry</title><h1>The ferry sails on</h1>{inside}"
    (found,) = webpage.read(page.encode(), Context(publication=SITE, path=path)).publication.articles
    place = f"{SITE.url}{path[: path.rfind('/') + 1]}"
    assert [*markup.media(found.body), *markup.links(found.body)] == [f"{place}pic.jpg", f"{place}m.md"]


PLAIN = f"<!DOCTYPE html><title>The ferry</title><h1>The ferry sails on</h1>{PARAGRAPHS}"


def test_a_page_among_the_sources_without_an_address_gets_one_as_a_manuscript_does() -> None:
    found = webpage.read(PLAIN.encode(), Context(publication=SITE, path="news/ferry.html", since="2020"))
    assert [(each.identifier, each.url) for each in found.publication.articles] == [
        ("tag:p.example,2020:ferry", "https://p.example/articles/ferry.html")
    ]
    assert found.is_manuscript
    assert {each.field: each.source for each in found.origins if each.field in ("identifier", "url")} == dict.fromkeys(
        ("identifier", "url"), "the file's name"
    )


@pytest.mark.parametrize(
    ("head", "context"),
    [
        (f'<link rel="canonical" href="{HERE}">', Context(publication=SITE, path="ferry.html")),
        ("", Context(publication=SITE, path=HERE)),
        ("", Context(publication=minting.UNNAMED, path="ferry.html")),
        ("", Context()),
    ],
)
def test_a_page_elsewhere_gets_no_address(head: str, context: Context) -> None:
    found = webpage.read((head + PLAIN).encode(), context)
    assert found.publication.articles[0].url == (HERE if head or context.path == HERE else None)
    assert not found.is_manuscript


def test_a_page_got_from_an_address_has_that_address() -> None:
    assert (story().url, story().identifier) == (HERE, HERE)


# -- real pages, where they lie beside the project --------------------------------------------------------------------------

if REAL:

    def test_the_text_of_real_pages_is_found() -> None:
        assert corpus.scores(REAL, corpus.imported).f1 >= 0.97

    @pytest.mark.parametrize("page", REAL, ids=[each.name for each in REAL])
    def test_a_real_page_gives_a_canonical_body_and_a_title(page: corpus.Page) -> None:
        reading = webpage.read(page.body, Context(path=page.url))
        (found,) = reading.publication.articles
        assert found.headline
        assert markup.clean(found.body) == found.body
        assert {each.field for each in reading.origins} >= {"identifier", "url", "headline", "body"}

    @pytest.mark.parametrize("page", REAL, ids=[each.name for each in REAL])
    def test_a_real_page_goes_through_every_format_and_comes_back(page: corpus.Page) -> None:
        publication = webpage.read(page.body, Context(path=page.url)).publication
        for name, module in formats.writers().items():
            body = module.write(publication)
            assert module.read(body).publication == module.carry(publication), name
            assert [each for each in module.check(body) if each.severity is Severity.ERROR] == [], name
