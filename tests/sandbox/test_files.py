"""The files of attachments: asking, sending, registering, fetching."""

import contextlib
import hashlib
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.sandbox import open_sandbox
from dmlsync.sandbox.multipart import file_in
from dmlsync.sandbox.problem import ApiError

NEW = {"If-None-Match": "*"}
PDF = b"%PDF-1.7\r\n--not a boundary\r\n\x00\xff the end"


def md5(content):
    return hashlib.md5(content).hexdigest()


def form(content=PDF, **changes):
    facts = {"md5": md5(content), "filename": "a paper.pdf", "filesize": len(content), "mtime": 1700000000123}
    return {name: value for name, value in {**facts, **changes}.items() if value is not None}


@pytest.fixture
def attachment(library, paper):
    """A paper with an attachment whose file is not there yet."""
    sent = {"itemType": "attachment", "linkMode": "imported_file", "key": "FILE2222", "version": 0}
    library.add(paper, sent | {"parentItem": "PAPER222", "title": "PDF"})
    return "/items/FILE2222/file"


@pytest.fixture
def send(library):
    """Does all three steps for new contents of an attachment; the answer to the registration."""

    def send(path, content=PDF, headers=NEW, **changes):
        asked = library.ask("POST", path, data=form(content, **changes), headers=headers)
        assert asked.status_code == 200, asked.text
        place = asked.json()
        body = place["prefix"].encode() + content + place["suffix"].encode()
        received = library.http.post(place["url"], content=body, headers={"Content-Type": place["contentType"]})
        assert (received.status_code, received.content) == (201, b"")
        return library.ask("POST", path, data={"upload": place["uploadKey"]}, headers=headers)

    return send


def test_an_upload_in_three_steps(library, attachment, send):
    before = library.data("FILE2222")
    registered = send(attachment, contentType="application/pdf")
    assert (registered.status_code, registered.content) == (204, b"")
    assert registered.headers["Last-Modified-Version"] == "4"
    after = library.data("FILE2222")
    changed = {name: value for name, value in after.items() if before[name] != value}
    assert changed == {
        "version": 4,
        "md5": md5(PDF),
        "mtime": 1700000000123,
        "filename": "a paper.pdf",
        "contentType": "application/pdf",
    }
    assert library.version == 4


def test_asking_and_sending_change_nothing(library, attachment):
    asked = library.ask("POST", attachment, data=form(), headers=NEW)
    assert set(asked.json()) == {"url", "contentType", "prefix", "suffix", "uploadKey"}
    assert "Last-Modified-Version" not in asked.headers
    assert (library.version, library.data("FILE2222")["md5"]) == (3, None)
    assert library.get(attachment).status_code == 404


def test_the_parameters_by_themselves(library, attachment):
    asked = library.ask("POST", attachment, data=form(params=1), headers=NEW).json()
    assert set(asked) == {"url", "params", "uploadKey"}
    assert next(iter(asked["params"])) == "key"
    files = [(name, (None, value)) for name, value in asked["params"].items()] + [("file", ("upload", PDF))]
    assert library.http.post(asked["url"], files=files).status_code == 201
    registered = library.ask("POST", attachment, data={"upload": asked["uploadKey"]}, headers=NEW)
    assert registered.status_code == 204


def test_fetching_leads_to_the_contents(library, attachment, send):
    send(attachment, contentType="text/html", charset="utf-8")
    answer = library.get(attachment)
    assert answer.status_code == 302
    facts = {name: value for name, value in answer.headers.items() if name.startswith("zotero-file")}
    assert facts == {
        "zotero-file-modification-time": "1700000000123",
        "zotero-file-md5": md5(PDF),
        "zotero-file-size": str(len(PDF)),
        "zotero-file-compressed": "No",
    }
    fetched = library.http.get(answer.headers["Location"], headers={"Zotero-API-Key": ""})
    assert fetched.content == PDF
    assert fetched.headers["Content-Type"] == "text/html; charset=utf-8"
    assert fetched.headers["Content-Disposition"].startswith("attachment;")
    assert fetched.headers["Content-Security-Policy"] == "sandbox"
    seen = library.get(attachment + "/view")
    assert seen.status_code == 302
    assert seen.headers["Location"].endswith("/a%20paper.pdf")
    as_text = library.get(attachment + "/view/url")
    assert as_text.headers["Content-Type"].startswith("text/plain")
    assert library.http.get(as_text.text.strip()).content == PDF


