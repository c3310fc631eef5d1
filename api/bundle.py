"""The front end as it was built: scripts whose names hold a hash of their content, so that browsers may keep them for ever."""

import json
import os
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT = Path(__file__).parent / "static" / "built"
"""Where ``make setup`` puts it; a checkout that was not set up has none, and pages go without."""
ADDRESS = "/static/built"
EDITORS, DRAWING, FINDING = "src/main.ts", "src/network.ts", "src/suggest.ts"
"""What pages start with: editors, pictures of networks, suggestions while somebody types."""
_FOR_EVER = "public, max-age=31536000, immutable"


def script(directory: Path = BUILT) -> str | None:
    """The address of the script that starts the editors, or ``None`` where nothing was built."""
    return built(EDITORS, directory)


def built(entry: str, directory: Path = BUILT) -> str | None:
    """The address of a script that a page starts with, or ``None`` where it was not built."""
    try:
        manifest = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return f"{ADDRESS}/{manifest[entry]['file']}" if entry in manifest else None


class Built(StaticFiles):
    """Serves what was built."""

    def __init__(self, directory: Path = BUILT) -> None:
        super().__init__(directory=directory, check_dir=False)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        if str(full_path).endswith(".js"):
            response.headers["cache-control"] = _FOR_EVER
        return response
