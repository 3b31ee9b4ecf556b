"""Components of keys, as custodians type them: the check value proves that it was typed right."""

from __future__ import annotations

from onecard.chip.purse_arithmetic import KEY_BYTES, Arithmetic
from onecard.chip.purse_profile import T_UNION_3DES
from onecard.chip.software_ciphers import SoftwareCiphers


def check_value_of(component: bytes) -> str:
    """KCV (8 hex digits) of a component or key of 16 bytes. Raises `ValueError`."""
    if len(component) != KEY_BYTES:
        message = f"a component has {KEY_BYTES} bytes"
        raise ValueError(message)
    arithmetic = Arithmetic(T_UNION_3DES, SoftwareCiphers())
    return arithmetic.key_check_value(component).hex().upper()
