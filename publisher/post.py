"""Electronic mail: the only module that sends any, by SMTP (RFC 5321) with TLS, to Kindles and whoever reads.

What is needed to send is in the environment, so that no password stands in a file or on a command line.
Composing is pure: the same letter of the same moment has the same bytes, whatever the machine is called.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal, cast

from publisher.problems import Problem, PublisherError, Severity, problem

if TYPE_CHECKING:
    from email.message import EmailMessage
    from smtplib import SMTP
    from ssl import SSLContext

__all__ = ["VARIABLES", "Enclosure", "Letter", "Route", "Server", "compose", "is_kindle", "route", "send"]

Security = Literal["starttls", "tls", "none"]

VARIABLES: Mapping[str, str] = {
    "PUBLISHER_SMTP_HOST": "the server that takes mail, such as smtp.example.org",
    "PUBLISHER_SMTP_PORT": "its port (default: 587 with starttls, 465 with tls, 25 with none)",
    "PUBLISHER_SMTP_SECURITY": "starttls (default), tls, or none",
    "PUBLISHER_SMTP_USER": "who to log in as, when the server wants that",
    "PUBLISHER_SMTP_PASSWORD": "the password; some providers want one made for programs",
    "PUBLISHER_SMTP_FROM": "the sender's address (default: the user, when that is an address)",
    "PUBLISHER_KINDLE_ADDRESS": "the Send-to-Kindle address that --to kindle means, …@kindle.com",
}
"""What is read from the environment."""

_PORTS: Mapping[Security, int] = {"starttls": 587, "tls": 465, "none": 25}
_PATIENCE = 60
"""Seconds without a byte: servers look at what they are sent before they say that they have it."""
_HERE = ("localhost", "127.0.0.1", "::1")
_KINDLE = ("kindle.com", "free.kindle.com", "kindle.cn")
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9-]{2,63})")
"""What nearly all addresses are: no quoted names, no addresses of networks, no letters beyond ASCII."""
_LONGEST_ADDRESS = 254
_LONGEST_REPLY = 200
_TOO_LARGE = 552
"""What servers answer to a letter beyond their limit (RFC 1870, 6)."""
_SMALLER = "send fewer files at once, or reduce their pictures"
_HOST = re.compile(r"[A-Za-z0-9.:_-]{1,253}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Who takes our mail, and how we speak to them."""

    host: str
    port: int
    security: Security = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    patience: float = _PATIENCE
    """Seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """From where a letter goes, by whom, and to where; `None` for what nobody has said."""

    sender: str | None
    recipient: str | None
    server: Server | None

    @property
    def missing(self) -> tuple[Problem, ...]:
        """What must be said before a letter can go."""
        ways = {
            "PUBLISHER_KINDLE_ADDRESS": self.recipient,
            "PUBLISHER_SMTP_HOST": self.server,
            "PUBLISHER_SMTP_FROM": self.sender,
        }
        return tuple(
            _wrong("send-setting-missing", f"{name} is not set", f"set it to {VARIABLES[name]}") for name in ways if not ways[name]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """One file in a letter."""

    name: str
    media_type: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is sent."""

    sender: str
    recipient: str
    date: datetime
    """An aware moment."""
    enclosures: tuple[Enclosure, ...]

    @property
    def subject(self) -> str:
        """The names of the files."""
        return ", ".join(_printable(each.name) for each in self.enclosures)


def _wrong(code: str, message: str, hint: str, spec: str = "") -> Problem:
    return problem(code, Severity.ERROR, message, hint=hint, spec=spec)


# -- where to -------------------------------------------------------------------------------------------------------------


def route(to: str, environment: Mapping[str, str]) -> Route:
    """Return the way to `kindle` or an address; raise `PublisherError` for what is said and makes no sense."""
    given = {name: environment.get(name, "").strip() or None for name in VARIABLES}
    user, sender = given["PUBLISHER_SMTP_USER"], given["PUBLISHER_SMTP_FROM"]
    recipient, named = (given["PUBLISHER_KINDLE_ADDRESS"], "PUBLISHER_KINDLE_ADDRESS") if to == "kindle" else (to, "--to")
    problems = [
        *_not_an_address(recipient, named),
        *_not_an_address(sender, "PUBLISHER_SMTP_FROM"),
        *_nonsense(given),
    ]
    if problems:
        raise PublisherError(*problems)
    return Route(sender=sender or (user if user and _ADDRESS.fullmatch(user) else None), recipient=recipient, server=_server(given))


def _not_an_address(value: str | None, name: str) -> Iterator[Problem]:
    if value is not None and not (_ADDRESS.fullmatch(value) and len(value) <= _LONGEST_ADDRESS):
        what = "kindle, or an address" if name == "--to" else "an address"
        yield _wrong("send-address-malformed", f"{name} is {value!r}, which is no address", f"write {what} such as ines@example.org")


