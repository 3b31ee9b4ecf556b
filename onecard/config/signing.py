"""The signing key of sessions and forms: made once, kept in a file nobody else can read."""

from __future__ import annotations

from pathlib import Path

from onecard.seams.rng import SystemRng


def secret_key(home: Path) -> str:
    """The key of this installation, made on first use (mode 0400)."""
    file = home / "session.key"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(SystemRng().bytes(48).hex())
        file.chmod(0o400)
    return file.read_text()
