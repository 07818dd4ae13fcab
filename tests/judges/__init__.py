"""Other people's programs that judge what we write: each module asks one of them; some are in `publisher.judges`, for users.

A judge that is not installed or breaks is an error, never a skip: `make judges` brings them all.
"""

from __future__ import annotations

import os
from pathlib import Path

from publisher.judges import ace, epubcheck, nu

__all__ = ["ace", "epubcheck", "nu"]

os.environ["NODE_PATH"] = str(Path(__file__).with_name("node_modules"))
