"""支援制度の便り: the office looks at the month's newsletter, writes a foreword, and lets it go."""

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.common import calendar
from registry.common.calendar import DateProblem, Month, next_business_day, parse_month
from registry.common.errors import NotFound
from registry.digests import sending
from registry.digests.forms import NewsletterForm
from registry.digests.preferences import organization_of, organizations_of, subscribers
from registry.web.access import allow, viewer
from registry.web.forms import PlainForm
from registry.web.i18n import locale
from registry.web.paging import paginate
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("newsletters", __name__)


@bp.get("/newsletters")
@allow("newsletter.release")
def index() -> ResponseReturnValue:
    """The newsletters by month, this month's first."""
    month = Month.of(calendar.today())
    rows = [row for row in sending.months() if row.month != str(month)]
    return render_template(
        "digests/newsletters.html",
        rows=[(row, label(row.month), sending.copies(row)) for row in rows],
        month=month,
        this=sending.newsletter_of(month),
        label=label(str(month)),
    )


@bp.route("/newsletters/<month>", methods=["GET", "POST"])
@allow("newsletter.release")
def show(month: str) -> ResponseReturnValue:
    """One month: its state, the foreword, who gets it; releasing it."""
    wanted, today = _month(month), calendar.today()
    row = sending.newsletter_of(wanted)
    form = NewsletterForm(
        foreword=row.foreword,
        foreword_en=row.foreword_en,
        send_on=row.send_on or next_business_day(today),
    )
    response = submit(
        form,
        lambda: sending.release(
            wanted,
            foreword=form.foreword.data or "",
            foreword_en=form.foreword_en.data or "",
            send_on=form.send_on.data,
            today=today,
            viewer=viewer(),
        ),
        then=lambda _row: url_for("newsletters.show", month=str(wanted)),
        message=_("送ってよいとしました。その日の朝に送ります。"),
    )
    if response:
        return response
    readers = paginate(subscribers())
    return render_template(
        "digests/newsletter.html",
        form=form,
        row=row,
        month=wanted,
        label=label(str(wanted)),
        copies=sending.copies(row),
        readers=readers,
        organizations=organizations_of(reader.user for reader in readers),
        is_now=wanted == Month.of(today),
    )


@bp.post("/newsletters/<month>/hold")
@allow("newsletter.release")
def hold(month: str) -> ResponseReturnValue:
    """Take the release back."""
    wanted = _month(month)
    return press(
        lambda: sending.hold(wanted, viewer=viewer()),
        back=url_for("newsletters.show", month=str(wanted)),
        message=_("送るのを止めました。直して、もう一度送ってよいとしてください。"),
    )


@bp.get("/newsletters/<month>/readers/<public_id>")
@allow("newsletter.release")
def preview(month: str, public_id: str) -> ResponseReturnValue:
    """What one subscriber would get now."""
    wanted = _month(month)
    row, newsletter = sending.subscriber(public_id), sending.newsletter_of(wanted)
    letter = sending.preview(row, newsletter, today=calendar.today())
    return render_template(
        "digests/preview.html",
        row=row,
        letter=letter,
        month=wanted,
        label=label(str(wanted)),
        organization=organization_of(row.user),
        form=PlainForm(),
    )


def label(month: str) -> str:
    """2026年11月 / November 2026."""
    return parse_month(month).label(locale())


def _month(text: str) -> Month:
    try:
        return parse_month(text)
    except DateProblem as problem:
        raise NotFound from problem
