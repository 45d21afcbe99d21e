"""What may be typed into the fields of this room: filters and validators."""

from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

from registry.listings import content as rules
from registry.matching import split_keywords
from registry.organizations.names import NameProblem, clean_line, refuse_hidden

SHOWN_OF_A_LONG_WORD = 20


class AtMost:
    """Validator: no more than so many characters; says how many there are."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.field_flags = {"maxlength": most}

    def __call__(self, form: Any, field: Field) -> None:
        count = len(field.data or "")
        if count > self.most:
            raise ValidationError(
                _(
                    "「%(label)s」は %(most)s 文字までにしてください（いま %(count)s 文字です）。",
                    label=field.label.text,
                    most=f"{self.most:,}",
                    count=f"{count:,}",
                )
            )


def plain_text(_form: Any, field: Field) -> None:
    """Validator: no characters that hide or turn others."""
    try:
        refuse_hidden(field.data or "")
    except NameProblem as problem:
        raise ValidationError(
            _(
                "「%(label)s」に見えない文字（%(character)s）が含まれています。消して書き直してください。",
                label=field.label.text,
                character=problem.values["character"],
            )
        ) from problem


def sound_keywords(_form: Any, field: Field) -> None:
    """Validator: at most 20 words of at most 40 characters each; names the word that is longer."""
    words = split_keywords(field.data or "")
    for word in words:
        if len(word) > rules.KEYWORD_MAX:
            raise ValidationError(
                _(
                    "キーワードは 1 つ %(most)s 文字までです。「%(word)s」は %(count)s 文字あります。"
                    "短くするか、「、」で区切ってください。",
                    most=rules.KEYWORD_MAX,
                    word=_shortened(word),
                    count=f"{len(word):,}",
                )
            )
    if len(words) > rules.KEYWORDS_MOST:
        raise ValidationError(
            _(
                "キーワードは %(most)s 個までです（いま %(count)s 個）。",
                most=rules.KEYWORDS_MOST,
                count=f"{len(words):,}",
            )
        )


def _shortened(word: str) -> str:
    cut = word[:SHOWN_OF_A_LONG_WORD]
    return f"{cut}…" if len(word) > len(cut) else word


def one_line(text: str | None) -> str:
    """Filter: single spaces, no line breaks; hidden characters stay for `plain_text` to refuse."""
    try:
        return clean_line(text or "")
    except NameProblem:
        return (text or "").strip()


def lines(text: str | None) -> str:
    """Filter: one kind of line break."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
