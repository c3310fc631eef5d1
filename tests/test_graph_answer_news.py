"""What is news in the first ten, and what is not."""

from typing import Any

from graph.answer.expert_model import Expert, Experts
from graph.answer.model import Answer, Contribution, Ref, Route
from graph.answer.news import FirstTen, News, Place, explained, find_news, first_ten


def ref(identifier: str | None) -> Ref | None:
    return Ref(id=identifier, name=identifier, type="Entity") if identifier else None


def route(rank: int, firm: str, need: str | None = None, technology: str = "case", broker: str = "b") -> Route:
    said: dict[str, Any] = {
        "key": f"{technology}.{broker}.{firm}.{need}",
        "rank": rank,
        "technology": ref(technology),
        "intermediary": ref(broker),
        "firm": ref(firm),
        "need": ref(need),
        "contributions": (
            Contribution(feature="base_rate", value=9.0, measure=None, reason="base"),
            Contribution(feature="a", value=0.2, measure=1, reason="weak"),
            Contribution(feature="b", value=1.5, measure=1, reason=f"strong {firm}"),
        ),
    }
    return Route.model_construct(**said)


def answer(*firms: str | tuple[str, str]) -> Answer:
    ends = [(one, None) if isinstance(one, str) else one for one in firms]
    return Answer.model_construct(routes=tuple(route(at, firm, need) for at, (firm, need) in enumerate(ends, 1)))


def experts(*names: str) -> Experts:
    return Experts.model_construct(
        experts=tuple(Expert.model_construct(expert=ref(name), reasons=()) for name in names)
    )


def news(before: Answer, now: Answer, new: set[str], known: Experts | None = None) -> News | None:
    return find_news(first_ten(before, None, {"case"}), now, known, {"case"}, new.__contains__)


def test_what_moved_or_came_up_without_being_new_is_no_news() -> None:
    before = answer("f1", "f2", "f3")
    assert news(before, answer("f3", "f1", "f9"), set()) is None
    assert news(before, before, set()) is None


def test_a_new_need_is_told_with_rank_whose_place_it_took_who_left_and_why() -> None:
    before = answer(*(f"f{number}" for number in range(10)))
    now = answer("f0", ("f1", "n"), *(f"f{number}" for number in range(1, 9)))
    found = news(before, now, {"n"})
    assert found is not None
    (fit,) = found.fits
    assert (fit.new, fit.rank, fit.instead, fit.through) == ((("need", "n"),), 2, Place(firm="f1"), "b")
    assert found.left == (Place(firm="f9"),)
    assert explained(found, now, None, "en").fits[0].reasons == {"en": "strong f1"}


def test_a_firm_that_brings_its_need_is_one_thing_and_told_at_its_best_rank() -> None:
    now = answer("f1", ("f2", "n"), ("f2", "n"), "f2")
    found = news(answer("f1"), now, {"f2", "n"})
    assert found is not None
    assert [(fit.new, fit.rank) for fit in found.fits] == [((("need", "n"), ("firm", "f2")), 2)]


def test_only_the_first_ten_count() -> None:
    now = answer(*(f"f{number}" for number in range(12)))
    assert news(answer("f0"), now, {"f10", "f11"}) is None
    found = news(answer("f0"), now, {"f9"})
    assert found is not None
    assert found.fits[0].instead is None


def test_a_new_expert_is_told_after_the_routes() -> None:
    found = news(answer("f1"), answer("f2"), {"f2", "e2"}, experts("e1", "e2"))
    assert found is not None
    assert [fit.new for fit in found.fits] == [(("firm", "f2"),), (("expert", "e2"),)]


def test_the_case_itself_is_no_news_and_what_was_seen_is_read_as_it_was_written() -> None:
    seen = first_ten(answer("f1", ("f2", "n")), experts("e"), {"case"})
    assert seen.entities() == {"f1", "f2", "n", "e"}
    assert FirstTen.model_validate_json(seen.model_dump_json(exclude_none=True)) == seen
