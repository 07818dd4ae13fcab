"""Mail: what a server on this machine gets, byte for byte, and what is said when it wants none of it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given
from hypothesis import strategies as st

from publisher import cli, desk, post
from publisher.post import Enclosure, Letter, Server
from publisher.problems import PublisherError
from tests import epub_cases
from tests.judges.examples import EPUB

USER, PASSWORD = "ines@lantern.example", "tide-and-lamp-7"
KINDLE = "ines_a1b2@kindle.com"
NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
SMALL = Enclosure(name="tides.pdf", media_type="application/pdf", body=bytes(range(256)) * 40)
LETTER = Letter(sender=USER, recipient=KINDLE, date=NOW, enclosures=(SMALL,))


@dataclass(kw_only=True)
class Box:
    """A mailbox, and what the server answers at each step; "" for yes."""

    letters: list[bytes]
    encrypted: list[bool]
    users: list[str | None]
    mail: str = ""
    rcpt: str = ""
    data: str = ""

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802  # aiosmtpd calls it so
        envelope.mail_from = address
        return self.mail or "250 yes"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802  # aiosmtpd calls it so
        envelope.rcpt_tos.append(address)
        return self.rcpt or "250 yes"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd calls it so
        if not self.data:
            assert isinstance(envelope.content, bytes)
            self.letters.append(envelope.content)
            self.encrypted.append(server.transport is not None and server.transport.get_extra_info("ssl_object") is not None)
            self.users.append(session.auth_data.login.decode() if isinstance(session.auth_data, LoginPassword) else None)
        return self.data or "250 kept"


def knows(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = data == LoginPassword(login=USER.encode(), password=PASSWORD.encode())
    return AuthResult(success=right, handled=right, auth_data=data)


@contextmanager
def listening(protocol: Callable[[], asyncio.Protocol], context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Give the port of a server in another thread."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(protocol, "127.0.0.1", 0, ssl=context))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0))
        loop.close()


@contextmanager
def smtp(box: Box, context: ssl.SSLContext | None = None, **how: Any) -> Iterator[int]:
    how = {"hostname": "localhost", "data_size_limit": 5_000_000, **how}
    with listening(lambda: SMTP(box, **how), context) as port:
        yield port


@pytest.fixture
def box() -> Box:
    return Box(letters=[], encrypted=[], users=[])


AUTHORITY = trustme.CA()


@pytest.fixture
def context() -> ssl.SSLContext:
    """What a server has that is really `localhost`."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("localhost").configure_cert(made)
    return made


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


def to(port: int, **more: Any) -> Server:
    return replace(Server(host="localhost", port=port, security="none", patience=5), **more)


def parsed(letter: bytes) -> EmailMessage:
    found = BytesParser(policy=policy.default).parsebytes(letter)
    assert isinstance(found, EmailMessage)
    return found


def refused(server: Server, letter: Letter = LETTER) -> tuple[str, str, str]:
    """Return code, message and hint of the one problem."""
    with pytest.raises(PublisherError) as raised:
        post.send(letter, server)
    (found,) = raised.value.problems
    assert found.location.path == f"smtp://{server.host}:{server.port}"
    assert PASSWORD not in f"{found}{raised.value}{raised.value!r}"
    return found.code, found.message, found.hint


# -- what arrives ---------------------------------------------------------------------------------------------------------


def test_a_book_arrives_byte_for_byte(box: Box) -> None:
    book = Enclosure(name="the-lantern.epub", media_type="application/epub+zip", body=EPUB.read_bytes())
    with smtp(box) as port:
        post.send(replace(LETTER, enclosures=(book, SMALL)), to(port))
    (letter,) = map(parsed, box.letters)
    attached = [(each.get_filename(), each.get_content_type(), each.get_content()) for each in letter.iter_attachments()]
    assert attached == [(each.name, each.media_type, each.body) for each in (book, SMALL)]
    assert (letter["From"], letter["To"], letter["Subject"]) == (USER, KINDLE, "the-lantern.epub, tides.pdf")
    assert letter["Date"].datetime == NOW
    assert letter["Message-ID"].endswith("@lantern.example>")
    assert max(map(len, box.letters[0].split(b"\r\n"))) <= 78


