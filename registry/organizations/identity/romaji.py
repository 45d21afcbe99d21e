"""Kana and Latin letters in one spelling, so that メイワ, Meiwa and MEIWA meet.

Hepburn and Kunrei (shi/si, tsu/tu, fu/hu, ja/zya) become one; long vowels are short, since names
are romanised as Ohta, Oota, Ōta and Ota; n and m before b, m, p are n; double letters are single.
"""

import re
from functools import lru_cache

# Rows of the syllabary by consonant, in the order a i u e o.
_ROWS = {
    "": "アイウエオ",
    "k": "カキクケコ",
    "g": "ガギグゲゴ",
    "s": "サシスセソ",
    "z": "ザジズゼゾ",
    "t": "タチツテト",
    "d": "ダヂヅデド",
    "n": "ナニヌネノ",
    "h": "ハヒフヘホ",
    "b": "バビブベボ",
    "p": "パピプペポ",
    "m": "マミムメモ",
    "r": "ラリルレロ",
}
_KANA = {
    kana: consonant + vowel
    for consonant, row in _ROWS.items()
    for kana, vowel in zip(row, "aiueo", strict=True)
} | {"ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ワ": "wa", "ヲ": "o", "ン": "n", "ヴ": "bu", "ー": ""}
# Syllables of two kana are recognised in a folded key, where small kana stand as large ones.
_GLIDE = re.compile("([kgsztdnhbpmr])i(y[auo])")
_KUNREI = (
    ("shi", "si"),
    ("sh", "sy"),
    ("chi", "ti"),
    ("tch", "ty"),
    ("cch", "ty"),
    ("ch", "ty"),
    ("tsu", "tu"),
    ("fu", "hu"),
    ("ji", "zi"),
    ("j", "zy"),
    ("dz", "z"),
    ("di", "zi"),
    ("du", "zu"),
    ("dy", "zy"),
    ("v", "b"),
    ("l", "r"),
    ("wo", "o"),
)
_SYLLABIC_N = re.compile("m(?=[bmp])")
_LONG_H = re.compile("oh(?![aiueoy])")
_LONG = re.compile("ou|oo|uu|aa|ii|ee")
_DOUBLE = re.compile(r"([bcdfghkmprstwyz])\1")
_LATIN = re.compile("[a-z]+")
_KATAKANA = re.compile("[ァ-ヺー]+")


def is_kana(key: str) -> bool:
    """Whether a folded text is written in kana alone."""
    return bool(_KATAKANA.fullmatch(key))


def is_latin(key: str) -> bool:
    """Whether a folded text is written in Latin letters alone."""
    return bool(_LATIN.fullmatch(key))


@lru_cache(maxsize=4096)
def latin_key(text: str) -> str:
    """The one Latin spelling of a folded text in kana or Latin letters; "" for any other text."""
    letters = text if is_latin(text) else _from_kana(text) if is_kana(text) else ""
    return _even(letters)


def _from_kana(key: str) -> str:
    """Latin letters of katakana; ツ before a consonant may be a small one and is left out."""
    parts = [_KANA.get(kana, "") for kana in key]
    kept = [
        part
        for place, part in enumerate(parts)
        if not (key[place] == "ツ" and place and _doubles(parts, place))
    ]
    return _GLIDE.sub(lambda found: found[1] + found[2], "".join(kept))


def _doubles(parts: list[str], place: int) -> bool:
    """Whether the next syllable begins with a consonant that a small ツ can double."""
    after = parts[place + 1] if place + 1 < len(parts) else ""
    return after[:1] in tuple("kstp")


def _even(letters: str) -> str:
    """One spelling of Latin letters: Kunrei consonants, short vowels, single consonants."""
    plain = _LONG_H.sub("o", letters)
    for hepburn, kunrei in _KUNREI:
        plain = plain.replace(hepburn, kunrei)
    plain = _SYLLABIC_N.sub("n", plain)
    while (shorter := _LONG.sub(lambda found: found[0][0], plain)) != plain:
        plain = shorter
    # What a reading writes as ツ, a Latin name may write as a double letter.
    return _DOUBLE.sub(r"\1", plain).replace("nn", "n")
