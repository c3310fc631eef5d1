"""Words that were looked for are marked in what is shown."""

from api.finding_words import Sought


def marked(typed: str, text: str) -> list[str]:
    return [piece for piece, found in Sought.of(typed, ()).mark(text) if found]


def test_without_diacritics_all_that_looks_alike_is_marked() -> None:
    assert marked("duong", "Đường và Dương, đuổng") == ["Đường", "Dương", "đuổng"]


def test_with_diacritics_the_exact_word_is_marked() -> None:
    assert marked("đường", "Đường và Dương") == ["Đường"]
    assert marked("hoà", "hòa bình") == ["hòa"]


def test_pieces_are_the_text() -> None:
    text = "Nước thải <b>làng nghề</b>, nước"
    pieces = Sought.of("nuoc", ()).mark(text)
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, found in pieces if found] == ["Nước", "nước"]


def test_the_piece_around_the_first_word_is_shown() -> None:
    text = " ".join(["chữ"] * 200) + " màng lọc " + " ".join(["chữ"] * 200)
    shown = Sought.of("màng", ()).around([text])
    assert [piece for piece, found in shown if found] == ["màng"]
    whole = "".join(piece for piece, _ in shown)
    assert whole.startswith("… chữ")
    assert whole.endswith("chữ …")
    assert len(whole) < 300
    assert Sought.of("màng", ()).around(["đầu", "màng"])[0] == ("màng", True)
    assert Sought.of("x", ()).around(["đầu", "sau"]) == (("đầu", False),)
    assert Sought.of("x", ()).around([]) == ()
