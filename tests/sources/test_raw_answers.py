"""Raw answers of the services beside the records that are to come of them.

`data/sources/SOURCE/NAME.raw` holds the bytes of an answer, `NAME.expected.json` what was asked, the answer's status
and media type, and the candidate, null where there is none. A new case is a new pair of files.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from plain_candidates import plain

from dmlsync.model import Identifiers
from dmlsync.sources.base import Hint, Source
from dmlsync.sources.http import Client

Over = Callable[..., tuple[Source, Client]]
DATA = Path(__file__).parents[1] / "data" / "sources"
CASES = sorted(DATA.glob("*/*.raw"))


@pytest.mark.parametrize("raw", CASES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_answer_becomes_the_expected_record(raw: Path, source_over: Over) -> None:
    expected = json.loads(raw.with_suffix(".expected.json").read_text("utf-8"))
    answer = httpx2.Response(expected["status"], headers={"content-type": expected["type"]}, content=raw.read_bytes())
    source, _ = source_over(raw.parent.name, lambda _: answer)
    asked = expected["asked"]
    if "title" in asked:
        hint = Hint(asked["title"])
        found = list(source.search([hint]).get(hint, ()))
    else:
        found = list(source.lookup([Identifiers(**asked)]).values())
    assert [plain(one) for one in found] == ([expected["candidate"]] if expected["candidate"] else [])


def test_every_source_has_answers_and_every_answer_its_record() -> None:
    folders = {path.name for path in DATA.iterdir()}
    assert {path.parent.name for path in CASES} == folders
    assert {path.name for path in DATA.glob("*/*.expected.json")} == {f"{path.stem}.expected.json" for path in CASES}
