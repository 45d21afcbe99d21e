"""Pages of files: adding, changing, removing, putting back, and handing them out."""

from flask import Blueprint, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from registry.attachments import service
from registry.attachments.forms import FileEditForm, FileForm
from registry.attachments.kinds import MIME
from registry.attachments.labels import ACCEPT, kind_label, size_label
from registry.attachments.places import Place, place_of
from registry.attachments.queries import file_to_write, get_file
from registry.attachments.storage import path_of
from registry.common.errors import NotFound
from registry.web.access import allow, viewer
from registry.web.errors import page
from registry.web.pressing import press
from registry.web.submit import submit

bp = Blueprint("attachments", __name__)
SANDBOX = "default-src 'none'; sandbox"


@bp.app_context_processor
def words() -> dict[str, object]:
    """For pages of other rooms that list files."""
    return {"file_kind": kind_label, "file_size": size_label}


def page_of(place: Place) -> str:
    """The address at which a record's files are shown."""
    return url_for(place.endpoint, public_id=place.public_id, _anchor="files")


@bp.get("/files/<public_id>")
@allow("files.read")
def show(public_id: str) -> ResponseReturnValue:
    """Hand a file out, to be saved: never shown in this site's own page."""
    row, _place = get_file(public_id, viewer())
    path = path_of(row.sha256)
    if not path.is_file():
        return page(404, what=_("ファイルの中身が保存先にありません。"),
                    todo=_("管理者に、控えから戻せるかを尋ねてください。"))  # fmt: skip
    answer = send_file(
        path,
        mimetype=MIME[row.kind],
        as_attachment=True,
        download_name=row.name,
        etag=row.sha256,
        last_modified=row.created_at,
    )
    # Of a text the encoding is not ours to say.
    answer.headers["Content-Type"] = MIME[row.kind]
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


@bp.route("/files/of/<kind>/<public_id>/new", methods=["GET", "POST"])
@allow("files.write")
def add(kind: str, public_id: str) -> ResponseReturnValue:
    """Add a file to a record."""
    place = place_of(f"{kind}:{public_id}", viewer())
    if not place.writes:
        raise NotFound
    form = FileForm()
    response = submit(
        form,
        lambda: service.add_file(place, _sent(form), viewer=viewer()),
        then=lambda _row: page_of(place),
        message=lambda row: _("「%(name)s」を加えました。", name=row.name),
    )
    return response or render_template(
        "attachments/add.html",
        form=form,
        place=place,
        accept=ACCEPT,
        back=page_of(place),
        megabytes=service.largest() // (1024 * 1024),
        most=service.MOST,
    )


@bp.route("/files/<public_id>/edit", methods=["GET", "POST"])
@allow("files.write")
def edit(public_id: str) -> ResponseReturnValue:
    """Change a file's words and whether it is shared."""
    row, place = file_to_write(public_id, viewer())
    form = FileEditForm(data={"note": row.note, "shared": row.shared, "version": row.version})
    response = submit(
        form,
        lambda: service.change_file(
            row,
            note=form.note.data or "",
            shared=bool(form.shared.data),
            version=form.version.data,
            viewer=viewer(),
        ),
        then=lambda _result: page_of(place),
        message=_("変更しました。"),
    )
    return response or render_template(
        "attachments/edit.html", form=form, place=place, row=row, back=page_of(place)
    )


@bp.post("/files/<public_id>/remove")
@allow("files.write")
def remove(public_id: str) -> ResponseReturnValue:
    """Take a file away."""
    row, place = file_to_write(public_id, viewer())
    message = _(
        "「%(name)s」を消しました。30 日のあいだ、「消したファイル」から元に戻せます。",
        name=row.name,
    )
    return press(
        lambda: service.remove_file(row, viewer=viewer()), back=page_of(place), message=message
    )


@bp.post("/files/<public_id>/restore")
@allow("files.write")
def restore(public_id: str) -> ResponseReturnValue:
    """Put a removed file back."""
    row, place = file_to_write(public_id, viewer())
    message = _("「%(name)s」を元に戻しました。", name=row.name)
    return press(
        lambda: service.restore_file(row, place, viewer=viewer()),
        back=page_of(place),
        message=message,
    )


def _sent(form: FileForm) -> service.NewFile:
    """What was sent; of what is too large only as much is read as shows it."""
    file = form.file.data
    data = file.read(service.largest() + 1)
    file.close()
    return service.NewFile(
        name=file.filename or "",
        data=data,
        note=form.note.data or "",
        shared=bool(form.shared.data),
    )
