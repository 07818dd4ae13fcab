"""The article of a message."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from publisher import bylines, markup, minting, scripts
from publisher.article import Article, Organization, Party, Person, Publication
from publisher.enclosed import Pictures, minted
from publisher.formats import Context, Origin, Reading
from publisher.formats.mail import plain
from publisher.formats.mail.letter import Letter, is_view
from publisher.formats.mail.message import Message
from publisher.manuscript import resolver
from publisher.problems import Problem, Severity, Unreadable, problem, shown
from publisher.text import language, line, url

__all__ = ["read"]

_FORWARDED = re.compile(r"^\s*(?:(?:re|fwd?|aw|wg|tr|rv|sv|vs|i|enc)\s*:\s*)+", re.IGNORECASE)
_FROM = re.compile(
    r"(?P<person>.*?\S)\s++(?:from|at|of|@|von|vom|de|chez|via|bei|van|da)\s++(?P<house>.+)|(?P<first>.*?\S)\s*+[|•·–—/]\s*+(?P<second>.+)"
)
_ROLES = re.compile(
    r"(?:no-?reply|newsletters?|news|hello|hi|info|mail|editors?|team|contact|press|updates?|subscriptions?|support|redaktion)\b.*",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"<\s*([^<>\s]+)\s*>")
_REDIRECTS = re.compile(r"(?:^|[/.])(?:click|clicks|track|tracking|trk|links?|redirect|lnk|ls|ct|e)(?:[/.]|$)", re.IGNORECASE)
"""Parts of hosts and paths of links that only count who follows them."""
_OF_READERS = re.compile(r"utm_.*|mc_[ce]id|e|email|token|r|recipient|subscriber.*|uid|sid", re.IGNORECASE)
_LONGEST_ADDRESS = 300
_IN_IDS = "@!$&'*+=~._-"


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return the message as an article; raise `Unreadable` when it has no text that we can read."""
    message = Message(body)
    texts = message.texts()
    if not texts:
        raise Unreadable(_textless(message))
    sender = _Mail(message, texts, replace(context, publication=None)).publication()
    return _Mail(message, texts, replace(context, publication=context.house or sender or minting.UNNAMED)).reading()


def _textless(message: Message) -> Problem:
    if message.encrypted():
        return problem("mail-encrypted", Severity.ERROR, "the message is encrypted", hint="save it decrypted")
    return problem("mail-without-text", Severity.ERROR, "there is no text in the message", hint="check that this is the message you mean")


