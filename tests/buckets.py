"""A server that is S3, on this machine: moto's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from moto.moto_server import threaded_moto_server, werkzeug_app
from s3fs import S3FileSystem

__all__ = ["Bucket", "bucket_server"]

NAME = "lantern"


class Bucket:
    """The one bucket of a server; what is asked of the server is counted."""

    def __init__(self, client: Any, asked: Counter[str]) -> None:
        self.client = client
        self.asked = asked

    def put(self, key: str, body: bytes) -> None:
        self.client.put_object(Bucket=NAME, Key=key, Body=body)

    def get(self, key: str) -> bytes:
        return bytes(self.client.get_object(Bucket=NAME, Key=key)["Body"].read())

    def type_of(self, key: str) -> str:
        return str(self.client.head_object(Bucket=NAME, Key=key)["ContentType"])

    def keys(self, prefix: str = "") -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=NAME, Prefix=prefix)
        return [each["Key"] for page in pages for each in page.get("Contents", ())]

    def tree(self, prefix: str) -> dict[str, bytes]:
        return {key.removeprefix(prefix): self.get(key) for key in self.keys(prefix)}

    def clear(self) -> None:
        for key in self.keys():
            self.client.delete_object(Bucket=NAME, Key=key)
        self.asked.clear()


class _Counting:
    """Counts what is asked by method: `GET`, of a listing `LIST`, and so on."""

    def __init__(self, app: Any, asked: Counter[str]) -> None:
        self.app = app
        self.asked = asked

    def __call__(self, environment: dict[str, Any], start: Any) -> Any:
        is_list = "list-type" in environment.get("QUERY_STRING", "")
        self.asked["LIST" if is_list else environment["REQUEST_METHOD"]] += 1
        return self.app(environment, start)


@contextmanager
def bucket_server() -> Iterator[Bucket]:
    """Give a bucket, and let everything in this process that looks for S3 find its server."""
    S3FileSystem.clear_instance_cache()  # those of another server
    server, asked = threaded_moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False), Counter[str]()
    with pytest.MonkeyPatch.context() as patch:
        counting = lambda create: _Counting(werkzeug_app.DomainDispatcherApplication(create), asked)  # noqa: E731
        patch.setattr(threaded_moto_server, "DomainDispatcherApplication", counting)
        server.start()
        host, port = server.get_host_and_port()
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            patch.delenv(name, raising=False)
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "keeper")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "lamp")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        client = boto3.client("s3")
        client.create_bucket(Bucket=NAME)
        bucket = Bucket(client, asked)
        bucket.clear()  # moto keeps what is in buckets for all of its servers in a process
        try:
            yield bucket
        finally:
            server.stop()
            S3FileSystem.clear_instance_cache()
