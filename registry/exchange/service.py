"""Taking a file in: upload, check, carry out, undo. Each step leaves the import as it stands."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from registry.audit.service import record
from registry.common.errors import DomainError, NotAllowed
from registry.common.viewer import Viewer
from registry.db import db, now
from registry.exchange import verdicts as words
from registry.exchange.catalogue import get_kind
from registry.exchange.columns import Context, Kind
from registry.exchange.machine_reading import is_machine, run_machine
from registry.exchange.models import ImportFile, ImportRun, ImportState
from registry.exchange.opening import Opened, open_file, remember
from registry.exchange.undoing import pack_effects, undo, unpack_effects
from registry.exchange.verdicts import Verdict

State = ImportState
AT_ONCE = 2000
"""Files of up to so many rows are checked and carried out while the page waits."""


class RowsRefused(DomainError):
    """Rows are wrong or doubtful; nothing was imported. The verdicts say which."""

    def __init__(self, message: object, found: list[Verdict], counts: dict[str, int]) -> None:
        super().__init__(message)
        self.found, self.counts = found, counts


def check_rows(
    opened: Opened, context: Context, *, keep: bool = False
) -> tuple[list[Verdict], dict[str, int]]:
    """Put the rows to the rooms' rules in the running transaction. Unless `keep`, or when a row is
    wrong or doubtful, what they did is taken back before it returns."""
    block = db.session.begin_nested()
    try:
        found = opened.kind.runs(opened.batch(), context)
    except BaseException:
        block.rollback()
        raise
    counts = words.counts(found)
    if keep and not (counts[words.ERROR] or counts[words.DUPLICATE]):
        block.commit()
    else:
        block.rollback()
        db.session.expire_all()
    return found, counts


def import_directly(
    kind: Kind, *, name: str, data: bytes, context: Context, sheet: str = ""
) -> tuple[ImportRun, list[Verdict]]:
    """A whole import in the running transaction, for commands: a table, or the lossless JSON.

    Raises RowsRefused when a row is wrong or doubtful, and always for a dry run's caller to see the
    verdicts: nothing has changed then.
    """
    refuse_others(context.viewer)
    run = ImportRun(
        kind=kind.code,
        file_name=name[:200],
        digest=hashlib.sha256(data).hexdigest(),
        size=len(data),
        state=State.CHECKED,
        imported_by_id=context.viewer.user_id,
    )
    block = db.session.begin_nested()
    if is_machine(data):
        run.encoding, found = "json", run_machine(kind, data, context)
    else:
        opened = open_file(kind, data, sheet=sheet)
        run.encoding, run.sheet = opened.grid.encoding, opened.grid.sheet[:64]
        found = opened.kind.runs(opened.batch(), context)
        remember(opened)
    counts = words.counts(found)
    if context.dry or counts[words.ERROR] or counts[words.DUPLICATE]:
        block.rollback()
        db.session.expire_all()
        raise RowsRefused(
            _("直すか決めるかする行があるので、何も取り込みませんでした。"), found, counts
        )
    block.commit()
    db.session.add(run)
    _finish(run, found, counts, context)
    return run, found


def upload(kind: Kind, *, name: str, data: bytes, viewer: Viewer, locale: str) -> ImportRun:
    """Keep a file that is to be imported. Raises DomainError for one that cannot be read."""
    refuse_others(viewer)
    if is_machine(data):
        raise DomainError(
            _("JSON の写しは、コマンド registry import で取り込みます。"), field="file"
        )
    opened = open_file(kind, data)
    run = ImportRun(
        kind=kind.code,
        file_name=name[:200] or "file",
        digest=hashlib.sha256(data).hexdigest(),
        size=len(data),
        encoding=opened.grid.encoding,
        sheet=opened.grid.sheet[:64],
        mapping={str(position): key for position, key in opened.mapping.items()},
        rows=len(opened.rows),
        state=State.UPLOADED,
        locale=locale,
        imported_by_id=viewer.user_id,
        file=ImportFile(data=data),
    )
    db.session.add(run)
    db.session.flush()
    return run


def reopen(run: ImportRun) -> Opened:
    """The kept file of an import, read as it was mapped. Raises DomainError when it is gone."""
    if run.file is None:
        raise DomainError(_("このファイルはもう残っていません。もう一度選んでください。"))
    return open_file(
        get_kind(run.kind), run.file.data, sheet=run.sheet, mapping=run.mapping or None
    )


def choose_columns(run: ImportRun, mapping: Mapping[str, str], *, viewer: Viewer) -> None:
    """Say which column each header means, and remember it. Raises DomainError at `mapping` for a
    column chosen twice or a required one that is missing."""
    refuse_others(viewer)
    _refuse_finished(run)
    chosen = [key for key in mapping.values() if key]
    kind = get_kind(run.kind)
    twice = [kind.column(key).label for key in dict.fromkeys(chosen) if chosen.count(key) > 1]
    if twice:
        raise DomainError(
            _("「%(title)s」が二つの列で選ばれています。一つにしてください。", title=twice[0]),
            field="mapping",
        )
    run.mapping = {position: key for position, key in mapping.items() if key}
    opened = reopen(run)
    opened.batch()
    remember(opened)
    run.state, run.verdicts, run.counts = State.UPLOADED, None, {}
    db.session.flush()


def check(run: ImportRun, *, viewer: Viewer, today: date, progress: Callable[[int, int], None]
          ) -> None:  # fmt: skip
    """The dry run: every row's verdict is kept with the import, nothing else changes."""
    refuse_others(viewer)
    _refuse_finished(run)
    found, counts = check_rows(reopen(run), _context(run, viewer, today, progress))
    _keep(run, found, counts)
    run.state, run.checked_at = State.CHECKED, now()
    db.session.flush()


