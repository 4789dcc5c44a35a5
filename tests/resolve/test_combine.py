from __future__ import annotations

from collections.abc import Callable

from dmlsync.model import Creator, Entry, Identifiers, Record
from dmlsync.resolve.combine import Combined, combine
from dmlsync.resolve.evidence import weigh
from dmlsync.resolve.identify import identifiers_of
from dmlsync.sources.base import Candidate

Make = Callable[..., Candidate]
Row = Callable[..., Entry]

TITLE = "Ranked List Loss for Deep Metric Learning"
PEOPLE = "Xinshao Wang, Yang Hua, Elyor Kodirov"
PRINTED = "Wang, X.; Hua, Y.; Kodirov, E."
LONG = "2019 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)"


def combined(row: Entry, *offered: Candidate) -> Combined:
    weighed = weigh(row, offered, [identifiers_of(row)])
    result = combine(weighed.matches, row, weighed.facts)
    assert result is not None
    return result


def test_nothing_confirmed_is_nothing_combined(make_candidate: Make, make_entry: Row) -> None:
    row = make_entry(TITLE, "Song, H.", 2019)
    assert combine(weigh(row, [make_candidate(TITLE, PEOPLE, 2019)], []).matches, row) is None


def test_the_published_version_keeps_the_arxiv_id(make_candidate: Make, make_entry: Row) -> None:
    row = make_entry(TITLE, PRINTED, 2019, "CVPR", "https://arxiv.org/abs/1903.03238")
    paper = make_candidate(TITLE, PEOPLE, 2019, LONG, doi="10.1109/CVPR.2019.00535", pages="5207-5216")
    preprint = make_candidate(TITLE, PEOPLE, 2019, source="arxiv", kind="preprint", arxiv="1903.03238")
    result = combined(row, preprint, paper)
    assert result.record.item_type == "conferencePaper"
    assert result.record.get("arXiv") == "1903.03238"
    assert result.record.get("DOI") == "10.1109/CVPR.2019.00535"
    assert result.identifiers.doi == "10.1109/cvpr.2019.00535"
    assert (result.origins["pages"], result.origins["arXiv"]) == ("crossref", "arxiv")


def test_a_preprint_alone_stays_a_preprint(make_candidate: Make, make_entry: Row) -> None:
    row = make_entry(TITLE, PRINTED, 2019, "", "https://arxiv.org/abs/1903.03238")
    result = combined(row, make_candidate(TITLE, PEOPLE, 2019, source="arxiv", kind="preprint", arxiv="1903.03238"))
    assert result.record.item_type == "preprint"
    fields = {name: result.record.get(name) for name in ("repository", "archiveID", "DOI", "arXiv")}
    assert fields == {
        "repository": "arXiv", "archiveID": "arXiv:1903.03238", "DOI": "10.48550/arXiv.1903.03238", "arXiv": "",
    }  # fmt: skip


def versions(make: Make) -> tuple[Candidate, Candidate]:
    paper = make(TITLE, PEOPLE, 2019, LONG, doi="10.1109/cvpr.1", pages="5207-5216")
    article = make(
        TITLE, PEOPLE, 2020, "IEEE Transactions on Pattern Analysis and Machine Intelligence",
        kind="journal", doi="10.1109/tpami.2", volume="44", issue="9", pages="5414-5429",
    )  # fmt: skip
    return paper, article


def test_the_lists_venue_says_which_version_is_meant(make_candidate: Make, make_entry: Row) -> None:
    paper = combined(make_entry(TITLE, PRINTED, 2019, "CVPR"), *versions(make_candidate))
    article = combined(make_entry(TITLE, PRINTED, 2020, "PAMI"), *versions(make_candidate))
    assert (paper.record.item_type, article.record.item_type) == ("conferencePaper", "journalArticle")


