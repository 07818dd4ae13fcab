"""WordPress's export becomes articles with all that the model can carry; what it cannot is told."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from publisher import formats, markup
from publisher.article import Article, Image, Media, Organization, Person
from publisher.formats import Context, Reading, wordpress
from publisher.problems import Severity, Unreadable
from tests import platform_files
from tests.platform_files import told

EXPORT = platform_files.export("wordpress")
START = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>Harbour</title><link>https://harbour.example</link><wp:wxr_version>1.2</wp:wxr_version>"""


def post(content: str = "", **fields: str) -> str:
    given = {
        "title": "Ferry",
        "link": "https://harbour.example/ferry/",
        "guid": "https://harbour.example/?p=1",
        "status": "publish",
    } | fields
    own = ("title", "link", "guid", "pubDate")
    elements = [
        f"<{name if name in own else f'wp:{name}'}><![CDATA[{value}]]></{name if name in own else f'wp:{name}'}>"
        for name, value in given.items()
    ]
    return f"<item>{''.join(elements)}<content:encoded><![CDATA[{content}]]></content:encoded></item>"


def export(*items: str) -> bytes:
    return f"{START}{''.join(items)}</channel></rss>".encode()


def read(*items: str, context: Context = Context()) -> Reading:
    return wordpress.read(export(*items), context)


def only(*items: str) -> Article:
    (article,) = read(*items).publication.articles
    return article


def codes(reading: Reading) -> set[str]:
    return {each.code for each in reading.problems}


@pytest.fixture(scope="module")
def reading() -> Reading:
    return wordpress.read(EXPORT)


@pytest.fixture(scope="module")
def articles(reading: Reading) -> dict[str, Article]:
    return {each.headline: each for each in reading.publication.articles}


# -- what is in it --------------------------------------------------------------------------------------------------------


def test_it_is_recognized_before_rss() -> None:
    assert formats.detect(EXPORT, "feed.rss").NAME == "wordpress"


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_every_version_is_read(version: str) -> None:
    body = EXPORT.replace(b"/export/1.2/", f"/export/{version}/".encode())
    assert formats.detect(body).NAME == "wordpress"
    assert wordpress.read(body).publication == wordpress.read(EXPORT).publication


def test_the_site_is_the_publication(reading: Reading) -> None:
    publication = reading.publication
    assert (publication.name, publication.url, publication.in_language) == ("Harbour & Hinterland", "https://harbour.example/", "en-GB")
    assert (publication.description, publication.sections) == ("News from the quay", ("Harbour", "Food & Drink"))


def test_posts_pages_and_what_plugins_keep_are_articles(articles: dict[str, Article]) -> None:
    assert {name: each.type for name, each in articles.items()} == {
        "The ferry sails again": "BlogPosting",
        "Blocks – all of them": "BlogPosting",
        "About us": "Article",
        "Not yet": "BlogPosting",
        "For friends": "BlogPosting",
        "Herring, pickled": "Article",
    }


def test_a_post_is_known_as_in_the_feed_of_the_site(articles: dict[str, Article]) -> None:
    ferry = articles["The ferry sails again"]
    assert (ferry.identifier, ferry.url) == ("https://harbour.example/?p=70", "https://harbour.example/2026/03/the-ferry-sails-again/")


def test_what_people_wrote_around_the_text_stays(articles: dict[str, Article]) -> None:
    ferry = articles["The ferry sails again"]
    assert (ferry.alternative_headline, ferry.description) == ("A winter ashore", "After a winter ashore, & on time.")


def test_the_primary_category_is_the_section_and_the_others_are_keywords(articles: dict[str, Article]) -> None:
    ferry, blocks = articles["The ferry sails again"], articles["Blocks – all of them"]
    assert (ferry.article_section, ferry.keywords) == ("Harbour", ("ferry", "Food & Drink"))
    assert (blocks.article_section, blocks.keywords) == ("Food & Drink", ())


