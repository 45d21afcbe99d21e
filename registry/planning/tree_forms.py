"""What is asked about codes of the policy tree, cross tags, and new plan periods."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from registry.policy.labels import TAG_KINDS
from registry.policy.models import TagKind
from registry.web.forms import BaseForm, EditForm

MOST_ALIASES, LONGEST_ALIAS = 20, 120


class Words:
    """The words of a code or a tag in both languages. For mixing in."""

    title = StringField(
        _l("名前"),
        validators=[
            InputRequired(_l("名前を入力してください。")),
            Length(max=120, message=_l("名前は 120 文字までにしてください。")),
        ],
    )
    title_en = StringField(
        _l("名前（英語）"),
        validators=[Optional(), Length(max=160, message=_l("160 文字までにしてください。"))],
    )


class CodeForm(Words, EditForm):
    """How a plan calls a code."""

    aliases = TextAreaField(
        _l("ほかの書き方"),
        validators=[Optional(), Length(max=2600)],
        description=_l(
            "計画のほかの所で違う書き方になっている名前を、1 行に 1 つ。検索と取り込みで同じものとみなします。"
        ),
    )

    def validate_aliases(self, field: TextAreaField) -> None:
        """So many lines of such a length."""
        lines = self.lines()
        if len(lines) > MOST_ALIASES:
            raise ValidationError(_("ほかの書き方は 20 行までにしてください。"))
        if any(len(line) > LONGEST_ALIAS for line in lines):
            raise ValidationError(_("1 行は 120 文字までにしてください。"))

    def lines(self) -> list[str]:
        """The aliases typed."""
        return [line.strip() for line in (self.aliases.data or "").splitlines() if line.strip()]


class NewCodeForm(CodeForm):
    """A code that a plan gets."""

    version = None  # type: ignore[assignment]
    code = StringField(
        _l("番号"),
        validators=[InputRequired(_l("番号を入力してください。")), Length(max=40)],
        description=_l("3、3-3、3-3-1 のように。全角でも読めます。"),
    )


class TagForm(Words, EditForm):
    """The words of a viewpoint or priority."""

    source = StringField(_l("出典"), validators=[Optional(), Length(max=200)])


class NewTagForm(TagForm):
    """A viewpoint or priority that a plan gets; it is numbered after the last."""

    version = None  # type: ignore[assignment]
    kind = SelectField(
        _l("種類"), choices=lambda: [(kind.value, words) for kind, words in TAG_KINDS.items()],
        coerce=TagKind,
    )  # fmt: skip


class PeriodForm(Words, BaseForm):
    """A new plan period, with the tree of an older one."""

    origin = SelectField(
        _l("もとにする計画期間"),
        choices=[],
        description=_l("施策の番号と名前、視点、重点項目を写します。あとから直せます。"),
    )
    first_year = IntegerField(
        _l("始まりの年度"),
        validators=[
            InputRequired(_l("西暦の年度を数字で入力してください。例：2026")),
            NumberRange(1990, 2200, _l("西暦の年度を数字で入力してください。例：2026")),
        ],
    )
    last_year = IntegerField(
        _l("終わりの年度"),
        validators=[
            InputRequired(_l("西暦の年度を数字で入力してください。例：2029")),
            NumberRange(1990, 2200, _l("西暦の年度を数字で入力してください。例：2029")),
        ],
    )
    source = StringField(_l("出典"), validators=[Optional(), Length(max=200)])
