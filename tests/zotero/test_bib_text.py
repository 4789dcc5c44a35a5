"""Items as the text of a .bib file."""

from dmlsync.zotero.convert import bib_text


def paper(title, **fields):
    creators = [{"creatorType": "author", "firstName": "Ann", "lastName": "Müller"}]
    return {"itemType": "journalArticle", "title": title, "creators": creators, "date": "2020", **fields}


def test_an_item_is_an_entry_under_its_own_key():
    text = bib_text([paper("Metrics", citationKey="mueller20", tags=[{"tag": "b"}, {"tag": "a"}])], "biblatex")
    assert text.startswith("@article{mueller20,\n")
    assert "author = {Müller, Ann}" in text
    assert "keywords = {a,b}" in text


def test_envelopes_are_understood():
    assert bib_text([{"key": "AAAA2222", "data": paper("Metrics")}], "bibtex").startswith("@article{")


def test_each_entry_has_a_key_of_its_own():
    items = [paper("One"), paper("One"), paper("Two", citationKey="k"), paper("Two", citationKey="K")]
    items.append(paper("Three", citationKey="not {safe}"))
    text = bib_text(items, "bibtex")
    keys = [line[len("@article{") : -1] for line in text.splitlines() if line.startswith("@")]
    assert len({key.lower() for key in keys}) == 5
    assert keys[2] == "k"


def test_the_dialects_differ():
    assert "date = {2020}" in bib_text([paper("Metrics")], "biblatex")
    assert "year = {2020}" in bib_text([paper("Metrics")], "bibtex")


def test_no_items_are_no_text():
    assert bib_text([], "bibtex") == ""
