"""Redirects from the addresses that older pages and archives had."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urljoin

import pytest

from publisher.formats import webpage
from publisher.newsstand import redirects
from publisher.newsstand.options import SiteOptions
from publisher.newsstand.plan import Site
from publisher.problems import Unreadable
from tests.judges import nu
from tests.test_newsstand import KNOWN, SEARCHED, Files, article, built, find, page, publication, site

MANY = 60
"""Articles from 1 September to 30 October 2025, ten on a page."""


def led(files: Files) -> dict[str, str]:
    """Return where each page leads that leads elsewhere."""
    pages = [path for path, body in files.items() if b'http-equiv="refresh"' in body]
    found = {path: find(page(path, files), "//meta[@http-equiv='refresh']/@content")[0] for path in pages}
    return {path: urljoin(path, said.removeprefix("0; url=")) for path, said in found.items()}


def of(stem: str, files: Files) -> dict[str, str]:
    """Return the same of one list, without what is before and behind the names."""
    given = {path: to for path, to in led(files).items() if path.startswith(f"{stem}/")}
    return {
        path.removeprefix(f"{stem}/").removesuffix(".html"): to.removeprefix(f"{stem}/").removesuffix(".html") for path, to in given.items()
    }


def test_a_page_with_a_number_leads_to_where_its_newest_article_is() -> None:
    numbers = {number: to for number, to in of("sections/harbour", site(MANY)).items() if number.isdecimal() and len(number) == 1}
    assert numbers == {
        "1": "2025-09-01--10",
        "2": "2025-09-11--20",
        "3": "2025-09-21--30",
        "4": "2025-10-01--10",
        "5": "2025-10-11--20",
    }


def test_a_period_that_was_divided_leads_to_its_newest_page() -> None:
    found = of("sections/harbour", site(MANY))
    assert {name: to for name, to in found.items() if len(name) > 1} == {
        "2020s": "sections/harbour",
        "2025--2029": "sections/harbour",
        "2025": "sections/harbour",
        "2025-10--12": "sections/harbour",
        "2025-10": "sections/harbour",
        "2025-07--09": "2025-09-21--30",
        "2025-09": "2025-09-21--30",
    }


def test_the_numbers_of_a_year_lead_to_its_months() -> None:
    found = {path: to for path, to in led(site(MANY)).items() if path.startswith("archive/2025/")}
    assert found == {
        "archive/2025/1.html": "archive/2025-09/2025-09-01--10.html",
        "archive/2025/2.html": "archive/2025-09/2025-09-11--20.html",
        "archive/2025/3.html": "archive/2025-09.html",
        "archive/2025/4.html": "archive/2025-10/2025-10-01--10.html",
        "archive/2025/5.html": "archive/2025-10/2025-10-11--20.html",
    }


def test_every_redirect_leads_to_a_page_that_leads_nowhere_else() -> None:
    files, found = site(MANY), led(site(MANY))
    assert found
    assert {to for to in found.values() if to not in files or to in found} == set()


def test_articles_of_today_change_no_redirect_of_a_number() -> None:
    old = [article(each) for each in range(MANY)]
    new = [article(each, date_published=date(2026, 12, 7) + timedelta(each)) for each in range(100, 155)]
    before, after = (led(built(publication(*given_), only=("webpage",))) for given_ in (old, old + new))
    numbers = {path for path in before if re.search(r"/\d\.html", path)}
    assert {path for path in after if re.search(r"/\d\d?\.html", path)} == numbers
    assert all("/2025-" in after[path] for path in numbers)


def test_what_came_after_the_numbers_has_none() -> None:
    new = [article(each, date_published=date(2026, 12, 7) + timedelta(each)) for each in range(MANY)]
    assert [path for path in led(built(publication(*new), only=("webpage",))) if re.search(r"/\d\d?\.html", path)] == []


def test_a_number_gives_way_to_a_year() -> None:
    """A long list had a page with the number 2018; at that address are now the articles of 2018, or what leads to them."""
    many = [article(each, date_published=date(2019, 6, 30) - timedelta(each)) for each in range(2030)]
    numbers, divided = redirects.of_feed(many, 1)
    assert ("2018" in divided, "2018" in numbers, "2013" in numbers, "2012" in numbers) == (True, False, False, True)


def test_a_redirect_tells_people_and_search_engines_where_the_page_is() -> None:
    root = page("sections/harbour/3.html", site(MANY))
    assert find(root, "//link[@rel='canonical']/@href") == ["https://lantern.example/sections/harbour/2025-09-21--30.html"]
    assert find(root, "//meta[@name='robots']/@content") == ["noindex"]
    assert find(root, "//main//a") == ["Harbour"]
    assert find(root, "//main//a/@href") == ["2025-09-21--30.html"]
    assert find(root, "//title") == ["Harbour – The Lantern"]


def test_redirects_are_in_no_sitemap_and_no_search() -> None:
    files = built(publication(*map(article, range(MANY))), SEARCHED)
    listed = b"".join(body for path, body in files.items() if path.startswith(("sitemap", "search/")))
    assert b"sections/harbour/2025-09-21--30.html" in listed
    assert [path for path in led(files) if path.encode() in listed] == []


def test_the_checks_have_nothing_against_a_redirect() -> None:
    files = site(MANY)
    assert {path: [each.code for each in webpage.check(files[path])] for path in led(files) if webpage.check(files[path])} == {}


def test_a_redirect_is_no_article() -> None:
    files = site(MANY)
    with pytest.raises(Unreadable) as raised:
        webpage.read(files[next(iter(led(files)))])
    assert [each.code for each in raised.value.problems] == ["page-no-article"]


# -- the file for hosts ---------------------------------------------------------------------------------------------------


def lines(files: Files) -> list[tuple[str, str]]:
    found = [each.split(" ") for each in files["_redirects"].decode().splitlines()]
    assert {each[2] for each in found} == {"301"}
    return [(each[0], each[1]) for each in found]


def with_archives() -> Files:
    return built(publication(*map(article, range(MANY))), replace(KNOWN, site=replace(KNOWN.site, feed_size=10)))


def test_hosts_are_told_of_feeds_first_and_of_pages_too() -> None:
    files = with_archives()
    found = lines(files)
    assert found[0] == ("/feed/5.json", "/feed/2025-10-11--20.json")
    assert ("/feed/1.atom", "/feed/2025-09-01--10.atom") in found
    assert ("/feed/2025-09.rss", "/feed/2025-09-21--30.rss") in found
    assert ("/feed/2025.atom", "/feed.atom") in found
    assert ("/sections/harbour/1.html", "/sections/harbour/2025-09-01--10.html") in found
    kinds = ["period" if re.search(r"/\d{3}", former) else "number" for former, _ in found]
    assert kinds == sorted(kinds), "numbers first, which were there for certain"


def test_each_line_leads_to_a_file_and_begins_at_none_but_a_redirect() -> None:
    files = with_archives()
    found, pages = lines(files), led(files)
    assert {to for _, to in found if to[1:] not in files} == set()
    assert {former for former, _ in found if former[1:] in files and former[1:] not in pages} == set()
    assert {path for path in pages if f"/{path}" not in dict(found)} == set()
    assert len(dict(found)) == len(found)


def test_no_more_lines_than_cloudflare_takes() -> None:
    sections = [
        article(each, article_section=f"Part {each % 40}", url=None, date_published=date(2000, 1, 1) + timedelta(each))
        for each in range(900)
    ]
    given_ = Site(publication=publication(*sections), options=SiteOptions(size=1, feed_size=1), formats=frozenset(("atom", "webpage")))
    found = redirects.lines(given_)
    assert len(found) == 2000
    assert found[0].startswith("/feed/899.atom ")


def test_a_site_that_had_no_numbers_has_no_such_file() -> None:
    assert "_redirects" not in site(9)


@pytest.mark.judges
def test_the_nu_html_checker_has_nothing_against_a_redirect(tmp_path: Path) -> None:
    files = site(MANY)
    for number, path in enumerate([*led(files)][:3]):
        (tmp_path / f"{number}.html").write_bytes(files[path])
    assert [str(each) for each in nu.check(sorted(tmp_path.iterdir()))] == []
