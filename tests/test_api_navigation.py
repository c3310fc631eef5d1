"""The navigation: grouped, its own place marked, without what a visitor may not open, and every place of it a page."""

from pathlib import Path

import pytest

from api.catalogue import catalogue
from api.navigation import Navigation, navigation
from api.tokens import Identity
from tests.app_routes import got


def places(found: Navigation) -> list[str]:
    return [place.href for place in (*found.first, *(place for group in found.groups for place in group.places))]


@pytest.mark.parametrize(
    ("path", "here"),
    [("/", "/"), ("/questions/firms_in_park", "/questions"), ("/searching", None), ("/id/TdT5APT7asje", None)],
)
def test_a_page_knows_its_place(path: str, here: str | None) -> None:
    found = navigation(path, None)
    marked = [
        place.href
        for place in (*found.first, *(place for group in found.groups for place in group.places))
        if place.here
    ]
    assert marked == ([here] if here else [])
    assert [group.key for group in found.groups if group.here] == (["research"] if here == "/questions" else [])


def test_who_may_not_open_a_page_is_not_led_there() -> None:
    nobody = places(navigation("/", None))
    member = places(navigation("/", Identity("An", "member")))
    curator = places(navigation("/", Identity("Bình", "curator")))
    assert set(member) - set(nobody) == {"/outcomes", "/cases", "/claims", "/notices"}
    assert set(curator) - set(member) == {"/review", "/members", "/audit", "/persons"}


def test_every_place_is_a_page_with_a_word(tmp_path: Path) -> None:
    found = navigation("/", Identity("Bình", "curator"))
    assert set(places(found)) <= set(got(tmp_path))
    keys = [place.key for place in found.first] + [group.key for group in found.groups]
    keys += [place.key for group in found.groups for place in group.places]
    assert {f"nav.{key}" for key in keys} <= set(catalogue())
