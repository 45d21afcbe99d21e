"""API tokens for tests, and a program that calls the API with one."""

import contextvars
from datetime import timedelta
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from registry.accounts import tokens
from registry.accounts.models import User
from registry.accounts.scopes import Scope, scopes_for
from registry.accounts.tokens import TokenWish
from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from tests.conftest import TODAY


def make_key(owner: User, *scopes: Scope, days: int = 30) -> str:
    """The key of a new token with these scopes, with all that the role has a use for without."""
    wish = TokenWish("試験", scopes or tuple(scopes_for(owner.role)), TODAY + timedelta(days=days))
    with transaction():
        _token, key = tokens.create_token(owner, wish, today=TODAY, viewer=SYSTEM)
    return key


class Program:
    """A program that calls the API; without an owner it sends no token."""

    def __init__(self, app: Flask, owner: User | None = None, *scopes: Scope) -> None:
        self.http = app.test_client(use_cookies=False)
        self.key = make_key(owner, *scopes) if owner else ""

    def send(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        """One request below /api/v1, as a server would answer it."""
        headers = dict(kwargs.pop("headers", {}))
        if self.key:
            headers.setdefault("Authorization", f"Bearer {self.key}")
        call = (self.http.open, f"/api/v1{path}")
        answer: TestResponse = contextvars.Context().run(
            *call, method=method, headers=headers, **kwargs
        )
        db.session.rollback()
        return answer

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.send("GET", path, **kwargs)

    def post(self, path: str, body: Any, **kwargs: Any) -> TestResponse:
        return self.send("POST", path, json=body, **kwargs)

    def patch(self, path: str, body: Any, tag: str | None = None, **kwargs: Any) -> TestResponse:
        """Change a record, as it stands now when no tag is given."""
        tag = tag or self.get(path).headers["ETag"]
        return self.send("PATCH", path, json=body, headers={"If-Match": tag}, **kwargs)
