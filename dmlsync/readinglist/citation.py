"""From the printed text of a bullet or a title cell to title, authors, venue and year.

The text is cut into parts (`dmlsync.readinglist.parts`): links, brackets, bold and plain stretches. The first part
that says something and is neither a tag nor a venue starts the title; links, venues and author lists end it.
"""

from __future__ import annotations

import re

from dmlsync.readinglist.authors import looks_like_names
from dmlsync.readinglist.characters import less_full_stop, trim
from dmlsync.readinglist.inline import Printed
from dmlsync.readinglist.links import is_generic
from dmlsync.readinglist.parts import Part, split_parts
from dmlsync.readinglist.phrases import LEADING_YEAR, has_words, in_quotes, is_attribution, word_count
from dmlsync.readinglist.running_text import Citation, read_running_text
from dmlsync.readinglist.venues import NO_VENUE, is_distinction, is_venue_label, read_venue
from dmlsync.readinglist.vocabulary import PAPER_LABELS

_NICKNAME = re.compile(r"^\s*[:：]\s*\S")


def read_citation(printed: Printed) -> Citation:
    """Reads a bullet."""
    return _Reader(printed, is_cell=False).read()


def read_title_cell(printed: Printed) -> Citation:
    """Reads the cell of a table's title column: commas, full stops and dashes belong to the title there."""
    return _Reader(printed, is_cell=True).read()


