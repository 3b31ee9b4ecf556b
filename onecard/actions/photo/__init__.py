"""照片质检与保存: look a photo over, mend it, keep it, let somebody decide, forget it in time.

`look_over` and `develop` need no database. `keep_photo` is a walk: the file is opened in a child,
the bytes are stored, and only then is the row written; a crash in between leaves bytes that nobody
points to, which `sweep_orphans` removes.
"""

from onecard.actions.photo.deciding import accept_photo, claim, decline_photo
from onecard.actions.photo.forgetting import forget_originals, forget_unclaimed, sweep_orphans
from onecard.actions.photo.gate import Developed, Judged, develop, look_over
from onecard.actions.photo.keeping import keep_photo
from onecard.actions.photo.looking import Looked, look, look_by_link
from onecard.actions.photo.many import for_each
from onecard.actions.photo.receipts import Forgotten, PhotoReceipt
from onecard.actions.photo.replaying import Replayed, replay

__all__ = [
    "Developed",
    "Forgotten",
    "Judged",
    "Looked",
    "PhotoReceipt",
    "Replayed",
    "accept_photo",
    "claim",
    "decline_photo",
    "develop",
    "for_each",
    "forget_originals",
    "forget_unclaimed",
    "keep_photo",
    "look",
    "look_by_link",
    "look_over",
    "replay",
    "sweep_orphans",
]
