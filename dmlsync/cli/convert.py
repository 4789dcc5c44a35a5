"""`dmlsync convert`: items or a .bib file in another format, on standard output. It needs no project."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from dmlsync.bib.key_formula import BETTER_BIBTEX_KEY, parse_formula
from dmlsync.cli.common import shared_options, verbosity
from dmlsync.cli.text import safe
from dmlsync.errors import FileError

if TYPE_CHECKING:
    from dmlsync.bib.document import Document
    from dmlsync.bib.key_formula import Formula
    from dmlsync.zotero.items import Json

Target = Literal["bibtex", "biblatex", "zotero", "csl"]

_STANDARD_INPUT = "-"


@click.command()
@click.argument("file", default=_STANDARD_INPUT)
@click.option("--from", "source", type=click.Choice(["zotero", "bib"]), required=True, help="What FILE holds.")
@click.option(
    "--to",
    "target",
    type=click.Choice(["bibtex", "biblatex", "zotero", "csl"]),
    required=True,
    help="What is written: a .bib file in either dialect, Zotero item JSON, or CSL JSON.",
)
@click.option(
    "--key-formula",
    default=BETTER_BIBTEX_KEY,
    show_default=True,
    help="What the keys of items without one are made of.",
)
@click.option("--keep-case", is_flag=True, help="Leave the titles of Zotero items in the case that they have.")
@shared_options
@click.pass_context
def command(ctx: click.Context, file: str, source: str, target: Target, key_formula: str, keep_case: bool) -> None:
    """Convert Zotero items or a .bib file, read from FILE or from standard input.

    Zotero items are JSON as the Web API has it: one item or a list, bare `data` objects or whole envelopes. In a .bib
    file made of them, English titles are in Title Case, as styles expect them. The result goes to standard output;
    what in a .bib file could not be read is told on standard error.
    """
    path = Path("standard input" if file == _STANDARD_INPUT else file)
    data = _content(file, path)
    formula = parse_formula(key_formula)
    if source == "zotero":
        text = _from_items(_items(path, data), target, formula, title_case=not keep_case)
    else:
        from dmlsync.bib.file import document_of

        document = document_of(path, data)
        if verbosity(ctx) >= 0:
            for problem in document.problems:
                click.echo(safe(f"{path}:{problem.line}: {problem.message}"), err=True)
        text = _from_document(document, target, formula)
    click.echo(text.encode("utf-8", "replace"), nl=False)


def _content(file: str, path: Path) -> bytes:
    """The bytes to convert."""
    if file == _STANDARD_INPUT:
        return sys.stdin.buffer.read()
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror})") from error


def _items(path: Path, data: bytes) -> list[Json]:
    """The items in JSON text."""
    from dmlsync.zotero.convert import items_in

    try:
        return items_in(json.loads(data.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        raise FileError(path, "is not UTF-8, as JSON has to be") from error
    except json.JSONDecodeError as error:
        raise FileError(path, f"is not JSON: {error.msg}", line=error.lineno) from error
    except RecursionError as error:
        raise FileError(path, "is nested too deeply to be items") from error
    except ValueError as error:
        raise FileError(path, str(error)) from error


def _from_items(items: list[Json], target: Target, formula: Formula, *, title_case: bool) -> str:
    from dmlsync.zotero.convert import bib_text, csl_items, data_objects

    if target == "zotero":
        return _json(data_objects(items))
    if target == "csl":
        return _json(csl_items(items, formula))
    return bib_text(items, target, formula, title_case=title_case)


def _from_document(document: Document, target: Target, formula: Formula) -> str:
    from dmlsync.zotero.convert import csl_objects, entries_of, entries_text, items_of

    if target == "zotero":
        return _json(items_of(document))
    if target == "csl":
        return _json(csl_objects(entries_of(document), formula))
    return entries_text(entries_of(document), target, formula)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