def test_an_address_of_contents_cannot_be_made_up(library, attachment, send):
    send(attachment)
    library.add({"itemType": "attachment", "linkMode": "imported_file", "key": "FILE3333", "version": 0})
    url = library.get(attachment).headers["Location"]
    for wrong in (url.replace("FILE2222", "FILE3333"), url.replace("/attachment/1", "/attachment/2")):
        answer = library.http.get(wrong)
        assert (answer.status_code, answer.text) == (403, "Request has expired")


def test_links_to_files(library, attachment, send):
    assert "enclosure" not in library.read("/items/FILE2222")["links"]
    assert "attachment" not in library.read("/items/PAPER222")["links"]
    send(attachment, contentType="application/pdf")
    enclosure = library.read("/items/FILE2222")["links"]["enclosure"]
    assert enclosure.pop("href").endswith("/items/FILE2222/file/view")
    assert enclosure == {"type": "application/pdf", "title": "a paper.pdf", "length": len(PDF)}
    best = library.read("/items/PAPER222")["links"]["attachment"]
    assert best.pop("href").endswith("/items/FILE2222")
    assert best == {"type": "application/json", "attachmentType": "application/pdf", "attachmentSize": len(PDF)}


def test_known_contents_are_not_sent_again(library, attachment, send):
    send(attachment, contentType="application/pdf")
    library.add({"itemType": "attachment", "linkMode": "imported_url", "key": "FILE3333", "version": 0})
    asked = library.ask("POST", "/items/FILE3333/file", data=form(filename="other.pdf"), headers=NEW)
    assert asked.json() == {"exists": 1}
    assert asked.headers["Last-Modified-Version"] == "6"
    assert library.data("FILE3333")["filename"] == "other.pdf"
    again = library.ask("POST", attachment, data=form(mtime=5), headers={"If-Match": md5(PDF)})
    assert (again.json(), library.data("FILE2222")["mtime"]) == ({"exists": 1}, 5)
    wrong = library.ask("POST", attachment, data=form(filesize=1), headers={"If-Match": md5(PDF)})
    assert (wrong.status_code, wrong.text) == (400, "Specified file size incorrect for known file")


def test_new_contents_replace_the_old_ones(library, attachment, send):
    send(attachment)
    assert send(attachment, b"new", {"If-Match": f'"{md5(PDF)}"'}).status_code == 204
    assert library.http.get(library.get(attachment).headers["Location"]).content == b"new"
    # The old contents are kept no longer, so they would have to be sent anew.
    asked = library.ask("POST", attachment, data=form(), headers={"If-Match": md5(b"new")})
    assert "uploadKey" in asked.json()


def test_contents_go_with_the_last_item_that_has_them(library, attachment, send):
    send(attachment)
    library.ask("DELETE", "/items/PAPER222", since=99)
    library.add({"itemType": "attachment", "linkMode": "imported_file", "key": "FILE2222", "version": 0})
    assert library.get(attachment).status_code == 404
    assert "uploadKey" in library.ask("POST", attachment, data=form(), headers=NEW).json()


def test_a_snapshot_of_several_files(library, attachment, send):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("page.html", "<p>text</p>")
    content = packed.getvalue()
    facts = {"md5": md5(b"<p>text</p>"), "filename": "page.html", "contentType": "text/html"}
    send(attachment, content, **facts, zipMD5=md5(content), zipFilename="FILE2222.zip")
    data = library.data("FILE2222")
    assert (data["md5"], data["filename"]) == (md5(b"<p>text</p>"), "page.html")
    answer = library.get(attachment)
    assert answer.headers["Zotero-File-Compressed"] == "Yes"
    assert library.http.get(answer.headers["Location"]).content == content


