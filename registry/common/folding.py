"""Folding of text to search keys: one spelling for width, case, kana, dashes and old kanji.

A key is for comparing only; what people wrote is kept as they wrote it.
"""

import re
import unicodedata
from functools import cache, lru_cache

from registry.common.resources import read_rows

# Katakana from ァ to ヶ lie 0x60 after the hiragana from ぁ to ゖ.
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)} | {0x309D: 0x30FD, 0x309E: 0x30FE}
# The register writes キヤノン where readers write キャノン; ヱビス sounds like エビス.
_KANA = str.maketrans("ァィゥェォッャュョヮヵヶヰヱ", "アイウエオツヤユヨワカケイエ")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―⁃−─━ー﹘﹣"), "-")
_TILDES = dict.fromkeys(map(ord, "〜∼∿˜"), "~")
_QUOTES = dict.fromkeys(map(ord, "‘’‛′`´"), "'") | dict.fromkeys(map(ord, "“”‟″"), '"')
_DOTS = dict.fromkeys(map(ord, "・･·•‧∙⋅"), " ")
# Spacing sound marks join the kana before them, as their combining twins do.
_SPACED_SOUND_MARK = re.compile(" ([\u3099\u309a])")
"""What NFKC makes of a sound mark that stands alone."""
_SOUND_MARKS = {0x309B: 0x3099, 0x309C: 0x309A, 0xFF9E: 0x3099, 0xFF9F: 0x309A}

_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001b\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_CJK = "\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACES = re.compile(r"\s+")
SPACE_AT_CJK = re.compile(rf" (?=[-{_CJK}])|(?<=[-{_CJK}]) ")
KATAKANA_DASH = re.compile("(?<=[ァ-ヺ])-+")
DASH_RUN = re.compile("--+")
REPEAT = re.compile("([\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])(々+)")
_NOT_A_LETTER = re.compile(r"[\W_]+")


@cache
def _letters() -> dict[int, str | int]:
    """One table for kana, dashes, tildes, quotes, dots and old or variant kanji."""
    table: dict[int, str | int] = {}
    for code, target in _HIRAGANA.items():
        table[code] = chr(target).translate(_KANA)
    for part in (_KANA, _DASHES, _TILDES, _QUOTES, _DOTS):
        table.update(part)
    for row in read_rows("kanji_variants.csv"):
        table[ord(row["variant"])] = row["standard"]
    return table


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return the search key of a text: fold(fold(x)) == fold(x).

    Folded are width, case, accents, hiragana to katakana, small kana, dashes and tildes, 髙 and
    other old or variant kanji, 々, invisible characters. Spaces and middle dots vanish beside
    Japanese characters and stay, one at a time, between Latin words. A dash after katakana is
    its long vowel, ー.
    """
    key = text
    # A second round is needed only where folding brings two characters together that combine.
    while (folded := _fold_once(key)) != key:
        key = folded
    return key


def _fold_once(text: str) -> str:
    plain = _SPACES.sub(" ", fold_letters(text)).strip()
    plain = DASH_RUN.sub("-", SPACE_AT_CJK.sub("", plain))
    plain = KATAKANA_DASH.sub("ー", plain)
    return REPEAT.sub(lambda found: found[1] * (1 + len(found[2])), plain)


def fold_letters(text: str) -> str:
    """Return a text with each letter folded, before its neighbours are looked at."""
    plain = _INVISIBLE.sub("", text).translate(_SOUND_MARKS)
    plain = _SPACED_SOUND_MARK.sub(r"\1", plain)
    plain = unicodedata.normalize("NFKC", plain).casefold()
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain))
    return unicodedata.normalize("NFKC", plain).translate(_letters())


def fold_code(text: str) -> str:
    """Return a code of the policy tree in one spelling: ３－３－１ and 3ー3ー1 are 3-3-1."""
    return fold(text).upper()


@cache
def _forms() -> tuple[tuple[str, str], ...]:
    """Written legal forms as (key, code), the longest first."""
    keys = {_form_key(row["written"]): row["code"] for row in read_rows("legal_forms.csv")}
    return tuple(sorted(keys.items(), key=lambda pair: (-len(pair[0]), pair[0])))


def _form_key(text: str) -> str:
    """Return a legal form or a name without the marks that Latin forms are written with."""
    return _SPACES.sub(" ", re.sub(r"[.,]", " ", fold(text))).strip()


def _strip_form(key: str) -> tuple[str, str | None]:
    """Return a name without the longest legal form before or after it, and the form's code."""
    for form, code in _forms():
        # Latin forms stand apart and after the name only: "Limited Edition" is a name.
        latin = form.isascii() and form[0].isalpha()
        rest = key.removesuffix(form)
        if rest != key and rest and (not latin or rest[-1] == " " or not rest[-1].isascii()):
            return rest.strip(), code
        rest = key.removeprefix(form)
        if rest != key and rest and not latin:
            return rest.strip(), code
    return key, None


def legal_form(text: str) -> str | None:
    """Return the code of the legal form a name carries (`legal_forms.csv`), or None."""
    return _strip_form(_form_key(text))[1]


@lru_cache(maxsize=4096)
def fold_name(text: str) -> str:
    """Return the key by which names of organizations are compared.

    On top of `fold`, legal forms before or after the name are dropped, then spaces and marks.
    A name that is nothing but a legal form or marks keeps its folded text.
    """
    key = _form_key(text)
    while True:
        shorter, code = _strip_form(key)
        if code is None:
            break
        key = shorter
    return fold(_NOT_A_LETTER.sub("", key)) or fold(text)


def contains_folded(haystack: str, needle: str) -> bool:
    """Say whether every term of the needle occurs in the haystack, in any spelling."""
    key = fold(haystack)
    return all(term in key for term in search_terms(needle))


def search_terms(query: str) -> list[str]:
    """Return the folded terms of a query, split at spaces of any width, each once, in order."""
    terms = (fold(part) for part in query.split())
    return list(dict.fromkeys(term for term in terms if term))
