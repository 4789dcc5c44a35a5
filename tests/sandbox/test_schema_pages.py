"""The pages that tell the schema; none needs a key."""

import pytest


@pytest.fixture
def read(library):
    del library.http.headers["Zotero-API-Key"]
    return library.http.get


def test_types_and_fields(read):
    assert {"itemType": "conferencePaper", "localized": "Conference Paper"} in read("/itemTypes").json()
    assert {"field": "citationKey", "localized": "Citation Key"} in read("/itemFields").json()
    fields = read("/itemTypeFields?itemType=conferencePaper&locale=de").json()
    assert fields[0] == {"field": "title", "localized": "Title"}
    assert {"field": "accessDate", "localized": "Accessed"} in fields


def test_creators(read):
    types = read("/itemTypeCreatorTypes?itemType=conferencePaper").json()
    assert [entry["creatorType"] for entry in types] == [
        "author",
        "contributor",
        "editor",
        "seriesEditor",
        "translator",
    ]
    assert [entry["localized"] for entry in read("/creatorFields").json()] == ["First", "Last", "Name"]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/itemTypeFields", "'itemType' not provided"),
        ("/itemTypeFields?itemType=bogus", "Invalid item type 'bogus'"),
        ("/itemTypeCreatorTypes?itemType=bogus", "Invalid item type 'bogus'"),
        ("/itemTypeFields?itemType=annotation", "Invalid item type 'annotation'"),
        ("/itemTypeCreatorTypes?itemType=annotation", "Invalid item type 'annotation'"),
        ("/itemTypeCreatorTypes", "'itemType' not provided"),
        ("/items/new?itemType=attachment&linkMode=bogus", "Invalid linkMode 'bogus'"),
        ("/items/new", "'itemType' not provided"),
        ("/items/new?itemType=bogus", "Invalid item type 'bogus'"),
        ("/items/new?itemType=attachment", "linkMode required for itemType=attachment"),
    ],
)
def test_what_is_refused(read, path, message):
    answer = read(path)
    assert (answer.status_code, answer.text) == (400, message)


def test_a_template_can_be_sent_as_it_is(library):
    for item_type in ("book", "conferencePaper", "note"):
        template = library.http.get(f"/items/new?itemType={item_type}").json()
        library.add(template)
    template = library.http.get("/items/new?itemType=attachment&linkMode=linked_url").json()
    assert template["linkMode"] == "linked_url"
    library.add(template)


def test_the_template_names_the_primary_creator(read):
    template = read("/items/new?itemType=presentation").json()
    assert template["creators"] == [{"creatorType": "presenter", "firstName": "", "lastName": ""}]


def test_the_whole_schema_with_its_etag(read):
    answer = read("/schema")
    whole = answer.json()
    assert whole["version"] == 41
    paper = next(entry for entry in whole["itemTypes"] if entry["itemType"] == "conferencePaper")
    assert {"field": "proceedingsTitle", "baseField": "publicationTitle"} in paper["fields"]
    assert paper["creatorTypes"][0] == {"creatorType": "author", "primary": True}
    again = read("/schema", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("mode", "with_url", "with_file"),
    [("linked_url", True, False), ("imported_url", True, True), ("imported_file", False, True)],
)
def test_the_template_of_an_attachment(read, mode, with_url, with_file):
    template = read(f"/items/new?itemType=attachment&linkMode={mode}").json()
    assert ("url" in template, "md5" in template) == (with_url, with_file)


def test_what_has_no_creators(read):
    for item_type in ("note", "attachment"):
        assert read(f"/itemTypeCreatorTypes?itemType={item_type}").json() == []
