"""All rules, which of them are asked for, and what they find. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from types import MappingProxyType

from dmlsync.check import (
    bib_entries,
    bib_fields,
    bib_names,
    collection,
    links,
    list_entries,
    list_form,
    list_links,
    list_records,
)
from dmlsync.check.certain import less_uncertain
from dmlsync.check.problem import Problem, in_order
from dmlsync.check.rule import Checked, Rule

RULES: tuple[Rule, ...] = (
    list_form.list_syntax,
    list_form.missing_pipes,
    list_form.short_delimiters,
    list_form.stray_bracket,
    list_form.trailing_blanks,
    list_form.author_form,
    list_entries.duplicate_entries,
    list_entries.listed_twice,
    list_entries.venue_spelling,
    list_entries.year_in_venue,
    list_entries.year_form,
    list_entries.wrong_heading,
    list_entries.missing_link,
    list_records.title_differs,
    list_records.venue_differs,
    list_records.year_differs,
    list_records.authors_differ,
    list_links.wrong_link,
    list_links.shared_link,
    list_links.pdf_is_page,
    list_links.untidy_link,
    *links.RULES,
    bib_entries.bib_syntax,
    bib_entries.missing_fields,
    bib_entries.bad_key,
    bib_entries.duplicate_records,
    bib_entries.published_preprint,
    bib_names.broken_names,
    bib_names.names_in_capitals,
    bib_names.joined_initials,
    bib_fields.shouting_title,
    bib_fields.unprotected_capitals,
    bib_fields.unescaped_signs,
    bib_fields.bad_doi,
    bib_fields.bad_isbn,
    bib_fields.page_range,
    bib_fields.bad_date,
    collection.duplicate_items,
    collection.same_citation_key,
    collection.item_without_link,
    collection.trashed_items,
    collection.items_on_no_list,
)
"""In the order of `docs/rules.md`: lists, links, library.bib, the collection."""

BY_ID = MappingProxyType({one.id: one for one in RULES})


def chosen(only: Collection[str] = (), ignored: Collection[str] = ()) -> tuple[Rule, ...]:
    """The rules of these ids, else all that speak by default, less the ignored ones. KeyError for an unknown id."""
    for name in (*only, *ignored):
        BY_ID[name]
    return tuple(one for one in RULES if (one.id in only if only else one.by_default) and one.id not in ignored)


def check(checked: Checked, rules: Iterable[Rule] = chosen()) -> tuple[Problem, ...]:
    """What rules find, by file and line; what they would mend is known to be certain."""
    return in_order(less_uncertain(checked, BY_ID, [problem for rule in rules for problem in rule(checked)]))
