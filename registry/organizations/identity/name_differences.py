"""In what two names of firms differ: slips of the pen, or words that tell firms apart."""

import re

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from registry.organizations.identity.firm_names import FirmName, is_branch_word

ALIKE = 84.0
"""Least likeness of two loose names, of 100, for a slip of the pen."""
GROUP_WORDS = re.compile(
    "(?:販売|商事|物流|運輸|運送|不動産|ホ-?ルデイングス|ホルデイングス|グル-?プ|グルプ|サ-?ビス|サビス|"
    "エンジニアリング|テクノ|テクノロジ|システム|システムズ|ソリユシヨンズ?|メンテナンス|パトナズ?|"
    "工業|工機|電子|電機|化学|化成|建設|開発|産業|製造|加工|興産|興業|食品|印刷|情報|"
    "東日本|西日本|関東|関西|東京|神奈川|横浜|九州|北海道|東北|中部|"
    "インタナシヨナル|ジヤパン|holdings?|group|sales|service|services|engineering|japan|tokyo)+$"
)
"""Words by which companies of one group differ."""
_COUNTED = re.compile("[0-9一二三四五六七八九十壱弐参東西南北上下新旧第a-z]|[東西南北中]日本")
_LATE_FORMS = (
    {"shadan", "ippan_shadan", "koeki_shadan"},
    {"zaidan", "ippan_zaidan", "koeki_zaidan"},
)


def names_alike(a: str, b: str) -> bool:
    """Whether two names differ by slips of the pen: one in a short name, two in a long one."""
    if min(len(a), len(b)) < 3 or abs(len(a) - len(b)) > 2:
        return False
    slips = OSA.distance(a, b, score_cutoff=2)
    return slips <= (1 if max(len(a), len(b)) < 9 else 2) or (
        max(len(a), len(b)) > 11 and ratio(a, b) >= ALIKE
    )


def names_against(a: FirmName, b: FirmName) -> list[str]:
    """What in the names speaks against one firm: form, branch, group, distinct."""
    found = []
    if a.form and b.form and a.form != b.form and not _forms_agree(a.form, b.form):
        found.append("form")
    if a.branch != b.branch:
        found.append("branch")
    if a.loose == b.loose:
        return found
    shorter, longer = sorted((a.loose, b.loose), key=len)
    rest = (
        longer.removeprefix(shorter) if longer.startswith(shorter) else longer.removesuffix(shorter)
    )
    if rest != longer and len(shorter) > 1:
        if is_branch_word(rest):
            found.append("branch")
        elif GROUP_WORDS.search(rest) or len(rest) > 1:
            found.append("group")
        elif _COUNTED.fullmatch(rest):
            found.append("distinct")
    elif _differ_by_a_word(a.loose, b.loose):
        found.append("group")
    elif _differ_by_count(a.loose, b.loose):
        found.append("distinct")
    return found


def _forms_agree(one: str, other: str) -> bool:
    """ "Inc." in an English name stands for any form; old associations became new ones in 2008."""
    if "foreign" in (one, other):
        return True
    return any(
        {one, other} <= group and {one, other} & {"shadan", "zaidan"} for group in _LATE_FORMS
    )


def _differ_by_a_word(a: str, b: str) -> bool:
    """Whether both carry a group's word after the same beginning: 川崎精機販売, 川崎精機物流."""
    first, second = GROUP_WORDS.search(a), GROUP_WORDS.search(b)
    return bool(
        first
        and second
        and first.start() > 1
        and first[0] != second[0]
        and a[: first.start()] == b[: second.start()]
    )


def _differ_by_count(a: str, b: str) -> bool:
    """Whether the one letter that differs counts or points: 第一精工, 第二精工; 東, 西; A, B."""
    if len(a) != len(b):
        return False
    differing = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
    if len(differing) != 1:
        return False
    x, y = differing[0]
    if a.isascii() and x.isalpha() and y.isalpha():
        return False
    return bool(_COUNTED.fullmatch(x) and _COUNTED.fullmatch(y))
