"""Chromium loads what was made of all vectors, touches every element, and nothing runs and nothing is asked for.

With the pages' policies, where a breach would be told, and without any, so that it is not they that hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from publisher.article import Article
from tests import hostile
from tests.judges import chromium, searching

pytestmark = pytest.mark.judges
LIVE = "<script>__ran()</script><img src=x onerror=__ran()><svg onload=__ran()></svg><iframe srcdoc='<script>parent.__ran()</script>'></iframe>"


@pytest.fixture(scope="module")
def articles() -> tuple[Article, ...]:
    return hostile.crowded([article for _, _, article in hostile.mixed(hostile.vectors(), shift=5)], 20)


@pytest.fixture(scope="module")
def site(articles: tuple[Article, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile.laid(tmp_path_factory.mktemp("newspaper"), hostile.site(articles))


def attacks(folder: Path, pages: Iterable[Path], *, policy: bool) -> dict[str, list[str]]:
    """Return what happened; pictures of articles may be asked for, from their own site or what they name."""
    return chromium.attacks(pages, allowed=[folder.as_uri(), hostile.SITE, "https://example.org/"], policy=policy)


def pages(folder: Path, *patterns: str) -> list[Path]:
    found = [each for pattern in patterns for each in sorted(folder.glob(pattern))]
    assert found
    return found


def test_vectors_as_they_are_run_in_chromium(tmp_path: Path) -> None:
    """Half of them: others need old browsers, another place, or a second parser."""
    live = [each for each in hostile.vectors() if each.family in ("handlers", "scripts")][::4]
    for number, each in enumerate(live):
        (tmp_path / f"{number:03}.html").write_bytes(b"<!DOCTYPE html><title>x</title><p>" + each.bytes)
    assert len(attacks(tmp_path, pages(tmp_path, "*.html"), policy=False)) > 0.7 * len(live)


@pytest.mark.parametrize("policy", [True, False], ids=["with policy", "without"])
def test_nothing_runs_in_articles_and_lists(site: Path, policy: bool) -> None:
    lists = pages(site, "sections/*.html", "authors/*.html", "keywords/*.html", "archive/*.html")
    some = lists[0 if policy else 2 :: 4]  # `make hostile` takes them all
    assert attacks(site, [*pages(site, "articles/*.html", "*.html"), *some], policy=policy) == {}


def test_nothing_runs_in_the_chapters_of_a_book(site: Path) -> None:
    assert attacks(site, pages(site, "*-epub/**/*.xhtml", "*-epub/**/*.svg"), policy=False) == {}


def test_nothing_runs_in_feeds_and_catalogues_opened_as_xml(site: Path) -> None:
    assert attacks(site, pages(site, "*.xml", "sections/*.xml", "**/*.svg")[::5], policy=False) == {}


def test_nothing_runs_in_what_a_feed_reader_shows(site: Path, tmp_path: Path) -> None:
    """A reader that trusts the HTML of feeds, and has no policy."""
    items = json.loads((site / "feed.json").read_bytes())["items"]
    for number, item in enumerate(items):
        title, summary = escape(item["title"]), escape(item.get("summary", ""))
        page = f"<!DOCTYPE html><title>{title}</title><h1>{title}</h1><p>{summary}</p><div>{item['content_html']}</div>"
        (tmp_path / f"{number}.html").write_text(page, "utf-8")
    assert attacks(tmp_path, pages(tmp_path, "*.html"), policy=False) == {}


def test_nothing_runs_in_the_other_theme(articles: tuple[Article, ...], tmp_path: Path) -> None:
    files = hostile.site(articles, hostile.settings(theme="blog"))
    folder = hostile.laid(tmp_path, {path: body for path, body in files.items() if path.endswith((".html", ".css", ".js"))})
    assert attacks(folder, pages(folder, "articles/*.html", "*.html"), policy=False) == {}


@pytest.fixture(scope="module")
def address(site: Path) -> Iterable[str]:
    """The site as a host serves it that reads `_headers`."""
    policy = re.findall(r"/\*\n(?:  .*\n)*?  Content-Security-Policy: (.*)\n", (site / "_headers").read_text())[0]

    class Host(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", policy)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Host, directory=str(site))) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_search_for_vectors_shows_them_as_text(address: str, site: Path) -> None:
    for each in [each for each in hostile.vectors() if "__ran" in each.text and each.text.isprintable()][::29]:
        found = searching.search(f"{address}search.html", each.text[:150], patience=1500)
        assert not [error for error in found["errors"] if "404" not in error], found["errors"]
        assert [asked for asked in found["asked"] if not asked.startswith(address)] == []
        assert [fault for fault in hostile.faults_in("search.html", found["html"].encode()) if "{'src': 'search/" not in fault] == []


def test_a_search_finds_what_vectors_are_called_and_runs_nothing(address: str) -> None:
    found = searching.search(f"{address}search.html?q=ran%20%3Cimg%20src=x%20onerror=__ran()%3E", "script")
    assert found["results"]
    assert not [error for error in found["errors"] if "404" not in error]


def test_the_page_to_subscribe_and_its_script_run_under_the_policies(address: str) -> None:
    assert (
        chromium.attacks([f"{address}subscribe.html", f"{address}search.html", f"{address}index.html"], allowed=[address, hostile.SITE])
        == {}
    )


# -- the policies alone -----------------------------------------------------------------------------------------------------


def injected(folder: Path, name: str, *, meta: bool) -> None:
    """Put live markup into a page, as if all else had failed; without `meta`, the page says no policy itself."""
    page = (folder / "index.html").read_text("utf-8")
    page = page if meta else re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)
    (folder / name).write_text(page.replace("</main>", f"{LIVE}</main>"), "utf-8")


def ran(found: dict[str, list[str]]) -> list[str]:
    return [each for several in found.values() for each in several if each.startswith("ran")]


def test_a_page_s_own_policy_stops_what_is_put_into_it(site: Path) -> None:
    injected(site, "injected.html", meta=True)
    found = attacks(site, [site / "injected.html"], policy=True)
    assert ran(found) == []
    assert {each.split()[1] for several in found.values() for each in several if each.startswith("refused")} == {
        "script-src-elem",
        "script-src-attr",
    }
    assert len(ran(attacks(site, [site / "injected.html"], policy=False))) >= 3, "it is live"


def test_the_policy_of_headers_stops_it_alone(site: Path, address: str) -> None:
    injected(site, "bare.html", meta=False)
    assert len(ran(attacks(site, [site / "bare.html"], policy=True))) >= 3, "nothing else stops it"
    found = chromium.attacks([f"{address}bare.html"], allowed=[address, hostile.SITE])
    assert ran(found) == []
    assert any(each.startswith("refused script-src") for several in found.values() for each in several)
