"""What a key may do, from the answers of a server."""

from __future__ import annotations

import httpx2
import pytest

from dmlsync.errors import LibraryRefusedError, LibraryUnavailableError
from dmlsync.transport import RetryTransport
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
