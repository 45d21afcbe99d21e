"""Every word of a screen has its English, with the same placeholders."""

import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "registry" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
JAPANESE = re.compile(r"[぀-ヿ一-鿿]")


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """All words as they stand in code and templates now."""
    target = tmp_path_factory.mktemp("words") / "messages.pot"
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "pyproject.toml",
         "-k", "_l", "-k", "lazy_gettext", "-k", "lazy_pgettext:1c,2", "-o", str(target), "."],
        cwd=ROOT, check=True,
    )  # fmt: skip
    with target.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def english() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def texts(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def test_every_word_has_its_english(extracted: Catalog, english: Catalog) -> None:
    missing = [
        message.id
        for message in extracted
        if message.id and not _is_translated(english.get(message.id, message.context))
    ]

    assert missing == []


def test_the_english_keeps_the_placeholders(english: Catalog) -> None:
    wrong = [
        message.id
        for message in english
        if message.id
        for text in texts(message.string)
        if text
        and not set(PLACEHOLDER.findall(text))
        <= {p for source in texts(message.id) for p in PLACEHOLDER.findall(source)}
    ]

    assert wrong == []


def test_the_english_holds_no_japanese(english: Catalog) -> None:
    left = [
        message.string
        for message in english
        if message.id and any(JAPANESE.search(text or "") for text in texts(message.string))
    ]
    allowed = {"日本語"}

    assert [
        text for text in left if not set(JAPANESE.findall(str(text))) <= set("".join(allowed))
    ] == []


def _is_translated(message: Message | None) -> bool:
    return message is not None and not message.fuzzy and all(texts(message.string))
