"""Style and script: our own, short, without foreign addresses, colours named once."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "registry" / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))


@pytest.mark.parametrize("path", SHEETS + SCRIPTS, ids=lambda path: path.name)
def test_a_file_is_short_and_fetches_nothing_foreign(path):
    text = path.read_text("utf-8")

    assert len(text.splitlines()) <= 300
    assert re.findall(r"https?://|@import|@font-face", text) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_puts_no_text_into_the_page_as_markup(path):
    text = path.read_text("utf-8")

    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|eval\(|document\.write", text) == []


def test_colours_are_named_once():
    strays = {
        path.name: found
        for path in SHEETS
        if path.name != "tokens.css"
        and (found := re.findall(r"#[0-9a-f]{3,6}\b", path.read_text("utf-8")))
    }
    assert strays == {}


def test_every_colour_that_is_used_is_a_token():
    tokens = set(re.findall(r"(--[\w-]+):", (STATIC / "css" / "tokens.css").read_text("utf-8")))
    used = {
        name for path in SHEETS for name in re.findall(r"var\((--[\w-]+)", path.read_text("utf-8"))
    }
    assert used - tokens == set()


def test_every_style_sheet_is_linked_by_the_frame():
    frame = (STATIC.parents[1] / "templates" / "layout" / "page.html").read_text("utf-8")

    assert [path.stem for path in SHEETS if path.stem not in frame] == []
