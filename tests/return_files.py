"""Return files of banks and of the card vendor, as tests write and import them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from stdnum import luhn

from onecard.actions import production
from onecard.adapters import exchange_files
from onecard.domain.exchange import (
    CARD_VENDOR,
    AccountReturn,
    CardReturn,
    FileKind,
    Header,
    Row,
)
from onecard.records.models import (
    Application,
    Discrepancy,
)
from onecard.seams.clock import LOCAL
from tests import cast
from tests.production import a_person, again, an_accepted, now

CREATED = datetime(2026, 3, 2, 9, 0, tzinfo=LOCAL)


def a_bank_card(sequence: int) -> str:
    stem = f"622202110502{sequence:06d}"
    return stem + luhn.calc_check_digit(stem)


def a_file(kind: FileKind, rows: Sequence[Row], number: int = 1) -> tuple[str, bytes]:
    partner = CARD_VENDOR if kind is FileKind.CARD_RETURN else "icbc"
    header = Header(kind, partner, cast.MONDAY, number, CREATED)
    content = exchange_files.write(header, rows)
    assert isinstance(content, bytes)
    return header.name, content


def imported(name: str, content: bytes) -> production.ImportReceipt:
    return production.import_file(name=name, content=content, actor=cast.OPERATOR, at=now())


def bring_in(kind: FileKind, rows: Sequence[Row], number: int = 1) -> production.ImportReceipt:
    return imported(*a_file(kind, rows, number))


def at_the_bank(*sequences: int) -> list[Application]:
    people = [an_accepted(a_person(sequence)) for sequence in sequences]
    batch = production.make_batch(bank="icbc", actor=cast.OPERATOR, at=now()).batch
    production.write_bank_file(batch=batch, actor=cast.OPERATOR, at=now())
    return [again(person) for person in people]


def at_the_vendor(*sequences: int) -> list[Application]:
    people = at_the_bank(*sequences)
    bring_in(FileKind.ACCOUNT_RETURN, [account_of(person) for person in people], 99)
    batch = again(people[0]).batch_id
    assert batch
    production.write_vendor_file(batch=batch, actor=cast.OPERATOR, at=now())
    return [again(person) for person in people]


def account_of(application: Application, attempt: int = 1) -> AccountReturn:
    sequence = int(application.number[4:7])
    return AccountReturn(
        application.number,
        attempt,
        application.person.identity_number,
        True,
        f"1105{sequence:06d}",
        a_bank_card(sequence),
    )


def card_of(application: Application, attempt: int = 1) -> CardReturn:
    sequence = int(application.number[4:7])
    return CardReturn(
        application_number=application.number,
        attempt=attempt,
        identity_number=application.person.identity_number,
        name=application.person.name,
        bank=application.bank,
        card_number=f"A{sequence:08d}",
        issued_on=date(2026, 3, 2),
        valid_to=date(2036, 3, 2),
        card_identifier=f"{sequence:032X}",
        answer_to_reset="3B6D00000031C071D66438D00300849000",
        bank_card_number=application.bank_card_number,
        account_number=application.account_number,
        box_position=f"001-{sequence:03d}",
    )


def misfits() -> list[str]:
    rows = sorted(
        Discrepancy.objects.all(), key=lambda row: (row.detail["file"], row.detail["row"])
    )
    return [name for row in rows for name in row.detail["misfits"]]
