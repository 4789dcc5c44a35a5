"""One work of all the entries that mean it.

Two lists name the same paper in different words, one list names it twice. Entries are brought together by DOI, by
arXiv id, or by title, authors and year; two published DOIs are never one work, nor are titles that a `++` or a
numeral sets apart. Only entries that share a key are compared, so the time grows with their number, not its square.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dmlsync import schema
from dmlsync.model import Creator, Entry, Identifiers, Link, Record
from dmlsync.resolve import venues
from dmlsync.resolve.engine import Resolution, with_source_links
from dmlsync.resolve.match import author_families, facts_of, judge
from dmlsync.sources.base import Candidate
from dmlsync.text import names, titles
from dmlsync.text.identifiers import is_known_site, is_preprint_doi

_MOST_RIVALS = 20  # works of one title that an entry is compared with: "Introduction" must not cost a square


@dataclass(frozen=True, slots=True)
class Work:
    """One paper: the resolutions of all entries that name it, and what they come to.

    `record` is None while no entry is resolved; `origins`, `identifiers` and `links` are as in `Resolution`, the links
    of all entries first.
    """

    resolutions: tuple[Resolution, ...]
    record: Record | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    identifiers: Identifiers = field(default_factory=Identifiers)
    links: tuple[Link, ...] = ()


def group(resolutions: Sequence[Resolution]) -> tuple[Work, ...]:
    """The works that the resolutions name, in the order of their first entries."""
    groups: list[list[Resolution]] = []
    homes: dict[tuple[str, str], list[int]] = {}
    # Resolved ones first: an entry that only its words describe then finds the work that it means.
    for resolution in sorted(resolutions, key=lambda one: one.record is None):
        keys = _keys(resolution)
        home = next((place for key in keys for place in homes.get(key, ())[:_MOST_RIVALS]
                     if _belongs(resolution, groups[place], key[0])), None)  # fmt: skip
        if home is None:
            home = len(groups)
            groups.append([])
        groups[home].append(resolution)
        for key in keys:
            places = homes.setdefault(key, [])
            if home not in places[:_MOST_RIVALS]:
                places.append(home)
    order = {id(resolution): place for place, resolution in enumerate(resolutions)}
    sorted_groups = [sorted(members, key=lambda one: order[id(one)]) for members in groups]
    return tuple(_work(members) for members in sorted(sorted_groups, key=lambda members: order[id(members[0])]))


def _keys(resolution: Resolution) -> list[tuple[str, str]]:
    """What an entry may share with another entry of its work, the surest first."""
    named = resolution.identifiers
    found = [("doi", named.doi), ("arxiv", named.arxiv), ("page", named.page if is_known_site(named.page) else "")]
    words = [resolution.entry.title, resolution.record.title if resolution.record else ""]
    found += [("title", titles.fold(title).replace(" ", "")) for title in words]
    return [key for key in dict.fromkeys(found) if key[1]]


def _belongs(resolution: Resolution, members: Sequence[Resolution], key: str) -> bool:
    first = members[0]
    ours, theirs = _published_doi(resolution), _published_doi(first)
    if ours and theirs:
        return ours == theirs
    if key != "title":
        return not _two_publications(resolution.record, first.record)
    if resolution.record and first.record:
        return _same_record(resolution, first)
    if first.record:
        offered = Candidate("", first.record, first.identifiers)
        certain = judge(facts_of(resolution.entry), offered).verdict == "yes"
        return certain or any(_same_words(resolution.entry, one.entry) for one in members[:_MOST_RIVALS])
    # All, not any: an entry that prints no authors must not bring two others together that contradict each other.
    return all(_same_words(resolution.entry, one.entry) for one in members[:_MOST_RIVALS])


def _two_publications(a: Record | None, b: Record | None) -> bool:
    """Whether both are published, one at a conference and one in a journal: two works, though they share a preprint."""
    types = {one.item_type for one in (a, b) if one is not None and one.item_type != "preprint"}
    return types == {"conferencePaper", "journalArticle"}


def _published_doi(resolution: Resolution) -> str:
    doi = resolution.identifiers.doi
    return "" if is_preprint_doi(doi) else doi


def _same_record(a: Resolution, b: Resolution) -> bool:
    """Whether two records without a common identifier are one work: words and year, and the same kind of venue."""
    if a.record is None or b.record is None:
        return False
    ours, theirs = a.record, b.record
    preprints = [one.record is not None and one.record.item_type == "preprint" for one in (a, b)]
    if a.identifiers.arxiv and b.identifiers.arxiv and a.identifiers.arxiv != b.identifiers.arxiv:
        return False
    if not any(preprints) and ours.item_type != theirs.item_type:
        return False
    agreement = names.agree(author_families(ours), author_families(theirs))
    close = ours.year is None or theirs.year is None or abs(ours.year - theirs.year) <= (3 if any(preprints) else 1)
    return titles.relation(ours.title, theirs.title) in titles.ALIKE and agreement.level in ("all", "most") and close


def _same_words(a: Entry, b: Entry) -> bool:
    """Whether two entries print one title and contradict each other neither in authors nor in year."""
    if titles.relation(a.title, b.title) != "equal":
        return False
    ours, theirs = names.families(a.author_names), names.families(b.author_names)
    agreement = names.agree(ours, theirs, a.et_al or b.et_al)
    if len(ours) > len(theirs):
        agreement = names.agree(theirs, ours, a.et_al or b.et_al)
    same_year = a.year is None or b.year is None or abs(a.year - b.year) <= 1
    generic = titles.is_generic(a.title) and agreement.level == "unknown"
    shared_link = bool({link.url for link in a.links} & {link.url for link in b.links})
    return agreement.level != "none" and same_year and (not generic or shared_link or a.year == b.year)


def _work(members: Sequence[Resolution]) -> Work:
    """The work of its entries: the fullest published record, its blanks filled from the others."""
    own = {link.url: link for one in reversed(members) for link in reversed(one.entry.links)}
    found = {link.url: link for one in members for link in one.links if link.url not in own}
    links = with_source_links(tuple(reversed(own.values())), tuple(found.values()))
    resolved = [one for one in members if one.record is not None]
    if not resolved:
        known = next((one.identifiers for one in members if one.identifiers), Identifiers())
        return Work(tuple(members), identifiers=known, links=links)
    leading = max(resolved, key=_fullness)
    record, origins = _filled(leading, resolved)
    identifiers = Identifiers(
        leading.identifiers.doi,
        leading.identifiers.arxiv or record.get("arXiv"),
        next((one.identifiers.page for one in [leading, *resolved] if one.identifiers.page), ""),
    )
    return Work(tuple(members), record, origins, identifiers, links)


def _fullness(resolution: Resolution) -> tuple[bool, int]:
    record = resolution.record
    return (record is not None and record.item_type != "preprint", len(record.fields) if record else 0)


def _filled(leading: Resolution, resolved: Sequence[Resolution]) -> tuple[Record, dict[str, str]]:
    """The leading record with blanks filled from records of the same version; an arXiv id comes from any."""
    if leading.record is None:
        raise ValueError("a work's leading resolution has no record")
    fields, origins = dict(leading.record.fields), dict(leading.origins)
    for one in resolved:
        if one.record is None:
            continue
        same_version = one.record.item_type == leading.record.item_type
        for name, text in one.record.fields.items():
            if name not in fields and (same_version or name == "arXiv"):
                fields[name], origins[name] = text, one.origins.get(name, "")
        number = one.identifiers.arxiv
        if number and not fields.get("arXiv") and leading.record.item_type != "preprint":
            fields["arXiv"], origins["arXiv"] = number, one.origins.get("arXiv") or one.origins.get("archiveID", "")
    return Record(leading.record.item_type, fields, leading.record.creators), origins


def minimal_record(entry: Entry) -> tuple[Record, dict[str, str]]:
    """What the list itself says of an entry, and the origin `list` of each field: for works that no source knows."""
    kind = venues.kind(entry.venue)
    item_type = {"journal": "journalArticle", "repository": "preprint"}.get(
        kind, "conferencePaper" if entry.venue else ""
    )
    item_type = item_type or "document"
    fields = {"title": entry.title, "date": str(entry.year or "")}
    venue_field = schema.field_for(item_type, "publicationTitle")
    if venue_field and entry.venue:
        fields[venue_field] = venues.spelled_out(entry.venue, entry.year)
    creators = tuple(_creator(name) for name in entry.author_names if names.family(name))
    record = Record(item_type, fields, creators)
    origins = dict.fromkeys([*record.fields, "itemType", *(["creators"] if creators else [])], "list")
    return record, origins


def _creator(name: str) -> Creator:
    """A printed name in Zotero's two parts, in the letters of the list."""
    before, comma, after = name.partition(",")
    if comma:
        return Creator(before.strip(), after.strip())
    words = name.split()
    size = len(names.family(name).split())
    return (
        Creator(" ".join(words[-size:]), " ".join(words[:-size])) if len(words) > size else Creator(name=name.strip())
    )
