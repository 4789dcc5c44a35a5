"""List items: which of them are papers, which are headings, which are notes that belong to the paper above them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dmlsync.model import Entry, Link
from dmlsync.readinglist.authors import read_names
from dmlsync.readinglist.characters import trim
from dmlsync.readinglist.citation import read_citation
from dmlsync.readinglist.document import Bullets, Item, Paragraph
from dmlsync.readinglist.gathering import Gathering, has_web_link
from dmlsync.readinglist.inline import LONGEST, Anchor, Printed
from dmlsync.readinglist.links import distinct, is_generic, links_of, title_links_of
from dmlsync.readinglist.phrases import has_words, word_count
from dmlsync.readinglist.running_text import Citation
from dmlsync.readinglist.tables import find_tables
from dmlsync.readinglist.venues import read_venue
from dmlsync.readinglist.vocabulary import NOTE_LABELS

# `*Title [[paper](..)]` is no bullet for Markdown: it joins the paragraph above it.
_GLUED_BULLET = re.compile(r"(?:[-+](?![\s\-+])|\*(?![\s*])[^*]*$|[•‣▪●◦·]\s*)")
_NOTE = re.compile(r"^\W*([^:：]{1,30})[:：]")


def is_glued_bullet(line: str) -> bool:
    """Whether a line is meant as a bullet with a link but is none: no blank behind its mark, or a mark of its own."""
    return _GLUED_BULLET.match(line.lstrip()) is not None and has_web_link(line)


@dataclass(slots=True, eq=False)
class Bullet:
    """An item with what its own text says, nested lists apart."""

    item: Item
    printed: Printed
    citation: Citation
    links: tuple[Link, ...]
    nested: tuple[tuple[Bullet, ...], ...]

    @property
    def children(self) -> Iterator[Bullet]:
        """The items of the lists in it."""
        return (child for bullets in self.nested for child in bullets)

    @property
    def has_title(self) -> bool:
        """Whether its text gives a title."""
        return any(char.isalpha() for char in self.citation.title)

    @property
    def has_badges_only(self) -> bool:
        """Whether it shows nothing but linked pictures."""
        return not has_words(self.printed.text)

    @property
    def is_contents(self) -> bool:
        """Whether it leads to a place in this page: a table of contents."""
        return not self.links and any(anchor.url.startswith("#") for anchor in self.printed.anchors)

    @property
    def is_note(self) -> bool:
        """Whether it starts with a label such as `Code:` or `Authors:`."""
        label = _NOTE.match(self.printed.text[:60])
        return label is not None and (is_generic(label[1]) or label[1].strip().lower() in NOTE_LABELS)

    @property
    def names_a_venue(self) -> bool:
        """Whether it says where a paper appeared and nothing else."""
        venue = read_venue(_less_label(self.printed.text))
        return venue.is_sure and bool(venue.name)

    @property
    def names_a_paper(self) -> bool:
        """Whether it is a paper even below another bullet: it has a title and leads to the paper."""
        if not self.has_title or self.is_note:
            return False
        return bool(self.citation.title_url) or any(link.kind in ("pdf", "paper") for link in self.links)

    def holds_papers(self) -> bool:
        """Whether some item below it is a paper of its own."""
        return any(child.names_a_paper or child.holds_papers() for child in self.children)

    def notes(self) -> Iterator[Bullet]:
        """All items below it."""
        for child in self.children:
            yield child
            yield from child.notes()


class BulletReader:
    """Reads lists of bullets into a gathering."""

    def __init__(self, gathering: Gathering) -> None:
        self._gathering = gathering

    def read(self, bullets: Bullets) -> None:
        """Reads a list with all lists in it."""
        self._take(tuple(self._bullet(item) for item in bullets.items))

    def _bullet(self, item: Item) -> Bullet:
        markdown = self._own_markdown(item)
        if len(markdown) > LONGEST:
            self._gathering.report(item.line, f"a bullet of more than {LONGEST} characters is no entry")
            markdown = ""
        printed = self._gathering.reader.read(markdown)
        self._gathering.report_forbidden(item.line, printed.anchors)
        citation = read_citation(printed)
        return Bullet(
            item=item,
            printed=printed,
            citation=citation,
            links=tuple(_links(printed.anchors, citation)),
            nested=tuple(
                tuple(self._bullet(child) for child in block.items)
                for block in item.blocks
                if isinstance(block, Bullets)
            ),
        )

    def _own_markdown(self, item: Item) -> str:
        """The item's text without nested blocks; a paragraph's end counts as a line break."""
        paragraphs = [block for block in item.blocks if isinstance(block, Paragraph) and not find_tables(block)]
        texts = []
        for paragraph in paragraphs:
            lines = list(paragraph.lines)
            glued = next((at for at in range(1, len(lines)) if is_glued_bullet(lines[at])), None)
            if glued is not None:
                self._gathering.report(
                    paragraph.line + glued, "no bullet: there must be -, * or + and a blank before the title"
                )
                lines = lines[:glued]
            texts.append("\n".join(lines))
        return "\\\n".join(texts)

    def _take(self, bullets: tuple[Bullet, ...]) -> None:
        """Sorts the items of one list into papers, headings and neither."""
        papers = sum(self._is_paper(bullet) for bullet in bullets)
        for bullet in bullets:
            if bullet.holds_papers() and not bullet.links:
                self._take_as_heading(bullet)
            elif self._is_paper(bullet) or (self._is_title_only(bullet) and 2 * papers >= len(bullets)):
                self._take_paper(bullet)
            else:
                if bullet.links and not bullet.has_badges_only and not bullet.has_title:
                    self._gathering.report(bullet.item.line, "a bullet with a link but without a title")
                self._take_nested(bullet)

    @staticmethod
    def _is_paper(bullet: Bullet) -> bool:
        """A title with a link, its own or in a note; or with a venue, or with authors and a year."""
        if not bullet.has_title or bullet.is_contents:
            return False
        if bullet.links:
            return True
        if not bullet.holds_papers() and any(note.links or note.names_a_venue for note in bullet.notes()):
            return True
        found = bullet.citation
        return bool((found.venue and read_venue(found.venue).is_sure) or (found.authors and found.year))

    @staticmethod
    def _is_title_only(bullet: Bullet) -> bool:
        """A title of some words and no link at all: a paper if its neighbours are papers."""
        has_link = bullet.links or bullet.printed.anchors or any(note.links for note in bullet.notes())
        return bullet.has_title and not has_link and word_count(bullet.citation.title) >= 3

    def _take_as_heading(self, bullet: Bullet) -> None:
        level = max(self._gathering.depth, 7) + 1
        self._gathering.enter(level, trim(bullet.printed.text[:1000]))
        self._take_nested(bullet)
        self._gathering.leave(level)

    def _take_nested(self, bullet: Bullet) -> None:
        for bullets in bullet.nested:
            self._take(bullets)

    def _take_paper(self, bullet: Bullet) -> None:
        found = bullet.citation
        links, last_line = list(bullet.links), bullet.item.last_line
        if bullet.holds_papers():
            # Papers below a paper: variants of it, each an entry of its own.
            last_line = self._line_before(next(bullet.children))
            self._take_nested(bullet)
        else:
            for note in bullet.notes():
                found.take_rest(_less_label(note.printed.text), single=note.is_note)
                links.extend(note.links)
        names = read_names(found.authors)
        self._gathering.entries.append(
            Entry(
                list_name=self._gathering.list_name,
                line=bullet.item.line,
                last_line=last_line,
                title=found.title,
                section=self._gathering.section,
                authors=found.authors,
                author_names=names.names,
                et_al=names.et_al,
                year=found.year or self._gathering.year,
                venue=found.venue,
                links=distinct(links),
            )
        )

    def _line_before(self, bullet: Bullet) -> int:
        """The last line that is not blank before an item."""
        line = bullet.item.line - 1
        while line > 1 and not self._gathering.lines[line - 1].strip():
            line -= 1
        return line


def _links(anchors: tuple[Anchor, ...], citation: Citation) -> Iterator[Link]:
    for anchor in anchors:
        yield from title_links_of([anchor]) if anchor.url == citation.title_url else links_of([anchor])


def _less_label(text: str) -> str:
    label = _NOTE.match(text[:60])
    return text[label.end() :] if label else text