@pytest.mark.usefixtures("trusted")
def test_it_goes_encrypted_and_after_logging_in_by_starttls(box: Box, context: ssl.SSLContext) -> None:
    with smtp(box, tls_context=context, require_starttls=True, auth_required=True, authenticator=knows) as port:
        post.send(LETTER, to(port, security="starttls", user=USER, password=PASSWORD))
    assert (len(box.letters), box.encrypted, box.users) == (1, [True], [USER])


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # aiosmtpd does not see that it is behind TLS already
@pytest.mark.usefixtures("trusted")
def test_it_goes_encrypted_and_after_logging_in_by_tls(box: Box, context: ssl.SSLContext) -> None:
    with smtp(box, context, auth_required=True, auth_require_tls=False, authenticator=knows) as port:
        post.send(LETTER, to(port, security="tls", user=USER, password=PASSWORD))
    assert (len(box.letters), box.encrypted, box.users) == (1, [True], [USER])


def test_the_same_letter_of_the_same_moment_is_the_same_bytes() -> None:
    assert post.compose(LETTER) == post.compose(replace(LETTER))
    later = replace(LETTER, date=NOW.replace(second=1))
    assert post.compose(later) != post.compose(LETTER)
    assert parsed(post.compose(later))["Message-ID"] != parsed(post.compose(LETTER))["Message-ID"]


@given(
    st.text(min_size=1, max_size=60) | st.sampled_from(["a\r\nBcc: x@example.org", "caf\udce9.pdf", "שלום.pdf", 'a"b;c.pdf', "\u2028.pdf"])
)
def test_no_name_of_a_file_writes_a_header(name: str) -> None:
    letter = parsed(post.compose(replace(LETTER, enclosures=(replace(SMALL, name=name),))))
    assert letter.keys() == ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
    (attached,) = letter.iter_attachments()
    assert attached.get_content() == SMALL.body


def test_that_the_server_hangs_up_after_taking_it_is_no_problem(box: Box) -> None:
    """Some servers do not wait for QUIT."""

    class Rude(SMTP):
        async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802  # aiosmtpd calls it so
            assert self.transport
            self.transport.close()

    with listening(lambda: Rude(box, hostname="localhost")) as port:
        post.send(LETTER, to(port))
    assert len(box.letters) == 1


# -- what servers refuse --------------------------------------------------------------------------------------------------


SENT = (
    PASSWORD,
    b64encode(PASSWORD.encode()).decode(),
    b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode(),
)
"""In which forms a server has seen it."""


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("secret", SENT)
def test_a_wrong_password_is_told_without_it(box: Box, context: ssl.SSLContext, secret: str) -> None:
    with smtp(
        box, tls_context=context, authenticator=lambda *_: AuthResult(success=False, handled=False, message=f"535 {secret}?")
    ) as port:
        code, message, hint = refused(to(port, security="starttls", user=USER, password=PASSWORD))
    assert (code, message) == ("send-password-refused", "the server says 535 …?")
    assert hint.startswith("check user and password")
    assert box.letters == []


def test_a_certificate_that_nobody_has_signed_for_us_is_not_trusted(box: Box, context: ssl.SSLContext) -> None:
    with smtp(box, tls_context=context, require_starttls=True) as port:
        code, message, hint = refused(to(port, security="starttls", user=USER, password=PASSWORD))
    assert (code, "SSL_CERT_FILE" in hint) == ("send-certificate", True)
    assert message == "the server's certificate is not to be trusted: unable to get local issuer certificate"


@pytest.mark.usefixtures("trusted")
def test_a_certificate_of_another_server_is_not_trusted(box: Box) -> None:
    other = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("mail.example.org").configure_cert(other)
    with smtp(box, other) as port:
        assert refused(to(port, security="tls"))[0] == "send-certificate"


def test_a_server_without_starttls_gets_nothing(box: Box) -> None:
    with smtp(box) as port:
        code, message, hint = refused(to(port, security="starttls", user=USER, password=PASSWORD))
    assert (code, message) == ("send-no-tls", "the server offers no STARTTLS")
    assert hint == "set PUBLISHER_SMTP_SECURITY to tls, with port 465"


def test_a_server_that_speaks_no_tls_is_told_from_one_that_is_not_trusted(box: Box) -> None:
    with smtp(box) as port:
        code, _, hint = refused(to(port, security="tls"))
    assert (code, "starttls for port 587" in hint) == ("send-tls-failed", True)


def test_a_server_that_lets_nobody_log_in(box: Box) -> None:
    with smtp(box, auth_exclude_mechanism=["LOGIN", "PLAIN"]) as port:
        assert refused(to(port, user=USER, password=PASSWORD))[0] == "send-no-login"


