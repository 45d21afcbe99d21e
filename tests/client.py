"""The test client as a page object: every page fetched is also checked as a page."""

import contextvars
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from flask import Flask, has_app_context
from werkzeug.test import TestResponse

from registry.accounts.models import User
from registry.db import db

PASSWORD = "a long password for tests"


class _Reader(HTMLParser):
    """Reads what a page is made of: headings, labels, inputs, forms, links."""

    def __init__(self) -> None:
        super().__init__()
        self.lang = ""
        self.title = ""
        self.h1: list[str] = []
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.inputs: list[dict[str, str | None]] = []
        self.forms: list[dict[str, Any]] = []
        self.links: list[tuple[str, str]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self._in_label = 0
        self._link: list[Any] | None = None
        self._select: dict[str, Any] | None = None
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = dict(attrs)
        if a.get("id"):
            self.ids.append(a["id"] or "")
        if tag == "html":
            self.lang = a.get("lang") or ""
        if tag in ("title", "h1", "script", "style"):
            self._open.append(tag)
            if tag == "h1":
                self.h1.append("")
        if tag == "label":
            self._in_label += 1
            if a.get("for"):
                self.labels.add(a["for"] or "")
        if tag == "form":
            self.forms.append(
                {
                    "action": a.get("action") or "",
                    "method": (a.get("method") or "get").lower(),
                    "fields": [],
                    "id": a.get("id"),
                }
            )
        if tag in ("input", "select", "textarea"):
            self.inputs.append({**a, "tag": tag, "labelled": "yes" if self._in_label else None})
            self._collect(tag, a)
        if tag == "option" and self._select is not None:
            self._select["options"].append(a.get("value") or "")
            if "selected" in a:
                self._select["value"] = a.get("value") or ""
        if tag == "a" and a.get("href"):
            self._link = [a["href"], ""]

    def _collect(self, tag: str, a: dict[str, str | None]) -> None:
        if not a.get("name"):
            return
        form = self.forms[-1] if self.forms else None
        if a.get("form"):
            form = next((f for f in self.forms if f["id"] == a["form"]), form)
        if form is None:
            return
        if tag == "select":
            self._select = {"name": a["name"], "value": None, "options": []}
            form["fields"].append(self._select)
        elif tag == "textarea":
            entry = {"name": a["name"], "value": ""}
            form["fields"].append(entry)
            self._textarea = a["name"]
        elif a.get("type") in ("checkbox", "radio"):
            if "checked" in a:
                form["fields"].append({"name": a["name"], "value": a.get("value") or "y"})
        elif a.get("type") not in ("submit", "button", "file"):
            form["fields"].append({"name": a["name"], "value": a.get("value") or ""})

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        if tag == "label":
            self._in_label -= 1
        if tag == "select":
            self._select = None
        if tag == "textarea":
            self._textarea = None
        if tag == "a" and self._link:
            self.links.append((self._link[0], " ".join(self._link[1].split())))
            self._link = None

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self.forms[-1]["fields"][-1]["value"] += data
        if self._open and self._open[-1] in ("script", "style"):
            return
        if self._open and self._open[-1] == "title":
            self.title += data
            return
        if self._open and self._open[-1] == "h1":
            self.h1[-1] += data
        if self._link:
            self._link[1] += data
        self.text.append(data)


@dataclass
class Page:
    """One answer: its status, text, links and forms."""

    response: TestResponse
    reader: _Reader

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def text(self) -> str:
        """What a person reads, with single spaces."""
        return re.sub(r"\s+", " ", " ".join(self.reader.text))

    @property
    def location(self) -> str:
        return self.response.headers.get("Location", "")

    def form(self, containing: str | None = None, action: str | None = None) -> dict[str, Any]:
        """The first POST form that has a field of that name, or that action (a part of it)."""
        for form in self.reader.forms:
            names = {field["name"] for field in form["fields"]}
            fits = (containing is None or containing in names) and (
                action is None or action in form["action"]
            )
            if form["method"] == "post" and fits and "/sign-out" not in form["action"]:
                return form
        raise AssertionError(f"no form with {containing or action} on this page")

    def has_link(self, text: str) -> bool:
        return any(text in words for _href, words in self.reader.links)

    def link(self, text: str) -> str:
        """Address of the first link whose words contain `text`."""
        for href, words in self.reader.links:
            if text in words:
                return href
        raise AssertionError(f"no link {text!r} on this page")


class Client:
    """Fetches pages as one person, with cookies; posts their forms with what stands in them."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http = app.test_client()
        self.address = ""

    def get(self, address: str, *, status: int = 200, **kwargs: Any) -> Page:
        """Fetch a page, expecting a status; an HTML page is checked for its frame."""
        return self._page(self._send(self.http.get, address, **kwargs), status, address)

    def follow(self, page: Page) -> Page:
        """The page that a redirect leads to."""
        return self.get(page.location)

    def post(
        self,
        address: str,
        data: Mapping[str, Any] | None = None,
        *,
        status: int = 303,
        containing: str | None = None,
        action: str | None = None,
        at: str | None = None,
    ) -> Page:
        """Open the page (`at`, or the address itself), fill its form with `data` and post it.

        Fields not named keep what stands in the page; a value of None leaves the field out.
        """
        page = self.get(at or address)
        form = page.form(containing, action)
        return self.submit(form, data, address=form["action"] or at or address, status=status)

    def submit(
        self,
        form: Mapping[str, Any],
        data: Mapping[str, Any] | None = None,
        *,
        address: str,
        status: int = 303,
    ) -> Page:
        """Post a form that was read before."""
        given = dict(data or {})
        values: dict[str, list[str]] = {}
        for field in form["fields"]:
            value = field["value"]
            if value is None:
                value = next(iter(field.get("options", [])), "")
            values.setdefault(field["name"], []).append(value)
        for name, value in given.items():
            if value is None:
                values.pop(name, None)
            else:
                values[name] = [str(v) for v in value] if isinstance(value, list) else [str(value)]
        return self._page(self._send(self.http.post, address, data=values), status, address)

    def raw_post(
        self, address: str, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> TestResponse:
        """Post without reading a page first: no token."""
        return self._send(self.http.post, address, data=data, **kwargs)

    def sign_in(self, user: User) -> "Client":
        """Sign in over the sign-in page."""
        email = user.email
        self.post(
            "/sign-in", {"email": email, "password": PASSWORD}, status=302, containing="password"
        )
        return self

    def _send(self, send: Callable[..., TestResponse], *args: Any, **kwargs: Any) -> TestResponse:
        """Send as a server would: without the test's app context, its `g` and its session; then
        the test's own session reads anew what the request wrote."""
        response = contextvars.Context().run(send, *args, **kwargs)
        if has_app_context():
            db.session.rollback()
        return response

    def _page(self, response: TestResponse, status: int, address: str) -> Page:
        reader = _Reader()
        if response.mimetype == "text/html":
            reader.feed(response.get_data(as_text=True))
        page = Page(response, reader)
        assert response.status_code == status, (
            f"{address}: {response.status_code} instead of {status} {page.location}\n{page.text[:2000]}"
        )
        if (
            response.mimetype == "text/html"
            and status in (200, 404, 403, 409)
            and "<html" in page.html
        ):
            _check_frame(page, address)
        return page


def _check_frame(page: Page, address: str) -> None:
    reader = page.reader
    assert reader.title.strip(), f"{address}: no title"
    assert len(reader.h1) == 1, f"{address}: {len(reader.h1)} h1"
    assert reader.lang in ("ja", "en"), f"{address}: no language"
    doubled = {i for i in reader.ids if reader.ids.count(i) > 1}
    assert not doubled, f"{address}: ids twice: {doubled}"
    for field in reader.inputs:
        if field.get("type") in ("hidden", "submit", "button"):
            continue
        named = field["labelled"] or field.get("aria-label") or field.get("aria-labelledby")
        assert named or field.get("id") in reader.labels, f"{address}: no label: {field}"