def _nonsense(given: Mapping[str, str | None]) -> Iterator[Problem]:
    """Yield what is wrong with the settings of the server."""
    host, port, security = (given[f"PUBLISHER_SMTP_{each}"] for each in ("HOST", "PORT", "SECURITY"))
    user, password = given["PUBLISHER_SMTP_USER"], given["PUBLISHER_SMTP_PASSWORD"]
    if host and not _HOST.fullmatch(host):
        yield _wrong("send-setting-wrong", f"PUBLISHER_SMTP_HOST is {host!r}", "write the name of a server, without https:// and port")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        yield _wrong("send-setting-wrong", f"PUBLISHER_SMTP_PORT is {port!r}", "write a number such as 587")
    if security and security.lower() not in _PORTS:
        yield _wrong("send-setting-wrong", f"PUBLISHER_SMTP_SECURITY is {security!r}", f"write one of {', '.join(_PORTS)}")
    if bool(user) != bool(password):
        name, other = ("USER", "PASSWORD") if user else ("PASSWORD", "USER")
        yield _wrong("send-setting-missing", f"there is a PUBLISHER_SMTP_{name} and no PUBLISHER_SMTP_{other}", "set both, or neither")
    if not (user or "").isascii() or not (password or "").isascii():
        yield _wrong("send-setting-wrong", "user or password have letters beyond ASCII", "let your provider make a password for programs")
    if password and (security or "").lower() == "none" and host not in _HERE:
        yield _wrong(
            "send-password-open", "without TLS the password can be read on its way", "set PUBLISHER_SMTP_SECURITY to starttls or tls"
        )


def _server(given: Mapping[str, str | None]) -> Server | None:
    host, security = given["PUBLISHER_SMTP_HOST"], cast("Security", (given["PUBLISHER_SMTP_SECURITY"] or "starttls").lower())
    if host is None:
        return None
    return Server(
        host=host,
        port=int(given["PUBLISHER_SMTP_PORT"] or _PORTS[security]),
        security=security,
        user=given["PUBLISHER_SMTP_USER"],
        password=given["PUBLISHER_SMTP_PASSWORD"],
    )


def is_kindle(address: str) -> bool:
    """Return whether an address is one of Send to Kindle."""
    return address.rpartition("@")[2].lower() in _KINDLE


# -- the letter -----------------------------------------------------------------------------------------------------------


def compose(letter: Letter) -> bytes:
    """Return the letter as SMTP wants it (RFC 5322, RFC 2046)."""
    from email import policy
    from email.message import EmailMessage  # here because importing it costs 30 ms
    from email.utils import format_datetime

    digest = hashlib.sha256(f"{letter.date.isoformat()} {letter.recipient}".encode())
    for each in letter.enclosures:
        digest.update(each.body)
    mark = digest.hexdigest()[:32]
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"], message["Subject"] = letter.sender, letter.recipient, letter.subject
    message["Date"] = format_datetime(letter.date)
    message["Message-ID"] = f"<{mark}@{letter.sender.rpartition('@')[2]}>"
    message.set_content(f"{letter.subject}\n")
    for each in letter.enclosures:
        _enclose(message, each)
    message.set_boundary(f"=_{mark}")  # else a random one; "=_" is in no text that is in base64 (RFC 2045, 6.7)
    return message.as_bytes()


def _enclose(message: EmailMessage, enclosure: Enclosure) -> None:
    kind, _, subtype = enclosure.media_type.partition("/")
    message.add_attachment(enclosure.body, maintype=kind, subtype=subtype, filename=_printable(enclosure.name))


def _printable(name: str) -> str:
    """Return a file's name without what would begin another line, or is no text."""
    return "".join(each if each.isprintable() else "_" for each in name)


# -- sending --------------------------------------------------------------------------------------------------------------


def send(letter: Letter, server: Server) -> None:
    """Give a letter to the server; raise `PublisherError` when it does not take it. No message of ours has the password in it."""
    body = compose(letter)
    with _told(server):
        client = _connected(server)
        try:
            _log_in(client, server)
            _refuse_larger(client, len(body))
            client.sendmail(letter.sender, [letter.recipient], body)
        except BaseException:
            client.close()
            raise
        _hang_up(client)


def _hang_up(client: SMTP) -> None:
    """End the conversation; that this fails changes nothing, since the letter was taken."""
    from smtplib import SMTPException

    with suppress(SMTPException, OSError):
        client.quit()
    client.close()


def _connected(server: Server) -> SMTP:
    import smtplib  # here because importing it costs 50 ms
    import ssl

    name = "[127.0.0.1]"  # what smtplib says for who has no name; ours is nobody's business, and asking for it takes seconds on some nets
    if server.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, name, timeout=server.patience, context=context)
    client = smtplib.SMTP(server.host, server.port, name, timeout=server.patience)
    if server.security == "starttls":
        try:
            _start_tls(client, ssl.create_default_context())
        except BaseException:
            client.close()
            raise
    return client


