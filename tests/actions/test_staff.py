"""Accounts are opened by two, and a one-time code opens a session once."""

from __future__ import annotations

import threading
from base64 import b32decode
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection
from django_otp.oath import TOTP

from onecard.actions import staff
from onecard.actions.staff.accounts import NewAccount
from onecard.domain.authority import Actor, Channel, Role
from onecard.domain.refusal import Refused
from onecard.queries import staff as asked
from onecard.records.models import AuditRow, Staff, StaffTotp
from onecard.seams.world import in_world, world
from tests import cast

pytestmark = pytest.mark.django_db

FIRST_ADMIN = Actor(Role.SECURITY_ADMIN, "stf_admin_one", Channel.OFFICE)
SECOND_ADMIN = Actor(Role.SECURITY_ADMIN, "stf_admin_two", Channel.OFFICE)
INSTALLER = Actor(Role.SYSTEM, "installer", Channel.TIMER)
AUDITOR = NewAccount(username="sj01", display_name="审计一", role=Role.AUDITOR)


def a_member_of_staff(*, demo: str = "", role: Role = Role.AUDITOR) -> Actor:
    row = Staff.objects.create(
        ref=world().ids.new("stf"),
        username="shenji",
        display_name="审计员",
        role=role,
        is_active=True,
        must_change_password=False,
        password=make_password("the first password", hasher="default"),
        created_by="-",
        demo=demo,
        created_at=cast.MONDAY_9AM,
    )
    return Actor(row.role, row.ref, Channel.OFFICE)


def an_authenticator(owner: Actor) -> TOTP:
    enrolment = staff.begin_second_factor(actor=owner, at=world().clock.now())
    return TOTP(b32decode(enrolment.secret))


def code_now(authenticator: TOTP) -> str:
    authenticator.time = world().clock.now().timestamp()
    return f"{authenticator.token():06d}"


def enrolled(owner: Actor) -> TOTP:
    authenticator = an_authenticator(owner)
    answer = staff.confirm_second_factor(
        code=code_now(authenticator), actor=owner, at=world().clock.now()
    )
    assert answer.accepted
    world().clock.advance(timedelta(seconds=30))  # type: ignore[attr-defined]
    return authenticator


def test_an_account_is_opened_by_two_administrators() -> None:
    """授权须两人:申请一人,批准另一人。"""
    account = staff.create(asked=AUDITOR, actor=FIRST_ADMIN, at=cast.MONDAY_9AM)
    row = Staff.objects.get(ref=account.ref)
    assert not row.is_active
    assert check_password(account.first_password, row.password)
    with pytest.raises(Refused, match=r"staff.second_person_needed"):
        staff.approve(account=account.ref, actor=FIRST_ADMIN, at=cast.MONDAY_9AM)
    assert staff.approve(account=account.ref, actor=SECOND_ADMIN, at=cast.MONDAY_9AM).active


def test_nobody_but_a_security_administrator_opens_accounts() -> None:
    with pytest.raises(Refused, match=r"authority.not_yours"):
        staff.create(asked=AUDITOR, actor=cast.OPERATOR, at=cast.MONDAY_9AM)
    assert AuditRow.objects.filter(act="staff.open_account", result="refused").count() == 1


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (replace(AUDITOR, role=Role.OUTLET_CLERK), "staff.outlet_missing"),
        (replace(AUDITOR, role=Role.EMPLOYER_AGENT), "staff.employer_missing"),
        (replace(AUDITOR, role=Role.CITIZEN), "staff.not_a_staff_role"),
        (replace(AUDITOR, role=Role.SYSTEM), "staff.not_a_staff_role"),
    ],
)
def test_an_account_stands_where_its_role_stands(asked: NewAccount, code: str) -> None:
    with pytest.raises(Refused, match=code):
        staff.create(asked=asked, actor=FIRST_ADMIN, at=cast.MONDAY_9AM)


def test_a_name_is_given_once() -> None:
    staff.create(asked=AUDITOR, actor=FIRST_ADMIN, at=cast.MONDAY_9AM)
    with pytest.raises(Refused, match=r"staff.name_taken"):
        staff.create(asked=AUDITOR, actor=FIRST_ADMIN, at=cast.MONDAY_9AM)


