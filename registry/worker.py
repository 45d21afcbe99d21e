"""What the worker does in one round: everything that is due, each thing in its own transaction."""

from collections.abc import Callable

from flask import Flask

from registry.accounts.links import absolute
from registry.attachments import service as attachments
from registry.cases import check_ins, reminders
from registry.common import calendar
from registry.config import Config
from registry.db import db, transaction
from registry.digests import daily, sending
from registry.exchange import jobs as imports
from registry.listings import service as listings
from registry.notifications import service as outbox
from registry.notifications import smtp
from registry.notifications.times import minute_of_the_day
from registry.organizations import pairs
from registry.places import vacancies
from registry.reports import schedule
from registry.suggestions import candidates, directory, learning, matcher
from registry.web import idempotency, limits

Job = Callable[[], object]


def run_once(app: Flask) -> str:
    """Run every due job once; returns a line that says what was done."""
    config: Config = app.extensions["musubi_config"]
    done = []
    for name, job in jobs(config).items():
        outcome = job()
        db.session.rollback()
        if outcome:
            done.append(f"{name}: {outcome}")
    return ", ".join(done) or "nothing due"


def jobs(config: Config) -> dict[str, Job]:
    """The jobs by name, in their order. Without a mail server mails stay in the outbox."""
    found: dict[str, Job] = {
        "listings expired": _expire_listings,
        "listings near their end": _remind_expiring,
        "vacancies shown": lambda: vacancies.refresh_all(calendar.today()),
    }
    found["listings matched"] = candidates.refresh_due
    found["index written"] = matcher.merge_due
    found["programs and organizations read"] = directory.read_ahead
    found["weights proposed"] = learning.propose_due
    found["months closed"] = schedule.close_due
    found["introductions pressed"] = _press_introductions
    found["check-ins asked"] = _ask_check_ins
    found["desk digests written"] = lambda: daily.send_due(
        today=calendar.today(), minute=minute_of_the_day()
    )
    found["newsletters written"] = lambda: sending.send_due(calendar.today())
    if config.smtp_url:
        found["mails sent"] = lambda: outbox.deliver_due(smtp.send)
    found["tables imported"] = imports.work_due
    found["old imports"] = imports.forget_old
    found["duplicates sought"] = pairs.refresh_due
    found["files purged"] = attachments.purge_due
    found["old submits"] = _forget_submits
    found["old limits"] = limits.forget_old
    return found


def _forget_submits() -> None:
    with transaction():
        idempotency.forget_old()


def _press_introductions() -> int:
    return reminders.work_due(
        link=lambda token: absolute(f"/introductions/{token}"), today=calendar.today()
    )


def _ask_check_ins() -> int:
    return check_ins.work_due(
        link=lambda token: absolute(f"/check-ins/{token}"), today=calendar.today()
    )


def _expire_listings() -> int:
    with transaction():
        return listings.expire_due(calendar.today())


def _remind_expiring() -> int:
    with transaction():
        return listings.remind_expiring(calendar.today())
