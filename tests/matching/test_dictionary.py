from pathlib import Path

import pytest

from registry.matching import (
    DictionarySourceMissing,
    Lexicon,
    build_dictionary,
    build_index,
    open_dictionary,
)
from registry.matching import dictionary as dictionary_module
from tests.matching.samples import item


def test_a_built_table_translates(toy_source: Path, tmp_path: Path) -> None:
    build_dictionary(tmp_path / "d")
    table = open_dictionary(tmp_path / "d")

    assert table is not None
    entry = table.entry("鍍金")
    assert dict(entry.stems) == pytest.approx({"plate": 1.0, "coat": 1 / 1.2}, abs=1e-3)
    assert entry.pivots == ("coat", "plate")
    assert entry.band == 40
    assert table.uses("coat") == 2


def test_old_senses_are_left_out(toy_source: Path, tmp_path: Path) -> None:
    build_dictionary(tmp_path / "d")
    table = open_dictionary(tmp_path / "d")

    assert table is not None
    assert table.entry("候").stems == ()


def test_progress_reaches_the_end(toy_source: Path, tmp_path: Path) -> None:
    steps: list[tuple[int, int]] = []
    build_dictionary(tmp_path / "d", lambda done, total: steps.append((done, total)))

    assert steps[-1] == (6, 6)


def test_a_present_table_is_not_built_again(toy_source: Path, tmp_path: Path) -> None:
    path = build_dictionary(tmp_path / "d") / "jmdict.sqlite"
    before = path.stat().st_mtime_ns
    build_dictionary(tmp_path / "d")

    assert path.stat().st_mtime_ns == before
    assert sorted(p.name for p in path.parent.iterdir()) == ["jmdict.json", "jmdict.sqlite"]


def test_a_damaged_table_is_not_opened_and_is_built_anew(toy_source: Path, tmp_path: Path) -> None:
    path = build_dictionary(tmp_path / "d") / "jmdict.sqlite"
    path.write_bytes(path.read_bytes()[:-100])

    assert open_dictionary(tmp_path / "d") is None
    build_dictionary(tmp_path / "d")
    assert open_dictionary(tmp_path / "d") is not None


def test_a_table_of_another_recipe_is_not_opened(
    toy_source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_dictionary(tmp_path / "d")
    monkeypatch.setattr(dictionary_module, "DICTIONARY_RECIPE", "newer")

    assert open_dictionary(tmp_path / "d") is None


def test_without_the_package_the_builder_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dictionary_module.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(DictionarySourceMissing):
        build_dictionary(tmp_path / "d")


def test_without_a_table_the_engine_still_answers() -> None:
    index = build_index([item("S1", "めっき加工")], Lexicon(None))

    assert [s.ref for s in index.suggest(item("N1", "鍍金の外注"))] == ["S1"]


def test_sharing_a_gloss_links_two_japanese_words(toy_source: Path, tmp_path: Path) -> None:
    build_dictionary(tmp_path / "d")
    lexicon = Lexicon(open_dictionary(tmp_path / "d"))
    found = build_index([item("S1", "塗装")], lexicon).suggest(item("N1", "鍍金"))

    assert [(r.need_term, r.seed_term, r.link) for r in found[0].reasons] == [
        ("鍍金", "塗装", "translation")
    ]