def test_a_new_house_has_two_administrators_and_no_default_account() -> None:
    """安装时无默认账号。"""
    one, two = (
        NewAccount(username=name, display_name=name, role=Role.SECURITY_ADMIN)
        for name in ("anquan1", "anquan2")
    )
    accounts = staff.found_house(first=one, second=two, actor=INSTALLER, at=cast.MONDAY_9AM)
    assert [account.active for account in accounts] == [True, True]
    assert accounts[0].first_password != accounts[1].first_password
    assert Staff.objects.filter(must_change_password=True).count() == 2
    with pytest.raises(Refused, match=r"staff.house_is_founded"):
        staff.found_house(first=one, second=two, actor=INSTALLER, at=cast.MONDAY_9AM)


def test_a_code_opens_once() -> None:
    """动态验证码一次有效。"""
    owner = a_member_of_staff()
    authenticator = enrolled(owner)
    code, now = code_now(authenticator), world().clock.now()
    assert staff.verify_code(code=code, actor=owner, at=now).accepted
    assert not staff.verify_code(code=code, actor=owner, at=now).accepted


def test_the_code_that_enrolled_does_not_also_sign_in() -> None:
    owner = a_member_of_staff()
    authenticator = an_authenticator(owner)
    code, now = code_now(authenticator), world().clock.now()
    assert staff.confirm_second_factor(code=code, actor=owner, at=now).accepted
    assert not staff.verify_code(code=code, actor=owner, at=now).accepted


def test_an_older_code_is_not_good_after_a_newer_one() -> None:
    owner = a_member_of_staff()
    authenticator = enrolled(owner)
    earlier = code_now(authenticator)
    world().clock.advance(timedelta(seconds=30))  # type: ignore[attr-defined]
    assert staff.verify_code(
        code=code_now(authenticator), actor=owner, at=world().clock.now()
    ).accepted
    assert not staff.verify_code(code=earlier, actor=owner, at=world().clock.now()).accepted


@pytest.mark.parametrize("seconds", [-60, 60])
def test_a_code_of_another_minute_is_not_good(seconds: int) -> None:
    owner = a_member_of_staff()
    authenticator = enrolled(owner)
    authenticator.time = (world().clock.now() + timedelta(seconds=seconds)).timestamp()
    code = f"{authenticator.token():06d}"
    assert not staff.verify_code(code=code, actor=owner, at=world().clock.now()).accepted


@pytest.mark.parametrize("code", ["", "0", "12345", "1234567", "abcdef", "１２３４５６", "²²²²²²"])
def test_what_is_no_code_is_no_code(code: str) -> None:
    owner = a_member_of_staff()
    enrolled(owner)
    assert not staff.verify_code(code=code, actor=owner, at=world().clock.now()).accepted


def test_each_wrong_code_doubles_the_wait_and_the_right_one_waits_too() -> None:
    """输错后逐次加倍等待。"""
    owner = a_member_of_staff()
    authenticator = enrolled(owner)
    waits = []
    for _ in range(4):
        now = world().clock.now()
        answer = staff.verify_code(code="000000", actor=owner, at=now)
        assert answer.wait_until is not None
        waits.append((answer.wait_until - now).total_seconds())
        early = staff.verify_code(code=code_now(authenticator), actor=owner, at=now)
        assert not early.accepted
        world().clock.set(answer.wait_until)  # type: ignore[attr-defined]
    assert waits == [1, 2, 4, 8]
    assert staff.verify_code(
        code=code_now(authenticator), actor=owner, at=world().clock.now()
    ).accepted
    assert StaffTotp.objects.get().throttling_failure_count == 0


def test_the_secret_lies_sealed_in_the_table() -> None:
    owner = a_member_of_staff()
    secret = staff.begin_second_factor(actor=owner, at=cast.MONDAY_9AM).secret
    again = staff.begin_second_factor(actor=owner, at=cast.MONDAY_9AM).secret
    assert secret == again
    kept = StaffTotp.objects.extra(select={"raw": "secret"}).values_list("raw", flat=True).get()
    assert secret.encode() not in bytes(kept)


def test_a_second_authenticator_needs_an_administrator() -> None:
    owner = a_member_of_staff()
    enrolled(owner)
    with pytest.raises(Refused, match=r"staff.second_factor_exists"):
        staff.begin_second_factor(actor=owner, at=cast.MONDAY_9AM)
    staff.reset_second_factor(account=owner.ref, actor=FIRST_ADMIN, at=cast.MONDAY_9AM)
    assert staff.begin_second_factor(actor=owner, at=cast.MONDAY_9AM).secret


