from __future__ import annotations

import pytest

from dmlsync.bib.languages import langid_of, normal_language


@pytest.mark.parametrize(
    ("language", "code", "langid"),
    [
        ("en", "en", "english"),
        ("en-us", "en-US", "american"),
        ("USenglish", "en-US", "american"),
        ("UKenglish", "en-GB", "british"),
        ("de", "de", "ngerman"),
        ("german", "de", "ngerman"),
        ("ngerman", "de", "ngerman"),
        ("Deutsch", "de", "ngerman"),
        ("de_AT", "de-AT", "naustrian"),
        ("swissgerman", "de-CH", "nswissgerman"),
        ("sv-SE", "sv", "swedish"),
        ("norsk", "nb", "norwegian"),
        ("magyar", "hu", "hungarian"),
        ("zh-Hant", "zh-TW", "chinese-traditional"),
        ("fr-BE", "fr-BE", "fr-BE"),
        ("Klingon", "Klingon", "Klingon"),
        ("", "", ""),
    ],
)
def test_a_language_has_a_code_and_a_name_in_biblatex(language: str, code: str, langid: str) -> None:
    assert normal_language(language) == code
    assert langid_of(language) == langid
    assert normal_language(langid) == code
