"""Portraits: looked over, mended where that is allowed, kept."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import StrictBool

from onecard.actions import photo as acts
from onecard.api.asked import FileAsked, Ref
from onecard.api.caller import caller_of, done_once
from onecard.api.told import PhotoTold
from onecard.domain.photo import Intake, PhotoSource
from onecard.seams.clock import local_day
from onecard.seams.world import world

router = Router(tags=["photos"])
SCOPE = "photo.write"


class PhotoAsked(FileAsked):
    """A portrait file, and whether what may be mended should be."""

    person: Ref = ""
    mend: StrictBool = False

    def intake(self) -> Intake:
        """Through the door with the fixer, or as it is."""
        return Intake.WITH_FIXER if self.mend else Intake.AS_IT_IS


@router.post("/checks", operation_id="check_photo")
def check(request: HttpRequest, asked: PhotoAsked) -> object:
    """Measure a file against the norm and say every defect at once; nothing is stored."""
    caller_of(request, SCOPE)
    judged = acts.look_over(
        content=asked.content(), intake=asked.intake(), on=local_day(world().clock.now())
    )
    return {"verdict": judged.verdict.value, "codes": [found.code for found in judged.findings]}


@router.post("", response={201: PhotoTold}, operation_id="keep_photo")
@done_once
def keep(request: HttpRequest, asked: PhotoAsked) -> object:
    """Keep a portrait for an application; a file that must be retaken is refused with every why."""
    caller = caller_of(request, SCOPE)
    receipt = acts.keep_photo(
        person=asked.person or caller.person or None,
        content=asked.content(),
        source=PhotoSource.PARTNER,
        intake=asked.intake(),
        actor=caller.actor,
        at=world().clock.now(),
    )
    told = {**vars(receipt), "verdict": receipt.verdict.value}
    return Status(201, told)
