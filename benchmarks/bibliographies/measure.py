"""What each program runs: it reads all records, gives the one in the middle another title, and writes the file."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TITLE = "Another Title"


def measure(read: Callable[[Path], Any], count: Callable[[Any], int], change: Callable[[Any, Path], None]) -> None:
    """Run and tell: seconds of reading and in all, the highest memory, how many records were found."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    start = time.perf_counter()
    library = read(source)
    records = count(library)
    middle = time.perf_counter()
    change(library, target)
    end = time.perf_counter()
    figures = {"read_seconds": middle - start, "seconds": end - start, "megabytes": megabytes(), "records": records}
    print(json.dumps(figures))


def megabytes() -> float:
    """The highest memory of this process; `getrusage` would count what its parent held when it started."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
