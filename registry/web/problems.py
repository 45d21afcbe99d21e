"""What went wrong, told to a program: problem details (RFC 9457) in the reader's language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response
from flask_babel import gettext as _

from registry.web.i18n import locale

MEDIA_TYPE = "application/problem+json"
REALM = 'Bearer realm="Musubi"'
CODES = {
    400: "malformed",
    401: "token-needed",
    403: "not-allowed",
    404: "not-found",
    405: "method",
    409: "refused",
    412: "stale",
    413: "too-large",
    415: "media-type",
    422: "invalid",
    428: "if-match-needed",
    429: "too-many",
    500: "error",
    503: "busy",
}
"""Status → the last word of the problem's type, an anchor on the documentation page."""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: where (`pointer` into the body, or a `parameter` or `header`), a
    stable code, and what to do in words."""

    detail: str
    code: str = "invalid"
    pointer: str = ""
    parameter: str = ""
    header: str = ""

    def as_json(self) -> dict[str, str]:
        """Its members that say something."""
        return {name: str(value) for name, value in vars(self).items() if value != ""}


class Problem(Exception):
    """A request of a program that is not answered as it wished."""

    def __init__(
        self,
        status: int,
        detail: object = "",
        *,
        faults: tuple[Fault, ...] = (),
        headers: Mapping[str, str] | None = None,
        incident: str = "",
        code: str = "",
    ) -> None:
        super().__init__(status, str(detail))
        self.status, self.detail, self.faults = status, detail, faults
        self.headers, self.incident = dict(headers or {}), incident
        self.code = code or CODES.get(status, "error")


def problem_answer(problem: Problem) -> Response:
    """The answer that tells a problem; 401 says how to do it right (RFC 6750)."""
    title, usual = words(problem.status)
    body: dict[str, object] = {
        "type": f"/api#problem-{problem.code}",
        "title": title,
        "status": problem.status,
        "detail": str(problem.detail) or usual,
    }
    if problem.faults:
        body["errors"] = [fault.as_json() for fault in problem.faults]
    if problem.incident:
        body["incident"] = problem.incident
    headers = {"Content-Language": locale(), **problem.headers}
    if problem.status == 401:
        headers.setdefault("WWW-Authenticate", REALM)
    if problem.status == 503:
        headers.setdefault("Retry-After", "5")
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, problem.status, headers, mimetype=MEDIA_TYPE)


def words(status: int) -> tuple[str, str]:
    """(title, usual detail) of a status."""
    found = {
        400: (
            _("読み取れない送信です"),
            _("本文が JSON として読めません。UTF-8 の JSON を送ってください。"),
        ),
        401: (
            _("トークンが必要です"),
            _("Authorization ヘッダーに Bearer トークンを付けて送ってください。"),
        ),
        403: (_("許可がありません"), _("このトークンの持ち主と範囲では、この操作はできません。")),
        404: (
            _("見つかりません"),
            _("ないか、このトークンには見えないものです。"),
        ),
        405: (
            _("このアドレスでは使えない方法です"),
            _("Allow ヘッダーにある方法で送ってください。"),
        ),
        409: (_("いまはできません"), _("記録の状態か、決まりのために受け付けられません。")),
        412: (
            _("古い版にもとづく変更です"),
            _("ほかの人が先に変更しました。読み直して、新しい ETag を If-Match に入れてください。"),
        ),
        413: (_("大きすぎます"), _("本文は 1 MB までです。")),
        415: (
            _("受け取れない形式です"),
            _("Content-Type を application/json にして送ってください。"),
        ),
        422: (_("直すところがあります"), _("errors にある箇所を直して、もう一度送ってください。")),
        428: (
            _("If-Match が必要です"),
            _("先に読み、その ETag を If-Match ヘッダーに入れて送ってください。"),
        ),
        429: (_("回数が多すぎます"), _("Retry-After の秒数だけ待ってから送ってください。")),
        503: (_("ただいま混み合っています"), _("少し待ってから、もう一度送ってください。")),
    }
    return found.get(
        status,
        (
            _("うまく処理できませんでした"),
            _("こちらの側で問題が起きました。記録は、操作の前のままです。"),
        ),
    )
