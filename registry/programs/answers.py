"""Answers of an application in words, beside their questions."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from registry.programs.kinds import QuestionType
from registry.programs.models import Enrolment
from registry.programs.preview import yen
from registry.web.i18n import day, locale, number, pick


@dataclass(frozen=True)
class Answered:
    """One question and its answer; the answer is empty when there is none."""

    question: str
    answer: str


def answered(row: Enrolment) -> list[Answered]:
    """The questions of the call in their order, each with what was answered."""
    questions = row.call.questions if row.call else []
    return [
        Answered(
            pick(question["label"], question["label_en"]),
            words_of(question["type"], row.answers.get(question["key"])),
        )
        for question in questions
    ]


def words_of(kind: str, value: Any) -> str:
    """An answer as a person reads it."""
    if value is None:
        return ""
    match QuestionType(kind):
        case QuestionType.NUMBER:
            return str(number(value))
        case QuestionType.YEN:
            return yen(value)
        case QuestionType.DATE:
            return day(date.fromisoformat(value))
        case QuestionType.CHOICES:
            return ("、" if locale() == "ja" else ", ").join(value)
        case QuestionType.YES_NO:
            return _("はい") if value else _("いいえ")
        case _:
            return str(value)
