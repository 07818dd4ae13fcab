"""Newsletters in files read: the text without what is made for mail programs, and what the fields say."""

from __future__ import annotations

import pytest

from publisher import formats
from publisher.article import Article, Organization, Person
from publisher.formats import Reading, mail
from publisher.problems import PublisherError, Unreadable
from tests import papers

HOME = "https://lantern.example"


def read(html: str = "", text: str = "", **given: object) -> Reading:
    return mail.read(papers.mail(html, text, **given))  # type: ignore[arg-type]


def article(html: str = "", text: str = "", **given: object) -> Article:
    return read(html, text, **given).publication.articles[0]


def body(html: str) -> str:
    return article(html).body


def codes(found: Reading) -> set[str]:
    return {each.code for each in found.problems}


def raw(headers: str, content: bytes) -> bytes:
    start = "From: Ines <ines@lantern.example>\nDate: Wed, 24 Oct 2018 08:00:00 +0100\nSubject: Tram\nMIME-Version: 1.0\n"
    return f"{start}{headers}\n\n".encode() + content


def test_a_message_is_recognized_by_its_fields() -> None:
    assert formats.detect(papers.mail("<p>x</p>"), "letter.txt") is mail
    assert formats.detect(b"From jane Wed Oct 24 08:00:00 2018\n" + papers.mail("<p>x</p>"), "") is mail


@pytest.mark.parametrize("text", ["From: Jane\nDate: today\n\nIt runs.", "Title: The tram\nAuthor: Jane\n\nIt runs.", "# From: here\n"])
def test_a_text_that_begins_with_names_and_colons_is_none(text: str) -> None:
    assert not mail.recognizes(text.encode())


def test_a_file_that_should_be_mail_and_is_empty_is_told() -> None:
    with pytest.raises(PublisherError, match="the file is empty, and should be a mail"):
        formats.detect(b" ", "a.eml")


def test_fields_say_what_when_and_who() -> None:
    found = article("<p>It runs.</p>", fields={"Subject": "Fwd: Die Straßenbahn fährt — wieder"})
    assert found.headline == "Die Straßenbahn fährt — wieder"
    assert str(found.date_published) == "2018-10-24 08:00:00+01:00"
    assert found.author == (Person(name="Ines Calloway"),)
    assert found.identifier == "mid:2018.tram@lantern.example"


def test_encoded_words_are_decoded_however_they_are_written() -> None:
    found = mail.read(
        raw("Subject: x", b"x").replace(b"Subject: Tram", b"Subject: =?utf-8?q?Die_Stra=C3=9Fenbahn?=\n =?utf-8?b?IGbDpGhydA==?=")
    )
    assert found.publication.articles[0].headline == "Die Straßenbahn fährt"


@pytest.mark.parametrize(
    ("sender", "author", "publisher"),
    [
        ("Ines Calloway from The Lantern <letters@mail.example>", "Ines Calloway", "The Lantern"),
        ("The Lantern <newsletter@mail.example>", None, "The Lantern"),
        ("Lantern Weekly <ines@lanternweekly.example>", None, "Lantern Weekly"),
        ("Ines Calloway <ines@mail.example>", "Ines Calloway", None),
        ("newsletter@mail.example", None, None),
    ],
)
def test_the_sender_is_a_person_or_the_house(sender: str, author: str | None, publisher: str | None) -> None:
    found = article("<p>It runs.</p>", fields={"From": sender})
    assert found.author == ((Person(name=author),) if author else ())
    assert found.publisher == (Organization(name=publisher) if publisher else None)


def test_where_it_is_archived_is_the_address() -> None:
    assert article("<p>x</p>", fields={"Archived-At": f"<{HOME}/archive/1>"}).url == f"{HOME}/archive/1"


def test_where_it_was_posted_is_the_address_when_the_text_links_there() -> None:
    fields = {"List-Post": f"<{HOME}/p/tram>"}
    assert article(f'<p>x</p><a href="{HOME}/p/tram?utm_source=mail">read</a>', fields=fields).url == f"{HOME}/p/tram"
    assert article("<p>x</p>", fields=fields).url == "https://example.org/articles/the-tram-is-back.html"


def test_the_link_to_the_browser_is_the_address_unless_it_counts_who_follows() -> None:
    found = article(
        f'<p><a href="{HOME}/letters/12?e=a1&amp;utm_source=x&amp;page=2">View this email in your browser</a></p><p>It runs.</p>'
    )
    assert (found.url, found.body) == (f"{HOME}/letters/12?page=2", "<p>It runs.</p>")
    counted = article('<p><a href="https://click.mail.example/?q=x">Im Browser ansehen</a></p><p>It runs.</p>')
    assert (counted.url, counted.body) == ("https://example.org/articles/the-tram-is-back.html", "<p>It runs.</p>")


