"""Fields that several forms of the room share: typed texts, words in both languages."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from registry.organizations.amounts import AmountProblem, parse_people
from registry.programs.forms import TypedField


class CountField(TypedField):
    """A number as people write it: 1,200, １２件."""

    def read(self, text: str) -> int:
        """The number. Raises ValueError."""
        try:
            return parse_people(text.rstrip("件社年"))
        except AmountProblem:
            raise ValueError(_("数として読めません。例：30")) from None

    def show(self, value: Any) -> str:
        return f"{value:,}"


class PercentField(TypedField):
    """A share in percent with one decimal; 1/2 and ２分の１ are read too."""

    def read(self, text: str) -> float:
        """The percentage, 0 to 100. Raises ValueError."""
        plain = text.translate(str.maketrans("０１２３４５６７８９．／％", "0123456789./%"))
        plain = plain.strip().removesuffix("%").strip()
        bottom, mark, top = plain.partition("分の")
        text = f"{top}/{bottom}" if mark else plain
        number, slash, divisor = text.partition("/")
        try:
            value = float(number) / float(divisor) * 100 if slash else float(number)
        except (ValueError, ZeroDivisionError):
            value = -1.0
        if not 0 <= value <= 100:
            raise ValueError(_("割合として読めません。例：50、33.3、2分の1"))
        return round(value, self.decimals)

    decimals = 1

    def show(self, value: Any) -> str:
        return f"{float(value):g}"


class InterestField(PercentField):
    """A rate of interest in percent with two decimals."""

    decimals = 2


class Within(Length):
    """A length that a new text keeps; what was stored longer may stay as it is."""

    def __call__(self, form: Any, field: Any) -> None:
        stored = getattr(form, "stored", {}).get(field.name)
        if stored is None or _plain(field.data) != _plain(stored):
            super().__call__(form, field)


def _plain(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


def line(label: object, most: int, help: object = "", *, required: object = "") -> Any:
    """One line of text of at most so many characters."""
    return StringField(label, description=help, validators=_rules(most, required))


def text(label: object, most: int, help: object = "", *, required: object = "") -> Any:
    """Several lines of text of at most so many characters."""
    return TextAreaField(label, description=help, validators=_rules(most, required))


def _rules(most: int, required: object) -> list[Any]:
    first = InputRequired(required) if required else Optional()
    message = _l("%(max)d 文字までにしてください。")
    return [first, Within(max=most, message=message)]


def yes_no(label: object, help: object = "") -> Any:
    """Yes, no, or nothing said."""
    return RadioField(
        label,
        description=help,
        choices=lambda: [("yes", _l("あり")), ("no", _l("なし")), ("unsaid", _l("記載しない"))],
        coerce=lambda value: value if isinstance(value, str) else _as_word(value),
        default="unsaid",
        validators=[Optional()],
    )


def _as_word(value: bool | None) -> str:
    return "unsaid" if value is None else "yes" if value else "no"


def as_bool(word: str | None) -> bool | None:
    """The answer of `yes_no` as it is stored."""
    return {"yes": True, "no": False}.get(word or "")


def ticks(label: object, choices: Callable[[], Any], help: object = "", *, most: int = 99) -> Any:
    """Any number of boxes to tick, up to `most`."""

    def check(_form: Any, field: Any) -> None:
        if len(field.data or ()) > most:
            raise ValidationError(_("%(most)s つまで選べます。", most=most))

    return SelectMultipleField(
        label,
        description=help,
        choices=choices,
        validators=[Optional(), check],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )


def later() -> list[tuple[str, str]]:
    """Choices that a view puts in, since they come from the database."""
    return []


def one_of(label: object, choices: Callable[[], Any], help: object = "") -> Any:
    """One of a list, or nothing."""
    return SelectField(
        label, description=help, choices=choices, validators=[Optional()], default=""
    )
