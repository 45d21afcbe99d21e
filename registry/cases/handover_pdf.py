"""The handover pack (引継書) as a document: each open case on its own, with promises and people."""

from flask_babel import gettext as _

from registry.cases.files import files_of_case
from registry.cases.handover import KEPT_NOTES, Pack
from registry.cases.labels import answer_label, side_label, stage_label
from registry.cases.listing_models import listings_in
from registry.cases.models import Case, Party
from registry.common.calendar import today
from registry.common.viewer import SYSTEM
from registry.formats.pdf import (
    Block,
    Document,
    Heading,
    Paragraph,
    Part,
    PdfColumn,
    PdfTable,
    Points,
    to_pdf,
)
from registry.listings.models import ListingKind
from registry.office.settings import office
from registry.web.i18n import day, locale, pick


def handover_pdf(pack: Pack) -> bytes:
    """The pack as PDF/UA in the language in force. Raises MissingGlyph."""
    where = office()
    name = f"{where.name} {where.section}"
    title = _("引継書　%(name)s", name=pack.giver.name)
    return to_pdf(
        Document(
            title=title,
            office=name,
            subtitle=_("%(day)s現在", day=day(today())),
            running=_("%(title)s　庁内限り", title=title),
            lang=locale(),
            blocks=tuple(_blocks(pack)),
        )
    )


def _blocks(pack: Pack) -> list[Block]:
    blocks: list[Block] = [Heading(_("一覧")), _overview(pack)]
    for case in pack.cases:
        blocks += _case(case)
    if pack.encounters:
        blocks += [Heading(_("相談・訪問の次の一手")), _steps(pack)]
    if pack.meetings:
        blocks += [Heading(_("商談のフォローアップ")), _meetings(pack)]
    return blocks


def _overview(pack: Pack) -> PdfTable:
    return PdfTable(
        columns=(
            PdfColumn(_("番号"), narrow=True),
            PdfColumn(_("件名")),
            PdfColumn(_("段階"), narrow=True),
            PdfColumn(_("次の一手")),
            PdfColumn(_("期限"), narrow=True),
        ),
        rows=tuple(
            (
                case.reference,
                case.title,
                stage_label(case.stage),
                case.next_step or "―",
                day(case.next_due) if case.next_due else "―",
            )
            for case in pack.cases
        ),
        note=_(
            "ほかに、相談・訪問の次の一手 %(steps)s 件、商談のフォローアップ %(meetings)s 件。",
            steps=len(pack.encounters),
            meetings=len(pack.meetings),
        ),
    )


def _case(case: Case) -> list[Block]:
    last = sorted(case.encounters, key=lambda one: one.held_on, reverse=True)[:KEPT_NOTES]
    notes = sorted(case.notes, key=lambda one: one.id, reverse=True)[:KEPT_NOTES]
    blocks: list[Block] = [
        Heading(f"{case.reference}　{case.title}"),
        Paragraph(
            (
                Part(stage_label(case.stage), strong=True),
                Part(
                    _(
                        "　開始 %(on)s　最後の動き %(moved)s",
                        on=day(case.opened_on),
                        moved=day(case.moved_on),
                    )
                ),
            )
        ),
        Paragraph(
            (
                Part(_("次の一手　"), strong=True),
                Part(case.next_step or _("書かれていません")),
                Part(_("（%(day)sまで）", day=day(case.next_due)) if case.next_due else ""),
            )
        ),
        PdfTable(
            columns=(
                PdfColumn(_("当事者")),
                PdfColumn(_("側"), narrow=True),
                PdfColumn(_("返事"), narrow=True),
                PdfColumn(_("連絡先")),
            ),
            rows=tuple(_party(party) for party in case.parties),
        ),
    ]
    if about := _listings(case):
        blocks += [Heading(_("ニーズとシーズ"), level=2), Points(about)]
    if files := _files(case):
        blocks += [Heading(_("ファイル"), level=2), Points(files)]
    if last:
        blocks += [Heading(_("最近の相談・訪問"), level=2)]
        blocks.append(
            Points(
                tuple(
                    (
                        Part(f"{day(one.held_on)}　{one.subject}", strong=True),
                        Part(f"　{one.result}" if one.result else ""),
                    )
                    for one in last
                )
            )
        )
    if notes:
        blocks += [Heading(_("庁内メモ"), level=2)]
        blocks.append(Points(tuple((Part(note.text),) for note in notes)))
    return blocks


def _listings(case: Case) -> tuple[tuple[Part, ...], ...]:
    """Every need and seed of a case with its number and owner, the main pair first."""
    return tuple(
        (
            Part(f"{one.reference}　{one.title}", strong=True),
            Part(f"　{pick(one.organization.name, one.organization.name_en)}"),
        )
        for kind in (ListingKind.NEED, ListingKind.SEED)
        for one in listings_in(case, kind)
    )


def _files(case: Case) -> tuple[tuple[Part, ...], ...]:
    """The names of the files that lie in the registry; the document holds none of them."""
    files, _removed = files_of_case(case, SYSTEM)
    return tuple(
        (Part(file.name, strong=True), Part(f"　{file.note}" if file.note else ""))
        for file in files
    )


def _party(party: Party) -> tuple[str, str, str, str]:
    found = party.organization
    people = "、".join(
        " ".join(filter(None, (one.name, one.role, one.phone, one.email))) for one in found.contacts
    )
    return (
        pick(found.name, found.name_en) + (f"\n{party.role}" if party.role else ""),
        side_label(party.side),
        answer_label(party.answer),
        people or "―",
    )


def _steps(pack: Pack) -> PdfTable:
    return PdfTable(
        columns=(
            PdfColumn(_("期限"), narrow=True),
            PdfColumn(_("次の一手")),
            PdfColumn(_("企業・団体")),
            PdfColumn(_("用件")),
        ),
        rows=tuple(
            (
                day(one.next_due) if one.next_due else "―",
                one.next_step,
                "、".join(pick(o.name, o.name_en) for o in one.organizations),
                one.subject,
            )
            for one in pack.encounters
        ),
    )


def _meetings(pack: Pack) -> PdfTable:
    return PdfTable(
        columns=(
            PdfColumn(_("期限"), narrow=True),
            PdfColumn(_("すること")),
            PdfColumn(_("企業・団体")),
        ),
        rows=tuple(
            (
                day(one.follow_up_due) if one.follow_up_due else "―",
                one.follow_up,
                f"{one.host.name}、{one.guest.name}",
            )
            for one in pack.meetings
        ),
    )
