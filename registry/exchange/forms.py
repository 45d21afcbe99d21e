"""What is asked when a table is taken in."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from registry.exchange.catalogue import KINDS
from registry.web.forms import BaseForm


class UploadForm(BaseForm):
    """Which table, and the file."""

    kind = RadioField(
        _l("取り込むもの"),
        validators=[InputRequired(_l("何の表かを選んでください。"))],
        choices=[],
    )
    file = FileField(
        _l("ファイル"),
        validators=[FileRequired(_l("ファイルを選んでください。"))],
        description=_l(
            "Excel（.xlsx）か CSV。見出しの上に題名があっても、合計の行があってもかまいません。"
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.code, kind.title()) for kind in KINDS.values()]


class ColumnsForm(BaseForm):
    """The columns of a file; the selects stand in the page's table, by position."""


class DoubtfulForm(BaseForm):
    """What is done with rows that may mean a record which is there."""

    rest = SelectField(_l("決めていない行"), choices=[])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rest.choices = [
            ("", _("1 行ずつ決める")),
            ("new", _("新しい記録として取り込む")),
            ("skip", _("取り込まない")),
        ]