def _start_tls(client: SMTP, context: SSLContext) -> None:
    client.ehlo_or_helo_if_needed()
    if not client.has_extn("starttls"):
        message, hint = "the server offers no STARTTLS", "set PUBLISHER_SMTP_SECURITY to tls, with port 465"
        raise PublisherError(_wrong("send-no-tls", message, hint, "https://www.rfc-editor.org/rfc/rfc3207"))
    client.starttls(context=context)


def _log_in(client: SMTP, server: Server) -> None:
    if server.user and server.password:
        client.login(server.user, server.password)
    else:
        client.ehlo_or_helo_if_needed()


def _refuse_larger(client: SMTP, size: int) -> None:
    """Raise `PublisherError` when the server has said that it takes no such letter (RFC 1870)."""
    most = client.esmtp_features.get("size", "")
    if most.isdigit() and 0 < int(most) < size:
        message = f"the server takes letters of {most} bytes, and this one has {size}: files grow by a third on their way"
        raise PublisherError(_wrong("send-too-large", message, _SMALLER))


@contextmanager
def _told(server: Server) -> Iterator[None]:
    """Raise whatever goes wrong on the way as a `PublisherError` that says what to do."""
    try:
        yield
    except PublisherError as error:
        raise error.at(_where(server)) from None
    except (OSError, ValueError) as error:  # all that smtplib raises is an OSError; names that are none are a ValueError
        raise PublisherError(_reason(error, server)).at(_where(server)) from None


def _where(server: Server) -> str:
    return f"smtp://{server.host}:{server.port}"


def _reason(error: Exception, server: Server) -> Problem:
    import smtplib
    import socket
    import ssl

    silent = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
    if silent:
        return _wrong(
            "send-timeout", f"the server says nothing for {server.patience:g} s", "check host, port and security, or try again later"
        )
    if isinstance(error, smtplib.SMTPException):
        return _refusal(error, server)
    if isinstance(error, socket.gaierror | ValueError) and not isinstance(error, ssl.SSLError):
        return _wrong("send-host-unknown", f"there is no server {server.host!r}", "check PUBLISHER_SMTP_HOST, and that you are on line")
    if isinstance(error, ssl.SSLCertVerificationError):
        hint = "check PUBLISHER_SMTP_HOST; a certificate of your own is trusted when SSL_CERT_FILE names its authority"
        return _wrong("send-certificate", f"the server's certificate is not to be trusted: {error.verify_message}", hint)
    if isinstance(error, ssl.SSLError):
        hint = "set PUBLISHER_SMTP_SECURITY to starttls for port 587, to tls for port 465"
        return _wrong("send-tls-failed", f"the server speaks no TLS that we understand ({error.reason or 'no reason given'})", hint)
    if isinstance(error, ConnectionRefusedError):
        return _wrong("send-refused", "nobody listens there", "check PUBLISHER_SMTP_HOST and PUBLISHER_SMTP_PORT")
    said = (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
    return _wrong("send-failed", f"the server cannot be reached: {said.lower()}", "check the settings, or try again later")


def _refusal(error: Exception, server: Server) -> Problem:
    """Return what a server that we have reached did not like."""
    import smtplib

    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = _said(*next(iter(error.recipients.values())), server)
        return _wrong("send-recipient-refused", f"the server does not take this recipient: {said}", "check the address")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return _wrong("send-no-login", "the server lets nobody log in", "set no user and password, or check host, port and security")
    if not isinstance(error, smtplib.SMTPResponseException):
        return _wrong("send-disconnected", "the server ended the conversation", "check port and security, or try again later")
    if error.smtp_code == _TOO_LARGE:
        return _wrong("send-too-large", f"the server says {_said(error.smtp_code, error.smtp_error, server)}", _SMALLER)
    code, hint = {
        smtplib.SMTPAuthenticationError: ("send-password-refused", "check user and password; some providers want one made for programs"),
        smtplib.SMTPSenderRefused: ("send-sender-refused", "set PUBLISHER_SMTP_FROM to an address that is yours there"),
        smtplib.SMTPDataError: ("send-letter-refused", "read what the server says"),
    }.get(type(error), ("send-server-refused", "check host, port and security, or try again later"))
    return _wrong(code, f"the server says {_said(error.smtp_code, error.smtp_error, server)}", hint)


def _secrets(server: Server) -> Iterator[str]:
    """Yield the password in all forms in which it was sent: LOGIN and PLAIN have it in base64 (RFC 4954, 4; RFC 4616, 2)."""
    if server.password:
        yield server.password
        for sent in (server.password, f"\0{server.user}\0{server.password}"):
            yield b64encode(sent.encode()).decode()


def _said(code: int, reply: bytes | str, server: Server) -> str:
    """Return a server's answer on one line, without the password, should it be in there."""
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else str(reply)
    line = " ".join(f"{code} {text}".split())
    clean = line
    for secret in _secrets(server):
        clean = clean.replace(secret, "…")
    return clean if len(clean) <= _LONGEST_REPLY else f"{clean[:_LONGEST_REPLY]}…"