@pytest.mark.parametrize(
    ("headers", "status", "message"),
    [
        ({}, 428, "If-Match/If-None-Match header not provided"),
        ({"If-None-Match": "x"}, 400, "Invalid value for If-None-Match header"),
        ({"If-Match": "x"}, 400, "Invalid ETag in If-Match header"),
        ({"If-Match": "0" * 32}, 412, "If-Match set but file does not exist"),
    ],
)
def test_preconditions_without_a_file(library, attachment, headers, status, message):
    for data in (form(), {"upload": "x"}):
        answer = library.ask("POST", attachment, data=data, headers=headers)
        assert (answer.status_code, answer.text) == (status, message)
        assert "Last-Modified-Version" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        (NEW, "If-None-Match: * set but file exists"),
        ({"If-Match": "0" * 32}, "ETag does not match current version of file"),
    ],
)
def test_preconditions_with_a_file(library, attachment, send, headers, message):
    send(attachment)
    answer = library.ask("POST", attachment, data=form(b"new"), headers=headers)
    assert (answer.status_code, answer.text) == (412, message)
    assert answer.headers["Last-Modified-Version"] == "4"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"md5": None}, "MD5 hash not provided"),
        ({"md5": "x"}, "Invalid MD5 hash"),
        ({"md5": "../../etc/passwd"}, "Invalid MD5 hash"),
        ({"filename": None}, "Filename not provided"),
        ({"filename": "../a.pdf"}, "Stored-file filename '../a.pdf' cannot contain a directory path"),
        ({"mtime": None}, "File modification time not provided"),
        ({"mtime": "soon"}, "Invalid file modification time"),
        ({"filesize": None}, "File size not provided"),
        ({"filesize": "big"}, "Invalid file size"),
        ({"filesize": -1}, "Invalid file size"),
        ({"filesize": 101 * 1024 * 1024}, "Files above 100 MB are not supported by the embedded library"),
        ({"zipMD5": "0" * 32}, "ZIP filename not provided"),
        ({"zipFilename": "a.zip"}, "ZIP MD5 hash not provided"),
        ({"upload": ""}, "Upload key not provided"),
        ({"upload": "0" * 32}, "Upload key not found"),
    ],
)
def test_requests_for_an_upload_that_are_refused(library, attachment, changes, message):
    answer = library.ask("POST", attachment, data=form(**changes), headers=NEW)
    assert (answer.status_code, answer.text) == (400, message)


def test_items_that_can_have_no_file(library, paper, link):
    library.add(paper, link)
    for key, status, message in (
        ("PAPER222", 400, "Item is not an attachment"),
        ("FILE2222", 400, "Cannot upload file for linked file/URL attachment item"),
        ("ZZZZ2222", 404, "Item does not exist"),
    ):
        answer = library.ask("POST", f"/items/{key}/file", data=form(), headers=NEW)
        assert (answer.status_code, answer.text) == (status, message)
    assert library.get("/items/FILE2222/file").status_code == 404


def test_a_stored_file_has_no_path(library):
    sent = {"itemType": "attachment", "linkMode": "imported_file", "filename": "a/b.pdf"}
    assert library.failure(sent) == (400, "Stored-file filename 'a/b.pdf' cannot contain a directory path")


def test_registering_what_was_not_sent(library, attachment):
    key = library.ask("POST", attachment, data=form(), headers=NEW).json()["uploadKey"]
    answer = library.ask("POST", attachment, data={"upload": key}, headers=NEW)
    assert (answer.status_code, answer.text) == (400, "Remote file not found")


def test_an_upload_belongs_to_one_item(library, attachment):
    library.add({"itemType": "attachment", "linkMode": "imported_file", "key": "FILE3333", "version": 0})
    key = library.ask("POST", attachment, data=form(), headers=NEW).json()["uploadKey"]
    answer = library.ask("POST", "/items/FILE3333/file", data={"upload": key}, headers=NEW)
    assert (answer.status_code, answer.text) == (400, "Upload key not found")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (PDF[::-1], "The Content-MD5 you specified did not match what we received."),
        (PDF + b"!", "Your proposed upload exceeds the maximum allowed size"),
        (PDF[:-1], "Your proposed upload is smaller than the minimum allowed size"),
    ],
)
def test_other_contents_than_announced(library, attachment, content, message):
    url = library.ask("POST", attachment, data=form(params=1), headers=NEW).json()["url"]
    answer = library.http.post(url, files={"file": content})
    assert (answer.status_code, answer.text) == (400, message)
    assert library.http.post(url, content=b"x").status_code == 400
    assert library.http.get(url).status_code == 404
    assert library.http.post(url[:-1] + "x", files={"file": PDF}).status_code == 404


