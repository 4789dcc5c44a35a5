"""What a report means, and how far a mirror is whole after a write."""

from __future__ import annotations

import pytest

from dmlsync.sync.library import ItemChange
from dmlsync.zotero.outcomes import has_unchanged, mark_after, outcomes_of, successful

CHANGES = [ItemChange("PAPER222", 0), ItemChange("PAPER333", 5), ItemChange("PAPER444", 6), ItemChange("PAPER555", 7)]


def test_each_change_gets_its_own_outcome_in_order():
    report = {
        "successful": {"0": {"key": "PAPER222", "version": 12, "data": {}}},
        "unchanged": {"1": "PAPER333"},
        "failed": {
            "2": {"code": 412, "message": "Item has been modified\nsince specified version"},
            "3": {"code": 413, "message": "Title too long"},
        },
    }
    outcomes = outcomes_of(CHANGES, report)
    assert [(outcome.kind, outcome.key, outcome.version) for outcome in outcomes] == [
        ("written", "PAPER222", 12),
        ("unchanged", "PAPER333", 5),
        ("stale", "PAPER444", 6),
        ("refused", "PAPER555", 7),
    ]
    assert [outcome.reason for outcome in outcomes[2:]] == [
        "Item has been modified since specified version",
        "Title too long",
    ]
    assert len(successful(report)) == 1
    assert has_unchanged(report)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        *[(400, "refused"), (403, "refused"), (409, "refused"), (413, "refused"), (428, "refused")],
        *[(404, "stale"), (412, "stale"), (429, "stale"), (500, "stale")],
        *[(None, "refused"), ("x", "refused")],
    ],
)
def test_the_code_tells_stale_from_refused(code, kind):
    (outcome,) = outcomes_of(CHANGES[:1], {"failed": {"0": {"code": code, "message": "words"}}})
    assert (outcome.kind, outcome.reason) == (kind, "words")


@pytest.mark.parametrize("report", [{}, {"successful": [], "unchanged": [], "failed": []}, {"failed": {"0": "oops"}}])
def test_what_a_report_leaves_out_is_to_be_read_again(report):
    (outcome,) = outcomes_of(CHANGES[:1], report)
    assert outcome.kind == "stale"


@pytest.mark.parametrize(
    ("mark", "library", "versions", "gaps", "after"),
    [
        (11, 13, [12, 13], False, 13),  # one version for each object, nobody in between
        (11, 12, [12, 12, 12], False, 12),  # servers with one version for the whole request
        (11, 14, [12, 14], False, 11),  # somebody wrote 13
        (10, 13, [12, 13], False, 10),  # somebody wrote 11
        (11, 14, [12, 13], False, 11),  # somebody wrote 14
        (11, 13, [13, 13], False, 11),  # somebody wrote 12
        (11, 14, [12, 13, 14], True, 11),  # one of ours was unchanged: whose are the others?
        (11, 11, [], False, 11),  # everything failed
        (11, 12, [], False, 11),
        (None, 3, [1, 2, 3], False, None),
    ],
)
def test_the_mark_moves_only_over_versions_of_our_own(mark, library, versions, gaps, after):
    assert mark_after(mark, library, versions, gaps=gaps) == after
