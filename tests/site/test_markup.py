"""Hostile text made harmless."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmlsync.site.markup import escaped, isolated, json_for_script, plain, policy, rich, web_address


@given(st.text())
def test_escaped_text_holds_no_sign_that_html_reads(text: str) -> None:
    assert not re.search("[<>\"'\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", escaped(text))
    assert "&" not in re.sub("&(?:amp|lt|gt|quot|#x27);", "", escaped(text))


def test_controls_go_and_what_is_not_unicode_becomes_a_replacement_character() -> None:
    assert plain("a\x00\x1b[31m\tb\udcffc\u202e") == "a[31m b\ufffdc\u202e"


def test_titles_keep_the_rich_text_of_zotero() -> None:
    assert rich("On <i>E. coli</i> and H<sub>2</sub>O & <b>x</b>") == (
        "<bdi>On <i>E. coli</i> and H<sub>2</sub>O &amp; <b>x</b></bdi>"
    )


@pytest.mark.parametrize("title", ["<i>open", "shut</i>", "<i>a<b>c</i>d</b>", "<i onclick=x>a</i>", "<I>a</I>"])
def test_rich_text_that_is_not_whole_is_shown_as_it_came(title: str) -> None:
    assert rich(title) == isolated(title)


@given(st.lists(st.sampled_from(["<i>", "</i>", "<b>", "</b>", "<sup>", "</sup>", "x", "<", ">"])).map("".join))
def test_rich_text_never_leaves_an_element_open(title: str) -> None:
    opened: list[str] = []
    for close, name in re.findall("<(/?)([a-z]+)>", rich(title)):
        if close:
            assert opened.pop() == name
        else:
            opened.append(name)
    assert opened == []


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://localhost:8000/x", "HTTPS://EXAMPLE.ORG/ü"])
def test_addresses_of_the_web_may_be_followed(url: str) -> None:
    assert web_address(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org",
        "/a",
        "https:",
        "https:///a",
        "https://bank.test@evil.test/",
        "https://evil.test/\u202ea",
        "https://exa mple.org",
        "http://[::1",
        "vbscript:x",
        "blob:https://example.org/1",
    ],
)
def test_nothing_else_may_be_followed(url: str) -> None:
    assert web_address(url) == ""


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8))
def test_json_in_a_script_is_the_same_json_and_cannot_leave_the_script(value: object) -> None:
    text = json_for_script(value)
    assert json.loads(text) == value
    assert not re.search("[<>&\u2028\u2029]", text)


def test_the_policy_names_the_hash_of_each_script_and_nothing_from_elsewhere() -> None:
    named = policy(["a{}"], ["x()", "y()"])
    # printf 'x()' | openssl dgst -sha256 -binary | base64
    assert "script-src 'sha256-D6IGS8VMvCoyaR/l0h9tERrBTATY01CoPS7l6xDv0kI='" in named
    assert named.count("sha256-") == 3
    assert "default-src 'none'" in named
    assert "unsafe" not in named
    assert "http" not in named
