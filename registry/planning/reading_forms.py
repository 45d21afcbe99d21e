"""What is asked about figures: the grid of a year, and the correction of one figure."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length, Optional

from registry.policy.models import Indicator
from registry.policy.typed import FigureProblem, parse_figure, show_figure
from registry.web.forms import BaseForm, EditForm
from registry.web.i18n import pick


class FigureField(StringField):
    """A figure as people type it (約1,400, 14億, ９８％); `data` is a Decimal or None, `is_about`
    whether the text says 約. What was typed stays on the page."""

    data: Any
    is_about = False

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number. Raises ValueError with what to do."""
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not self.typed:
            return
        try:
            self.data, self.is_about = parse_figure(self.typed)
        except FigureProblem as problem:
            if problem.code == "too_large":
                raise ValueError(_("数が大きすぎます。")) from None
            raise ValueError(_("数として読めません。例：1,400、約14億、98.5")) from None

    def _value(self) -> str:
        typed = getattr(self, "typed", None)
        return str(typed) if typed is not None else show_figure(self.data)


class CorrectionForm(EditForm):
    """A figure put in place of another, with the reason."""

    value = FigureField(_l("値"), validators=[InputRequired(_l("値を入力してください。"))])
    approximate = BooleanField(_l("約（おおよその数）"))
    exact = BooleanField(_l("正確な数に改めた（「約」を外すとき）"))
    note = StringField(_l("注"), validators=[Optional(), Length(max=300)])
    source = StringField(_l("出典"), validators=[Optional(), Length(max=200)])
    reason = StringField(
        _l("訂正の理由"),
        validators=[InputRequired(_l("訂正の理由を入力してください。")), Length(max=200)],
        description=_l("例：集計の誤り。前の値は変更の記録に残ります。"),
    )


def name_of(what: str, indicator: Indicator) -> str:
    """The name of a grid's field."""
    return f"{what}-{indicator.public_id}"


def grid_form(indicators: list[Indicator]) -> type[BaseForm]:
    """A form with the fields of each indicator: value, about, note, source, target, month."""
    fields: dict[str, Any] = {}
    for row in indicators:
        label = pick(row.label, row.label_en)
        fields[name_of("value", row)] = FigureField(
            _l("%(what)s の実績", what=label), validators=[Optional()]
        )
        fields[name_of("about", row)] = BooleanField(_l("約：%(what)s", what=label))
        fields[name_of("target", row)] = FigureField(
            _l("%(what)s の目標", what=label), validators=[Optional()]
        )
        fields[name_of("month", row)] = StringField(
            _l("%(what)s の年月", what=label), validators=[Optional(), Length(max=20)]
        )
        fields[name_of("note", row)] = StringField(
            _l("%(what)s の注", what=label), validators=[Optional(), Length(max=300)]
        )
        fields[name_of("source", row)] = StringField(
            _l("%(what)s の出典", what=label), validators=[Optional(), Length(max=200)]
        )
    return type("GridForm", (BaseForm,), fields)
