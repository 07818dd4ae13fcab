"""JSON-LD is checked: each rule finds what it is about and nothing else, and good documents raise no alarm, whatever their shape."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz import growth
from publisher import linked
from publisher.formats import newsarticle, webpage
from publisher.linked.reading import read
from publisher.linked.vocabulary import vocabulary
from publisher.problems import Problem, Severity, rules_in

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests/cases/linked"
PAGE_CODES = [each.code for subject in webpage.rules.SUBJECTS for each in rules_in(vars(subject))]
CODES = [each.code for each in linked.RULES]
GOOD = [*sorted(CASES.glob("good/*.jsonld")), *sorted(CASES.glob("planted/00-*.jsonld"))]
PLANTED = sorted(CASES.glob("planted/[0-4][1-9]-*.jsonld")) + sorted(CASES.glob("planted/[1-4]0-*.jsonld"))
PAGES = [*sorted(ROOT.glob("exports/**/*.html")), *sorted((ROOT.parent / "shared/corpus/pages").glob("*.html.gz"))]
"""Ours, and where they lie beside the project, those of others."""


def text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="surrogatepass")


def codes(problems: list[Problem], least: Severity = Severity.INFO) -> set[str]:
    return {each.code for each in problems if each.severity >= least}


def case(code: str, verdict: str) -> str:
    return text(CASES / f"{code}.{verdict}.jsonld")


def check(**members: object) -> list[Problem]:
    """Return what is wrong with a good article that has other members, too."""
    return linked.check(json.dumps({**json.loads(case("jsonld-date-missing", "pass")), **members}))


# -- the rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_a_rule_finds_what_it_is_about_and_no_other_error(code: str) -> None:
    found = linked.check(case(code, "fail"))
    assert code in codes(found)
    assert codes(found, Severity.ERROR) <= {code}


@pytest.mark.parametrize("code", CODES)
def test_a_rule_leaves_alone_what_is_right(code: str) -> None:
    found = linked.check(case(code, "pass"))
    assert code not in codes(found)
    assert codes(found, Severity.WARNING) == set()


def test_every_case_is_of_a_rule() -> None:
    assert {each.name.partition(".")[0] for each in CASES.glob("*.jsonld")} == set(CODES)


def test_no_two_rules_have_one_code() -> None:
    assert len(CODES) == len(set(CODES))


@pytest.mark.parametrize("rule", linked.RULES, ids=CODES)
def test_a_rule_says_why_and_what_to_do_and_where_it_is_written(rule: linked.AnyRule) -> None:
    assert rule.explanation.endswith(".")
    assert rule.hint
    assert rule.spec.startswith("https://")


def test_there_are_44_planted_defects() -> None:
    assert len(PLANTED) == 44


@pytest.mark.parametrize("path", PLANTED, ids=lambda path: path.stem)
def test_a_planted_defect_is_found(path: Path) -> None:
    assert path.stem[3:] in codes(linked.check(text(path)))


def test_there_are_30_good_documents() -> None:
    assert len(GOOD) > 30


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_good_document_raises_no_alarm(path: Path) -> None:
    assert [f"{each.code} {each.location.pointer}" for each in linked.check(text(path)) if each.severity > Severity.INFO] == []


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_a_list_of_documents_is_as_good_as_one(path: Path) -> None:
    data = json.loads(text(path))
    found = linked.check(json.dumps([*(data if isinstance(data, list) else [data])]))
    assert codes(found) == codes(linked.check(text(path)))


# -- in pages -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", PAGE_CODES)
def test_a_rule_for_pages_finds_what_it_is_about_and_no_other_error(code: str) -> None:
    found = webpage.check((CASES / f"{code}.fail.html").read_bytes())
    assert code in codes(found)
    assert codes(found, Severity.ERROR) <= {code}


@pytest.mark.parametrize("code", PAGE_CODES)
def test_a_rule_for_pages_leaves_alone_what_is_right(code: str) -> None:
    assert codes(webpage.check((CASES / f"{code}.pass.html").read_bytes())) == set()


def test_every_page_is_a_case_of_a_rule() -> None:
    assert {each.name.partition(".")[0] for each in CASES.glob("*.html")} == set(PAGE_CODES)


@pytest.mark.parametrize("path", PLANTED, ids=lambda path: path.stem)
def test_a_planted_defect_is_found_in_a_page_too(path: Path) -> None:
    code = path.stem[3:]
    assert {code, code.replace("jsonld-", "page-"), code.replace("jsonld-url", "page-image")} & codes(in_page(text(path)))


def test_what_has_a_name_of_its_own_in_pages_is_told_once() -> None:
    told = [each.code for each in in_page(case("jsonld-date-without-zone", "fail")) if "without-zone" in each.code]
    assert told == ["page-date-without-zone"]


def test_a_problem_in_a_block_is_where_it_is_in_the_page() -> None:
    (found,) = [each for each in in_page('{"@context": "https://schema.org", "@type": "Plaice"}') if each.code == "jsonld-type-unknown"]
    assert (found.location.line, found.location.column, found.location.pointer) == (2, 36 + 35, "/@type")


def test_a_picture_in_a_noscript_does_not_end_the_head() -> None:
    page = text(CASES / "page-canonical-in-body.pass.html").replace(
        "<title>", '<noscript><img src="https://e.org/1.gif" alt=""></noscript>\n<title>'
    )
    assert "page-canonical-in-body" not in codes(webpage.check(page.encode()))


@pytest.mark.parametrize(
    "broken", ["<script type='application/ld+json'>" * 50, "<!--" * 9, "<script src=x type=application/ld+json>", "<link rel=canonical>"]
)
def test_a_broken_page_is_checked(broken: str) -> None:
    page = text(CASES / "page-canonical-in-body.pass.html")
    for place in range(0, len(page), 97):
        webpage.check((page[:place] + broken + page[place:]).encode())


def in_page(data: str) -> list[Problem]:
    page = f'<!DOCTYPE html>\n<script type="application/ld+json">{data}</script><title>Lamp</title><h1>Lamp</h1>'
    return webpage.check(page.encode())


# -- where it is ----------------------------------------------------------------------------------------------------------


def test_a_problem_tells_line_column_and_pointer() -> None:
    (found,) = [each for each in check(wordCount="many") if each.code == "jsonld-number-unreadable"]
    assert (found.location.line, found.location.pointer) == (1, "/wordCount")
    assert found.message == "wordCount is 'many', which is no number"


def test_a_fault_in_the_text_tells_line_and_column() -> None:
    (found,) = linked.check('{\n  "@context": "https://schema.org",\n  "@type": "Place", "name": "Quay",\n}')
    assert (found.code, found.location.line, found.location.column) == ("jsonld-trailing-comma", 3, 35)


def test_a_block_in_a_page_begins_where_it_begins() -> None:
    (found,) = linked.check('{"@context": "https://schema.org", "@type": "Plaice"}', start=(10, 36))
    assert (found.location.line, found.location.column, found.hint) == (10, 36 + 35, "did you mean Place?")


def test_all_faults_of_a_text_are_told_at_once() -> None:
    found = linked.check("{'@context': 'https://schema.org', /* a */ '@type': 'Plaice',}")
    assert codes(found) == {"jsonld-quotes-wrong", "jsonld-comment", "jsonld-trailing-comma", "jsonld-type-unknown"}


def test_a_long_value_is_cut_at_80_characters() -> None:
    (found,) = [each for each in check(license="x y " * 50) if each.code == "jsonld-url-malformed"]
    assert len(found.message) < 120


@pytest.mark.parametrize(
    ("encoding", "expected"), [("utf-8", set()), ("utf-8-sig", {"jsonld-byte-order-mark"}), ("utf-16", {"jsonld-encoding"})]
)
@pytest.mark.parametrize("good", [True, False], ids=["good", "broken"])
def test_a_file_is_in_utf_8_without_a_byte_order_mark(encoding: str, expected: set[str], good: bool) -> None:
    written = case("jsonld-date-missing", "pass") if good else case("jsonld-trailing-comma", "fail")
    found = codes(newsarticle.check(written.encode(encoding)), Severity.ERROR)
    assert found - {"jsonld-trailing-comma"} == expected


def test_a_number_with_leading_zeros_is_told_once() -> None:
    found = linked.check(case("jsonld-date-missing", "pass").replace('"headline"', '"wordCount": 0100, "headline"', 1))
    assert codes(found) == {"jsonld-number-malformed"}


def test_the_text_for_a_picture_is_not_guessed_to_be_latex() -> None:
    (found,) = [each for each in check(altText="A lamp") if each.code == "jsonld-name-unknown"]
    assert found.hint == "did you mean caption?"


# -- shapes ---------------------------------------------------------------------------------------------------------------

DANGLING = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Lamp", "author": {"@id": "#ines"}}
INES = {"@context": "https://schema.org", "@type": "Person", "@id": "https://lantern.example/#ines", "name": "Ines Calloway"}


def test_a_reference_to_another_block_of_the_page_is_not_dangling() -> None:
    assert "jsonld-reference-dangling" in codes(linked.check(json.dumps(DANGLING)))
    assert "jsonld-reference-dangling" not in codes(linked.check_blocks([(json.dumps(each), (1, 1)) for each in (DANGLING, INES)]))


def test_an_author_described_in_another_block_is_looked_at_there() -> None:
    blocks = [{**DANGLING, "author": {"@id": INES["@id"]}}, {**INES, "name": "By Ines Calloway"}]
    (found,) = [
        each for each in linked.check_blocks([(json.dumps(each), (1, 1)) for each in blocks]) if each.code == "jsonld-author-name-with-by"
    ]
    assert found.location.pointer == "/author"


def test_terms_that_refer_to_each_other_in_circles_mean_nothing() -> None:
    context = {"a": "b:x", "b": "a:x", "a:b": "c:d", "c:d": "a:b"}
    assert linked.check(json.dumps({"@context": ["https://schema.org", context], "@type": "Place", "name": "Quay", "a": 1, "a:b": 2})) == []


@pytest.mark.parametrize(
    "name",
    [
        "Ines Calloway, Ph.D.",
        "Otto von Habsburg",
        "Ramón y Cajal",
        "Santiago Ramón y Cajal Junquera",
        "Ana Paula e Souza Lima",
        "J. R. R. Tolkien",
        "Staff and agencies",
        "AP",
    ],
)
def test_one_name_is_one_name(name: str) -> None:
    assert codes(check(author={"@type": "Person", "name": name, "url": "https://lantern.example/"})) == set()


@pytest.mark.parametrize(
    "name", ["Ines Calloway & Tobias Wren", "Ines Calloway, Tobias Wren and Judith Amory", "Ines Calloway et Luc du Pré"]
)
def test_several_names_are_several(name: str) -> None:
    assert "jsonld-author-several-in-one" in codes(check(author={"@type": "Person", "name": name}))


@pytest.mark.parametrize(
    "date",
    ["2026", "2026-11", "2026-11-20", "2026-11-20T08:00Z", "2026-11-20T08:00:00.123+05:30", "20261120T080000Z", "2026-W47-5", "2026-324"],
)
def test_a_date_in_iso_8601_is_one(date: str) -> None:
    assert codes(check(dateCreated=date)) == set()


@pytest.mark.parametrize(
    "date",
    ["20/11/2026", "Nov 20, 2026", "2026-11-20 08:00", "2026-13-01", "2026-1-5", "Fri, 20 Nov 2026 08:00:00 GMT", "1795158000", "now"],
)
def test_another_date_is_none(date: str) -> None:
    assert "jsonld-date-malformed" in codes(check(dateCreated=date))


@pytest.mark.parametrize(
    "context", ["http://schema.org", "https://schema.org/", "https://www.schema.org", "http://schema.org#", "//schema.org"]
)
def test_the_context_has_several_spellings(context: str) -> None:
    assert codes(check(**{"@context": context})) == set()


@pytest.mark.parametrize("context", ["schema.org", "https://schema.ogr", "http:/schemas.org", "https://schema.org/NewsArticle"])
def test_a_misspelt_context_is_told(context: str) -> None:
    assert "jsonld-context-misspelt" in codes(check(**{"@context": context}))


# -- the vocabulary -------------------------------------------------------------------------------------------------------


def test_the_vocabulary_knows_what_is_a_kind_of_what() -> None:
    assert vocabulary().above("ReportageNewsArticle") == {"ReportageNewsArticle", "NewsArticle", "Article", "CreativeWork", "Thing"}


def test_the_vocabulary_names_its_source_and_licence() -> None:
    head = (ROOT / "publisher/linked/schemaorg.txt").read_text("utf-8")[:600]
    assert "schema.org" in head
    assert "creativecommons.org/licenses/by-sa/3.0" in head


def test_every_name_in_the_table_is_anything_s() -> None:
    names = vocabulary()
    rows = [each.split("|") for each in (ROOT / "publisher/linked/schemaorg.txt").read_text("utf-8").splitlines() if each[0] not in "#r"]
    mentioned = {name for _, _, *rest in rows for each in rest for name in each.split()}
    assert {name for name in mentioned if not names.is_known(name)} == set()


@pytest.mark.parametrize(
    ("name", "meant"), [("headlne", "headline"), ("nmae", "name"), ("autor", "author"), ("datePublish", "datePublished")]
)
def test_a_misspelt_name_is_guessed(name: str, meant: str) -> None:
    assert vocabulary().closest_property(name, ["NewsArticle"]) == meant


def test_a_name_unlike_any_is_not_guessed() -> None:
    assert vocabulary().closest_property("zzyzx", ["NewsArticle"]) == ""


def test_the_table_is_read_only_when_somebody_asks() -> None:
    code = "import publisher.linked, publisher.linked.vocabulary as v; print(v.vocabulary.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip() == "0"


# -- whatever comes -------------------------------------------------------------------------------------------------------

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["https://schema.org", "NewsArticle"]),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "@context @type @id @graph @value @list @language @reverse @nest author headline image url datePublished x:y type".split()
            )
            | st.text(max_size=6),
            inside,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_checked(data: object) -> None:
    linked.check(json.dumps(data))


@given(JSON)
def test_what_json_can_read_has_no_fault_but_what_it_lets_pass(data: object) -> None:
    plain = json.dumps(data)
    faults = {each.kind for each in read(plain)[1]}
    assert faults <= {"not a number"}


@given(
    st.lists(
        st.sampled_from(['{"a":', "1", ",", "}", "[", "]", '"x"', "'", "//", "/*", "<!--", "]]>", "\\", "\n", "&quot;", "NaN", "a:"]),
        max_size=12,
    )
)
def test_any_text_is_read_as_far_as_it_goes(pieces: list[str]) -> None:
    joined = "".join(pieces)
    _, faults, complete = read(joined)
    assert complete or faults
    linked.check(joined)


@pytest.mark.parametrize("kind", ["Problem", "Thing"])
def test_a_document_of_nothing_but_mistakes_is_told_a_hundred_of_each_kind(kind: str) -> None:
    found = linked.check(json.dumps({"@context": "https://schema.org", "@type": kind, **{f"name{n}": "" for n in range(1000)}}))
    assert len([each for each in found if each.code == "jsonld-value-empty"]) == 100


def test_unknown_names_are_guessed_so_many_times_and_no_more() -> None:
    names = {f"zyx{n:x}": 1 for n in range(1000)}
    document = linked.Document(json.dumps({"@context": "https://schema.org", "@type": "Thing", **names}))
    assert "jsonld-name-unknown" in codes(linked.check_document(document))
    assert len(document.guesses) == 200


@pytest.mark.parametrize(("piece", "end"), [("a.", "!"), ("a/", " "), (".a,.a", "#"), ("A", " b"), ("By ", ""), ("&", ""), ("<a ", "")])
def test_a_long_value_is_looked_through_once(piece: str, end: str) -> None:
    def checked(value: bytes) -> object:
        found = value.decode()
        author = {"@type": "Person", "name": found, "url": found}
        part = {"@type": "WebPageElement", "cssSelector": found}
        return check(url=found, headline=found, author=author, isAccessibleForFree=False, hasPart=part)

    few, many = (growth.steps(checked, (piece * count + end).encode()) for count in (2500, 5000))
    assert many < growth.LINEAR * few


def blocks(page: str) -> Iterator[tuple[str, tuple[int, int]]]:
    for found in re.finditer(r"<script[^>]*ld\+json[^>]*>(.*?)</script>", page, re.DOTALL | re.IGNORECASE):
        yield found[1], (page.count("\n", 0, found.start(1)) + 1, 1)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name[:12])
def test_a_real_page_is_checked(path: Path) -> None:
    body = path.read_bytes()
    page = (gzip.decompress(body) if path.suffix == ".gz" else body).decode(errors="replace")
    assert all(each.location.line <= page.count("\n") + 1 for each in linked.check_blocks(blocks(page)))


# -- what the page shows --------------------------------------------------------------------------------------------------


def changed(code: str, old: str, new: str) -> set[str]:
    """Return what is found in the page of a rule's failing case, changed so that nothing is wrong with it."""
    page = text(CASES / f"{code}.fail.html")
    assert old in page
    return codes(webpage.check(page.replace(old, new).encode()))


