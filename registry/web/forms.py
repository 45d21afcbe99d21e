"""The base of all forms: language, version, idempotency key, and dates in three parts."""

import uuid
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, IntegerField, PasswordField, StringField
from wtforms.validators import InputRequired, StopValidation

from registry.common.calendar import DateProblem, parse_date
from registry.common.hidden import JOINERS, hidden_character

TECHNICAL = frozenset({"csrf_token", "version", "idempotency_key"})


class BaseForm(FlaskForm):
    """One page's questions. `answers()` gives typed values by field name.

    Every form carries an idempotency key: a retried submit makes one record. Forms that edit a
    record carry its version, so that nobody overwrites what he has not seen.
    """

    idempotency_key = HiddenField(default=lambda: str(uuid.uuid4()))

    def answers(self) -> dict[str, Any]:
        """Typed values by field name, without the technical fields."""
        return {name: field.data for name, field in self._fields.items() if name not in TECHNICAL}

    def validate(self, extra_validators: Any = None) -> bool:
        """Besides each field's own rules: no line holds a character that nobody can see."""
        sound = super().validate(extra_validators)
        for name, field in self._fields.items():
            if not field.errors and (character := _hidden(field)):
                sound = False
                message = _(
                    "「%(label)s」に見えない文字（%(character)s）が含まれています。消して書き直してください。",
                    label=field.label.text,
                    character=character,
                )
                self.refuse(message, name)
        return bool(sound)

    def refuse(self, message: object, field: str | None = None) -> None:
        """Put the message of a broken rule at its field, or at the whole form."""
        if field is not None and field in self._fields:
            target = self._fields[field]
            target.errors = [*target.errors, message]
        else:
            self.form_errors.append(message)


def _hidden(field: Field) -> str | None:
    """The first invisible character of what a person typed into a line; passwords may hold any."""
    if not isinstance(field, StringField) or isinstance(field, (HiddenField, PasswordField)):
        return None
    return hidden_character(field.data, allowed=JOINERS) if isinstance(field.data, str) else None


class EditForm(BaseForm):
    """A form that changes a record which others may change at the same time; without the version
    that was opened nothing is saved."""

    version = IntegerField(
        default=0, validators=[InputRequired(_l("画面を開き直して、もう一度保存してください。"))]
    )


class PlainForm(BaseForm):
    """A form of buttons only."""


class DateParts(Field):
    """A date typed as year, month, day; the year may be an era year (令和8, 平成32 → 2020).

    `y`, `m`, `d` are the texts as typed, `wrong` the parts to mark; `data` is a date or None.
    """

    widget = None

    def __init__(self, label: object = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.data: Any = None
        self.y = self.m = self.d = ""
        self.wrong: set[str] = set()

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        if data is None or not isinstance(data, date):
            default = self.default() if callable(self.default) else self.default
            data = data if isinstance(data, date) else default
        self.data = data if isinstance(data, date) else None
        self.object_data = self.data
        self._show(self.data)
        if formdata is not None and f"{self.name}-y" in formdata:
            self.y, self.m, self.d = (
                (formdata.get(f"{self.name}-{part}") or "").strip() for part in "ymd"
            )
            self._read()
        elif formdata is not None and formdata.get(self.name):
            self._read_text(formdata[self.name])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.y or self.m or self.d)

    def _show(self, day: date | None) -> None:
        self.y, self.m, self.d = (str(day.year), str(day.month), str(day.day)) if day else ("",) * 3

    def _read(self) -> None:
        self.data = None
        if self.is_empty:
            return
        missing = {part for part in "ymd" if not getattr(self, part)}
        if missing:
            self.wrong = missing
            self.process_errors.append(_("日付は、年・月・日をすべて入力してください。"))
            return
        self._read_text(f"{self.y}年{self.m}月{self.d}日")

    def _read_text(self, text: str) -> None:
        try:
            self.data = parse_date(text)
            if text.find("年") < 0:
                self._show(self.data)
        except DateProblem as error:
            self.data = None
            self.wrong, message = _explain(error)
            self.process_errors.append(message)


def _explain(error: DateProblem) -> tuple[set[str], str]:
    """The parts to mark and the sentence for a date that cannot be."""
    values = error.values
    match error.code:
        case "day":
            return {"d"}, _(
                "日を、1 から %(last)s までで入力してください（%(month)s月は %(last)s 日までです）。",
                last=values["last_day"],
                month=values["month"],
            )
        case "month":
            return {"m"}, _("月を、1 から 12 までで入力してください。")
        case "year" | "era_year":
            return {"y"}, _("年を確かめてください。西暦か、令和8 のような元号の年で入力します。")
        case "disagree":
            return {"y"}, _("西暦と元号が一致しません。")
        case _:
            return set("ymd"), _("日付として読めません。例：2026年11月25日、令和8年11月25日")


class DateGiven:
    """Validator: a date is asked for."""

    field_flags = {"required": True}

    def __init__(self, message: object = None) -> None:
        self.message = message

    def __call__(self, form: Any, field: DateParts) -> None:
        if field.data is None and not field.errors and not field.process_errors:
            raise StopValidation(str(self.message or _("日付を入力してください。")))
