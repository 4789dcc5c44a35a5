"""Checks of the sources: whether each answers a question to which it knows the answer. One request each, as a rule."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from dmlsync import sources
from dmlsync.doctor.finding import Check, Finding, failed, ok, warning
from dmlsync.doctor.scene import Scene
from dmlsync.errors import SourceRefusedError, SourceUnavailableError
from dmlsync.model import Identifiers
from dmlsync.sources.base import Hint
from dmlsync.sources.http import Client

_PAPER = Identifiers(doi="10.1109/cvpr.2015.7298682")
_ASKED: Mapping[str, Identifiers | Hint] = {
    "crossref": _PAPER,
    "dblp": Hint("FaceNet: A Unified Embedding for Face Recognition and Clustering", ("schroff",), 2015, "CVPR"),
    "arxiv": Identifiers(arxiv="1503.03832"),
    "datacite": Identifiers(doi="10.48550/arxiv.1503.03832"),
    "openalex": _PAPER,
    "semanticscholar": _PAPER,
}


def source_checks(names: tuple[str, ...]) -> tuple[Check, ...]:
    """A check for each source that is configured."""
    return tuple(
        Check(f"source {name}", partial(_answers, name=name), ("config",), on_the_network=True) for name in names
    )


def _answers(scene: Scene, name: str) -> Finding:
    """Whether a source answers a question to which it knows the answer."""
    config = scene.config
    at = sources.endpoints([name], config.sources)
    if name not in _ASKED:
        where = at[0].url
        return ok(f"pages are asked for at {where}" if where else "pages are read where they are")
    try:
        with Client(at, mailto=config.resolve.mailto, retries={"attempts": 2, "patience": 5.0}) as client:
            source = sources.build(at, client)[0]
            asked = _ASKED[name]
            answer = source.search([asked]) if isinstance(asked, Hint) else source.lookup([asked])
    except SourceUnavailableError as error:
        remedy = "try again later; what it knows waits until then, and everything else goes on"
        return warning(f"{name} does not answer: {error.problem}", remedy)
    except SourceRefusedError as error:
        remedy = error.remedy or f"correct [sources.{name}], or take {name} out of sources"
        return failed(f"{name} refuses: {error.problem}", remedy)
    if not answer:
        what = f"{name} answers, but does not know a paper that it should"
        return warning(what, f"look at url under [sources.{name}]: it may lead to another service")
    return ok(f"{name} answers")
