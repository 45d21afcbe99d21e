"""Form fields that read what people type: names, numbers, amounts. What was typed stays."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from registry.common.identifiers import parse_corporate_number
from registry.common.problem import ValueProblem
from registry.organizations.amounts import parse_people, parse_yen
from registry.organizations.names import clean_kana, clean_line, clean_website
from registry.organizations.profile import clean_text, explain


class Longest(Length):
    """Validator: at most so many characters, counted in what was typed where a value is read."""

    def __init__(self, most: int) -> None:
        super().__init__(max=most)

    def __call__(self, form: Any, field: Any) -> None:
        """Raise ValidationError for a longer text."""
        text = field.data if isinstance(field.data, str) else "".join(field.raw_data or [])
        if len(text) > self.max:
            raise ValidationError(_("%(max)s 文字以内で入力してください。", max=f"{self.max:,}"))


def longest(most: int) -> Longest:
    """Validator: at most so many characters."""
    return Longest(most)


class ReadField(StringField):
    """A line that is read by `parse`; `data` is the value, or None for an empty line.

    A text that cannot be read stays in the page with a message beside it.
    """

    parse: Callable[[str], Any] = staticmethod(clean_line)
    empty: Any = None

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist:
            return
        typed = str(valuelist[0])
        self.data = self.empty
        if not typed.strip():
            return
        try:
            self.data = type(self).parse(typed)
        except ValueProblem as problem:
            self.data = typed if self.empty == "" else None
            raise ValueError(explain(problem)) from problem

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)


class LineField(ReadField):
    """One line without characters that hide or turn others."""

    empty = ""


class KanaField(ReadField):
    """A reading, kept in katakana."""

    parse = staticmethod(clean_kana)
    empty = ""


class WebsiteField(ReadField):
    """A web address that may be linked."""

    parse = staticmethod(clean_website)
    empty = ""


class CorporateNumberField(ReadField):
    """13 digits with a right check digit, pasted in any way."""

    parse = staticmethod(parse_corporate_number)


class YenField(ReadField):
    """An amount in yen: 10,000,000 or 1000万円."""

    parse = staticmethod(parse_yen)


class PeopleField(ReadField):
    """A number of people."""

    parse = staticmethod(parse_people)


class ProseField(TextAreaField):
    """Text of several lines without characters that hide or turn others."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if not valuelist:
            return
        self.data = str(valuelist[0])
        try:
            self.data = clean_text(self.data)
        except ValueProblem as problem:
            raise ValueError(explain(problem)) from problem
