"""What the checks look at: the configuration and what lies around it, each looked at once and only when asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import metadata
from pathlib import Path

from dmlsync.config import SANDBOX, Config, read_config
from dmlsync.credentials import VARIABLE, FoundKey, find_key, has_keyring
from dmlsync.project import Project
from dmlsync.zotero.access import Greeting, greet


class Scene:
    """A project as the checks see it, from the path of its configuration on.

    Its properties raise what the commands would raise; the facts of the machine are methods of their own, so that a
    test can stand something else in for them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def config(self) -> Config:
        """The settings. Raises ConfigError."""
        return read_config(self.path)

    @cached_property
    def project(self) -> Project:
        """The project. Raises ConfigError."""
        return Project(self.config)

    @property
    def is_sandbox(self) -> bool:
        """Whether the library is the embedded one, which needs neither key nor network."""
        return self.config.zotero.library == SANDBOX

    @cached_property
    def key(self) -> FoundKey:
        """The API key. Raises ConfigError."""
        return find_key(self.config)

    @cached_property
    def greeting(self) -> Greeting:
        """How the server answers. Raises LibraryError."""
        return greet(self.config.zotero.endpoint)

    # ---- the machine -----------------------------------------------------------------------------------------------

    def python(self) -> tuple[int, int, int]:
        """The version of Python."""
        return (sys.version_info.major, sys.version_info.minor, sys.version_info.micro)

    def requirements(self) -> Sequence[str]:
        """What the package says that it needs, such as `click<9,>=8.1.7`; nothing where it is not installed."""
        try:
            return metadata.requires("dmlsync") or ()
        except metadata.PackageNotFoundError:
            return ()

    def installed(self, package: str) -> str:
        """The version of an installed package, `""` where it is not."""
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            return ""

    def has_keyring(self) -> bool:
        """Whether the extra for the system's keyring is installed."""
        return has_keyring()

    def key_is_in_environment(self) -> bool:
        """Whether the environment holds a key."""
        return bool(os.environ.get(VARIABLE, "").strip())

    def free_bytes(self) -> int:
        """The space that is left on the project's disk."""
        return shutil.disk_usage(self.config.root).free

    def is_writable(self, path: Path) -> bool:
        """Whether a file can be replaced: itself and its folder, which is where its successor is made."""
        nearest = next((one for one in (path, *path.parents) if one.exists()), path)
        folder = path.parent if path.parent.exists() else nearest
        return os.access(nearest, os.W_OK) and os.access(folder, os.W_OK)

    def proxies(self) -> Mapping[str, str]:
        """The proxies of the environment, by the scheme that they are for."""
        return {name: url for name, url in urllib.request.getproxies().items() if name in ("http", "https", "all")}

    def committed_state(self) -> Sequence[str]:
        """The files of the state folder that git keeps track of; none where there is no git."""
        command = ["git", "-C", str(self.config.root), "ls-files", "--", self.config.state.name]
        try:
            answer = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
        except (OSError, subprocess.SubprocessError):
            return ()
        return answer.stdout.splitlines()
