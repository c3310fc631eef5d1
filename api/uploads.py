"""Files that somebody dropped: kept apart from the loads until they are loaded or forgotten, seen by nobody else."""

import json
import os
import re
import secrets
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from fastapi import HTTPException

from api.tokens import Identity
from graph.statements.home import Home, HomeError

MAX_UPLOAD = 200 * 1_048_576
"""Bytes of a file that is sent by a form."""
_KEPT = 24 * 3600
"""Seconds that a file is kept that nobody loads."""
_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_LONGEST_NAME = 200
"""Bytes of a file's name; file systems hold 255."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A dropped file: its id, where it lies, what its sender calls it, and who that was."""

    id: str
    path: Path
    name: str
    who: str

    def write_mapping(self, text: str) -> Path:
        """Keep the mapping by which it is to be read, beside it."""
        path = self.path.parent.parent / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        return path


def checked_name(name: str) -> str:
    """A file's name that is only a name.

    :raises HTTPException: 422 for one with a path in it
    """
    if (
        not name
        or name in (".", "..")
        or len(name.encode("utf-8", "replace")) > _LONGEST_NAME
        or not name.isprintable()
    ):
        raise HTTPException(422, "The file has no name that can be kept.")
    if "/" in name or "\\" in name:
        raise HTTPException(422, "The file's name holds a path; send it under its name alone.")
    return name


class Uploads:
    """The dropped files of a home."""

    def __init__(self, home: Home) -> None:
        self._directory = home.path / "uploads"

    def keep(self, name: str, content: BinaryIO, who: Identity) -> Upload:
        """Keep a file until it is loaded.

        :raises HTTPException: 422 for a name that is none
        :raises HomeError: where it can't be written
        """
        checked_name(name)
        self._sweep()
        identifier = secrets.token_urlsafe(16)
        directory = self._directory / identifier
        try:
            self._directory.mkdir(mode=0o700, exist_ok=True)
            (directory / "file").mkdir(parents=True)
            upload = Upload(identifier, directory / "file" / name, name, who.name)
            with upload.path.open("xb") as file:
                shutil.copyfileobj(content, file, 1 << 20)
            said = {key: value for key, value in asdict(upload).items() if key in ("name", "who")}
            (directory / "upload.json").write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        except OSError as error:
            shutil.rmtree(directory, ignore_errors=True)
            raise HomeError(f"the file was not kept: {error}") from None
        return upload

    def find(self, identifier: str, who: Identity) -> Upload:
        """A file that somebody dropped, for the one who did.

        :raises HTTPException: 404 where there is none of theirs
        """
        directory = self._directory / identifier
        if not _ID.fullmatch(identifier) or not (directory / "upload.json").is_file():
            raise HTTPException(404, "The file was loaded or forgotten; drop it again.")
        said = json.loads((directory / "upload.json").read_text(encoding="utf-8"))
        if said["who"] != who.name:
            raise HTTPException(404, "The file was loaded or forgotten; drop it again.")
        return Upload(identifier, directory / "file" / said["name"], said["name"], said["who"])

    def forget(self, upload: Upload) -> None:
        """Drop a file."""
        shutil.rmtree(self._directory / upload.id, ignore_errors=True)

    def _sweep(self) -> None:
        """Drop what nobody loaded."""
        if not self._directory.is_dir():
            return
        oldest = time.time() - _KEPT
        for entry in os.scandir(self._directory):
            if entry.stat(follow_symlinks=False).st_mtime < oldest:
                shutil.rmtree(entry.path, ignore_errors=True)