def test_a_letter_that_is_too_large_is_not_even_begun(box: Box) -> None:
    with smtp(box, data_size_limit=10_000) as port:
        code, message, _ = refused(to(port))
    size = len(post.compose(LETTER))
    assert (code, message) == (
        "send-too-large",
        f"the server takes letters of 10000 bytes, and this one has {size}: files grow by a third on their way",
    )


@pytest.mark.parametrize(
    ("step", "answer", "code", "message"),
    [
        ("mail", "550 who are you?", "send-sender-refused", "the server says 550 who are you?"),
        ("mail", "552 no room", "send-too-large", "the server says 552 no room"),
        ("rcpt", "550 no such user", "send-recipient-refused", "the server does not take this recipient: 550 no such user"),
        ("rcpt", "450 come back later", "send-recipient-refused", "the server does not take this recipient: 450 come back later"),
        ("data", "554 looks like spam", "send-letter-refused", "the server says 554 looks like spam"),
        ("data", "552 too much", "send-too-large", "the server says 552 too much"),
        ("data", f"554 {'x' * 400}", "send-letter-refused", f"the server says 554 {'x' * 196}…"),
    ],
)
def test_what_a_server_refuses_is_told_in_its_words(box: Box, step: str, answer: str, code: str, message: str) -> None:
    setattr(box, step, answer)
    with smtp(box) as port:
        found = refused(to(port))
    assert found[:2] == (code, message)
    assert box.letters == []


class Raw(asyncio.Protocol):
    """A server that says one thing, or nothing, and hangs up when it has been told something."""

    def __init__(self, says: bytes, *, hangs_up: bool) -> None:
        self.says = says
        self.hangs_up = hangs_up

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self.says)
        if self.hangs_up:
            transport.close()


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_server_that_says_nothing_is_not_waited_for_for_ever(security: str) -> None:
    with listening(lambda: Raw(b"", hangs_up=False)) as port:
        code, message, _ = refused(to(port, security=security, patience=0.2))
    assert (code, message) == ("send-timeout", "the server says nothing for 0.2 s")


def test_a_server_that_says_nothing_after_its_greeting(box: Box) -> None:
    with listening(lambda: Raw(b"220 hello\r\n", hangs_up=False)) as port:
        assert refused(to(port, patience=0.2))[0] == "send-timeout"


@pytest.mark.parametrize(
    ("says", "code"),
    [
        (b"", "send-disconnected"),
        (b"220 hello\r\n", "send-disconnected"),
        (b"554 go away\r\n", "send-server-refused"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "send-server-refused"),
        (b"220 " + b"x" * 20_000, "send-server-refused"),
    ],
)
def test_what_is_no_mail_server_is_told(says: bytes, code: str) -> None:
    with listening(lambda: Raw(says, hangs_up=True)) as port:
        assert refused(to(port))[0] == code


def test_where_nobody_listens_is_told() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        code, message, _ = refused(to(unused.getsockname()[1], host="127.0.0.1"))
    assert (code, message) == ("send-refused", "nobody listens there")


def test_a_name_that_is_no_servers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refused(to(25, host="smtp.lantern.example"))[:2] == ("send-host-unknown", "there is no server 'smtp.lantern.example'")


@pytest.mark.parametrize("host", ["a" * 64 + ".example", "..", ".a"])
@pytest.mark.parametrize("security", ["none", "tls"])
def test_what_can_be_no_name_is_told(host: str, security: str) -> None:
    assert refused(to(25, host=host, security=security))[0] == "send-host-unknown"


def test_any_other_failure_of_the_network_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket, "create_connection", unreachable)
    assert refused(to(25))[:2] == ("send-failed", "the server cannot be reached: network is unreachable")


def test_a_password_is_not_shown_with_its_server() -> None:
    assert PASSWORD not in repr(to(25, user=USER, password=PASSWORD))


# -- settings -------------------------------------------------------------------------------------------------------------

SETTINGS = {"PUBLISHER_SMTP_HOST": "smtp.lantern.example", "PUBLISHER_SMTP_USER": USER, "PUBLISHER_SMTP_PASSWORD": PASSWORD}


