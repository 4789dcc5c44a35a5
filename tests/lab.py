"""A lab for tests: a project in a folder, its sandbox library, and the people around it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from click.testing import CliRunner

from dmlsync.cli.app import app
from dmlsync.config import read_config
from dmlsync.project import Project
from dmlsync.sandbox import open_sandbox

CONFIG = """
{lists}
[bib]
path = "library.bib"
[zotero]
collection = "Metric Learning"
{zotero}
[resolve]
sources = {sources}
{resolve}
{more}
"""

HEADER = "| Title | Authors | Year | Venue | PDF | Code |\n|---|---|---|---|---|---|\n"
FACENET = (
    "| FaceNet: A unified embedding for face recognition and clustering | Schroff, F. et al. | 2015 | CVPR "
    "| [PDF](https://arxiv.org/pdf/1503.03832.pdf) | [code](https://github.com/davidsandberg/facenet) |\n"
)
COSFACE = (
    "| CosFace: Large Margin Cosine Loss for Deep Face Recognition | Wang, H. et al. | 2018 | CVPR "
    "| [PDF](https://arxiv.org/pdf/1801.09414.pdf) | |\n"
)
ARCFACE = (
    "| ArcFace: Additive Angular Margin Loss for Deep Face Recognition | Deng, J. et al. | 2019 | CVPR "
    "| [PDF](https://arxiv.org/pdf/1801.07698.pdf) | |\n"
)

FACENET_RECORD = """@inproceedings{schroff2015facenet,
  title = {{FaceNet}: A Unified Embedding for Face Recognition and Clustering},
  booktitle = {2015 {IEEE} Conference on Computer Vision and Pattern Recognition ({CVPR})},
  author = {Schroff, Florian and Kalenichenko, Dmitry and Philbin, James},
  date = {2015},
  eprint = {1503.03832},
  eprinttype = {arXiv},
  pages = {815--823},
  doi = {10.1109/CVPR.2015.7298682},
}
"""
COSFACE_RECORD = """@inproceedings{wang2018cosface,
  title = {{CosFace}: Large Margin Cosine Loss for Deep Face Recognition},
  booktitle = {2018 {IEEE}/{CVF} Conference on Computer Vision and Pattern Recognition},
  author = {Wang, Hao and Wang, Yitong and Zhou, Zheng and Ji, Xing},
  date = {2018},
  eprint = {1801.09414},
  eprinttype = {arXiv},
  pages = {5265--5274},
  doi = {10.1109/CVPR.2018.00552},
}
"""
ARCFACE_RECORD = """@inproceedings{deng2019arcface,
  title = {{ArcFace}: Additive Angular Margin Loss for Deep Face Recognition},
  booktitle = {2019 {IEEE}/{CVF} Conference on Computer Vision and Pattern Recognition ({CVPR})},
  author = {Deng, Jiankang and Guo, Jia and Xue, Niannan and Zafeiriou, Stefanos},
  date = {2019},
  eprint = {1801.07698},
  eprinttype = {arXiv},
  pages = {4690--4699},
  doi = {10.1109/CVPR.2019.00482},
}
"""

_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "zu", "xa")


def many_rows(number: int) -> str:
    """Lines of as many papers that no source knows, each with a PDF and code, and with a title like no other."""
    row = (
        "| {0} {1} for {2} | {1}son, {0} | 20{3:02} | CVPR "
        "| [PDF](https://example.org/{4}.pdf) | [code](https://github.com/lab/{4}) |\n"
    )
    rows = []
    for place in range(number):
        digest = hashlib.sha256(str(place).encode()).digest()
        words = ["".join(_SYLLABLES[byte % 16] for byte in digest[at : at + 4]).capitalize() for at in (0, 4, 8)]
        rows.append(row.format(*words, place % 25, place))
    return HEADER + "".join(rows)


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended."""

    exit_code: int
    output: str
    errors: str

    @property
    def json(self) -> Any:
        return json.loads(self.output)


