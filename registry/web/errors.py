"""Pages for what went wrong: what happened, what to do, and nothing of the inside."""

import secrets
from typing import Any

import structlog
from flask import Flask, current_app, g, jsonify, render_template, request
from flask.globals import request_ctx
from flask.sessions import NullSession
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from registry.common.errors import Conflict, ConflictField, DomainError, NotAllowed, NotFound
from registry.common.viewer import VISITOR
from registry.db import db
from registry.web.addresses import is_api
from registry.web.forms import TECHNICAL
from registry.web.i18n import listed
from registry.web.problems import Problem, problem_answer

Answer = Any
"""What Flask takes as an answer: a body, a status, perhaps headers."""
log = structlog.get_logger()


def page(status: int, *, what: str = "", todo: str = "", incident: str = "") -> Answer:
    """The error page of a status; JSON for those who ask for it, a problem for programs."""
    if is_api():
        return problem_answer(Problem(status, what, incident=incident)), status
    title, usual_what, usual_todo = _words(status)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(status=status, title=title, detail=what or usual_what), status
    words = {
        "status": status,
        "title_text": title,
        "what": what or usual_what,
        "todo": todo or usual_todo,
        "incident": incident,
    }
    try:
        return render_template("layout/error.html", **words), status
    except Exception:  # what the frame asks of the database may be what is broken
        log.exception("error page", status=status)
        do_without_database()
        return render_template("layout/error.html", **words), status


def do_without_database() -> None:
    """From here on this request is a visitor's, with an empty menu and the office's defaults."""
    g.without_database = True
    g.viewer = VISITOR
    login = getattr(current_app, "login_manager", None)
    if login is not None:
        g._login_user = login.anonymous_user()
    # Where opening the session is what failed there is none, and the frame reads it.
    if request_ctx._session is None:
        request_ctx._session = NullSession()


def is_without_database() -> bool:
    """Whether the page is rendered although the database does not answer."""
    return bool(g.get("without_database", False))


def _words(status: int) -> tuple[str, str, str]:
    words = {
        400: (
            _("送られた内容を読み取れませんでした"),
            _("画面を開いてから時間がたっているか、送信が途中で切れた可能性があります。"),
            _("前の画面に戻って、もう一度送ってください。"),
        ),
        401: (
            _("サインインが必要です"),
            _("サインインしていないか、時間がたってサインインが切れました。"),
            _("サインインしてから、もう一度送ってください。"),
        ),
        403: (
            _("この画面は開けません"),
            _("いまの役割では、この画面や操作は使えません。"),
            _("必要なときは、担当者か管理者に相談してください。"),
        ),
        404: (
            _("ページが見つかりません"),
            _("アドレスが違うか、公開が終わったか、あなたには公開されていないページです。"),
            _("アドレスを確かめるか、上の検索から探してください。"),
        ),
        405: (
            _("この操作はできません"),
            _("このアドレスは、この送り方では使えません。"),
            _("前の画面に戻って、ボタンから操作してください。"),
        ),
        409: (
            _("ほかの人が先に変更しました"),
            _("開いてから保存するまでの間に、同じ記録が変更されました。"),
            _("新しい内容を確かめてから、もう一度操作してください。"),
        ),
        413: (
            _("送られた内容が大きすぎます"),
            _("受け取れる大きさを超えています。"),
            _("文章を短くするか、小さいファイルにしてください。"),
        ),
        429: (
            _("回数が多すぎます"),
            _("短い時間に操作が続いたので、しばらく受け付けません。"),
            _("少し待ってから、もう一度試してください。"),
        ),
        503: (
            _("ただいま混み合っています"),
            _("データベースがほかの処理で使われています。"),
            _("少し待ってから、もう一度送ってください。書いた内容は前の画面に残っています。"),
        ),
    }
    return words.get(
        status,
        (
            _("うまく処理できませんでした"),
            _("こちらの側で問題が起きました。記録は、操作の前のままです。"),
            _("もう一度試して、続くときは下の番号を添えて知らせてください。"),
        ),
    )


def on_http(error: HTTPException) -> Answer | HTTPException:
    """Any plain HTTP error. A request for a host that is not ours gets no page: it has no links."""
    if isinstance(error, SecurityError):
        return "400 Bad Request: this host is not served here\n", 400
    original = getattr(error, "original_exception", None)
    if original is not None:
        return on_crash(original)
    status = error.code or 500
    if status < 400:
        return error
    kept = {name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After"}}
    return *page(status), kept


def on_domain(error: DomainError) -> Answer:
    """A rule refused outside a form."""
    db.session.rollback()
    if isinstance(error, NotFound):
        return page(404)
    if isinstance(error, NotAllowed):
        return page(403, what=str(error.message))
    return page(409, what=str(error.message))


def on_conflict(error: Conflict) -> Answer:
    """Somebody else was faster: show both texts; nothing typed is lost."""
    db.session.rollback()
    typed = [
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name not in TECHNICAL
    ]
    mine = [
        (str(f.label), listed(request.form.getlist(f.name)) if f.typed is None else f.typed)
        for f in error.fields
    ]
    theirs = [(str(f.label), f.stored) for f in error.fields]
    texts = [(f.name, str(f.label), request.form[f.name]) for f in error.fields if _is_words(f)]
    joined = {name for name, _label, _text in texts}
    html = render_template(
        "layout/conflict.html",
        message=str(error.message),
        mine=mine,
        theirs=theirs,
        typed=[(name, value) for name, value in typed if name not in joined],
        texts=texts,
        version=error.version,
    )
    return html, 409


def _is_words(field: ConflictField) -> bool:
    """Whether the conflict page offers the words to be joined with the stored ones."""
    return field.is_text and len(request.form.getlist(field.name)) == 1


def on_stale(_error: StaleDataError) -> Answer:
    """Two saves at the very same moment."""
    db.session.rollback()
    return page(409)


def on_csrf(_error: CSRFError) -> Answer:
    """A form without its token, or with an old one."""
    return page(400)


def on_crash(error: Exception) -> Answer:
    """Anything unforeseen: an incident number for the log, and a calm page."""
    db.session.rollback()
    if "database is locked" in str(error):
        return page(503)
    incident = secrets.token_hex(4)
    log.exception("incident", incident=incident, endpoint=request.endpoint)
    if isinstance(error, OperationalError):
        what = _("データベースに届きません。記録は、操作の前のままです。")
        return page(503, what=what, incident=incident)
    return page(500, incident=incident)


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(Problem, problem_answer)
    app.register_error_handler(CSRFError, on_csrf)
    app.register_error_handler(Conflict, on_conflict)
    app.register_error_handler(DomainError, on_domain)
    app.register_error_handler(StaleDataError, on_stale)
    app.register_error_handler(HTTPException, on_http)  # type: ignore[arg-type]
    app.register_error_handler(Exception, on_crash)
