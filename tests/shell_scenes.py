"""The scenes in which the shell examples of the documents take place; `test_shell_examples.py` runs them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from documents import ROOT
from lab import COSFACE, COSFACE_RECORD, FACENET, FACENET_RECORD, HEADER, Lab, many_rows
from registry import Registry, article

from dmlsync import credentials
from dmlsync.sandbox import Sandbox

PROXY = article(
    "10.1109/cvpr42600.2020.00330",
    "Proxy Anchor Loss for Deep Metric Learning",
    ["Sungyeon Kim", "Dongwon Kim", "Minsu Cho", "Suha Kwak"],
    2020,
    "2020 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)",
    page="3235-3244",
)
SAMPLING = article(
    "10.1109/iccv.2017.309",
    "Sampling Matters in Deep Embedding Learning",
    ["Chao-Yuan Wu", "R. Manmatha"],
    2017,
    "2017 IEEE International Conference on Computer Vision (ICCV)",
    page="2859-2867",
)
TWO_PAPERS = """## 2020

- Proxy Anchor Loss for Deep Metric Learning, Sungyeon Kim et al., *CVPR 2020* [[pdf](https://example.org/proxy.pdf)]

## 2017

- Sampling Matters in Deep Embedding Learning, Chao-Yuan Wu et al., *ICCV 2017* [[pdf](https://example.org/sampling.pdf)]
"""


@dataclass
class Scene:
    """Where an example takes place.

    `typed` is what a person types, by command; `stands_for` what words of the document are here; `exit_codes` by
    command where it is not 0; `before` what happens unseen before a command.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    stands_for: Mapping[str, str] = field(default_factory=dict)
    exit_codes: Mapping[str, int] = field(default_factory=dict)
    before: Mapping[str, Callable[[], object]] = field(default_factory=dict)


class Stage:
    """What a scene is set up with: a project's folder, which is the current one, and servers on request."""

    def __init__(self, folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lab = Lab(folder)
        self.patch = monkeypatch
        self._request = request

    def zotero(self) -> tuple[str, Sandbox]:
        """A Zotero server whose key is in the environment: its address and what is behind it."""
        server: tuple[str, Sandbox] = self._request.getfixturevalue("server")
        return server

    def registry(self, *works: dict[str, object]) -> str:
        """A service that answers as Crossref does and knows these works; its address."""
        registry: Registry = self._request.getfixturevalue("registry")
        registry.works.extend(works)
        return registry.url

    def person_at_the_terminal(self, *modules: str) -> None:
        for module in ("common", *modules):
            self.patch.setattr(f"dmlsync.cli.{module}.has_terminal", lambda ctx: True)


def this_repository(stage: Stage) -> Scene:
    """The files of this repository, in another folder."""
    for name in ("library.bib", "library.lock", "config.example.toml"):
        shutil.copy(ROOT / name, stage.lab.folder / name)
    shutil.copytree(ROOT / "lists", stage.lab.folder / "lists")
    stage.patch.setenv("DMLSYNC_CONFIG", "config.example.toml")
    return Scene()


def two_papers(stage: Stage, **settings: Any) -> None:
    """A project of two papers whose records library.bib has."""
    stage.lab.configure("papers.md", **settings)
    stage.lab.write("papers.md", HEADER + FACENET + COSFACE)
    stage.lab.write("library.bib", "\n".join([FACENET_RECORD, COSFACE_RECORD]))


def pushed(stage: Stage) -> None:
    """The same, once pushed to the sandbox."""
    two_papers(stage)
    assert stage.lab.push().exit_code == 0


def cited_paper(stage: Stage) -> Scene:
    """A document that cites both papers."""
    pushed(stage)
    stage.lab.write("paper.aux", "\\citation{schroff2015facenet,wang2018cosface}\n\\bibdata{paper}\n")
    return Scene()


def both_sides_changed(stage: Stage) -> Scene:
    """Zotero and library.bib say otherwise of the same pages."""
    pushed(stage)
    stage.lab.edit_bib("pages = {815--823}", "pages = {815--824}")
    stage.lab.edit_item("schroff2015facenet", pages="815-825")
    stage.person_at_the_terminal("review")
    return Scene(
        typed={"dmlsync review": "z\n", "dmlsync sync": "y\n"},
        exit_codes={"dmlsync push": 3},
        stands_for={"by ada": "by sandbox", "groups/1234567": "sandbox"},
    )


def a_push_to_undo(stage: Stage) -> Scene:
    """A student corrected two fields, pushed, and a member has changed one of them since."""
    pushed(stage)
    stage.lab.edit_bib("pages = {815--823}", "pages = {815--824}")
    stage.lab.edit_bib("pages = {5265--5274}", "pages = {5265--5275}")
    assert stage.lab.push().exit_code == 0
    stage.lab.edit_item("wang2018cosface", pages="5265-5276")
    stage.person_at_the_terminal()
    return Scene(
        typed={"dmlsync undo": "y\n"}, exit_codes={"dmlsync undo": 3}, stands_for={"groups/1234567": "sandbox"}
    )


def new_folder(stage: Stage) -> Scene:
    """A folder with a list, a member's key, and a keyring that takes it."""
    url, sandbox = stage.zotero()
    stage.patch.delenv("ZOTERO_API_KEY")
    kept: dict[str, str] = {}
    stage.patch.setattr(credentials, "has_keyring", lambda: True)
    stage.patch.setattr(credentials, "keep_key", lambda endpoint, key: not kept.update({endpoint: key}))
    stage.patch.setattr(credentials, "is_there_a_key", lambda config: False)
    stage.patch.setattr("dmlsync.new_project.config_text.ENDPOINT", url)
    stage.person_at_the_terminal("init")
    (stage.lab.folder / "lists").mkdir()
    stage.lab.write("lists/papers.md", "# Metric Learning\n\n" + many_rows(64))
    return Scene(
        typed={"dmlsync init": f"{sandbox.key}\n1\ny\n\nada@uni.edu\n"},
        stands_for={
            "groups/1234567": f"groups/{sandbox.group}",
            "Our Lab": f"Sandbox Group {sandbox.group}",
            "users/42": f"users/{sandbox.user}",
            "key of ada": "key of sandbox",
            "https://api.zotero.org": url,
        },
    )


def first_push(stage: Stage) -> Scene:
    """A new folder with a list of two papers that a service knows."""
    scene = new_folder(stage)
    stage.lab.write("lists/papers.md", "# Metric Learning\n\n" + TWO_PAPERS)
    url, (zotero, sandbox) = stage.registry(PROXY, SAMPLING), stage.zotero()

    def only_this_service() -> None:
        config = stage.lab.config.read_text(encoding="utf-8")
        config = config.replace("[zotero]\n", f'[zotero]\nendpoint = "{zotero}"\n')
        stage.lab.write("config.toml", f'{config}sources = ["crossref"]\n[sources.crossref]\nurl = "{url}"\n')
        stage.patch.setenv("ZOTERO_API_KEY", sandbox.key)

    return replace(scene, typed={**scene.typed, "dmlsync push": "y\n"}, before={"dmlsync push": only_this_service})


def new_folder_for_a_script(stage: Stage) -> Scene:
    """The same with the key in the environment."""
    scene = new_folder(stage)
    stage.patch.setenv("ZOTERO_API_KEY", stage.zotero()[1].key)
    return scene


def a_key_that_only_reads(stage: Stage) -> Scene:
    """A project whose key has no write permission."""
    url, sandbox = stage.zotero()
    stage.patch.setenv("ZOTERO_API_KEY", sandbox.read_only_key)
    two_papers(stage, zotero=f'library = "groups/{sandbox.group}"\nendpoint = "{url}"')
    return Scene(
        exit_codes={"dmlsync doctor": 1},
        stands_for={
            "https://api.zotero.org": url,
            "key of ada": "key of sandbox",
            "groups/1234567": f"groups/{sandbox.group}",
        },
    )


def a_list_and_a_service(stage: Stage) -> Scene:
    """A list of two papers, and a service that knows a third."""
    two_papers(stage, sources={"crossref": stage.registry(PROXY)})
    stage.lab.run("resolve")
    stage.person_at_the_terminal("add")
    return Scene(
        typed={"dmlsync add 10.1109/cvpr42600.2020.00330": "y\n"}, exit_codes={"dmlsync add arXiv:1503.03832": 1}
    )


def a_correction(stage: Stage) -> Scene:
    """A student corrected the pages in library.bib since the last push."""
    pushed(stage)
    stage.lab.edit_bib("pages = {815--823}", "pages = {815--824}")
    return Scene()


def a_key_to_change(stage: Stage) -> Scene:
    """A pushed project."""
    pushed(stage)
    return Scene()


def a_list_with_slips(stage: Stage) -> Scene:
    """A list of which one row lacks a pipe and one has another year than its record."""
    pushed(stage)
    slips = FACENET.replace("| 2015 |", "| 2013 |") + COSFACE.removeprefix("| ")
    stage.lab.write("papers.md", HEADER + slips)
    assert stage.lab.push().exit_code == 0
    return Scene()


def files_to_convert(stage: Stage) -> Scene:
    """Items of Zotero in a file, and a .bib."""
    pushed(stage)
    stage.lab.write("items.json", json.dumps(stage.lab.objects("/items/top")))
    shutil.copy(stage.lab.bib, stage.lab.folder / "old.bib")
    return Scene()


def nothing(stage: Stage) -> Scene:
    """An empty folder."""
    return Scene()


SCENES: dict[str, Callable[[Stage], Scene]] = {
    "README.md#try-it": this_repository,
    "README.md#use-it": first_push,
    "docs/bibtex.md#dmlsync-convert": files_to_convert,
    "docs/latex.md#with-bibtex": cited_paper,
    "docs/latex.md#editing-librarybib": a_key_to_change,
    "docs/lists.md#adding-a-paper": a_list_and_a_service,
    "docs/rules.md#rules": a_list_with_slips,
    "docs/sandbox.md#faults-on-demand": nothing,
    "docs/sandbox.md#the-sandbox": nothing,
    "docs/setup.md#4-the-configuration": new_folder,
    "docs/setup.md#4-the-configuration-2": new_folder_for_a_script,
    "docs/setup.md#7-when-something-is-wrong": a_key_that_only_reads,
    "docs/site.md#the-page": this_repository,
    "docs/sync.md#conflicts": both_sides_changed,
    "docs/sync.md#plans-in-a-file": a_correction,
    "docs/sync.md#undo": a_push_to_undo,
}
