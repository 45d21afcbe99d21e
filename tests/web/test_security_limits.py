"""Sizes: what is at the limit goes through, what is one beyond is refused calmly."""

import pytest

from registry.common.roles import Role
from tests.client import Client
from tests.factories.accounts import make_user

MEGABYTE = 1024 * 1024
MULTIPART = "multipart/form-data"


@pytest.fixture
def boss(client: Client) -> Client:
    return client.sign_in(make_user(Role.ADMINISTRATOR))


def post(client: Client, kind: str = "application/x-www-form-urlencoded", **data: str) -> int:
    """Post to the profile with a right token; the status."""
    values = {**answers(client), **data}
    answer = client._send(client.http.post, "/account", data=values, content_type=kind)
    answer.close()
    return int(answer.status_code)


def answers(client: Client) -> dict[str, str]:
    """What stands in the profile's form."""
    fields = client.get("/account").form(containing="locale")["fields"]
    return {f["name"]: f["value"] for f in fields if f["value"] is not None}


def test_a_form_may_hold_a_megabyte_and_no_byte_more(boss: Client) -> None:
    assert post(boss, padding="x" * (MEGABYTE - 2000)) == 303
    assert post(boss, padding="x" * (MEGABYTE + 1)) == 413


def test_a_form_may_have_two_thousand_parts_and_no_more(boss: Client) -> None:
    known = len(answers(boss))

    assert post(boss, MULTIPART, **{f"p{n}": "x" for n in range(2000 - known)}) == 303
    assert post(boss, MULTIPART, **{f"p{n}": "x" for n in range(2001 - known)}) == 413


def test_a_request_may_have_sixteen_megabytes_and_no_byte_more(boss: Client) -> None:
    answer = boss._send(
        boss.http.post,
        "/account",
        data=b"x" * (16 * MEGABYTE + 1),
        content_type="application/octet-stream",
    )
    assert answer.status_code in (400, 413)
    urlencoded = boss._send(
        boss.http.post,
        "/account",
        data=b"padding=" + b"x" * (16 * MEGABYTE),
        content_type="application/x-www-form-urlencoded",
    )
    assert urlencoded.status_code == 413
    assert "大きすぎます" in urlencoded.get_data(as_text=True)


def test_a_very_long_text_gets_a_message_at_its_field(boss: Client) -> None:
    page = boss.post("/account", {"name": "あ" * 10_000}, containing="locale", status=200)

    assert "80 文字以内で入力してください" in page.text
    assert "あ" * 10_000 in page.html


@pytest.mark.parametrize("text", ["a\x00b", "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe"])
def test_bytes_that_are_no_text_never_break_a_page(boss: Client, text: object) -> None:
    fields = boss.get("/account").form(containing="locale")["fields"]
    token = next(f["value"] for f in fields if f["name"] == "csrf_token")
    raw = text if isinstance(text, bytes) else str(text).encode()
    answer = boss._send(
        boss.http.post,
        "/account",
        data=b"locale=ja&csrf_token=" + token.encode() + b"&name=" + raw.replace(b"\x00", b"%00"),
        content_type="application/x-www-form-urlencoded",
    )

    assert answer.status_code < 500


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=-1", "page=99999999999999999999", "page=x", "q=%00", "q=%ff", "page=1&page=2"],
)
def test_odd_queries_never_break_a_list(boss: Client, query: str) -> None:
    expected = 400 if "%00" in query else 200
    for address in ("/admin/users", "/admin/outbox", "/admin/audit"):
        assert boss._send(boss.http.get, f"{address}?{query}").status_code == expected


def test_a_nul_in_an_address_is_no_page(boss: Client) -> None:
    assert boss._send(boss.http.get, "/admin/users/a%00b").status_code == 404
