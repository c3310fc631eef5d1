"""Check digits: published identifiers fit, and no single digit of them can be changed without its being seen."""

import pytest

from ontology.identifiers import fits

FITTING = {
    "ror": "https://ror.org/02hpadn98",  # Bielefeld, as the CERIF samples have it
    "orcid": "0000-0002-1825-0097",  # the example of ORCID's own documentation
    "isni": "0000 0003 9448 2436",
    "lei": "2549007VAEQKB7BGXH31",
    "tax-code": "0100109106",  # Viettel, on its own site
}


@pytest.mark.parametrize(("scheme", "value"), FITTING.items())
def test_a_published_identifier_fits(scheme: str, value: str) -> None:
    assert fits(scheme, value)


@pytest.mark.parametrize(("scheme", "value"), FITTING.items())
def test_a_slip_of_one_digit_is_seen(scheme: str, value: str) -> None:
    bare = value.rpartition("/")[2]
    slips = [
        bare[:at] + str((int(sign) + by) % 10) + bare[at + 1 :]
        for at, sign in enumerate(bare)
        if sign.isdigit()
        for by in range(1, 10)
    ]
    assert len(slips) > 20
    assert [slip for slip in slips if fits(scheme, slip)] == []


@pytest.mark.parametrize(
    ("scheme", "value"), [("orcid", "0000-0002-5277-285X"), ("tax-code", "0100109106-011"), ("doi", "anything")]
)
def test_other_forms(scheme: str, value: str) -> None:
    assert fits(scheme, value)


@pytest.mark.parametrize(
    ("scheme", "value"),
    [
        ("orcid", ""),
        ("ror", "02hpadn9"),
        ("lei", "2549007vaeqkb7bgxh31"),
        ("isni", "٠٠٠٠ 0003 9448 2436"),
    ],
)
def test_what_has_not_the_form(scheme: str, value: str) -> None:
    assert not fits(scheme, value)