def test_categories_of_early_versions_are_there_twice() -> None:
    categories = (
        "<category>Uncategorized</category><category domain='category' nicename='uncategorized'>Uncategorized</category>"
        "<category>News</category><category domain='category' nicename='news'>News</category>"
        "<category domain='tag'>rye</category><category domain='tag' nicename='rye'>rye</category>"
    )
    found = only(post("x").replace("</item>", f"{categories}</item>"))
    assert (found.article_section, found.keywords) == ("News", ("rye",))


def test_a_post_in_a_language_of_its_own_says_so() -> None:
    category = "<category domain='language' nicename='da'>Dansk</category>"
    assert only(post("x").replace("</item>", f"{category}</item>")).in_language == "da"


def test_times_have_the_offset_between_local_and_universal_time(articles: dict[str, Article]) -> None:
    winter, summer = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))
    ferry, blocks = articles["The ferry sails again"], articles["Blocks – all of them"]
    assert repr(ferry.date_published) == repr(datetime(2026, 3, 2, 8, 30, tzinfo=winter))
    assert repr(ferry.date_modified) == repr(datetime(2026, 3, 3, 10, 0, tzinfo=winter))
    assert repr(blocks.date_published) == repr(datetime(2026, 7, 1, 12, 0, tzinfo=summer))
    assert blocks.date_modified is None


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"post_date": "2026-07-01 12:00:00", "post_date_gmt": "0000-00-00 00:00:00", "pubDate": "Wed, 01 Jul 2026 10:00:00 +0000"}, datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ({"post_date": "2026-07-01 12:00:00"}, datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))),
        ({"post_date_gmt": "2026-07-01 12:00:00"}, datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ({"post_date": "2026-07-01 12:00:00", "post_date_gmt": "2020-01-01 12:00:00"}, datetime(2020, 1, 1, 12, tzinfo=UTC)),
        ({"post_date": "2026-07-01 12:07:00", "post_date_gmt": "2026-07-01 10:00:00"}, datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ({"post_date": "2026-07-01 17:45:00", "post_date_gmt": "2026-07-01 12:00:01"}, datetime(2026, 7, 1, 17, 45, 1, tzinfo=timezone(timedelta(hours=5, minutes=45)))),
        ({"pubDate": "2026-07-01"}, date(2026, 7, 1)),
    ],
)  # fmt: skip
def test_a_time_is_taken_from_where_it_is_sure(fields: dict[str, str], expected: datetime) -> None:
    found = read(post("x", **fields), context=Context(time_zone=ZoneInfo("Europe/Berlin"))).publication.articles[0]
    assert repr(found.date_published) == repr(expected)


def test_a_time_without_zone_is_told() -> None:
    assert "date-without-zone" in codes(read(post("x", post_date="2026-07-01 12:00:00")))


def test_a_post_without_a_date_is_told() -> None:
    assert codes(read(post("x", post_date="soon"))) == {"wordpress-without-date"}


def test_authors_are_called_as_they_show_themselves(articles: dict[str, Article]) -> None:
    assert articles["The ferry sails again"].author == (Person(name="Agnes Møller"),)
    assert articles["Blocks – all of them"].author == (Person(name="Tariq Benali"),)


def test_several_authors_are_those_of_co_authors_plus(articles: dict[str, Article]) -> None:
    assert articles["Herring, pickled"].author == (Person(name="Tariq Benali"), Person(name="Lone Hansen"))


def test_known_authors_are_as_they_are_known() -> None:
    desk = Organization(name="Harbour desk", url="https://harbour.example/desk")
    context = Context(parties={"agnes møller": desk})
    assert wordpress.read(EXPORT, context).publication.articles[0].author == (desk,)


def test_the_featured_image_is_the_lead_picture(articles: dict[str, Article]) -> None:
    assert articles["The ferry sails again"].image == (
        Image(
            content_url="https://harbour.example/wp-content/uploads/2026/03/quay.jpg",
            width=2400,
            height=1600,
            caption="The quay at dawn. Photo: M. Lind",
            description="Fishing boats in fog",
            credit_text="Maria Lind",
        ),
    )


def test_the_recording_of_a_podcast_is_kept(articles: dict[str, Article]) -> None:
    assert articles["The ferry sails again"].associated_media == (
        Media(content_url="https://harbour.example/ferry.mp3", type="AudioObject", encoding_format="audio/mpeg", content_size=123456),
    )


