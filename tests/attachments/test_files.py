"""Files of a case: what is taken, where it lies, who opens it, and how it goes and comes back."""

import io
import os
import re
import shutil
import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask, current_app
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart

from registry.attachments import service, storage
from registry.attachments.models import Attachment
from registry.attachments.names import clean_name
from registry.attachments.queries import claimed
from registry.cases import service as cases
from registry.cases.models import Case, Side
from registry.common.roles import Role
from registry.common.viewer import SYSTEM
from registry.db import db, now, transaction
from tests.client import Client, Page
from tests.factories.accounts import make_user
from tests.factories.cases import answer, ask, make_case, make_introduced_case, party
from tests.factories.organizations import make_member, make_organization

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 20


def document(*parts: str) -> bytes:
    """A ZIP with these parts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as book:
        for part in ("[Content_Types].xml", *parts):
            book.writestr(part, "<x/>")
    return data.getvalue()


def upload(
    client: Client, case: Case, name: str, data: bytes, *, status: int = 303, **fields: str
) -> Page:
    address = f"/files/of/case/{case.public_id}/new"
    form = client.get(address).form("note")
    values = {field["name"]: field["value"] for field in form["fields"]}
    sent = {**values, **fields, "file": FileStorage(io.BytesIO(data), name)}
    body, length, boundary = stream_encode_multipart(sent, threshold=64 * 1024 * 1024)
    response = client._send(
        client.http.post,
        address,
        input_stream=body,
        content_length=length,
        content_type=f'multipart/form-data; boundary="{boundary}"',
    )
    return client._page(response, status, address)


def only_file() -> Attachment:
    return db.session.query(Attachment).one()


def fetch(client: Client, row: Attachment, **kwargs: object) -> TestResponse:
    return client._send(client.http.get, f"/files/{row.public_id}", buffered=True, **kwargs)


@pytest.fixture(autouse=True)
def empty_folder(app: Flask) -> Iterator[None]:
    yield
    shutil.rmtree(storage.files_folder(), ignore_errors=True)


@pytest.fixture
def staff(client: Client) -> Client:
    return client.sign_in(make_user(Role.COORDINATOR))


@pytest.mark.parametrize(
    ("name", "data", "mime"),
    [
        ("試験結果.pdf", PDF, "application/pdf"),
        ("写真.PNG", PNG, "image/png"),
        ("写真.jpeg", b"\xff\xd8\xff\xe0" + b"0" * 20, "image/jpeg"),
        ("写真.webp", b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        ("書面.docx", document("word/document.xml"),
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("費用.xlsx", document("xl/workbook.xml"),
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("説明.pptx", document("ppt/presentation.xml"),
         "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        ("残液.csv", "番号,残液\n1,なし\n".encode("cp932"), "text/csv"),
        ("メモ.txt", "治具の向きを変える".encode(), "text/plain"),
    ],
)  # fmt: skip
def test_what_is_taken_comes_back_byte_for_byte_as_a_file_to_save(
    staff: Client, name: str, data: bytes, mime: str
) -> None:
    case = make_case()

    shown = staff.follow(upload(staff, case, name, data, note="2 回目の試し洗い"))
    row = only_file()
    answer = fetch(staff, row)

    assert row.name.lower() in shown.text.lower() and "2 回目の試し洗い" in shown.text
    assert "庁内だけ" in shown.text
    assert answer.get_data() == data
    assert answer.headers["Content-Type"] == mime
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["ETag"] == f'"{row.sha256}"'
    again = fetch(staff, row, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304 and not again.get_data()
    lies = storage.path_of(row.sha256)
    assert lies.read_bytes() == data and lies.stat().st_mode & 0o077 == 0
    assert "static" not in lies.parts and name not in str(lies)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("空.pdf", b"", "ファイルが空です"),
        ("図.svg", b"<svg/>", "この種類のファイルは受け取れません"),
        ("道具.exe", b"MZ", "この種類のファイルは受け取れません"),
        ("名なし", PDF, "この種類のファイルは受け取れません"),
        ("偽.pdf", b"<html><script>1</script>", "ファイルの中身が、名前の種類（.pdf）と合いません"),
        ("偽.png", PDF, "（.png）と合いません"),
        ("偽.docx", document("xl/workbook.xml"), "（.docx）と合いません"),
        ("偽.xlsx", b"PK\x03\x04 broken", "（.xlsx）と合いません"),
        ("抜け.docx", document("word/document.xml", "../../x"), "（.docx）と合いません"),
        ("古い.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99, "古い形式か、パスワード"),
        ("動く.xlsx", document("xl/workbook.xml", "xl/vbaProject.bin"), "マクロの入った文書"),
        ("壊れた.txt", b"\x81\xff\xfe\x00\x80", "文字を読み取れません"),
        ("二進.csv", b"a,b\x00\x01", "と合いません"),
    ],
)
def test_what_is_refused_says_why_and_keeps_the_note(
    staff: Client, name: str, data: bytes, words: str
) -> None:
    case = make_case()

    page = upload(staff, case, name, data, status=200, note="ここまで書いた説明")

    assert words in page.text
    assert 'value="ここまで書いた説明"' in page.html
    assert db.session.query(Attachment).count() == 0
    assert list(storage.files_folder().glob("??/*")) == []


def test_size_and_number_have_limits(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    case, largest = make_case(), service.largest()

    page = upload(staff, case, "大.txt", b"a" * (largest + 1), status=200, note="残る説明")
    assert "10 MB までにしてください" in page.text and "残る説明" in page.html
    assert db.session.query(Attachment).count() == 0
    huge = upload(staff, case, "巨大.txt", b"a" * (17 * 1024 * 1024), status=413)
    assert "大きすぎます" in huge.text

    upload(staff, case, "限り.txt", b"a" * largest)
    monkeypatch.setattr(service, "MOST", 2)
    upload(staff, case, "二つ目.txt", b"b")
    page = upload(staff, case, "三つ目.txt", b"c", status=200, note="残る説明")
    assert "ファイルは 2 個までです" in page.text and "残る説明" in page.html
    assert db.session.query(Attachment).count() == 2


def test_a_retry_makes_one_file_and_another_file_from_the_same_page_is_another(
    staff: Client,
) -> None:
    case = make_case()
    address = f"/files/of/case/{case.public_id}/new"
    values = {f["name"]: f["value"] for f in staff.get(address).form("note")["fields"]}

    for data in (PDF, PDF, PNG):
        name = "資料.pdf" if data is PDF else "資料.png"
        sent = {**values, "file": (io.BytesIO(data), name)}
        response = staff._send(staff.http.post, address, data=sent)
        assert response.status_code == 303

    assert [row.name for row in db.session.query(Attachment)] == ["資料.pdf", "資料.png"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\yuka\\結果.PDF", "結果.pdf"),
        ("con.txt", "file_con.txt"),
        ("\u202egnp.pdf", "gnp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a__Set-Cookie_ x.pdf"),
        ("...pdf", "pdf"),
        ("", "file"),
        ('<b>"x"</b>.csv', "b_.csv"),
        ("か\u3099.txt", "が.txt"),
        ("長" * 300 + ".xlsx", "長" * 115 + ".xlsx"),
    ],
)
def test_names_are_kept_without_what_could_mislead(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_full_disk_or_an_unwritable_folder_is_told_and_nothing_is_half_written(
    staff: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        page = upload(staff, case, "結果.pdf", PDF, status=200, note="残る説明")
    assert "保存先がいっぱいか、書き込めません" in page.text and "残る説明" in page.html
    assert list(storage.files_folder().glob("??/*")) == []
    assert db.session.query(Attachment).count() == 0

    blocked = Path(current_app.extensions["musubi_config"].data) / "a-file"
    blocked.write_bytes(b"")
    with monkeypatch.context() as patch:
        patch.setattr(storage, "files_folder", lambda: blocked)
        page = upload(staff, case, "結果.pdf", PDF, status=200)
    assert "保存先がいっぱいか、書き込めません" in page.text
    blocked.unlink()


def test_a_file_goes_comes_back_and_is_purged_after_thirty_days(staff: Client) -> None:
    case = make_case()
    upload(staff, case, "結果.pdf", PDF)
    row, address = only_file(), f"/cases/{case.public_id}"

    page = staff.follow(staff.post(f"/files/{row.public_id}/remove", at=address, action="/remove"))
    assert "「結果.pdf」を消しました" in page.text and "消したファイル（1）" in page.text
    assert fetch(staff, row).status_code == 404
    page = staff.follow(staff.post(f"/files/{row.public_id}/restore", at=address, action="restore"))
    assert "元に戻しました" in page.text
    assert fetch(staff, row).status_code == 200

    staff.post(f"/files/{row.public_id}/remove", at=address, action="/remove")
    lies = storage.path_of(row.sha256)
    age(lies)
    assert service.purge_due() == 0 and lies.exists()
    with transaction():
        only_file().removed_at = now() - timedelta(days=31)
    assert service.purge_due() == 1
    assert db.session.query(Attachment).count() == 0 and not lies.exists()


def test_the_sweep_takes_what_no_row_claims_and_leaves_what_was_written_just_now(
    staff: Client,
) -> None:
    case = make_case()
    upload(staff, case, "結果.pdf", PDF)
    kept = storage.path_of(only_file().sha256)
    orphan, fresh = storage.path_of(storage.store(b"orphan")), storage.store(b"fresh")
    torn = kept.with_name(".torn")
    torn.write_bytes(b"half")
    for path in (kept, orphan, torn):
        age(path)

    assert storage.sweep(claimed) == 2
    assert kept.exists() and storage.path_of(fresh).exists()
    assert not orphan.exists() and not torn.exists()
    age(kept)
    upload(staff, case, "結果.pdf", PDF)
    assert time.time() - kept.stat().st_mtime < 60


def age(path: Path) -> None:
    os.utime(path, (0, time.time() - 2 * storage.UNCLAIMED))


def test_a_lost_file_is_told_calmly(staff: Client) -> None:
    upload(staff, make_case(), "結果.pdf", PDF)
    storage.path_of(only_file().sha256).unlink()

    page = staff.get(f"/files/{only_file().public_id}", status=404)

    assert "保存先にありません" in page.text
    assert not storage.is_whole(only_file().sha256)


def test_words_and_sharing_change_and_a_conflict_keeps_both(staff: Client) -> None:
    upload(staff, make_case(), "結果.pdf", PDF, note="はじめの説明")
    address = f"/files/{only_file().public_id}/edit"
    form = staff.get(address).form("note")

    staff.post(address, {"note": "先の人の説明", "shared": "y"}, containing="note")
    page = staff.submit(form, {"note": "あとの人の説明"}, address=address, status=409)

    assert "先の人の説明" in page.text and "あとの人の説明" in page.html
    assert only_file().shared and only_file().note == "先の人の説明"


CANARY = "カナリア精機の図面"


def _shared_and_private(staff: Client, case: Case) -> list[Attachment]:
    upload(staff, case, f"{CANARY}.pdf", PDF, note=f"{CANARY}の説明", shared="y")
    upload(staff, case, f"{CANARY}庁内.txt", "庁内".encode())
    return db.session.query(Attachment).order_by(Attachment.id).all()


def test_a_party_sees_nothing_of_files_before_all_agreed_and_only_shared_ones_after(
    staff: Client,
) -> None:
    case = make_case()
    shared, private = _shared_and_private(staff, case)
    member = Client(staff.app).sign_in(make_member(case.need.organization))
    stranger = Client(staff.app).sign_in(make_member(make_organization()))
    page, absent = f"/cases/{case.public_id}", "/files/00000000-0000-4000-8000-000000000000"

    def opens(who: Client) -> list[int]:
        return [fetch(who, row).status_code for row in (shared, private)]

    for side, word in ((Side.NEED, False), (Side.SEED, False), (Side.NEED, True)):
        one = party(case, side)
        answer(one) if word else ask(one)
        assert opens(member) == [404, 404]
        hidden = fetch(member, shared).get_data(as_text=True)
        nothing = member._send(member.http.get, absent).get_data(as_text=True)
        assert plain(hidden) == plain(nothing)
        assert member._send(member.http.get, page).get_data(as_text=True).count(CANARY) == 0

    answer(party(case, Side.SEED))
    text = member.get(page).text
    assert opens(member) == [200, 404] and opens(stranger) == [404, 404]
    assert f"{CANARY}.pdf" in text and "共有された資料" in text and "庁内.txt" not in text

    with transaction():
        cases.add_party(case, make_organization(), side=Side.OTHER, role="評価", viewer=SYSTEM)
    assert opens(member) == [404, 404]
    assert CANARY not in member.get(page).html


def test_a_closed_case_shares_no_files_any_more(staff: Client) -> None:
    case = make_introduced_case()
    shared, _private = _shared_and_private(staff, case)
    member = Client(staff.app).sign_in(make_member(case.need.organization))
    assert fetch(member, shared).status_code == 200

    staff.post(f"/cases/{case.public_id}/close", {"reason": "timing"})

    assert fetch(member, shared).status_code == 404
    assert fetch(staff, shared).status_code == 200


def plain(html: str) -> str:
    html = re.sub(r'value="[^"]*"', "", html)
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "", html)
