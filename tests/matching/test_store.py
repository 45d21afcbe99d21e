"""An index in files answers as one in memory, and is never half there."""

import json
import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import pytest

from registry.matching import (
    Encoder,
    Glossary,
    Index,
    Item,
    Keep,
    Lexicon,
    Text,
    build_index,
    current_generation,
    discard,
    is_whole,
    open_indexes,
    prepare,
    write_indexes,
)
from registry.matching import store as store_module
from tests.matching.samples import SEEDS, WORDS, item


def opened(folder: Path, lexicon: Lexicon) -> Index:
    stored = open_indexes(folder, lexicon)
    assert stored is not None
    return stored.indexes["seeds"]


def listings(count: int) -> list[Item]:
    rng = random.Random(3)
    useful = [word for word in WORDS if len(word) > 1]
    return [
        item(f"S{n:03}", "、".join(rng.choices(useful, k=6)), tags=f"t{n % 3}")
        for n in range(count)
    ]


def test_a_mapped_index_answers_like_one_in_memory(lexicon: Lexicon, tmp_path: Path) -> None:
    items = listings(200)
    write_indexes(tmp_path, {"seeds": items}, lexicon, {"position": 3})
    mapped, memory = opened(tmp_path, lexicon), build_index(items, lexicon)
    for need in listings(8):
        asked = Item("N", need.terms)

        assert mapped.suggest(asked) == memory.suggest(asked)
        keep = Keep(any_of=frozenset({"t1"}))
        assert mapped.suggest(asked, keep=keep) == memory.suggest(asked, keep=keep)
    unknown = item("N", "センサａ、weldingg、塗り")
    assert mapped.suggest(unknown) == memory.suggest(unknown)
    assert mapped.refs == memory.refs
    assert mapped.items() == memory.items()


@pytest.mark.parametrize("slices", [2, 3, 7])
def test_one_answer_from_several_slices_is_that_of_one(
    slices: int, lexicon: Lexicon, tmp_path: Path
) -> None:
    items = listings(200)
    write_indexes(tmp_path / "one", {"seeds": items}, lexicon, {})
    write_indexes(tmp_path / "many", {"seeds": items}, lexicon, {}, slices)
    one, many = opened(tmp_path / "one", lexicon), opened(tmp_path / "many", lexicon)
    unknown = item("N", "センサａ、weldingg、塗り")
    needs = [*(Item("N", need.terms) for need in listings(12)), unknown]
    assert len(list((tmp_path / "many").glob("*/seeds.*"))) == slices

    for need in needs:
        assert many.suggest(need) == one.suggest(need)
        assert many.rank(need, limit=50) == one.rank(need, limit=50)
    for index in (one, many):
        index.remove("S003")
        index.remove("S190")
        index.add(item("S005", "超音波洗浄機"))
    assert many.fresh == one.fresh
    assert many.refs == one.refs
    for need in needs:
        assert many.suggest(need) == one.suggest(need)


def test_meaning_and_glossary_are_kept_too(encoder: Encoder, tmp_path: Path) -> None:
    lexicon = Lexicon(None, Glossary.from_rows([["町工場落語", "factory storytelling"]]))
    seed = prepare(Text("S", "Factory storytelling", "Evenings for makers."), encoder)
    need = prepare(Text("N", "町工場落語を開きたい"), encoder)
    write_indexes(tmp_path, {"seeds": [seed]}, lexicon, {})
    (found,) = opened(tmp_path, lexicon).suggest(need)

    assert found.basis == "words+meaning"
    assert found.reasons[0].link == "glossary"
    assert open_indexes(tmp_path, Lexicon(None)) is None


def test_additions_and_removals_stand_beside_the_files(lexicon: Lexicon, tmp_path: Path) -> None:
    write_indexes(tmp_path, {"seeds": SEEDS}, lexicon, {})
    index = opened(tmp_path, lexicon)
    for number in range(30):
        index.add(item(f"T{number:02}", "刺繍の受託"))
    index.remove("S2")
    index.add(item("S1", "めっきの相談"))

    assert len(index) == 33
    assert index.fresh == 33
    assert [s.ref for s in index.suggest(item("N", "刺繍"), limit=2)] == ["T00", "T01"]
    assert [s.ref for s in index.suggest(item("N", "鍍金"))] == ["S1"]
    assert "S2" not in [s.ref for s in index.suggest(item("N", "金型"))]
    assert len(opened(tmp_path, lexicon)) == 4


def test_a_damaged_or_foreign_index_is_not_opened(lexicon: Lexicon, tmp_path: Path) -> None:
    assert open_indexes(tmp_path / "none", lexicon) is None
    generation = write_indexes(tmp_path, {"seeds": SEEDS}, lexicon, {})
    victim = tmp_path / generation / "seeds.0" / "postings.impacts.npy"
    content = bytearray(victim.read_bytes())
    assert is_whole(tmp_path, generation)
    content[-1] ^= 1
    victim.write_bytes(content)

    assert not is_whole(tmp_path, generation)
    victim.write_bytes(content[:-1])
    assert open_indexes(tmp_path, lexicon) is None
    discard(tmp_path, generation)
    assert current_generation(tmp_path) is None
    fresh = write_indexes(tmp_path, {"seeds": SEEDS}, lexicon, {})
    manifest = tmp_path / fresh / "manifest.json"
    told = json.loads(manifest.read_text())
    told["recipe"][1] = "older"
    manifest.write_text(json.dumps(told))
    assert open_indexes(tmp_path, lexicon) is None


def _write_slowly(folder: Path, reached: "multiprocessing.synchronize.Event") -> None:
    def stuck(*_: object) -> None:
        reached.set()
        time.sleep(60)

    store_module._sync = stuck  # type: ignore[assignment]
    write_indexes(folder, {"seeds": SEEDS[:2]}, Lexicon(None), {})


def test_a_crash_while_writing_leaves_the_old_index(tmp_path: Path) -> None:
    lexicon = Lexicon(None)
    before = write_indexes(tmp_path, {"seeds": SEEDS}, lexicon, {})
    context = multiprocessing.get_context("spawn")
    reached = context.Event()
    writer = context.Process(target=_write_slowly, args=(tmp_path, reached))
    writer.start()
    assert reached.wait(60)
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()

    assert current_generation(tmp_path) == before
    assert len(opened(tmp_path, lexicon)) == 4
    after = write_indexes(tmp_path, {"seeds": SEEDS[:3]}, lexicon, {})
    assert {path.name for path in tmp_path.iterdir()} == {"current", before, after}
    assert len(opened(tmp_path, lexicon)) == 3


def test_a_failed_write_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = write_indexes(tmp_path, {"seeds": SEEDS}, Lexicon(None), {})
    monkeypatch.setattr(store_module, "_write_array", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_indexes(tmp_path, {"seeds": SEEDS}, Lexicon(None), {})

    assert {path.name for path in tmp_path.iterdir()} == {"current", before}
