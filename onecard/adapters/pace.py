"""How fast the simulated partners work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Pace:
    """How long a bank and the vendor take for a file, and how far apart a parcel's scans lie.

    A parcel is scanned after one `leg`, again after seven, arrives after fifteen, and whatever
    comes back is back after thirty: at two hours a leg, delivered after 30 hours.
    """

    bank_file: timedelta = timedelta(0)
    vendor_file: timedelta = timedelta(0)
    leg: timedelta = timedelta(hours=2)


AT_ONCE = Pace()
"""Files are answered when next asked for; parcels take a day. For tests that move the clock."""
OF_A_DEMO = Pace(
    bank_file=timedelta(seconds=5), vendor_file=timedelta(seconds=10), leg=timedelta(seconds=4)
)
"""A whole card in two minutes, for whoever watches."""
OF_A_CITY = Pace(
    bank_file=timedelta(hours=20), vendor_file=timedelta(days=2), leg=timedelta(hours=2)
)
"""As it is in life, for the simulator."""
