"""What happened in a case, merged from all its records, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from registry.cases.check_in_queries import check_ins_of
from registry.cases.labels import (
    answer_label,
    check_in_label,
    close_label,
    rung_label,
    stage_label,
)
from registry.cases.models import Answer, Case, Party, Stage
from registry.cases.outcomes import words_of
from registry.common.calendar import tokyo_day
from registry.encounters.labels import kind_label
from registry.encounters.models import Encounter, EncounterKind
from registry.organizations.labels import way_label
from registry.web.i18n import number, pick

KINDS = ("all", "stage", "encounter", "private", "answer")
"""What a timeline may be narrowed to."""


@dataclass(frozen=True)
class Moment:
    """One entry: its kind (see `KINDS`), day, words, and the record it leads to, if any.

    `order` sorts what happened on one day: what is done first comes lower.
    """

    kind: str
    on: date
    title: str
    text: str = ""
    meta: tuple[str, ...] = ()
    encounter: str = ""
    order: int = 0

    @property
    def type(self) -> str:
        """The kind of mark on the line."""
        return "stage" if self.kind == "answer" else self.kind


def timeline(case: Case, show: str = "all") -> list[Moment]:
    """Stage changes, answers, encounters, notes, outcomes and closings, newest first."""
    moments = [
        *_stages(case),
        *_answers(case),
        *_encounters(case.encounters),
        *_notes(case),
        *_outcomes(case),
        *_closings(case),
        *_check_ins(case),
    ]
    kept = [m for m in moments if show in ("all", m.kind)]
    return sorted(kept, key=lambda m: (m.on, m.order), reverse=True)


def shared_timeline(case: Case, organization_id: int) -> list[Moment]:
    """What a party reads once names are told: stages, outcomes, and the encounters in which it took
    part, without any text of the office."""
    own = [e for e in case.encounters if organization_id in {o.id for o in e.organizations}]
    moments = [
        *(Moment("stage", m.on, m.title, order=m.order) for m in _stages(case)),
        *(Moment("encounter", m.on, m.title, order=m.order) for m in _encounters(own)),
        *(Moment("stage", m.on, m.title, order=m.order) for m in _outcomes(case)),
    ]
    return sorted(moments, key=lambda m: (m.on, m.order), reverse=True)


def _stages(case: Case) -> Iterable[Moment]:
    before = None
    for at, change in enumerate(case.changes):
        label = stage_label(change.stage)
        title = (
            _("%(before)s → %(after)s", before=stage_label(before), after=label)
            if before
            else _("%(stage)s（始まり）", stage=label)
        )
        automatic = change.by_id is None and change.stage is Stage.INTRODUCED
        who = change.by.name if change.by else _("自動") if automatic else ""
        meta = (who,) if who else ()
        order = 100 + at if before else 0
        yield Moment("stage", change.on, title, change.evidence, meta, order=order)
        before = change.stage


def _answers(case: Case) -> Iterable[Moment]:
    for at, party in enumerate(case.parties):
        name = pick(party.organization.name, party.organization.name_en)
        if party.asked_at:
            title = _("%(name)s に依頼", name=name)
            yield Moment("answer", tokyo_day(party.asked_at), title, order=20 + at)
        yield from _pressed(party, name, at)
        if party.answer is not Answer.PENDING and party.answered_on:
            title = _("%(name)s：%(answer)s", name=name, answer=answer_label(party.answer))
            meta = [party.answered_by, way_label(party.way) if party.way else ""]
            if party.recorded_by:
                meta.append(_("%(name)s が代わって記録", name=party.recorded_by.name))
            text = "\n".join(
                part
                for part in (
                    party.reason,
                    _("根拠：%(text)s", text=party.evidence) if party.evidence else "",
                )
                if part
            )
            shown = tuple(part for part in meta if part)
            yield Moment("answer", party.answered_on, title, text, shown, order=40 + at)


def _pressed(party: Party, name: str, at: int) -> Iterable[Moment]:
    """What the registry did by itself while the party was silent."""
    automatic = (_("自動"),)
    if party.reminded_on:
        title = _("%(name)s に返事のお願いをもう一度", name=name)
        yield Moment("answer", party.reminded_on, title, meta=automatic, order=30 + at)
    if party.warned_on:
        title = _("%(name)s に期限前のお知らせ", name=name)
        yield Moment("answer", party.warned_on, title, meta=automatic, order=32 + at)
    if party.expired_on:
        title = _("%(name)s への依頼が期限切れ", name=name)
        yield Moment("answer", party.expired_on, title, meta=automatic, order=34 + at)


def _encounters(encounters: Iterable[Encounter]) -> Iterable[Moment]:
    in_order = sorted(encounters, key=lambda e: (e.held_on, e.number))
    dispatches = [e.id for e in in_order if e.kind is EncounterKind.DISPATCH]
    for at, encounter in enumerate(in_order):
        what = kind_label(encounter.kind)
        if encounter.id in dispatches:
            what = _("派遣 %(count)s 回目", count=dispatches.index(encounter.id) + 1)
        meta = [what]
        if encounter.starts_at:
            meta.insert(0, f"{encounter.starts_at:%H:%M}")
        if encounter.hours is not None:
            meta.append(_("%(hours)s 時間", hours=number(encounter.hours)))
        if encounter.coordinator:
            meta.append(encounter.coordinator.name)
        yield Moment(
            "encounter",
            encounter.held_on,
            encounter.subject,
            encounter.result,
            tuple(meta),
            encounter=encounter.public_id,
            order=200 + at,
        )


def _notes(case: Case) -> Iterable[Moment]:
    for at, note in enumerate(reversed(case.notes)):
        who = (note.author.name,) if note.author else ()
        on = tokyo_day(note.created_at)
        yield Moment("private", on, _("メモ"), note.text, who, order=500 + at)


def _outcomes(case: Case) -> Iterable[Moment]:
    for at, outcome in enumerate(case.outcomes):
        who = (outcome.recorded_by.name,) if outcome.recorded_by else ()
        title = _("成果：%(rung)s", rung=rung_label(outcome.rung))
        text = "\n".join(part for part in (words_of(outcome), outcome.detail) if part)
        yield Moment("stage", outcome.on, title, text, who, order=400 + at)


def _check_ins(case: Case) -> Iterable[Moment]:
    for at, check in enumerate(check_ins_of(case)):
        if check.state and check.answered_on:
            title = _(
                "%(name)s：%(months)s か月後の確認 %(state)s",
                name=pick(check.party.organization.name, check.party.organization.name_en),
                months=check.months,
                state=check_in_label(check.state),
            )
            evidence = _("根拠：%(text)s", text=check.evidence) if check.evidence else ""
            text = "\n".join(part for part in (check.comment, evidence) if part)
            who = (check.answered_by, way_label(check.way) if check.way else "")
            yield Moment(
                "answer", check.answered_on, title, text, tuple(filter(None, who)), order=60 + at
            )


def _closings(case: Case) -> Iterable[Moment]:
    for closure in case.closures:
        title = _("閉じた：%(reason)s", reason=close_label(closure.reason))
        yield Moment("stage", closure.closed_on, title, closure.note, order=800)
        if closure.reopened_on:
            yield Moment(
                "stage", closure.reopened_on, _("再開した"), closure.reopen_reason, order=900
            )
    if case.closed_on and all(c.reopened_on for c in case.closures) and case.close_reason:
        title = _("閉じた：%(reason)s", reason=close_label(case.close_reason))
        yield Moment("stage", case.closed_on, title, case.close_note, order=950)
