"""The front end as it was built: scripts, sheets and fonts whose names hold a hash of their content, so that browsers may keep them for ever."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

BUILT = Path(__file__).parent / "static" / "built"
"""Where ``make setup`` puts it; a checkout that was not set up has none, and pages go without."""
ADDRESS = "/static/built"
EDITORS, DRAWING, FINDING, WAITING = "src/main.ts", "src/network.ts", "src/suggest.ts", "src/waiting.ts"
"""What pages start with: editors, pictures of networks, suggestions while somebody types, and what waits for a page that is computed."""
_TYPEFACE = "src/typeface.css"
_FIRST = ("vietnamese-400", "latin-400")
"""The fonts that a browser fetches before it has read the sheet: those of running text."""
_KEPT = {".js": None, ".css": None, ".woff2": "font/woff2"}
"""Suffixes of what is kept for ever, and the media type where the machine may not know it."""
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Typeface:
    """The sheet that names the fonts, and the fonts to fetch at once."""

    sheet: str
    fonts: tuple[str, ...]


def _manifest(directory: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads((directory / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return content


def script(directory: Path = BUILT, entry: str = EDITORS) -> str | None:
    """The address of a script by its source, the one that starts the editors first of all; ``None`` where nothing was built."""
    built = _manifest(directory).get(entry)
    return f"{ADDRESS}/{built['file']}" if built else None


def typeface(directory: Path = BUILT) -> Typeface | None:
    """The typeface of the pages, or ``None`` where nothing was built: pages are then set in one of the machine's."""
    built = _manifest(directory).get(_TYPEFACE)
    if built is None:
        return None
    fonts = [name for first in _FIRST for name in built["assets"] if first in name]
    return Typeface(f"{ADDRESS}/{built['file']}", tuple(f"{ADDRESS}/{name}" for name in fonts))


class Built(StaticFiles):
    """Serves what was built."""

    def __init__(self, directory: Path = BUILT) -> None:
        super().__init__(directory=directory, check_dir=False)

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        suffix = Path(full_path).suffix
        if suffix in _KEPT:
            response.headers["cache-control"] = _FOR_EVER
            if media := _KEPT[suffix]:
                response.headers["content-type"] = media
        return response
