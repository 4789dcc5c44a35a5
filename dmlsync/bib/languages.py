"""Zotero's languages (BCP 47 mostly) and biblatex's `langid`."""

from __future__ import annotations

from types import MappingProxyType

from dmlsync.text.latex_symbols import words

_LANGIDS = MappingProxyType(
    {
        "en": "english",
        "en-US": "american",
        "en-GB": "british",
        "en-CA": "canadian",
        "en-AU": "australian",
        "en-NZ": "newzealand",
        "de": "ngerman",
        "de-AT": "naustrian",
        "de-CH": "nswissgerman",
        "fr": "french",
        "fr-CA": "acadian",
        "es": "spanish",
        "it": "italian",
        "pt": "portuguese",
        "pt-BR": "brazilian",
        "nl": "dutch",
        "da": "danish",
        "sv": "swedish",
        "nb": "norwegian",
        "nn": "nynorsk",
        "fi": "finnish",
        "is": "icelandic",
        "pl": "polish",
        "cs": "czech",
        "sk": "slovak",
        "sl": "slovene",
        "hr": "croatian",
        "sr": "serbian",
        "bg": "bulgarian",
        "ro": "romanian",
        "hu": "hungarian",
        "et": "estonian",
        "lv": "latvian",
        "lt": "lithuanian",
        "el": "greek",
        "tr": "turkish",
        "ru": "russian",
        "uk": "ukrainian",
        "ca": "catalan",
        "eu": "basque",
        "gl": "galician",
        "ga": "irish",
        "cy": "welsh",
        "la": "latin",
        "he": "hebrew",
        "ar": "arabic",
        "fa": "persian",
        "hi": "hindi",
        "id": "indonesian",
        "vi": "vietnamese",
        "th": "thai",
        "ko": "korean",
        "ja": "japanese",
        "af": "afrikaans",
        "mk": "macedonian",
        "mr": "marathi",
        "zh": "chinese",
        "zh-Hans": "chinese-simplified",
        "zh-TW": "chinese-traditional",
    }
)
_ALIASES = MappingProxyType(
    {
        "de-DE": "de",
        "fr-FR": "fr",
        "es-ES": "es",
        "it-IT": "it",
        "pt-PT": "pt",
        "nl-NL": "nl",
        "no": "nb",
        "zh-CN": "zh",
        "zh-Hans-CN": "zh-Hans",
        "zh-Hant-TW": "zh-TW",
        # Where a language has one main country, that says nothing more.
        **{
            code: code[:2]
            for code in words(
                """
                bg-BG ca-ES cs-CZ da-DK el-GR et-EE eu-ES fi-FI gl-ES he-IL hr-HR hu-HU id-ID ja-JP ko-KR lt-LT lv-LV
                nb-NO nn-NO pl-PL ro-RO ru-RU sk-SK sl-SI sv-SE th-TH tr-TR uk-UA vi-VN
                """
            )
        },
        "zh-Hant": "zh-TW",
        "eng": "en",
        "dan": "da",
        "dut": "nl",
        "nld": "nl",
        "swe": "sv",
        "nor": "nb",
        "fin": "fi",
        "pol": "pl",
        "cze": "cs",
        "ces": "cs",
        "tur": "tr",
        "kor": "ko",
        "ara": "ar",
        "hun": "hu",
        "ger": "de",
        "deu": "de",
        "fre": "fr",
        "fra": "fr",
        "spa": "es",
        "ita": "it",
        "por": "pt",
        "rus": "ru",
        "jpn": "ja",
        "chi": "zh",
        "zho": "zh",
        "german": "de",
        "austrian": "de-AT",
        "brazil": "pt-BR",
        "portuges": "pt",
        "USenglish": "en-US",
        "UKenglish": "en-GB",
        "swissgerman": "de-CH",
        "francais": "fr",
        "frenchb": "fr",
        "norsk": "nb",
        "magyar": "hu",
        "slovenian": "sl",
        "bahasa": "id",
        "farsi": "fa",
        "deutsch": "de",
        "français": "fr",
    }
)
_CODES = MappingProxyType(
    {
        **{code.lower(): code for code in _LANGIDS},
        **{langid: code for code, langid in _LANGIDS.items()},
        **{alias.lower(): code for alias, code in _ALIASES.items()},
    }
)


def normal_language(language: str) -> str:
    """A language as an entry carries it: a BCP 47 code where the value is known, otherwise the text itself.

    `English`, `eng` and `EN` are `en`; `langid` values are understood as well.
    """
    return _CODES.get(language.replace("_", "-").lower(), language)


def langid_of(language: str) -> str:
    """biblatex's name of a language; text that nobody knows stays."""
    code = normal_language(language)
    return _LANGIDS.get(code, code)


def is_english(language: str) -> bool:
    """Whether titles in this language may be sentence-cased: English, and where nothing is said."""
    return not language or normal_language(language).split("-")[0] == "en"
