"""`announce`: after the upload, tells hubs, clouds and search engines what has changed since the last time."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from publisher.cli.talk import CONTENT, FINE, count, progress, report, say, show, visible

if TYPE_CHECKING:
    from publisher.announcing import Announced, Announcement, Service, Thing
    from publisher.desk import Desk
    from publisher.problems import Problem

__all__ = ["KINDS", "announce"]

KINDS = ("websub", "rsscloud", "indexnow")
"""Who can be told."""


def announce(given: argparse.Namespace) -> int:
    """Tell what has changed; what was taken is remembered at once, so that nothing is told twice."""
    from publisher import announcing, desk, files

    at = desk.desk_of(Path(given.source))
    found = tuple(announcing.things(_built(Path(given.output)), at.settings.publication))
    ledger = at.folder.root / files.ANNOUNCED
    told = announcing.Announced.read(files.read(ledger) if ledger.is_file() else None)
    planned = [each for service in _wanted(given, at) for each in _planned(service, at, found, told, anew=given.all)]
    if given.dry_run:
        show("\n".join(visible(line) for each in planned for line in _described(each)))
        say(f"{_summary(planned, planned)}; nothing was sent")
        return FINE
    missing = [] if given.force else _not_uploaded(planned, given, at)
    done, refused = ([], missing) if missing else _sent(planned, told, ledger, given)
    report(refused, given.format)
    say(_summary(done, planned))
    return CONTENT if refused else FINE


def _built(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield what the last build has put into a folder, without its media and books; raise `PublisherError` when there was none."""
    from publisher import files
    from publisher.problems import PublisherError, Severity, problem

    if not (paths := files.listed(folder)):
        hint = "build first, or say where with -o"
        raise PublisherError(problem("announce-nothing", Severity.ERROR, "no build has written here", hint=hint).at(str(folder)))
    texts = (each for each in paths if each.endswith((".html", ".htm", ".atom", ".rss", ".json")) and (folder / each).is_file())
    yield from ((each, files.read(folder / each)) for each in texts)


def _wanted(given: argparse.Namespace, at: Desk) -> list[Service]:
    """Return who is to be told; raise `PublisherError` when that is nobody."""
    from publisher.announcing import services
    from publisher.problems import PublisherError, Severity, problem

    who = [each for each in services(at.settings.publication, at.settings.site) if not given.only or each.kind in given.only]
    if not who:
        hint = "set hub or cloud in [feeds], or indexnow_key in [announce]"
        found = problem("announce-nobody", Severity.ERROR, "the settings name nobody to tell", hint=hint)
        raise PublisherError(found.at(at.place))
    return who


def _planned(service: Service, at: Desk, found: Iterable[Thing], told: Announced, *, anew: bool) -> Iterator[Announcement]:
    from publisher import announcing

    known = announcing.Announced() if anew else told
    changed, gone = announcing.due(service, found, known)
    yield from announcing.announcements(service, at.settings.publication, changed, gone)


def _described(planned: Announcement) -> Iterator[str]:
    service = planned.service
    yield f"{service.kind} {service.endpoint}"
    yield from (f"  changed {each.url}" for each in planned.things)
    yield from (f"  gone {each}" for each in planned.gone)


def _summary(done: Iterable[Announcement], planned: Iterable[Announcement]) -> str:
    """Return in one line who was told of how much of what there was to tell."""
    told, wanted = (_counted(each) for each in (done, planned))
    parts = (f"{_share(told[kind], number, _unit(kind))} to {kind}" for kind, number in wanted.items())
    return ", ".join(parts) or "nothing has changed since the last time"


def _counted(announcements: Iterable[Announcement]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for each in announcements:
        counted[each.service.kind] += len(each.urls)
    return counted


def _unit(kind: str) -> str:
    return "page" if kind == "indexnow" else "feed"


def _share(part: int, number: int, unit: str) -> str:
    return count(number, unit) if part == number else f"{part} of {count(number, unit)}"


def _not_uploaded(planned: Iterable[Announcement], given: argparse.Namespace, at: Desk) -> list[Problem]:
    """Return an error for each feed, and each key, that the server does not have yet as it is here: whoever is told comes at once."""
    from publisher import fetch
    from publisher.announcing import uploads
    from publisher.problems import PublisherError, Severity, problem

    found: list[Problem] = []
    wanted = uploads(planned, at.settings.publication)
    answers = fetch.get_each(wanted, private=given.allow_private, robots=False, cache=False)
    for url, answer in progress(answers, len(wanted), "looking"):
        if isinstance(answer, PublisherError):
            found += answer.problems
        elif sha256(answer.body).hexdigest() != wanted[url]:
            hint = "upload it first; --force announces it all the same"
            found.append(problem("announce-not-uploaded", Severity.ERROR, "the server has another version", hint=hint).at(url))
    return found


def _sent(
    planned: Iterable[Announcement], told: Announced, ledger: Path, given: argparse.Namespace
) -> tuple[list[Announcement], list[Problem]]:
    """Send what is planned; return what was taken, and why the rest was not. A service that does not answer is asked no more."""
    from publisher import fetch, files
    from publisher.announcing import refusal
    from publisher.problems import PublisherError

    done: list[Announcement] = []
    problems: list[Problem] = []
    left: Counter[Service] = Counter()
    every = list(planned)
    for each in progress(every, len(every), "telling"):
        if each.service in left:
            left[each.service] += len(each.urls)
            continue
        try:
            answer = fetch.post(each.service.endpoint, each.body, each.media_type, private=given.allow_private)
        except PublisherError as error:
            problems += error.problems
            if error.problems[0].code in fetch.PASSING:
                left[each.service] = 0
            continue
        if refused := refusal(each.service, answer.body):
            problems.append(refused.at(each.service.endpoint))
            continue
        told = told.after(each)
        files.write(ledger, told.to_bytes())
        done.append(each)
    return done, [*problems, *_left_out(left)]


def _left_out(left: Counter[Service]) -> Iterator[Problem]:
    """Yield what a service was not told of after it had not answered."""
    from publisher.problems import Severity, problem

    for service, number in left.items():
        if number:
            message = f"it was not told of {count(number, f'more {_unit(service.kind)}')}, since it does not answer"
            yield problem("announce-left-out", Severity.ERROR, message, hint="announce again later").at(service.endpoint)
