"""What is asked about an enrolment."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from registry.common.calendar import DateProblem, FiscalYear, parse_fiscal_year
from registry.organizations.amounts import AmountProblem, parse_yen
from registry.programs.labels import RESULTS
from registry.programs.models import EnrolmentResult
from registry.web.forms import BaseForm, DateParts, EditForm


class TypedField(StringField):
    """A text that is read into a value; what was typed stays on the page."""

    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the text. Raises ValueError with what to do."""
        self.typed = valuelist[0].strip() if valuelist else ""
        self.data = self.read(self.typed) if self.typed else None

    def read(self, text: str) -> object:
        """The value of a text. Raises ValueError with what to do."""
        raise NotImplementedError

    def show(self, value: Any) -> str:
        """A stored value as a person would type it."""
        return str(value)

    def _value(self) -> str:
        typed = getattr(self, "typed", None)
        if typed is not None:
            return str(typed)
        return self.show(self.data) if self.data is not None else ""


class FiscalYearField(TypedField):
    """A fiscal year as people write it: 2016, 平成28年度, 平成32 (2020)."""

    def read(self, text: str) -> FiscalYear:
        """The fiscal year. Raises ValueError."""
        try:
            return parse_fiscal_year(text[:40])
        except DateProblem:
            raise ValueError(_("年度として読めません。例：2026、令和8年度、平成28年度")) from None

    def show(self, value: Any) -> str:
        return str(value.year)


class YenField(TypedField):
    """An amount in yen as people write it: 2,000,000, 200万円."""

    def read(self, text: str) -> int:
        """The amount. Raises ValueError."""
        try:
            return parse_yen(text)
        except AmountProblem:
            raise ValueError(_("金額として読めません。例：2,000,000、200万円")) from None

    def show(self, value: Any) -> str:
        return f"{value:,}"


class EnrolmentForm(BaseForm):
    """One enrolment: who, when, with what result, in which project."""

    organization_name = StringField(
        lazy_pgettext("one", "企業・団体"),
        description=_l(
            "名前の一部か法人番号で探します。当てはまるものが 1 つなら、それを選びます。"
        ),
        validators=[
            InputRequired(_l("企業・団体を入力してください。")),
            Length(max=120, message=_l("120 文字までにしてください。")),
        ],
    )
    organization = RadioField(
        _l("当てはまる企業・団体"), choices=[], validate_choice=False, validators=[Optional()]
    )
    result = RadioField(
        _l("結果"),
        coerce=lambda value: EnrolmentResult(value) if value else None,
        choices=lambda: [(result.value, label) for result, label in RESULTS.items()],
        validators=[InputRequired(_l("結果を選んでください。"))],
    )
    fiscal_year = FiscalYearField(
        _l("年度"),
        description=_l("例：2026、令和8年度"),
        validators=[InputRequired(_l("年度を入力してください。例：2026"))],
    )
    project = StringField(
        _l("事業の名前"),
        description=_l("同じ名前で記録した企業・団体は、1 つの事業として並びます。"),
        validators=[
            Optional(),
            Length(max=200, message=_l("事業の名前は 200 文字までにしてください。")),
        ],
    )
    role = StringField(
        _l("役割"),
        description=_l("例：試作、設計、連携大学等"),
        validators=[Optional(), Length(max=120, message=_l("120 文字までにしてください。"))],
    )
    decided_on = DateParts(_l("決定の日"))
    amount_yen = YenField(
        _l("金額（円）"), description=_l("例：2,000,000、200万円"), validators=[Optional()]
    )


class EnrolmentEditForm(EnrolmentForm, EditForm):
    """The same questions about an enrolment that others may change; of some the source gives no
    year."""

    fiscal_year = FiscalYearField(
        _l("年度"), description=_l("例：2026、令和8年度"), validators=[Optional()]
    )


class DeleteForm(BaseForm):
    """Why an enrolment is wrong."""

    reason = StringField(
        _l("消す理由"),
        description=_l("例：別の制度に記録した。中身は変更の記録に残ります。"),
        validators=[
            InputRequired(_l("消す理由を入力してください。")),
            Length(max=200, message=_l("200 文字までにしてください。")),
        ],
    )
