"""The network: real answers of a real server on this machine, and none of what it must not be asked for."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from publisher import desk, fetch
from publisher.problems import PublisherError

EXPORTS = Path(__file__).parents[1] / "exports"


class Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        with suppress(ConnectionError):  # who asked has heard enough
            getattr(self, f"answer_{self.path.strip('/')}")()

    def send(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def answer_page(self) -> None:
        self.send(b"<p>caf\xe9</p>", Content_Type="text/html; charset=windows-1252")

    def answer_odd(self) -> None:
        self.send("<p>é</p>".encode(), Content_Type="text/html; charset=undefined")

    def answer_feed(self) -> None:
        self.send("<rss>é</rss>".encode(), Content_Type="application/rss+xml; charset=utf-8")

    def answer_lantern(self) -> None:
        self.send((EXPORTS / "feed.atom").read_bytes(), Content_Type="application/atom+xml")

    def answer_note(self) -> None:
        self.send(b"# A note\n\nBy Ines Calloway\n\nIt rained.", Content_Type="text/plain; charset=utf-8")

    def answer_moved(self) -> None:
        self.send(status=301, Location="/feed")

    def answer_round(self) -> None:
        self.send(status=302, Location="/round")

    def answer_inside(self) -> None:
        self.send(status=302, Location=f"http://127.0.0.2:{self.headers['Host'].rpartition(':')[2]}/feed")

    def answer_file(self) -> None:
        self.send(status=302, Location="file:///etc/passwd")

    def answer_bomb(self) -> None:
        self.send(gzip.compress(bytes(fetch.LARGEST + 1)), Content_Encoding="gzip")

    def answer_endless(self) -> None:
        self.send()
        while True:
            self.wfile.write(bytes(2**20))

    def answer_drip(self) -> None:
        self.send()
        while True:
            self.wfile.write(b"x")
            time.sleep(0.05)

    def answer_broken(self) -> None:
        self.send(b"short", Content_Length="500")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    running = ThreadingHTTPServer(("0.0.0.0", 0), Answers)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()


def code_of(url: str, *, private: bool = True) -> str:
    with pytest.raises(PublisherError) as error:
        fetch.get(url, private=private)
    (found,) = error.value.problems
    assert found.location.path == url
    assert found.hint
    return found.code


def test_an_answer_comes_with_its_type_and_address(server: str) -> None:
    found = fetch.get(f"{server}/feed", private=True)
    assert (found.url, found.media_type, found.body) == (f"{server}/feed", "application/rss+xml", "<rss>é</rss>".encode())


def test_a_redirect_is_followed_and_told(server: str) -> None:
    assert fetch.get(f"{server}/moved", private=True).url == f"{server}/feed"


def test_the_encoding_of_the_header_goes_before_what_the_document_says(server: str) -> None:
    assert fetch.get(f"{server}/page", private=True).body == "\ufeff<p>café</p>".encode()


def test_an_encoding_that_no_document_is_in_is_passed_over(server: str) -> None:
    assert fetch.get(f"{server}/odd", private=True).body == "<p>é</p>".encode()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("round", "fetch-failed"),
        ("file", "fetch-failed"),
        ("broken", "fetch-failed"),
        ("bomb", "fetch-too-large"),
        ("endless", "fetch-too-large"),
    ],
)
def test_what_cannot_be_taken_is_told(server: str, path: str, code: str) -> None:
    assert code_of(f"{server}/{path}") == code


def test_an_answer_that_never_ends_is_left(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_LONGEST", 0.3)
    assert code_of(f"{server}/drip") == "fetch-too-slow"


def test_a_server_that_has_nothing_there_is_told() -> None:
    class Nothing(Answers):
        def do_GET(self) -> None:
            self.send(status=404)

    with ThreadingHTTPServer(("127.0.0.1", 0), Nothing) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        assert code_of(f"http://127.0.0.1:{running.server_address[1]}/x") == "fetch-refused"
        running.shutdown()


def test_a_server_that_does_not_run_is_told() -> None:
    assert code_of("http://127.0.0.1:9/") == "fetch-failed"


def test_a_feed_is_read_from_its_address_as_from_its_file(server: str) -> None:
    assert desk.read(f"{server}/lantern", private=True).publication == desk.read(EXPORTS / "feed.atom").publication


def test_a_text_is_read_from_its_address(server: str) -> None:
    (article,) = desk.read(f"{server}/note", private=True).publication.articles
    assert (article.headline, article.body) == ("A note", "<p>It rained.</p>")


def test_problems_are_told_with_the_address(server: str) -> None:
    assert desk.check(f"{server}/lantern", private=True) == []
    assert {each.location.path for each in desk.check(f"{server}/feed", private=True)} == {f"{server}/feed"}


def test_an_address_that_is_not_public_is_a_problem(server: str) -> None:
    assert [(each.code, each.location.path) for each in desk.check(f"{server}/feed")] == [("fetch-private", f"{server}/feed")]


@pytest.mark.parametrize("url", ["http://", "http://[", "https://exa mple/", "http://a:b:c/", "http://\x00/"])
def test_what_is_no_address_is_told(url: str) -> None:
    assert code_of(url, private=False) == "fetch-failed"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0.0.0.0", "127.0.0.2"])
def test_the_own_machine_is_not_asked_however_it_is_written(server: str, host: str) -> None:
    port = server.rpartition(":")[2]
    assert code_of(f"http://{host}:{port}/feed", private=False) == "fetch-private"


def test_a_redirect_into_the_own_network_is_not_followed(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "_is_public", lambda address: address == "127.0.0.1")
    assert fetch.get(f"{server}/feed").body
    assert code_of(f"{server}/inside", private=False) == "fetch-private"


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e", "2002:5db8:d70e::1"])
def test_public_addresses_are_public(address: str) -> None:
    assert fetch._is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "0.0.0.0"),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1"),
        *("64:ff9b:1::a00:1", "fec0::1", "192.0.0.8"),
    ],
)
def test_private_addresses_are_private(address: str) -> None:
    assert not fetch._is_public(address)
