"""A pytest plugin: a Zotero server of its own for every test.

It comes with dmlsync and offers two fixtures. `zotero_sandbox` is a fresh, empty server on this machine, over HTTP and
as a WSGI application; `zotero_client` is a pyzotero client on its group. Both cost nothing until a test asks for them.

    def test_my_script(zotero_sandbox, zotero_client):
        my_script.run(zotero_sandbox.url, zotero_sandbox.group_id, zotero_sandbox.key)
        assert zotero_client.num_items() == 3
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

    from pyzotero.zotero import Zotero

    from dmlsync.sandbox import Sandbox
    from dmlsync.sandbox.faults import Faults


@dataclass(frozen=True)
class ZoteroSandbox:
    """A running server with one user, their library and one group, both empty.

    `url` is the address of the API; `key` may do everything, `read_only_key` only read. `faults` is empty: what is
    added to it, as in `faults.add("rate-limit:seconds=0,times=1")`, strikes the requests that follow. `app` is the same
    as a WSGI application, for clients that need no network.
    """

    url: str
    key: str
    read_only_key: str
    user_id: int
    group_id: int
    faults: Faults
    sandbox: Sandbox

    @property
    def app(self) -> WSGIApplication:
        """The API in-process, faults included."""
        return self.faults

    def new_group(self) -> int:
        """Makes another empty group; its id."""
        return self.sandbox.new_group()


@pytest.fixture
def zotero_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ZoteroSandbox]:
    """A Zotero server on a free port of this machine, as empty as a new account."""
    from dmlsync.sandbox import open_sandbox, serve
    from dmlsync.zotero.served import converters

    with open_sandbox(tmp_path_factory.mktemp("zotero") / "sandbox.sqlite", converters()) as sandbox:
        faults = sandbox.with_faults()
        server = serve(sandbox, 0, faults)
        thread = threading.Thread(target=server.serve_forever, name="zotero-sandbox")
        thread.start()
        try:
            yield ZoteroSandbox(
                server.url, sandbox.key, sandbox.read_only_key, sandbox.user, sandbox.group, faults, sandbox
            )
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def zotero_client(zotero_sandbox: ZoteroSandbox) -> Iterator[Zotero]:
    """A pyzotero client on the sandbox's group, with the key that may do everything."""
    import httpx2
    from pyzotero.zotero import Zotero

    with httpx2.Client(follow_redirects=True, trust_env=False) as http:
        client = Zotero(zotero_sandbox.group_id, "group", zotero_sandbox.key, client=http)
        client.endpoint = zotero_sandbox.url
        yield client