@pytest.mark.parametrize(
    ("more", "port", "security"),
    [
        ({}, 587, "starttls"),
        ({"SECURITY": "TLS"}, 465, "tls"),
        ({"SECURITY": "none", "USER": "", "PASSWORD": "", "FROM": USER}, 25, "none"),
        ({"PORT": "2525"}, 2525, "starttls"),
    ],
)
def test_a_server_is_found_in_the_environment(more: dict[str, str], port: int, security: str) -> None:
    found = post.route(KINDLE, SETTINGS | {f"PUBLISHER_SMTP_{key}": value for key, value in more.items()})
    assert found.server
    assert (found.server.port, found.server.security, found.sender, found.recipient) == (port, security, USER, KINDLE)
    assert found.missing == ()


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({"PUBLISHER_SMTP_HOST": "https://smtp.example.org"}, "send-setting-wrong", "PUBLISHER_SMTP_HOST is 'https://smtp.example.org'"),
        ({"PUBLISHER_SMTP_PORT": "smtp"}, "send-setting-wrong", "PUBLISHER_SMTP_PORT is 'smtp'"),
        ({"PUBLISHER_SMTP_PORT": "0"}, "send-setting-wrong", "PUBLISHER_SMTP_PORT is '0'"),
        ({"PUBLISHER_SMTP_PORT": "9" * 5000}, "send-setting-wrong", "PUBLISHER_SMTP_PORT is"),
        ({"PUBLISHER_SMTP_SECURITY": "ssl"}, "send-setting-wrong", "PUBLISHER_SMTP_SECURITY is 'ssl'"),
        ({"PUBLISHER_SMTP_PASSWORD": ""}, "send-setting-missing", "a PUBLISHER_SMTP_USER and no PUBLISHER_SMTP_PASSWORD"),
        ({"PUBLISHER_SMTP_USER": ""}, "send-setting-missing", "a PUBLISHER_SMTP_PASSWORD and no PUBLISHER_SMTP_USER"),
        ({"PUBLISHER_SMTP_PASSWORD": f"é{PASSWORD}"}, "send-setting-wrong", "letters beyond ASCII"),
        ({"PUBLISHER_SMTP_SECURITY": "none"}, "send-password-open", "without TLS the password can be read"),
        ({"PUBLISHER_SMTP_FROM": "Ines <ines@lantern.example>"}, "send-address-malformed", "PUBLISHER_SMTP_FROM is"),
        ({"PUBLISHER_KINDLE_ADDRESS": "ines"}, "send-address-malformed", "PUBLISHER_KINDLE_ADDRESS is 'ines', which is no address"),
    ],
)
def test_a_setting_that_makes_no_sense_is_told(changes: dict[str, str], code: str, says: str) -> None:
    with pytest.raises(PublisherError) as raised:
        post.route("kindle", {**SETTINGS, "PUBLISHER_KINDLE_ADDRESS": KINDLE, **changes})
    (found,) = raised.value.problems
    assert (found.code, says in found.message) == (code, True)
    assert PASSWORD not in str(found)


def test_what_nobody_has_said_is_told_all_at_once() -> None:
    missing = post.route("kindle", {}).missing
    assert [each.message for each in missing] == [
        "PUBLISHER_KINDLE_ADDRESS is not set",
        "PUBLISHER_SMTP_HOST is not set",
        "PUBLISHER_SMTP_FROM is not set",
    ]


