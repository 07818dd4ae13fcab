"""The network: real answers of a real server on this machine, and none of what it must not be asked for."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
import trustme

import publisher
from publisher import cli, desk, fetch
from publisher.fetch import Bounds, Fetched, guard
from publisher.problems import PublisherError
from tests.servers import Answer, Asked, Server, answer, serving

EXPORTS = Path(__file__).parents[1] / "exports"
PAGE = "<!DOCTYPE html><html lang=de><title>Fähre</title><p>Die Fähre – “groß” – fährt.</p>".encode()
FEED = "<rss>é</rss>".encode()
NOTE = b"# A note\n\nBy Ines Calloway\n\nIt rained."
SMALL = Bounds(size=2_000_000, pause=0, redirects=3)
IMPATIENT = replace(SMALL, longest=0.5, patience=0.3)
BOMB = brotli.compress(bytes(2**26), quality=5)


def to(location: str, status: int = 302) -> Answer:
    return answer(b"moved", status, Location=location)


def dribbling(asked: Asked) -> None:
    asked.head()
    while True:
        asked.write(b"x")
        time.sleep(0.02)


def dribbling_headers(asked: Asked) -> None:
    asked.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        asked.write(b"x")
        time.sleep(0.02)


def endless(asked: Asked) -> None:
    asked.head()
    while True:
        asked.write(bytes(2**18))


def endless_redirect(asked: Asked) -> None:
    asked.head(302, Location="/feed")
    while True:
        asked.write(bytes(2**18))


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def forever(asked: Asked, *parts: bytes) -> None:
    """Write all parts, and the last one again and again."""
    for each in parts:
        asked.write(each)
    while True:
        asked.write(parts[-1])


def silent(asked: Asked) -> None:
    time.sleep(3)


def halved(asked: Asked) -> None:
    asked.head(Transfer_Encoding="chunked")
    asked.write(b"5\r\nshort\r\n")
    asked.close_connection = True


def no_http(asked: Asked) -> None:
    asked.write(b"220 lantern.example ESMTP\r\n")
    asked.close_connection = True


def packed(how: Callable[[bytes], bytes], name: str, body: bytes = PAGE) -> Answer:
    return answer(how(body), Content_Encoding=name, Content_Type="text/html; charset=utf-8")


ANSWERS: dict[str, Answer] = {
    "/feed": answer(FEED, Content_Type="application/RSS+xml ; charset=utf-8"),
    "/lantern": answer((EXPORTS / "feed.atom").read_bytes(), Content_Type="application/atom+xml"),
    "/note": answer(NOTE, Content_Type="text/plain; charset=utf-8"),
    "/empty": answer(),
    "/kinds": answer(b"x"),
    # redirects
    "/moved": to("/feed", 301),
    "/chain": to("/chain2", 303),
    "/chain2": to("chain3?a=b c", 307),
    "/chain3": to("//127.0.0.1:{port}/feed", 308),
    "/long": to("/long1"),
    **{f"/long{number}": to(f"/long{number + 1}") for number in range(1, 6)},
    "/round": to("/round2"),
    "/round2": to("/round#again"),
    "/file": to("file:///etc/passwd"),
    "/script": to("javascript:alert(1)"),
    "/nowhere": to("http://"),
    "/inside": to("http://127.0.0.2:{port}/feed"),
    "/nothing-said": answer(b"moved", 302),
    "/endless-redirect": endless_redirect,
    # bodies that do not end, or end too soon
    "/endless": endless,
    "/dribbling": dribbling,
    "/dribbling-headers": dribbling_headers,
    "/silent": silent,
    "/large": answer(bytes(2_000_001)),
    "/huge": lambda asked: asked.head(Content_Length="10000000000"),
    "/just-so": answer(bytes(2_000_000)),
    "/short": answer(b"short", Content_Length="500", Connection="close"),
    "/halved": halved,
    "/no-http": no_http,
    "/many-headers": answer(b"", **{f"X-{number}": "x" * 1000 for number in range(200)}),
    "/again-and-again": lambda asked: forever(asked, b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "/lines": lambda asked: forever(asked, b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 1000),
    "/status": lambda asked: forever(asked, b"HTTP/1.1 200 ", b"O" * 10_000),
    "/chunk-notes": lambda asked: forever(asked, CHUNKED, b"1;" + b"a" * 10_000),
    "/chunk-size": lambda asked: forever(asked, CHUNKED, b"f" * 10_000),
    "/chunk-lines": lambda asked: forever(asked, CHUNKED, b"1\r\na\r\n" * 1000),
    "/chunk-of-exabytes": lambda asked: forever(asked, CHUNKED + b"7fffffffffffffff\r\n", bytes(2**18)),
    "/trailers": lambda asked: forever(asked, CHUNKED + b"0\r\n", b"X: y\r\n" * 1000),
    "/two-lengths": lambda asked: forever(asked, b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 5\r\n\r\n", b"x" * 1000),
    "/length-below-nothing": lambda asked: forever(asked, b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", b"x" * 1000),
    "/length-of-digits": lambda asked: forever(asked, b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n", b"x"),
    "/length-and-chunks": lambda asked: forever(
        asked, CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n"), b"1\r\na\r\n" * 1000
    ),
    "/more-than-it-says": lambda asked: forever(asked, b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", b"more" * 1000),
    "/gzip-with-more": packed(lambda body: gzip.compress(body) * 200_000, "gzip", b""),
    "/named": to("http://user:password@127.0.0.1:1/"),
    "/split": to("/feed\tX: y"),
    "/far": to("/" + "a" * 50_000),
    # packed
    "/gzip": packed(gzip.compress, "gzip"),
    "/deflate": packed(zlib.compress, "Deflate"),
    "/raw-deflate": packed(lambda body: zlib.compress(body, wbits=-15), "deflate"),
    "/brotli": packed(brotli.compress, "br"),
    "/twice": packed(lambda body: gzip.compress(brotli.compress(body)), "br, gzip"),
    "/gzip-bomb": packed(gzip.compress, "gzip", bytes(100 * 2**20)),
    "/gzip-bomb-twice": packed(lambda body: gzip.compress(gzip.compress(body)), "gzip, gzip", bytes(100 * 2**20)),
    "/brotli-bomb": answer(BOMB, Content_Encoding="br"),
    "/ratio": packed(gzip.compress, "gzip", bytes(1_500_000)),
    "/onion": answer(b"x", Content_Encoding=", ".join(["gzip"] * 50)),
    "/zstd": answer(b"x", Content_Encoding="zstd"),
    "/not-packed": answer(PAGE, Content_Encoding="gzip"),
    # encodings
    "/latin": answer(PAGE.decode().encode("cp1252"), Content_Type="text/html; charset=ISO-8859-1"),
    "/chinese": answer("<p>渡轮朱镕基</p>".encode("gbk"), Content_Type='text/html; charset="gb2312"'),
    "/japanese": answer("<p>フェリー①</p>".encode("cp932"), Content_Type="text/html;charset='shift_jis'"),
    "/utf-16": answer("<p>é</p>".encode("utf-16-le"), Content_Type="text/html; charset=utf-16"),
    "/marked": answer("\ufeff<p>é</p>".encode("utf-16-be"), Content_Type="text/html; charset=windows-1251"),
    "/odd": answer("<p>é</p>".encode(), Content_Type="text/html; charset=undefined"),
    "/utf-7": answer("<p>é</p>".encode(), Content_Type="text/html; charset=utf-7"),
    "/korean": answer("<p>é</p>".encode(), Content_Type="text/html; charset=iso-2022-kr"),
    # what is not there
    "/gone": answer(b"gone", 410),
    "/broken": answer(b"", 500),
    "/partial": answer(b"x", 206),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving({}) as running:
        for path, each in ANSWERS.items():
            running.answers[path] = each
        running.answers["/chain3"] = to(f"//127.0.0.1:{running.port}/feed", 308)
        running.answers["/inside"] = to(f"http://127.0.0.2:{running.port}/feed")
        yield running


def get(url: str, bounds: Bounds = SMALL) -> Fetched:
    return fetch.get(url, private=True, cache=False, bounds=bounds)


def problem_of(url: str, *, private: bool = True, bounds: Bounds = SMALL) -> tuple[str, str]:
    with pytest.raises(PublisherError) as error:
        fetch.get(url, private=private, cache=False, bounds=bounds)
    (found,) = error.value.problems
    assert found.location.path == url
    assert found.hint
    return found.code, found.message


def code_of(url: str, *, private: bool = True) -> str:
    return problem_of(url, private=private)[0]


# -- answers --------------------------------------------------------------------------------------------------------------


def test_an_answer_comes_with_its_type_and_address(server: Server) -> None:
    found = get(server("/feed"))
    assert (found.url, found.media_type, found.body) == (server("/feed"), "application/rss+xml", FEED)


def test_an_answer_may_be_empty_and_of_no_type(server: Server) -> None:
    assert get(server("/empty")) == Fetched(url=server("/empty"), media_type="", body=b"")


def test_we_say_who_we_are_and_what_we_take(server: Server) -> None:
    get(server("/kinds"))
    headers = server.headers("/kinds")
    assert headers["User-Agent"].startswith(f"Publisher/{publisher.__version__}")
    assert headers["Accept-Encoding"] == "gzip, deflate, br"
    assert headers["Accept"].startswith("text/html")
    assert not {"Cookie", "Authorization"} & set(headers)


def test_name_and_password_are_left_out(server: Server) -> None:
    assert get(f"http://ada:secret@127.0.0.1:{server.port}/kinds#part").url == server("/kinds")
    assert "Authorization" not in server.headers("/kinds")


def test_proxies_are_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert get(server("/feed")).body == FEED


@pytest.mark.parametrize("path", ["/moved", "/chain"])
def test_redirects_are_followed_and_told(server: Server, path: str) -> None:
    assert get(server(path)).url == server("/feed")


def test_addresses_are_read_as_browsers_do(server: Server) -> None:
    assert get(f"  HTTP:\\\\127.0.0.1:{server.port}/./a/../feed\n").url == server("/feed")


@pytest.mark.parametrize("path", ["/gzip", "/deflate", "/raw-deflate", "/brotli", "/twice"])
def test_what_is_packed_is_unpacked(server: Server, path: str) -> None:
    assert get(server(path)).body == PAGE


def test_an_answer_may_be_as_large_as_it_may_be(server: Server) -> None:
    assert len(get(server("/just-so")).body) == SMALL.size


# -- encodings ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [("/latin", PAGE.decode()), ("/chinese", "<p>渡轮朱镕基</p>"), ("/japanese", "<p>フェリー①</p>"), ("/utf-16", "<p>é</p>")],
)
def test_the_encoding_of_the_header_goes_before_what_the_document_says(server: Server, path: str, text: str) -> None:
    assert get(server(path)).body.decode() == f"\ufeff{text}"


def test_a_byte_order_mark_goes_before_the_header(server: Server) -> None:
    assert get(server("/marked")).body.decode("utf-16") == "<p>é</p>"


@pytest.mark.parametrize("path", ["/odd", "/utf-7", "/korean"])
def test_an_encoding_that_no_document_is_in_is_passed_over(server: Server, path: str) -> None:
    assert get(server(path)).body == "<p>é</p>".encode()


# -- what cannot be taken -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "code", "message"),
    [
        ("/round", "fetch-redirects", "the redirects go round in a circle"),
        ("/long", "fetch-redirects", "there are more than 3 redirects"),
        ("/file", "fetch-failed", "the server leads to an address of file: that is not on the web"),
        ("/script", "fetch-failed", "the server leads to an address of javascript: that is not on the web"),
        ("/nowhere", "fetch-failed", "this is no address that can be asked"),
        ("/nothing-said", "fetch-refused", "the server answers 302 Found"),
        ("/endless", "fetch-too-large", "the answer is larger than 2 MB"),
        ("/large", "fetch-too-large", "the answer is larger than 2 MB"),
        ("/huge", "fetch-too-large", "the answer is larger than 2 MB"),
        ("/gzip-bomb", "fetch-too-large", "the answer is larger than 2 MB"),
        ("/gzip-bomb-twice", "fetch-too-large", "the answer unpacks to more than 100 times its size"),
        ("/brotli-bomb", "fetch-too-large", "the answer unpacks to more than 100 times its size"),
        ("/ratio", "fetch-too-large", "the answer unpacks to more than 100 times its size"),
        ("/onion", "fetch-failed", "the address cannot be read: Cannot apply more than 5 content encodings"),
        ("/zstd", "fetch-failed", "the answer is packed as 'zstd', which nobody asked for"),
        ("/not-packed", "fetch-failed", "the address cannot be read: Error -3 while decompressing data: incorrect header check"),
        ("/short", "fetch-failed", None),
        ("/halved", "fetch-failed", None),
        ("/no-http", "fetch-failed", None),
        ("/many-headers", "fetch-failed", None),
        ("/gone", "fetch-refused", "the server answers 410 Gone"),
        ("/broken", "fetch-refused", "the server answers 500 Internal Server Error"),
        ("/partial", "fetch-refused", "the server answers 206 Partial Content"),
        ("/not-there", "fetch-refused", "the server answers 404 Not Found"),
    ],
)
def test_what_cannot_be_taken_is_told(server: Server, path: str, code: str, message: str | None) -> None:
    found = problem_of(server(path))
    assert found[0] == code
    assert message in (None, found[1])


@pytest.mark.parametrize("path", ["/dribbling", "/dribbling-headers", "/silent"])
def test_an_answer_that_takes_too_long_is_left(server: Server, path: str) -> None:
    started = time.monotonic()
    assert problem_of(server(path), bounds=IMPATIENT) == ("fetch-too-slow", "the answer does not come, or takes too long")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "path",
    "/again-and-again /lines /status /chunk-notes /chunk-size /chunk-lines /chunk-of-exabytes /trailers /two-lengths "
    "/length-below-nothing /length-of-digits /length-and-chunks /gzip-with-more /far".split(),
)
def test_what_never_ends_or_lies_is_left(server: Server, path: str) -> None:
    tracemalloc.start()
    code = problem_of(server(path), bounds=replace(SMALL, longest=3, patience=1))[0]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert code in ("fetch-failed", "fetch-too-slow", "fetch-too-large", "fetch-refused")
    assert peak < 30_000_000


def test_what_comes_after_the_end_is_not_read(server: Server) -> None:
    assert get(server("/more-than-it-says")).body == b"abc"


@pytest.mark.parametrize(
    "host",
    "2130706434 0x7f000002 0177.0.0.2 127.2 [::ffff:127.0.0.2] [::ffff:7f00:2] [64:ff9b::7f00:2] [::127.0.0.2] 127.0.0.2. ①②⑦.0.0.2".split(),
)
def test_a_redirect_into_the_own_network_is_not_followed_however_it_is_written(
    server: Server, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    really = guard.is_public
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1" or really(address))
    server.answers["/led"] = to(f"http://{host}:{server.port}/feed")
    before = sum(path == "/feed" for path, *_ in server.asked)
    with pytest.raises(PublisherError) as error:
        fetch.get(server("/led"), cache=False)
    assert {each.code for each in error.value.problems} <= {"fetch-private", "fetch-failed"}
    assert sum(path == "/feed" for path, *_ in server.asked) == before


def test_what_comes_with_a_redirect_is_not_read(server: Server) -> None:
    assert get(server("/endless-redirect")).body == FEED


def test_a_bomb_is_left_before_it_is_unpacked(server: Server) -> None:
    started = time.monotonic()
    assert code_of(server("/brotli-bomb")) == "fetch-too-large"
    assert time.monotonic() - started < 5


def test_a_server_that_does_not_run_is_told() -> None:
    code, message = problem_of("http://127.0.0.1:9/")
    assert (code, message) == ("fetch-failed", "the address cannot be read: Connection refused")


def test_a_name_that_nobody_has_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _unknown)
    assert problem_of("http://nobody.example/") == ("fetch-failed", "the address cannot be read: Name or service not known")


def _unknown(*arguments: object, **options: object) -> None:
    raise socket.gaierror(-2, "Name or service not known")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "ftp://lantern.example/",
            "lantern",
            "",
            "http://",
            "http://[",
            "https://exa mple/",
            "http://a:b:c/",
            "http://\x00/",
            "http://a:99999/",
            "http://xn--a/",
            "http://%zz/",
        ),
        *("http://\ud800/", "https://example.com/" + "x" * 9000, f"http://{'a' * 64}.example/", "http://[::1%25eth0]/"),
    ],
)
def test_what_is_no_address_is_told(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _unknown)
    assert code_of(url, private=False) == "fetch-failed"


# -- what must not be asked -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["168.63.129.16", "2a00:1450::5efe:7f00:1", "2a00:1450::200:5efe:a00:1", "2002:a00:1::", "fec0::1"])
def test_addresses_that_look_public_are_not(address: str) -> None:
    """Azure's host below a machine; IPv4 inside of ISATAP and 6to4; sites' own."""
    assert not guard.is_public(address)


def test_addresses_beside_them_are_public() -> None:
    assert all(map(guard.is_public, ("168.63.129.17", "2a00:1450::5efe:808:808", "2a00:1450::5eff:7f00:1")))


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0.0.0.0", "127.0.0.2", "0177.0.0.1", "①②⑦.0.0.1"),
        *("[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "[64:ff9b::7f00:1]"),
    ],
)
def test_the_own_machine_is_not_asked_however_it_is_written(server: Server, host: str) -> None:
    before = len(server.asked)
    assert code_of(server("/feed", host), private=False) == "fetch-private"
    assert len(server.asked) == before


def test_a_redirect_into_the_own_network_is_not_followed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1")
    assert fetch.get(server("/feed"), cache=False).body
    assert problem_of(server("/inside"), private=False) == ("fetch-private", "the address 127.0.0.2 is not public")


def answering(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let a name have these addresses, other ones each time; return a list that grows with what was looked up."""
    looked_up: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return answers[min(len(looked_up), len(answers)) - 1]

    monkeypatch.setattr(guard, "look_up", look_up)
    return looked_up


