from __future__ import annotations

import pytest

from dmlsync.bib.document import Document
from dmlsync.bib.keys import propose_key
from dmlsync.model import Creator, Record


def record(title: str, year: str, *creators: Creator, item_type: str = "conferencePaper") -> Record:
    return Record(item_type, {"title": title, "date": year}, creators)


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        (
            record(
                "Distance metric learning for large margin nearest neighbor", "2005", Creator("Weinberger", "Kilian Q.")
            ),
            "weinberger2005distance",
        ),
        (
            record("BIER - Boosting Independent Embeddings Robustly", "2017-10-22", Creator("Opitz", "Michael")),
            "opitz2017bier",
        ),
        (record("The Group Loss for Deep Metric Learning", "2020", Creator("Elezi", "Ismail")), "elezi2020group"),
        (record("The Group Loss++: A deeper look", "2022", Creator("Elezi", "Ismail")), "elezi2022group"),
        (record("In Defense of the Triplet Loss", "2017", Creator("Hermans", "Alexander")), "hermans2017defense"),
        (
            record("Auto-encoding variational Bayes", "2013", Creator("van den Oord", "A.")),
            "vandenoord2013autoencoding",
        ),
        (record("Über KI", "2020", Creator("Müller", "J.")), "muller2020uber"),
        (record("<i>S2SD</i>: it", "2020", Creator("Leal-Taixé", "L.")), "lealtaixe2020s2sd"),
        (record("GPT-4 report", "2023", Creator(name="OpenAI")), "openai2023gpt4"),
        (record("Untitled", ""), "anonymousuntitled"),
        (record("Of the", "2020", Creator("Łukasz", "Ł.")), "lukasz2020of"),
        (record("Proceedings", "2020", Creator("Ed", "A.", creator_type="editor")), "ed2020proceedings"),
        (record("B", "2020", Creator("Ed", "A.", creator_type="editor"), Creator("Au", "B.")), "au2020"),
        (record("深度学习", "2020", Creator("李", "")), "anonymous2020"),
    ],
)
def test_keys_are_made_of_name_year_and_word(entry: Record, key: str) -> None:
    assert propose_key(entry, ()) == key


def test_the_newcomer_gets_the_suffix() -> None:
    entry = record("Deep learning", "2015", Creator("LeCun", "Yann"))
    assert propose_key(entry, {"lecun2015deep"}) == "lecun2015deepa"
    taken = {"lecun2015deep", *(f"lecun2015deep{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")}
    assert propose_key(entry, taken) == "lecun2015deepaa"


def test_a_growing_set_of_taken_keys_gives_keys_of_their_own() -> None:
    entry = record("Deep learning", "2015", Creator("LeCun", "Yann"))
    taken = set(Document.parse(b"@misc{LeCun2015Deep, title={x}}").keys)
    for expected in ("lecun2015deepa", "lecun2015deepb", "lecun2015deepc"):
        key = propose_key(entry, taken)
        taken.add(key)
        assert key == expected


def test_keys_are_safe_and_of_bounded_length() -> None:
    entry = record('{"%#\\}' * 50 + "x" * 500, "2020", Creator("\\" + "y" * 500, "{"))
    key = propose_key(entry, ())
    assert len(key) <= 80 and key.isascii() and key.isalnum()
