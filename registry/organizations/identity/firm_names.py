"""A name taken apart: the name itself, its legal form, and the branch it speaks of."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from registry.common.folding import fold
from registry.common.resources import read_rows
from registry.organizations.identity.romaji import is_kana

_BRACKETS = str.maketrans("〔〕【】〈〉［］[]｛｝{}", "()()()()()()()")
_MARKS = re.compile(r"[\W_]+")
_SPACES = re.compile(r"\s+")
_HEAD_OFFICE = re.compile("(?:本社|本店|本部)$")
_BRANCH = re.compile(
    "(?:本社|本店|本部|支店|支社|支部|営業所|事業所|事業部|出張所|工場|研究所|センタ|センター|"
    "事務所|オフィス|オフイス|ファクトリー|フアクトリー|office|branch|plant|factory)$"
)
_UNSPACED_BRANCH = re.compile(
    "(?:支店|支社|支部|営業所|事業所|事業部|出張所|工場|オフイス|フアクトリー)$"
)
# 茅ヶ崎, 茅ケ崎, 茅が崎; 関ヶ原, 関が原.
_BETWEEN_KANJI = re.compile("(?<=[\u3400-\u9fff])[ケガカ](?=[\u3400-\u9fff])")
_SOUNDS = (
    ("ヴア", "バ"),
    ("ヴイ", "ビ"),
    ("ヴエ", "ベ"),
    ("ヴオ", "ボ"),
    ("ヴ", "ブ"),
    ("ヂ", "ジ"),
    ("ヅ", "ズ"),
    ("ヲ", "オ"),
    ("ー", ""),
)


@dataclass(frozen=True, slots=True)
class FirmName:
    """A folded name. `core` is the strict key without form, branch, spaces and marks; `loose`
    also forgives ー, ヴ and ヶ; `form` is a code of `legal_forms.csv`; `branch` is folded."""

    core: str
    loose: str
    form: str | None = None
    branch: str = ""


@lru_cache(maxsize=8192)
def split_name(text: str) -> FirmName:
    """Take a name apart. ㈱, (株), 株式会社 before or after are one; head offices count as none."""
    body, branch = _split_branch(unicodedata.normalize("NFKC", text).translate(_BRACKETS))
    key = _form_key(body)
    form: str | None = None
    while found := _without_form(key):
        key, code, after = found
        form = form or code
        if after:
            branch = after + branch
    bare = _MARKS.sub("", key)
    core = (bare if bare == key else fold(bare)) or fold(_MARKS.sub("", body)) or fold(text)
    shorter = _HEAD_OFFICE.sub("", core)
    core = shorter if len(shorter) > 1 else core
    branch = "" if _HEAD_OFFICE.search(branch) else branch
    return FirmName(core, loosen(core), form, branch)


def loosen(key: str) -> str:
    """The loose key of a folded name: long marks, ヴ, ヂヅ and ヶ no longer count."""
    loose = _BETWEEN_KANJI.sub("ケ", key)
    if "ー" in loose or not loose.isascii():
        for written, meant in _SOUNDS:
            loose = loose.replace(written, meant)
    return loose or key


def reading_key(text: str) -> str:
    """The loose key of a reading, without the legal form people sometimes write into it."""
    if not text.strip():
        return ""
    loose = split_name(text).loose
    return loose if is_kana(loose) else ""


def is_branch_word(text: str) -> bool:
    """Whether a folded text speaks of a branch: 川崎工場, 横浜支店."""
    return bool(_UNSPACED_BRANCH.search(text))


def _split_branch(text: str) -> tuple[str, str]:
    """The text, and the branch that stands after a space: "川崎精機 川崎工場"."""
    words = text.split()
    if len(words) < 2 or not _BRANCH.search(words[-1].casefold()):
        return text, ""
    before = " ".join(words[:-1])
    key = _form_key(before)
    if _form_pattern().fullmatch(key) or _without_form(_form_key(words[-1])):
        return text, ""
    return before, fold(words[-1])


def _form_key(text: str) -> str:
    return _SPACES.sub(" ", fold(text).replace(".", " ").replace(",", " ")).strip()


@cache
def _codes() -> dict[str, str]:
    """Written legal form, folded → its code."""
    return {_form_key(row["written"]): row["code"] for row in read_rows("legal_forms.csv")}


@cache
def _form_pattern() -> re.Pattern[str]:
    written = sorted(_codes(), key=lambda form: (-len(form), form))
    return re.compile("|".join(map(re.escape, written)))


@cache
def _at_the_ends() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Patterns of a form before, after (Latin ones stand apart) and in the midst of a name."""
    written = sorted(_codes(), key=lambda form: (-len(form), form))
    latin = [form for form in written if form.isascii() and form[0].isalpha()]
    other = [form for form in written if form not in latin]
    long = [form for form in other if len(form) >= 3 and not form.startswith(("カ", "ユ"))]
    any_other, any_latin = ("|".join(map(re.escape, forms)) for forms in (other, latin))
    apart = [re.escape(form) for form in ("k k", "g k", "y k")]
    return (
        re.compile(f"^(?:({any_other})|({'|'.join(apart)}) |(npo)(?=[^\\x00-\\x7f]))(?=.)"),
        re.compile(f"(?<=.)(?:({any_other})|(?:(?<= )|(?<=[^\\x00-\\x7f]))({any_latin}))$"),
        re.compile(f"(?<=..)({'|'.join(map(re.escape, long))})(?=..)"),
    )


def _without_form(key: str) -> tuple[str, str, str] | None:
    """(name without one legal form, the form's code, what stood behind a form in the midst)."""
    before, after, midst = _at_the_ends()
    if found := after.search(key):
        rest = key[: found.start()].strip()
        return (rest, _codes()[found[1] or found[2]], "") if rest else None
    if found := before.search(key):
        rest = key[found.end() :].strip()
        return (rest, _codes().get(found[1] or found[2] or "", "npo"), "") if rest else None
    if found := midst.search(key):
        tail = key[found.end() :].strip()
        if _BRANCH.search(tail):
            return key[: found.start()].strip(), _codes()[found[1]], tail
    return None