def test_fields_of_two_versions_never_mix(make_candidate: Make, make_entry: Row) -> None:
    paper = combined(make_entry(TITLE, PRINTED, 2019, "CVPR"), *versions(make_candidate)).record
    assert (paper.get("pages"), paper.get("volume"), paper.get("issue")) == ("5207-5216", "", "")
    article = combined(make_entry(TITLE, PRINTED, 2020, "PAMI"), *versions(make_candidate)).record
    assert (article.get("pages"), article.get("volume"), article.get("DOI")) == ("5414-5429", "44", "10.1109/tpami.2")


def test_an_aggregators_mixture_does_not_outrank_the_registry(make_candidate: Make, make_entry: Row) -> None:
    """OpenAlex gives the journal version the preprint's year; Crossref knows that it came three years later."""
    row = make_entry(TITLE, "Wang, X.", 2017, "ICCV", "https://arxiv.org/abs/1903.03238", et_al=True)
    mixed = make_candidate(TITLE, PEOPLE, 2017, "", source="openalex", kind="journal", doi="10.1/j", arxiv="1903.03238")
    honest = make_candidate(TITLE, PEOPLE, 2021, "PAMI", kind="journal", doi="10.1/j")
    preprint = make_candidate(TITLE, PEOPLE, 2017, source="arxiv", kind="preprint", arxiv="1903.03238")
    assert combined(row, mixed, honest, preprint).record.item_type == "preprint"


def test_a_registrars_no_takes_the_identifier_from_an_aggregator(make_candidate: Make, make_entry: Row) -> None:
    row = make_entry(TITLE, PRINTED, 2019, "CVPR")
    wrong = make_candidate(TITLE, PEOPLE, 2019, "CVPR", source="semanticscholar", doi="10.1/other")
    other = make_candidate("Attention Is All You Need", "Ashish Vaswani", 2017, "NIPS", doi="10.1/other")
    right = make_candidate(TITLE, PEOPLE, 2019, "CVPR", source="dblp", pages="5207-5216")
    result = combined(row, wrong, other, right)
    assert (result.record.get("DOI"), result.record.get("pages")) == ("", "5207-5216")


def test_proceedings_that_a_registry_calls_a_journal(make_candidate: Make, make_entry: Row) -> None:
    row = make_entry(TITLE, PRINTED, 2020, "AAAI")
    offered = make_candidate(
        TITLE, PEOPLE, 2020, "Proceedings of the AAAI Conference on Artificial Intelligence",
        kind="journal", doi="10.1609/aaai.v34i07.6716", volume="34", pages="10853–10860",
    )  # fmt: skip
    result = combined(row, offered)
    assert result.record.item_type == "conferencePaper"
    assert result.record.get("proceedingsTitle") == "Proceedings of the AAAI Conference on Artificial Intelligence"
    assert (result.record.get("volume"), result.record.get("pages")) == ("34", "10853-10860")
    assert result.origins["itemType"] == "list"


def test_a_chapter_of_springers_proceedings_is_a_conference_paper(make_candidate: Make, make_entry: Row) -> None:
    row = make_entry(TITLE, PRINTED, 2020, "ECCV")
    offered = make_candidate(
        TITLE, PEOPLE, 2020, "Computer Vision – ECCV 2020",
        item_type="bookSection", doi="10.1007/978-3-030-1_2", series="Lecture Notes in Computer Science",
    )  # fmt: skip
    record = combined(row, offered).record
    assert (record.item_type, record.get("proceedingsTitle")) == ("conferencePaper", "Computer Vision – ECCV 2020")
    assert record.get("series") == "Lecture Notes in Computer Science"


def test_an_acronym_is_spelled_out_and_a_full_name_preferred(make_candidate: Make, make_entry: Row) -> None:
    icml = combined(
        make_entry(TITLE, PRINTED, 2020, "ICML"), make_candidate(TITLE, PEOPLE, 2020, "ICML", source="dblp")
    )
    assert icml.record.get("proceedingsTitle") == "Proceedings of the 37th International Conference on Machine Learning"
    both = [make_candidate(TITLE, PEOPLE, 2019, venue, source=name) for venue, name in (("CVPR", "dblp"), (LONG, "s"))]
    assert combined(make_entry(TITLE, PRINTED, 2019, "CVPR"), *both).record.get("proceedingsTitle") == LONG