# -- texts ----------------------------------------------------------------------------------------------------------------


def test_the_text_of_the_classic_editor_gets_its_paragraphs(articles: dict[str, Article]) -> None:
    body = articles["The ferry sails again"].body
    assert body.startswith("<p>The ferry is back.<br/>It left at <strong>six</strong>.</p><figure>")
    assert "<blockquote><p>Nobody saw a thing.</p><p>Nobody heard one either.</p></blockquote>" in body
    assert "<p>Then came [sic] the fog.</p>" in body


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ('[caption width="9"]<img src="/a.jpg" alt="A" /> At <em>sea</em>[/caption]', '<figure><img alt="A" src="https://harbour.example/a.jpg"/><figcaption>At <em>sea</em></figcaption></figure>'),
        ('[caption caption="At sea"]<a href="/b"><img src="/a.jpg" alt="A"></a>[/caption]', '<figure><a href="https://harbour.example/b"><img alt="A" src="https://harbour.example/a.jpg"/></a><figcaption>At sea</figcaption></figure>'),
        ("[caption]No picture[/caption]", "<p>No picture</p>"),
        ("[embed]https://vimeo.com/1[/embed]", '<p><a href="https://vimeo.com/1">https://vimeo.com/1</a></p>'),
        ('[audio src="/a.mp3"]', '<figure><audio controls="controls" src="https://harbour.example/a.mp3"></audio></figure>'),
        ("[audio https://a.example/a.ogg]", '<figure><audio controls="controls" src="https://a.example/a.ogg"></audio></figure>'),
        ('[video mp4="/a.mp4" poster="/a.jpg"][/video]', '<figure><video controls="controls" poster="https://harbour.example/a.jpg" src="https://harbour.example/a.mp4"></video></figure>'),
        ("[youtube https://youtu.be/x]", '<p><a href="https://youtu.be/x">https://youtu.be/x</a></p>'),
        ("[youtube=https://youtu.be/x]", '<p><a href="https://youtu.be/x">https://youtu.be/x</a></p>'),
        ("https://youtu.be/x\nand more", '<p><a href="https://youtu.be/x">https://youtu.be/x</a><br/>and more</p>'),
        ('[pdf_viewer url="https://a.example/a.pdf"]', '<p><a href="https://a.example/a.pdf">https://a.example/a.pdf</a></p>'),
        ("[row][col]One[/col]\n\n[col]Two[/col][/row]", "<p>One</p><p>Two</p>"),
        ("<!-- wp:freeform -->One\n\ntwo<!-- /wp:freeform -->", "<p>One</p><p>two</p>"),
        ("<!-- wp:core-embed/youtube {\"url\":\"https://youtu.be/x\"} --><figure>https://youtu.be/x</figure><!-- /wp:core-embed/youtube -->", '<p><a href="https://youtu.be/x">https://youtu.be/x</a></p>'),
        ("<!-- wp:embed {\"url\":\"https://youtu.be/x\"} /-->", '<p><a href="https://youtu.be/x">https://youtu.be/x</a></p>'),
        ("<!-- wp:embed --><p>none</p><!-- /wp:embed -->", "<p>none</p>"),
        ("<!-- wp:paragraph {bad} --><p>A</p><!-- /wp:heading --><p>B</p>", "<p>A</p><p>B</p>"),
        ("<!-- wp:paragraph --><p>A</p>", "<p>A</p>"),
        ("<!-- wp:paragraph -->", ""),
        ("<p>A</p><!-- wp:query --><div><!-- wp:query-no-results --><p>None</p><!-- /wp:query-no-results --></div><!-- /wp:query -->", "<p>A</p>"),
        ("<!-- wp:footnotes /-->", ""),
        ('<p>A<sup data-fn="x" class="fn"><a href="#x" id="x-link">1</a></sup></p><!-- wp:paragraph /-->', "<p>A</p>"),
        ("<!-- wp:block {\"ref\":\"x\"} /--><p>A</p>", "<p>A</p>"),
    ],
)  # fmt: skip
def test_shortcodes_and_blocks_become_plain(content: str, body: str) -> None:
    assert only(post(content)).body == body


