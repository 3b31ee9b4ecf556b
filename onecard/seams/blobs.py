"""The blob seam: photos and files, kept outside the database under random names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol


class Blobs(Protocol):
    """A store of immutable byte strings."""

    def put(self, name: str, content: bytes) -> None:
        """Store durably under a name never used before."""
        ...

    def read(self, name: str) -> bytes:
        """The content. Raises `KeyError` if there is none."""
        ...

    def delete(self, name: str) -> None:
        """Forget; no error if it is gone already."""
        ...

    def names(self) -> list[str]:
        """Every stored name, sorted: for finding orphans."""
        ...


class FolderBlobs:
    """One file per blob, spread over 256 folders, written beside and then renamed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, content: bytes) -> None:
        """Write, flush to disk, then give it its name: a crash leaves no half blob."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".part")
        with half.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        half.rename(path)

    def read(self, name: str) -> bytes:
        """The content. Raises `KeyError` if there is none."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError as missing:
            raise KeyError(name) from missing

    def delete(self, name: str) -> None:
        """Remove the file if it is there."""
        self._path(name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Every stored name, sorted."""
        return sorted(path.name for path in self._folder.glob("??/*") if path.suffix != ".part")

    def _path(self, name: str) -> Path:
        if not name.replace("_", "").isalnum():
            raise KeyError(name)
        return self._folder / name[-2:].lower() / name


class MemoryBlobs:
    """A dictionary; for tests and the simulator. May be told to be full."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.full = False

    def put(self, name: str, content: bytes) -> None:
        """Keep it. Raises `OSError` when told to be full."""
        if self.full:
            raise OSError(28, "No space left on device")
        self.content[name] = content

    def read(self, name: str) -> bytes:
        """The content. Raises `KeyError` if there is none."""
        return self.content[name]

    def delete(self, name: str) -> None:
        """Forget it."""
        self.content.pop(name, None)

    def names(self) -> list[str]:
        """Every stored name, sorted."""
        return sorted(self.content)
