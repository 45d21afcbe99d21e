"""What an author is asked about a listing, and the small forms of its steps."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (  # type: ignore[attr-defined]  # SelectChoice is newer than the stubs
    Field,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired
from wtforms.validators import Optional as OptionalInput

from registry.listings import content as rules
from registry.listings.categories import (
    ALL_FIELDS,
    FieldSpec,
    as_typed,
    fields_of,
    read_fields,
)
from registry.listings.content import Content
from registry.listings.labels import CATEGORIES, VISIBILITIES
from registry.listings.models import Category, ListingKind, Visibility
from registry.listings.texts import AtMost, lines, one_line, plain_text, sound_keywords
from registry.listings.typed_fields import problem_message, typed_field
from registry.matching import split_keywords
from registry.organizations.labels import way_label
from registry.organizations.models import ConsentWay
from registry.organizations.profile import Word
from registry.web.forms import DateGiven, DateParts, EditForm
from registry.web.i18n import listed

DESCRIPTIONS = {
    ListingKind.NEED: (
        _l("困っていることと、望む姿"),
        _l(
            "いまのやり方、困る場面、数字（寸法・数量・時間）、どうなればよいかを書くと、"
            "候補が見つかりやすくなります。"
        ),
    ),
    ListingKind.SEED: (
        _l("提供できること"),
        _l(
            "何ができるか、数字（寸法・精度・量・時間）、これまでの使われ方、"
            "相談できることを書くと、候補が見つかりやすくなります。"
        ),
    ),
}


class ListingForm(EditForm):
    """What somebody looks for or offers, how it is shown, and until when."""

    category = SelectField(
        _l("分類"),
        coerce=Category,
        choices=[SelectChoice(key.value, label) for key, label in CATEGORIES.items()],
        default=Category.TECHNOLOGY,
        description=_l(
            "分類によって、たずねる項目が変わります。選び直したら下のボタンを押します。"
        ),
        validators=[InputRequired(_l("分類を選んでください。"))],
    )
    title = StringField(
        _l("件名"),
        filters=[one_line],
        description=_l("「何を」「どうしたい」を一文で。社名や製品名は書かないでください。"),
        validators=[
            DataRequired(_l("件名を入力してください。")),
            AtMost(rules.TITLE_MAX),
            plain_text,
        ],
    )
    description = TextAreaField(
        _l("内容"),
        filters=[lines],
        validators=[AtMost(rules.DESCRIPTION_MAX), plain_text],
    )
    keywords = StringField(
        _l("キーワード"),
        filters=[one_line],
        description=_l(
            "「、」で区切ります。言い換え（鍍金・めっき・plating）は自動で探すので、"
            "書き足さなくてかまいません。"
        ),
        validators=[sound_keywords, plain_text],
    )
    visibility = RadioField(
        _l("だれに見せますか"),
        coerce=Visibility,
        choices=[SelectChoice(v.value, VISIBILITIES[v]) for v in reversed(rules.BREADTH)],
        description=_l("審査のあとに、選んだ相手に見えるようになります。あとから変えられます。"),
        validators=[OptionalInput()],
    )
    anonymous = RadioField(
        _l("社名を出しますか"),
        choices=[
            SelectChoice("named", _l("社名を出す")),
            SelectChoice("anonymous", _l("匿名にする")),
        ],
        description=_l(
            "匿名でも、引き合わせに両者が承諾すると、分野 → 概要 → 名称 → 連絡先の順に、"
            "段階ごとに開示します。承諾の前に名前が伝わることはありません。"
        ),
        validators=[OptionalInput()],
    )
    valid_until = DateParts(
        _l("募集の期限"),
        description=_l("期限の 2 週間前にお知らせします。延ばすこともできます。"),
    )

    def __init__(
        self, *args: Any, kind: ListingKind, today: date, last_day: date, **kwargs: Any
    ) -> None:
        """`last_day` is the day proposed to a draft that names none."""
        super().__init__(*args, **kwargs)
        self.kind, self.today, self.last_day = kind, today, last_day
        self.is_draft = False
        self._typed_values: dict[str, Any] = {}
        for name in ("description", "visibility", "anonymous", "valid_until"):
            self[name].flags.required = True
        self.keywords.flags.required = kind is ListingKind.NEED
        self.description.label.text, self.description.description = DESCRIPTIONS[kind]
        for spec in self.specs:
            self[spec.name].flags.required = spec.required

    @property
    def chosen_category(self) -> Category:
        """The category chosen, or the first one offered."""
        return self.category.data or Category.TECHNOLOGY

    @property
    def specs(self) -> tuple[FieldSpec, ...]:
        """The typed fields that the chosen category asks for."""
        return fields_of(self.chosen_category)

    @property
    def kept(self) -> list[Field]:
        """Fields of other categories in which something was typed: kept until saving."""
        asked = {spec.name for spec in self.specs}
        return [self[s.name] for s in ALL_FIELDS if s.name not in asked and self[s.name].data]

    def words(self) -> tuple[str, ...]:
        """The keywords typed, each once."""
        return tuple(dict.fromkeys(split_keywords(self.keywords.data or "")))

    def content(self) -> Content:
        """What was typed, as one value. What a draft leaves open is the cautious choice: staff
        only and anonymous."""
        return Content(
            category=self.chosen_category,
            title=self.title.data or "",
            visibility=self.visibility.data or Visibility.STAFF,
            valid_until=self.valid_until.data or self.last_day,
            description=self.description.data or "",
            keywords=self.words(),
            fields=self._typed_values,
            anonymous=self.anonymous.data != "named",
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Shape always; a draft may be incomplete, anything else must be ready for review."""
        sound = super().validate(extra_validators)
        self._typed_values, problems = read_fields(
            self.chosen_category, {s.name: self[s.name].data for s in self.specs}
        )
        for problem in problems:
            if problem.code != "missing":
                self.refuse(problem_message(problem, self.specs), problem.name)
        if not self.is_draft:
            self._ask_for_the_rest()
        return sound and not self.errors

    def _ask_for_the_rest(self) -> None:
        for name, message in (
            ("visibility", _("だれに見せるかを選んでください。")),
            ("anonymous", _("社名を出すか、匿名にするかを選んでください。")),
            ("valid_until", _("募集の期限を入力してください。")),
        ):
            if not self[name].data and not self[name].errors:
                self.refuse(message, name)
        for gap in rules.gaps(self.content(), self.kind, today=self.today):
            if not self[gap.field].errors:
                self.refuse(gap.message, gap.field)