class _Reader:
    def __init__(self, printed: Printed, *, is_cell: bool) -> None:
        self._text = printed.text
        self._parts = split_parts(printed)
        self._is_cell = is_cell
        self._found = Citation()

    def read(self) -> Citation:
        at = self._pass_tags()
        if at < len(self._parts):
            at = self._read_title(at)
        self._read_rest(at)
        self._found.title = less_full_stop(self._found.title)
        return self._found

    def _read_rest(self, at: int) -> None:
        """Reads what follows the title: venues and names that are set apart, and the running text between them."""
        running = ""
        for part in self._parts[at:]:
            if part.kind == "text" and not (part.is_emphasised and self._is_venue_or_names(part)):
                running += part.text
                continue
            venue = read_venue(part.text) if part.is_bracket_or_emphasis else NO_VENUE
            self._found.take_rest(running, single=venue.is_sure and bool(venue.name))
            running = ""
            if part.is_link_only or (part.kind == "link" and part.is_generic):
                self._take_link_labels(part)
            else:
                self._found.take_rest(part.text, emphasised=True, single=part.style == "em")
        self._found.take_rest(running)

    @staticmethod
    def _is_venue_or_names(part: Part) -> bool:
        text = trim(part.text)
        return is_venue_label(text, emphasised=True) or looks_like_names(text, single=part.style == "em")

    def _take_link_labels(self, part: Part) -> None:
        """`[CVPR 2019](..)`, `[[CVPR 2019](..)]` and `([Hjelm et al., 2019](..))`, but not `[paper](..)`."""
        if part.kind == "group":
            self._take_venue_label(part.text)
        for label in [anchor.label for anchor in part.anchors]:
            if is_generic(label):
                self._take_venue_label(label)
            elif is_attribution(label):
                self._found.take_rest(label, emphasised=True)

    def _take_venue_label(self, label: str) -> None:
        """A link called `CVPR 2021` names the venue; one called `arXiv` or `ACM` only where it leads."""
        venue = read_venue(label)
        if venue.is_sure and (venue.year or venue.name.lower() not in PAPER_LABELS):
            self._found.take_venue(label)

    def _pass_tags(self) -> int:
        """Passes over what stands before a title: pictograms, check boxes, `[CVPR 2021]`, `(2019)`, links, `[Tag]`."""
        for at, part in enumerate(self._parts):
            if not has_words(part.text) and part.kind != "link":
                continue
            if part.kind == "link" and not part.is_generic:
                return at
            if part.is_link_only:
                self._take_link_labels(part)
                continue
            if part.is_generic:
                self._take_venue_label(part.label or part.text)
                continue
            if part.kind == "group" and is_attribution(trim(part.text)) and self._has_title_after(at):
                self._found.take_rest(part.text, emphasised=True)
                continue
            if self._is_leading_venue(part) and self._has_title_after(at):
                self._found.take_venue(trim(part.text))
                continue
            if self._is_tag(at):
                continue
            return at
        return len(self._parts)

    def _is_leading_venue(self, part: Part) -> bool:
        """`[CVPR]`, `**CVPR 2021**`, but not the bold name in `**BERT**: Pre-training ...`."""
        text = trim(part.text)
        if part.kind == "group":
            return is_venue_label(text, emphasised=part.is_emphasised)
        return (
            part.is_emphasised
            and read_venue(text).is_sure
            and not _NICKNAME.match(self._text[part.end : part.end + 80])
        )

    def _has_title_after(self, at: int) -> bool:
        """Whether something else can be the title; `(**SAM**) [[paper](..)]` has only this."""
        return any(
            has_words(part.text) and not part.is_link_only and not part.is_generic for part in self._parts[at + 1 :]
        )

    def _is_tag(self, at: int) -> bool:
        """`[x]`, `[ArcFace]`: a short text in square brackets with a blank behind it and more to come."""
        part = self._parts[at]
        if part.kind != "group" or part.bracket not in "[【" or word_count(part.text) > 3:
            return False
        behind = self._text[part.end : part.end + 1]
        return behind.isspace() and self._has_title_after(at)

    def _read_title(self, at: int) -> int:
        """Reads the title that starts at part `at` and returns the first part behind it."""
        part = self._parts[at]
        if part.kind == "link":
            self._found.title_url = part.anchors[0].url
            return self._read_marked_title(at, at + 1)
        if part.is_emphasised and not self._is_cell:
            end = at
            while end < len(self._parts) and self._parts[end].style == part.style and not self._ends_title(end, at):
                end += 1
            if end > at and not self._is_names_before_title(at, end):
                return self._read_marked_title(at, end)
        end = at + 1
        while end < len(self._parts) and not self._ends_title(end, at):
            end += 1
        if end < len(self._parts) and self._is_title_link(at, end):
            self._take_lead(self._slice(at, end))
            self._found.title_url = self._parts[end].anchors[0].url
            return self._read_marked_title(end, end + 1)
        if self._is_year_behind_names(at, end):
            self._found.authors = trim(self._slice(at, end))
            self._found.take_venue(self._parts[end].text)
            return self._read_title(end + 1)
        read_running_text(self._slice(at, end), self._found, is_cell=self._is_cell)
        return end

    def _is_names_before_title(self, at: int, end: int) -> bool:
        """Whether what is emphasised are authors; in bold, only with initials and where the title is still to come."""
        text = self._slice(at, end)
        if not looks_like_names(text):
            return False
        return self._parts[at].style == "em" or ("." in text and self._has_title_after(end - 1))

    def _is_year_behind_names(self, at: int, end: int) -> bool:
        """`Kim, S. et al. (2020). Title`: the authors come first, with the year in brackets behind them."""
        if self._is_cell or self._found.authors or end + 1 >= len(self._parts) or self._parts[end].kind != "group":
            return False
        return looks_like_names(trim(self._slice(at, end))) and self._has_title_after(end)

    def _slice(self, at: int, end: int) -> str:
        return self._text[self._parts[at].start : self._parts[end - 1].end]

    def _read_marked_title(self, at: int, end: int) -> int:
        """A title that is a link, bold or in italics; `**ArcFace**: Additive ...` goes on behind the mark."""
        title = self._slice(at, end)
        follows = self._parts[end] if end < len(self._parts) else None
        if follows and follows.kind == "text" and word_count(title) <= 2 and _NICKNAME.match(follows.text):
            stop = end + 1
            while stop < len(self._parts) and not self._ends_title(stop, end):
                stop += 1
            read_running_text(self._slice(at, stop), self._found, is_cell=self._is_cell)
            return stop
        self._found.title = in_quotes(trim(title))[0] or trim(title)
        return end

    def _ends_title(self, at: int, start: int) -> bool:
        """Whether part `at` cannot belong to the title that started at part `start`."""
        part = self._parts[at]
        text = trim(part.text)
        # In a bold title, what is bold is not set apart by it.
        emphasised = part.is_emphasised and (at == start or part.style != self._parts[start].style)
        if part.kind == "link" or part.is_link_only:
            return True
        if part.kind == "group":
            if part.is_generic and word_count(text) > 0:
                return True
            return (
                is_venue_label(text, emphasised=emphasised)
                or is_distinction(text)
                or (not self._is_cell and is_attribution(text))
            )
        if at > start and emphasised:
            return is_venue_label(text, emphasised=True) or (part.style == "em" and looks_like_names(text, single=True))
        return False

    def _is_title_link(self, at: int, end: int) -> bool:
        """Whether the link at `end` is the title, and what stands before it authors, a venue or a label."""
        link = self._parts[end]
        if link.kind != "link" or link.is_generic or word_count(link.label) < 3:
            return False
        lead = trim(self._slice(at, end))
        return (
            not has_words(lead)
            or looks_like_names(lead, single=True)
            or read_venue(lead).is_sure
            or LEADING_YEAR.fullmatch(f"{lead} - ") is not None
            or (self._slice(at, end).rstrip().endswith((":", "：")) and word_count(lead) <= 3)
        )

    def _take_lead(self, lead: str) -> None:
        lead = trim(lead)
        if looks_like_names(lead, single=True):
            self._found.authors = lead
        elif read_venue(lead).is_sure:
            self._found.take_venue(lead)
