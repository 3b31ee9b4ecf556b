"""People who work here, for tests of their desks: signed in with both factors, without hashing."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

from onecard.domain.authority import Actor, Role, channel_of
from onecard.domain.stock import OutletKind
from onecard.records.models import Employer, Outlet, Staff, StaffTotp
from onecard.seams.world import world
from tests import cast

PASSWORD = "a test sentence of words"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def an_outlet(ref: str = "out_tianning", **columns: object) -> Outlet:
    """A service outlet in the city that issues cards at once."""
    given = {
        "kind": OutletKind.SERVICE,
        "name": "天宁区社保卡服务网点",
        "name_en": "Tianning service outlet",
        "address": "天宁区局前街1号",
        "phone": "0519-00000000",
        "instant_issue": True,
        **columns,
    }
    return Outlet.objects.get_or_create(ref=ref, defaults=given)[0]


def an_employer(ref: str = "emp_yunhe", code: str = "91320499MA1XX0000N") -> Employer:
    """An employer known to us."""
    return Employer.objects.get_or_create(
        credit_code=code, defaults={"ref": ref, "name": "常州运河纺织有限公司"}
    )[0]


def a_member(role: Role, *, username: str = "", password: str = "", **columns: object) -> Staff:
    """An active account with a bound authenticator, standing where its role stands."""
    place: dict[str, object] = {}
    if role is Role.EMPLOYER_AGENT:
        place["employer"] = an_employer()
    elif role in {Role.OUTLET_CLERK, Role.OUTLET_SUPERVISOR, Role.HR_CLERK}:
        place["outlet"] = an_outlet()
    row = Staff.objects.create(
        ref=world().ids.new("stf"),
        username=username or role.value,
        display_name="陆晓",
        role=role,
        password=make_password(password or None),
        is_active=True,
        must_change_password=False,
        created_by="-",
        created_at=cast.MONDAY_9AM,
        **{**place, **columns},
    )
    StaffTotp.objects.create(
        ref=world().ids.new("otp"), user=row, name="onecard", secret=SECRET, confirmed=True
    )
    return row


def actor_of(row: Staff) -> Actor:
    """How acts know this member of staff."""
    return Actor(
        row.role, row.ref, channel_of(row.role), row.outlet_id or "", row.employer_id or ""
    )


def signed_in(row: Staff, client: Client | None = None) -> Client:
    """A browser in which this member of staff gave both factors just now."""
    client = client or Client()
    client.force_login(row, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = StaffTotp.objects.get(user=row).persistent_id
    session["signed_in_at"] = session["seen_at"] = world().clock.now().isoformat()
    session.save()
    return client


def at_the_desk(role: Role, **columns: object) -> Client:
    """A browser at the desk of a role."""
    return signed_in(a_member(role, **columns))
