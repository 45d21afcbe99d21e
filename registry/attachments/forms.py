"""What is asked about a file."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField
from wtforms.validators import Length, Optional

from registry.web.forms import BaseForm, EditForm

NOTE = [Optional(), Length(max=500, message=_l("500 文字までにしてください。"))]


class FileForm(BaseForm):
    """A new file."""

    file = FileField(_l("ファイル"), validators=[FileRequired(_l("ファイルを選んでください。"))])
    note = StringField(_l("説明"), validators=NOTE, description=_l("何の資料か、いつのものか。"))
    shared = BooleanField(_l("当事者にも見せる"))


class FileEditForm(EditForm):
    """The words of a file, and whether it is shared."""

    note = StringField(_l("説明"), validators=NOTE, description=_l("何の資料か、いつのものか。"))
    shared = BooleanField(_l("当事者にも見せる"))
