from __future__ import annotations

import pytest

from dmlsync.text.slips import differs_by_a_letter, is_misspelling

TITLE = "deep metric learning for retrieval of curious birds"


@pytest.mark.parametrize(
    "slipped", ["deep metric learnign for", "depp metric learning for", "deep metricc learning for"]
)
def test_a_letter_changed_doubled_or_swapped_is_a_slip(slipped: str) -> None:
    assert differs_by_a_letter(TITLE.split(), TITLE.replace("deep metric learning for", slipped).split())


@pytest.mark.parametrize("other", [TITLE.replace("metric", "3metric"), TITLE + " 2", TITLE + " a", TITLE + "+"])
def test_a_digit_a_sign_or_a_new_word_is_none(other: str) -> None:
    assert not differs_by_a_letter(TITLE.split(), other.split())


def test_a_negation_is_none() -> None:
    assert not is_misspelling(["supervised", "hashing", "of", "birds"], ["unsupervised", "hashing", "of", "birds"])
    assert not differs_by_a_letter(["typical", "patterns", "of", "birds"], ["atypical", "patterns", "of", "birds"])


def test_short_titles_cannot_be_told() -> None:
    assert not differs_by_a_letter(["hot", "spots"], ["hot", "spits"])
    assert not is_misspelling(["hot", "spots"], ["hot", "spits"])
