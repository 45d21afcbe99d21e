"""What is asked about a support program: the fields of GIF DS-451-4 in groups."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from registry.programs import choices, labels
from registry.programs.fields import (
    InterestField,
    PercentField,
    later,
    line,
    one_of,
    text,
    ticks,
    yes_no,
)
from registry.programs.forms import YenField
from registry.programs.kinds import ChangeKind, Shape
from registry.programs.rules import LENGTHS, MOST_INDUSTRIES
from registry.web.forms import BaseForm, DateParts, EditForm
from registry.web.i18n import locale

SHORT = 40
"""The length of a title that GIF DS-451-4 recommends: printed titles may be longer."""


class StageNameForm(Form):
    """One step of an enrolment in the program's own words."""

    key = HiddenField()
    ja = StringField(_l("段階の名前"), validators=[Optional(), Length(max=40)])
    en = StringField(_l("段階の名前（英語）"), validators=[Optional(), Length(max=60)])


class ProgramForm(BaseForm):
    """One program. `stored` holds texts that may stay longer than the rule."""

    stored: dict[str, Any] = {}

    title = line(
        _l("制度の名前"),
        LENGTHS["title"],
        _l("40 文字までが目安です。"),
        required=_l("制度の名前を入力してください。"),
    )
    title_en = line(_l("制度の名前（英語）"), LENGTHS["title_en"])
    subtitle = line(_l("通称・サブタイトル"), LENGTHS["subtitle"])
    shape = RadioField(
        _l("この制度で主に行うこと"),
        coerce=lambda value: Shape(value) if value else None,
        choices=lambda: [(row.value, words) for row, words in labels.SHAPES.items()],
        validators=[InputRequired(_l("主に行うことを選んでください。"))],
    )
    further_shapes = ticks(
        _l("ほかに行うこと"), lambda: [(row.value, words) for row, words in labels.SHAPES.items()]
    )
    summary = text(_l("概要"), LENGTHS["summary"], _l("一覧に出る 1〜2 文。100 文字まで。"))
    summary_en = text(_l("概要（英語）"), LENGTHS["summary_en"])
    content = text(_l("内容"), LENGTHS["content"], _l("何を、どれだけ支援するか。500 文字まで。"))
    content_en = text(_l("内容（英語）"), LENGTHS["content_en"])
    policy_code = one_of(_l("施策の番号"), later, _l("政策の体系での置き場所です。"))
    tags = ticks(_l("視点・重点項目"), later)

    audience = text(_l("対象者"), LENGTHS["audience"])
    purpose = text(_l("用途・対象物"), LENGTHS["purpose"])
    areas = line(
        _l("対象の地域"), 400, _l("市区町村の名前を「、」で区切ります。例：川崎市、横浜市")
    )
    industries = ticks(
        _l("対象の業種"),
        lambda: choices.division_choices(locale()),
        _l("3 つまで。選ばなければ、すべての業種です。"),
        most=MOST_INDUSTRIES,
    )
    stages = ticks(_l("事業の段階"), lambda: choices.choices("stage", locale()))
    troubles = ticks(_l("お困りごと"), lambda: choices.choices("trouble", locale()))
    service_kinds = ticks(_l("サービスの種別"), lambda: choices.choices("service", locale()))
    keywords = line(_l("キーワード"), 400, _l("「、」で区切ります。"))

    benefit_max_yen = YenField(_l("給付の上限額（円）"), validators=[Optional()])
    rate_max_percent = PercentField(
        _l("最大補助率（％）"), description=_l("例：50、2分の1"), validators=[Optional()]
    )
    loan_max_yen = YenField(_l("借入の限度額（円）"), validators=[Optional()])
    interest_max_percent = InterestField(_l("最大の金利（％）"), validators=[Optional()])
    repayment = line(_l("償還の期限"), LENGTHS["repayment"])
    costs = text(_l("利用者の費用"), LENGTHS["costs"])
    has_budget_limit = yes_no(_l("予算の枠"))

    how_to_apply = text(_l("申請・届出の方法"), LENGTHS["how_to_apply"])
    season = line(_l("募集の時期"), LENGTHS["season"], _l("例：毎年 4 月から 6 月まで"))
    documents = text(_l("手続の書類"), LENGTHS["documents"])
    is_online = yes_no(_l("電子申請"))
    website = line(_l("詳しいページ（URL）"), LENGTHS["website"])
    contact = text(
        _l("お問い合わせ先"),
        LENGTHS["contact"],
        _l("公開するには必要です。部署、電話、メールなど。"),
    )

    operator_name = line(
        _l("実施する組織"),
        120,
        _l("空なら市が実施します。登録された団体の名前の一部か、法人番号で探します。"),
    )
    operators = ticks(_l("制度の担当（記録を書ける人）"), later)
    legal_basis = line(_l("根拠の法令・要綱"), LENGTHS["legal_basis"])
    number = line(_l("制度番号"), LENGTHS["number"])
    origin = one_of(_l("元の制度"), later)
    change_kind = one_of(
        _l("変更の区分"),
        lambda: [("", _l("選ばない")), *((k.value, words) for k, words in labels.CHANGES.items())],
    )
    started = DateParts(_l("制度の始まり"))
    ended = DateParts(_l("制度の終わり"))
    published_from = DateParts(_l("公開を始める日"))
    published_to = DateParts(_l("公開を終える日"))
    source = line(_l("出典"), LENGTHS["source"])
    stage_names = FieldList(FormField(StageNameForm), min_entries=3, max_entries=12)


class ProgramEditForm(ProgramForm, EditForm):
    """The same questions about a program that others may change."""


def change_of(word: str | None) -> ChangeKind | None:
    """The kind of change that was chosen."""
    return ChangeKind(word) if word else None


GROUPS: tuple[tuple[str, object, tuple[str, ...]], ...] = (
    (
        "about",
        _l("どんな制度か"),
        (
            "title",
            "title_en",
            "subtitle",
            "shape",
            "further_shapes",
            "summary",
            "summary_en",
            "content",
            "content_en",
            "policy_code",
            "tags",
        ),
    ),
    (
        "for-whom",
        _l("だれの、何のための制度か"),
        (
            "audience",
            "purpose",
            "areas",
            "industries",
            "stages",
            "troubles",
            "service_kinds",
            "keywords",
        ),
    ),
    (
        "benefit",
        _l("受けられるもの・かかるもの"),
        (
            "benefit_max_yen",
            "rate_max_percent",
            "loan_max_yen",
            "interest_max_percent",
            "repayment",
            "costs",
            "has_budget_limit",
        ),
    ),
    (
        "apply",
        _l("申し込み方・問い合わせ"),
        ("how_to_apply", "season", "documents", "is_online", "website", "contact"),
    ),
    (
        "run",
        _l("実施と経緯"),
        (
            "operator_name",
            "operators",
            "legal_basis",
            "number",
            "origin",
            "change_kind",
            "started",
            "ended",
            "published_from",
            "published_to",
            "source",
        ),
    ),
)
"""The fields of the page in their groups: id, heading, names."""
