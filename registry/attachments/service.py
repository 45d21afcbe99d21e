"""Keeping files: adding, changing, removing, putting back, purging."""

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _

from registry.attachments.kinds import FileRefused, kind_of
from registry.attachments.models import Attachment
from registry.attachments.names import clean_name
from registry.attachments.places import Place
from registry.attachments.queries import claimed, count_files, removed_before
from registry.attachments.storage import StorageFailed, store, sweep
from registry.audit.service import apply, record
from registry.common.errors import Conflict, ConflictField, DomainError, NotAllowed
from registry.common.viewer import SYSTEM, Viewer
from registry.db import db, now, transaction

MOST = 20
"""So many files hang on one record."""
KEPT = timedelta(days=30)
"""So long a removed file can be put back."""
AT_ONCE = 200


@dataclass(frozen=True)
class NewFile:
    """A file as it was sent, with the words that go with it."""

    name: str
    data: bytes
    note: str = ""
    shared: bool = False


def largest() -> int:
    """So many bytes a file may have."""
    megabytes: int = current_app.extensions["musubi_config"].file_megabytes
    return megabytes * 1024 * 1024


def add_file(place: Place, new: NewFile, *, viewer: Viewer) -> Attachment:
    """Keep a file at a place.

    Raises NotAllowed for those who do not write there, DomainError at `file` when it is too large,
    not of an accepted kind, one too many, or cannot be written.
    """
    if not place.writes:
        raise NotAllowed(_("ここにはファイルを加えられません。"))
    name = clean_name(new.name)
    if len(new.data) > largest():
        raise DomainError(too_large(), field="file")
    try:
        kind, digest = kind_of(name, new.data), store(new.data)
    except FileRefused as problem:
        raise DomainError(refusal(problem), field="file") from problem
    except StorageFailed as problem:
        raise DomainError(_not_stored(), field="file") from problem
    row = Attachment(
        subject=place.subject,
        name=name,
        kind=kind,
        size=len(new.data),
        sha256=digest,
        note=new.note.strip(),
        shared=new.shared,
        added_by_id=viewer.user_id,
    )
    db.session.add(row)
    db.session.flush()
    _log(row, "file.added", viewer, name=(None, name), of=(None, row.subject),
         size=(None, row.size), sha256=(None, digest), shared=(None, row.shared))  # fmt: skip
    _refuse_too_many(place)
    return row


def change_file(
    row: Attachment, *, note: str, shared: bool, version: int | None, viewer: Viewer
) -> None:
    """Change a file's words and whether it is shared.

    Raises Conflict when somebody changed it after `version`.
    """
    db.session.refresh(row, with_for_update=True)
    if version is not None and version != row.version:
        raise Conflict(
            _("このファイルの説明は、開いてからの間に、ほかの人が変更しました。"),
            version=row.version,
            fields=(
                ConflictField("note", _("説明"), row.note, is_text=True),
                ConflictField("shared", _("当事者への共有"), _yes(row.shared), _yes(shared)),
            ),
        )
    if changes := apply(row, {"note": note.strip(), "shared": shared}):
        db.session.flush()
        _log(row, "file.changed", viewer, **changes)


def remove_file(row: Attachment, *, viewer: Viewer) -> None:
    """Take a file away; for 30 days it can be put back. Raises DomainError when it is gone."""
    db.session.refresh(row, with_for_update=True)
    if row.removed_at is not None:
        raise DomainError(_("このファイルは、すでに消されています。"))
    row.removed_at = now()
    db.session.flush()
    _log(row, "file.removed", viewer, name=(row.name, None), of=(row.subject, None))


def restore_file(row: Attachment, place: Place, *, viewer: Viewer) -> None:
    """Put a removed file back. Raises DomainError when it is there, or one too many."""
    db.session.refresh(row, with_for_update=True)
    if row.removed_at is None:
        raise DomainError(_("このファイルは消されていません。"))
    row.removed_at = None
    db.session.flush()
    _log(row, "file.restored", viewer, name=(None, row.name), of=(None, row.subject))
    _refuse_too_many(place)


def purge_due() -> int:
    """Forget files whose time for putting them back is over, then delete bytes that no row claims:
    also those whose row was never committed. Returns how many files went."""
    with transaction():
        rows = list(db.session.scalars(removed_before(now() - KEPT).limit(AT_ONCE)))
        for row in rows:
            _log(row, "file.purged", SYSTEM, of=(row.subject, None))
            db.session.delete(row)
    return sweep(claimed)


def refusal(problem: FileRefused) -> str:
    """Why a file is not taken, in words."""
    return {
        "empty": _("ファイルが空です。"),
        "ending": _(
            "この種類のファイルは受け取れません。PDF、PNG、JPEG、WebP、Word（.docx）、"
            "Excel（.xlsx）、PowerPoint（.pptx）、CSV、テキスト（.txt）のどれかにしてください。"
        ),
        "content": _(
            "ファイルの中身が、名前の種類（.%(ending)s）と合いません。壊れていないか、"
            "名前の終わりを書き換えていないかを確かめてください。",
            ending=problem.values.get("ending", ""),
        ),
        "old_office": _(
            "古い形式か、パスワードの付いた文書です。パスワードを外し、.docx、.xlsx、.pptx か "
            "PDF で保存し直してください。"
        ),
        "macro": _("マクロの入った文書は受け取れません。マクロのない形式で保存し直してください。"),
        "text": _("文字を読み取れません。UTF-8 か Shift_JIS で保存し直してください。"),
    }[problem.code]


def too_large() -> str:
    """The refusal of a file that is too large."""
    return _(
        "ファイルが大きすぎます。%(limit)s MB までにしてください。",
        limit=largest() // (1024 * 1024),
    )


def _not_stored() -> str:
    return _(
        "ファイルを保存できませんでした。保存先がいっぱいか、書き込めません。"
        "管理者に知らせてから、もう一度送ってください。記録は変わっていません。"
    )


def _refuse_too_many(place: Place) -> None:
    """Counted after the log's lock is held, so that two at once do not both pass."""
    if count_files(place.subject) > MOST:
        raise DomainError(
            _(
                "ファイルは %(most)s 個までです。いらないものを消してから加えてください。",
                most=MOST,
            ),
            field="file",
        )


def _yes(shared: bool) -> str:
    return _("共有する") if shared else _("庁内だけ")


def _log(row: Attachment, action: str, viewer: Viewer, **changes: tuple[object, object]) -> None:
    record(actor=viewer, action=action, subject=f"file:{row.public_id}", changes=changes)
