"""The commands `convert` and `import`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from publisher.cli.talk import CONTENT, FINE, USAGE, count, failed, print_compared, progress, report, say, terms, verdict

if TYPE_CHECKING:
    from publisher.sources import Gathered

__all__ = ["bring", "convert", "read", "written"]


def convert(given: argparse.Namespace) -> int:
    """Write what was read in another format."""
    from publisher import exchange, formats

    if given.output == exchange.STDIN and given.format != "text":
        say("problems can only be written as text when the result goes to standard output")
        return USAGE
    if exchange.is_folder(given.output) and given.to in (None, formats.SOURCE):
        return _bring(given, drafts=given.drafts)
    started = perf_counter()
    found = _collected(given, drafts=given.drafts)
    made = exchange.convert(found, given.output, given.to, fetch_media=given.fetch, terms=terms(given), watch=progress)
    problems = (*found.problems, *made.problems)
    report(problems, given.format)
    summary = f"{count(len(found.publication.articles), 'article')}, "
    # One of several inputs that cannot be read does not stop the rest; it is an error all the same.
    several = given.source if len(given.source) > 1 else ()
    if failed((each for each in problems if each.location.path not in several), strict=given.strict):
        say(f"{summary}{verdict(problems)}: nothing was written")
        return CONTENT
    if made.folder is None:
        sys.stdout.buffer.write(*made.files.values())
        say(f"{summary}{verdict(problems)} in {perf_counter() - started:.1f} s")
    else:
        changed = exchange.keep(made, given.source, force=given.force)
        say(f"{summary}{count(len(made.files), 'file')} ({len(changed)} changed), {verdict(problems)} in {perf_counter() - started:.1f} s")
    return CONTENT if failed(problems, strict=given.strict) else FINE


def bring(given: argparse.Namespace) -> int:
    """Write what was read as sources."""
    return _bring(given, drafts=not given.no_drafts)


def _bring(given: argparse.Namespace, *, drafts: bool) -> int:
    """Write sources, and print what differs in those that somebody has edited."""
    from publisher import exchange

    started = perf_counter()
    folder = Path(given.output)
    found = _collected(given, drafts=drafts)
    done = exchange.bring(found, folder, given.source, force=given.force, fetch_media=given.fetch, terms=terms(given), watch=progress)
    problems = (*found.problems, *done.problems)
    report(problems, given.format)
    for each in done.edited if given.format == "text" else ():
        print_compared(each.now, each.new, f"{folder / each.path} (yours)", f"{folder / each.path} (imported)")
    left = f", {len(done.edited)} left as edited" if done.edited else ""
    files = f"{count(done.total, 'file')} ({len(done.changed)} changed{left})"
    say(f"{count(len(found.publication.articles), 'article')}, {files}, {verdict(problems)} in {perf_counter() - started:.1f} s")
    return CONTENT if failed(problems, strict=given.strict) else FINE


def _collected(given: argparse.Namespace, *, drafts: bool) -> Gathered:
    from publisher import exchange

    def stdin() -> bytes:
        return sys.stdin.buffer.read()

    return exchange.collect(
        given.source,
        form=given.form,
        drafts=drafts,
        terms=terms(given),
        follow=given.follow,
        full_text=given.full_text,
        stdin=stdin,
        watch=progress,
    )


def read(name: str) -> str:
    """Return the name of a format that we read; anything else is wrong usage."""
    from publisher import formats
    from publisher.problems import PublisherError

    try:
        return formats.get(name).NAME
    except PublisherError as error:
        raise argparse.ArgumentTypeError(f"{error}: {error.problems[0].hint}") from None


def written(name: str) -> str:
    """Return the name of a format that `convert` writes; anything else is wrong usage."""
    from publisher import exchange, formats
    from publisher.problems import PublisherError

    try:
        return name if name in exchange.writable() else formats.writer(name).NAME
    except PublisherError as error:
        raise argparse.ArgumentTypeError(f"{error}: use one of {', '.join(exchange.writable())}") from None
