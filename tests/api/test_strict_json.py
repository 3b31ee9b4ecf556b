"""A body is read in one way only (guarantees 10.5, cases 91 to 97)."""

import pytest

from onecard.api import strict_json
from onecard.domain.refusal import Refused


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"x" * (strict_json.BODY_BYTES + 1), "request.body_size"),
        (b"[" * 10_000, "request.depth"),
        (b"[" * 40 + b"]" * 40, "request.depth"),
        (b'{"a": 1, "a": 2}', "request.duplicate_key"),
        (b'{"a": {"b": 1, "b": 1}}', "request.duplicate_key"),
        (b'{"a": NaN}', "request.number"),
        (b'{"a": -Infinity}', "request.number"),
        (b'{"a": 1e400}', "request.number"),
        (b'{"a": "\\ud800"}', "request.encoding"),
        (b'{"\\udfff": 1}', "request.encoding"),
        (b'{"a": "\\u0000"}', "request.encoding"),
        (b'\xef\xbb\xbf{"a": 1}', "request.encoding"),
        (b'{"a": "\xff"}', "request.encoding"),
        (b'{"a": 1', "request.syntax"),
        (b"{'a': 1}", "request.syntax"),
    ],
)
def test_a_body_that_can_be_read_in_two_ways_is_refused_by_name(body: bytes, code: str) -> None:
    """有歧义的请求一律拒绝,并说明是哪一种。"""
    with pytest.raises(Refused) as refused:
        strict_json.read(body)
    assert refused.value.refusal.code == code


def test_an_honest_body_is_read_as_it_is() -> None:
    assert strict_json.read('{"name": "王𬱖", "list": [1, 2.5, null]}'.encode()) == {
        "name": "王𬱖",
        "list": [1, 2.5, None],
    }


def test_no_body_is_an_empty_object() -> None:
    assert strict_json.read(b"") == {}
