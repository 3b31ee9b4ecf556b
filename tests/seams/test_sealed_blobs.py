"""Sealed blobs open only under their own name, and an id tells when it was made."""

import pytest

from onecard.seams import sealed_blobs
from onecard.seams.custody import CannotUnseal
from onecard.seams.ids import made_at
from onecard.seams.world import world
from tests import cast


def test_what_is_put_away_is_read_back_and_lies_closed() -> None:
    """文件加密存放。"""
    name = sealed_blobs.put("pic", b"a portrait")
    assert sealed_blobs.read(name) == b"a portrait"
    assert b"a portrait" not in world().blobs.read(name)


def test_a_blob_under_another_name_does_not_open() -> None:
    """密文绑定文件名。"""
    mine, yours = sealed_blobs.put("pic", b"mine"), sealed_blobs.put("pic", b"yours")
    sealed = world().blobs.read(mine)
    world().blobs.delete(yours)
    world().blobs.put(yours, sealed)
    with pytest.raises(CannotUnseal):
        sealed_blobs.read(yours)


def test_a_blob_that_is_not_there_says_so() -> None:
    with pytest.raises(KeyError):
        sealed_blobs.read("pic_nothing")


def test_an_id_tells_when_it_was_made() -> None:
    assert made_at(world().ids.new("pic")) == cast.MONDAY_9AM


@pytest.mark.parametrize("odd", ["", "pic_", "pic_short", "pic_" + "U" * 26, "pic_" + "é" * 26])
def test_what_is_no_id_of_ours_has_no_moment(odd: str) -> None:
    with pytest.raises(ValueError, match=f"^{odd}$"):
        made_at(odd)
