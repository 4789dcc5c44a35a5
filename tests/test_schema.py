"""The table of Zotero's item types answers what the rest of the project asks of it."""

import json
import subprocess
import sys
from importlib.resources import files

import pytest

from dmlsync import schema

WITHOUT_METADATA = {"attachment", "note", "annotation"}


def test_the_constant_names_the_version_of_the_table():
    table = json.loads(files("dmlsync").joinpath("schema.json").read_text(encoding="utf-8"))
    assert table["version"] == schema.VERSION


def test_the_table_has_one_item_type_a_line():
    lines = files("dmlsync").joinpath("schema.json").read_text(encoding="utf-8").splitlines()
    for item_type in schema.item_types():
        assert sum(line.startswith(f'  "{item_type}": {{') for line in lines) == 1


def test_there_are_forty_item_types_in_alphabetical_order():
    types = schema.item_types()
    assert len(types) == 40
    assert list(types) == sorted(types)
    assert {"conferencePaper", "journalArticle", "preprint", "dataset", "standard"} <= set(types)


@pytest.mark.parametrize("item_type", schema.item_types())
def test_every_type_is_consistent(item_type):
    fields = schema.fields_of(item_type)
    assert len(fields) == len(set(fields))
    assert schema.label_of_type(item_type)
    assert schema.csl_type_of(item_type)
    for field in fields:
        assert schema.label_of_field(field)
        base = schema.base_of(item_type, field)
        assert schema.label_of_field(base)
        assert schema.field_for(item_type, base) == field
    for creator_type in schema.creator_types_of(item_type):
        assert schema.label_of_creator_type(creator_type)
        assert schema.is_creator_type(creator_type)


@pytest.mark.parametrize("item_type", schema.item_types())
def test_all_types_but_attachments_notes_and_annotations_have_a_citation_key_and_creators(item_type):
    has_metadata = item_type not in WITHOUT_METADATA
    assert ("citationKey" in schema.fields_of(item_type)) == has_metadata
    assert bool(schema.creator_types_of(item_type)) == has_metadata


def test_a_conference_paper_has_the_fields_of_the_event():
    assert {"proceedingsTitle", "conferenceName", "eventPlace", "issue", "numberOfVolumes"} <= set(
        schema.fields_of("conferencePaper")
    )
    assert "publicationTitle" not in schema.fields_of("conferencePaper")


def test_type_specific_fields_share_a_base_field():
    assert schema.base_of("conferencePaper", "proceedingsTitle") == "publicationTitle"
    assert schema.base_of("thesis", "university") == "publisher"
    assert schema.base_of("journalArticle", "title") == "title"


def test_a_base_field_is_found_under_the_name_that_the_type_gives_it():
    assert schema.field_for("conferencePaper", "publicationTitle") == "proceedingsTitle"
    assert schema.field_for("journalArticle", "publicationTitle") == "publicationTitle"
    assert schema.field_for("preprint", "publisher") == "repository"
    assert schema.field_for("thesis", "publicationTitle") is None


def test_the_primary_creator_comes_first():
    assert schema.creator_types_of("conferencePaper") == (
        "author",
        "contributor",
        "editor",
        "translator",
        "seriesEditor",
    )
    assert schema.primary_creator("presentation") == "presenter"
    with pytest.raises(KeyError):
        schema.primary_creator("note")


def test_labels_are_english():
    assert schema.label_of_type("conferencePaper") == "Conference Paper"
    assert schema.label_of_field("abstractNote") == "Abstract"
    assert schema.label_of_field("citationKey") == "Citation Key"
    assert schema.label_of_creator_type("seriesEditor") == "Series Editor"


@pytest.mark.parametrize("ask", [schema.fields_of, schema.creator_types_of, schema.csl_type_of, schema.label_of_type])
def test_an_unknown_type_is_a_key_error(ask):
    with pytest.raises(KeyError):
        ask("bogus")


def test_csl_types_and_variables():
    assert schema.csl_type_of("conferencePaper") == "paper-conference"
    assert schema.csl_type_of("preprint") == "article"
    assert schema.csl_text_variables()["container-title"][0] == "publicationTitle"
    assert schema.csl_date_variables()["issued"] == "date"
    assert schema.csl_name_variables()["seriesEditor"] == "collection-editor"
    for fields in schema.csl_text_variables().values():
        assert set(fields) <= set(schema.all_fields())


def test_importing_the_module_does_not_read_the_table():
    code = "import dmlsync.schema as s; print(s._schema.cache_info().currsize)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert answer.stdout.strip() == "0"