for _spec in ALL_FIELDS:
    setattr(ListingForm, _spec.name, typed_field(_spec))


class ProxyForm(ListingForm):
    """A listing that staff write for a firm: with the firm's word to do so."""

    given_by = StringField(
        _l("同意した人"), filters=[one_line], validators=[AtMost(80), plain_text]
    )
    way = SelectField(
        _l("同意の方法"),
        choices=lambda: [
            SelectChoice("", _("選んでください")),
            *(SelectChoice(w.value, way_label(w)) for w in ConsentWay if w is not ConsentWay.LINK),
        ],
    )
    given_on = DateParts(_l("同意した日"))
    evidence = StringField(
        _l("記録"),
        filters=[one_line],
        description=_l("例：通話の要旨、書面の保管場所"),
        validators=[AtMost(500), plain_text],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("given_by", "way", "given_on"):
            self[name].flags.required = True

    @property
    def consent(self) -> Word | None:
        """The firm's word, or None where a draft does not have it yet."""
        if not (self.given_by.data and self.way.data and self.given_on.data):
            return None
        return Word(
            about=_("案件「%(title)s」の登録", title=self.title.data),
            given_by=self.given_by.data,
            way=ConsentWay(self.way.data),
            given_on=self.given_on.data,
            evidence=self.evidence.data or "",
        )

    def _ask_for_the_rest(self) -> None:
        super()._ask_for_the_rest()
        for name, message in (
            ("given_by", _("同意した人の名前を入力してください。")),
            ("way", _("同意の方法を選んでください。")),
            ("given_on", _("同意した日を入力してください。")),
        ):
            if not self[name].data and not self[name].errors:
                self.refuse(message, name)


class ReasonForm(EditForm):
    """Why something is done, in words that another person reads."""

    reason = TextAreaField(
        _l("理由"),
        filters=[lines],
        validators=[DataRequired(_l("理由を入力してください。")), AtMost(500), plain_text],
    )


class RenewForm(EditForm):
    """Until when a listing is shown."""

    valid_until = DateParts(_l("新しい期限"), validators=[DateGiven()])


def answers_of(content: Content) -> dict[str, Any]:
    """What stands in the form of a stored listing."""
    return {
        "category": content.category,
        "title": content.title,
        "description": content.description,
        "keywords": listed(content.keywords),
        "visibility": content.visibility,
        "anonymous": "anonymous" if content.anonymous else "named",
        "valid_until": content.valid_until,
        **{name: as_typed(value, _("、")) for name, value in content.fields.items()},
    }
