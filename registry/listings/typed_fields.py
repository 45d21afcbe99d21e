"""The form's fields for what a category asks, and what is said when they are filled in wrongly."""

from collections.abc import Callable

from flask_babel import gettext as _
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the stubs
    Field,
    SelectChoice,
    SelectField,
    StringField,
)

from registry.listings.categories import FieldProblem, FieldSpec, FieldType
from registry.listings.exchange_words import places, places_from_home
from registry.listings.texts import AtMost, one_line, plain_text


def typed_field(spec: FieldSpec) -> Field:
    """The field by which a category's question is asked."""
    if spec.type is FieldType.CHOICE and spec.options is not None:
        offered = places_from_home if spec.options is places else spec.options
        return SelectField(
            spec.label,
            choices=lambda: [
                SelectChoice("", _("選んでください")),
                *(SelectChoice(value, label) for value, label in offered().items()),
            ],
            description=spec.hint,
            validate_choice=False,
        )
    return StringField(
        spec.label,
        filters=[one_line],
        description=spec.hint,
        validators=[AtMost(max(80, spec.most if spec.most <= 500 else 80)), plain_text],
    )


def problem_message(problem: FieldProblem, specs: tuple[FieldSpec, ...]) -> str:
    """What to do about a wrongly filled field."""
    spec = next(s for s in specs if s.name == problem.name)
    words: dict[str, Callable[..., str]] = {
        "not_a_number": lambda **at: _("「%(label)s」は数字で入力してください。例：1200", **at),
        "not_whole": lambda **at: _("「%(label)s」は小数点のない数で入力してください。", **at),
        "too_small": lambda **at: _("「%(label)s」は 0 より大きい数を入力してください。", **at),
        "too_large": lambda **at: _("「%(label)s」は %(most)s までの数にしてください。", **at),
        "too_long": lambda **at: _("「%(label)s」は %(most)s 文字までにしてください。", **at),
        "not_a_date": lambda **at: _(
            "「%(label)s」は年月日で入力してください。例：2027年4月1日、令和9年4月1日", **at
        ),
        "not_offered": lambda **at: _("「%(label)s」を、一覧から選んでください。", **at),
        "more_than_all": lambda **_at: _("まとまりの下限は、量を超えない数にしてください。"),
        "ends_early": lambda **_at: _("「いつまで」は、「いつから」より後の日にしてください。"),
    }
    return words[problem.code](label=spec.label, most=f"{spec.most:,}")
