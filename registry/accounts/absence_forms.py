"""The form of an absence."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from registry.accounts.models import User
from registry.web.forms import BaseForm, DateGiven, DateParts


class AbsenceForm(BaseForm):
    """Who is away, from when to when, and who stands in."""

    user = SelectField(
        _l("不在になる人"), validators=[InputRequired(_l("不在になる人を選んでください。"))]
    )
    first = DateParts(_l("最初の日"), validators=[DateGiven()])
    last = DateParts(
        _l("最後の日"),
        description=_l("この日が過ぎると、ひとりでに終わります。"),
        validators=[DateGiven()],
    )
    deputy = SelectField(
        _l("代理"),
        description=_l("期間中、仕事が代理の「今日の仕事」に出て、メールも代理に届きます。"),
        validators=[InputRequired(_l("代理を選んでください。"))],
    )

    def offer(self, people: list[User], *, me: str, may_choose: bool) -> None:
        """People to choose from; who may not enter others' absences chooses only himself."""
        names = [(user.public_id, user.name) for user in people]
        self.user.choices = names if may_choose else [n for n in names if n[0] == me]
        others = [name for name in names if may_choose or name[0] != me]
        self.deputy.choices = [("", _l("選んでください")), *others]  # type: ignore[list-item]

    def days(self) -> dict[str, Any]:
        """First and last day, as they were checked."""
        first: date = self.first.data
        last: date = self.last.data
        return {"first": first, "last": last}
