"""`dmlsync rekey`: another citation key, on all sides."""

from __future__ import annotations

from dataclasses import asdict

import click

from dmlsync.cli.common import DONE, WAITS, hand_over, open_project, say, shared_options
from dmlsync.cli.completion import citation_keys
from dmlsync.cli.text import safe


@click.command()
@click.argument("old", shell_complete=citation_keys)
@click.argument("new")
@shared_options
@click.pass_context
def command(ctx: click.Context, old: str, new: str) -> None:
    """Change the citation key OLD to NEW in library.bib, library.lock and Zotero.

    Prints what to replace in your documents. library.bib keeps OLD as another name of the entry where biblatex can use
    it, and no other work ever gets OLD.
    """
    from dmlsync.rekeying import rekey

    project = open_project(ctx)
    done = rekey(project, old, new)
    hand_over(ctx, {**asdict(done), "item_key": done.item_key or None, "rewrite": {"sed": sed_command(old, new)}})
    say(ctx, f"{safe(old)} is now {safe(new)} in {project.config.bib.path.name} and {project.config.lock_path.name}.")
    if done.in_zotero:
        say(ctx, f"Its item {done.item_key} in Zotero has the new key.")
    elif done.waits:
        say(ctx, f"{click.style('!', fg='yellow')} Its item in Zotero keeps the old key for now: {safe(done.waits)}.")
        if done.conflict is None:
            say(ctx, "  The next push changes it.")
    say(ctx, f"Replace in your documents: \\cite{{{old}}} -> \\cite{{{new}}}")
    say(ctx, f"  {sed_command(old, new)} *.tex")
    ctx.exit(WAITS if done.waits else DONE)


def sed_command(old: str, new: str) -> str:
    """A command that replaces a key wherever it stands between braces, commas and blanks; safe for any legal key."""
    pattern = "".join(f"\\{sign}" if sign in "./*+?[]^$" else sign for sign in old)
    put = "".join(f"\\{sign}" if sign in "/&" else sign for sign in new)
    return f"sed -i -E 's/([{{,] *){pattern}( *[,}}])/\\1{put}\\2/g'"
