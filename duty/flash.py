"""The flash class: what a person must learn of within seconds.

The record has the same table (`flash_class`), so that Grafana's own alerts need no program of ours.
"""

from typing import NamedTuple

from schemas.codebook import Kind


class FlashClass(NamedTuple):
    """One kind of incident of the flash class."""

    kind: Kind
    act: str | None
    """The fact `act` of an incident at sea, or `state` of a marker. None: any, and also where it is unknown."""
    vi: str
    en: str


FLASH = (
    FlashClass(Kind.SHOOTING, None, "Nổ súng", "shots fired"),
    # No fact says whether someone was hurt: whoever reports this kind says that life or health was harmed or endangered.
    FlashClass(Kind.VIOLENCE, None, "Xâm hại tính mạng, sức khỏe", "people harmed or endangered"),
    FlashClass(Kind.MARKER_DAMAGE, "destroyed", "Mốc bị phá hủy", "a marker destroyed"),
    FlashClass(Kind.MARKER_DAMAGE, "moved", "Mốc bị dịch chuyển", "a marker moved"),
    FlashClass(Kind.SEA_OBSTRUCTION, "detained", "Bắt giữ trên biển", "people or ships detained at sea"),
)
