"""`dmlsync add`: a paper is looked up, written like its neighbours, and linked to its work."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from lab import FACENET, HEADER, Lab
from registry import Registry, article, running

from dmlsync.cli import common

PROXY = article(
    "10.1109/CVPR42600.2020.00330",
    "Proxy Anchor Loss for Deep Metric Learning",
    ["Sungyeon Kim", "Dongwon Kim", "Minsu Cho", "Suha Kwak"],
    2020,
    "2020 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)",
)
DOI = PROXY["DOI"]
BULLETS = "# More\n\n## 2021\n\n- Nets (**ICCV**) [[paper](https://arxiv.org/abs/2101.00001)]\n\n## 2018\n\n"
BULLETS += "- CosFace: Large Margin Cosine Loss for Deep Face Recognition (**CVPR**) [[paper](https://arxiv.org/abs/1801.09414)]\n"
ROW = (
    "| Proxy Anchor Loss for Deep Metric Learning | Kim, S. et al. | 2020 | CVPR "
    f"| [Paper](https://doi.org/{DOI.lower()}) | |\n"
)


@pytest.fixture
def registry() -> Iterator[Registry]:
    with running() as service:
        service.works.append(PROXY)
        yield service


@pytest.fixture
def asking(lab: Lab, registry: Registry) -> Lab:
    lab.configure("papers.md", sources={"crossref": registry.url})
    lab.run("resolve")
    return lab


def papers(lab: Lab) -> str:
    return (lab.folder / "papers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("wanted", [DOI, f"https://doi.org/{DOI}", f"doi:{DOI.lower()}"])
def test_a_doi_becomes_a_row_and_a_record(asking: Lab, wanted: str) -> None:
    before = papers(asking)
    answer = asking.run("add", wanted, "--yes")
    assert answer.exit_code == 0, answer
    assert "Sungyeon Kim, Dongwon Kim" in answer.output
    after = papers(asking)
    assert after.startswith(before)
    row = after.removeprefix(before)
    assert row.startswith("| Proxy Anchor Loss for Deep Metric Learning | Kim, S. et al. | 2020 | CVPR | [Paper](")
    assert row.lower().endswith(f"doi.org/{DOI.lower()}) | |\n")
    assert "@inproceedings{kim2020proxy," in asking.bib.read_text()
    entries = asking.run("status", "--json").json["entries"]
    assert [(one["citation_key"], one["state"]) for one in entries][-1] == ("kim2020proxy", "resolved")
    assert asking.push().exit_code == 0
    assert asking.items()["kim2020proxy"]["DOI"].lower() == DOI.lower()


def test_a_dry_run_shows_the_row_and_writes_nothing(asking: Lab) -> None:
    before = [path.read_bytes() for path in (asking.folder / "papers.md", asking.bib, asking.lock)]
    answer = asking.run("add", DOI, "--dry-run")
    assert answer.exit_code == 0
    assert "+ | Proxy Anchor Loss" in answer.output
    assert [path.read_bytes() for path in (asking.folder / "papers.md", asking.bib, asking.lock)] == before


def test_without_a_terminal_yes_is_needed(asking: Lab) -> None:
    assert asking.run("add", DOI).exit_code == 2


def test_the_answer_for_programs(asking: Lab) -> None:
    answer = asking.run("add", DOI, "--yes", "--json", "--code", "https://github.com/tjddus9597/Proxy-Anchor").json
    assert (answer["written"], answer["list"], answer["line"]) == (True, "papers", 5)
    assert (answer["citation_key"], answer["state"]) == ("kim2020proxy", "resolved")
    assert [one["kind"] for one in answer["links"]] == ["pdf", "code"]
    again = asking.run("add", DOI, "--yes", "--json")
    assert again.exit_code == 1
    assert again.json["duplicate"] == {"list": "papers", "line": 5, "title": answer["title"]}


# ---- duplicates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        "10.1109/CVPR.2015.7298682",
        "1503.03832",
        "https://arxiv.org/pdf/1503.03832v3",
        "schroff2015facenet",
        "https://openaccess.thecvf.com/content_cvpr_2015/html/Schroff_FaceNet_A_Unified_2015_CVPR_paper.html",
    ],
)
def test_what_the_list_has_is_refused_with_its_line(asking: Lab, registry: Registry, wanted: str) -> None:
    if "thecvf" in wanted:
        asking.write("papers.md", papers(asking).replace("https://arxiv.org/pdf/1503.03832.pdf", wanted))
    asked = len(registry.asked)
    answer = asking.run("add", wanted, "--yes")
    assert answer.exit_code == 1
    assert "papers:3 has it already: FaceNet: A unified embedding" in answer.errors
    assert len(registry.asked) == asked


def test_the_same_title_and_authors_under_another_identifier_are_a_duplicate(asking: Lab, registry: Registry) -> None:
    authors = ["Florian Schroff", "Dmitry Kalenichenko", "James Philbin"]
    title = "FaceNet: A Unified Embedding for Face Recognition and Clustering"
    registry.works.append(article("10.9999/other", title, authors, 2015, "Journal of Faces", type="journal-article"))
    answer = asking.run("add", "10.9999/other", "--yes")
    assert (answer.exit_code, "papers:3 has it already" in answer.errors) == (1, True)


# ---- other lists ---------------------------------------------------------------------------------------------------


@pytest.fixture
def two_lists(asking: Lab, registry: Registry) -> Lab:
    asking.write("more.md", BULLETS)
    asking.configure("papers.md", "more.md", sources={"crossref": registry.url})
    return asking


def test_with_several_lists_one_has_to_be_named(two_lists: Lab) -> None:
    answer = two_lists.run("add", DOI, "--yes")
    assert answer.exit_code == 2
    assert "name one with --list: papers, more" in answer.errors
    assert two_lists.run("add", DOI, "--yes", "--list", "fewer").exit_code == 2
    path = str(two_lists.folder / "papers.md")
    assert two_lists.run("add", DOI, "--dry-run", "--list", path).exit_code == 0


def test_a_year_without_a_heading_gets_one(two_lists: Lab) -> None:
    answer = two_lists.run("add", DOI, "--yes", "--list", "more")
    assert answer.exit_code in (0, 3)
    text = (two_lists.folder / "more.md").read_text()
    assert "## 2020\n\n- Proxy Anchor Loss for Deep Metric Learning (**CVPR**) [[paper](https://doi.org/" in text
    assert text.index("## 2021") < text.index("## 2020") < text.index("## 2018")


def test_a_work_of_another_list_gets_a_second_line_and_no_second_record(two_lists: Lab) -> None:
    before = two_lists.bib.read_text()
    text = (two_lists.folder / "more.md").read_text()
    two_lists.write("more.md", text + "\n## 2015\n\n- Fish (**CVPR**) [[paper](https://arxiv.org/abs/1501.00009)]\n")
    answer = two_lists.run("add", "schroff2015facenet", "--yes", "--list", "more.md", "--json").json
    assert (answer["citation_key"], answer["section"]) == ("schroff2015facenet", ["2015"])
    assert two_lists.bib.read_text() == before


# ---- what is not certain -------------------------------------------------------------------------------------------


def test_a_title_alone_is_not_enough_and_its_candidates_are_named(asking: Lab) -> None:
    before = papers(asking)
    answer = asking.run("add", "Proxy Anchor Loss for Deep Metric Learning", "--yes")
    assert answer.exit_code == 1
    assert "no source is certain" in answer.errors
    assert DOI.lower() in answer.errors
    assert papers(asking) == before
    found = asking.run("add", "Proxy Anchor Loss for Deep Metric Learning", "--yes", "--json").json["candidates"]
    assert [one["doi"] for one in found] == [DOI.lower()]


def test_on_a_terminal_a_person_picks(asking: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmlsync.cli.add.has_terminal", lambda ctx: True)
    monkeypatch.setattr(common, "has_terminal", lambda ctx: True)
    answer = asking.run("add", "Proxy Anchor Loss for Deep Metric Learning", typed="1\ny\n")
    assert answer.exit_code == 0, answer
    assert "kim2020proxy" in asking.bib.read_text()
    none = asking.run("add", "Proxy Anchor Loss Deep Metric Learning", typed="0\n")
    assert none.exit_code == 1


def test_what_no_source_knows_is_refused(asking: Lab) -> None:
    answer = asking.run("add", "10.9999/nothing", "--yes")
    assert (answer.exit_code, "no source knows '10.9999/nothing'" in answer.errors) == (1, True)
    assert asking.run("add", "  ", "--yes").exit_code == 2


@pytest.mark.parametrize("address", ["https://github.com/a/b", "https://example.org/paper.pdf", "https://arxiv.org/"])
def test_an_address_that_tells_no_paper_is_not_searched_for_as_a_title(
    asking: Lab, registry: Registry, address: str
) -> None:
    asked = len(registry.asked)
    answer = asking.run("add", address, "--yes")
    assert (answer.exit_code, "tells no paper" in answer.errors) == (1, True)
    assert len(registry.asked) == asked


def test_a_source_that_is_down_is_named(lab: Lab) -> None:
    lab.configure("papers.md", sources={"crossref": "http://127.0.0.1:9"})
    answer = lab.run("add", DOI, "--yes")
    assert answer.exit_code == 1
    assert "crossref was not available" in answer.errors


def test_a_person_s_word_is_kept_where_the_line_alone_would_not_do(asking: Lab, registry: Registry) -> None:
    registry.works.append(article("10.9999/a", "Fishing", ["Ada Angler"], 2020, "Journal of Ponds"))
    registry.works.append(article("10.9999/b", "Fishing", ["Ada Angler"], 2020, "Annals of Lakes"))
    asking.write("papers.md", "| Title | Year |\n|---|---|\n| Nets of the Deep Sea | 2019 |\n")
    answer = asking.run("add", "10.9999/b", "--yes", "--json")
    assert answer.json["state"] == "resolved"
    assert papers(asking).endswith("| Fishing | 2020 |\n")
    assert "10.9999/b" in asking.bib.read_text()
    assert [one["accepted"] for one in json.loads(asking.lock.read_text())["answers"].values()] == ["doi:10.9999/b"]


# ---- what comes from strangers -------------------------------------------------------------------------------------


def test_hostile_metadata_is_written_as_words_or_not_at_all(asking: Lab, registry: Registry) -> None:
    title = "Evil | Cells [x](https://evil.example) and \x1b[31m*stars*"
    registry.works.append(article("10.9999/evil", title, ["Eve | Il"], 2020, "CVPR"))
    answer = asking.run("add", "10.9999/evil", "--yes")
    assert "\x1b[31m*" not in answer.output
    assert "\x1b" not in papers(asking)
    entries = asking.run("status", "--json").json["entries"]
    assert len(entries) in (2, 3)
    if answer.exit_code == 0:
        row = papers(asking).splitlines()[-1]
        assert "evil.example)" not in row or "\\[" in row


def test_an_edit_that_a_person_saves_meanwhile_is_kept(asking: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    edited = papers(asking) + ROW.replace("Proxy Anchor", "My Own")

    def edit(*_: object, **__: object) -> None:
        asking.write("papers.md", edited)

    monkeypatch.setattr("dmlsync.cli.add.confirm", edit)
    answer = asking.run("add", DOI, "--yes")
    assert (answer.exit_code, "changed by someone else" in answer.errors) == (1, True)
    assert papers(asking) == edited


# ---- works that members added --------------------------------------------------------------------------------------


def test_an_adopted_work_gets_its_line_and_keeps_key_and_item(lab: Lab) -> None:
    assert lab.push().exit_code == 0
    home = next(one["key"] for one in lab.objects("/collections") if not one["parentCollection"])
    item = {
        "itemType": "journalArticle",
        "title": "Deep Fishing",
        "creators": [{"creatorType": "author", "firstName": "Ada", "lastName": "Angler"}],
        "publicationTitle": "Journal of Ponds",
        "date": "2020",
        "collections": [home],
    }
    key = lab.zotero("POST", "/items", json=[item]).raise_for_status().json()["success"]["0"]
    assert lab.run("sync", "--yes").exit_code == 0
    before = lab.bib.read_text()
    answer = lab.run("add", "angler2020deep", "--yes", "--json").json
    assert (answer["citation_key"], answer["state"]) == ("angler2020deep", "resolved")
    assert papers(lab).endswith("| Deep Fishing | Angler, A. | 2020 | Journal of Ponds | | |\n")
    assert lab.bib.read_text() == before
    assert lab.push().exit_code == 0
    assert lab.items()["angler2020deep"]["key"] == key
    assert len(lab.items()) == 3
    assert lab.push("--json").json["actions"] == []
    works = json.loads(lab.lock.read_text())["works"]
    assert [one["list"] for one in works["angler2020deep"]["entries"]] == ["papers"]


def test_a_bullet_that_says_little_is_still_linked_to_the_adopted_work(lab: Lab) -> None:
    lab.write(
        "library.bib",
        lab.bib.read_text() + "\n@misc{angler2020deep,\n  title = {Deep Fishing},\n  author = {Angler, Ada},\n}\n",
    )
    lab.write("papers.md", HEADER.split("\n")[0].join(["", "\n"]) + HEADER.split("\n")[1] + "\n" + FACENET)
    answer = lab.run("add", "angler2020deep", "--yes", "--json")
    assert answer.json["citation_key"] == "angler2020deep"
    states = {one["citation_key"]: one["state"] for one in lab.run("status", "--json").json["entries"]}
    assert states["angler2020deep"] == "resolved"
