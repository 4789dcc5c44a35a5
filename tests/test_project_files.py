"""Which lock holds what: the committed one that of a Zotero library, another beside the sandbox that of the sandbox."""

from __future__ import annotations

from dataclasses import replace

from lab import Lab

from dmlsync.sync.lock import Binding, Target

GROUP = 'library = "groups/7"\nendpoint = "http://127.0.0.1:9"'


def test_what_is_known_of_a_group_goes_into_the_committed_lock(lab: Lab) -> None:
    lab.configure("papers.md", zotero=GROUP)
    on_disk = lab.project().read()
    followed = replace(on_disk, target_lock=replace(on_disk.lock))  # as after a key was changed elsewhere
    target = Target(bindings={"doe2020deep": Binding("ABCD2345")})
    for files in (on_disk, followed):
        lock, target_lock = files.locks_with(target)
        assert lock.targets == target_lock.targets == {on_disk.target_name: target}


def test_what_is_known_of_the_sandbox_does_not(lab: Lab) -> None:
    on_disk = lab.project().read()
    target = Target(bindings={"doe2020deep": Binding("ABCD2345")})
    lock, target_lock = on_disk.locks_with(target)
    assert (lock.targets, target_lock.targets) == ({}, {"sandbox": target})
