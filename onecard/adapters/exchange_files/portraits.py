"""The portraits of one card order, as one ZIP file: `<application number>.jpg` for each photo.

Stored without compression (a JPEG has none left) and without times, so that the same portraits are
always the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_NO_TIME = (1980, 1, 1, 0, 0, 0)


def write_portraits(portraits: Mapping[str, bytes]) -> bytes:
    """The file for portraits by application number."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number in sorted(portraits):
            archive.writestr(zipfile.ZipInfo(f"{number}.jpg", _NO_TIME), portraits[number])
    return out.getvalue()


def read_portraits(content: bytes) -> dict[str, bytes]:
    """Portraits by application number: the vendor's side, used by the simulation."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name.removesuffix(".jpg"): archive.read(name) for name in archive.namelist()}
