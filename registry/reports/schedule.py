"""What the worker does for reports: close the month before on the office's day, and tell staff."""

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from registry.accounts.queries import coordinators
from registry.common import calendar
from registry.common.calendar import Month
from registry.common.viewer import SYSTEM
from registry.config import Config
from registry.db import transaction
from registry.notifications.service import enqueue
from registry.office.settings import office
from registry.reports import closing
from registry.reports.naming import month_label


def close_due() -> int:
    """Close the month before when its day has come; returns how many months were closed."""
    day = office().close_day
    if not day:
        return 0
    config: Config = current_app.extensions["musubi_config"]
    done = 0
    for month in closing.due(calendar.today(), day):
        with current_app.test_request_context(base_url=config.base_url), transaction():
            closing.close_month(month, today=calendar.today(), viewer=SYSTEM)
            _tell(month, config)
        done += 1
    return done


def _tell(month: Month, config: Config) -> None:
    """A link to each of the staff; the report itself never travels by mail."""
    for user in coordinators():
        with force_locale(user.locale):
            enqueue(
                address=user.email,
                locale=user.locale,
                kind="month.closed",
                subject=_("%(month)sの月次報告を締めました", month=month_label(month)),
                body=_(
                    "報告は次のページにあります。CSV、Excel、PDF もそこから開けます。\n\n%(url)s",
                    url=f"{config.base_url}/reports/monthly/{month}",
                ),
            )
