"""The demo city's sign-ins, for the first page: only in demo mode, only fictional people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from onecard.records.models import Outlet, Person, Staff

PASSWORD = "one-card-demo-2026"  # noqa: S105 - fictional accounts on this machine only
REAL_NAME = "/real-name/begin?next=/me"
STAFF_DOOR = "/sign-in/"


@dataclass(frozen=True)
class DemoSignIn:
    """Somebody to be. `story` is the key of the word that says what there is to see with them.

    Citizens sign in by the real-name page, where they are found by their name; `number` is their
    whole, fictional identity number, so that a counter can be tried. Staff sign in by `username`,
    the common password and a one-time code that the sign-in page shows in demo mode.
    """

    name: str
    username: str
    number: str
    href: str
    story: str


def demo_sign_ins() -> tuple[DemoSignIn, ...]:
    """Everyone offered, citizens first."""
    return (*_citizens(), *_staff())


class Standing(Enum):
    """How much of a city there is. A load that was interrupted leaves a half."""

    NOTHING = "nothing"
    HALF = "half"
    WHOLE = "whole"


def standing() -> Standing:
    """Whether a city stands here. People are labelled last, so labels mean that it is whole."""
    if not Outlet.objects.exists():
        return Standing.NOTHING
    demo_city = Outlet.objects.filter(ref="out_agency").exists()
    labelled = Person.objects.exclude(demo="").exists()
    return Standing.WHOLE if labelled or not demo_city else Standing.HALF


def _citizens() -> list[DemoSignIn]:
    people = Person.objects.exclude(demo="").order_by("created_at", "ref")
    return [
        DemoSignIn(p.name, "", p.identity_number, REAL_NAME, f"demo.story.{p.demo}") for p in people
    ]


def _staff() -> list[DemoSignIn]:
    accounts = Staff.objects.exclude(demo="").order_by("created_at", "ref")
    return [
        DemoSignIn(a.display_name, a.username, "", STAFF_DOOR, f"demo.staff.{a.demo}")
        for a in accounts
    ]
