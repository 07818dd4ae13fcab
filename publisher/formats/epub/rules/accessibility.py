"""What people who read otherwise need: metadata to choose by, names, headings, pages (EPUB Accessibility 1.1; what Ace looks for)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from publisher.cleaner import local_name
from publisher.formats.epub.rules.book import A11Y, EPUB_TYPE, HTML, SPACES, XML_LANG, Book, at, label, nearest, quoted, said
from publisher.markup import Element
from publisher.problems import Finding, Severity, rule

_DISCOVERY = ("schema:accessMode", "schema:accessibilityFeature", "schema:accessibilityHazard")
_VOCABULARY = "https://www.w3.org/community/reports/a11y-discov-vocab/CG-FINAL-vocabulary-20230718/"
_WCAG = "https://www.w3.org/TR/WCAG22/"
_MODES = frozenset(
    "auditory chartOnVisual chemOnVisual colorDependent diagramOnVisual mathOnVisual musicOnVisual tactile textOnVisual textual "
    "visual".split()
)
_ENOUGH = frozenset("auditory tactile textual visual".split())
_FEATURES = frozenset(
    "alternativeText annotations ARIA audioDescription bookmarks braille captions ChemML closedCaptions describedMath "
    "displayTransformability fullRubyAnnotations highContrastAudio highContrastDisplay horizontalWriting index largePrint latex "
    "latex-chemistry longDescription longDescriptions MathML MathML-chemistry none openCaptions pageBreakMarkers pageNavigation "
    "physicalObject printPageNumbers readingOrder resizeText rubyAnnotations signLanguage sound structuralNavigation "
    "synchronizedAudioText tableOfContents tactileGraphic tactileObject taggedPDF timingControl transcript transformFeedback ttsMarkup "
    "unknown unlocked verticalWriting withAdditionalWordSegmentation withoutAdditionalWordSegmentation".split()
)
_HAZARDS = frozenset(
    "flashing noFlashingHazard unknownFlashingHazard motionSimulation noMotionSimulationHazard unknownMotionSimulationHazard sound "
    "noSoundHazard unknownSoundHazard none unknown".split()
)
_CONFORMS = re.compile(r"EPUB Accessibility 1\.[12] - WCAG 2\.[012] Level A{1,3}")
_OLD_CONFORMS = re.compile(r"https?://www\.idpf\.org/epub/a11y/accessibility-20170105\.html#wcag-a{1,3}")
_ROLES = {
    "backlink": "doc-backlink",
    "biblioref": "doc-biblioref",
    "glossref": "doc-glossref",
    "noteref": "doc-noteref",
    "footnote": "doc-footnote",
    "pagebreak": "doc-pagebreak",
    **{
        name: f"doc-{name}"
        for name in (
            "abstract acknowledgments afterword appendix bibliography chapter colophon conclusion credits dedication endnotes epigraph "
            "epilogue errata foreword introduction part preface prologue pullquote qna"
        ).split()
    },
}
_SECTIONS = ("section", "aside")
_ARIA = frozenset(
    "alert alertdialog application article banner blockquote button caption cell checkbox code columnheader combobox comment complementary "
    "contentinfo definition deletion dialog directory document emphasis feed figure form generic graphics-document graphics-object "
    "graphics-symbol grid gridcell group heading img image insertion link list listbox listitem log main mark marquee math menu menubar "
    "menuitem menuitemcheckbox menuitemradio meter navigation none note option paragraph presentation progressbar radio radiogroup region "
    "row rowgroup rowheader scrollbar search searchbox sectionheader sectionfooter separator slider spinbutton status strong subscript "
    "suggestion superscript switch tab table tablist tabpanel term textbox time timer toolbar tooltip tree treegrid treeitem "
    "doc-abstract doc-acknowledgments doc-afterword doc-appendix doc-backlink doc-biblioentry doc-bibliography doc-biblioref doc-chapter "
    "doc-colophon doc-conclusion doc-cover doc-credit doc-credits doc-dedication doc-endnote doc-endnotes doc-epigraph doc-epilogue "
    "doc-errata doc-example doc-footnote doc-foreword doc-glossary doc-glossref doc-index doc-introduction doc-noteref doc-notice "
    "doc-pagebreak doc-pagefooter doc-pageheader doc-pagelist doc-part doc-preface doc-prologue doc-pullquote doc-qna doc-subtitle "
    "doc-tip doc-toc".split()
)
_PICTURE_NAME = re.compile(r"[^\s]+\.(jpe?g|png|gif|svg|webp|bmp|tiff?)", re.IGNORECASE)
_SCOPES = ("row", "col", "rowgroup", "colgroup")


def _values(book: Book, name: str) -> Iterator[tuple[Element, str]]:
    for each in book.metas(f"schema:{name}"):
        yield each, said(each)
    for each in book.metas():  # as EPUB 2 writes it
        if book.is_2 and each.get("name") == f"schema:{name}":
            yield each, (each.get("content") or "").strip(SPACES)


# -- what the package says ------------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec=f"{A11Y}#sec-disc-package", hint="add the schema: properties")
def epub_accessibility_missing(book: Book) -> Iterator[Finding]:
    """Readers choose by these whether a book is one that they can read."""
    for name in _DISCOVERY:
        if not book.is_2 and not any(map(said, book.metas(name))):
            yield at(book.package, f"there is no {name}")


@rule(Severity.INFO, spec=f"{A11Y}#sec-disc-package", hint="say which modes are enough, and in a sentence what a reader can expect")
def epub_accessibility_undescribed(book: Book) -> Iterator[Finding]:
    """A summary tells in words what the values leave open; shops show it."""
    if book.is_2 or not any(any(map(said, book.metas(name))) for name in _DISCOVERY):
        return
    for name in ("schema:accessModeSufficient", "schema:accessibilitySummary"):
        if not any(map(said, book.metas(name))):
            yield at(book.package, f"there is no {name}")


@rule(Severity.WARNING, spec=_VOCABULARY, hint="take a value of the vocabulary, with its capitals")
def epub_accessibility_value_unknown(book: Book) -> Iterator[Finding]:
    """Shops and libraries know the values of the vocabulary only."""
    for name, known in (("accessMode", _MODES), ("accessibilityFeature", _FEATURES), ("accessibilityHazard", _HAZARDS)):
        for element, value in _values(book, name):
            if value and value.partition("/")[0] not in known:
                yield at(element, f"{name} is {quoted(value)}", nearest(value, known))
    for element, value in _values(book, "accessModeSufficient"):
        for each in value.split(","):
            if value and each.strip() not in _ENOUGH:
                yield at(element, f"accessModeSufficient has {quoted(each.strip())}", nearest(each.strip(), _ENOUGH))


@rule(Severity.WARNING, spec=f"{_VOCABULARY}#accessibilityHazard", hint="say none alone, or each hazard with or without no")
def epub_hazard_contradictory(book: Book) -> Iterator[Finding]:
    """Who has seizures must be able to rely on this."""
    found = {value: element for element, value in _values(book, "accessibilityHazard")}
    alone = [each for each in ("none", "unknown") if each in found and len(found) > 1]
    pairs = (("flashing", "noFlashingHazard"), ("motionSimulation", "noMotionSimulationHazard"), ("sound", "noSoundHazard"))
    against = [no for yes, no in pairs if yes in found and no in found]
    for each in (*alone, *against):
        yield at(found[each], f"accessibilityHazard is {' and '.join(map(quoted, sorted(found)))}")


@rule(Severity.WARNING, spec=f"{A11Y}#sec-conf-reporting-pub", hint='write "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"')
def epub_conformance_malformed(book: Book) -> Iterator[Finding]:
    """Shops show that a book is accessible when it says so in exactly these words."""
    for each in book.metas("dcterms:conformsTo"):
        text = said(each)
        if re.match(r"EPUB[ -]A(ccessibility|11Y)", text, re.IGNORECASE) and not _CONFORMS.fullmatch(text):
            yield at(each, f"dcterms:conformsTo is {quoted(text)}")


@rule(Severity.WARNING, spec=f"{A11Y}#sec-evaluator-name", hint="name in a11y:certifiedBy who has evaluated the book")
def epub_certifier_missing(book: Book) -> Iterator[Finding]:
    """That a book conforms is worth as much as who says so."""
    claims = [each for each in book.metas("dcterms:conformsTo") if _CONFORMS.fullmatch(said(each))]
    links = (each for each in book.package.iter("{*}link") if "dcterms:conformsTo" in (each.get("rel") or "").split())
    claims += [each for each in links if _OLD_CONFORMS.fullmatch(each.get("href") or "")]
    said_by = [each for each in book.package.iter("{*}meta") if each.get("property") == "a11y:certifiedBy" and said(each)]
    if claims and not said_by:
        yield at(claims[0], "there is no a11y:certifiedBy")


@rule(Severity.INFO, spec="https://daisy.github.io/ace/rules/epub/", hint="write xml:lang on the package element")
def epub_package_language_missing(book: Book) -> Iterator[Finding]:
    """By it the title is said in its own language (Ace: epub-lang)."""
    if not book.is_2 and not book.package.get(XML_LANG):
        yield at(book.package, "the package has no xml:lang")


# -- pages of print -------------------------------------------------------------------------------------------------------


@rule(Severity.WARNING, spec=f"{A11Y}#sec-page-src", hint="name the print edition in pageBreakSource or dc:source")
def epub_page_source_missing(book: Book) -> Iterator[Finding]:
    """In a class everybody is told a page of one edition: a page list says which (Ace: epub-pagesource)."""
    named = [*book.dc("source"), *book.metas("pageBreakSource"), *book.metas("a11y:pageBreakSource"), *book.metas("schema:pageBreakSource")]
    for page in book.navs:
        for each in page.html("nav"):
            if "page-list" in (each.get(EPUB_TYPE) or "").split() and not any(map(said, named)):
                yield at(each, "the book has a list of pages, and does not say of which edition")


@rule(Severity.WARNING, spec=f"{A11Y}#sec-page-list", hint='add a nav with epub:type="page-list"')
def epub_page_list_missing(book: Book) -> Iterator[Finding]:
    """Page breaks that no list names are found by nobody."""
    for page in book.pages.values() if not book.is_2 and not _lists_pages(book) else ():
        for element, kinds in page.typed:
            if "pagebreak" in kinds:
                yield at(element, "there are page breaks, and no list of pages")
                return


def _lists_pages(book: Book) -> bool:
    navs = (each for page in book.navs for each in page.html("nav"))
    return any("page-list" in (each.get(EPUB_TYPE) or "").split() for each in navs) or not book.navs


@rule(Severity.WARNING, spec="https://www.w3.org/TR/epub-ssv-11/#pagebreak", hint="write the number of the page in aria-label or title")
def epub_page_break_without_number(book: Book) -> Iterator[Finding]:
    """Who listens hears where a page begins when the break says its number."""
    for page in book.pages.values():
        for element, kinds in page.typed:
            if "pagebreak" in kinds and not label(element):
                yield at(element, "a page break has no number")


# -- pages ----------------------------------------------------------------------------------------------------------------


@rule(Severity.INFO, spec="https://www.w3.org/TR/epub-ssv-11/#sec-mapping", hint="write the role, too")
def epub_role_missing(book: Book) -> Iterator[Finding]:
    """Screen readers know role, and not epub:type (Ace: epub-type-has-matching-role)."""
    for page in book.pages.values():
        for element, kinds in page.typed:
            wanted = next((_ROLES[each] for each in kinds if each in _ROLES), "")
            inline = wanted in ("doc-backlink", "doc-biblioref", "doc-glossref", "doc-noteref")
            fits = local_name(element) == "a" if inline else local_name(element) in _SECTIONS or wanted == "doc-pagebreak"
            landmark = next(element.iterancestors(f"{HTML}nav"), None) is not None
            if wanted and fits and not landmark and not (element.get("role") or "").split():
                yield at(element, f"{quoted(element.get(EPUB_TYPE))} has no role", f'write role="{wanted}", too')


@rule(Severity.ERROR, spec="https://www.w3.org/TR/wai-aria-1.2/#roles_categorization", hint="take a role of ARIA or of DPUB-ARIA")
def epub_role_unknown(book: Book) -> Iterator[Finding]:
    """A role that nobody knows is none."""
    for page in book.pages.values():
        if b"role=" not in page.body:
            continue
        for each in page.root.iter(f"{HTML}*"):
            roles = (each.get("role") or "").lower().split()
            if roles and not _ARIA.intersection(roles):
                yield at(each, f"the role {quoted(each.get('role'))}", nearest(roles[0], _ARIA))


@rule(Severity.INFO, spec=f"{_WCAG}#info-and-relationships", hint="take the next level, and give it its size in CSS")
def epub_heading_skipped(book: Book) -> Iterator[Finding]:
    """Who jumps from heading to heading takes a level that is left out for something he has missed."""
    for page in book.pages.values():
        before = 0
        for each in page.root.iter(*(f"{HTML}h{number}" for number in range(1, 7))):
            level = int(local_name(each)[1])
            if before and level > before + 1:
                yield at(each, f"after h{before} there is h{level}: {quoted(said(each))}")
            before = level


@rule(Severity.INFO, spec=f"{_WCAG}#headings-and-labels", hint="take the heading out, or write its text")
def epub_heading_empty(book: Book) -> Iterator[Finding]:
    """An empty heading is said as one, and leads to nothing."""
    for page in book.pages.values():
        for each in page.html("h1", "h2", "h3", "h4", "h5", "h6"):
            if not label(each) and not each.get("aria-labelledby") and not each.get("hidden"):
                yield at(each, f"an {local_name(each)} is empty")


@rule(Severity.WARNING, spec=f"{_WCAG}#link-purpose-in-context", hint="write what the link leads to, as text or alternative text")
def epub_link_without_name(book: Book) -> Iterator[Finding]:
    """Of a link without text a screen reader says the address (Ace: link-name)."""
    for page in book.pages.values():
        for each in page.html("a"):
            hidden = (
                each.get("aria-hidden") == "true" or each.get("aria-labelledby") or next(each.iter("{http://www.w3.org/2000/svg}*"), None)
            )
            if each.get("href") and hidden in (None, False) and not label(each):
                yield at(each, f"the link to {quoted(each.get('href'))} has no text")


@rule(Severity.WARNING, spec=f"{_WCAG}#non-text-content", hint="say what the picture shows")
def epub_alternative_text_is_a_file_name(book: Book) -> Iterator[Finding]:
    """The name of a file tells nobody what a picture shows."""
    for page in book.pages.values():
        for each in page.html("img"):
            if _PICTURE_NAME.fullmatch((each.get("alt") or "").strip()):
                yield at(each, f"the alternative text is {quoted(each.get('alt'))}")


@rule(Severity.INFO, spec=f"{_WCAG}#info-and-relationships", hint="make the heads of columns or rows th")
def epub_table_without_headers(book: Book) -> Iterator[Finding]:
    """In a table without header cells nobody who listens knows what a number means."""
    for page in book.pages.values():
        for each in page.html("table"):
            rows = list(each.iter(f"{HTML}tr"))
            wide = any(len(list(row.iterchildren(f"{HTML}td"))) > 1 for row in rows)
            if len(rows) > 1 and wide and each.get("role") not in ("presentation", "none") and next(each.iter(f"{HTML}th"), None) is None:
                yield at(each, f"the table of {len(rows)} rows has no th")


@rule(
    Severity.ERROR,
    spec="https://html.spec.whatwg.org/multipage/tables.html#attr-th-scope",
    hint="write row, col, rowgroup or colgroup, on th",
)
def epub_scope_wrong(book: Book) -> Iterator[Finding]:
    """By scope a screen reader says the header of each cell."""
    for page in book.pages.values():
        for each in page.html("th", "td"):
            scope = each.get("scope")
            if scope is not None and (scope.lower() not in _SCOPES or (local_name(each) == "td" and not book.is_2)):
                yield at(each, f"scope of {local_name(each)} is {quoted(scope)}")


@rule(Severity.WARNING, spec=f"{_WCAG}#name-role-value", hint="say in title what the frame shows")
def epub_frame_without_title(book: Book) -> Iterator[Finding]:
    """Of a frame without title a screen reader says that there is one (Ace: frame-title)."""
    for page in book.pages.values():
        for each in page.html("iframe"):
            if not (each.get("title") or each.get("aria-label") or each.get("aria-labelledby")) and each.get("aria-hidden") != "true":
                yield at(each, f"the frame {quoted(each.get('src'))} has no title")


@rule(Severity.WARNING, spec=f"{_WCAG}#focus-order", hint="write 0 or -1, or nothing")
def epub_tabindex_positive(book: Book) -> Iterator[Finding]:
    """Who goes by keys jumps to it first, from wherever he is (Ace: tabindex)."""
    for page in book.pages.values():
        if b"tabindex" not in page.body:
            continue
        for each in page.root.iter(f"{HTML}*"):
            if re.fullmatch(r"\s*\+?0*[1-9]\d*\s*", each.get("tabindex") or ""):
                yield at(each, f"tabindex is {quoted(each.get('tabindex'))}")


@rule(Severity.INFO, spec=f"{_WCAG}#captions-prerecorded", hint='add a track with kind="captions"')
def epub_video_without_captions(book: Book) -> Iterator[Finding]:
    """Who does not hear reads what is said (Ace: video-caption)."""
    for page in book.pages.values():
        for each in page.html("video"):
            tracks = [(track.get("kind") or "subtitles").lower() for track in each.iter(f"{HTML}track")]
            if not {"captions", "subtitles"} & set(tracks) and each.get("muted") is None:
                yield at(each, f"the video {quoted(each.get('src'))} has no captions")


@rule(Severity.INFO, spec=f"{_WCAG}#non-text-content", hint="write the formula in words in alttext")
def epub_formula_without_text(book: Book) -> Iterator[Finding]:
    """Where formulas are not read aloud, their text is."""
    for page in book.pages.values():
        for each in page.root.iter("{http://www.w3.org/1998/Math/MathML}math") if b"MathML" in page.body else ():
            described = next(each.iter("{http://www.w3.org/1998/Math/MathML}annotation-xml"), None) is not None
            if not (each.get("alttext") or each.get("aria-label") or described):
                yield at(each, f"the formula {quoted(said(each))} has no alttext")
