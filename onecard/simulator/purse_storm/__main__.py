"""Runs one part of a storm in this process; Django is prepared before the acts are imported."""

from __future__ import annotations

import importlib
import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onecard.config.settings")
    django.setup()
    importlib.import_module("onecard.simulator.purse_storm.shard").main(sys.argv[1:])
