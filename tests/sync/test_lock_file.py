"""The lock file: lossless, sorted, one value a line, and clear about what it cannot read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.errors import LockError
from dmlsync.model import Creator, Identifiers
from dmlsync.resolve.evidence import Answer
from dmlsync.sync.lock import Binding, Lock, OpenReview, Printed, Target, WorkState
from dmlsync.sync.lock_file import lock_bytes, parse_lock, read_lock

text = st.text(max_size=12)
filled = st.text(min_size=1, max_size=12)
creators = st.lists(
    st.one_of(
        st.builds(Creator, name=filled, creator_type=filled),
        st.builds(Creator, last_name=filled, first_name=text, creator_type=filled),
    ),
    min_size=1,
    max_size=3,
).map(tuple)
printed = st.builds(Printed, filled, filled, text, text, text, text)
works = st.builds(
    WorkState,
    st.lists(printed, max_size=2, unique=True).map(lambda some: tuple(sorted(some))),
    st.builds(Identifiers, text, text, text),
    text,
    st.dictionaries(filled, filled, max_size=2),
    st.booleans(),
)
bindings = st.builds(
    Binding,
    filled,
    st.builds(
        lambda fields, names: {**fields, **({"creators": names} if names else {})},
        st.dictionaries(st.sampled_from(["title", "pages"]), filled),
        st.one_of(st.just(()), creators),
    ),
    st.frozensets(filled, max_size=2),
    st.frozensets(filled, max_size=2),
    st.frozensets(filled, max_size=2),
    st.booleans(),
    st.booleans(),
)
targets = st.builds(
    Target,
    st.dictionaries(st.lists(filled, min_size=1, max_size=3).map(tuple), filled, max_size=2),
    st.dictionaries(filled, bindings, max_size=2),
)
reviews = st.lists(
    st.builds(OpenReview, printed, st.lists(st.dictionaries(filled, filled, min_size=1), max_size=2).map(tuple)),
    max_size=2,
    unique_by=lambda review: review.printed,
).map(lambda some: tuple(sorted(some, key=lambda review: review.printed)))
answers = st.builds(Answer, text, st.frozensets(filled, max_size=2))
locks = st.builds(
    Lock,
    st.dictionaries(filled, works, max_size=2),
    st.dictionaries(filled, targets, max_size=2),
    reviews,
    st.dictionaries(filled, answers, max_size=2),
)


@given(locks)
def test_what_is_written_is_read_back(lock: Lock) -> None:
    assert parse_lock(Path("library.lock"), lock_bytes(lock)) == lock


@given(locks)
def test_the_same_lock_is_always_the_same_text(lock: Lock) -> None:
    data = lock_bytes(lock)
    assert lock_bytes(parse_lock(Path("library.lock"), data)) == data


def test_there_is_one_value_a_line_and_a_format_number() -> None:
    binding = Binding("ABCD2345", {"title": "T", "creators": (Creator("Song", "Hyun Oh"), Creator(name="NASA"))})
    lock = Lock({"song2016deep": WorkState(origins={"title": "crossref"})}, {"groups/1": Target({}, {"k": binding})})
    lines = [line.strip() for line in lock_bytes(lock).decode().splitlines()]
    assert json.loads(lock_bytes(lock))["format"] == 1
    assert '"title": "crossref"' in lines
    assert r'"[\"author\", \"Song\", \"Hyun Oh\"]",' in lines


def test_a_missing_file_is_an_empty_lock(tmp_path: Path) -> None:
    assert read_lock(tmp_path / "library.lock") == (Lock(), None)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "is no JSON"),
        (b'{\n<<<<<<< HEAD\n"format": 1\n=======\n>>>>>>> theirs\n}', "unfinished git merge"),
        (b"\xff", "not UTF-8"),
        (b"[]", "has the format None"),
        (b'{"format": 2}', "install a newer dmlsync"),
        (b'{"format": 1, "works": {"k": {"origins": {"title": 3}}}}', "does not have the form of a lock"),
        (b'{"format": 1, "targets": {"t": {"bindings": {"k": {}}}}}', "does not have the form of a lock"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(data: bytes, words: str) -> None:
    with pytest.raises(LockError) as caught:
        parse_lock(Path("library.lock"), data)
    assert words in str(caught.value)
    assert "library.lock" in str(caught.value)
