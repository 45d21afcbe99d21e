"""Organizations by the hundred thousand: the rooms' rules put to whole columns at once.

Follows `organizations.service.create_organization` and `change_organization` for staff: clean
texts, one number one record, possible duplicates looked at, an approved one with something that
stands for it.
"""

from typing import Any

from flask_babel import gettext as _

from registry.exchange import codes, organizations_written
from registry.exchange.batch import CLEAR, Batch
from registry.exchange.columns import Context
from registry.exchange.organizations_known import PROFILE, Known, find_known
from registry.exchange.verdicts import (
    CHANGED,
    DUPLICATE,
    ERROR,
    NEW,
    SKIPPED,
    UNCHANGED,
    Problem,
    Verdict,
)
from registry.organizations.models import OrganizationKind, OrganizationState

State = OrganizationState
NEEDS_WORD = (State.APPROVED, State.ARCHIVED)
"""States that need something to stand for the record: here its cited source."""
EMPTY: dict[str, Any] = {"corporate_number": None, "capital_yen": None, "employees": None}


def run(batch: Batch, context: Context) -> list[Verdict]:
    """The verdict of each row; unless it is a dry run, and no row is wrong or doubtful, the records
    are written in the running transaction."""
    _complete_places(batch)
    _refuse_twins(batch)
    sound = [place for place in range(len(batch)) if place not in batch.problems]
    known = find_known(batch, sound)
    context.progress(len(batch) // 3, len(batch))
    changes = {place: _changes(batch, place, known.rows[place]) for place in known.rows}
    verdicts = [_verdict(batch, place, known, changes, context) for place in range(len(batch))]
    context.progress(len(batch) // 2, len(batch))
    stopped = any(verdict.verdict in (ERROR, DUPLICATE) for verdict in verdicts)
    if not context.dry and not stopped:
        organizations_written.write(batch, verdicts, known, changes, context)
    return verdicts


def _complete_places(batch: Batch) -> None:
    """Where no municipality is given, an address that begins with one gives it."""
    if not batch.has("address"):
        return
    addresses = batch.values["address"]
    places = batch.values.setdefault("municipality", [None] * len(batch))
    batch.raw.setdefault("municipality", [""] * len(batch))
    for place, address in enumerate(addresses):
        if isinstance(address, str) and places[place] is None and address:
            code, rest = codes.split_address(address)
            if code:
                places[place], addresses[place] = code, rest or None


def _refuse_twins(batch: Batch) -> None:
    """A record stands in a file once: the second row with its number, its id, or all the same of
    name and place is refused, naming the first one's line."""
    for key in ("id", "corporate_number"):
        if batch.has(key):
            _refuse_repeated(batch, key, batch.values[key])
    blank = [None] * len(batch)
    numbers = batch.values.get("corporate_number", blank)
    whole = list(
        zip(
            batch.values["name"],
            batch.values.get("municipality", blank),
            batch.values.get("address", blank),
            numbers,
            batch.values.get("id", blank),
            strict=True,
        )
    )
    _refuse_repeated(batch, "name", [entry if entry[0] else None for entry in whole])


def _refuse_repeated(batch: Batch, key: str, values: list[Any]) -> None:
    if len(set(values)) == len(values):
        return
    first: dict[Any, int] = {}
    for place, value in enumerate(values):
        if value is None or value is CLEAR:
            continue
        if value in first:
            line = batch.lines[first[value]]
            message = _("%(line)s 行目と同じ企業・団体です。どちらかを消してください。", line=line)
            batch.refuse(place, key, message)
        else:
            first[value] = place


def _changes(batch: Batch, place: int, row: Any) -> dict[str, tuple[Any, Any]]:
    """What the row would change of its record, by column."""
    found = {}
    for key in PROFILE:
        value = batch.get(key, place)
        if value is None:
            continue
        if value is CLEAR:
            value = EMPTY.get(key, "")
        before = getattr(row, key)
        if value != before:
            found[key] = (before, value)
    return found


def _verdict(
    batch: Batch,
    place: int,
    known: Known,
    changes: dict[int, dict[str, tuple[Any, Any]]],
    context: Context,
) -> Verdict:
    line = batch.lines[place]
    label = batch.raw["name"][place]
    notes = batch.notes.get(place, [])
    if place in batch.problems:
        return Verdict(line, ERROR, label, problems=batch.problems[place], notes=notes)
    candidates = known.candidates.get(place, [])
    if candidates:
        decision = context.decision(line)
        if decision == "skip":
            return Verdict(line, SKIPPED, label, notes=notes, candidates=candidates)
        if decision in {candidate[0] for candidate in candidates}:
            known.rows[place] = known.by_public_id[decision]
            changes[place] = _changes(batch, place, known.rows[place])
        elif decision != "new":
            return Verdict(line, DUPLICATE, label, notes=notes, candidates=candidates)
    row = known.rows.get(place)
    if row is None:
        refusal = _refusal_of_new(batch, place)
        if refusal:
            return Verdict(line, ERROR, label, problems=[refusal], notes=notes)
        return Verdict(line, NEW, label, notes=notes)
    _tell_of_state(batch, place, row)
    contact = organizations_written.contact_changes(batch, place, row, known)
    told = [*_told(batch, changes[place]), *contact]
    return Verdict(
        line,
        CHANGED if told else UNCHANGED,
        label,
        row.public_id,
        told,
        notes=batch.notes.get(place, []),
    )


def _told(batch: Batch, changes: dict[str, tuple[Any, Any]]) -> list[tuple[str, str, str]]:
    """Changes in the words of the file."""
    told = []
    for key, (before, after) in changes.items():
        writes = batch.kind.column(key).writes or (lambda value: "" if value is None else value)
        told.append((key, str(writes(before)), str(writes(after))))
    return told


def _refusal_of_new(batch: Batch, place: int) -> Problem | None:
    state = batch.get("state", place)
    if state in NEEDS_WORD and not batch.get("source", place):
        message = _(
            "「登録済み」で取り込むには、出典の列が要ります。なければ「下書き」で取り込み、同意を記録してから承認してください。"
        )
        return Problem("state", batch.text("state", place), message)
    kind = batch.get("kind", place)
    if kind is CLEAR or (kind is not None and not isinstance(kind, OrganizationKind)):
        return Problem("kind", batch.text("kind", place), _("種別を入力してください。"))
    return None


def _tell_of_state(batch: Batch, place: int, row: Any) -> None:
    state = batch.get("state", place)
    if isinstance(state, State) and state is not row.state:
        batch.tell(place, "state", _("登録済みの記録の状態は、取り込みでは変えません。"))
