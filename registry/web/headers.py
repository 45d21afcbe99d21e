"""Security headers of every answer."""

from flask import Flask, Response, request

from registry.web.addresses import is_api

POLICY = (
    "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def add_headers(response: Response) -> Response:
    """No foreign content, no framing, no sniffing; nothing but static files is cached, and a
    program asks each time whether what it keeps still holds."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if is_api():
        headers["Cache-Control"] = "private, no-cache"
        response.vary.update(["Authorization", "Accept-Language"])
    elif request.endpoint != "static":
        headers["Cache-Control"] = "no-store"
        response.vary.add("Cookie")
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def init_app(app: Flask) -> None:
    """Add the headers to every answer of the app."""
    app.after_request(add_headers)
