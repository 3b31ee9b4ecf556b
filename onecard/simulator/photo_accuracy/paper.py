"""The paper: every count beside what the design reached."""

from __future__ import annotations

from onecard.simulator.photo_accuracy.counting import Counted, DefectCount, SetCount

_HEAD = """# Accuracy of the photo gate (照片质检)

Written by `onecard photo accuracy ../shared/photos`; not by hand. Engine `{engine}`, profile
`{profile}`. Compliant photos are the doctor's own work on real official portraits, and every defect
is put into each of them; so these are in-sample figures, and worse is to be expected of telephone
pictures. No picture of the set is part of this repository.

## Gates

| gate | reached |
|---|---|
{gates}

## Faces, frame and background

Framed, right, white, nothing left: with the doctor's limits on enlarging and on uneven walls
lifted, to see what the method can do; "accepted" really passes on its own under the profile.

| set | portraits | one face | framed | right | white | nothing left | accepted |
|---|---|---|---|---|---|---|---|
{sets}

## Compliant photos

{compliant} photos from plain walls with nothing left, each also mirrored, and moved by (3, 2) px
and coded at quality 70: {variants} pictures. Rejected: {rejected}. Referred: {referred}.
{unchanged} of {compliant} come back from the doctor byte for byte. Worst mean difference inside the
person between a framed and a framed and whitened photo: {difference:.2f} of 255.

## Defects put in

A class is flagged when one of its codes is found. "Design" is the share the prototype reached
(photo design 12.3); bold classes are of visible strength and must reach 95 %.

| class | strength | codes | flagged | share | rejected | design |
|---|---|---|---|---|---|---|
{defects}

## The files of `defects/`

| file | codes found |
|---|---|
{named}
"""


def paper(found: Counted) -> str:
    """The counts as Markdown."""
    return _HEAD.format(
        engine=found.engine,
        profile=found.profile,
        gates=_lines(
            f"| {name} | {'yes' if good else '**no**'} |" for name, good in found.gates().items()
        ),
        sets=_lines(_set(one) for one in found.sets),
        compliant=found.compliant,
        variants=found.variants,
        rejected=", ".join(found.rejected) or "none",
        referred=", ".join(f"{code} {many}" for code, many in found.referred.items()) or "none",
        unchanged=found.unchanged,
        difference=found.worst_face_difference,
        defects=_lines(_defect(one) for one in found.defects),
        named=_lines(
            f"| `{name}` | {', '.join(codes) or '-'} |" for name, codes in found.named.items()
        ),
    )


def _set(one: SetCount) -> str:
    cells = (
        one.files,
        one.single,
        one.treated,
        one.framed,
        one.white,
        one.nothing_left,
        one.accepted,
    )
    return f"| `{one.name}` | " + " | ".join(map(str, cells)) + " |"


def _defect(one: DefectCount) -> str:
    defect = one.defect
    name = f"**{defect.name}**" if defect.asked else defect.name
    design = "-" if defect.before is None else f"{defect.before:.0%}"
    cells = (
        name,
        defect.strength or "-",
        ", ".join(defect.codes),
        f"{one.flagged} of {one.photos}",
        f"{one.share:.0%}",
        str(one.rejected),
        design,
    )
    return "| " + " | ".join(cells) + " |"


def _lines(lines: object) -> str:
    return "\n".join(lines)  # type: ignore[arg-type]
