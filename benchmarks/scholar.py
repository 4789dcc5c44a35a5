"""The offline stand-in for Crossref, arXiv, DBLP, DataCite, OpenAlex, Semantic Scholar and the publishers' sites.

It lives beside the project (`../shared/scholar`) and runs as a process of its own, on a free port or a given one.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from dmlsync.config import SourceSettings
from dmlsync.sources import NAMES

HOME = Path(__file__).parents[2] / "shared" / "scholar"
"""Where the stand-in is unless the command line says otherwise."""

_PATHS = {"semanticscholar": "s2", "pages": "page"}
_START_SECONDS = 180.0  # its first start builds a database of 200 MB
# What its statistics call the sources.
_SERVICES = {"s2": "semanticscholar", "page": "pages"}


class StandIn:
    """The running services; a context that ends them.

    `port` 0 takes a free one; two runs that share a cache need the same port, for answers are kept by address.
    """

    def __init__(self, home: Path = HOME, *, port: int = 0, limits: str = "off", faults: str = "none", seed: int = 0):
        command = ["./serve.sh", "--port", str(port), "--limits", limits, "--faults", faults, "--seed", str(seed)]
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        self._process = subprocess.Popen(
            command, cwd=home, stdout=subprocess.PIPE, stderr=self._log, start_new_session=True
        )
        if self._process.stdout is None:
            raise RuntimeError("the stand-in has no output")
        line = self._process.stdout.readline().decode()
        self.url = next((word for word in line.split() if word.startswith("http://")), "")
        if not self.url:
            self.close()
            raise RuntimeError(f"the stand-in at {home} does not start: {line.strip() or 'no output'}")
        self._wait()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.url.rpartition(":")[2])

    def settings(self, rate: float | None = 1000.0) -> dict[str, SourceSettings]:
        """The settings by which dmlsync asks the stand-in; `rate` None keeps the real services' own rates."""
        return {name: SourceSettings(url=f"{self.url}/{_PATHS.get(name, name)}", rate=rate) for name in NAMES}

    def requests(self) -> Counter[str]:
        """How many requests each source has sent since the start."""
        return _by_source(self._stats()["services"])

    def rate_violations(self) -> Counter[str]:
        """How many requests came faster than the real service allows."""
        return _by_source(self._stats()["rate_violations"])

    def close(self) -> None:
        """End the process."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait(10)
        self._log.close()

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _stats(self) -> Any:
        with urllib.request.urlopen(f"{self.url}/__stats", timeout=30) as answer:
            return json.load(answer)

    def _wait(self) -> None:
        until = time.monotonic() + _START_SECONDS
        while True:
            try:
                self._stats()
                return
            except OSError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)


def _by_source(counts: Mapping[str, int]) -> Counter[str]:
    return Counter({_SERVICES.get(name, name): number for name, number in counts.items() if not name.startswith("__")})
