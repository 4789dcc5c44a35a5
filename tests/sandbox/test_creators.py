"""Creators and the summary of them."""

import pytest

AUTHOR = {"creatorType": "author", "firstName": "F", "lastName": "L"}
NAMELESS = "creator object must contain 'firstName'/'lastName' or 'name'"
EXCLUSIVE = "'firstName' and 'name' creator fields are mutually exclusive"


def test_order_and_duplicates_are_kept_and_names_trimmed(library, paper):
    creators = [
        AUTHOR,
        {"creatorType": "editor", "name": " The  Org "},
        {"creatorType": "author", "firstName": "", "lastName": "Solo"},
        AUTHOR,
    ]
    [made] = library.add(paper | {"creators": creators})
    creators[1] = {"creatorType": "editor", "name": "The  Org"}
    assert made["data"]["creators"] == creators
    assert library.post({"key": "PAPER222", "version": 2, "creators": creators})["unchanged"]
    library.add({"key": "PAPER222", "version": 2, "creators": creators[::-1]})


@pytest.mark.parametrize("empty", [{"firstName": "", "lastName": ""}, {"name": ""}, {"name": " "}])
def test_one_empty_creator_as_in_the_template_counts_as_none(library, paper, empty):
    [made] = library.add(paper | {"creators": [{"creatorType": "author"} | empty]})
    assert made["data"]["creators"] == []


def test_four_hundred_creators(library, paper):
    assert len(library.add(paper | {"creators": [AUTHOR] * 400})[0]["data"]["creators"]) == 400


@pytest.mark.parametrize(
    ("creators", "message"),
    [
        ([{"creatorType": "author", "lastName": "L"}], "'firstName' creator field must be set if 'lastName' is set"),
        ([{"creatorType": "author", "firstName": "F"}], "'lastName' creator field must be set if 'firstName' is set"),
        ([AUTHOR | {"name": "N"}], EXCLUSIVE),
        ([AUTHOR | {"creatorType": "bogus"}], "'bogus' is not a valid creator type"),
        (
            [AUTHOR | {"creatorType": "inventor"}],
            "'inventor' is not a valid creator type for item type 'conferencePaper'",
        ),
        ([{"firstName": "F", "lastName": "L"}], "creator object must contain 'creatorType'"),
        ([{"creatorType": "author", "firstName": "", "lastName": ""}, AUTHOR], NAMELESS),
        ([AUTHOR, {"creatorType": "author", "name": " "}], NAMELESS),
        ([AUTHOR | {"orcid": "x"}], "Invalid creator property 'orcid'"),
        ({}, "'creators' property must be an array"),
    ],
)
def test_creators_that_are_refused(library, paper, creators, message):
    assert library.failure(paper | {"creators": creators}) == (400, message)


def test_a_name_has_255_characters_at_most(library, paper):
    library.add(paper | {"creators": [AUTHOR | {"lastName": "é" * 255}]})
    outcome = library.post(paper | {"key": "PAPER333", "creators": [AUTHOR | {"lastName": "x" * 256}]})
    failure = outcome["failed"]["0"]
    assert failure["code"] == 413
    assert failure["message"].startswith(f"The creator name ‘{'x' * 50}……’ is too long to sync.")
    assert failure["data"] == {"field": "creator", "value": "x" * 50 + "…"}


@pytest.mark.parametrize(
    ("names", "summary"),
    [(["One"], "One"), (["One", "Two"], "One and Two"), (["One", "Two", "Three"], "One et al."), ([], None)],
)
def test_the_summary(library, paper, names, summary):
    creators = [{"creatorType": "author", "firstName": "F", "lastName": name} for name in names]
    [made] = library.add(paper | {"creators": creators})
    assert made["meta"].get("creatorSummary") == summary


def test_the_summary_without_an_author_names_the_editors(library, paper):
    creators = [{"creatorType": "translator", "name": "T"}, {"creatorType": "editor", "name": "Ed House"}]
    assert library.add(paper | {"creators": creators})[0]["meta"]["creatorSummary"] == "Ed House"
