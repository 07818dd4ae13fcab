"""What a book says about who can read it is what is in it."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image as Raster

from publisher import markup
from publisher.article import Article, Image, Media, Publication
from publisher.formats import BookOptions, Target, epub
from publisher.formats.epub.accessibility import contents, noted
from tests.targets import PICTURE, SOUND
from tests.test_epub import package

AT = "https://lantern.example/media/"
BARE = Publication(identifier="x", name="Bare", url="https://bare.example/", in_language="en")
FERRY = Article(identifier="1", headline="The ferry", in_language="en", body="<p>It sailed.</p>")


def frames(form: str, number: int) -> bytes:
    out = BytesIO()
    first, *others = (Raster.new("L", (9, 9), shade) for shade in range(number))
    first.save(out, form, save_all=True, append_images=others)
    return out.getvalue()


FILES = {
    "a.png": PICTURE,
    "moving.gif": frames("GIF", 3),
    "bells.mp3": SOUND,
}


def opf(article: Article = FERRY, **options: str) -> str:
    target = Target(media=lambda url: FILES.get(url.removeprefix(AT)), book=BookOptions(**options))  # type: ignore[arg-type]
    return package(epub.write(replace(BARE, articles=(article,)), target))


def said(name: str, article: Article = FERRY) -> list[str]:
    return re.findall(f'<meta property="schema:{name}"[^>]*>(.*?)<', opf(article))


def with_body(source: str) -> Article:
    return replace(FERRY, body=markup.clean(source.replace("src='", f"src='{AT}")))


def with_picture(name: str, description: str | None = "A ferry") -> Article:
    return replace(FERRY, image=(Image(content_url=f"{AT}{name}", description=description),))


DESCRIBED = "<figure><img src='a.png' alt='A ferry'></figure>"
SOUNDS = "<p><audio src='bells.mp3'></audio></p>"
MODES = {
    "text alone": (FERRY, ["textual"], ["textual"]),
    "a picture": (with_body(DESCRIBED), ["textual", "visual"], ["textual", "textual,visual"]),
    "a lead picture": (with_picture("a.png"), ["textual", "visual"], ["textual", "textual,visual"]),
    "a picture that nobody describes": (with_picture("a.png", None), ["textual", "visual"], ["textual,visual"]),
    "sound": (with_body(SOUNDS), ["textual", "auditory"], ["textual,auditory"]),
    "both": (with_body(DESCRIBED + SOUNDS), ["textual", "visual", "auditory"], ["textual,visual,auditory"]),
    "a recording beside the text": (
        replace(FERRY, associated_media=(Media(content_url=f"{AT}bells.mp3", type="AudioObject"),)),
        ["textual", "auditory"],
        ["textual,auditory"],
    ),
    "a picture that is elsewhere": (with_body("<p><img src='gone.png'></p>"), ["textual"], ["textual"]),
    "a picture that a link puts into words": (
        with_body("<p><a href='https://e.org/'><img src='a.png' alt=''>Ferry</a></p>"),
        ["textual"],
        ["textual"],
    ),
}


@pytest.mark.parametrize(("article", "modes", "sufficient"), MODES.values(), ids=MODES)
def test_modes_are_those_that_the_articles_need(article: Article, modes: list[str], sufficient: list[str]) -> None:
    """The cover is a picture, too, but nobody needs to see it."""
    assert said("accessMode", article) == modes
    assert said("accessModeSufficient", article) == sufficient


ALTERNATIVES = {
    "described": (DESCRIBED, True),
    "not described": ("<figure><img src='a.png'></figure>", False),
    "one of two": (f"{DESCRIBED}<p><img src='a.png'></p>", False),
    "a link that got a name": ("<p><a href='https://e.org/x'><img src='a.png'></a></p>", True),
    "in a link with words": ("<p><a href='https://e.org/x'><img src='a.png'> Ferry</a></p>", True),
    "beside a link with words": ("<p><a href='https://e.org/x'>Ferry</a> <img src='a.png'></p>", False),
}


@pytest.mark.parametrize(("source", "promised"), ALTERNATIVES.values(), ids=ALTERNATIVES)
def test_alternative_text_is_promised_only_when_every_picture_has_it(source: str, promised: bool) -> None:
    article = with_body(source)
    assert ("alternativeText" in said("accessibilityFeature", article)) == promised
    assert ("no alternative text" in said("accessibilitySummary", article)[0]) != promised


@pytest.mark.parametrize(("source", "promised"), ALTERNATIVES.values(), ids=ALTERNATIVES)
def test_who_makes_a_book_is_told_when_it_cannot_promise_alternative_text(source: str, promised: bool) -> None:
    told: list[str] = []
    target = Target(media=lambda url: FILES.get(url.removeprefix(AT)), tell=lambda problem: told.append(problem.code))
    epub.write(replace(BARE, articles=(with_body(source),)), target)
    assert ("epub-pictures-undescribed" in told) != promised


def test_features_are_those_that_are_there() -> None:
    always = ["alternativeText", "ARIA", "displayTransformability", "readingOrder", "structuralNavigation", "tableOfContents", "unlocked"]
    assert said("accessibilityFeature") == always
    assert said("accessibilityFeature", with_body("<p><ruby>渡<rt>わた</rt></ruby></p>")) == [*always[:4], "rubyAnnotations", *always[4:]]


HAZARDS = {
    "text": (FERRY, ["none"]),
    "a picture": (with_picture("a.png"), ["none"]),
    "a picture that moved": (with_picture("moving.gif"), ["none"]),
    "sound": (with_body(SOUNDS), ["noFlashingHazard", "noMotionSimulationHazard", "unknownSoundHazard"]),
}


@pytest.mark.parametrize(("article", "hazards"), HAZARDS.values(), ids=HAZARDS)
def test_hazards_are_those_that_are_known(article: Article, hazards: list[str]) -> None:
    assert said("accessibilityHazard", article) == hazards


def test_a_book_in_columns_says_so() -> None:
    page = noted(b'<html class="vertical"><body><p>a</p></body></html>')
    assert "verticalWriting" in contents({"a.xhtml": page}, cover="cover.xhtml").features()


def test_a_summary_tells_it_in_english() -> None:
    summary = re.search(r'<meta property="schema:accessibilitySummary" xml:lang="en">(.*?)<', opf(with_body(DESCRIBED + SOUNDS)))
    assert summary
    assert summary[1].startswith("All pictures have alternative text. There are recordings without transcripts. Text can be enlarged")


# -- who has evaluated it -------------------------------------------------------------------------------------------------


def test_a_book_conforms_only_when_somebody_says_so() -> None:
    for word in ("conformsTo", "a11y:", "WCAG"):
        assert word not in opf()


def test_who_has_evaluated_a_book_is_named() -> None:
    found = opf(certified_by="Dewey & Howe", certifier_report="https://e.org/report?a=1&b=2")
    assert '<meta property="dcterms:conformsTo" id="conformance">EPUB Accessibility 1.1 - WCAG 2.2 Level AA</meta>' in found
    assert '<meta property="a11y:certifiedBy" id="certifier" refines="#conformance">Dewey &amp; Howe</meta>' in found
    assert '<link rel="a11y:certifierReport" href="https://e.org/report?a=1&amp;b=2" refines="#certifier"/>' in found


@pytest.mark.parametrize(("source", "promised"), ALTERNATIVES.values(), ids=ALTERNATIVES)
def test_a_book_says_that_it_conforms_only_when_nothing_is_known_against_it(source: str, promised: bool) -> None:
    told: list[str] = []
    target = Target(
        media=lambda url: FILES.get(url.removeprefix(AT)),
        tell=lambda problem: told.append(problem.code),
        book=BookOptions(certified_by="Dewey"),
    )
    body = epub.write(replace(BARE, articles=(with_body(source),)), target)
    with zipfile.ZipFile(BytesIO(body)) as archive:
        assert (b"dcterms:conformsTo" in archive.read("EPUB/content.opf")) == promised
    assert ("epub-not-certified" in told) != promised
    assert "epub-pictures-undescribed" not in told


def test_a_picture_on_three_pages_is_one_without_alternative_text() -> None:
    (summary,) = said("accessibilitySummary", with_body("<p><img src='a.png'></p><p><img src='a.png'></p>"))
    assert summary.startswith("1 picture has no alternative text; ")


def test_a_report_alone_certifies_nothing() -> None:
    assert "https://e.org/report" not in opf(certifier_report="https://e.org/report")
