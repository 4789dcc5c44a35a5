"""What a key may do, from the answers of a server."""

from __future__ import annotations

import time
from email.utils import formatdate

import httpx2
import pytest

from dmlsync.errors import LibraryRefusedError, LibraryUnavailableError
from dmlsync.transport import RetryTransport
from dmlsync.zotero.access import account_of, greet
from dmlsync.zotero.library import ZoteroLibrary
from dmlsync.zotero.mirror import Mirror


def library(key, group=None, *, name="groups/12", secret="secret"):
    """A library whose server says this of the key and of the group; a number is a refusal."""

    def answer(request):
        said = key if request.url.path.endswith("/keys/current") else group
        if isinstance(said, int):
            return httpx2.Response(said, text="Forbidden" if said == 403 else "Not found")
        return httpx2.Response(200, json=said)

    transport = RetryTransport(httpx2.MockTransport(answer), attempts=1)
    return ZoteroLibrary(name, "http://zotero.test", secret, Mirror.in_memory(), transport)


def key_of(owner=42, **access):
    return {"key": "secret", "userID": owner, "username": "ada", "access": access}


def group(**data):
    return {"id": 12, "version": 1, "data": {"id": 12, "name": "Lab", "owner": 1, "libraryEditing": "members"} | data}


BOTH = {"library": True, "write": True}
READS = {"library": True, "write": False}


def test_a_key_for_all_groups_may_write_in_each():
    access = library(key_of(groups={"all": BOTH}), group()).check_access()
    assert (access.user, access.group, access.may_read, access.may_write) == ("ada", "Lab", True, True)


def test_the_rights_in_one_group_go_before_those_in_all():
    told = library(key_of(groups={"all": READS, "12": BOTH}), group()).check_access()
    assert told.may_write
    with pytest.raises(LibraryRefusedError, match="ada has no write permission"):
        library(key_of(groups={"all": BOTH, "12": READS}), group()).check_access()


def test_a_key_without_any_group_may_not_even_read():
    with pytest.raises(LibraryRefusedError, match="no read permission"):
        library(key_of(user={"library": True, "write": True}), group()).check_access(write=False)


def test_in_a_group_that_only_admins_edit_a_member_may_not():
    rights = {"groups": {"all": BOTH}}
    closed = group(libraryEditing="admins", admins=[7])
    with pytest.raises(LibraryRefusedError, match="write permission") as caught:
        library(key_of(42, **rights), closed).check_access()
    assert "owner" in caught.value.remedy
    assert library(key_of(7, **rights), closed).check_access().may_write
    assert library(key_of(1, **rights), closed).check_access().may_write


def test_a_public_group_is_read_without_a_key():
    public = library(403, group(libraryReading="all"), secret="")
    assert public.check_access(write=False).may_read
    with pytest.raises(LibraryRefusedError, match="no API key is given"):
        public.check_access()


def test_a_users_library_belongs_to_the_keys_owner():
    rights = {"user": {"library": True, "write": True}}
    assert library(key_of(42, **rights), name="users/42").check_access().may_write
    with pytest.raises(LibraryRefusedError, match="permission"):
        library(key_of(43, **rights), name="users/42").check_access()


def test_an_unknown_group_and_an_unknown_key_are_named():
    with pytest.raises(LibraryRefusedError, match="no such group"):
        library(key_of(groups={"all": BOTH}), 404).check_access()
    with pytest.raises(LibraryRefusedError, match="does not know the API key"):
        library(404, group()).check_access()


@pytest.mark.parametrize("odd", [[], {"access": []}, {"access": {"groups": [1]}}, {"access": {"groups": {"12": True}}}])
def test_an_odd_answer_gives_no_rights(odd):
    with pytest.raises(LibraryRefusedError):
        library(odd, group()).check_access()


def test_a_server_that_is_down_is_unavailable():
    with pytest.raises(LibraryUnavailableError):
        library(503, group()).check_access()


def account(key, groups):
    """The account behind a key, from what a server says of the key and of its owner's groups, 100 at a time."""

    def answer(request):
        said = key
        if request.url.path.endswith("/groups"):
            start = int(request.url.params["start"])
            said = groups[start : start + 100]
        if isinstance(said, int):
            return httpx2.Response(said, text="Forbidden" if said == 403 else "Down")
        return httpx2.Response(200, json=said)

    return account_of("https://zotero.test", "secret", RetryTransport(httpx2.MockTransport(answer), attempts=1))


def answering(status, body, headers):
    return httpx2.MockTransport(lambda request: httpx2.Response(status, json=body, headers=headers))


def test_an_account_tells_the_libraries_that_a_key_opens():
    rights = {"user": {"library": True, "write": True}, "groups": {"all": READS, "12": BOTH}}
    groups = [
        {"id": 12, "data": {"name": "Lab", "owner": 1, "admins": [2], "members": [2, 3]}},
        {"id": 13, "data": {"name": "Others"}},
        "odd",
        {"id": "x", "data": []},
    ]
    found = account(key_of(42, **rights), groups)
    assert found.user == "ada"
    assert [(one.name, one.title, one.may_read, one.may_write, one.members) for one in found.holdings] == [
        ("users/42", "ada", True, True, None),
        ("groups/12", "Lab", True, True, 3),
        ("groups/13", "Others", True, False, None),
    ]


def test_a_key_that_opens_nothing_has_an_empty_account():
    assert account(key_of(42), []).holdings == ()


def test_an_account_is_asked_page_by_page():
    groups = [{"id": number, "data": {"name": f"Group {number}"}} for number in range(1, 251)]
    found = account(key_of(42, groups={"all": BOTH}), groups)
    assert len(found.holdings) == 250


@pytest.mark.parametrize(("status", "error"), [(403, LibraryRefusedError), (503, LibraryUnavailableError)])
def test_errors_about_an_account_name_the_server(status, error):
    with pytest.raises(error, match=r"^https://zotero\.test: "):
        account(status, [])


def test_a_server_tells_its_version_and_its_time():
    ago = formatdate(time.time() - 3600, usegmt=True)
    told = greet("https://zotero.test", answering(200, [{}], {"Date": ago, "Zotero-API-Version": "3"}))
    assert told.api_version == "3"
    assert -3610 < told.clock < -3590
    assert greet("https://zotero.test", answering(200, [{}], {"Date": "yesterday"})).clock is None


@pytest.mark.parametrize(("status", "body"), [(200, {"a": 1}), (404, []), (200, None)])
def test_another_kind_of_server_is_told(status, body):
    with pytest.raises(LibraryUnavailableError, match="does not answer as a Zotero server does"):
        greet("https://zotero.test", answering(status, body, {}))
