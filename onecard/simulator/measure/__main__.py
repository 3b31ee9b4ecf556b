"""Runs one measurement in this process: `python -m onecard.simulator.measure NAME WORD...`.

Django is prepared before the measurement is imported. It prints one JSON value.
"""

from __future__ import annotations

import importlib
import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onecard.config.settings")
    django.setup()
    measurement = importlib.import_module(f"onecard.simulator.measure.{sys.argv[1]}")
    measurement.main(sys.argv[2:])