@pytest.mark.parametrize("name", ["INES CALLOWAY", "Calloway, Ines", "Inés Calloway", "Dr Ines B. Calloway"])
def test_a_name_is_shown_in_any_spelling(name: str) -> None:
    assert "page-author-not-shown" not in changed("page-author-not-shown", "Tobias Wren", name)


def test_what_a_script_puts_into_the_page_is_not_missed() -> None:
    assert "page-author-not-shown" not in changed("page-author-not-shown", "<h1>The keeper’s last winter</h1>", "")


def test_text_behind_a_paywall_need_not_be_shown() -> None:
    assert "page-body-not-shown" not in changed("page-body-not-shown", '"articleBody"', '"isAccessibleForFree": false, "articleBody"')


def test_a_date_in_the_text_is_not_that_of_the_article() -> None:
    assert "page-date-not-shown" not in changed("page-date-not-shown", "By Ines Calloway, ", f"By Ines Calloway. {'So it was said. ' * 9}")


def test_articles_at_two_addresses_may_differ() -> None:
    assert "page-articles-contradict" not in changed(
        "page-articles-contradict", '"url": "https://lantern.example/2026/lamp", "image"', '"url": "https://lantern.example/a", "image"'
    )


# -- a page alone ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('lang="en"', 'lang="en_US"', "page-lang-invalid"),
        ('hreflang="de"', 'hreflang="de_AT"', "page-hreflang-invalid"),
        ("application/ld+json", "application/json", "page-json-ld-wrong-type"),
        ('"headline"', '"inLanguage": "en_US",\n "headline"', "jsonld-language-unknown"),
        ('"headline": "', '"headline": "%%title%% ', "jsonld-placeholder"),
    ],
)
def test_a_page_alone_has_a_defect(old: str, new: str, code: str) -> None:
    page = text(CASES / "page-dates-differ.pass.html")
    assert old in page
    assert code in codes(webpage.check(page.replace(old, new, 1).encode()))


