"""List items: which of them are papers, which are headings, which are notes that belong to the paper above them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dmlsync.model import Entry, Link
from dmlsync.readinglist.authors import looks_like_names, read_names
from dmlsync.readinglist.characters import trim
from dmlsync.readinglist.citation import read_citation
from dmlsync.readinglist.document import Bullets, Item, Paragraph
from dmlsync.readinglist.gathering import Gathering, has_web_link
from dmlsync.readinglist.inline import LONGEST, Anchor, Printed
from dmlsync.readinglist.links import distinct, is_generic, links_of, title_links_of
from dmlsync.readinglist.parts import split_parts
from dmlsync.readinglist.phrases import has_words, word_count
from dmlsync.readinglist.prose import is_remark, is_sentence, leads_to_link
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
    def is_remark(self) -> bool:
        """Whether it speaks to the reader; a title with nothing but `[paper]` and the like behind it never does."""
        title = self.citation.title
        if self.citation.title_url or not self.printed.anchors:
            return not self.citation.title_url and is_remark(self._unmarked_text)
        if leads_to_link(title):
            return True
        is_plain = word_count(title) >= 3 and all(is_generic(anchor.label) for anchor in self.printed.anchors)
        return not is_plain and is_remark(title)

    @property
    def is_sentence(self) -> bool:
        """Whether its text is a sentence or a topic, and no title."""
        return is_sentence(self._unmarked_text)

    @property
    def _unmarked_text(self) -> str:
        """The title with the punctuation behind it, where nothing else is said."""
        found = self.citation
        has_more = found.authors or found.venue or found.year or self.printed.anchors
        return found.title if has_more else self.printed.text

    @property
    def has_dated_venue(self) -> bool:
        """Whether its venue, though unknown, stands with a year in a bracket or in bold: `(**SIMBAD 2015**)`."""
        marked = (read_venue(part.text) for part in split_parts(self.printed) if part.is_bracket_or_emphasis)
        return any(venue.year and venue.name == self.citation.venue for venue in marked)

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

    @property
    def is_surely_a_paper(self) -> bool:
        """Whether more than a link to anywhere says so: changes and features of software have links to code only."""
        links = (link for bullet in (self, *self.notes()) for link in bullet.links)
        found = self.citation
        return bool(found.venue or found.authors) or any(link.kind in ("pdf", "paper") for link in links)

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
        headings = {bullet for bullet in bullets if bullet.holds_papers() and not bullet.links}
        others = [bullet for bullet in bullets if bullet not in headings]
        papers = {bullet for bullet in others if self._is_paper(bullet)}
        sure = {bullet for bullet in papers if bullet.is_surely_a_paper}
        if sure and (len(sure) >= 2 or 2 * len(papers) >= len(others)):
            titles = {bullet for bullet in others if self._is_title_only(bullet)}
            papers, sure = papers | titles, sure | titles
        for bullet in bullets:
            if bullet in headings:
                self._take_as_heading(bullet)
            elif bullet in papers:
                self._take_paper(bullet)
            else:
                self._report_unread(bullet, among_papers=2 * len(sure) > len(others))
                self._take_nested(bullet)

    def _report_unread(self, bullet: Bullet, *, among_papers: bool) -> None:
        """Reports an item that is not read though it may be meant as a paper; `among_papers`, most others are."""
        if bullet.has_badges_only or bullet.is_contents:
            return
        if not bullet.has_title:
            if bullet.links:
                self._gathering.report(bullet.item.line, "a bullet with a link but without a title")
        elif among_papers and not bullet.is_note and (bullet.links or bullet.citation.venue or not bullet.is_remark):
            self._gathering.report(
                bullet.item.line,
                "a bullet among papers that is not read as one: it needs a title and a link or a venue",
            )

    @staticmethod
    def _is_paper(bullet: Bullet) -> bool:
        """A title with a link, its own or in a note; or with a venue, or with authors and a year."""
        if not bullet.has_title or bullet.is_contents:
            return False
        if bullet.links:
            return not bullet.is_remark
        if not bullet.holds_papers() and any(note.links or note.names_a_venue for note in bullet.notes()):
            return True
        found = bullet.citation
        if found.venue:
            if read_venue(found.venue).is_sure:
                return True
            if word_count(found.title) >= 2 and not bullet.is_remark and bullet.has_dated_venue:
                return True
        return bool(found.authors and found.year)

    @staticmethod
    def _is_title_only(bullet: Bullet) -> bool:
        """A title of some words and no link at all: a paper if its neighbours are papers."""
        if not bullet.has_title or bullet.is_contents or bullet.is_note or bullet.printed.anchors:
            return False
        if any(note.links for note in bullet.notes()) or word_count(bullet.citation.title) < 3:
            return False
        return not bullet.is_sentence and not looks_like_names(bullet.printed.text)

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