class Lab:
    """A project whose lists and library.bib a test writes, with a member who works in Zotero."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.bib = folder / "library.bib"
        self.lock = folder / "library.lock"
        self.config = folder / "config.toml"

    def configure(
        self,
        *lists: str,
        zotero: str = "",
        sources: Mapping[str, str] | None = None,
        resolve: str = "",
        more: str = "",
    ) -> None:
        """Write config.toml: the lists' file names, more lines for tables, and the addresses of sources."""
        tables = "".join(f'[sources.{name}]\nurl = "{url}"\nrate = 1000\n' for name, url in (sources or {}).items())
        text = CONFIG.format(
            lists="".join(f'[[list]]\npath = "{name}"\n' for name in lists or ("papers.md",)),
            zotero=zotero,
            sources=json.dumps(list(sources or {})),
            resolve=resolve,
            more=tables + more,
        )
        self.config.write_text(text, encoding="utf-8")

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str, typed: str = "") -> Answer:
        """Run a dmlsync command in-process; `typed` is what a person types when asked."""
        command = ["--config", str(self.config), *arguments]
        result = CliRunner().invoke(app, command, catch_exceptions=False, input=typed)
        return Answer(result.exit_code, result.stdout, result.stderr)

    def push(self, *arguments: str) -> Answer:
        """`dmlsync push --yes`."""
        return self.run("push", "--yes", *arguments)

    def project(self, wrap: Callable[[httpx2.BaseTransport], httpx2.BaseTransport] | None = None) -> Project:
        """The project itself, for tests that watch or disturb its transport."""
        return Project(read_config(self.config), wrap=wrap)

    def zotero(
        self, method: str, path: str, headers_more: Mapping[str, str] | None = None, **options: Any
    ) -> httpx2.Response:
        """A request of a lab member to the sandbox's group."""
        with open_sandbox(self.folder / ".dmlsync" / "sandbox.sqlite") as sandbox:
            transport = httpx2.WSGITransport(app=sandbox.app)
            with httpx2.Client(transport=transport, base_url=f"http://sandbox.test/groups/{sandbox.group}") as client:
                headers = {"Zotero-API-Key": sandbox.key, **(headers_more or {})}
                return client.request(method, path, headers=headers, **options)

    def objects(self, path: str = "/items", **parameters: Any) -> list[dict[str, Any]]:
        """The data of what lies under a path of the group."""
        found: list[dict[str, Any]] = []
        while True:
            answer = self.zotero("GET", path, params={"limit": 100, "start": len(found), **parameters})
            page = answer.raise_for_status().json()
            found += [one["data"] for one in page]
            if len(page) < 100:
                return found

    def items(self) -> dict[str, dict[str, Any]]:
        """The bibliographic items of the group by citation key."""
        found = [one for one in self.objects() if one["itemType"] not in ("attachment", "note")]
        keys = [one["citationKey"] for one in found]
        assert len(keys) == len(set(keys)), f"duplicate items: {keys}"
        return dict(zip(keys, found, strict=True))

    def attachments(self) -> list[tuple[str, str]]:
        """Parent and address of every attachment, sorted."""
        return sorted((one["parentItem"], one["url"]) for one in self.objects() if one["itemType"] == "attachment")

    def edit_item(self, citation_key: str, **fields: Any) -> None:
        """A member changes an item in Zotero."""
        item = self.items()[citation_key]
        change = {"key": item["key"], "version": item["version"], **fields}
        answer = self.zotero("POST", "/items", json=[change]).raise_for_status().json()
        assert answer["successful"], answer

    def edit_bib(self, old: str, new: str) -> None:
        """A student changes library.bib by hand."""
        text = self.bib.read_text(encoding="utf-8")
        assert old in text
        self.bib.write_text(text.replace(old, new), encoding="utf-8")
