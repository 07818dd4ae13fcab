"""How servers are asked: as their robots.txt wants (RFC 9309), few questions at once, and again when they say when."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from publisher import fetch
from publisher.fetch import Bounds
from publisher.problems import PublisherError
from tests.servers import Answer, Asked, Server, answer, serving

QUICK = Bounds(pause=0, retry_after=0.2)
PAGE = answer(b"page")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving({"/page": PAGE, "/private/page": PAGE, "/other": PAGE}) as running:
        yield running


def got(url: str, bounds: Bounds = QUICK, *, robots: bool = True) -> str:
    """Return the body at an address, or the code of what is wrong."""
    ((_, found),) = fetch.get_each([url], private=True, robots=robots, cache=False, bounds=bounds)
    if isinstance(found, fetch.Fetched):
        return found.body.decode()
    assert found.problems[0].location.path == url
    return found.problems[0].code


def moved(location: str) -> Answer:
    return answer(b"", 301, Location=location)


def in_turn(*answers: Answer) -> Answer:
    """Return what answers each time as the next of these does, then as the last."""
    left = list(answers)

    def write(asked: Asked) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(asked)

    return write


# -- robots.txt -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow:\n", True),
        ("User-agent: *\nDisallow: /\n", False),
        ("User-agent: *\nDisallow: /private/\n", False),
        ("User-agent: *\nDisallow: /private/\nAllow: /private/page$\n", True),
        ("User-agent: *\nDisallow: /*page\n", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: publisher\nAllow: /\n", True),
        ("User-agent: Publisher\nDisallow: /\n\nUser-agent: *\nAllow: /\n", False),
        ("User-agent: publish\nUser-agent: otherbot\nDisallow: /\n", False),
        ("User-agent: otherbot\nDisallow: /\n", True),
        ("Disallow: /\n", True),
        ("\ufeffUser-agent: *\r\nDisallow: /private/%70age\r\n", False),
        ("<!DOCTYPE html><p>Not found</p>", True),
        ("# " + "x" * 600 * 1024 + "\nUser-agent: *\nDisallow: /\n", True),
        ("\x00\xff" * 500, True),
    ],
)
def test_what_a_robots_txt_says_holds(server: Server, rules: str, *, allowed: bool) -> None:
    server.answers["/robots.txt"] = answer(rules.encode())
    assert got(server("/private/page")) == ("page" if allowed else "fetch-robots")
    assert server.paths == (["/private/page"] if allowed else [])


def test_a_robots_txt_is_not_read_when_nobody_wants_to_know(server: Server) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /\n")
    assert got(server("/page"), robots=False) == "page"
    assert [path for path, _, _ in server.asked] == ["/page"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 204])
def test_without_a_robots_txt_all_is_allowed(server: Server, status: int) -> None:
    server.answers["/robots.txt"] = answer(b"" if status == 204 else b"User-agent: *\nDisallow: /\n", status)
    assert got(server("/page")) == "page"


@pytest.mark.parametrize("status", [500, 503])
def test_when_a_server_cannot_say_what_it_allows_nothing_is(server: Server, status: int) -> None:
    server.answers["/robots.txt"] = answer(b"", status)
    assert got(server("/page")) == "fetch-robots"


def test_a_server_that_gives_no_answer_is_told_as_such() -> None:
    assert got("http://127.0.0.1:9/page") == "fetch-failed"


def test_a_robots_txt_too_large_is_one_that_nobody_can_read(server: Server) -> None:
    server.answers["/robots.txt"] = answer(bytes(10_000))
    assert got(server("/page"), Bounds(size=9_000, pause=0)) == "fetch-too-large"


def test_a_robots_txt_may_be_elsewhere(server: Server) -> None:
    server.answers |= {"/robots.txt": moved("/a"), "/a": moved("/b"), "/b": moved("/c"), "/c": moved("/d"), "/d": moved("/e")}
    server.answers["/e"] = answer(b"User-agent: *\nDisallow: /page\n")
    assert got(server("/page")) == "fetch-robots"


def test_a_robots_txt_that_is_nowhere_forbids_nothing(server: Server) -> None:
    server.answers["/robots.txt"] = moved("/robots.txt")
    assert got(server("/page")) == "page"


def test_a_robots_txt_itself_may_always_be_asked_for(server: Server) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /\n")
    assert got(server("/robots.txt")) == "User-agent: *\nDisallow: /\n"


def test_what_is_redirected_to_must_be_allowed_too(server: Server) -> None:
    server.answers |= {"/robots.txt": answer(b"User-agent: *\nDisallow: /private\n"), "/moved": moved("/private/page")}
    assert got(server("/moved")) == "fetch-robots"
    assert server.paths == ["/moved"]


def test_each_server_is_asked_once_for_its_robots_txt(server: Server) -> None:
    urls = [server(f"/page?{number}", host) for number in range(6) for host in ("127.0.0.1", "localhost")]
    assert all(isinstance(each, fetch.Fetched) for _, each in fetch.get_each(urls, private=True, cache=False, bounds=QUICK))
    assert sorted(headers["Host"] for path, headers, _ in server.asked if path == "/robots.txt") == [
        f"127.0.0.1:{server.port}",
        f"localhost:{server.port}",
    ]


def test_what_may_not_be_fetched_stops_nothing_else(server: Server) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /private\n")
    urls = [server("/page"), server("/private/page"), server("/other")]
    found = [isinstance(each, fetch.Fetched) for _, each in fetch.get_each(urls, private=True, cache=False, bounds=QUICK)]
    assert found == [True, False, True]


# -- few at once ----------------------------------------------------------------------------------------------------------


def slowly(asked: Asked) -> None:
    time.sleep(0.1)
    PAGE(asked)


def ask_all(server: Server, bounds: Bounds, number: int = 5, hosts: tuple[str, ...] = ("127.0.0.1",)) -> None:
    urls = [server(f"/page?{each}", host) for each in range(number) for host in hosts]
    assert all(isinstance(each, fetch.Fetched) for _, each in fetch.get_each(urls, private=True, cache=False, bounds=bounds))


@pytest.mark.parametrize("at_once", [1, 3])
def test_one_host_is_asked_few_questions_at_once(server: Server, at_once: int) -> None:
    server.answers["/page"] = slowly
    ask_all(server, Bounds(at_once=at_once, pause=0))
    assert server.most == at_once


def test_several_hosts_are_asked_at_once(server: Server) -> None:
    server.answers["/page"] = slowly
    ask_all(server, Bounds(at_once=1, pause=0), hosts=("127.0.0.1", "127.0.0.2", "127.0.0.3"))
    assert server.most > 1


def gaps(server: Server) -> list[float]:
    return [later - earlier for earlier, later in pairwise(moment for path, _, moment in server.asked if path != "/robots.txt")]


def test_there_is_a_pause_between_two_questions(server: Server) -> None:
    ask_all(server, Bounds(pause=0.2), 3)
    assert sum(gaps(server)) > 0.3  # 0.4, and what the server was late with the first


@pytest.mark.parametrize(("wanted", "bound"), [("0.2", 10), ("3600", 0.2)])
def test_a_crawl_delay_is_kept_within_bounds(server: Server, wanted: str, bound: float) -> None:
    server.answers["/robots.txt"] = answer(f"User-agent: *\nCrawl-delay: {wanted}\n".encode())
    ask_all(server, Bounds(pause=0, crawl_delay=bound), 3)
    assert 0.3 < sum(gaps(server)) < 60


# -- later ----------------------------------------------------------------------------------------------------------------


def busy(status: int, **headers: str) -> Answer:
    return answer(b"busy", status, **headers)


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_when_it_says_when(server: Server, status: int) -> None:
    server.answers["/page"] = in_turn(busy(status, Retry_After="0"), PAGE)
    assert got(server("/page")) == "page"


def test_the_time_to_ask_again_can_be_a_date_by_the_clock_of_the_server(server: Server) -> None:
    def at(moment: datetime) -> str:
        return format_datetime(moment, usegmt=True)

    def write(asked: Asked) -> None:
        asked.send_response_only(503)
        there = datetime(2001, 2, 3, tzinfo=UTC)
        for name, value in (("Date", at(there)), ("Retry-After", at(there + timedelta(seconds=1))), ("Content-Length", "0")):
            asked.send_header(name, value)
        asked.end_headers()

    server.answers["/page"] = in_turn(write, PAGE)
    assert got(server("/page"), Bounds(pause=0, retry_after=1)) == "page"
    assert server.moments("/page")[1] - server.moments("/page")[0] > 0.8


def test_a_busy_server_is_asked_again_once(server: Server) -> None:
    server.answers["/page"] = busy(429, Retry_After="0")
    assert got(server("/page")) == "fetch-refused"
    assert server.paths == ["/page"] * 2


@pytest.mark.parametrize("said", ["3600", "", "soon", "-1", "1e9", "9" * 400, "Thu, 01 Jan 9999 00:00:00 GMT"])
def test_a_server_that_wants_to_be_left_alone_is(server: Server, said: str) -> None:
    server.answers["/page"] = busy(429, Retry_After=said)
    with pytest.raises(PublisherError) as error:
        fetch.get(server("/page"), private=True, cache=False, bounds=QUICK)
    (found,) = error.value.problems
    assert (found.code, found.message, found.hint) == (
        "fetch-refused",
        "the server answers 429 Too Many Requests",
        "try again later",
    )
    assert server.paths == ["/page"]


def test_while_one_waits_nobody_else_asks(server: Server) -> None:
    server.answers["/page"] = in_turn(busy(503, Retry_After="1"), PAGE)
    ask_all(server, Bounds(pause=0, at_once=1), 3)
    assert gaps(server)[0] > 0.8


def test_a_robots_txt_is_asked_for_again_too(server: Server) -> None:
    server.answers["/robots.txt"] = in_turn(busy(503, Retry_After="0"), answer(b"User-agent: *\nDisallow: /\n"))
    assert got(server("/page")) == "fetch-robots"


def test_a_wait_ends_when_nobody_takes_the_answer(server: Server) -> None:
    server.answers["/other"] = busy(503, Retry_After="20")
    answers = fetch.get_each([server("/page"), server("/other")], private=True, cache=False, bounds=Bounds(pause=0))
    next(answers)
    wait_for(lambda: "/other" in server.paths)
    started = time.monotonic()
    answers.close()  # type: ignore[attr-defined] # a generator
    assert time.monotonic() - started < 5
    assert threading.active_count() < 50


def wait_for(fact: Callable[[], bool]) -> None:
    end = time.monotonic() + 5
    while not fact() and time.monotonic() < end:
        time.sleep(0.01)