def test_a_gallery_shows_the_attachments_that_it_names_in_their_order(articles: dict[str, Article]) -> None:
    pictures = markup.media(articles["The ferry sails again"].body)
    assert pictures[1:3] == [f"https://harbour.example/wp-content/uploads/2026/03/{name}" for name in ("buoy.png", "quay.jpg")]


@pytest.mark.parametrize(
    ("shortcode", "names"),
    [
        ("[gallery]", ["b.jpg", "a.jpg"]),
        ('[gallery exclude="2"]', ["b.jpg"]),
        ('[gallery id="1"]', ["b.jpg", "a.jpg"]),
        ("[playlist]", ["c.mp3"]),
        ('[gallery ids="2,1,4"]', ["a.jpg"]),
    ],
)
def test_a_gallery_that_names_none_shows_those_of_the_post(shortcode: str, names: list[str]) -> None:
    attachments = [
        post(title=name, guid=name, post_id=str(number), post_parent="1", menu_order=str(9 - number), post_type="attachment", attachment_url=f"https://harbour.example/{name}")
        for number, name in ((2, "a.jpg"), (3, "b.jpg"), (4, "c.mp3"))
    ]  # fmt: skip
    body = only(post(shortcode, post_id="1"), *attachments).body
    assert markup.media(body) == [f"https://harbour.example/{each}" for each in names]


def test_blocks_lose_their_comments_and_nothing_else(articles: dict[str, Article]) -> None:
    body = articles["Blocks – all of them"].body
    assert "wp:" not in body
    for kept in (
        '<figure><img alt="A buoy" src="https://harbour.example/wp-content/uploads/2026/03/buoy.png"/><figcaption>A <em>red</em> buoy</figcaption></figure>',
        "<h2>Prices</h2>",
        "<tr><td>Rye</td><td>3</td></tr></tbody></table><figcaption>In euros</figcaption></figure>",
        '<figure><a href="https://vimeo.com/76979871">https://vimeo.com/76979871</a><figcaption>The oven</figcaption></figure>',
        '<figure><img alt="B" src="https://harbour.example/b.jpg"/></figure><figcaption>Two of them</figcaption></figure>',
        '<figure><figure><img alt="C" src="https://harbour.example/c.jpg"/></figure></figure>',
        "<p>Left</p><p>Right</p>",
        "<blockquote><p>Let them eat rye.</p><p><cite>The baker</cite></p></blockquote>",
        "<p>Rye!</p><p><cite>Everyone</cite></p></blockquote></figure>",
        '<a href="https://harbour.example/prices.pdf" id="wp-block-file--media-1">All prices</a></p>',
        "<figcaption>The foghorn</figcaption></figure><hr/><p>Plain <b>HTML</b></p><p>Old text<br/>in the middle</p>",
        '<audio controls="controls" src="https://harbour.example/x.ogg"></audio>',
        "<p>Shared by several posts.</p>",
    ):
        assert kept in body


def test_footnotes_lead_there_and_back(articles: dict[str, Article]) -> None:
    body = articles["Blocks – all of them"].body
    assert '<sup><a href="#fn-1" id="fnref-1" role="doc-noteref">1</a></sup>' in body
    assert '<li id="fn-1"><p>Since <em>May</em>. <a href="#fnref-1" role="doc-backlink">↩</a></p></li>' in body


# -- what is told ---------------------------------------------------------------------------------------------------------


def test_what_is_not_published_is_a_draft(reading: Reading, articles: dict[str, Article]) -> None:
    assert reading.drafts == {articles[each].identifier for each in ("Not yet", "For friends")}
    assert told(reading, "wordpress-unpublished") == "articles that are not published yet: 'Not yet (draft)'"
    assert told(reading, "wordpress-password") == "articles for readers with a password, which are drafts now: 'For friends'"
    assert (articles["Not yet"].url, articles["Not yet"].date_published) == (None, None)


