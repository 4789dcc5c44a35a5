"""The library on the embedded server, in this process and over HTTP, and on a real server if one is given."""

from __future__ import annotations

import importlib.util
import os
import threading
from pathlib import Path

import httpx2
import pytest

from dmlsync.errors import LibraryRefusedError
from dmlsync.sandbox import open_sandbox, serve
from dmlsync.zotero.library import open_library as open_zotero_library

_FILE = Path(__file__).parents[1] / "sync" / "library_conformance.py"
_SPEC = importlib.util.spec_from_file_location("library_conformance", _FILE)
conformance = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(conformance)


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_sandbox(tmp_path_factory.mktemp("sandbox") / "sandbox.sqlite") as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def server(sandbox):
    server = serve(sandbox, 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()


@pytest.fixture
def opened():
    """Opens libraries and closes them after the test."""
    libraries = []

    def open_one(*args, **kwargs):
        libraries.append(open_zotero_library(*args, **kwargs))
        return libraries[-1]

    yield open_one
    for library in libraries:
        library.close()


class TestInProcess(conformance.LibraryConformance):
    URL = "http://sandbox.test"

    @pytest.fixture
    def group(self, sandbox):
        return f"groups/{sandbox.new_group()}"

    @pytest.fixture
    def open_library(self, sandbox, group, opened):
        return lambda: opened(group, self.URL, sandbox.key, transport=httpx2.WSGITransport(app=sandbox.app))

    @pytest.fixture
    def member(self, sandbox, group):
        with httpx2.Client(transport=httpx2.WSGITransport(app=sandbox.app)) as client:
            yield conformance.Member(client, f"{self.URL}/{group}", sandbox.key)

    def test_the_mirror_in_a_file_spares_the_next_run_its_reading(self, sandbox, group, opened, tmp_path):
        keys = ["PAPER222", "PAPER333"]
        for run in range(2):
            transport = httpx2.WSGITransport(app=sandbox.app)
            library = opened(group, self.URL, sandbox.key, mirror_path=tmp_path / "mirror.sqlite", transport=transport)
            if run == 0:
                library.snapshot()
                library.write([conformance.paper(key) for key in keys])
            assert library.snapshot().items.keys() == set(keys)
        assert library.requests == 1

    def test_a_user_library_is_a_library_too(self, sandbox, opened):
        transport = httpx2.WSGITransport(app=sandbox.app)
        library = opened(f"users/{sandbox.user}", self.URL, sandbox.key, transport=transport)
        (outcome,) = library.write([conformance.paper()])
        assert outcome.kind == "written"
        assert library.find(["PAPER222"]).items.keys() == {"PAPER222"}
        assert library.check_access().may_write

    def test_a_good_key_may_write(self, open_library):
        access = open_library().check_access()
        assert access.may_read
        assert access.may_write
        assert access.user

    @pytest.mark.parametrize(
        ("key", "name", "says"),
        [
            ("", None, "API key"),
            ("xxxxxxxxxxxxxxxxxxxxxxxx", None, "does not know the API key"),
            ("read only", None, "write permission"),
            ("good", "groups/999999", "no such group"),
            ("good", "users/999999", "permission"),
        ],
    )
    def test_a_key_that_may_not_write_is_told_before_the_first_write(self, sandbox, group, opened, key, name, says):
        key = {"read only": sandbox.read_only_key, "good": sandbox.key}.get(key, key)
        library = opened(name or group, self.URL, key, transport=httpx2.WSGITransport(app=sandbox.app))
        with pytest.raises(LibraryRefusedError, match=says) as caught:
            library.check_access()
        assert caught.value.remedy
        assert not key or key not in str(caught.value)

    def test_a_read_only_key_reads(self, sandbox, group, opened):
        transport = httpx2.WSGITransport(app=sandbox.app)
        library = opened(group, self.URL, sandbox.read_only_key, transport=transport)
        assert not library.check_access(write=False).may_write
        assert not library.snapshot().items
        with pytest.raises(LibraryRefusedError, match="write permission"):
            library.write([conformance.paper()])

    @pytest.mark.parametrize(("key", "name"), [("good", "groups/999999"), ("bad", None), ("", None)])
    def test_a_library_that_cannot_be_read_is_refused(self, sandbox, group, opened, key, name):
        key = sandbox.key if key == "good" else key
        library = opened(name or group, self.URL, key, transport=httpx2.WSGITransport(app=sandbox.app))
        with pytest.raises(LibraryRefusedError):
            library.snapshot()

    def test_another_server_under_the_same_address_is_noticed_and_read_anew(self, sandbox, tmp_path, opened):
        mirror = tmp_path / "mirror.sqlite"
        first = f"groups/{sandbox.new_group()}"
        with open_sandbox(tmp_path / "other.sqlite") as other:
            second = f"groups/{other.new_group()}"
            while second != first:
                second = f"groups/{other.new_group()}"
            library = opened(first, self.URL, sandbox.key, mirror_path=mirror, transport=_over(sandbox))
            library.write([conformance.paper("PAPER222"), conformance.paper("PAPER333")])
            library.snapshot()
            reset = opened(first, self.URL, other.key, mirror_path=mirror, transport=_over(other))
            assert not reset.snapshot().items
            assert reset.write([conformance.paper("PAPER444")])[0].kind == "written"
            assert reset.snapshot().items.keys() == {"PAPER444"}


def _over(sandbox):
    return httpx2.WSGITransport(app=sandbox.app)


class TestOverHttp(conformance.LibraryConformance):
    @pytest.fixture
    def group(self, sandbox):
        return f"groups/{sandbox.new_group()}"

    @pytest.fixture
    def open_library(self, sandbox, server, group, opened):
        return lambda: opened(group, server.url, sandbox.key)

    @pytest.fixture
    def member(self, sandbox, server, group):
        with httpx2.Client() as client:
            yield conformance.Member(client, f"{server.url}/{group}", sandbox.key)


REAL = {name: os.environ.get(f"DMLSYNC_TEST_ZOTERO_{name}", "") for name in ("URL", "KEY", "GROUP")}


@pytest.mark.skipif(not all(REAL.values()), reason="DMLSYNC_TEST_ZOTERO_URL, _KEY and _GROUP name no server to test on")
@pytest.mark.allow_hosts([httpx2.URL(REAL["URL"]).host])
class TestOnRealServer(conformance.LibraryConformance):
    """Everything in the group is deleted before each test."""

    @pytest.fixture
    def member(self):
        with httpx2.Client(timeout=60) as client:
            member = conformance.Member(client, f"{REAL['URL'].rstrip('/')}/groups/{REAL['GROUP']}", REAL["KEY"])
            member.delete_everything()
            yield member

    @pytest.fixture
    def open_library(self, member, opened):
        return lambda: opened(f"groups/{REAL['GROUP']}", REAL["URL"], REAL["KEY"])
