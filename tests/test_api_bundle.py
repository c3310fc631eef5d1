"""The front end as it is built and served; and that a checkout without it has pages that work."""

import asyncio
import json
from pathlib import Path
from typing import cast

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from api.app import create_app
from api.bundle import ADDRESS, BUILT, EDITORS, Built, Typeface, script, typeface
from api.reading import ViewsSource
from api.settings import Settings


def get(app: ASGIApp, path: str) -> httpx.Response:
    """What an application answers to a browser."""

    async def answered() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            return await client.get(path, headers={"accept": "text/html,*/*;q=0.8"})

    return asyncio.run(answered())


FRONTEND = Path(__file__).parents[1] / "api" / "frontend"


@pytest.mark.parametrize(("address", "scripts"), [(None, 0), (f"{ADDRESS}/main-x.js", 1)])
def test_without_a_build_there_is_the_form_and_no_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str | None, scripts: int
) -> None:
    assert script(tmp_path) is None
    monkeypatch.setattr("api.app.script", lambda entry=EDITORS: address if entry == EDITORS else None)
    app = create_app(Settings(home=tmp_path), cast(ViewsSource, None))
    for path in ("/workbench", "/workbench?on=cypher", "/sparql", "/cypher"):
        page = get(app, path)
        assert page.status_code == 200
        assert page.text.count('type="module"') == scripts
        assert '<textarea id="query" name="query"' in page.text


def test_what_was_built_is_named_by_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"src/main.ts": {"file": "main-abc.js", "isEntry": True}}))
    (tmp_path / "main-abc.js").write_text("1")
    address = script(tmp_path)
    assert address == f"{ADDRESS}/main-abc.js"
    app = Starlette(routes=[Mount(ADDRESS, Built(tmp_path))])
    served = get(app, address)
    assert served.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert served.headers["content-type"].startswith("text/javascript")
    assert "cache-control" not in get(app, f"{ADDRESS}/manifest.json").headers
    assert get(app, f"{ADDRESS}/none.js").status_code == 404
    assert get(app, f"{ADDRESS}/../pages.py").status_code == 404


def test_setup_built_it_from_what_is_here() -> None:
    address = script()
    assert address is not None, "make setup builds the front end"
    built = BUILT / address.rpartition("/")[2]
    newest = max(path.stat().st_mtime for path in (FRONTEND / "src").iterdir())
    assert built.stat().st_mtime >= newest
    licences = (BUILT / "licences.md").read_text(encoding="utf-8")
    for name in json.loads((FRONTEND / "package.json").read_text())["dependencies"]:
        assert name in licences


def test_the_typeface_is_named_by_the_manifest_and_its_fonts_are_kept(tmp_path: Path) -> None:
    assert typeface(tmp_path) is None
    fonts = [
        f"be-vietnam-pro-{subset}-{weight}-normal-x.woff2"
        for subset in ("latin", "vietnamese")
        for weight in (400, 600)
    ]
    (tmp_path / "manifest.json").write_text(
        json.dumps({"src/typeface.css": {"file": "typeface-x.css", "assets": fonts}})
    )
    for name in ("typeface-x.css", *fonts):
        (tmp_path / name).write_text("1")
    found = typeface(tmp_path)
    assert found == Typeface(f"{ADDRESS}/typeface-x.css", (f"{ADDRESS}/{fonts[2]}", f"{ADDRESS}/{fonts[0]}"))
    app = Starlette(routes=[Mount(ADDRESS, Built(tmp_path))])
    served = get(app, found.fonts[0])
    assert served.headers["content-type"] == "font/woff2"
    assert served.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_pages_link_the_typeface_where_it_was_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for made, linked in ((None, 0), (Typeface("/static/built/t.css", ("/static/built/f.woff2",)), 1)):
        monkeypatch.setattr("api.app.typeface", lambda made=made: made)
        page = get(create_app(Settings(home=tmp_path), cast(ViewsSource, None)), "/workbench").text
        assert page.count('href="/static/built/t.css"') == page.count('rel="preload"') == linked


def test_what_was_built_speaks_vietnamese_in_three_weights() -> None:
    found = typeface()
    assert found is not None, "make setup builds the front end"
    sheet = (BUILT / found.sheet.rpartition("/")[2]).read_text(encoding="utf-8")
    assert sheet.count("@font-face") == 6
    assert sheet.lower().count("u+1ea0-1ef9") == 3
    assert "SIL OPEN FONT LICENSE" in (BUILT / "licences.md").read_text(encoding="utf-8")


def test_no_host_of_a_registry_is_written_down() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert len(packages) > 20
    for name, one in packages.items():
        assert "resolved" not in one, name
        assert one["integrity"].startswith("sha512-"), name
    asked = json.loads((FRONTEND / "package.json").read_text())
    for version in (*asked["dependencies"].values(), *asked["devDependencies"].values()):
        assert version[0].isdigit(), "versions are exact"


@pytest.mark.parametrize("address", ["/static/ketnoi.css", "/static/mark.svg"])
def test_other_files_are_served_as_before(tmp_path: Path, address: str) -> None:
    app = create_app(Settings(home=tmp_path), cast(ViewsSource, None))
    served = get(app, address)
    assert served.status_code == 200
    assert "immutable" not in served.headers.get("cache-control", "")
