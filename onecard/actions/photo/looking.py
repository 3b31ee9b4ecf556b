"""看照片: every look at a photo is written down, and its person finds it later (platform B19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from onecard.actions._keeping import act, concerning, note
from onecard.domain.authority import Actor, actor_key
from onecard.domain.photo import Copy
from onecard.domain.refusal import NotFound
from onecard.records.models import Photo
from onecard.seams import sealed_blobs, signed_links


@dataclass(frozen=True)
class Looked:
    """A picture as it was shown."""

    photo: str
    content: bytes


@act("photo.look")
def look(*, photo: str, copy: Copy, actor: Actor, at: datetime) -> Looked:
    """The picture itself. Raises `NotFound` for whoever may not see it, or if it was deleted."""
    row = Photo.objects.visible_to(actor).filter(ref=photo).first()
    if row is None:
        raise NotFound(Photo.__name__)
    if row.person_id:
        concerning(row.person_id)
    name = row.original_blob if copy is Copy.ORIGINAL and row.original_blob else row.blob
    try:
        content = sealed_blobs.read(name)
    except KeyError as gone:
        raise NotFound(Photo.__name__) from gone
    note(about=row.ref, by=actor, at=at, ground="platform B19", copy=copy.value)
    return Looked(row.ref, content)


def look_by_link(token: str, *, actor: Actor, at: datetime) -> Looked:
    """The picture behind a link. Raises `NotFound` if it is forged, over, or another's."""
    what = signed_links.read(token, bound_to=actor_key(actor), at=at)
    ref, _, copy = (what or "").partition(".")
    if copy not in {kind.value for kind in Copy}:
        raise NotFound(Photo.__name__)
    return look(photo=ref, copy=Copy(copy), actor=actor, at=at)