def test_a_link_in_the_text_that_says_something_like_it_stays() -> None:
    said = f'<p>The full report of the harbour office, with all of its tables, <a href="{HOME}/r">can be read by everybody online since Monday morning at nine</a>.</p>'
    assert "can be read" in body(said)


def test_the_hidden_preview_is_the_description() -> None:
    found = article('<div style="display:none;max-height:0">Back after forty years &#847;&zwnj;&nbsp;&#8199;</div><p>It runs.</p>')
    assert (found.description, found.body) == ("Back after forty years", "<p>It runs.</p>")


def test_letters_without_size_hide_nothing_that_has_one() -> None:
    assert body('<div style="font-size:0px"><div style="font-size:16px">It runs.</div></div>') == "<p>It runs.</p>"
    assert body('<div style="font-size:0">It stands.</div><p>It runs.</p>') == "<p>It runs.</p>"


def test_pictures_of_a_pixel_go() -> None:
    found = read('<p>It runs.</p><img src="https://t.example/o.gif" width="1" height="1"><img src="https://t.example/p" style="width:1px">')
    assert found.publication.articles[0].body == "<p>It runs.</p>"
    assert "mail-pixels" in codes(found)


def test_tables_that_lay_out_become_paragraphs_and_those_with_data_stay() -> None:
    data = "<table><tr><td>Line</td><td>Minutes</td></tr><tr><td>1</td><td>12</td></tr></table>"
    page = f'<table width="600"><tr><td><table role="presentation"><tr><td>It runs.</td><td>Again.</td></tr></table></td></tr><tr><td>{data}</td></tr></table>'
    assert body(page) == (
        "<p>It runs.</p><p>Again.</p><table><tbody><tr><td>Line</td><td>Minutes</td></tr><tr><td>1</td><td>12</td></tr></tbody></table>"
    )


def test_headings_make_a_table_of_one_row_data() -> None:
    assert "<table>" in body("<table><tr><th>Line</th><td>1</td></tr></table>")


def test_links_survive_tables_in_tables_in_tables() -> None:
    deep = "<table><tr><td>" * 60 + f'<a href="{HOME}/">here</a>' + "</td></tr></table>" * 60
    assert body(deep) == f'<p><a href="{HOME}/">here</a></p>'


def test_two_breaks_end_a_paragraph_and_one_does_not() -> None:
    assert body("<div>One<br>two<br><br>three<br>&nbsp;<br><br>four</div>") == "<p>One<br/>two</p><p>three</p><p>four</p>"


def test_the_heading_that_repeats_the_subject_goes() -> None:
    assert body("<h1>The tram is back</h1><h2>Why</h2><p>It runs.</p>") == "<h2>Why</h2><p>It runs.</p>"


def test_the_footer_goes_only_where_the_field_names_its_link() -> None:
    footer = f'<p>You get this since you asked. <a href="{HOME}/leave?u=1">Leave</a></p>'
    found = read(f"<p>It runs.</p>{footer}", fields={"List-Unsubscribe": f"<{HOME}/leave?u=2>, <mailto:leave@lantern.example>"})
    assert found.publication.articles[0].body == "<p>It runs.</p>"
    assert "mail-unsubscribing" in codes(found)
    assert "Leave" in body(f"<p>It runs.</p>{footer}")


def test_pictures_inside_have_addresses_and_bytes() -> None:
    found = read('<p><img src="cid:square" alt="A square"></p>', inside={"square": papers.png()})
    address = found.publication.articles[0].body.partition('src="')[2].partition('"')[0]
    assert found.media(address) == papers.png()
    assert "mail-attachments" not in codes(found)


def test_attachments_are_counted() -> None:
    found = read("<p>It runs.</p>", attached={"timetable.pdf": b"%PDF", "b.pdf": b"%PDF"})
    assert "2 attachments were left out: 'timetable.pdf', 'b.pdf'" in [each.message for each in found.problems]
    assert "mail-attachments" in codes(found)


def test_of_alternatives_html_is_read() -> None:
    assert article("<p>It <b>runs</b>.</p>", "It runs.").body == "<p>It <b>runs</b>.</p>"


def test_texts_around_an_attachment_are_put_together() -> None:
    parts = [b"Content-Type: text/html\n\n<p>One</p>", b"Content-Type: image/png\n\nx", b"Content-Type: text/html\n\n<p>Two</p>"]
    message = raw("Content-Type: multipart/mixed; boundary=b", b"--b\n" + b"\n--b\n".join(parts) + b"\n--b--\n")
    assert mail.read(message).publication.articles[0].body == "<p>One</p><p>Two</p>"


