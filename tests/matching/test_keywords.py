import pytest

from registry.matching import Text, assess, propose_keywords


def test_keywords_are_the_telling_phrases_of_the_text() -> None:
    found = propose_keywords(
        "無電解ニッケルめっきの受託加工",
        "ステンレス部品への無電解ニッケルめっきを、試作の1個から承ります。",
    )

    assert "無電解ニッケルめっき" in found[0]
    assert "ステンレス部品" in found


def test_general_words_and_inflected_ones_are_not_proposed() -> None:
    found = propose_keywords("新しい技術の開発", "課題を解決し、業務を効率化します。減らしたい。")

    assert not {"技術", "開発", "課題", "解決", "減らし"} & set(found)


def test_units_of_measure_are_not_proposed() -> None:
    found = propose_keywords(
        "金型の冷却穴の水あかを取りたい",
        "直径6mm、深さ 200 mmの冷却穴を2時間以内に、30kgの治具と2台の機械で洗いたい。",
    )

    assert not {"mm", "kg", "時間", "台"} & set(found)
    assert {"冷却穴", "治具"} <= set(found)


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_no_more_keywords_than_asked(limit: int) -> None:
    assert len(propose_keywords("射出成形金型", "超音波洗浄機と溶接ロボット", limit)) <= limit


def test_keywords_stand_in_the_text_and_do_not_repeat() -> None:
    title, description = "ＩｏＴｾﾝｻｰで養殖", "IoTセンサーと水温計。Fish farming sensors."
    found = propose_keywords(title, description)

    assert all(keyword in title or keyword in description for keyword in found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("text", "level", "hints"),
    [
        (Text("", "超音波洗浄機", "金型と歯車の油を落とします", "洗浄"), "good", ()),
        (Text("", "新しい技術", "課題を解決する"), "general", ("only_general", "no_keywords")),
        (Text("", "めっき", "", "めっき"), "few", ("few_words",)),
        (Text(""), "general", ("only_general", "no_keywords", "short_title")),
    ],
)
def test_the_author_is_told_what_is_lacking(text: Text, level: str, hints: tuple[str, ...]) -> None:
    found = assess(text)

    assert found.level == level
    assert set(hints) <= set(found.hints)
