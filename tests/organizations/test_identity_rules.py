"""The rules by which two records are one: names, addresses, evidence, verdicts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.organizations.identity import Facts, Register, Verdict, judge, keys_of
from registry.organizations.identity.addresses import read_address
from registry.organizations.identity.facts import mail_domain, phone_key, site_domain
from registry.organizations.identity.firm_names import split_name
from registry.organizations.identity.romaji import latin_key

NUMBER, OTHER = "4000012090001", "4011001098993"
TEXTS = st.text(alphabet="株式会社㈱(有)髙崎精機ｶナーヴヶ Aa1-・々工場本社", max_size=20)


def verdict(one: Facts, other: Facts) -> Verdict:
    return judge(keys_of(one), keys_of(other)).verdict


@pytest.mark.parametrize(
    "written",
    [
        "㈱髙﨑製作所",
        "髙﨑製作所（株）",
        "株式会社 高崎 製作所",
        "高崎製作所株式會社",
        "【株】高崎製作所",
    ],
)
def test_a_form_before_or_after_in_any_writing_is_one(written: str) -> None:
    found = split_name(written)

    assert (found.core, found.form) == ("高崎製作所", "kabushiki")


@pytest.mark.parametrize(
    ("written", "core", "form", "branch"),
    [
        ("川崎精機㈱川崎工場", "川崎精機", "kabushiki", "川崎工場"),
        ("川崎精機株式会社 横浜支店", "川崎精機", "kabushiki", "横浜支店"),
        ("川崎精機 本社", "川崎精機", None, ""),
        ("株式会社川崎研究所", "川崎研究所", "kabushiki", ""),
        ("株式会社 川崎研究所", "川崎研究所", "kabushiki", ""),
        ("（同）ABC", "abc", "godo", ""),
        ("医療法人社団 青葉会", "青葉会", "iryo", ""),
        ("ＮＰＯ 川崎の会", "川崎ノ会", "npo", ""),
        ("株式会社", "株式会社", None, ""),
    ],
)
def test_names_are_taken_apart(written: str, core: str, form: str | None, branch: str) -> None:
    found = split_name(written)

    assert (found.core, found.form, found.branch) == (core, form, branch)


@pytest.mark.parametrize(
    "written",
    [
        "川崎市中原区上小田中４−１−１",
        "神奈川県川崎市中原区上小田中四丁目1番1号 富士ビル5F",
        "上小田中4丁目1-1",
        "〒211-0053 上小田中四丁目一番地一",
    ],
)
def test_one_lot_has_one_key(written: str) -> None:
    lot = read_address(written)

    assert lot is not None
    assert (lot.town, lot.numbers) == ("上小田中", "4-1-1")


@pytest.mark.parametrize(
    ("kana", "latin"),
    [("オオタ", "ohta"), ("シマヅ", "shimadzu"), ("ニツポン", "nippon"), ("シンバシ", "shimbashi")],
)
def test_kana_and_latin_letters_meet(kana: str, latin: str) -> None:
    assert latin_key(kana) == latin_key(latin) != ""


def test_domains_and_telephones_are_read_and_shared_ones_say_nothing() -> None:
    assert site_domain("https://www.sales.example.co.jp/a") == "example.co.jp"
    assert mail_domain("a@gmail.com") == mail_domain("a@b") == site_domain("") == ""
    assert phone_key("＋81 44-200-1111") == phone_key("044(200)1111 内線 3") == "0442001111"
    assert phone_key("1111") == ""


def test_unknown_is_never_evidence() -> None:
    assert verdict(Facts(), Facts()) is Verdict.DIFFERENT
    assert verdict(Facts(municipality="14133"), Facts(municipality="14133")) is Verdict.DIFFERENT
    firm = Facts(name="株式会社川崎精機")
    assert not judge(keys_of(firm), keys_of(firm)).reasons[1:]


def test_numbers_decide_and_successors_are_followed() -> None:
    old = Facts(name="旧社名工業", corporate_number=NUMBER)
    new = Facts(name="新しい名前", corporate_number=OTHER, former_numbers=(NUMBER,))
    assert verdict(old, new) is Verdict.SAME
    assert verdict(old, Facts(name="旧社名工業", corporate_number=OTHER)) is Verdict.DIFFERENT
    assert verdict(old, Facts(name="旧社名", invoice_number=f"T{NUMBER}")) is Verdict.SAME


def test_forms_branches_and_groups_are_never_one_by_themselves() -> None:
    data = {
        "address": "小杉町1-1",
        "phones": ("044-200-1111",),
        "website": "https://a.example.co.jp",
    }
    firm = Facts(name="株式会社川崎精機", **data)  # type: ignore[arg-type]

    def other(name: str) -> Verdict:
        return verdict(firm, Facts(name=name, **data))  # type: ignore[arg-type]

    assert other("川崎精機㈱") is Verdict.SAME
    assert other("有限会社川崎精機") is other("一般社団法人川崎精機") is Verdict.POSSIBLY
    assert other("川崎精機株式会社 川崎工場") is Verdict.POSSIBLY
    assert other("川崎精機販売株式会社") is Verdict.DIFFERENT
    assert verdict(Facts(name="第一精工"), Facts(name="第二精工")) is Verdict.DIFFERENT


@given(TEXTS, TEXTS)
def test_the_order_of_the_two_does_not_matter_and_keys_are_stable(one: str, other: str) -> None:
    a, b = keys_of(Facts(name=one, kana=other)), keys_of(Facts(name=other, address=one))

    assert judge(a, b) == judge(b, a)
    core = split_name(one).core
    assert split_name(split_name(core).core).core == split_name(core).core


def test_a_register_finds_slips_of_the_pen_and_does_not_find_others() -> None:
    register: Register[str] = Register()
    register.add("精機", Facts(name="株式会社川崎精機製作所"))
    register.add("塗装", Facts(name="川崎塗装工業"))

    found = register.find_many([Facts(name="川崎精器製作所"), Facts(name="別の会社"), Facts()])

    assert [[match.ref for match in row] for row in found] == [["精機"], [], []]
