"""A closed month stays as it was, byte for byte; what changes later is told beside it."""

from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader

from registry.common.calendar import Month
from registry.common.errors import DomainError
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.encounters.models import EncounterKind
from registry.notifications.models import Message
from registry.office import settings
from registry.reports import closing, schedule
from tests.client import Client
from tests.conftest import TODAY
from tests.factories.accounts import make_user
from tests.reports.office import SAEKI, encounter, small_office

OCTOBER = "/reports/monthly/2026-10"
REASON = "10 月 5 日の訪問の報告が遅れて届いたため"
FORMS = ("csv", "xlsx", "pdf")


@pytest.fixture
def staff(client: Client) -> Client:
    small_office()
    client.sign_in(make_user(role=Role.COORDINATOR))
    return client


def files(client: Client) -> list[bytes]:
    return [client.get(f"{OCTOBER}.{form}").response.get_data() for form in FORMS]


def close(client: Client) -> None:
    client.post(f"{OCTOBER}/close", containing="csrf_token", action="close")


def test_a_closed_month_is_served_byte_for_byte_whatever_is_entered_later(staff: Client) -> None:
    close(staff)
    before, page = files(staff), staff.get(OCTOBER)

    encounter(901, EncounterKind.VISIT, date(2026, 10, 5))

    assert files(staff) == before
    after = staff.get(OCTOBER)
    assert "確定" in page.text and "締めた後に変わった数はありません。" in page.text
    assert "理由を書く" in after.text and after.text.count("確定") >= 2


def test_why_a_figure_changed_is_written_beside_it(staff: Client) -> None:
    close(staff)
    encounter(901, EncounterKind.VISIT, date(2026, 10, 5))
    page = staff.get(OCTOBER)

    address = page.link("理由を書く")
    refused = staff.post(address, {"reason": " "}, containing="reason", status=200)
    told = staff.follow(staff.post(address, {"reason": REASON}, containing="reason"))

    assert "理由を入力してください。" in refused.text
    assert REASON in told.text


def test_a_closed_report_keeps_numbers_and_its_page_says_who_they_are(staff: Client) -> None:
    assert SAEKI in staff.get(f"{OCTOBER}.csv").response.get_data(as_text=True)
    close(staff)

    kept = staff.get(f"{OCTOBER}.csv").response.get_data(as_text=True)
    page = staff.get(OCTOBER).text

    assert SAEKI not in kept and "担当 1" in kept
    assert "担当の番号" in page and SAEKI in page


def test_a_closed_month_keeps_what_it_was_counted_from(staff: Client) -> None:
    close(staff)

    closed = closing.closed_month(Month(2026, 10))
    assert closed is not None
    told = [fact[0] for fact in closed.facts]

    assert (told.count("dispatches"), told.count("encounters"), told.count("agreements")) == (
        4,
        6,
        1,
    )


def test_the_report_of_the_month_of_writing_tells_what_was_restated(staff: Client) -> None:
    close(staff)
    encounter(901, EncounterKind.VISIT, date(2026, 10, 5))
    address = f"{OCTOBER}/restate?section=summary&group=month&measure=encounters"
    staff.post(address, {"reason": REASON}, containing="reason")

    page = staff.get("/reports/monthly/2026-11")
    rows = staff.get("/reports/monthly/2026-11.csv").response.get_data(as_text=True)

    assert "締めた月の訂正" in page.text and REASON in page.text
    assert "restatements,2026-10.encounters,closed" in rows and "件,6" in rows and "件,7" in rows


def test_a_month_is_closed_once_and_only_when_it_is_over(app: Flask) -> None:
    small_office()
    with app.test_request_context(), transaction():
        closing.close_month(Month(2026, 10), today=TODAY, viewer=SYSTEM)
    for month in (Month(2026, 10), Month(2026, 11)):
        with app.test_request_context(), pytest.raises(DomainError), transaction():
            closing.close_month(month, today=TODAY, viewer=SYSTEM)


def test_readers_outside_get_the_version_without_small_figures(app: Flask, client: Client) -> None:
    small_office()
    client.sign_in(make_user(role=Role.COORDINATOR))
    close(client)
    inside = client.get(f"{OCTOBER}.csv").response.get_data()
    reader = Client(app).sign_in(make_user(role=Role.EVALUATOR))
    outside = reader.get(f"{OCTOBER}.csv").response.get_data()

    assert inside != outside and "締めた後に変わった数" not in reader.get(OCTOBER).text
    reader.get(f"{OCTOBER}/close", status=403)


def test_the_pdf_carries_the_rows_of_the_csv_and_its_fonts(staff: Client) -> None:
    reader = PdfReader(BytesIO(staff.get(f"{OCTOBER}.pdf").response.get_data()))
    text = "".join(page.extract_text() for page in reader.pages)

    assert len(reader.pages) >= 2 and "マッチング月次報告" in text
    assert "候補から事業化まで" in text and "年度の累計" in text
    fonts = [font for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts and all("/DescendantFonts" in font.get_object() for font in fonts)


def test_the_worker_closes_on_the_offices_day_and_sends_a_link(app: Flask) -> None:
    small_office()
    people = make_user(role=Role.COORDINATOR)
    with transaction():
        settings.change(
            settings.Office(name="川崎市", section="産業振興部", close_day=TODAY.day), viewer=SYSTEM
        )

    assert schedule.close_due() == 1
    assert schedule.close_due() == 0

    sent = db.session.query(Message).filter_by(kind="month.closed", to_address=people.email).one()
    assert "/reports/monthly/2026-10" in sent.body