def test_ten_uploads_at_once(library, attachment):
    for number in range(10):
        assert library.ask("POST", attachment, data=form(str(number).encode()), headers=NEW).status_code == 200
    answer = library.ask("POST", attachment, data=form(), headers=NEW)
    assert (answer.status_code, answer.text) == (429, "Too many queued uploads")
    assert answer.headers["Retry-After"] == "300"


def test_the_quota(tmp_path, library, attachment):
    with open_sandbox(library.sandbox.path, quota=1) as small:
        other = type(library)(small)
        answer = other.ask("POST", attachment, data=form(filesize=1_100_000), headers=NEW)
        assert answer.status_code == 200
        answer = other.ask("POST", attachment, data=form(filesize=1_200_000), headers=NEW)
        assert (answer.status_code, answer.text) == (413, "File would exceed quota (1.1 &gt; 1)")
        assert answer.headers["Zotero-Storage-Quota"] == "1"
        other.http.close()


def test_partial_uploads_are_refused(library, attachment, send):
    send(attachment)
    header = {"If-Match": md5(PDF)}
    key = library.ask("POST", attachment, data=form(b"new"), headers=header).json()["uploadKey"]
    answer = library.ask("PATCH", f"{attachment}?algorithm=bsdiff&upload={key}", content=b"patch", headers=header)
    assert (answer.status_code, answer.text.partition(";")[0]) == (
        400,
        "Partial uploads are not supported by the embedded library",
    )
    answer = library.ask("PATCH", f"{attachment}?algorithm=bsdiff&upload={key}", content=b"patch")
    assert answer.status_code == 428


def test_a_key_that_only_reads_fetches_but_does_not_send(library, attachment, send):
    send(attachment)
    reader = {"Zotero-API-Key": library.sandbox.read_only_key}
    assert library.get(attachment, headers=reader).status_code == 302
    answer = library.ask("POST", attachment, data=form(), headers=reader | NEW)
    assert (answer.status_code, answer.text) == (403, "Write access denied")
    assert library.get(attachment, headers={"Zotero-API-Key": ""}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b"--x--",
        b"--x\r\n\r\n--x--",
        b"hello",
        b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--',
    ],
)
def test_forms_without_a_file(body):
    with pytest.raises(ApiError):
        file_in(body, "multipart/form-data; boundary=x")


def test_the_part_of_a_form_may_hold_anything():
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../a"\r\nContent-Type: text/plain\r\n\r\n'
    for content in (b"", b"\r\n", b"a--x", b"\r\n\r\n--", bytes(range(256))):
        assert file_in(head + content + b"\r\n--x--\r\n", 'multipart/form-data; boundary="x"') == content


@given(st.binary(max_size=200))
def test_any_bytes_are_a_form_with_a_file_or_refused(body):
    with contextlib.suppress(ApiError):
        file_in(body, "multipart/form-data; boundary=x")
    whole = b'--12345\r\nContent-Disposition: form-data; name="file"\r\n\r\n' + body + b"\r\n--12345--"
    assert file_in(whole, "multipart/form-data; boundary=12345") == body or b"--12345" in body


def test_a_content_type_that_is_no_header(library, attachment, send):
    library.ask("PATCH", "/items/FILE2222", since=9, json={"contentType": "text/html\nX-Evil: 1", "charset": "é"})
    send(attachment)
    fetched = library.http.get(library.get(attachment).headers["Location"])
    assert fetched.headers["Content-Type"] == "application/octet-stream"
    assert "X-Evil" not in fetched.headers
