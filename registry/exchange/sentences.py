"""What refusals of cells and files say, and what is told about cells that were read."""

from flask_babel import gettext as _

from registry.common.problem import ValueProblem
from registry.exchange.cells import Noted


def sentence(problem: ValueProblem) -> str:
    """What is wrong with a cell, and what to do."""
    values = {"text": "", **problem.values}
    told = {**_of_numbers(values), **_of_words(values), **_of_days(values)}
    return told.get(problem.code) or _("読み取れません。書き方を確かめてください。")


def _of_numbers(v: dict[str, str | int]) -> dict[str, str]:
    return {
        "rounded": _(
            "「%(text)s」は Excel が丸めた数です。もとの番号を、書式が「文字列」のセルに入力し直してください。",
            text=v["text"],
        ),
        "length": _("法人番号は 13 桁です（いま %(length)s 桁）。", length=v.get("length", "")),
        "character": _(
            "法人番号の %(position)s 文字目の「%(character)s」は数字ではありません。",
            position=v.get("position", ""),
            character=v.get("character", ""),
        ),
        "check_digit": _(
            "検査数字（先頭の数字）が合いません。ほかの 12 桁が正しければ先頭は %(expected)s です。番号を確かめてください。",
            expected=v.get("expected", ""),
        ),
        "count": _(
            "「%(text)s」を数として読み取れません。0 以上の数を 1 つ入力してください。",
            text=v["text"],
        ),
        "number": _("「%(text)s」を数として読み取れません。", text=v["text"]),
        "amount": _(
            "「%(text)s」を金額として読み取れません。例：10,000,000 または 1000万円", text=v["text"]
        ),
        "negative": _("「%(text)s」は負の数です。0 以上の数を入力してください。", text=v["text"]),
        "too_large": _("「%(text)s」は大きすぎます。単位を確かめてください。", text=v["text"]),
    }


def _of_words(v: dict[str, str | int]) -> dict[str, str]:
    return {
        "too_long": _(
            "%(limit)s 文字以内にしてください（いま %(length)s 文字）。",
            limit=v.get("limit", ""),
            length=v.get("length", ""),
        ),
        "choice": _(
            "「%(text)s」は使えません。次のどれかにしてください：%(known)s",
            text=v["text"],
            known=v.get("known", ""),
        ),
        "industry": _(
            "「%(text)s」という業種が分類表にありません。番号か名前で入力してください。例：24 金属製品製造業",
            text=v["text"],
        ),
        "place": _("「%(text)s」という市区町村が分かりません。例：川崎市中原区", text=v["text"]),
        "places": _("「%(text)s」が複数あります。都道府県から書いてください。", text=v["text"]),
        "phone": _("「%(text)s」を電話番号として読み取れません。例：044-000-0000", text=v["text"]),
        "email": _(
            "「%(text)s」をメールアドレスとして読み取れません。例：taro@example.jp", text=v["text"]
        ),
        "yes_no": _("「%(text)s」を読み取れません。○ か × を入力してください。", text=v["text"]),
        "hidden": _(
            "見えない文字か、向きを変える文字（%(character)s）が入っています。消して入力し直してください。",
            character=v.get("character", ""),
        ),
        "scheme": _("http:// か https:// で始まるアドレスを入力してください。"),
        "host": _("ウェブサイトのアドレスとして読めません。例：https://www.example.jp"),
        "code": _("「%(text)s」という政策コードがありません。例：3-3-1", text=v["text"]),
        "listed": _("「%(code)s」は一覧にありません。", code=v["text"]),
        "condition": _(
            "「%(text)s」を条件として読み取れません。例：資本金：300000000以下、業種：E",
            text=v["text"],
        ),
        "country": _("「%(text)s」を国のコードとして読み取れません。例：VN", text=v["text"]),
        "key": _(
            "「%(text)s」は使えません。小文字の英数字とハイフンで入力してください。", text=v["text"]
        ),
        "period": _(
            "「%(text)s」を期間として読み取れません。例：FY2016、FY2016-end、2017-02",
            text=v["text"],
        ),
    }