def test_other_json_in_a_page_is_no_linked_data() -> None:
    page = text(CASES / "page-dates-differ.pass.html").replace(
        "</main>", '<script type="application/json">{"props": {"@context": "https://schema.org"}}</script></main>'
    )
    assert codes(webpage.check(page.encode())) == set()


TIMES = [
    "2026",
    "2026-11",
    "2026-11-20",
    "11-20",
    "08:00",
    "2026-11-20 08:00",
    "2026-11-20T08:00:00.123+0100",
    "2026-W47",
    "PT3M45S",
    "4h 18m",
]


@pytest.mark.parametrize("given_", TIMES)
def test_a_time_of_html_is_one(given_: str) -> None:
    assert "page-time-malformed" not in codes(in_page(f'{{}}</script><time datetime="{given_}">then</time><script>'))


@pytest.mark.parametrize(
    "given_", ["6/4/2024", "", "P", "PT", "2026-11-31", "2026-11-20T25:00", "20 November 2026", "2026-11-20 08:00:00 UTC"]
)
def test_another_time_is_none(given_: str) -> None:
    assert "page-time-malformed" in codes(in_page(f'{{}}</script><time datetime="{given_}">then</time><script>'))


@pytest.mark.parametrize(
    ("old", "new", "code", "lines"),
    [
        ("<h1>", "<h1>One</h1><h1>", "page-h1-not-one", "<h1>One"),
        ("<h1>", "<h1>Not ", "page-headline-differs", "<h1>Not"),
        ('charset="utf-8"', 'charset="latin1"', "page-encoding-wrong", "latin1"),
    ],
)
def test_a_problem_of_a_page_is_at_its_element(old: str, new: str, code: str, lines: str) -> None:
    page = text(CASES / "page-dates-differ.pass.html").replace(old, new, 1)
    (found,) = [each for each in webpage.check(page.encode()) if each.code == code]
    assert lines in page.splitlines()[found.location.line - 1]
    assert found.location.column > 0


