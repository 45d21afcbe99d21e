"""The questions of a call and their answers: definitions checked, answers read. Pure data, no
expressions: an answer never decides anything by itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from registry.common.errors import DomainError
from registry.programs.kinds import QuestionType

Question = Mapping[str, Any]
"""{"key", "label", "label_en", "type", "required", "choices", "max"}"""

MOST_QUESTIONS, MOST_CHOICES = 20, 30
CHOOSING = (QuestionType.CHOICE, QuestionType.CHOICES)
LONGEST = {QuestionType.TEXT: 200, QuestionType.LONG_TEXT: 2000}
BIGGEST = 10**15
PREFIX = "q_"
"""Begins the name of an answer's field on the page."""


def define(rows: Iterable[Mapping[str, Any]], before: Sequence[Question] = ()) -> list[dict[str, Any]]:  # fmt: skip
    """The questions that rows of the editor define; a row without words is none. A question keeps
    its key for ever: its answers lie under it.

    Raises DomainError for a row that cannot be asked.
    """
    rows = [row for row in rows if str(row.get("label") or "").strip()]
    if len(rows) > MOST_QUESTIONS:
        raise DomainError(_("質問は %(most)s 個までです。", most=MOST_QUESTIONS))
    known = {str(question["key"]) for question in before}
    used = {str(row.get("key")) for row in rows if row.get("key") in known}
    numbers = (f"q{number}" for number in range(1, 10_000))
    free = (key for key in numbers if key not in known | used)
    return [
        _defined(row, str(row["key"]) if row.get("key") in known else next(free)) for row in rows
    ]


def _defined(row: Mapping[str, Any], key: str) -> dict[str, Any]:
    kind, label = QuestionType(row.get("type") or QuestionType.TEXT), str(row["label"]).strip()
    lines = [line.strip() for line in str(row.get("choices") or "").splitlines() if line.strip()]
    if kind in CHOOSING and len(set(lines)) < 2:
        raise DomainError(
            _("「%(label)s」の選択肢を、1 行に 1 つ、2 つ以上書いてください。", label=label),
        )
    if len(lines) > MOST_CHOICES:
        raise DomainError(_("選択肢は %(most)s 個までです。", most=MOST_CHOICES))
    most = row.get("max")
    return {
        "key": key,
        "label": label[:120],
        "label_en": str(row.get("label_en") or "").strip()[:160],
        "type": kind.value,
        "required": bool(row.get("required")),
        "choices": list(dict.fromkeys(line[:100] for line in lines)) if kind in CHOOSING else [],
        "max": most if most and kind in LONGEST else None,
    }


def refuse_changes(before: Sequence[Question], after: Sequence[Question]) -> None:
    """Once somebody applied: no question goes, none becomes another kind, no choice is lost.

    Raises DomainError.
    """
    now = {question["key"]: question for question in after}
    for question in before:
        found = now.get(question["key"])
        if (
            found is None
            or found["type"] != question["type"]
            or not set(question["choices"]) <= set(found["choices"])
        ):
            raise DomainError(
                _(
                    "申込があるので、「%(label)s」は消したり、種類や選択肢を変えたりできません。",
                    label=question["label"],
                ),
            )


def read_answers(
    questions: Sequence[Question], given: Mapping[str, Any], *, complete: bool
) -> dict[str, Any]:
    """The answers as they are stored, by key: text, whole number, ISO day, choice, list, yes or no.

    Unanswered ones are left out; with `complete` the required ones must be there. Answers to
    questions that do not exist are dropped. Raises DomainError at the field of the answer.
    """
    answers: dict[str, Any] = {}
    for question in questions:
        value = _read(question, given.get(question["key"]))
        if value is not None:
            answers[question["key"]] = value
        elif complete and question["required"]:
            raise _wrong(question, _("「%(label)s」に答えてください。", label=question["label"]))
    return answers


def _read(question: Question, value: Any) -> Any:
    if value in (None, "", []):
        return None
    kind = QuestionType(question["type"])
    label = question["label"]
    match kind:
        case QuestionType.TEXT | QuestionType.LONG_TEXT:
            text = str(value).replace("\r\n", "\n").strip()
            most = min(question.get("max") or LONGEST[kind], LONGEST[kind])
            if len(text) > most:
                message = _("「%(label)s」は %(most)s 文字までです。", label=label, most=most)
                raise _wrong(question, message)
            return text or None
        case QuestionType.NUMBER | QuestionType.YEN:
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= BIGGEST:
                raise _wrong(question, _("「%(label)s」は数で答えてください。", label=label))
            return value
        case QuestionType.DATE:
            if isinstance(value, date):
                return value.isoformat()
            return _day(question, str(value))
        case QuestionType.CHOICE:
            return _chosen(question, [value])[0]
        case QuestionType.CHOICES:
            return _chosen(question, list(value) if isinstance(value, list | tuple) else [value])
        case QuestionType.YES_NO:
            if value not in (True, False, "yes", "no"):
                raise _wrong(question, _("「%(label)s」は選択肢から選んでください。", label=label))
            return value in (True, "yes")


def _day(question: Question, text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        message = _("「%(label)s」は日付で答えてください。", label=question["label"])
        raise _wrong(question, message) from None


def _chosen(question: Question, values: list[Any]) -> list[str]:
    if not all(isinstance(value, str) and value in question["choices"] for value in values):
        message = _("「%(label)s」は選択肢から選んでください。", label=question["label"])
        raise _wrong(question, message)
    return [choice for choice in question["choices"] if choice in values]


def _wrong(question: Question, message: str) -> DomainError:
    return DomainError(message, field=f"{PREFIX}{question['key']}")