def test_a_name_is_looked_up_once_and_its_address_connected_to(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1")
    looked_up = answering(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    assert fetch.get(server("/feed", "rebinding.example"), robots=False, cache=False).body == FEED
    assert looked_up == ["rebinding.example"]
    assert server.headers("/feed")["Host"] == f"rebinding.example:{server.port}"


def test_a_name_that_has_another_address_for_the_next_connection_gains_nothing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1")
    answering(monkeypatch, ["127.0.0.1"], ["127.0.0.2"])
    server.answers["/again"] = answer(b"moved", 302, Location=server("/feed", "rebinding.example"), Connection="close")
    with pytest.raises(PublisherError) as error:
        fetch.get(server("/again", "rebinding.example"), robots=False, cache=False)
    assert [each.code for each in error.value.problems] == ["fetch-private"]


def test_of_several_addresses_only_public_ones_are_asked(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1")
    answering(monkeypatch, ["127.0.0.2", "127.0.0.1"])
    assert fetch.get(server("/feed", "two.example"), robots=False, cache=False).body == FEED


def test_the_next_address_is_asked_when_one_does_not_answer(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ["::1", "127.0.0.1"])
    assert get(server("/feed", "two.example")).body == FEED


def test_where_a_connection_leads_is_looked_at_too(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def is_public(address: str) -> bool:
        seen.append(address)
        return len(seen) == 1  # before the connection, and not after

    monkeypatch.setattr(guard, "is_public", is_public)
    before = len(server.asked)
    assert code_of(server("/feed"), private=False) == "fetch-private"
    assert (seen, len(server.asked)) == (["127.0.0.1", "127.0.0.1"], before)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e", "2002:5db8:d70e::1"])
def test_public_addresses_are_public(address: str) -> None:
    assert guard.is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "0.0.0.0"),
        *("::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1"),
        *("64:ff9b:1::a00:1", "fec0::1", "192.0.0.8", "fe80::1%eth0", "100::1", "5f00::1", "192.88.99.1", "3fff::1", "2001:db8::1"),
        *("::127.0.0.1", "::7f00:1", "::a00:1", "::ffff:0:127.0.0.1", "::ffff:169.254.169.254", "fd00:ec2::254", "198.18.0.1", "240.0.0.1"),
        *("2001:1::1", "2001:1::2", "2001:20::1", "2001:3::1", "2001:4:112::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2"),
    ],
)
def test_private_addresses_are_private(address: str) -> None:
    assert not guard.is_public(address)


# -- TLS ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    found = trustme.CA()
    found.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return found


def secured(certificate: trustme.LeafCert, named: list[str | None]) -> ssl.SSLContext:
    """Return what a server needs; the names that clients ask for go into `named`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    context.sni_callback = lambda _, name, __: named.append(name)
    return context


def test_tls_asks_for_the_name_and_not_for_the_address(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ["127.0.0.1"])
    named: list[str | None] = []
    with serving({"/feed": answer(FEED)}, secured(authority.issue_cert("lantern.example"), named)) as server:
        assert get(server("/feed", "lantern.example")).body == FEED
    assert set(named) == {"lantern.example"}


def test_a_certificate_for_another_name_is_refused(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, ["127.0.0.1"])
    with serving({"/feed": answer(FEED)}, secured(authority.issue_cert("127.0.0.1", "other.example"), [])) as server:
        code, message = problem_of(server("/feed", "lantern.example"))
    assert code == "fetch-failed"
    assert "certificate is not valid for 'lantern.example'" in message
    assert server.asked == []


def test_a_certificate_of_nobody_known_is_refused(authority: trustme.CA) -> None:
    with serving({"/feed": answer(FEED)}, secured(trustme.CA().issue_cert("127.0.0.1"), [])) as server:
        assert "certificate verify failed" in problem_of(server("/feed"))[1]


def test_certificates_that_cannot_be_read_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nowhere.pem"))
    with pytest.raises(PublisherError, match="certificates of the authorities cannot be read"):
        get("https://lantern.example/")


def test_a_server_that_speaks_no_tls_is_told(server: Server) -> None:
    assert code_of(server("/feed").replace("http:", "https:")) in ("fetch-failed", "fetch-too-slow")


# -- many at once ---------------------------------------------------------------------------------------------------------


def test_answers_come_in_the_order_of_the_addresses_and_one_that_fails_stops_no_other(server: Server) -> None:
    urls = [server(path) for path in ("/gone", "/feed", "/gzip-bomb", "/silent", "/note", "/round", "/feed")] + ["http://["]
    found = dict(enumerate(fetch.get_each(urls, private=True, cache=False, bounds=replace(SMALL, patience=1))))
    assert [url for url, _ in found.values()] == urls
    codes = [answer.problems[0].code if isinstance(answer, PublisherError) else answer.body for _, answer in found.values()]
    assert codes == ["fetch-refused", FEED, "fetch-too-large", "fetch-too-slow", NOTE, "fetch-redirects", FEED, "fetch-failed"]


def test_no_more_is_asked_for_than_is_taken(server: Server) -> None:
    taken = iter(server(f"/feed?{number}") for number in range(100))
    answers = fetch.get_each(taken, private=True, robots=False, cache=False, bounds=Bounds(together=3, pause=0))
    next(answers)
    next(answers)
    assert next(taken) == server("/feed?4")
    answers.close()  # type: ignore[attr-defined] # a generator


def test_who_takes_no_more_does_not_wait(server: Server) -> None:
    def one_after_the_other() -> Iterator[str]:
        yield server("/feed?first")  # as no other test asks
        while "/feed?first" not in server.paths:  # else the other might be asked for first, and this one wait for it
            time.sleep(0.01)
        yield server("/dribbling")

    answers = fetch.get_each(one_after_the_other(), private=True, robots=False, cache=False, bounds=Bounds(pause=60))
    next(answers)
    started = time.monotonic()
    answers.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 5


def test_connections_are_used_again(server: Server) -> None:
    opened: list[int] = []
    original = guard.look_up

    def look_up(host: str, port: int) -> list[str]:
        opened.append(port)
        return original(host, port)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard, "look_up", look_up)
        urls = [server(f"/feed?{number}") for number in range(10)]
        assert len(list(fetch.get_each(urls, private=True, cache=False, bounds=Bounds(together=2, pause=0)))) == 10
    assert len(opened) <= 3


# -- at the desk ----------------------------------------------------------------------------------------------------------


def test_a_feed_is_read_from_its_address_as_from_its_file(server: Server) -> None:
    assert desk.read(server("/lantern"), private=True).publication == desk.read(EXPORTS / "feed.atom").publication


def test_a_text_is_read_from_its_address(server: Server) -> None:
    (article,) = desk.read(server("/note"), private=True).publication.articles
    assert (article.headline, article.body) == ("A note", "<p>It rained.</p>")


def test_problems_are_told_with_the_address(server: Server) -> None:
    assert desk.check(server("/lantern"), private=True) == []
    assert {each.location.path for each in desk.check(server("/feed"), private=True)} == {server("/feed")}


def test_an_address_that_is_not_public_is_a_problem(server: Server) -> None:
    assert [(each.code, each.location.path) for each in desk.check(server("/feed"))] == [("fetch-private", server("/feed"))]


def test_files_and_addresses_are_checked_in_the_order_in_which_they_are_given(server: Server, tmp_path: Path) -> None:
    (tmp_path / "feed.rss").write_bytes(FEED)
    paths = [server("/gone"), str(tmp_path / "feed.rss"), server("/lantern"), server("/feed")]
    found = [each.location.path for each in desk.check_each(paths, private=True)]
    assert list(dict.fromkeys(found)) == [paths[0], paths[1], paths[3]]


def test_files_and_addresses_are_read_in_the_order_in_which_they_are_given(server: Server) -> None:
    paths = [server("/gone"), str(EXPORTS / "feed.rss"), server("/lantern"), str(EXPORTS / "nothing.rss"), server("/empty")]
    found = list(desk.read_each(paths, private=True))
    assert [path for path, _ in found] == paths
    codes = [each.problems[0].code if isinstance(each, PublisherError) else len(each.publication.articles) for _, each in found]
    assert codes[:4] == ["fetch-refused", codes[1], codes[1], "file-unreadable"]
    assert isinstance(found[4][1], PublisherError)


def test_the_settings_say_how_large_a_page_may_be(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "publisher.toml").write_text("[limits]\nfile = 1\n")
    monkeypatch.chdir(tmp_path)
    assert [each.code for each in desk.check(server("/just-so"), private=True)] == ["fetch-too-large"]
    with pytest.raises(PublisherError, match="larger than 1 MB"):
        desk.read(server("/just-so"), private=True)


def test_the_command_line_says_how_addresses_are_asked(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    server.answers["/robots.txt"] = answer(b"User-agent: *\nDisallow: /lantern\n")
    try:
        assert cli.main(["check", server("/lantern"), "--allow-private"]) == 1
        assert "error fetch-robots: the server's robots.txt asks programs not to fetch" in capsys.readouterr().err
        assert cli.main(["check", server("/lantern"), "--allow-private", "--ignore-robots", "--no-cache"]) == 0
        assert cli.main(["show", server("/lantern"), "--allow-private", "--ignore-robots"]) == 0
    finally:
        del server.answers["/robots.txt"]