@pytest.mark.parametrize("status", ["draft", "pending", "private", "future", "wc-completed", "pitch"])
def test_each_status_that_is_not_published_is_a_draft(status: str) -> None:
    assert len(read(post("x", status=status)).drafts) == 1


@pytest.mark.parametrize("kind", ["shop_order", "wpcf7_contact_form", "acf-field-group", "revision"])
def test_what_plugins_keep_for_themselves_is_not_read(kind: str) -> None:
    found = read(post("Jane Doe, 2 loaves", post_type=kind))
    assert found.publication.articles == ()
    assert told(found, "wordpress-not-articles") == f"what is no article was left out: '{kind}'"


def test_a_post_of_the_future_keeps_its_date() -> None:
    found = only(post("x", status="future", post_date="2030-01-01 10:00:00", post_date_gmt="2030-01-01 10:00:00"))
    assert found.date_published == datetime(2030, 1, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("trash", "articles left out, since they are in the bin: 1"),
        ("sticky", "articles that always stood at the top, and here do not: 'The ferry sails again'"),
        ("post-types", "what is neither post nor page was read as an article: 'recipe'"),
        ("not-articles", "what is no article was left out: 'nav_menu_item'"),
        ("shortcodes", "shortcodes of plugins were left out, and what was inside stayed: '[contact-form-7]', '[alert_box]'"),
        ("blocks", "blocks that are made anew for every visitor were left out: 'latest-posts'"),
        ("taxonomies", "terms that are neither categories nor tags were left out: 'series'"),
        ("fields", "fields of plugins and themes were left out: 'tide_level'"),
        ("picture-missing", "pictures that are named and not in the export: 'attachment 999'"),
        ("emails", "e-mail addresses of accounts left out, since no page shows them: 2"),
        ("comments", "comments left out, since an article has no place for them: 1"),
    ],
)
def test_each_loss_is_told_once_with_its_count(reading: Reading, code: str, message: str) -> None:
    assert told(reading, f"wordpress-{code}") == message


def test_blocks_with_nothing_to_say_are_not_told() -> None:
    content = "<!-- wp:shortcode /--><!-- wp:spacer /--><!-- wp:query --><!-- wp:post-title /--><!-- /wp:query -->"
    assert (
        told(read(post(content)), "wordpress-blocks") == "blocks that are made anew for every visitor were left out: 'post-title', 'query'"
    )


def test_what_the_cleaner_leaves_out_is_told() -> None:
    assert (
        told(read(post("A<form><select><option>1</option></select></form>")), "wordpress-left-out")
        == "what a text cannot hold was left out: <select>"
    )


def test_a_picture_in_the_text_itself_is_told() -> None:
    found = read(post('<img src="data:image/png;base64,AAAA" alt="A">'))
    assert told(found, "wordpress-inline-pictures") == "pictures written into the texts themselves were left out: 1"


def test_two_posts_with_one_guid_are_two() -> None:
    found = read(post("One", title="One"), post("Two", title="Two"))
    assert len({each.identifier for each in found.publication.articles}) == 2
    assert "wordpress-duplicate" in codes(found)


def test_a_text_that_is_too_long_is_told() -> None:
    found = read(post(f"<p>{'word ' * 2_000_001}</p>"))
    assert "wordpress-too-long" in codes(found)
    assert found.publication.articles[0].body == ""


def test_no_e_mail_address_is_in_what_was_read(reading: Reading) -> None:
    assert "@harbour.example" not in repr(reading.publication)


# -- damage ---------------------------------------------------------------------------------------------------------------


def test_of_a_file_that_ends_early_all_that_is_there_is_read() -> None:
    found = wordpress.read(EXPORT[: EXPORT.index(b"About us")])
    assert [each.headline for each in found.publication.articles][:2] == ["The ferry sails again", "Blocks – all of them"]
    (damage,) = [each for each in found.problems if each.code == "wordpress-damaged"]
    assert (damage.severity, damage.location.line > 0, bool(damage.hint)) == (Severity.WARNING, True, True)


