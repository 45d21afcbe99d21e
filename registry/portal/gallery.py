"""The style guide for those who build pages: the form and the page of its samples."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from registry.web.forms import BaseForm, DateGiven, DateParts


class GalleryForm(BaseForm):
    """One field of each kind."""

    title = StringField(_l("件名"), [InputRequired(_l("件名を書いてください。")), Length(max=60)])
    text = TextAreaField(_l("望む姿"), [Length(max=2000)])
    words = StringField(_l("キーワード"), [InputRequired(_l("語を加えてください。"))])
    category = SelectField(
        _l("分類"),
        choices=[SelectChoice("technology", _l("技術")), SelectChoice("patent", _l("特許"))],
    )
    visibility = RadioField(
        _l("だれに見せますか"),
        [InputRequired(_l("見せる相手を選んでください。"))],
        choices=[SelectChoice("public", _l("だれでも")), SelectChoice("members", _l("会員まで"))],
    )
    reason = RadioField(
        _l("見送る理由"),
        [Optional()],
        choices=[
            SelectChoice("known", _l("すでに面識がある")),
            SelectChoice("cost", _l("費用が合わない")),
        ],
    )
    areas = SelectMultipleField(
        _l("地域"), choices=[SelectChoice("1", _l("潮見区")), SelectChoice("2", _l("北浜区"))]
    )
    until = DateParts(_l("募集の期限"), [DateGiven(_l("期限を書いてください。"))])
    paper = FileField(_l("資料"))
    agreed = BooleanField(_l("確かめました"), [InputRequired(_l("確かめてください。"))])
    back = HiddenField()


@dataclass(frozen=True)
class SamplePage:
    """A page in the middle of a long list."""

    number: int = 3
    pages: int = 9
    total: int = 412
    first: int = 101
    last: int = 150

    def url(self, number: int) -> str:
        """Address of another page."""
        return f"?page={number}"


CHART = Markup(
    '<svg class="chart" viewBox="0 0 60 20" role="img" aria-label="27, 28">'
    '<rect width="20" height="18" y="2" fill="#c5d7fb"/>'
    '<rect x="30" width="20" height="20" fill="#7096f8"/></svg>'
)
