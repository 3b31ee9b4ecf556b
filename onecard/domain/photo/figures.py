"""The figures of the photo norm and of the gate that keeps it (`photo.toml`)."""

from __future__ import annotations

from dataclasses import dataclass, field

from onecard.domain.person import AgePolicy


@dataclass(frozen=True)
class PhotoPolicy(AgePolicy):
    """What the city asks of a portrait, and how far the gate goes to help.

    Bytes are counted as `bytes_per_kb` times a figure in KB; pixel caps are whole pictures; the
    `encode_` figures are JPEG qualities tried in order.
    """

    profile: str
    required_from_age: int
    format: str
    width_px: int
    height_px: int
    dpi: int
    dpi_tolerance: int
    bit_depth: int
    min_kb: int
    max_kb: int
    bytes_per_kb: int
    size_strict: bool
    background: str
    forbidden_tops: tuple[str, ...]
    glasses_if_usual: bool
    quality_estimate_min: int
    convertible_formats: tuple[str, ...]
    max_upscale: float
    max_crop_share: float
    encode_quality: int
    encode_quality_when_too_big: tuple[int, ...]
    encode_quality_when_too_small: tuple[int, ...]
    max_file_kb: int
    max_file_kb_with_fixer: int
    max_header_pixels: int
    max_header_pixels_with_fixer: int
    max_progressive_pixels: int
    max_scans: int
    max_metadata_kb: int
    original_days: int
    unclaimed_days: int
    orphan_hours: int
    link_seconds: int
    quarantine_days: int = field(metadata={"room": "retention"})

    @property
    def min_bytes(self) -> int:
        """The smallest file accepted, inclusive."""
        return self.min_kb * self.bytes_per_kb

    @property
    def max_bytes(self) -> int:
        """The largest file accepted, inclusive."""
        return self.max_kb * self.bytes_per_kb