class _Mail:
    def __init__(self, message: Message, texts: list[tuple[str, str]], context: Context) -> None:
        self.message = message
        self.context = context
        self.problems: list[Problem] = []
        self.origins: dict[str, str] = {}
        self.pictures = Pictures(context.address)
        self.inside = message.inside()
        self.used: set[str] = set()
        html = "".join(text if kind == "html" else plain.to_html(text, kind) for kind, text in texts)
        self.letter = Letter(html)
        self.preview = self.letter.take_hidden() if any(kind == "html" for kind, _ in texts) else None

    def say(self, code: str, message: str, hint: str = "", severity: Severity = Severity.INFO) -> None:
        self.problems.append(problem(f"mail-{code}", severity, message, hint=hint))

    def reading(self) -> Reading:
        headline = self.headline()
        found, house = self.sender()
        address = self.address()
        self.clear(headline)
        text, repairs = markup.mended(self.letter.root, resolver(self.context.address))
        identifier, own = self.minted(headline)
        date = self.message.date()
        if date is None:
            self.say("no-date", "the message does not say when it was sent", "write the date into the field Date", Severity.WARNING)
        article = Article(
            identifier=identifier,
            headline=headline,
            url=address or own,
            description=self.preview,
            body=text,
            in_language=self.language(text),
            date_published=date,
            author=found,
            publisher=house,
        )
        self.note(article, address)
        self.losses()
        publication = replace(self.context.publication or minting.UNNAMED, articles=(article,))
        return Reading(
            publication=publication,
            problems=(*self.problems, *(each.problem() for each in repairs)),
            media=self.pictures.bytes_of,
            holds=self.pictures.addresses,
            origins=tuple(Origin(identifier=identifier, field=name, source=each) for name, each in self.origins.items()),
        )

    def note(self, article: Article, address: str | None) -> None:
        """Note from which fields values are."""
        said = {
            "headline": "field Subject",
            "datePublished": "field Date" if article.date_published else "",
            "author": "field From" if article.author else "",
            "publisher": "field From" if article.publisher else "",
            "description": "hidden preview" if article.description else "",
            "url": self.origins.get("url", "") if address else "",
        }
        self.origins = {name: source for name, source in said.items() if source}

    # -- fields -------------------------------------------------------------------------------------------------------

    def headline(self) -> str:
        subject = line(_FORWARDED.sub("", self.message.field("subject") or ""))
        if not subject:
            self.say("no-subject", "the message has no subject", "write one into the field Subject", Severity.WARNING)
        return subject or line(minting.words(self.context.path)) or "Untitled"

    def publication(self) -> Publication | None:
        """Return the house that sends the letter as what it appears in, when an organization says that it is one."""
        _, house = self.sender()
        _, _, domain = next(iter(self.message.addresses("from")), ("", ""))[1].rpartition("@")
        address = url(f"https://{domain}/") if domain else None
        return Publication(identifier=address, name=house.name, url=address, publisher=house) if house and address else None

    def sender(self) -> tuple[tuple[Party, ...], Party | None]:
        """Return who wrote and who publishes: "Ines Calloway from The Lantern", else what the address says of the name."""
        house = self.context.publication.publisher if self.context.publication else None
        name, address = next(iter(self.message.addresses("from")), ("", ""))
        name = line(name) or ""
        parts = _FROM.fullmatch(name)
        if parts:
            person, other = parts["person"] or parts["first"], parts["house"] or parts["second"]
            named = bylines.party(person, self.context.parties)
            return (named,) if named else (), bylines.party(other, self.context.parties, organization=True) or house
        named = bylines.party(name, self.context.parties) if name else None
        if named is None:
            return (), house
        if isinstance(named, Organization) or self.is_house(name, address):
            found = named if isinstance(named, Organization) else Organization(name=named.name)
            return (), found
        return (named,), house if isinstance(named, Person) else named

    def is_house(self, name: str, address: str) -> bool:
        """Return whether a sender's name is that of a publication: of its list, of its domain, or of an address that is nobody's."""
        squeezed = _squeezed(name)
        local, _, domain = address.partition("@")
        listed = _squeezed((self.message.field("list-id") or "").partition("<")[0])
        return squeezed == listed or bool(squeezed and squeezed.removeprefix("the") in _squeezed(domain)) or bool(_ROLES.fullmatch(local))

    def address(self) -> str | None:
        """Return where the message is on the web, when that is sure.

        Archived-At says so (RFC 5064); List-Post does where the text has the same link, as Substack writes it;
        a link to see it in the browser does unless it leads over a counter.
        """
        archived = url(_bracketed(self.message.field("archived-at")))
        viewed = self.letter.take_notice(is_view)
        posted = url(_bracketed(self.message.field("list-post")))
        linked = {_plain(each) for each in self.letter.links()} | {_plain(viewed or "")}
        candidates = {
            "field Archived-At": archived,
            "field List-Post": posted if posted and _plain(posted) in linked and urlsplit(posted).path.strip("/") else None,
            "link to see it in the browser": _without_reader(url(viewed)) if viewed and not _counts(viewed) else None,
        }
        for source, found in candidates.items():
            if found and found.startswith("http"):
                self.origins["url"] = source
                return found
        return None

    def minted(self, headline: str) -> tuple[str, str]:
        """Return identifier and address: the message's own id is a URI (RFC 2392)."""
        house = self.context.publication or minting.UNNAMED
        identifier, own = minted(house, self.context.since, self.context.path, headline)
        given = _bracketed(self.message.field("message-id"))
        return f"mid:{quote(given, safe=_IN_IDS)}" if given and "@" in given else identifier, own

    def language(self, body: str) -> str | None:
        said = language(self.message.field("content-language")) or language(self.letter.language())
        text = markup.to_text(body)
        return said or language(scripts.guess_by_words(text)) or language(scripts.guess_language(text)) or self.house_language()

    def house_language(self) -> str | None:
        return self.context.publication.in_language if self.context.publication else None

    # -- text ---------------------------------------------------------------------------------------------------------

    def clear(self, headline: str) -> None:
        """Take out of the text what is made for mail programs, and give it its pictures."""
        if pixels := self.letter.take_pixels():
            self.say(
                "pixels",
                f"{pixels} pictures of a pixel were left out, which count readers"
                if pixels > 1
                else "a picture of a pixel was left out, which counts readers",
            )
        unsubscribe = {_plain(each) for each in _IN_BRACKETS.findall(self.message.field("list-unsubscribe") or "")}
        if unsubscribe and self.letter.take_notice(lambda link: _plain(link.get("href") or "") in unsubscribe):
            self.say("unsubscribing", "the link with which a reader leaves the list was left out, with the words around it")
        self.letter.take_heading(headline)
        self.used.update(self.letter.pictures(self.picture))
        self.letter.flatten()

    def picture(self, source: str) -> str | None:
        """Return the address of a picture inside the message, `None` when it is elsewhere."""
        name = unquote(source[4:]) if source[:4].lower() == "cid:" else source
        found = self.inside.get(name)
        return self.pictures.keep(found) if found else None

    def losses(self) -> None:
        used = {unquote(each[4:]) if each[:4].lower() == "cid:" else each for each in self.used}
        left = [name for name, identifier in self.message.attachments() if not identifier or identifier not in used]
        if left:
            named = ", ".join(map(shown, left[:3])) + (f" and {len(left) - 3} more" if len(left) > 3 else "")
            count = f"{len(left)} attachments were left out" if len(left) > 1 else "an attachment was left out"
            self.say("attachments", f"{count}: {named}", "put what belongs to the article beside it", Severity.WARNING)


def _squeezed(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())


def _bracketed(value: str | None) -> str | None:
    """Return what stands in angle brackets, else the value."""
    found = _IN_BRACKETS.search(value or "")
    return found[1] if found else value


def _plain(address: str) -> str:
    """Return an address without what may differ: its scheme, query, fragment and the slash at its end; of mailboxes all."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address
    return address.strip() if parts.scheme not in ("http", "https") else f"{parts.netloc}{parts.path}".rstrip("/").casefold()


def _counts(address: str) -> bool:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return True
    return len(address) > _LONGEST_ADDRESS or bool(_REDIRECTS.search(parts.netloc) or _REDIRECTS.search(parts.path))


def _without_reader(address: str | None) -> str | None:
    """Return an address without what says who read it."""
    if not address:
        return None
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _OF_READERS.fullmatch(name)]
    return url(urlunsplit(parts._replace(query=urlencode(kept), fragment="")))
