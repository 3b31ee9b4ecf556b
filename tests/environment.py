"""Loaded before Django's settings: a home of the tests' own, and the engine of this round."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

HOME = tempfile.mkdtemp(prefix="onecard-test-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

os.environ["ONECARD_HOME"] = HOME
os.environ["ONECARD_DEMO"] = "1"
os.environ["ONECARD_PHOTO_ENGINE"] = "drawn"  # drawings show nobody; tests of faces ask for eyes
os.environ["DATABASE_URL"] = os.environ.get("ONECARD_TEST_POSTGRES", "")
for name in ("ONECARD_PRODUCTION", "ONECARD_PARTNERS_URL", "ONECARD_CITY_PACK"):
    os.environ.pop(name, None)
