"""The merge rule, and the law that makes it safe."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dmlsync.model import Creator, Record
from dmlsync.sync.merge import decide, merge, merge_members, moved, moved_members, record_of, values_of

words = st.sampled_from(["", "a", "b", "c"])
values = st.dictionaries(st.sampled_from(["title", "pages", "DOI"]), st.sampled_from(["a", "b", "c"]))
members = st.frozensets(st.sampled_from("abcd"))


def test_equal_sides_need_nothing_whatever_the_base_says() -> None:
    assert decide("old", "new", "new") == "same"


def test_a_local_edit_is_pushed() -> None:
    assert decide("old", "new", "old") == "push"


def test_a_remote_edit_is_pulled() -> None:
    assert decide("old", "old", "new") == "pull"


def test_two_different_edits_are_a_conflict() -> None:
    assert decide("old", "mine", "theirs") == "conflict"


def test_without_a_base_blanks_are_filled_both_ways_and_other_differences_are_conflicts() -> None:
    merged = {one.name: one.verdict for one in merge({}, {"title": "a", "pages": "1"}, {"title": "b", "DOI": "10.1/x"})}
    assert merged == {"title": "conflict", "pages": "push", "DOI": "pull"}


def test_a_cleared_field_is_an_edit() -> None:
    (merged,) = merge({"pages": "1-2"}, {}, {"pages": "1-2"})
    assert (merged.verdict, merged.local) == ("push", "")


def test_creators_are_one_ordered_value() -> None:
    ada, bob = Creator("Lovelace", "Ada"), Creator("Kahn", "Bob")
    (merged,) = merge({"creators": (ada, bob)}, {"creators": (bob, ada)}, {"creators": (ada, bob)})
    assert merged.verdict == "push"


@given(words, words, words)
def test_no_side_is_ever_overwritten_while_it_holds_an_edit(base: str, local: str, remote: str) -> None:
    verdict = decide(base, local, remote)
    if verdict == "push":
        assert remote == base
    if verdict == "pull":
        assert local == base


@given(values, values, values)
def test_the_base_moves_only_to_what_both_sides_hold(
    base: dict[str, str], local: dict[str, str], remote: dict[str, str]
) -> None:
    after = moved(base, local, remote)
    for name in {*base, *local, *remote}:
        if local.get(name, "") == remote.get(name, ""):
            assert after.get(name, "") == local.get(name, "")
        else:
            assert after.get(name, "") == base.get(name, "")


@given(st.lists(st.tuples(st.sampled_from(["local", "remote"]), words), max_size=12))
def test_no_edit_is_lost_in_any_series_of_edits_and_syncs(edits: list[tuple[str, str]]) -> None:
    """A value that a person typed leaves its side only after the other side took it, or by that person's own hand."""
    sides = {"local": "a", "remote": "a"}
    base = {"title": "a"}
    for side, text in edits:
        sides[side] = text
        (merged,) = merge(base, {"title": sides["local"]}, {"title": sides["remote"]}) or (None,)
        if merged and merged.verdict == "push":
            assert sides["remote"] == base.get("title", "")
            sides["remote"] = sides["local"]
        if merged and merged.verdict == "pull":
            assert sides["local"] == base.get("title", "")
            sides["local"] = sides["remote"]
        base = moved(base, {"title": sides["local"]}, {"title": sides["remote"]})  # type: ignore[assignment]


@given(members, members, members)
def test_sets_merge_member_by_member(base: frozenset[str], local: frozenset[str], remote: frozenset[str]) -> None:
    merged = merge_members(base, local, remote)
    after = (remote | merged.add) - merged.remove
    for member in base | local | remote:
        if (member in local) == (member in base):  # not touched here: the other side's choice stays
            assert (member in after) == (member in remote)
        else:
            assert (member in after) == (member in local)
    assert moved_members(base, local, after) >= local & after


def test_a_record_survives_the_way_through_its_values() -> None:
    record = Record("conferencePaper", {"title": "T", "pages": "1-2"}, (Creator("A", "B"),))
    assert record_of(values_of(record)) == record
