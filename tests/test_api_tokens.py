"""Tokens are shown once, kept hashed, and readable by nobody else."""

import json
import stat
from pathlib import Path

import pytest

from api.tokens import Identity, check_token, create_token
from graph.statements.home import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_a_token_says_who_asks(home: Home) -> None:
    member = create_token(home, "member", "Bình")
    curator = create_token(home, "curator", "An")
    assert check_token(home, member) == Identity("Bình", "member")
    assert check_token(home, curator) == Identity("An", "curator")


@pytest.mark.parametrize("token", ["", "ketnoi_", "nonsense", "x" * 100_000, "\ud800", "ế" * 50])
def test_an_unknown_token_is_nobodys(home: Home, token: str) -> None:
    assert check_token(home, token) is None
    create_token(home, "member", "Bình")
    assert check_token(home, token) is None


def test_the_file_is_private_and_holds_no_token(home: Home) -> None:
    token = create_token(home, "curator", "An")
    path = home.path / "tokens.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text(encoding="utf-8")
    assert token not in text
    assert token.removeprefix("ketnoi_") not in text
    assert json.loads(text)["tokens"][0]["name"] == "An"


def test_homes_hash_with_secrets_of_their_own(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    token = create_token(home, "curator", "An")
    create_token(other, "curator", "An")
    assert check_token(other, token) is None


@pytest.mark.parametrize(
    ("role", "name"), [("admin", "An"), ("curator", ""), ("curator", " "), ("member", "a/b"), ("member", "a\nb")]
)
def test_a_token_needs_a_role_and_a_name(home: Home, role: str, name: str) -> None:
    with pytest.raises(ValueError, match=r"role|name"):
        create_token(home, role, name)  # type: ignore[arg-type]
    assert not (home.path / "tokens.json").exists()


def test_a_curator_may_what_a_member_may() -> None:
    assert Identity("An", "curator").may("member")
    assert not Identity("Bình", "member").may("curator")