@pytest.mark.parametrize("junk", [b"\x0b", b"\x00", b"\xff", b"\x1f"])
def test_a_character_that_xml_forbids_takes_nothing_with_it(junk: bytes) -> None:
    found = wordpress.read(export(post("One two", guid="1"), post("Three", guid="2")).replace(b"One two", b"One " + junk + b"two"))
    assert [each.body.replace("\ufffd", "") for each in found.publication.articles] == ["<p>One two</p>", "<p>Three</p>"]
    assert "wordpress-damaged" in codes(found)


def test_a_namespace_that_nobody_declared_is_known() -> None:
    body = export(post("One")).replace(b' xmlns:wp="http://wordpress.org/export/1.2/"', b"")
    assert formats.detect(body).NAME == "wordpress"
    assert wordpress.read(body).publication.articles[0].url == "https://harbour.example/ferry/"


@pytest.mark.parametrize("body", [b"", b"<rss", b"<rss><x/></rss>", b"no", b"<a/>", b"\0"])
def test_what_is_no_export_is_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        wordpress.read(body)


def test_a_file_without_a_channel_is_told() -> None:
    with pytest.raises(Unreadable) as error:
        wordpress.read(b"<rss><x/></rss>")
    assert error.value.problems[0].code == "wordpress-no-channel"


def test_a_damaged_file_that_declares_entities_is_refused() -> None:
    with pytest.raises(Unreadable):
        wordpress.read(b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + export(post("&b;"))[:-10])


# -- several files --------------------------------------------------------------------------------------------------------


def test_the_files_of_an_archive_are_one_export() -> None:
    picture = post(title="p", guid="p", post_id="7", post_type="attachment", attachment_url="https://harbour.example/p.jpg")
    thumbnail = "<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta></item>"
    body = platform_files.packed({"site.001.xml": export(post("One").replace("</item>", thumbnail)), "site.002.xml": export(picture)})
    assert formats.detect(body, "site.zip").NAME == "wordpress"
    (article,) = wordpress.read(body).publication.articles
    assert article.image == (Image(content_url="https://harbour.example/p.jpg"),)


def test_a_damaged_file_of_an_archive_is_told() -> None:
    body = platform_files.packed({"a.xml": export(post("One" * 500)), "b.xml": export(post("Two" * 500, guid="2"))})
    place = body.index(b"b.xml") + 60
    found = wordpress.read(body[:place] + bytes(40) + body[place + 40 :])
    assert told(found, "wordpress-member-damaged") == "files of the archive that cannot be read: 'b.xml'"
    assert len(found.publication.articles) == 1


# -- what it costs --------------------------------------------------------------------------------------------------------


def test_time_is_in_proportion_to_the_number_of_posts() -> None:
    def seconds(count: int) -> float:
        body = export(*(post("One.\n\n[gallery]\n\nTwo.", guid=str(each), post_id=str(each)) for each in range(count)))
        start = time.process_time()
        wordpress.read(body)
        return time.process_time() - start

    seconds(50)
    assert seconds(1600) < 10 * seconds(400) + 0.2


# -- program text ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spelled", "body"),
    [
        ("[code]\na = 1\n\n\n  b = [2]\n[/code]", "<pre><code>a = 1\n\n\n  b = [2]</code></pre>"),
        (
            '[sourcecode language="python"]\nif a < b:\n\n    c\n[/sourcecode]',
            '<pre><code class="language-python">if a &lt; b:\n\n    c</code></pre>',
        ),
        ("[highlight lang=php]$a-&gt;b[/highlight]", '<pre><code class="language-php">$a-&gt;b</code></pre>'),
        ("A [code] of conduct.", "<p>A [code] of conduct.</p>"),
    ],
)
def test_program_text_in_shortcodes_is_exact(spelled: str, body: str) -> None:
    found = read(post(spelled))
    assert found.publication.articles[0].body == body
    assert "wordpress-shortcodes" not in codes(found)


def test_a_shortcode_that_is_left_out_is_called_by_its_name() -> None:
    (message,) = [each.message for each in read(post("<p>See:</p>\n\n[gist id=1]")).problems if "left out" in each.message]
    assert "[gist]" in message
