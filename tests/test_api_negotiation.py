"""Which form a client gets."""

import pytest

from api.negotiation import HTML, JSON, JSON_LD, TURTLE, negotiate, split_suffix, wants_page

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
CASES = [
    (None, HTML),
    ("", HTML),
    ("*/*", HTML),
    (BROWSER, HTML),
    ("application/json", JSON),
    ("application/ld+json", JSON_LD),
    ("text/turtle", TURTLE),
    ("text/turtle;q=0.5, application/ld+json", JSON_LD),
    ("text/*;q=0.2, text/turtle", TURTLE),
    ("text/html;q=0, */*", JSON),
    ("TEXT/TURTLE", TURTLE),
    ("image/png", None),
    ("text/html;q=0", None),
    ("text/html;q=nonsense, text/turtle;q=0.1", TURTLE),
    ("nonsense", None),
    (",,,;q=1", None),
]


@pytest.mark.parametrize(("header", "media"), CASES)
def test_the_best_liked_form_is_given(header: str | None, media: str | None) -> None:
    assert negotiate(header) == media


def test_all_cases_are_collected() -> None:
    assert len(CASES) == 16


def test_a_header_of_any_length_ends() -> None:
    assert negotiate("a/b," * 100_000 + "text/turtle") is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("abc", ("abc", None)),
        ("abc.json", ("abc", JSON)),
        ("abc.jsonld", ("abc", JSON_LD)),
        ("scheme/ford/2015/2.5.ttl", ("scheme/ford/2015/2.5", TURTLE)),
        ("scheme/ford/2015/2.5", ("scheme/ford/2015/2.5", None)),
        (".json", (".json", None)),
    ],
)
def test_a_suffix_names_a_form(path: str, expected: tuple[str, str | None]) -> None:
    assert split_suffix(path) == expected


@pytest.mark.parametrize(
    ("header", "page"),
    [(None, False), ("*/*", False), ("application/json", False), (BROWSER, True), ("text/html", True)],
)
def test_errors_are_pages_only_for_who_names_html(header: str | None, page: bool) -> None:
    assert wants_page(header) is page
