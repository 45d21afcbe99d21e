"""Who a program acts for: the owner of its token, within the token's scopes."""

import time
from dataclasses import dataclass

from flask import Response, g, request
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from limits import parse

from registry.accounts.models import User
from registry.accounts.scopes import Scope, covers
from registry.accounts.tokens import live_token, note_use
from registry.audit.service import record
from registry.common import calendar
from registry.web.access import viewer
from registry.web.limits import limiter
from registry.web.problems import REALM, Problem

READING = "1200 per minute"
WRITING = "120 per minute"
FAILING = "60 per minute"
COUNTED = 10
"""Reading is counted in so many at once: a count is a write, which a read should not wait for."""

_seen: dict[str, int] = {}


@dataclass(frozen=True)
class UsedToken:
    """The token of this request."""

    id: int
    public_id: str
    scopes: frozenset[str]


def token_user() -> User | None:
    """The owner of the token sent, or None without one; a session does not count here.

    Raises Problem: 401 for a token that opens nothing, 429 for one who guesses.
    """
    sent = request.headers.get("Authorization")
    if sent is None:
        return None
    kind, _space, key = sent.partition(" ")
    token = live_token(key.strip(), calendar.today()) if kind.lower() == "bearer" else None
    if token is None:
        _limit(FAILING, f"refused:{get_remote_address()}")
        raise Problem(
            401,
            _("このトークンは使えません。期限、取り消し、書き写しを確かめてください。"),
            code="token-invalid",
            headers={"WWW-Authenticate": f'{REALM}, error="invalid_token"'},
        )
    g.api_token = UsedToken(token.id, token.public_id, frozenset(token.scopes))
    g.api_last_used = token.last_used_at
    return token.user


def require_scope(scope: Scope) -> None:
    """Refuse what the token's scopes do not take in; without a token public things are open."""
    used: UsedToken | None = g.get("api_token")
    if used is None or covers(used.scopes, scope):
        return
    raise Problem(
        403,
        _("このトークンには「%(scope)s」の範囲がありません。", scope=scope.value),
        code="scope-needed",
        headers={"WWW-Authenticate": f'{REALM}, error="insufficient_scope", scope="{scope.value}"'},
    )


def count_request() -> None:
    """Count this request against its token's, or its address's, limit. Raises Problem (429)."""
    used: UsedToken | None = g.get("api_token")
    who = used.public_id if used else get_remote_address()
    if request.method not in {"GET", "HEAD"}:
        _limit(WRITING, f"write:{who}")
        return
    if len(_seen) > 10_000:
        _seen.clear()
    _seen[who] = _seen.get(who, 0) + 1
    if _seen[who] % COUNTED == 0:
        _limit(READING, f"read:{who}", cost=COUNTED)


def record_use(address: str) -> None:
    """Write into the log that a token was used to write, and what; in the change's transaction."""
    used: UsedToken | None = g.get("api_token")
    if used is not None:
        record(
            actor=viewer(),
            action="token.used",
            subject=f"token:{used.public_id}",
            changes={"request": (None, f"{request.method} {address}")},
        )


def note_token(response: Response) -> Response:
    """After an answer: note when the token was used last, to the nearest ten minutes."""
    used: UsedToken | None = g.get("api_token")
    if used is not None and response.status_code < 400:
        note_use(used.id, g.get("api_last_used"))
    return response


def _limit(rule: str, key: str, *, cost: int = 1) -> None:
    if not limiter.enabled:
        return
    item, counter = parse(rule), limiter.limiter
    if not counter.hit(item, "api", key, cost=cost):
        wait = counter.get_window_stats(item, "api", key).reset_time - time.time()
        raise Problem(429, headers={"Retry-After": str(max(1, round(wait)))})
