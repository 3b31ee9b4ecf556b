"""The figures of a city, as dated TOML with source and standing. Code holds none.

`in_force("photo", PhotoPolicy, on=day)` fills the frozen dataclass it is handed with the values in
force on that day. No value in force is a named stop, never the nearest one. Which city's pack is
used is chosen once by the wiring (`use_pack`) and can be replaced for a block (`in_pack`).
"""

from onecard.policy.loader import NoFigureInForce, in_force, in_pack, pack_name, use_pack
from onecard.policy.pack import Figure, Pack, Value, find_pack, pack_names

__all__ = [
    "Figure",
    "NoFigureInForce",
    "Pack",
    "Value",
    "find_pack",
    "in_force",
    "in_pack",
    "pack_name",
    "pack_names",
    "use_pack",
]
