"""The routes of the application, out of the application itself, so that no test keeps a second list of them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

from starlette.routing import BaseRoute, Route

from api.app import create_app
from api.reading import ViewsSource
from api.settings import Settings


def _flat(routes: list[BaseRoute]) -> Iterator[Any]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from _flat(inner.routes)


def got(home: Path) -> list[str]:
    """The paths that answer GET, with their parameters in braces."""
    app = create_app(Settings(home=home), cast(ViewsSource, None))
    routes = (route for route in _flat(app.routes) if isinstance(route, Route) or hasattr(route, "endpoint"))
    # what names no methods answers them all
    return sorted({route.path for route in routes if "GET" in (route.methods or ("GET",))})