@given(
    st.text(max_size=30) | st.sampled_from(["a@b.co\nBcc: c@d.co", "a@b.co ", "<a@b.co>", "a@b", "@b.co", "a@-b.co", "a@b..co", "é@b.co"])
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with suppress(PublisherError):
        found = post.route(address, {}).recipient
        assert address == "kindle" or (
            found == address and address.isascii() and address.count("@") == 1 and not set(address) & set(" \r\n\t<>,;")
        )


@pytest.mark.parametrize(
    "address", ["a@b", "a b@c.co", "a@b.co\nBcc: c@d.co", "", "a@b.co,c@d.co", "Ines <a@b.co>", "a@.co", f"{'a' * 65}@b.co"]
)
def test_an_address_that_is_none_is_told(address: str) -> None:
    with pytest.raises(PublisherError, match="which is no address"):
        post.route(address, SETTINGS)


# -- files ----------------------------------------------------------------------------------------------------------------


def test_a_file_that_no_kindle_takes_is_told(tmp_path: Path) -> None:
    (tmp_path / "feed.rss").write_text("<rss/>")
    with pytest.raises(PublisherError) as raised:
        desk.enclose([str(tmp_path / "feed.rss")])
    assert [(each.code, each.location.path) for each in raised.value.problems] == [("send-format", str(tmp_path / "feed.rss"))]


def test_more_than_send_to_kindle_takes_at_once_is_told(tmp_path: Path) -> None:
    large, small = tmp_path / "large.pdf", tmp_path / "small.txt"
    with large.open("wb") as file:
        file.truncate(50_000_001)
    small.write_text("tides")
    for paths in ([large], [small] * 26):
        with pytest.raises(PublisherError, match="Send to Kindle takes 25 of 50000000 at once"):
            desk.enclose(list(map(str, paths)), ["kindle"])
        assert len(desk.enclose(list(map(str, paths))).enclosures) == len(paths)


def test_a_book_is_checked_for_kindle_when_it_goes_there(tmp_path: Path) -> None:
    path = tmp_path / "book.kepub.epub"
    path.write_bytes(epub_cases.recipe(epub_cases.CASES / "epub-kindle-image-format.fail.toml"))
    assert [each.code for each in desk.enclose([str(path)], ["kindle"]).problems] == ["epub-kindle-image-format"]
    assert desk.enclose([str(path)]).problems == ()


# -- the command ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a good book and one that Kindle refuses; no setting is set."""
    for name in post.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.epub").write_bytes(epub_cases.book("good"))
    (tmp_path / "bad.epub").write_bytes(epub_cases.recipe(epub_cases.CASES / "epub-kindle-image-format.fail.toml"))
    return tmp_path


def posted(monkeypatch: pytest.MonkeyPatch, port: int, *arguments: str) -> int:
    settings = {"HOST": "localhost", "PORT": str(port), "SECURITY": "none", "FROM": USER}
    for name, value in settings.items():
        monkeypatch.setenv(f"PUBLISHER_SMTP_{name}", value)
    monkeypatch.setenv("PUBLISHER_KINDLE_ADDRESS", KINDLE)
    return cli.main(["send", *arguments])


def test_the_command_sends_a_book(home: Path, box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with smtp(box) as port:
        assert posted(monkeypatch, port, "good.epub", "--to", "kindle") == 0
    (letter,) = map(parsed, box.letters)
    assert [each.get_content() for each in letter.iter_attachments()] == [(home / "good.epub").read_bytes()]
    assert abs((datetime.now(UTC) - letter["Date"].datetime).total_seconds()) < 60
    assert capsys.readouterr().err.startswith(f"1 file sent to {KINDLE} in ")


def test_a_book_that_kindle_refuses_is_not_sent_unless_forced(
    home: Path, box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with smtp(box) as port:
        assert posted(monkeypatch, port, "bad.epub", "--to", "kindle") == 1
        assert "1 error, 0 warnings: nothing was sent; --force sends it all the same" in capsys.readouterr().err
        assert box.letters == []
        assert posted(monkeypatch, port, "bad.epub", "--to", "kindle", "--force") == 0
        assert posted(monkeypatch, port, "bad.epub", "--to", "ines@example.org") == 0
    assert [parsed(each)["To"] for each in box.letters] == [KINDLE, "ines@example.org"]


def test_what_would_be_sent_can_be_looked_at(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PUBLISHER_SMTP_HOST", "smtp.lantern.example")
    monkeypatch.setenv("PUBLISHER_SMTP_USER", USER)
    monkeypatch.setenv("PUBLISHER_SMTP_PASSWORD", PASSWORD)
    assert cli.main(["send", "good.epub", "--to", KINDLE, "--dry-run"]) == 0
    size = (home / "good.epub").stat().st_size
    assert capsys.readouterr().out == (
        f"to: {KINDLE}\nfrom: {USER}\nby: smtp.lantern.example:587, starttls, as {USER}\nfile: good.epub, application/epub+zip, {size} bytes\n"
    )


def test_without_settings_nothing_is_sent_and_each_is_named(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["send", "good.epub", "--to", "kindle"]) == 1
    said = capsys.readouterr().err
    assert said.count(" error send-setting-missing: ") == 3


def test_a_refusal_is_one_line_and_a_hint(
    home: Path, box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    box.rcpt = "550 no such user\r\n\x1b[31m"
    with smtp(box) as port:
        assert posted(monkeypatch, port, "good.epub", "--to", "kindle") == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first == f"smtp://localhost:{port}: error send-recipient-refused: the server does not take this recipient: 550 no such user"
    assert second == "  check the address"


def test_the_help_names_every_setting_and_no_option_takes_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["send", "--help"])
    shown = capsys.readouterr().out
    assert all(f"  {name} " in shown for name in post.VARIABLES)
    assert "--password" not in shown
