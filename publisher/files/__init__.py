"""The disk: the only room that opens files.

What is written is written whole or not at all: every file first in a hidden folder, then moved, and moved back when one cannot be;
a file whose bytes are the same stays as it is, and what an earlier build made and this one does not, goes.
"""

from __future__ import annotations

from publisher.files.keeping import Cache, Store, kept_folder
from publisher.files.placing import Body, Spool, Spooled, adopt, alone, place, put, scratch, spool, write
from publisher.files.reading import (
    ANNOUNCED,
    CACHE,
    LEDGER,
    MANIFEST,
    SETTINGS,
    THEME,
    Folder,
    Stamp,
    held,
    home,
    listed,
    manifest_of,
    member,
    members,
    names,
    part,
    paths_in,
    read,
    small,
    state,
    walk,
)
from publisher.files.seeing import Census, Inventory, Placed, Stamps, census, digest_of, glimpse, installed, moment

__all__ = [
    "ANNOUNCED",
    "CACHE",
    "LEDGER",
    "MANIFEST",
    "SETTINGS",
    "THEME",
    "Body",
    "Cache",
    "Census",
    "Folder",
    "Inventory",
    "Placed",
    "Spool",
    "Spooled",
    "Stamp",
    "Stamps",
    "Store",
    "adopt",
    "alone",
    "census",
    "digest_of",
    "glimpse",
    "held",
    "home",
    "installed",
    "kept_folder",
    "listed",
    "manifest_of",
    "member",
    "members",
    "moment",
    "names",
    "part",
    "paths_in",
    "place",
    "put",
    "read",
    "scratch",
    "small",
    "spool",
    "state",
    "walk",
    "write",
]
