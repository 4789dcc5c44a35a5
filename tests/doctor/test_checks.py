"""Every check fails where its cause of failure is there, and says what to do."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock
from lab import Lab
from registry import Registry, article, running

from dmlsync.doctor.checks import CHECKS, examine
from dmlsync.doctor.finding import Finding
from dmlsync.doctor.scene import Scene
from dmlsync.sandbox import Sandbox
from dmlsync.zotero.access import Greeting

ASKED = article("10.1109/CVPR.2015.7298682", "FaceNet: A Unified Embedding", ["Florian Schroff"], 2015, "CVPR")


class Machine(Scene):
    """A machine of which a test decides what it is like."""

    version = (3, 11, 7)
    needed: Sequence[str] = ()
    packages: Mapping[str, str] = {}
    ring = True
    free = 10**12
    closed: Sequence[str] = ()
    proxy: Mapping[str, str] = {}

    def python(self) -> tuple[int, int, int]:
        return self.version

    def requirements(self) -> Sequence[str]:
        return self.needed

    def installed(self, package: str) -> str:
        return self.packages.get(package, "")

    def has_keyring(self) -> bool:
        return self.ring

    def free_bytes(self) -> int:
        return self.free

    def is_writable(self, path: Path) -> bool:
        return path.name not in self.closed and super().is_writable(path)

    def proxies(self) -> Mapping[str, str]:
        return self.proxy


@pytest.fixture(autouse=True)
def quiet_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    monkeypatch.delenv("ZOTERO_API_KEY", raising=False)


@pytest.fixture
def machine(lab: Lab) -> Machine:
    lab.configure("papers.md", resolve='mailto = "me@uni.edu"')
    return Machine(lab.config)


def found(scene: Scene, **options: bool) -> dict[str, Finding]:
    return {check.id: finding for check, finding in examine(scene, **options)}


def of(scene: Scene, name: str) -> tuple[str, str, str]:
    finding = found(scene)[name]
    return finding.state, finding.message, finding.remedy


def test_a_project_that_is_well_has_nothing_to_say(machine: Machine) -> None:
    assert {finding.state for finding in found(machine).values()} == {"ok"}
    assert all(finding.message and not finding.message.endswith(".") for finding in found(machine).values())


def test_the_names_of_checks_are_unique_and_each_needs_only_earlier_ones() -> None:
    seen: set[str] = set()
    for check in CHECKS:
        assert check.id not in seen
        assert set(check.needs) <= seen
        seen.add(check.id)


# ---- this machine --------------------------------------------------------------------------------------------------


def test_an_old_python(machine: Machine) -> None:
    machine.version = (3, 10, 2)
    assert of(machine, "python")[:2] == ("failed", "Python 3.10.2 is too old")


@pytest.mark.parametrize(
    ("needed", "installed", "sentence"),
    [
        ("click<9,>=8.1.7", "8.1.3", "click is 8.1.3, and <9,>=8.1.7 is needed"),
        ("click<9,>=8.1.7", "9.0", "click is 9.0"),
        ("habanero<2.10,>=2.9.2", "", "habanero is not installed"),
        ("click>8.1,!=8.2.0", "8.2", "click is 8.2"),
    ],
)
def test_packages_that_are_missing_or_of_another_version(
    machine: Machine, needed: str, installed: str, sentence: str
) -> None:
    machine.needed, machine.packages = [needed], {"click": installed, "habanero": installed}
    state, message, remedy = of(machine, "packages")
    assert (state, sentence in message, "pip install" in remedy) == ("failed", True, True)


def test_packages_that_fit(machine: Machine) -> None:
    machine.needed = ["click<9,>=8.1.7", "filelock==3.15", "keyring<26,>=25; extra == 'keyring'"]
    machine.packages = {"click": "8.10.1rc1", "filelock": "3.15.0"}
    assert of(machine, "packages")[0] == "ok"


def test_little_room(machine: Machine) -> None:
    machine.free = 100_000_000
    assert of(machine, "disk")[0] == "warning"
    machine.free = 1_000_000
    assert of(machine, "disk")[0] == "failed"


@pytest.mark.parametrize("proxy", ["socks5://proxy:1080", "proxy:8080", "http://[", ""])
def test_proxies_that_cannot_be_used(machine: Machine, proxy: str) -> None:
    machine.proxy = {"https": proxy}
    assert of(machine, "proxies")[0] == "warning"


def test_a_proxy_is_named_without_its_password(machine: Machine) -> None:
    machine.proxy = {"https": "http://me:secret@proxy.uni.edu:8080"}
    assert of(machine, "proxies")[:2] == ("ok", "sources and Zotero are asked through proxy.uni.edu")


# ---- the project's files -------------------------------------------------------------------------------------------


def test_a_configuration_that_is_missing_leaves_the_rest_unchecked(tmp_path: Path) -> None:
    checks = found(Machine(tmp_path / "config.toml"))
    assert checks["config"].state == "failed"
    assert "no such file" in checks["config"].message
    assert checks["lists"] == Finding("not checked", "it needs what failed above: config")
    assert checks["collection"].state == "not checked"


def test_a_setting_that_there_is_not(lab: Lab) -> None:
    lab.config.write_text(lab.config.read_text() + "\n[zotero2]\n")
    state, message, remedy = of(Machine(lab.config), "config")
    assert (state, "zotero2" in message, "did you mean 'zotero'" in remedy) == ("failed", True, True)


def test_a_formula_of_keys_that_is_none(lab: Lab) -> None:
    lab.config.write_text(lab.config.read_text().replace("[bib]", '[bib]\nkey = "nonsense("'))
    assert of(Machine(lab.config), "config")[0] == "failed"


@pytest.mark.parametrize("mail", ["", "you@example.org", "nobody"])
def test_an_address_that_is_nobodys(lab: Lab, mail: str) -> None:
    lab.configure("papers.md", resolve=f'mailto = "{mail}"')
    assert of(Machine(lab.config), "mailto")[0] == "warning"


def test_looking_makes_no_sandbox(lab: Lab, machine: Machine) -> None:
    assert of(machine, "collection")[:2] == ("ok", "the sandbox is made by the first push")
    assert not (lab.folder / ".dmlsync" / "sandbox.sqlite").exists()


def test_a_list_that_is_missing_and_lines_that_cannot_be_read(lab: Lab, machine: Machine) -> None:
    text = (lab.folder / "papers.md").read_text()
    lab.write("papers.md", text + "| | | | | [PDF](https://x.org/a.pdf) | |\n")
    state, message, remedy = of(machine, "lists")
    assert (state, "papers.md:5" in message, "dmlsync check" in remedy) == ("warning", True, True)
    (lab.folder / "papers.md").unlink()
    assert of(Machine(lab.config), "lists")[0] == "failed"


@pytest.mark.parametrize(
    ("text", "state", "sentence"),
    [
        (b"<<<<<<< HEAD\n@misc{a,}\n=======\n>>>>>>> b\n", "failed", "unfinished git merge"),
        (b"@misc{a,\n title = {x},\n}\n@misc{a,\n title = {y},\n}\n", "warning", "library.bib:4"),
        (b"% caf\xe9\n@misc{a,\n title = {x},\n}\n", "warning", "library.bib:1: is not UTF-8"),
    ],
)
def test_a_library_bib_that_cannot_be_read_as_it_should(
    lab: Lab, machine: Machine, text: bytes, state: str, sentence: str
) -> None:
    lab.bib.write_bytes(text)
    finding = of(machine, "bib")
    assert finding[0] == state
    assert sentence in finding[1]


@pytest.mark.parametrize("text", ["<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> b\n", "[", '{"format": 99}'])
def test_a_lock_that_cannot_be_read(lab: Lab, machine: Machine, text: str) -> None:
    lab.lock.write_text(text)
    checks = found(machine)
    assert checks["lock"].state == "failed"
    assert checks["lock"].remedy
    assert checks["bib"].state == "ok"


def test_a_library_bib_in_the_other_dialect(lab: Lab) -> None:
    lab.configure("papers.md")
    lab.config.write_text(lab.config.read_text().replace("[bib]", '[bib]\ndialect = "bibtex"'))
    state, _, remedy = of(Machine(lab.config), "dialect")
    assert (state, 'dialect = "biblatex"' in remedy) == ("warning", True)


def test_files_that_cannot_be_written(machine: Machine) -> None:
    machine.closed = ["library.bib", "papers.md"]
    assert of(machine, "writable")[:2] == ("failed", "library.bib, papers.md cannot be written")


def test_a_state_folder_that_is_none(lab: Lab, machine: Machine) -> None:
    (lab.folder / ".dmlsync").write_text("a file")
    checks = found(machine)
    assert (checks["state folder"].state, checks["journal"].state) == ("failed", "not checked")


def test_a_state_folder_that_was_committed(lab: Lab, machine: Machine) -> None:
    lab.push()
    for command in (["init", "-q"], ["add", "-f", ".dmlsync"]):
        subprocess.run(["git", "-C", str(lab.folder), *command], check=True, capture_output=True)
    state, _, remedy = of(machine, "git")
    assert (state, remedy) == ("failed", "take them out: git rm -r --cached .dmlsync")


def test_another_run(lab: Lab, machine: Machine) -> None:
    lab.push()
    with FileLock(lab.folder / ".dmlsync" / "run.lock"):
        assert of(machine, "other run")[0] == "warning"


def test_a_run_that_was_cut_off(lab: Lab, machine: Machine) -> None:
    lab.push()
    path = next((lab.folder / ".dmlsync" / "journal").glob("*.jsonl"))
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:-1]))
    state, message, remedy = of(machine, "journal")
    assert (state, path.stem in message, "dmlsync push" in remedy) == ("warning", True, True)


@pytest.mark.parametrize(("name", "state"), [("mirror", "warning"), ("cache", "warning"), ("sandbox", "failed")])
def test_databases_that_are_damaged(lab: Lab, machine: Machine, name: str, state: str) -> None:
    lab.push()
    path = lab.folder / ".dmlsync" / f"{name}.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for rest in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        rest.unlink(missing_ok=True)
    path.write_bytes(b"no database at all, and long enough to be looked at as one" * 100)
    checks = found(machine)
    assert (checks["databases"].state, str(path) in checks["databases"].message) == (state, True)
    assert (checks["library"].state == "not checked") == (name == "sandbox")


# ---- the key and the server ----------------------------------------------------------------------------------------


@pytest.fixture
def online(lab: Lab, server: tuple[str, Sandbox]) -> Machine:
    """A project whose library is on a server, with a key that may write."""
    at(lab, server[0], f"groups/{server[1].group}")
    return Machine(lab.config)


def at(lab: Lab, url: str, library: str) -> None:
    lab.configure("papers.md", zotero=f'library = "{library}"\nendpoint = "{url}"', resolve='mailto = "me@uni.edu"')


def test_a_server_a_key_and_a_library_that_are_well(online: Machine, server: tuple[str, Sandbox]) -> None:
    checks = found(online)
    assert {finding.state for finding in checks.values()} == {"ok"}
    assert checks["key"].message == "the key comes from ZOTERO_API_KEY"
    assert checks["account"].message == "the key is that of sandbox"
    assert checks["collection"].message == "Metric Learning is made by the first push"
    assert server[1].key not in str(checks)


def test_a_collection_that_is_there(lab: Lab, online: Machine) -> None:
    assert lab.push().exit_code == 0
    assert of(online, "collection")[:2] == ("ok", "Metric Learning has 2 items of its own")


def test_no_key(lab: Lab, online: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ZOTERO_API_KEY")
    checks = found(Machine(lab.config))
    assert checks["key"].state == "failed"
    assert "zotero.org/settings/keys" in checks["key"].remedy
    assert (checks["server"].state, checks["account"].state) == ("ok", "not checked")


def test_no_keyring_to_keep_the_key_in(lab: Lab, online: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    online.ring = False
    assert of(online, "keyring")[0] == "ok"
    monkeypatch.delenv("ZOTERO_API_KEY")
    assert of(online, "keyring")[0] == "warning"


def test_two_keys(online: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dmlsync.credentials.key_kept", lambda endpoint: "another")
    state, message, _ = of(online, "key copies")
    assert (state, "ZOTERO_API_KEY and keyring hold different keys" in message) == ("warning", True)


def test_a_key_that_the_server_does_not_know(online: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", "unknown")
    checks = found(online)
    assert (checks["account"].state, checks["library"].state) == ("failed", "not checked")
    assert "does not know the API key" in checks["account"].message
    assert "unknown" not in checks["account"].message


def test_a_key_that_may_only_read(
    online: Machine, server: tuple[str, Sandbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", server[1].read_only_key)
    checks = found(online)
    assert (checks["library"].state, checks["permission"].state) == ("ok", "failed")
    assert "no write permission" in checks["permission"].message


def test_a_library_that_is_not_there(lab: Lab, server: tuple[str, Sandbox]) -> None:
    at(lab, server[0], "groups/77")
    checks = found(Machine(lab.config))
    assert (checks["library"].state, checks["collection"].state) == ("failed", "not checked")


def test_a_server_that_is_not_there(lab: Lab, online: Machine) -> None:
    at(lab, "http://127.0.0.1:9", "groups/1")
    checks = found(Machine(lab.config))
    assert (checks["server"].state, checks["clock"].state) == ("failed", "not checked")


def test_a_server_that_is_none_of_zotero(lab: Lab, online: Machine, registry: Registry) -> None:
    at(lab, registry.url, "groups/1")
    assert of(Machine(lab.config), "server")[0] == "failed"


def test_a_server_of_another_version(online: Machine) -> None:
    online.__dict__["greeting"] = Greeting("4", 0.0)
    assert of(online, "server")[:1] == ("failed",)


@pytest.mark.parametrize(("apart", "way"), [(900.0, "behind"), (-900.0, "ahead of")])
def test_a_clock_that_goes_wrong(online: Machine, apart: float, way: str) -> None:
    online.__dict__["greeting"] = Greeting("3", apart)
    assert of(online, "clock")[:2] == ("warning", f"this machine's clock is 15 minutes {way} the server's")


# ---- the sources ---------------------------------------------------------------------------------------------------


@pytest.fixture
def registry() -> Iterator[Registry]:
    with running() as service:
        yield service


def test_sources_that_answer_and_that_do_not(lab: Lab, registry: Registry) -> None:
    registry.works.append(ASKED)
    lab.configure("papers.md", sources={"crossref": registry.url, "openalex": "http://127.0.0.1:9", "pages": ""})
    checks = found(Machine(lab.config))
    assert checks["source crossref"] == Finding("ok", "crossref answers")
    assert (checks["source openalex"].state, checks["source pages"].state) == ("warning", "ok")
    assert len(registry.asked) == 1


def test_a_source_that_is_another_service(lab: Lab, registry: Registry) -> None:
    lab.configure("papers.md", sources={"crossref": registry.url})
    state, message, remedy = of(Machine(lab.config), "source crossref")
    assert (state, "does not know a paper that it should" in message) == ("warning", True)
    assert "[sources.crossref]" in remedy


def test_a_source_that_refuses(lab: Lab, refusing: str) -> None:
    lab.configure("papers.md", sources={"openalex": refusing})
    assert of(Machine(lab.config), "source openalex")[0] == "failed"


@pytest.fixture
def refusing(raw_server: Callable[[int, bytes], str]) -> str:
    return raw_server(400, b'{"message": "no"}')


def test_offline_nobody_is_asked(lab: Lab, online: Machine, registry: Registry) -> None:
    lab.configure("papers.md", sources={"crossref": registry.url})
    checks = found(Machine(lab.config), offline=True)
    assert {name for name, one in checks.items() if one.state == "not checked"} == {
        *(check.id for check in CHECKS if check.on_the_network),
        "source crossref",
    }
    assert registry.asked == []
