"""The JSON spelling of the model: lossless, for keeping, comparing and handing on.

`{"publication": {…}, "articles": [{…}]}`, as `publisher schema` prints its JSON Schema.
"""

from __future__ import annotations

import re
from typing import Literal

from publisher import schema
from publisher.article import Publication
from publisher.formats import Context, Reading, Target
from publisher.problems import Problem, PublisherError, Severity, Unreadable

NAME = "spelling"
TITLE = "JSON spelling of the model"
SPEC = "https://www.rfc-editor.org/rfc/rfc8259"
MEDIA_TYPE = "application/json"
PATH = "{slug}.json"
EACH: Literal["publication"] = "publication"

_START = re.compile(rb'\s*\{\s*"(publication|articles)"\s*:')


def recognizes(body: bytes, path: str = "") -> bool:
    """Return whether the bytes begin as the spelling does."""
    return bool(_START.match(body.removeprefix(b"\xef\xbb\xbf")[:200]))


def write(publication: Publication, target: Target = Target()) -> bytes:
    """Return the publication as indented JSON in UTF-8."""
    return f"{schema.to_text(schema.dump(publication))}\n".encode()


def read(body: bytes, context: Context = Context()) -> Reading:
    """Return what the JSON says; raise `Unreadable` when it is not this spelling."""
    try:
        publication, problems = schema.load(schema.from_text(body.removeprefix(b"\xef\xbb\xbf")))
    except PublisherError as error:
        raise Unreadable(*error.problems) from None
    return Reading(publication=publication, problems=problems)


def carry(publication: Publication) -> Publication:
    """Return the publication: nothing is lost."""
    return publication


def check(body: bytes) -> list[Problem]:
    """Return what reading it reports; what cannot be read is one error."""
    try:
        return list(read(body).problems)
    except Unreadable as error:
        return [found for found in error.problems if found.severity == Severity.ERROR]
