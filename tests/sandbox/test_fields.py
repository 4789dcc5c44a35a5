"""Fields: what is refused, how values are normalised, dates, and what counts as a change."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.sandbox.dates import parsed_date
from dmlsync.sandbox.values import as_text, clean, shown_date

OLD = "2020-01-01T00:00:00Z"


def is_now(text):
    moment = dt.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=dt.UTC)
    return abs((dt.datetime.now(dt.UTC) - moment).total_seconds()) < 60


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"foo": "bar"}, "Invalid property 'foo'"),
        ({"id": 5}, "Invalid property 'id'"),
        ({"publicationTitle": "J"}, "'publicationTitle' is not a valid field for type 'conferencePaper'"),
        ({"note": "n"}, "'note' property is valid only for note and attachment items"),
        ({"itemType": "bogus"}, "'bogus' is not a valid itemType"),
        ({"itemType": None}, "'itemType' property not provided"),
        ({"contentType": "x"}, "'contentType' is valid only for attachment items"),
        ({"dateAdded": "yesterday"}, "'dateAdded' must be in ISO 8601 or UTC 'YYYY-MM-DD hh:mm:ss' format (yesterday)"),
        ({"dateModified": "2026"}, "'dateModified' must be in ISO 8601 or UTC 'YYYY-MM-DD hh:mm:ss' format (2026)"),
    ],
)
def test_fields_that_are_refused(library, paper, sent, message):
    assert library.failure(paper | sent) == (400, message)


def test_a_blank_field_of_another_type_passes(library, paper):
    assert "publicationTitle" not in library.add(paper | {"publicationTitle": ""})[0]["data"]


@pytest.mark.parametrize(
    ("value", "stored"),
    [(None, ""), (123, "123"), (1.5, "1.5"), (2.0, "2"), (True, "1"), (False, ""), (0, "0"), (" x ", "x")],
)
def test_values_that_are_no_text_become_text(library, paper, value, stored):
    assert library.add(paper | {"title": value})[0]["data"]["title"] == stored


def test_every_field_of_the_type_is_read_back(library):
    [made] = library.add({"itemType": "preprint", "title": "x"})
    assert made["data"]["repository"] == made["data"]["citationKey"] == ""
    assert list(made["data"])[:5] == ["key", "version", "itemType", "title", "creators"]
    assert made["data"]["collections"] == made["data"]["tags"] == [] and made["data"]["relations"] == {}


@pytest.mark.parametrize("value", ["x" * 65535, "é" * 32767])
def test_a_field_holds_65535_bytes(library, paper, value):
    assert library.add(paper | {"title": value})[0]["data"]["title"] == value


@pytest.mark.parametrize(
    ("field", "label"),
    [("title", "Title"), ("abstractNote", "Abstract"), ("url", "URL"), ("citationKey", "Citation Key")],
)
@pytest.mark.parametrize("value", ["x" * 65536, "é" * 32768])
def test_a_longer_value_is_413_and_names_the_field(library, paper, field, label, value):
    failure = library.post(paper | {field: value})["failed"]["0"]
    assert failure["code"] == 413
    assert failure["message"].startswith(f"{label} field value '{value[:50]}…' too long for item ")
    assert failure["data"]["field"] == label


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("\t a \n", "a"),
        ("\u00a0a\u00a0", "\u00a0a\u00a0"),
        ("a\r\nb\rc", "a\nbc"),
        ("a\x00\x07b", "ab"),
        ("a  \t b\n\nc", "a  \t b\n\nc"),
        ("e\u0301", "e\u0301"),
        ("<i>E. coli</i> & $x^2$ \\alpha", "<i>E. coli</i> & $x^2$ \\alpha"),
    ],
)
def test_text_is_trimmed_and_kept_otherwise(library, paper, sent, stored):
    assert library.add(paper | {"extra": sent})[0]["data"]["extra"] == stored
    assert library.post({"key": "PAPER222", "version": 2, "extra": sent})["unchanged"]
    assert library.post({"key": "PAPER222", "version": 2, "extra": stored})["unchanged"]


@given(st.text())
def test_clean_text_stays_as_it_is(text):
    assert clean(clean(text)) == clean(text)


@given(st.one_of(st.none(), st.booleans(), st.integers(-(10**12), 10**12), st.floats(-1e9, 1e9), st.text()))
def test_any_scalar_becomes_text(value):
    assert isinstance(as_text(value), str)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("2026-05-01 to 2026-05-03", "to 2026-05-03"),
        ("2026-00-00 2026", "2026"),
        ("2026-05-01 10:11:12", "2026-05-01 10:11:12"),
        ("2026-05-01 first of May", "2026-05-01 first of May"),
        ("2026-05-00 May 2026", "May 2026"),
        ("0000-00-00 n.d.", "n.d."),
        ("2026-05-01/2026-05-03", "2026-05-01/2026-05-03"),
        ("May 1-3, 2026", "May 1-3, 2026"),
        ("2026-05", "2026-05"),
        ("2026-13-45", "2026-13-45"),
    ],
)
def test_dates_are_free_text_except_in_the_two_part_form(library, paper, sent, shown):
    [made] = library.add(paper | {"date": sent})
    assert made["data"]["date"] == shown
    assert library.post({"key": "PAPER222", "version": 2, "date": sent})["unchanged"]
    again = library.post({"key": "PAPER222", "version": 2, "date": shown})
    assert bool(again["unchanged"]) == (sent == shown)


@pytest.mark.parametrize(
    ("date", "parsed"),
    [
        ("2026", "2026"),
        ("2026-05", "2026-05"),
        ("2026-05-04", "2026-05-04"),
        ("May 2026", "2026-05"),
        ("May 4, 2026", "2026-05-04"),
        ("4th Sept. 2026", "2026-09-04"),
        ("2026-05-01 to 2026-05-03", "2026-05-01"),
        ("2026-00-00 2026", "2026"),
        ("2026-13-45", "2026"),
        ("5/4/2026", "2026-05-04"),
        ("24.12.2026", "2026-12-24"),
        ("Summer 2026", "2026"),
        ("2026-13-05", "2026-05-13"),
        ("2026/05/04", "2026-05-04"),
        ("2026.05", "2026-05"),
        ("2026年5月4日", "2026-05-04"),
        ("May 1-3, 2026", "2026-05-01"),
        ("2026-05-01/2026-05-03", "2026-05-01"),
        ("2026-05-01T10:11:12Z", "2026-05-01"),
        ("1 January - 3 March 2026", "2026-03-01"),
        ("32 May 2026", "2026-05"),
        ("5/4/99", "1999-05-04"),
        ("5/4/20", "2020-05-04"),
        ("12/2026", "2026"),
        ("999", "0999"),
        ("300 BC", ""),
        ("26", ""),
        ("n.d.", ""),
        ("", ""),
        ("12345", ""),
    ],
)
def test_what_is_understood_of_a_date(date, parsed):
    assert parsed_date(date) == parsed


@given(st.text(alphabet="0123456789-/. MayJunesept", max_size=30))
def test_no_date_is_too_strange(text):
    assert isinstance(parsed_date(text), str)
    assert isinstance(shown_date(text), str)


def test_the_parsed_date_is_shown(library, paper):
    assert library.add(paper | {"date": "May 2026"})[0]["meta"]["parsedDate"] == "2026-05"
    assert "parsedDate" not in library.add(paper | {"key": "PAPER333", "date": "n.d."})[0]["meta"]


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("2026-01-02", "2026-01-02"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02 03:04:05", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z"),
        ("2026-01-02T03:04:05-0330", "2026-01-02T06:34:05Z"),
        ("", ""),
    ],
)
def test_access_dates(library, paper, sent, stored):
    assert library.add(paper | {"accessDate": sent})[0]["data"]["accessDate"] == stored
    assert library.post({"key": "PAPER222", "version": 2, "accessDate": sent})["unchanged"]


@pytest.mark.parametrize(
    "sent", ["yesterday", "2026", "2026-13-01", "2026-02-30", "2026-01-02T25:00:00Z", "0001-01-01T00:00:00+01:00", None]
)
def test_access_dates_that_are_none(library, paper, sent):
    code, message = library.failure(paper | {"accessDate": sent})
    rule = "'accessDate' must be in ISO 8601 or UTC 'YYYY-MM-DD[ hh:mm:ss]' format or 'CURRENT_TIMESTAMP'"
    assert (code, message) == (400, f"{rule} ({sent or ''})")


def test_the_access_date_can_be_now(library, paper):
    assert is_now(library.add(paper | {"accessDate": "CURRENT_TIMESTAMP"})[0]["data"]["accessDate"])


class TestDateModified:
    @pytest.fixture(autouse=True)
    def made(self, library, paper):
        library.add({"key": "AAAA2222", "version": 0, "name": "A"}, to="/collections")
        library.add(paper | {"dateAdded": OLD, "dateModified": OLD})

    def after(self, library, **changes):
        [made] = library.add({"key": "PAPER222", "version": library.version, **changes})
        return made["data"]["dateModified"]

    def test_collections_or_relations_alone_leave_it(self, library):
        assert self.after(library, collections=["AAAA2222"]) == OLD
        assert self.after(library, relations={"dc:replaces": f"http://zotero.org{library.path}/items/ABCD2345"}) == OLD

    @pytest.mark.parametrize(
        "change",
        [
            {"title": "b"},
            {"tags": [{"tag": "t"}]},
            {"creators": [{"creatorType": "author", "name": "N"}]},
            {"deleted": 1},
            {"title": "b", "dateModified": OLD},
        ],
    )
    def test_an_edit_makes_it_now(self, library, change):
        assert is_now(self.after(library, **change))

    def test_another_value_that_is_sent_is_taken(self, library):
        assert self.after(library, title="b", dateModified="2021-02-03 04:05:06") == "2021-02-03T04:05:06Z"

    def test_another_value_alone_is_a_change_and_the_same_is_none(self, library):
        assert library.post({"key": "PAPER222", "version": 9, "dateModified": OLD})["unchanged"]
        assert self.after(library, dateModified="2021-02-03T04:05:06Z") == "2021-02-03T04:05:06Z"

    def test_the_date_of_adding_can_be_changed(self, library):
        library.add({"key": "PAPER222", "version": 9, "dateAdded": "2019-01-01T00:00:00Z"})
        assert library.data("PAPER222")["dateAdded"] == "2019-01-01T00:00:00Z"


def test_what_is_read_can_be_sent_back(library, paper):
    library.add(
        {"key": "AAAA2222", "version": 0, "name": "A"},
        {"key": "BBBB2222", "version": 0, "name": "B"},
        to="/collections",
    )
    uri = f"http://zotero.org{library.path}/items/ABCD2345"
    [whole] = library.add(
        paper
        | {"collections": ["AAAA2222", "BBBB2222"], "relations": {"dc:replaces": uri}, "accessDate": "2026-01-02"}
        | {"creators": [{"creatorType": "author", "name": "Q"}]}
    )
    version = {"key": "PAPER222", "version": whole["version"]}
    for sent in (
        whole,
        whole["data"],
        version | {"collections": ["BBBB2222", "AAAA2222"]},
        version | {"relations": {"dc:replaces": [uri]}},
        version | {"deleted": 0},
        version | {"extra": ""},
        version | {"creators": [{"creatorType": "author", "name": "Q"}]},
    ):
        assert library.post(sent)["unchanged"] == {"0": "PAPER222"}


@pytest.mark.parametrize("change", [{"title": "a paper"}, {"title": "A  Paper"}, {"dateAdded": OLD}])
def test_small_differences_are_changes(library, paper, change):
    library.add(paper)
    assert library.post({"key": "PAPER222", "version": 2, **change})["success"]


def test_the_citation_key_and_extra_are_independent(library, paper):
    [made] = library.add(paper | {"citationKey": "smith2026", "extra": "Citation Key: other"})
    assert (made["data"]["citationKey"], made["data"]["extra"]) == ("smith2026", "Citation Key: other")
    library.add({"key": "PAPER222", "version": 2, "extra": ""})
    assert library.data("PAPER222")["citationKey"] == "smith2026"


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"itemType": 5}, "'itemType' must be a string"),
        ({"title": []}, "Unexpected array for property 'title'"),
        ({"title": {}}, "Unexpected object for property 'title'"),
        ({"dateAdded": None}, "'dateAdded' must be in ISO 8601 or UTC 'YYYY-MM-DD hh:mm:ss' format ()"),
        (
            {"dateModified": "2026-01-02"},
            "'dateModified' must be in ISO 8601 or UTC 'YYYY-MM-DD hh:mm:ss' format (2026-01-02)",
        ),
        ({"deleted": "1"}, "'deleted' must be a boolean"),
        ({"deleted": None}, "'deleted' must be a boolean"),
        ({"deleted": 2}, "'deleted' must be a boolean"),
        ({"annotationText": ""}, "'annotationText' is valid only for annotation items"),
        ({"attachments": []}, "'attachments' property is no longer supported"),
        ({"inPublications": True}, "Group items cannot be added to My Publications"),
        ({"contentType": ""}, "'contentType' is valid only for attachment items"),
        ({"tags": None}, "'tags' property must be an array"),
        ({"collections": None}, "'collections' property must be an array"),
        ({"relations": None}, "'relations' property must be an object"),
    ],
)
def test_properties_that_are_refused(library, paper, sent, message):
    assert library.failure(paper | sent) == (400, message)


def test_properties_that_change_nothing_pass(library, paper):
    library.add(paper | {"inPublications": False, "deleted": False, "parentItem": False})
    assert library.post({"key": "PAPER222", "version": 2, "itemType": "conferencePaper", "deleted": 0})["unchanged"]
    answer = library.ask("PATCH", "/items/PAPER222", since=2, json={"itemType": None})
    assert (answer.status_code, answer.text) == (400, "'itemType' must be a string")
