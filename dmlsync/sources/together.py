"""Threads that work side by side and never keep a person waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence


def together(tasks: Sequence[Callable[[], None]], interrupted: Callable[[], None]) -> None:
    """Run each task in a thread of its own, wait for all, and raise the first error of any.

    An interruption (Ctrl-C) does not wait for what is under way: it calls `interrupted`, by which the tasks may learn
    of it, and goes on at once; the threads do not keep the process alive.
    """
    errors: list[BaseException] = []

    def work(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:  # noqa: BLE001  whatever it is, it is raised below, not lost here
            errors.append(error)

    threads = [threading.Thread(target=work, args=(task,), daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    finally:
        if any(thread.is_alive() for thread in threads):
            interrupted()
    if errors:
        raise errors[0]
