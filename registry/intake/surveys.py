"""Surveys: made by the office, sent to chosen organizations by a link of their own, answered
without signing in."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, func, select

from registry.audit.service import apply, record
from registry.common.errors import Conflict, DomainError, NotFound
from registry.common.viewer import SYSTEM, Viewer
from registry.db import db, next_number, now
from registry.formats.csv import write_csv
from registry.intake import mails
from registry.intake.models import Survey, SurveyCopy
from registry.intake.service import Link, hash_of
from registry.organizations.models import Organization, OrganizationState
from registry.organizations.queries import OrganizationFilter, found_organizations
from registry.programs.answers import words_of
from registry.programs.questions import define, read_answers, refuse_changes

MOST = 500
"""So many organizations get a survey at once."""


@dataclass(frozen=True)
class SurveyWish:
    """A survey as the office writes it; `questions` are rows of the editor."""

    title: str
    words: str
    closes_on: date
    questions: tuple[Mapping[str, Any], ...]


def surveys() -> Select[Survey]:
    """Statement of all surveys, the newest first."""
    return select(Survey).order_by(Survey.number.desc())


def counts(numbers: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Row number of a survey → copies sent, and answers."""
    statement = (
        select(SurveyCopy.survey_id, func.count(), func.count(SurveyCopy.answered_at))
        .where(SurveyCopy.survey_id.in_(numbers))
        .group_by(SurveyCopy.survey_id)
    )
    return {row: (sent, answered) for row, sent, answered in db.session.execute(statement)}


def get_survey(public_id: str) -> Survey:
    """The survey of that id. Raises NotFound."""
    found = db.session.scalar(select(Survey).where(Survey.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def get_copy(public_id: str) -> SurveyCopy:
    """The copy of that id. Raises NotFound."""
    found = db.session.scalar(select(SurveyCopy).where(SurveyCopy.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def copy_by_token(token: str) -> SurveyCopy:
    """The copy to which a link leads. Raises NotFound."""
    kept = hash_of(token[:200])
    found = db.session.scalar(select(SurveyCopy).where(SurveyCopy.token_hash == kept))
    if found is None:
        raise NotFound
    return found


def save_survey(
    survey: Survey | None, wish: SurveyWish, *, version: int | None = None, viewer: Viewer
) -> Survey:
    """Make a survey, or write it anew. Once somebody answered, questions may only be added.

    Raises DomainError for a question that cannot be asked or none at all, Conflict when somebody
    else was faster.
    """
    before = survey.questions if survey else []
    questions = define(wish.questions, before)
    if not questions:
        raise DomainError(_("質問を 1 つ以上書いてください。"))
    if survey is not None and version is not None and version != survey.version:
        message = _("このアンケートは、開いてからの間に、ほかの人が変更しました。")
        raise Conflict(message, version=survey.version, fields=())
    if survey is not None and any(copy.answered_at for copy in survey.copies):
        refuse_changes(before, questions)
    values = {
        "title": wish.title.strip(),
        "words": wish.words.strip(),
        "closes_on": wish.closes_on,
        "questions": questions,
    }
    if survey is None:
        survey = Survey(number=next_number(Survey.number), **values)
        db.session.add(survey)
        db.session.flush()
        _log(survey, "survey.created", viewer, {"title": (None, survey.title)})
    elif changes := apply(survey, values):
        db.session.flush()
        _log(survey, "survey.changed", viewer, changes)
    return survey


def in_place(division: str, place: str) -> list[Organization]:
    """Approved organizations of an industry division and a place, at most `MOST`."""
    if not division and not place:
        return []
    wanted = OrganizationFilter(division=division, place=place, state=OrganizationState.APPROVED)
    return list(db.session.scalars(found_organizations(wanted, SYSTEM).limit(MOST)))


def send_survey(
    survey: Survey,
    organizations: Iterable[Organization],
    *,
    link: Link,
    today: date,
    viewer: Viewer,
) -> int:
    """Send each organization its link, once. Return how many got one.

    Raises DomainError when it is over, or nobody new was chosen.
    """
    _refuse_closed(survey, today)
    have = {copy.organization_id for copy in survey.copies}
    new = {row.id: row for row in organizations if row.id not in have}
    if not new:
        raise DomainError(
            _("まだ送っていない企業・団体を選んでください。"), field="organization_names"
        )
    for organization in new.values():
        copy = SurveyCopy(
            survey=survey, organization=organization, token_hash=secrets.token_hex(32)
        )
        db.session.add(copy)
        db.session.flush()
        _mail(copy, link)
    names = [row.name for row in new.values()]
    _log(survey, "survey.sent", viewer, {"organizations": (None, "、".join(names)[:2000])})
    return len(new)


def remind(survey: Survey, *, link: Link, today: date, viewer: Viewer) -> int:
    """Send those who have not answered a new link; the old one ends. Return how many."""
    _refuse_closed(survey, today)
    waiting = [copy for copy in survey.copies if copy.answered_at is None]
    if not waiting:
        raise DomainError(_("回答を待っている企業・団体はありません。"))
    for copy in waiting:
        _mail(copy, link)
    _log(survey, "survey.reminded", viewer, {"copies": (None, len(waiting))})
    return len(waiting)


def answer_survey(
    copy: SurveyCopy, given: Mapping[str, Any], *, name: str, today: date, viewer: Viewer
) -> SurveyCopy:
    """Keep the answers. Raises DomainError at the question that was answered wrongly, or when it is
    over or answered already."""
    _refuse_closed(copy.survey, today)
    if copy.answered_at is not None:
        raise DomainError(_("すでに回答をいただいています。"))
    copy.answers = read_answers(copy.survey.questions, given, complete=True)
    copy.answered_by, copy.answered_at = name.strip(), now()
    db.session.flush()
    _log(copy.survey, "survey.answered", viewer, {"copy": (None, copy.public_id)})
    return copy


def answers_file(survey: Survey) -> bytes:
    """The answers as CSV: one row an organization, one column a question."""
    questions = survey.questions
    header = [_("企業・団体"), _("回答者"), _("回答日"), *(one["label"] for one in questions)]
    rows = [
        [
            copy.organization.name,
            copy.answered_by,
            copy.answered_at.date() if copy.answered_at else None,
            *(words_of(one["type"], copy.answers.get(one["key"])) for one in questions),
        ]
        for copy in survey.copies
        if copy.answered_at
    ]
    return write_csv(header, rows)


def _mail(copy: SurveyCopy, link: Link) -> None:
    token = secrets.token_urlsafe(32)
    copy.token_hash = hash_of(token)
    if mails.send_survey(copy, copy.survey, link(token)):
        copy.sent_at = now()
    db.session.flush()


def _refuse_closed(survey: Survey, today: date) -> None:
    if survey.closes_on < today:
        raise DomainError(_("このアンケートは締め切られました。"))


def _log(survey: Survey, action: str, viewer: Viewer, changes: Any) -> None:
    record(actor=viewer, action=action, subject=f"survey:{survey.public_id}", changes=changes)
