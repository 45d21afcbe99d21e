"""The table of programs keeps the room's own rules, and its lists survive the way out and in."""

from flask import Flask
from sqlalchemy import select

from registry.common.viewer import SYSTEM
from registry.db import db, transaction
from registry.exchange import export
from registry.exchange.catalogue import get_kind
from registry.exchange.undoing import undo
from registry.programs.models import Program, ProgramState
from tests.exchange.office_file import csv, run

HEADER = (
    "キー,制度名,状態,概要,内容,お問い合わせ先,地域,標準産業分類,事業ステージ,お困りごと,"
    "サービス種別,対象者条件"
)
CONDITIONS = '"資本金：3億円以下\n業種：E｜製造業であること\n創業年数：10年以内"'
WHOLE = (
    "new-tech,新技術の支援,実施中,費用を補助します。,開発の費用,産業振興課,川崎市、横浜市,"
    f"製造業;G,成長期・成熟期：研究開発,設備投資;Going digital,補助金,{CONDITIONS}"
)


def one() -> Program:
    return db.session.scalars(select(Program)).one()


def test_lists_by_name_or_code_and_conditions_come_in_and_go_out_without_a_change(
    app: Flask,
) -> None:
    _found, counts = run("programs", csv(HEADER, WHOLE))
    assert counts["new"] == 1, _found
    row = one()
    assert row.state is ProgramState.ACTIVE
    assert (row.areas, row.industries) == (["14130", "14100"], ["E", "G"])
    assert (row.stages, row.troubles) == (["growth-research"], ["equipment", "it"])
    assert row.service_kinds == ["subsidy"]
    limits = [(found.kind.value, found.limits) for found in row.conditions]
    assert limits == [
        ("capital", {"max": 300_000_000}),
        ("sector", {"codes": ["E"]}),
        ("founded", {"max": 10}),
    ]
    assert row.conditions[1].rule == "製造業であること"

    for form in ("csv", "sjis", "xlsx"):
        data = export.to_file(get_kind("programs"), SYSTEM, {}, form)
        found, counts = run("programs", data)
        assert counts["unchanged"] == 1, (form, found)
    found, counts = run("programs", csv(HEADER, WHOLE))
    assert counts["unchanged"] == 1, found


def test_a_table_cannot_write_what_the_programs_room_refuses(app: Flask) -> None:
    found, counts = run(
        "programs",
        csv(
            HEADER,
            "no-words,言葉のない制度,実施中,,,,,,,,,",
            f"too-long,長い制度,,{'あ' * 101},,,,,,,,",
            "four,業種が四つの制度,,,,,,E;G;D;I,,,,",
            "odd,知らない困りごとの制度,,,,,,,,宇宙旅行,,",
            "unread,読めない条件の制度,,,,,,,,,,資本金：たくさん",
        ),
    )
    assert counts["error"] == 5
    columns = {verdict.line: verdict.problems[0].column for verdict in found}
    assert columns == {
        2: "state", 3: "summary", 4: "industries", 5: "troubles", 6: "conditions",
    }  # fmt: skip
    assert db.session.scalar(select(Program)) is None

    run("programs", csv(HEADER, WHOLE))
    found, counts = run("programs", csv("キー,制度名,概要", "new-tech,新技術の支援,（空）"))
    assert (counts["error"], found[0].problems[0].column) == (1, "summary")
    found, counts = run("programs", csv("ID,キー,制度名", f"{one().public_id},other,新技術の支援"))
    assert (counts["error"], found[0].problems[0].column) == (1, "key")


def test_conditions_that_a_table_changed_are_put_back(app: Flask) -> None:
    from registry.exchange.columns import Context
    from registry.exchange.opening import open_file
    from registry.exchange.service import check_rows
    from tests.exchange.office_file import TODAY

    run("programs", csv(HEADER, WHOLE))
    data = csv("キー,制度名,対象者条件", "new-tech,新技術の支援,従業員：300人以下")
    context = Context(SYSTEM, TODAY, dry=False)
    with transaction():
        _found, counts = check_rows(open_file(get_kind("programs"), data), context, keep=True)
    assert counts["changed"] == 1
    assert [row.kind.value for row in one().conditions] == ["employees"]

    with transaction():
        undo(context.effects, viewer=SYSTEM)

    assert [row.kind.value for row in one().conditions] == ["capital", "sector", "founded"]
    assert one().conditions[1].rule == "製造業であること"