def test_a_forwarded_message_is_an_attachment() -> None:
    inner = b"Content-Type: message/rfc822\n\nFrom: a@b.example\nSubject: inner\n\nOther."
    message = raw("Content-Type: multipart/mixed; boundary=b", b"--b\nContent-Type: text/plain\n\nOne\n--b\n" + inner + b"\n--b--\n")
    found = mail.read(message)
    assert (found.publication.articles[0].body, "mail-attachments" in codes(found)) == ("<p>One</p>", True)


@pytest.mark.parametrize(
    ("declared", "content"),
    [
        ("iso-8859-1", "fährt".encode()),
        ("utf-8", "fährt heute durch die Straßen am Hafen".encode("cp1252")),
        ("us-ascii", "fährt".encode()),
        ("no-such-charset", "fährt".encode()),
        ("iso-8859-15", "fährt".encode("iso-8859-15")),
    ],
)
def test_letters_are_right_though_the_charset_is_wrong(declared: str, content: bytes) -> None:
    message = raw(f"Content-Type: text/plain; charset={declared}\nContent-Transfer-Encoding: 8bit", content)
    assert mail.read(message).publication.articles[0].body.startswith("<p>fährt")


def test_japanese_mail_in_seven_bits_is_read() -> None:
    message = raw("Content-Type: text/plain; charset=ISO-2022-JP", "路面電車".encode("iso-2022-jp"))
    assert mail.read(message).publication.articles[0].body == "<p>路面電車</p>"


def test_the_language_is_what_the_message_says() -> None:
    assert article('<html lang="de"><body><p>Sie fährt.</p></body></html>').in_language == "de"
    assert mail.read(raw("Content-Language: fr", b"x")).publication.articles[0].in_language == "fr"


def test_lines_that_flow_are_put_together() -> None:
    message = raw("Content-Type: text/plain; format=flowed", b"It \nruns.\nAgain.\n\n> Does \n> it?\n-- \nInes")
    assert (
        mail.read(message).publication.articles[0].body
        == "<p>It runs.</p><p>Again.</p><blockquote><p>Does it?</p></blockquote><p>--</p><p>Ines</p>"
    )


def test_lines_that_were_broken_since_they_were_full_are_put_together() -> None:
    long = "The tram runs again through the old harbour and up the hill,\nand everybody is glad. See https://lantern.example/tram.\n\nInes\nHarbour"
    assert article("", long).body == (
        "<p>The tram runs again through the old harbour and up the hill, and everybody is glad. See "
        '<a href="https://lantern.example/tram">https://lantern.example/tram</a>.</p><p>Ines<br/>Harbour</p>'
    )


def test_what_a_message_does_not_say_is_told() -> None:
    found = mail.read(b"From: a@b.example\nMessage-ID: <1@b>\n\nIt runs.")
    assert codes(found) >= {"mail-no-date", "mail-no-subject"}


def test_values_say_where_they_are_from() -> None:
    assert {(each.field, each.source) for each in read("<p>x</p>").origins} >= {("headline", "field Subject"), ("author", "field From")}


# -- what cannot be read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("mail-without-text", raw("Content-Type: image/png", b"x")),
        ("text-too-long", raw("Content-Type: text/html", b"<p>" + b"word " * 2_000_001)),
        (
            "mail-encrypted",
            raw("Content-Type: multipart/encrypted; boundary=b", b"--b\nContent-Type: application/octet-stream\n\nx\n--b--"),
        ),
        (
            "mail-too-many-parts",
            raw("Content-Type: multipart/mixed; boundary=b", b"--b\nContent-Type: multipart/mixed; boundary=c\n\n" * 100),
        ),
        ("mail-too-many-parts", raw("Content-Type: multipart/mixed; boundary=b", b"--b\n\nx\n" * 2000)),
    ],
)
def test_what_has_nothing_to_read_is_refused(code: str, message: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        mail.read(message)
    assert refused.value.problems[0].code == code


@pytest.mark.parametrize(
    "field",
    [
        "From: =?utf-8?q?=?=?= <",
        "From: " + "(" * 3000,
        "From: " + "a@b, " * 3000,
        "Subject: " + "=?x?q?" * 2000,
        "Date: 99 Foo 99999 99:99",
        "Content-Type: text/html; charset*0*=%%; charset*1=\x00",
        "Content-Disposition: inline; filename*=utf-8''%\"",
        "Content-Transfer-Encoding: base64\nContent-Type: text/plain",
    ],
)
def test_a_broken_field_breaks_nothing_else(field: str) -> None:
    broken = f"{field}\nFrom: Ines <i@b.example>\nMessage-ID: <1@b>\nSubject: Tram\n\nIt runs.".encode()
    assert len(mail.read(broken).publication.articles) == 1