def test_no_doi_is_made_up(make_candidate: Make, make_entry: Row) -> None:
    row = make_entry(TITLE, PRINTED, 2020, "ICML", "https://arxiv.org/abs/1903.03238")
    preprint = make_candidate(
        TITLE, PEOPLE, 2019, source="arxiv", kind="preprint", arxiv="1903.03238", doi="10.48550/arXiv.1903.03238"
    )
    record = combined(row, preprint, make_candidate(TITLE, PEOPLE, 2020, "ICML", source="dblp")).record
    assert (record.item_type, record.get("DOI"), record.get("arXiv")) == ("conferencePaper", "", "1903.03238")


def test_the_title_is_whole_and_does_not_shout(make_candidate: Make, make_entry: Row) -> None:
    full = "PADS: Policy-Adapted Sampling for Visual Similarity"
    row = make_entry(full, PRINTED, 2019, "CVPR", "https://doi.org/10.1/x")
    offered = [
        make_candidate(full.upper(), PEOPLE, 2019, "CVPR", doi="10.1/x"),
        make_candidate("Policy-Adapted Sampling for Visual Similarity", PEOPLE, 2019, "CVPR", source="a", doi="10.1/x"),
        make_candidate("Policy-Adapted Sampling for Visual Similarity", PEOPLE, 2019, "CVPR", source="b", doi="10.1/x"),
        make_candidate(full, PEOPLE, 2019, "CVPR", source="openalex", doi="10.1/x"),
    ]
    assert combined(row, *offered).record.title == full


def test_authors_follow_the_paper_not_the_registry(make_candidate: Make, make_entry: Row) -> None:
    """IEEE's deposits swap authors or add some; DBLP and the aggregators copy them."""
    swapped = "Yang Hua, Xinshao Wang, Elyor Kodirov"
    row = make_entry(TITLE, "Wang, X.", 2019, "CVPR", "https://arxiv.org/abs/1903.03238", et_al=True)
    offered = [
        make_candidate(TITLE, swapped, 2019, LONG, doi="10.1/x"),
        make_candidate(TITLE, swapped, 2019, "CVPR", source="dblp", doi="10.1/x"),
        make_candidate(TITLE, swapped, 2019, "CVPR", source="openalex", doi="10.1/x"),
        make_candidate(TITLE, PEOPLE, 2019, source="arxiv", kind="preprint", arxiv="1903.03238"),
    ]
    assert [one.last_name for one in combined(row, *offered).record.creators] == ["Wang", "Hua", "Kodirov"]


def test_an_author_who_joined_after_the_preprint_stays(make_candidate: Make, make_entry: Row) -> None:
    row = make_entry(TITLE, "Wang, X.", 2019, "CVPR", "https://arxiv.org/abs/1903.03238", et_al=True)
    offered = [
        make_candidate(TITLE, f"{PEOPLE}, Neil Robertson", 2019, LONG, doi="10.1/x"),
        make_candidate(TITLE, f"{PEOPLE}, Neil Robertson", 2019, "CVPR", source="dblp", doi="10.1/x"),
        make_candidate(TITLE, PEOPLE, 2019, source="arxiv", kind="preprint", arxiv="1903.03238"),
    ]
    assert len(combined(row, *offered).record.creators) == 4


def test_given_names_are_as_full_as_any_source_has_them(make_candidate: Make, make_entry: Row) -> None:
    row = make_entry(TITLE, PRINTED, 2019, "CVPR")
    short = make_candidate(TITLE, "X. Wang, Yang Hua, KODIROV", 2019, LONG, doi="10.1/x")
    people = (Creator("Wang", "Xinshao"), Creator("Hua", "Y."), Creator("Kodirov 0001", "Elyor"))
    dblp = Record("conferencePaper", {"title": TITLE, "date": "2019", "DOI": "10.1/x"}, people)
    full = Candidate("dblp", dblp, Identifiers("10.1/x"))
    assert [str(one) for one in combined(row, short, full).record.creators] == [
        "Xinshao Wang", "Yang Hua", "Elyor Kodirov",
    ]  # fmt: skip


