"""The engines: check vectors of the models, every measure on a known face, honest degradation."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from onecard.adapters.portrait import examining, measuring
from onecard.adapters.portrait.eyes import engines, models, plate, runtime, whitening
from onecard.adapters.portrait.eyes.engines import Eyes
from onecard.adapters.portrait.eyes.ground import reduced
from onecard.adapters.portrait.eyes.looking import MeshEngine
from onecard.adapters.portrait.eyes.models import MODELS, NotTheModel
from onecard.domain.photo import Checked, Seen, Verdict, caps, check
from onecard.seams.rng import SeededRng
from onecard.simulator.photo_accuracy.lab import coded, decoded
from tests import faces, pictures
from tests.faces import FIGURES, NORM, astronaut, before_a_wall, framed, lab

OPTICS = NORM.optics()
RUNTIMES = sorted(runtime.RUNTIMES)


@pytest.fixture(scope="module", params=RUNTIMES)
def engine(request: pytest.FixtureRequest) -> MeshEngine:
    """The mesh by each of its runtimes, read once."""
    return lab(f"mesh+{request.param}").eyes


def near(value: float | None, expected: float, within: float) -> bool:
    return value is not None and abs(value - expected) <= within


@pytest.mark.parametrize("which", RUNTIMES)
def test_the_models_give_the_numbers_they_were_chosen_for(which: str) -> None:
    """零输入校验向量:四个模型、两种运行方式一致。"""
    contents = models.read()
    assert contents is not None, "make models fetches them"
    sums = {"detector": (139_668.36, -15_480.05), "mesh": (90_003.31, -8.163)}
    sums |= {"iris": (4_683.17, 325.46), "segmenter": (0.0,)}
    sides = {"detector": 128, "mesh": 192, "iris": 64, "segmenter": 256}
    for part, expected in sums.items():
        net = runtime.RUNTIMES[which](contents[part], 1)
        found = net(np.zeros((1, sides[part], sides[part], 3), np.float32))
        told = sorted((float(one.sum()) for one in found.values()), reverse=True)
        assert told == pytest.approx(expected, abs=0.03), part


def test_the_known_face_is_seen_as_it_was_measured(engine: MeshEngine) -> None:
    """校验向量:宇航员照片各项数值。"""
    (face,) = engine.faces(astronaut())
    assert near(face.score, 0.9226, 0.001)
    assert np.allclose(face.box, (178.07, 80.91, 272.14, 174.98), atol=0.05)
    assert np.allclose(face.points[234], (179.92, 110.23, 40.99), atol=0.05)
    seen = engine.look(astronaut(), OPTICS)
    expected = {
        "yaw": (-0.03, 0.05),
        "pitch": (4.92, 0.05),
        "roll": (3.43, 0.05),
        "face_width": (90.85, 0.05),
        "eye_x": (225.49, 0.05),
        "eye_y": (103.30, 0.05),
        "chin_y": (175.41, 0.05),
        "eyes_open": (0.3718, 0.002),
        "mouth": (0.0973, 0.002),
        "face_ratio": (1.258, 0.002),
        "eye_ratio": (0.996, 0.002),
        "sharpness": (0.4285, 0.002),
        "face_light": (164.7, 0.5),
        "dark_share": (0.0033, 0.002),
        "bright_share": (0.0005, 0.002),
        "side_light": (6.7, 0.5),
        "chroma": (27.8, 0.5),
        "tint": (3.34, 0.02),
        "lens_ratio": (0.593, 0.002),
        "colour_cast": (0.0, 0.01),
        "crown_y": (16.0, 1.0),
    }
    for name, (value, within) in expected.items():
        assert near(getattr(seen, name), value, within), (name, getattr(seen, name))


def test_both_runtimes_agree() -> None:
    """两种运行方式各项相差不超过千分之一。"""
    one, other = (lab(f"mesh+{which}").eyes.look(framed(), OPTICS) for which in RUNTIMES)
    for name, value in one.as_plain().items():
        if isinstance(value, float):
            assert getattr(other, name) == pytest.approx(value, rel=5e-3, abs=2e-3), name


@pytest.mark.parametrize("turn", [3, 6, 10, 15])
def test_tilt_is_measured_as_it_is(turn: float) -> None:
    import cv2

    matrix = cv2.getRotationMatrix2D((179, 213), -turn, 1)
    turned = cv2.warpAffine(framed(), matrix, faces.SIZE, borderMode=cv2.BORDER_REPLICATE)
    upright = lab().eyes.look(framed(), OPTICS).roll or 0
    assert near(lab().eyes.look(np.asarray(turned), OPTICS).roll, upright + turn, 0.6)


@pytest.mark.parametrize("nothing", [np.zeros((441, 358, 3)), np.full((441, 358, 3), 200)])
def test_where_there_is_no_face_none_is_seen(nothing: np.ndarray) -> None:
    assert lab().eyes.look(nothing.astype(np.uint8), OPTICS).faces == 0


def test_the_same_picture_always_gives_the_same_numbers() -> None:
    """同一文件、同一规格、同一引擎,结果相同。"""
    first, second = (lab().look(faces.compliant()) for _ in range(2))
    assert first == second


def test_a_picture_lying_on_its_side_is_no_accident() -> None:
    """横躺的照片:测不了的项目为未检测,不报错。"""
    seen = lab().eyes.look(np.ascontiguousarray(np.rot90(framed())), OPTICS)
    assert seen.faces in {0, 1}


def test_a_model_that_is_not_the_pinned_one_is_never_used(tmp_path: Path) -> None:
    """模型文件校验不符即停止使用。"""
    for model in MODELS.values():
        shutil.copy(models.FOLDER / model.name, tmp_path / model.name)
    assert models.read(tmp_path)
    one = tmp_path / MODELS["iris"].name
    one.write_bytes(one.read_bytes()[:-1] + b"?")
    with pytest.raises(NotTheModel):
        models.read(tmp_path)
    with pytest.raises(NotTheModel):
        engines.chosen("auto", str(tmp_path))


def test_without_models_the_cascades_look_and_say_what_they_cannot_see(tmp_path: Path) -> None:
    """没有模型文件时退到Haar:测不了的报未检测,结果最多是转人工。"""
    haar = engines.chosen("auto", str(tmp_path))
    assert haar.name == "haar"
    told = _through(haar, faces.compliant())
    assert told.verdict is Verdict.HUMAN
    assert {one.code for one in told.findings} >= {"I02", "I05", "I13", "I16"}
    with pytest.raises(ValueError, match="make models"):
        engines.chosen("mesh", str(tmp_path))


def test_the_cascades_find_the_known_face() -> None:
    seen = engines.chosen("haar").look(framed(), OPTICS)
    assert seen.faces == 1
    assert seen.face_width is seen.sharpness is seen.eyes_open is None


@pytest.mark.parametrize("setting", ["yunet:/nowhere.onnx", "owl"])
def test_an_engine_that_is_not_there_is_named(setting: str) -> None:
    with pytest.raises(ValueError, match=r"yunet|owl"):
        engines.chosen(setting)


def _through(eyes: Eyes, content: bytes) -> Checked:
    file, seen = examining.examine(content, CAPS, OPTICS, eyes)
    return check(file, seen, figures=FIGURES, norm=NORM, intake=faces.WITH_FIXER)


def test_a_plain_wall_is_understood_and_made_white_without_touching_the_person() -> None:
    """换白底:墙变白,人像一个像素不变。"""
    picture = before_a_wall((120, 160, 210))
    outline = lab().eyes.outline(picture)
    assert outline is not None
    wall = plate.fit(reduced(picture), outline)
    assert wall is not None
    assert wall.residual < NORM.plate_residual_max
    mask = lab().mask(picture)
    white = whitening.whitened(picture, mask, wall)
    person = whitening.sure_person(mask)
    assert np.array_equal(white[person], picture[person])
    assert (white[:8].min(2) >= 250).mean() > 0.99


def test_the_doctor_frames_whitens_and_passes_his_own_check() -> None:
    """人像医生:取景、转正、换白底、编码,再按同一规则复检。"""
    import cv2

    wide = cv2.copyMakeBorder(
        before_a_wall((150, 180, 215)), 120, 0, 150, 150, cv2.BORDER_REPLICATE
    )
    content = coded(np.asarray(wide))
    before = lab().look(content)
    made = lab().fix(content)
    assert before.checked.verdict is Verdict.FIXABLE
    assert made is not None
    assert (made.whitened, made.was) != (False, None)
    after = lab().look(made.content)
    told = {one.code: one.outcome.value for one in after.checked.findings}
    geometry = {"F02", "F03", "F04", "I04", "I05", "I06", "I07", "I08", "I09", "I10"}
    assert geometry.isdisjoint(told), told
    assert decoded(made.content).shape == (441, 358, 3)


def test_a_busy_wall_is_left_to_a_person() -> None:
    """背景不够平:不自动换白,转人工。"""
    content = coded(framed())
    told = {one.code: one.outcome.value for one in lab().look(content).checked.findings}
    assert told["I09"] == "HUMAN"


def test_every_portrait_beside_the_checkout_has_one_face() -> None:
    """旁边有人像集时逐张检查,没有时用宇航员。"""
    for content in [faces.compliant(), *(one.read_bytes() for one in faces.portraits("portraits"))]:
        assert lab().look(content).seen.faces == 1


OWED = {
    "file_truncated": "F01",
    "file_size_295x413": "F02",
    "file_dpi72": "F03",
    "file_cmyk": "F05",
    "file_exif_rot": "F06",
    "file_q5_too_small": "F08",
    "two_faces": "I01",
    "tilt_8deg": "I04",
    "face_big": "I05",
    "bg_blue": "I09",
    "bg_shadow": "I10",
    "greyscale_look": "I11",
    "blur_s1.5": "I13",
    "closed_eyes": "I16",
    "sunglasses": "I19",
    "white_top": "I20",
    "stretch_x1.25": "I21",
}


def test_every_defect_beside_the_checkout_is_named() -> None:
    """缺陷样张逐一指出。"""
    for file in faces.portraits("defects"):
        flagged = lab().look(file.read_bytes()).flagged()
        assert OWED.get(file.stem, "") in {*flagged, ""}, file.stem


def test_what_is_seen_is_a_plain_record() -> None:
    seen = lab().look(faces.compliant()).seen
    assert Seen.of_plain(seen.as_plain()) == seen


CAPS = caps(figures=FIGURES, intake=faces.WITH_FIXER)


def spoiled() -> list[bytes]:
    """Files cut short, ended early, and with bytes changed anywhere."""
    dice = SeededRng(7)
    whole = [
        pictures.jpeg(),
        pictures.jpeg(progressive=True),
        pictures.jpeg(pictures.upright().convert("L")),
        pictures.jpeg(pictures.upright().convert("CMYK")),
        pictures.jpeg(pictures.upright((1432, 1764)), quality=60),
        pictures.png(),
        pictures.turned(6, (1000, 900)),
    ]
    given = list(whole)
    for content in whole:
        cuts = (10, len(content) // 2, len(content) - 300, len(content) - 10)
        given += [content[:cut] for cut in cuts] + [content[:cut] + b"\xff\xd9" for cut in cuts]
        for _ in range(12):
            changed = bytearray(content)
            changed[dice.below(len(changed))] = dice.below(256)
            given.append(bytes(changed))
    return given


def test_looking_finds_a_file_whole_exactly_when_measuring_does() -> None:
    """看人像与只查文件,对文件的结论一致;坏文件不会使检查出错。"""
    drawn = engines.chosen("drawn")
    for content in spoiled():
        alone = measuring.measure(content, CAPS)
        assert examining.examine(content, CAPS, OPTICS, drawn)[0] == alone
