"""Web servers as docs/publishing.md sets them up: nginx and Caddy, on a port of this machine."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["caddy", "nginx"]

GUIDE = (Path(__file__).parents[2] / "docs" / "publishing.md").read_text("utf-8")


def block(language: str) -> str:
    """Return the one block of a language in the guide."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    return str(found)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int) -> Iterator[str]:
    """Run a server until it is no longer wanted; yield its address as soon as it answers."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(200):
            if process.poll() is not None:
                raise AssertionError((process.stderr.read() if process.stderr else "")[-2000:])
            with socket.socket() as asked:
                if not asked.connect_ex(("127.0.0.1", port)):
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def nginx(folder: Path, published: Path) -> Iterator[str]:
    port = free_port()
    own = re.sub(r"listen 80;.*", f"listen 127.0.0.1:{port};", block("nginx")).replace("/srv/lantern;", f"{published};")
    temporary = "".join(f"{each}_temp_path {folder}/{each}; " for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root; " if os.getuid() == 0 else ""  # else its workers may not read what only root may
    (folder / "nginx.conf").write_text(f"{user}daemon off; pid {folder}/pid; events {{}} http {{ access_log off; {temporary} {own} }}")
    with running([shutil.which("nginx") or "/usr/sbin/nginx", "-e", "stderr", "-c", str(folder / "nginx.conf")], port) as url:
        yield url


@contextmanager
def caddy(folder: Path, published: Path) -> Iterator[str]:
    port = free_port()
    own = block("caddy").replace("lantern.example {", f"http://127.0.0.1:{port} {{", 1).replace("/srv/lantern", str(published))
    (folder / "Caddyfile").write_text(f"{{\n    admin off\n    auto_https off\n    storage file_system {folder}\n}}\n{own}")
    with running(
        [shutil.which("caddy") or "/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")], port
    ) as url:
        yield url
