"""Search keys: one spelling for all."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry.common.folding import (
    contains_folded,
    fold,
    fold_code,
    fold_name,
    legal_form,
    search_terms,
)
from registry.common.resources import read_rows

JAPANESE = st.text(
    st.sampled_from(
        "ぁあがぱゞん゛゜アァガパヴーｱﾞﾟヰヱ髙﨑崎々邊金型佐・･ -－−ー―〜～　aAéβß㈱Ⅷ①１()（）'’\u3099\ufe0f"
    ),
    max_size=12,
)


@given(st.one_of(JAPANESE, st.text(max_size=20)))
@example("か゛ー -")
@example("ア - B")
@example("佐 々々")
@example("İ")
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.one_of(JAPANESE, st.text(max_size=20)))
def test_folding_a_name_twice_is_folding_it_once(text):
    assert fold_name(fold_name(text)) == fold_name(text)


@given(JAPANESE)
@example("ヰ゛")
def test_width_makes_no_difference(text):
    assert fold(unicodedata.normalize("NFKC", text)) == fold(text)


@given(JAPANESE)
def test_composition_makes_no_difference(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@given(st.text(st.characters(max_codepoint=0x24F), max_size=20))
def test_case_makes_no_difference(text):
    assert fold(text.upper()) == fold(text.upper().lower())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("ｻｰﾊﾞｰ", "サーバー"),
        ("せんさー", "センサー"),
        ("センタ－", "センター"),
        ("センター", "センタ―"),
        ("キヤノン", "キャノン"),
        ("ヱビス", "エビス"),
        ("鶴ヶ丘", "鶴ケ丘"),
        ("髙﨑", "高崎"),
        ("渡邊・渡邉", "渡辺渡辺"),
        ("齋藤", "斎藤"),
        ("国際會議", "國際会議"),
        ("𠮷野", "吉野"),
        ("森鷗外", "森鴎外"),
        ("葛\U000e0100城", "葛城"),
        ("佐々木", "佐佐木"),
        ("５〜１０", "5～10"),
        ("AI　活用", "ＡＩ活用"),
        ("レッド・テック", "レッドテック"),
        ("Café  Ōsaka", "CAFE OSAKA"),
        ("ｶﾞﾗｽ", "がらす"),
        ("か゛らす", "がらす"),
        ("㌔", "キロ"),
        ("Ⅷ", "viii"),
        ("神", "神"),
    ],
)
def test_spellings_of_one_word_have_one_key(written, meant):
    assert fold(written) == fold(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [("か", "が"), ("は", "ぱ"), ("大阪", "大坂"), ("open ai", "openai"), ("ハ", "八")],
)
def test_different_words_keep_different_keys(one, other):
    assert fold(one) != fold(other)


def test_spaces_stay_single_between_latin_words():
    assert fold(" Open   Innovation　Lab ") == "open innovation lab"


@pytest.mark.parametrize("text", ["3-3-1", "３－３－１", "３ー３ー１", "3 − 3 − 1", "3‐3‐1"])
def test_codes_of_the_policy_tree_have_one_spelling(text):
    assert fold_code(text) == "3-3-1"


def test_the_table_of_kanji_leads_each_variant_straight_to_its_standard():
    rows = read_rows("kanji_variants.csv")
    variants = [row["variant"] for row in rows]

    assert len(rows) > 600
    assert len(set(variants)) == len(variants)
    assert not {row["standard"] for row in rows} & set(variants)
    for row in rows:
        assert len(row["variant"]) == len(row["standard"]) == 1
        assert unicodedata.normalize("NFKC", row["variant"]) == row["variant"]
        assert fold(row["variant"]) == row["standard"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("株式会社 髙田製作所", "kabushiki"),
        ("髙田製作所㈱", "kabushiki"),
        ("（株）高田製作所", "kabushiki"),
        ("高田製作所 Co., Ltd.", "kabushiki"),
        ("㈲高田製作所", "yugen"),
        ("合同会社高田製作所", "godo"),
        ("高田製作所合資会社", "goshi"),
        ("一般社団法人　高田製作所", "ippan_shadan"),
        ("(公財)高田製作所", "koeki_zaidan"),
        ("学校法人高田製作所", "gakko"),
        ("国立大学法人 高田製作所", "kokuritsu_daigaku"),
        ("NPO法人高田製作所", "npo"),
        ("認定特定非営利活動法人 高田製作所", "npo"),
        ("高田製作所 Inc.", "foreign"),
        ("高田製作所", None),
    ],
)
def test_a_name_is_compared_without_its_legal_form(name, code):
    assert fold_name(name) == fold_name("高田製作所")
    assert legal_form(name) == code


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Takata Co.,Ltd.", "TAKATA K.K."),
        ("Takata Seisakusho, Inc.", "takata  seisakusho"),
        ("株式会社デイ・シイ", "ﾃﾞｲｼｲ"),
        ("医療法人社団 健康会", "健康会"),
        ("カ）タカタ", "タカタ"),
    ],
)
def test_names_of_one_organization_meet(one, other):
    assert fold_name(one) == fold_name(other)


@pytest.mark.parametrize("name", ["株式会社", "Limited", "・・・"])
def test_a_name_of_nothing_but_form_keeps_its_text(name):
    assert fold_name(name) == fold(name)


def test_latin_forms_count_only_after_a_name():
    assert legal_form("Limited Edition") is None
    assert legal_form("Zinc") is None


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("射出成形金型の設計", "金型"),
        ("ガスセンサー", "ｶﾞｽ"),
        ("髙﨑 製作所", "高崎製作所"),
        ("AI を使った検査", "ai 検査"),
        ("何でも", ""),
    ],
)
def test_a_query_finds_a_text_in_any_spelling(text, query):
    assert contains_folded(text, query)


def test_every_term_of_a_query_must_occur():
    assert not contains_folded("金型の設計", "金型 研磨")


def test_a_query_is_split_at_spaces_of_any_width_without_repeats():
    assert search_terms("　金型　ＡＩ ai  きんぞく ") == ["金型", "ai", "キンゾク"]
    assert search_terms("　") == []


@given(
    JAPANESE,
    JAPANESE,
    JAPANESE.filter(lambda text: not set(text) & set("々-－−ー―\u3099゛゜ﾞﾟ\ufe0f ・･　")),
)
def test_a_word_inside_a_text_is_found(before, after, word):
    assert contains_folded(f"{before}金{word}型{after}", f"金{word}型")