# -- values that depend on each other ------------------------------------------------------------------------------------


def lone(**members: object) -> dict[str, object]:
    return {"@context": "https://schema.org", "@type": "NewsArticle", "headline": "Head", **members}


def sized(width: object, height: object) -> dict[str, object]:
    return lone(image=[{"@type": "ImageObject", "contentUrl": "https://a.example/a.jpg", "width": width, "height": height}])


def with_two(first: tuple[str, str], second: tuple[str, str], author: int) -> dict[str, object]:
    nodes = [
        {"@type": kind, "@id": f"https://a.example/#{number}", "name": name, "url": f"https://a.example/{number}"}
        for number, (kind, name) in enumerate((first, second))
    ]
    article = {"@type": "NewsArticle", "headline": "H", "author": {"@id": f"https://a.example/#{author}"}}
    return {"@context": "https://schema.org", "@graph": [article, *nodes]}


@pytest.mark.parametrize(
    "documents",
    [
        [sized(5000, 200), sized(240, 200)],
        [sized(5000, "200"), sized(240, "200")],
        [with_two(("WebSite", "Site"), ("Person", "Ada Ng"), 1), with_two(("Person", "By Ada Ng"), ("WebSite", "Site"), 0)],
        [lone(author={"@type": "Role", "author": {"@type": "WebSite", "name": name}}) for name in ("Ada Ng", "By Ada Ng")],
        [lone(datePublished=date, dateModified=" 2020-01-01 ") for date in ("2019-01-01", "2021-01-01")],
        [lone(dateModified=date, **{"schema:datePublished": "2021-01-01"}) for date in ("2022-01-01", "2020-01-01")],
        [lone(**{"schema:headline": "Head"}, headline=other) for other in ("Head", "Other")],
        [lone(**{"@nest": {"headline": other}}) for other in ("Head", "Other")],
        [
            {
                "@context": "https://schema.org",
                "@graph": [{"id": "https://a.example/1", "name": "x"}, {"@id": name, "@type": "Thing", "name": "y"}],
            }
            for name in ("https://a.example/1", "https://a.example/2")
        ],
    ],
)
def test_values_that_are_looked_at_together_are_judged_together(documents: list[dict[str, object]]) -> None:
    first, second = (codes(linked.check(json.dumps(each)), Severity.WARNING) for each in documents)
    assert first != second


def test_a_reference_is_looked_for_in_each_document() -> None:
    whole = [
        json.dumps({"@context": "https://schema.org", "@type": "Person", "@id": f"https://a.example/#{name}", "name": "A"}) for name in "ab"
    ]
    pages = [f'{each[:-1]}, "knows": {{"@id": "#a"}}}}' for each in whole]
    assert [codes(linked.check(each), Severity.WARNING) for each in (*pages, *pages)] == [set(), {"jsonld-reference-dangling"}] * 2


def test_names_of_strangers_are_not_kept() -> None:
    known = vocabulary()
    before = len(known._types) + len(known._properties) + len(known._above)
    for number in range(50):
        linked.check(json.dumps({"@context": "https://schema.org", "@type": f"Odd{number}", f"strange{number}": "x"}))
    assert len(known._types) + len(known._properties) + len(known._above) == before


def test_what_is_expected_does_not_depend_on_the_seed_of_hashes() -> None:
    program = """from publisher import linked\nprint(linked.check('{"@context":"https://schema.org","@type":"Person","duration":"P1D"}'))"""
    said = {
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, env={"PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
    assert b"jsonld-name-out-of-place" in said.pop()
