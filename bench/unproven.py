"""`publisher build` without its proof, only to measure what that costs: nothing is read back and nothing is checked.

Nobody else can ask for this. It works in one process, so `--jobs 1` has to be given.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from publisher import build, formats
from publisher.cli import main
from publisher.outputs import Output, Written

__all__ = ["written"]


def written(output: Output) -> Written:
    """Return an output as it is written, and believe it."""
    content = output.content()
    if content.make:
        return Written(path=output.path, body=content.make(), problems=())
    body = formats.writer(output.format).write(content.publication, replace(content.target, tell=print))
    return Written(path=output.path, body=body, problems=())


if __name__ == "__main__":
    build.render = written
    sys.exit(main())