def test_people_of_one_family_and_initial_stay_apart(make_candidate: Make, make_entry: Row) -> None:
    people = "Yehui Tang, Chao Xu, Chunjing Xu, Chang Xu"
    short = "Yehui Tang, C. Xu, C. Xu, C. Xu"
    offered = [
        make_candidate(TITLE, people, 2020, "AAAI", source="dblp", page="https://ojs.aaai.org/x"),
        make_candidate(TITLE, short, 2020, "AAAI", source="semanticscholar"),
    ]
    found = combined(make_entry(TITLE, "Tang, Y.", 2020, "AAAI", et_al=True), *offered)
    assert [str(one) for one in found.record.creators] == people.split(", ")


def test_another_given_name_is_another_person(make_candidate: Make, make_entry: Row) -> None:
    offered = [
        make_candidate(TITLE, "Hongbing Ma, Ann Lee", 2020, "AAAI", doi="10.1/a"),
        make_candidate(TITLE, "Huimin Ma, Ann Lee", 2020, "AAAI", source="dblp", doi="10.1/a"),
    ]
    found = combined(make_entry(TITLE, "Ma, H.", 2020, "AAAI", et_al=True), *offered)
    assert str(found.record.creators[0]) in ("Hongbing Ma", "Huimin Ma")


def test_equally_frequent_names_are_those_of_the_paper_itself(make_candidate: Make, make_entry: Row) -> None:
    offered = [
        make_candidate(TITLE, "Jia Duan, Son Dinh Tran", 2021, "CVPR", doi="10.1/a"),
        make_candidate(TITLE, "Jia Duan, Son Tran", 2021, source="arxiv", kind="preprint", arxiv="2011.10269"),
    ]
    found = combined(make_entry(TITLE, "Duan, J.", 2021, "CVPR", et_al=True), *offered)
    assert [str(one) for one in found.record.creators] == ["Jia Duan", "Son Tran"]


def test_the_address_of_a_page_tells_the_volume(make_candidate: Make, make_entry: Row) -> None:
    page = "https://proceedings.mlr.press/v119/roth20a.html"
    offered = [make_candidate(TITLE, "Karsten Roth", 2020, "ICML", source="dblp", page=page)]
    found = combined(make_entry(TITLE, "Roth, K.", 2020, "ICML"), *offered)
    fields = found.record.fields
    assert (fields["volume"], fields["publisher"]) == ("119", "PMLR")
    assert found.origins["volume"] == "dblp"
    page = "https://proceedings.neurips.cc/paper/2018/hash/0-Abstract.html"
    offered = [make_candidate(TITLE, "Karsten Roth", 2018, "NeurIPS", source="dblp", page=page)]
    assert combined(make_entry(TITLE, "Roth, K.", 2018, "NIPS"), *offered).record.get("volume") == "31"


def test_the_date_is_the_year_that_registries_agree_on(make_candidate: Make, make_entry: Row) -> None:
    row = make_entry(TITLE, PRINTED, 2019, "CVPR")
    offered = [
        make_candidate(TITLE, PEOPLE, None, "CVPR", source="crossref", doi="10.1/x", date="2019-06-15"),
        make_candidate(TITLE, PEOPLE, 2018, "CVPR", source="semanticscholar", doi="10.1/x"),
    ]
    assert combined(row, *offered).record.get("date") == "2019"


def test_every_field_has_its_origin(make_candidate: Make, make_entry: Row) -> None:
    row = make_entry(TITLE, PRINTED, 2019, "CVPR", "https://arxiv.org/abs/1903.03238")
    preprint = make_candidate(TITLE, PEOPLE, 2019, source="arxiv", kind="preprint", arxiv="1903.03238")
    result = combined(row, preprint, make_candidate(TITLE, PEOPLE, 2019, LONG, doi="10.1/x", pages="1-8"))
    assert set(result.origins) == set(result.record.fields) | {"itemType", "creators"}
    assert all(result.origins.values())
