"""``server.json``: which store of a home is the current one, and where its server is."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

from graph.views import neo4j_stores
from graph.views.neo4j_connection import Endpoint

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Server:
    """The server of a home: what ``server.json`` holds; no process and no port yet while a server starts."""

    store: str
    password: str
    pid: int = 0
    port: int = 0

    @property
    def endpoint(self) -> Endpoint:
        """Where the server answers."""
        return Endpoint(f"bolt://127.0.0.1:{self.port}", neo4j_stores.USER, self.password)


class ServerFile:
    """The file, read and replaced whole.

    Parameters: ``path`` is where it lies.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def stamp(self) -> tuple[int, int]:
        """Another one whenever the file was written."""
        try:
            status = self._path.stat()
        except OSError:
            return (0, 0)
        return (status.st_ino, status.st_mtime_ns)

    def read(self) -> Server | None:
        """What it holds; nothing when it is not there or damaged."""
        try:
            return Server(**json.loads(self._path.read_text("utf-8")))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError) as error:
            # A view can be built anew from the statements, so a home goes on without what its file named.
            _log.warning("%s is unreadable and is made anew: %s", self._path, error)
            return None

    def write(self, server: Server) -> None:
        """Replace it: the commit of whatever changed."""
        neo4j_stores.write_private(self._path, json.dumps(asdict(server)) + "\n")