def _of_days(v: dict[str, str | int]) -> dict[str, str]:
    return {
        "empty": _("空です。"),
        "unreadable": _(
            "日付を読み取れません。2026-11-25 や 令和8年11月25日 のように入力してください。"
        ),
        "no_day": _(
            "「%(text)s」には日がありません。年・月・日を入力してください。", text=v["text"]
        ),
        "month": _("月は 1 から 12 までで入力してください。"),
        "day": _(
            "%(year)s年%(month)s月は 1 日から %(last_day)s 日までです。",
            year=v.get("year", ""),
            month=v.get("month", ""),
            last_day=v.get("last_day", ""),
        ),
        "year": _("年が範囲の外です（1868 から 9999）。"),
        "era_year": _("元号の年は 1（元）年からです。"),
        "disagree": _("西暦と元号が一致しません。"),
        "time": _("「%(text)s」を時刻として読み取れません。例：13:30", text=v["text"]),
    }


def note(noted: Noted, column: str) -> str:
    """What is told about a cell that was read."""
    value = noted.value
    if noted.code == "legal_form":
        return _("「%(value)s」と読みました。", value=value)
    if noted.code == "approximate":
        return _("「約」などを外して %(value)s と読みました。", value=f"{value:,}")
    if noted.code == "serial":
        return _("Excel の日付の番号を %(value)s と読みました。", value=value)
    if noted.code == "phone_zero":
        return _("先頭の 0 が消えているようです。番号を確かめてください。")
    return str(value)


def file_sentence(problem: ValueProblem) -> str:
    """Why a file cannot be read, and what to do with it."""
    v = problem.values
    line, limit = v.get("line", ""), v.get("limit", 0)
    many = f"{limit:,}" if isinstance(limit, int) else str(limit)
    told = {
        "empty": _("ファイルが空です。表の入ったファイルを選んでください。"),
        "too_large": _(
            "ファイルが大きすぎます（上限 %(limit)s バイト）。分けて取り込んでください。",
            limit=many,
        ),
        "encoding": _(
            "%(line)s 行目（%(byte)s バイト目）の文字を読み取れません。UTF-8 か Shift_JIS で保存し直してください。",
            line=line,
            byte=v.get("byte", ""),
        ),
        "encoding_name": _(
            "文字コード %(name)s は読めません。UTF-8 か Shift_JIS で保存し直してください。",
            name=v.get("name", ""),
        ),
        "nul": _(
            "%(line)s 行目に読めない文字があります。元のファイルから保存し直してください。",
            line=line,
        ),
        "quote": _(
            '%(line)s 行目の引用符（"）が閉じていません。その行を直してください。', line=line
        ),
        "cell_too_long": _(
            "%(line)s 行目のセルが長すぎます（上限 %(limit)s 文字）。", line=line, limit=many
        ),
        "too_many_rows": _(
            "行が多すぎます（上限 %(limit)s 行）。分けて取り込んでください。", limit=many
        ),
        "too_many_columns": _(
            "%(line)s 行目の列が多すぎます（上限 %(limit)s 列）。要る列だけにしてください。",
            line=line,
            limit=many,
        ),
        "not_csv": _("CSV でも Excel でもありません。.xlsx か .csv で保存し直してください。"),
        "not_xlsx": _(
            "Excel ファイルとして読めません。Excel で開き、.xlsx で保存し直してください。"
        ),
        "old_excel": _(
            "古い Excel の形式（.xls）です。Excel で開き、.xlsx で保存し直してください。"
        ),
        "password": _("パスワードの付いたファイルです。パスワードを外して保存し直してください。"),
        "macros": _("マクロの入ったファイルです。マクロなしの .xlsx で保存し直してください。"),
        "html": _(
            "名前は Excel でも、中身はウェブページです。Excel で開き、.xlsx で保存し直してください。"
        ),
        "no_sheet": _("シート「%(name)s」がありません。", name=v.get("name", "")),
        "too_many_entries": _("ファイルの中身が多すぎます。表だけを新しいブックに写してください。"),
        "too_large_unpacked": _(
            "ファイルの中身が大きすぎます。表だけを新しいブックに写してください。"
        ),
        "not_json": _("JSON として読めません（%(line)s 行目）。", line=line),
        "not_exchange": _(
            "この種類の書き出しではありません。registry export で作ったファイルを選んでください。"
        ),
    }
    return told.get(problem.code) or _("ファイルを読み取れません。")
