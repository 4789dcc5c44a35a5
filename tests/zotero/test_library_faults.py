"""Every way in which a server or the network can fail a library, on the embedded server with faults put in between."""

from __future__ import annotations

import itertools
import json

import httpx2
import pytest

from dmlsync.errors import LibraryRefusedError, LibraryUnavailableError
from dmlsync.model import Creator
from dmlsync.sandbox import open_sandbox
from dmlsync.sync.library import AttachmentChange, CollectionChange, ItemChange
from dmlsync.transport import RetryTransport
from dmlsync.zotero.library import ZoteroLibrary
from dmlsync.zotero.mirror import Mirror

URL = "http://sandbox.test"


class Faults(httpx2.BaseTransport):
    """Hands requests on, except where a fault is planned: `(request, send) -> response`, each used once."""

    def __init__(self, inner):
        self._inner = inner
        self.planned = []
        self.requests = []

    def handle_request(self, request):
        self.requests.append(request)
        for fault in self.planned:
            if fault.applies(request):
                self.planned.remove(fault)
                return fault.answer(request, self._inner.handle_request)
        return self._inner.handle_request(request)


class Fault:
    """`answer` stands in for the answer to the next request of this method whose address contains `part`."""

    def __init__(self, answer, method="POST", part=""):
        self.answer = answer
        self._method = method
        self._part = part

    def applies(self, request):
        return request.method == self._method and self._part in str(request.url)