@pytest.mark.parametrize("password_first", [True, False])
def test_one_administrator_never_resets_both_factors_of_an_account(password_first: bool) -> None:  # noqa: FBT001
    """密码和动态验证码不能由同一人重置，否则一个人就能顶替登录。"""
    owner = a_member_of_staff()
    enrolled(owner)
    steps = [staff.reset_password, staff.reset_second_factor]
    one, other = steps if password_first else reversed(steps)
    facts = {"account": owner.ref, "at": cast.MONDAY_9AM}
    one(actor=FIRST_ADMIN, **facts)
    one(actor=FIRST_ADMIN, **facts)
    with pytest.raises(Refused, match=r"staff.another_hand_needed"):
        other(actor=FIRST_ADMIN, **facts)
    other(actor=SECOND_ADMIN, **facts)


def test_what_the_owner_has_taken_over_again_is_in_nobodys_hand() -> None:
    """本人已重新登录、改过密码的，以后可以再重置。"""
    owner = a_member_of_staff()
    enrolled(owner)
    password = staff.reset_password(
        account=owner.ref, actor=FIRST_ADMIN, at=cast.MONDAY_9AM
    ).first_password
    staff.change_password(old=password, new="a quite long new one", actor=owner, at=cast.MONDAY_9AM)
    staff.reset_second_factor(account=owner.ref, actor=FIRST_ADMIN, at=cast.MONDAY_9AM)
    enrolled(owner)
    staff.reset_password(account=owner.ref, actor=FIRST_ADMIN, at=cast.MONDAY_9AM)


def test_a_password_is_changed_by_who_knows_the_old_one() -> None:
    owner = a_member_of_staff()
    change = {"actor": owner, "at": cast.MONDAY_9AM}
    with pytest.raises(Refused, match=r"staff.password_wrong"):
        staff.change_password(old="no", new="a quite long new one", **change)
    with pytest.raises(Refused, match=r"staff.password_short"):
        staff.change_password(old="the first password", new="short", **change)
    with pytest.raises(Refused, match=r"staff.password_weak"):
        staff.change_password(old="the first password", new="qwerty123456", **change)
    with pytest.raises(Refused, match=r"staff.password_same"):
        staff.change_password(old="the first password", new="the first password", **change)
    staff.change_password(old="the first password", new="a quite long new one", **change)
    assert check_password("a quite long new one", Staff.objects.get().password)


def test_nobody_resets_or_ends_the_account_they_sit_in() -> None:
    for act in (staff.end, staff.reset_password, staff.unlock, staff.reset_second_factor):
        account = a_member_of_staff(role=Role.SECURITY_ADMIN)
        with pytest.raises(Refused, match=r"staff.not_your_own"):
            act(account=account.ref, actor=account, at=cast.MONDAY_9AM)
        Staff.objects.all().delete()


def test_the_demo_shows_the_codes_of_its_own_accounts_only() -> None:
    """演示环境仅显示演示账号的验证码。"""
    owner = a_member_of_staff(demo="演示审计员")
    enrolled(owner)
    now = world().clock.now()
    first = asked.demo_code(username="shenji", at=now)
    assert staff.verify_code(code=first, actor=owner, at=now).accepted
    second = asked.demo_code(username="shenji", at=now)
    assert second != first
    assert staff.verify_code(code=second, actor=owner, at=now).accepted
    assert asked.demo_code(username="shenji", at=now) == ""
    Staff.objects.update(demo="")
    assert asked.demo_code(username="shenji", at=now + timedelta(minutes=5)) is None


@pytest.mark.rule("guarantees 12: the three administrators never meet")
def test_one_person_never_holds_two_of_the_three_administrators() -> None:
    """系统、安全、审计管理员不得由同一人担任。"""
    from onecard.domain.staff import may_be_administrator

    held = frozenset({Role.PLATFORM_OPERATOR})
    assert may_be_administrator(role=Role.AUDITOR, held_by_the_person=held) is not None
    assert may_be_administrator(role=Role.OUTLET_CLERK, held_by_the_person=held) is None
    assert may_be_administrator(role=Role.AUDITOR, held_by_the_person=frozenset()) is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.rule("guarantees R13, MUT-79")
def test_eight_sign_ins_at_once_with_one_code_open_one_session() -> None:
    """同一验证码并发提交,只有一次有效。"""
    owner = a_member_of_staff()
    code, here = code_now(enrolled(owner)), world()
    answers: list[bool] = []
    start = threading.Barrier(8)

    def sign_in() -> None:
        try:
            with in_world(here):
                start.wait()
                at = here.clock.now()
                answers.append(staff.verify_code(code=code, actor=owner, at=at).accepted)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign_in) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 7 + [True]