def carry_out(run: ImportRun, *, viewer: Viewer, today: date, progress: Callable[[int, int], None]
              ) -> None:  # fmt: skip
    """Import all rows or none, in the running transaction.

    Raises RowsRefused when a row is wrong or doubtful: then nothing has changed.
    """
    refuse_others(viewer)
    _refuse_finished(run)
    opened = reopen(run)
    context = _context(run, viewer, today, progress, dry=False)
    found, counts = check_rows(opened, context, keep=True)
    if counts[words.ERROR] or counts[words.DUPLICATE]:
        raise RowsRefused(
            _("直すか決めるかする行があるので、何も取り込みませんでした。"), found, counts
        )
    remember(opened)
    run.file = None
    _finish(run, found, counts, context)


def _finish(run: ImportRun, found: list[Verdict], counts: dict[str, int], context: Context) -> None:
    _keep(run, found, counts)
    run.state, run.done_at = State.DONE, now()
    db.session.flush()
    if context.effects:
        run.effects = pack_effects(context.effects)
        record(
            actor=context.viewer,
            action="import.done",
            subject=f"import:{run.public_id}",
            changes=told_of(run, counts),
        )


def told_of(run: ImportRun, counts: Mapping[str, int]) -> dict[str, tuple[object, object]]:
    """What the log says of an import: file, digest, kind and figures; the digest of its rows ties
    each new record to this entry."""
    rows = hashlib.sha256(run.verdicts or b"").hexdigest()
    return {
        "kind": (None, run.kind),
        "file": (None, run.file_name),
        "digest": (None, run.digest),
        "rows": (None, rows),
        **{name: (None, count) for name, count in counts.items() if count},
    }


def keep_refusal(run: ImportRun, refused: RowsRefused) -> None:
    """Keep why an import did not happen; call it in a transaction of its own."""
    _keep(run, refused.found, refused.counts)
    run.state, run.checked_at = State.CHECKED, now()


def take_back(run: ImportRun, *, viewer: Viewer) -> None:
    """Undo an import. Raises DomainError that names what was touched after it."""
    refuse_others(viewer)
    if run.state is not State.DONE:
        raise DomainError(_("取り消せるのは、終わった取り込みだけです。"))
    undo(unpack_effects(run.effects), viewer=viewer)
    run.state, run.undone_at = State.UNDONE, now()
    record(
        actor=viewer,
        action="import.undone",
        subject=f"import:{run.public_id}",
        changes={"kind": (None, run.kind), "file": (None, run.file_name)},
    )
    db.session.flush()


def discard(run: ImportRun, *, viewer: Viewer) -> None:
    """Forget a file that was not imported."""
    refuse_others(viewer)
    _refuse_finished(run)
    db.session.delete(run)
    db.session.flush()


def decide(run: ImportRun, decisions: Mapping[str, str], *, viewer: Viewer) -> None:
    """Say of doubtful rows (by line; "*" for the rest) whether they are new, left out, or which
    record they are."""
    refuse_others(viewer)
    _refuse_finished(run)
    run.decisions = {line: choice for line, choice in decisions.items() if choice}
    db.session.flush()


def forget_old_files(before: date) -> int:
    """Delete imports that nobody finished since that day; return how many."""
    unfinished = (State.UPLOADED, State.CHECKED, State.REFUSED)
    rows = list(
        db.session.scalars(select(ImportRun).where(ImportRun.state.in_(unfinished)).limit(100))
    )
    old = [run for run in rows if run.created_at.date() < before]
    for run in old:
        db.session.delete(run)
    db.session.flush()
    return len(old)


def refuse_others(viewer: Viewer) -> None:
    """Raise NotAllowed unless the viewer may import."""
    if not viewer.may("exchange.import"):
        raise NotAllowed(_("取り込めるのは、事務局の担当者です。"))


def _context(
    run: ImportRun,
    viewer: Viewer,
    today: date,
    progress: Callable[[int, int], None],
    *,
    dry: bool = True,
) -> Context:
    lines = {int(line): choice for line, choice in run.decisions.items() if line != "*"}
    return Context(
        viewer=viewer,
        today=today,
        dry=dry,
        decisions=lines,
        rest=run.decisions.get("*", ""),
        progress=progress,
    )


def _keep(run: ImportRun, found: list[Verdict], counts: dict[str, int]) -> None:
    run.verdicts, run.counts = words.pack(found), counts
    run.rows = run.progress = len(found)


def _refuse_finished(run: ImportRun) -> None:
    if run.state in (State.DONE, State.UNDONE):
        raise DomainError(_("この取り込みは終わっています。"))