def says(status, text="", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request, send: httpx2.Response(status, text=text, headers=headers, request=request)


def lost_after_commit(request, send):
    send(request).read()
    raise httpx2.ReadError("connection reset by peer", request=request)


def reset(request, send):
    raise httpx2.ConnectError("connection refused", request=request)


def times_out(request, send):
    raise httpx2.ReadTimeout("timed out", request=request)


def cut_off(request, send):
    response = send(request)
    body = response.read()
    return httpx2.Response(200, content=body[: len(body) // 2], headers=_kept(response), request=request)


def as_html(request, send):
    send(request).read()
    return httpx2.Response(200, html="<html><body>Please log in</body></html>", request=request)


def without_version(request, send):
    response = send(request)
    headers = [(name, value) for name, value in _kept(response) if name.lower() != "last-modified-version"]
    return httpx2.Response(200, content=response.read(), headers=headers, request=request)


def with_body(change):
    def answer(request, send):
        response = send(request)
        body = json.dumps(change(json.loads(response.read()))).encode()
        return httpx2.Response(200, content=body, headers=_kept(response), request=request)

    return answer


def _kept(response):
    return [(name, value) for name, value in response.headers.multi_items() if name.lower() != "content-length"]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with open_sandbox(tmp_path_factory.mktemp("sandbox") / "sandbox.sqlite") as sandbox:
        yield sandbox


@pytest.fixture
def name(sandbox):
    return f"groups/{sandbox.new_group()}"


@pytest.fixture
def faults(sandbox):
    return Faults(httpx2.WSGITransport(app=sandbox.app))


class Time:
    """Time that passes only by pauses."""

    def __init__(self):
        self.pauses = []

    def clock(self):
        return sum(self.pauses)

    def sleep(self, seconds):
        self.pauses.append(seconds)


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def library(sandbox, name, faults, time):
    transport = RetryTransport(faults, attempts=3, sleep=time.sleep, clock=time.clock)
    with ZoteroLibrary(name, URL, sandbox.key, Mirror.in_memory(), transport) as library:
        library.snapshot()
        yield library


@pytest.fixture
def truth(sandbox, name):
    """The same library without faults or memory."""
    opened = []

    def snapshot():
        transport = httpx2.WSGITransport(app=sandbox.app)
        opened.append(ZoteroLibrary(name, URL, sandbox.key, Mirror.in_memory(), transport))
        return opened[-1].snapshot()

    yield snapshot
    for other in opened:
        other.close()


def paper(key="PAPER222", version=0, **fields):
    if not version:
        fields = {"itemType": "conferencePaper", "title": f"Paper {key}"} | fields
    return ItemChange(key, version, fields)


def some_keys(count):
    return ["KEY22" + "".join(digits) for digits in itertools.islice(itertools.product("23456789", repeat=3), count)]


def kinds(outcomes):
    return [outcome.kind for outcome in outcomes]


def test_a_lost_answer_to_a_write_is_told_from_the_objects(library, faults, truth):
    faults.planned = [Fault(lost_after_commit)]
    change = ItemChange(
        "PAPER222",
        0,
        {"itemType": "book", "title": " A ", "arXiv": "1503.03832"},
        (Creator("B", "A"),),
        tags=frozenset("t"),
    )
    (outcome,) = library.write([change])
    assert outcome.kind == "written"
    assert outcome.version == truth().items["PAPER222"].version
    assert len(truth().items) == 1


def test_of_a_lost_answer_every_object_gets_its_own_outcome(library, faults, truth):
    (old,) = library.write([paper("PAPER999", title="old")])
    faults.planned = [Fault(lost_after_commit)]
    outcomes = library.write(
        [
            paper("PAPER222"),
            paper("PAPER333", itemType="bogus"),
            paper("PAPER999", title="exists"),
            AttachmentChange("FILE2222", 0, "PAPER222", "PDF", "https://example.org/a.pdf"),
            paper("PAPER999", version=old.version, title="new"),
        ]
    )
    assert kinds(outcomes) == ["written", "refused", "stale", "written", "written"]
    assert "bogus" in outcomes[1].reason
    assert truth().items.keys() == {"PAPER222", "PAPER999"}
    assert truth().items["PAPER999"].record.title == "new"


def test_a_lost_answer_to_collections_is_told_from_the_objects(library, faults, truth):
    faults.planned = [Fault(lost_after_commit)]
    outcomes = library.write([CollectionChange("AAAA2222", 0, "A"), CollectionChange("BBBB2222", 0, "B", "AAAA2222")])
    assert kinds(outcomes) == ["written", "written"]
    assert truth().collections["BBBB2222"].version == outcomes[1].version


def test_an_object_that_somebody_changed_after_the_lost_write_is_stale(library, faults, sandbox, name, truth):
    (first,) = library.write([paper(title="A")])

    def overtaken(request, send):
        send(request).read()
        theirs = {"key": "PAPER222", "version": first.version + 1, "title": "theirs"}
        headers = {"Zotero-API-Key": sandbox.key}
        send(httpx2.Request("POST", f"{URL}/{name}/items", json=[theirs], headers=headers)).read()
        raise httpx2.ReadError("reset", request=request)

    faults.planned = [Fault(overtaken)]
    (outcome,) = library.write([paper(version=first.version, title="ours")])
    assert outcome.kind == "stale"
    assert truth().items["PAPER222"].record.title == "theirs"


def test_answers_that_keep_getting_lost_end_the_write(library, faults):
    faults.planned = [Fault(lost_after_commit) for _ in range(10)]
    with pytest.raises(LibraryUnavailableError):
        library.write([paper("PAPER333", itemType="bogus"), paper()])


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("header", [{"Retry_After": "7"}, {"Backoff": "7"}, {}])
@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_less_gets_it(library, faults, time, truth, status, header, method):
    faults.planned = [Fault(says(status, "slow down", **header), method)]
    assert kinds(library.write([paper()])) == ["written"]
    assert library.snapshot().items.keys() == {"PAPER222"}
    assert time.pauses == [7.0] if header else len(time.pauses) == 1
    assert truth().items.keys() == {"PAPER222"}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (says(429, "Request rate limit exceeded", Retry_After="1"), "429"),
        (says(503, "maintenance"), "503"),
        (says(500, ""), "500"),
        (says(503, "maintenance", Retry_After="86400"), "86400"),
        (reset, "connection refused"),
        (times_out, "in time"),
        (as_html, "Please log in"),
        (cut_off, "cut off"),
        (without_version, "version"),
        (says(200, "[]"), "with"),
        (says(204), "204|with"),
        (with_body(lambda body: {"some": body} if isinstance(body, list) else [body]), "JSON"),
        (says(501, "Not Implemented"), "501"),
        (says(409, "Library is locked"), "locked"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_unusable_answer_makes_the_library_unavailable(library, faults, fault, words, method):
    faults.planned = [Fault(fault, method) for _ in range(4)]
    with pytest.raises(LibraryUnavailableError, match=words) as caught:
        if method == "GET":
            library.snapshot()
        else:
            library.write([paper()])
    assert caught.value.library == library.name
    assert caught.value.remedy


def test_after_a_failure_the_next_request_is_not_bent_by_it(library, faults):
    library.write([paper("PAPER222"), paper("PAPER333")])
    faults.planned = [Fault(as_html, "GET", "itemKey")]
    with pytest.raises(LibraryUnavailableError):
        library.find(["PAPER222"])
    library.write([paper("PAPER444")])
    assert library.snapshot().items.keys() == {"PAPER222", "PAPER333", "PAPER444"}
    assert "itemKey" not in str(faults.requests[-1].url)


@pytest.mark.parametrize(
    ("status", "text", "words"),
    [
        (403, "Forbidden", "read permission"),
        (403, "Invalid key", "does not know the API key"),
        (403, "Write access denied", "write permission"),
        (404, "Not found", "no such library"),
        (401, "", "permission"),
        (301, "moved", "301"),
        (405, "Method not allowed", "405"),
        (400, "Invalid something", "400"),
    ],
)
def test_a_refused_read_says_what_is_missing(library, faults, status, text, words):
    faults.planned = [Fault(says(status, text), "GET")]
    with pytest.raises(LibraryRefusedError, match=words):
        library.snapshot()


def test_the_api_key_is_in_no_message(library, faults, sandbox):
    for status in (403, 404, 501, 200, 409, 400):
        faults.planned = [Fault(says(status, f"Key '{sandbox.key}' is <b>not</b> good\x1b[31m"), "GET")]
        with pytest.raises((LibraryRefusedError, LibraryUnavailableError)) as caught:
            library.snapshot()
        assert sandbox.key not in str(caught.value)
        assert "\x1b" not in str(caught.value)
        assert "<b>" not in str(caught.value)
    assert sandbox.key not in repr(library)
    assert all(sandbox.key not in str(request.url) for request in faults.requests)


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (400, "JSON Error", "refused"),
        (428, "Precondition required", "refused"),
        (412, "Library has been modified since specified version", "stale"),
    ],
)
def test_a_batch_refused_as_a_whole_is_an_outcome_for_each_change(library, faults, status, text, kind):
    faults.planned = [Fault(says(status, text))]
    outcomes = library.write([paper("PAPER222"), paper("PAPER333")])
    assert kinds(outcomes) == [kind, kind]
    assert outcomes[0].reason == text


def test_a_batch_of_too_many_bytes_is_halved(library, faults, truth):
    faults.planned = [Fault(says(413, "Request Entity Too Large")) for _ in range(2)]
    assert kinds(library.write([paper(f"PAPER{number}") for number in range(222, 230)])) == ["written"] * 8
    assert len(truth().items) == 8
    faults.planned = [Fault(says(413, "Request Entity Too Large"))]
    (outcome,) = library.write([paper("PAPER999")])
    assert outcome.kind == "refused"


def test_an_object_missing_from_the_report_is_to_be_read_again(library, faults):
    faults.planned = [Fault(with_body(lambda report: {"successful": {}, "unchanged": [], "failed": {}}))]
    (outcome,) = library.write([paper()])
    assert outcome.kind == "stale"


def test_an_object_that_the_server_failed_at_is_to_be_tried_again(library, faults):
    failure = {"failed": {"0": {"code": 500, "message": "An error occurred"}}}
    faults.planned = [Fault(with_body(lambda report: failure))]
    (outcome,) = library.write([paper()])
    assert (outcome.kind, outcome.reason) == ("stale", "An error occurred")


def test_a_list_of_versions_that_lost_its_end_is_not_believed(sandbox, library, faults):
    library.write([paper(f"PAPER{number}") for number in range(222, 230)])

    def lose(versions):
        return dict(list(versions.items())[:3])

    faults.planned = [Fault(with_body(lose), "GET", "format=versions")]
    other = ZoteroLibrary(library.name, URL, sandbox.key, Mirror.in_memory(), RetryTransport(faults))
    with other, pytest.raises(LibraryUnavailableError, match="announces 8 objects and lists 3"):
        other.snapshot()


def test_members_of_a_collection_that_were_cut_off_are_not_believed(sandbox, library, faults):
    (first, _) = library.write(
        [
            CollectionChange("AAAA2222", 0, "A"),
            ItemChange("PAPER222", 0, {"itemType": "book"}, collections=frozenset({"AAAA2222"})),
        ]
    )
    library.snapshot()
    renamed = [{"key": "AAAA2222", "version": first.version, "name": "B"}]
    headers = {"Zotero-API-Key": sandbox.key}
    url = f"{URL}/{library.name}/collections"
    faults.handle_request(httpx2.Request("POST", url, headers=headers, json=renamed)).read()
    faults.planned = [Fault(with_body(lambda versions: {}), "GET", "collections/AAAA2222")]
    with pytest.raises(LibraryUnavailableError, match="announces 1 objects and lists 0"):
        library.snapshot()
    assert library.snapshot().items["PAPER222"].collections == {"AAAA2222"}
    assert library.snapshot().collections["AAAA2222"].name == "B"


def test_an_empty_list_of_versions_may_be_written_as_a_list(sandbox, name):
    faults = Faults(httpx2.WSGITransport(app=sandbox.app))
    faults.planned = [Fault(with_body(lambda body: body or []), "GET", "format=versions") for _ in range(2)]
    with ZoteroLibrary(name, URL, sandbox.key, Mirror.in_memory(), RetryTransport(faults)) as other:
        assert not other.snapshot().items


def test_a_page_that_lost_an_item_is_made_good(sandbox, library, name):
    keys = some_keys(30)
    library.write([paper(key) for key in keys])
    faults = Faults(httpx2.WSGITransport(app=sandbox.app))
    faults.planned = [Fault(with_body(lambda page: page[3:]), "GET", "limit=100")]
    with ZoteroLibrary(name, URL, sandbox.key, Mirror.in_memory(), RetryTransport(faults)) as other:
        assert other.snapshot().items.keys() == set(keys)


def test_items_that_change_while_pages_are_read_are_not_lost(sandbox, library, name):
    keys = some_keys(230)
    outcomes = library.write([paper(key) for key in keys])

    def meddle(request, send):
        """Between two pages, items go, come and change: what was on the second page is now on the first."""
        headers = {"Zotero-API-Key": sandbox.key, "If-Unmodified-Since-Version": str(outcomes[-1].version)}
        gone = ",".join(keys[-20:])
        send(httpx2.Request("DELETE", f"{URL}/{name}/items?itemKey={gone}", headers=headers)).read()
        edits = [{"key": "PAPER999", "version": 0, "itemType": "book", "title": "new"}]
        edits += [{"key": keys[0], "version": outcomes[0].version, "title": "edited"}]
        body = {"json": edits, "headers": {"Zotero-API-Key": sandbox.key}}
        send(httpx2.Request("POST", f"{URL}/{name}/items", **body)).read()
        return send(request)

    faults = Faults(httpx2.WSGITransport(app=sandbox.app))
    faults.planned = [Fault(meddle, "GET", "start=100")]
    with ZoteroLibrary(name, URL, sandbox.key, Mirror.in_memory(), RetryTransport(faults)) as other:
        now = other.snapshot()
        assert now.items.keys() == {*keys[:-20], "PAPER999"}
        assert now.items[keys[0]].record.title == "edited"
        sent = other.requests
        assert other.snapshot().items.keys() == now.items.keys()
        assert other.requests - sent == 1


def test_a_deletion_while_changes_are_read_is_seen(sandbox, library, name, faults):
    library.write([paper("PAPER222"), paper("PAPER333"), paper("PAPER444")])
    library.snapshot()
    headers = {"Zotero-API-Key": sandbox.key}
    client = httpx2.Client(transport=httpx2.WSGITransport(app=sandbox.app), headers=headers, base_url=f"{URL}/{name}")

    def meddle(request, send):
        client.delete("/items?itemKey=PAPER222,PAPER333").raise_for_status()
        return send(request)

    with client:
        client.post("/items", json=[{"itemType": "book", "key": "PAPER555", "version": 0}]).raise_for_status()
        faults.planned = [Fault(meddle, "GET", "format=versions")]
        assert library.snapshot().items.keys() == {"PAPER444", "PAPER555"}
        assert library.snapshot().items.keys() == {"PAPER444", "PAPER555"}


def test_others_writing_in_between_do_not_move_our_mark(sandbox, library, name, faults):
    headers = {"Zotero-API-Key": sandbox.key}

    def meddle(request, send):
        theirs = [{"itemType": "book", "key": "PAPER999", "version": 0, "title": "theirs"}]
        send(httpx2.Request("POST", f"{URL}/{name}/items", json=theirs, headers=headers)).read()
        return send(request)

    faults.planned = [Fault(meddle)]
    library.write([paper()])
    assert library.snapshot().items.keys() == {"PAPER222", "PAPER999"}


def test_a_server_without_native_citation_keys_gets_the_line_of_extra(library, faults, truth):
    def old(request, send):
        response = send(request)
        headers = [*_kept(response), ("Zotero-Schema-Version", "30")]
        headers = [header for header in headers if header != ("zotero-schema-version", "41")]
        return httpx2.Response(200, content=response.read(), headers=headers, request=request)

    faults.planned = [
        Fault(old, "GET"),
        Fault(with_body(lambda fields: [row for row in fields if row["field"] != "citationKey"]), "GET", "itemFields"),
    ]
    library.snapshot()
    assert kinds(library.write([paper(citationKey="a2015"), paper("PAPER333", citationKey="b2015")])) == ["written"] * 2
    assert truth().items["PAPER222"].citation_key == "a2015"
    assert sum("itemFields" in str(request.url) for request in faults.requests) == 1
    assert b"citationKey" not in faults.requests[-1].content


@pytest.mark.parametrize("prefix", ["/zotero", "/a/b/"])
def test_an_endpoint_may_have_a_path(sandbox, library, name, prefix):
    keys = some_keys(120)
    library.write([paper(key) for key in keys])
    root = prefix.rstrip("/")

    def below(environ, start_response):
        assert environ["PATH_INFO"].startswith(root + "/")
        return sandbox.app(environ | {"PATH_INFO": environ["PATH_INFO"].removeprefix(root)}, start_response)

    transport = httpx2.WSGITransport(app=below)
    with ZoteroLibrary(name, URL + prefix, sandbox.key, Mirror.in_memory(), transport) as other:
        assert other.snapshot().items.keys() == set(keys)
        assert kinds(other.write([paper("PAPER999")])) == ["written"]
        assert other.check_access().may_write


@pytest.mark.parametrize(
    ("name", "endpoint"),
    [
        ("group/1", URL),
        ("groups/x", URL),
        ("groups/1/items", URL),
        ("", URL),
        ("groups/1", "ftp://example.org"),
        ("groups/1", "api.zotero.org"),
        ("groups/1", "http://tags.example.org"),
        ("groups/1", "http://example.org/?key=x"),
    ],
)
def test_a_name_or_endpoint_that_cannot_work_is_refused_at_once(name, endpoint):
    with pytest.raises(LibraryRefusedError) as caught:
        ZoteroLibrary(name, endpoint, "secret", Mirror.in_memory())
    assert caught.value.remedy
