"""Which consents count on a day, and what a withdrawal takes: no views, no loads."""

import pytest

from graph.answer.person_consents import ConsentOnRecord, agreed, withdrawing
from graph.statements.consents import PURPOSES, Consent, parted
from ontology.schemes import schemes

PERSON, RECORD, OTHER = "personpersonp", "recordrecord", "otherrecordr"


def stated(
    key: str, purpose: str, given: str, until: str | None = None, withdrawn: str | None = None
) -> ConsentOnRecord:
    consent = Consent(key, PERSON, purpose, given, "phiếu", until, withdrawn)
    return ConsentOnRecord(consent, "ketnoi/consents", "", given, "phutrach")


def in_file(given: str, withdrawn: str | None = None) -> ConsentOnRecord:
    consent = Consent(f"file/{RECORD}", PERSON, "contact", given, "", None, withdrawn)
    return ConsentOnRecord(consent, "test/experts", "experts.csv", given, None, RECORD)


def may_see(found: list[ConsentOnRecord], day: str, record: str = RECORD) -> set[str]:
    return {kind for kind in ("telephone", "email") if agreed(found, PERSON, kind, record, day)}


BOTH = {"telephone", "email"}


@pytest.mark.parametrize(
    ("found", "day", "seen"),
    [
        ([], "2026-06-01", set()),
        ([stated("a", "contact", "2026-01-01")], "2025-12-31", set()),
        ([stated("a", "contact", "2026-01-01")], "2026-01-01", BOTH),
        ([stated("a", "email", "2026-01-01")], "2026-06-01", {"email"}),
        ([stated("a", "contact", "2026-01-01", until="2026-05-31")], "2026-05-31", BOTH),
        ([stated("a", "contact", "2026-01-01", until="2026-05-31")], "2026-06-01", set()),
        ([stated("a", "contact", "2026-01-01", withdrawn="2026-06-01")], "2026-05-31", BOTH),
        ([stated("a", "contact", "2026-01-01", withdrawn="2026-06-01")], "2026-06-01", set()),
        # what a file says counts for the contacts of the same record, what a curator stated for all
        ([in_file("2026-01-01")], "2026-06-01", BOTH),
        # a withdrawal ends what any file said up to then, also one that is loaded later
        ([in_file("2026-01-01"), stated("a", "contact", "2026-02-01", withdrawn="2026-03-01")], "2026-06-01", set()),
        (
            [in_file("2026-03-01"), stated("a", "email", "2026-02-01", withdrawn="2026-03-01")],
            "2026-06-01",
            {"telephone"},
        ),
        # who agrees again later is asked again
        ([in_file("2026-03-02"), stated("a", "contact", "2026-02-01", withdrawn="2026-03-01")], "2026-06-01", BOTH),
        (
            [stated("b", "contact", "2026-03-01"), stated("a", "contact", "2026-02-01", withdrawn="2026-03-01")],
            "2026-06-01",
            BOTH,
        ),
    ],
)
def test_who_may_be_called(found: list[ConsentOnRecord], day: str, seen: set[str]) -> None:
    assert may_see(found, day) == seen


def test_a_file_speaks_for_its_own_record() -> None:
    assert may_see([in_file("2026-01-01")], "2026-06-01", OTHER) == set()
    assert may_see([stated("a", "contact", "2026-01-01")], "2026-06-01", OTHER) == BOTH


def test_withdrawing_one_takes_what_it_showed_from_all() -> None:
    found = [stated("a", "contact", "2026-01-01"), stated("b", "email", "2026-02-01"), in_file("2026-01-05")]
    made = withdrawing(found, PERSON, "b", "2026-06-01")
    after = [ConsentOnRecord(one, "ketnoi/consents", "", "2026-06-01", None) for one in made]
    kept = [one for one in found if one.record is not None]
    assert may_see([*after, *kept], "2026-06-01") == {"telephone"}
    assert {one.consent.key for one in after if not one.mark} == {"a", "a/telephone", "b", f"file/{RECORD}/telephone"}
    with pytest.raises(LookupError):
        withdrawing(found, PERSON, "nothing", "2026-06-01")
    with pytest.raises(LookupError):
        withdrawing([stated("a", "contact", "2026-01-01", withdrawn="2026-02-01")], PERSON, "a", "2026-06-01")


def test_all_of_it_withdrawn_leaves_nothing() -> None:
    found = [stated("a", "contact", "2026-01-01"), in_file("2026-01-05")]
    made = withdrawing(found, PERSON, f"file/{RECORD}", "2026-06-01")
    assert {(one.key, one.withdrawn) for one in made} == {("a", "2026-06-01"), (f"file/{RECORD}", "2026-06-01")}
    after = [*(ConsentOnRecord(one, "ketnoi/consents", "", "2026-06-01", None) for one in made), in_file("2026-01-05")]
    assert may_see(after, "2026-06-01") == set()
    assert parted(found[0].consent, (), "2026-06-01") == []


def test_every_purpose_has_an_effect() -> None:
    assert set(PURPOSES) == set(schemes().codes("consent-purpose/1"))
    assert all(kinds for kinds in PURPOSES.values())
