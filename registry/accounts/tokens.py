"""API tokens: making, finding, ending them. The key itself is shown once and never kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from registry.accounts.models import ApiToken, User
from registry.accounts.scopes import Scope, scopes_for
from registry.audit.service import record
from registry.common.errors import DomainError, NotFound
from registry.common.viewer import Viewer
from registry.db import db, now, own_transaction

BEGINNING = "musubi_"
SHOWN = len(BEGINNING) + 6
"""So many characters of a key are kept to know it again."""
LONGEST = timedelta(days=366)
MOST = 20
"""So many live tokens a person may have."""
EVERY = timedelta(minutes=10)
"""How exactly the last use is kept."""


@dataclass(frozen=True)
class TokenWish:
    """What a token is to be called and to open, and its last day."""

    name: str
    scopes: tuple[Scope, ...]
    expires_on: date


def create_token(
    owner: User, wish: TokenWish, *, today: date, viewer: Viewer
) -> tuple[ApiToken, str]:
    """A new token and its key, which nobody can read again.

    Raises DomainError at the field that cannot stand: no scope, one that the owner's role has no
    use for, a last day that has passed or lies too far ahead.
    """
    _check(owner, wish, today)
    key = BEGINNING + secrets.token_urlsafe(32)
    token = ApiToken(
        user=owner,
        name=wish.name.strip(),
        prefix=key[:SHOWN],
        token_hash=hash_of_key(key),
        scopes=sorted(scope.value for scope in wish.scopes),
        expires_on=wish.expires_on,
    )
    db.session.add(token)
    db.session.flush()
    record(
        actor=viewer,
        action="token.created",
        subject=f"token:{token.public_id}",
        changes={
            "owner": (None, owner.public_id),
            "name": (None, token.name),
            "scopes": (None, token.scopes),
            "expires_on": (None, token.expires_on),
        },
    )
    return token, key


def revoke_token(token: ApiToken, *, viewer: Viewer) -> None:
    """End a token: it opens nothing from the next request on. Ending it twice changes nothing."""
    if token.revoked_at is None:
        token.revoked_at = now()
        record(actor=viewer, action="token.revoked", subject=f"token:{token.public_id}")


def revoke_tokens_of(user: User, *, viewer: Viewer) -> None:
    """End all tokens of an account that ends."""
    for token in tokens_of(user):
        revoke_token(token, viewer=viewer)


def tokens_of(user: User | None = None) -> list[ApiToken]:
    """A person's tokens (everybody's without one), the newest first, ended ones too."""
    statement = select(ApiToken).options(joinedload(ApiToken.user))
    if user is not None:
        statement = statement.where(ApiToken.user_id == user.id)
    return list(db.session.scalars(statement.order_by(ApiToken.created_at.desc(), ApiToken.id)))


def get_token(public_id: str, viewer: Viewer) -> ApiToken:
    """The token of that id. Raises NotFound unless the viewer owns it or administers people."""
    token = db.session.scalar(select(ApiToken).where(ApiToken.public_id == public_id))
    if token is None or not (token.user_id == viewer.user_id or viewer.may("users.administer")):
        raise NotFound
    return token


def live_token(key: str, today: date) -> ApiToken | None:
    """The token of a key, if it opens anything today."""
    if not key.startswith(BEGINNING) or len(key) > 100:
        return None
    token = db.session.scalar(
        select(ApiToken)
        .where(ApiToken.token_hash == hash_of_key(key))
        .options(joinedload(ApiToken.user))
    )
    return token if token is not None and token.is_live(today) else None


def hash_of_key(key: str) -> str:
    """What is stored of a key: SHA-256, since the key itself is random enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def note_use(token_id: int, last: datetime | None) -> None:
    """Set `last_used_at` when it is older than ten minutes. The version stays."""
    moment = now()
    if last is not None and last >= moment - EVERY:
        return
    with own_transaction() as own:
        own.execute(
            update(ApiToken)
            .where(
                ApiToken.id == token_id,
                or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at < moment - EVERY),
            )
            .values(last_used_at=moment, updated_at=ApiToken.updated_at)
        )


def _check(owner: User, wish: TokenWish, today: date) -> None:
    if not wish.name.strip():
        raise DomainError(_("何に使うトークンかを入力してください。"), field="name")
    _check_scopes(owner, wish.scopes)
    if not today <= wish.expires_on <= today + LONGEST:
        raise DomainError(
            _("期限は、今日から %(days)s 日先までにしてください。", days=LONGEST.days),
            field="expires_on",
        )
    if len([token for token in tokens_of(owner) if token.is_live(today)]) >= MOST:
        raise DomainError(
            _(
                "使えるトークンは %(most)s 個までです。使わないものを取り消してから作ってください。",
                most=MOST,
            )
        )


def _check_scopes(owner: User, scopes: Sequence[Scope]) -> None:
    if not scopes:
        raise DomainError(_("使える範囲を一つ以上選んでください。"), field="scopes")
    useless = [scope.value for scope in scopes if scope not in scopes_for(owner.role)]
    if useless:
        raise DomainError(
            _("この役割では使えない範囲です：%(scopes)s", scopes=", ".join(useless)),
            field="scopes",
        )
