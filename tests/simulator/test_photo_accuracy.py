"""Defects put into a known photo are found; the same code counts them on the portrait set."""

from __future__ import annotations

from pathlib import Path

import pytest

from onecard.simulator.photo_accuracy import counted, paper
from onecard.simulator.photo_accuracy.defects import DEFECTS, Defect, Subject
from onecard.simulator.photo_accuracy.lab import coded
from tests import faces


@pytest.fixture(scope="module")
def subject() -> Subject:
    """The astronaut before a white wall."""
    picture = faces.before_a_wall()
    lab = faces.lab()
    return Subject(picture, lab.face(picture), lab.mask(picture), faces.framed())


@pytest.mark.parametrize(
    "defect",
    [one for one in DEFECTS if one.asked],
    ids=lambda one: f"{one.name} {one.strength}".strip(),
)
def test_a_visible_defect_is_found(defect: Defect, subject: Subject) -> None:
    """每类明显缺陷都要指出。"""
    made = defect.make(subject)
    if made is None:
        return
    flagged = faces.lab().look(coded(made)).flagged()
    hit = [flagged[code] for code in defect.codes if code in flagged]
    assert hit, (defect.codes, flagged)
    assert "RETAKE" in hit or not defect.retake


def test_a_paper_is_written_from_what_was_counted(tmp_path: Path) -> None:
    """准确率报告由命令生成。"""
    for name in ("portraits", "gpo225_plain_bg", "defects"):
        (tmp_path / name).mkdir()
    (tmp_path / "portraits" / "one.jpg").write_bytes(coded(faces.before_a_wall((120, 160, 210))))
    moves: list[int] = []
    found = counted(tmp_path, lambda done, _: moves.append(done))
    text = paper(found)
    assert len(moves) == len(DEFECTS)
    assert found.sets[0].single == 1
    assert "| `portraits` | 1 | 1 |" in text
    assert "mesh+" in text
