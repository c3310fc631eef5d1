"""Who may review a proposal without a conflict that the graph can find; and how councils are made up."""

from collections import Counter
from collections.abc import Iterable

from graph.answer.conflicts import Conflicts
from graph.answer.employment import employment
from graph.answer.errors import AnswerError
from graph.answer.expert_model import Employment, Expert, ExpertQuestion
from graph.answer.experts import find_experts
from graph.answer.model import Ref
from graph.answer.parties import named, parties_of
from graph.answer.reading import Reading
from graph.answer.review_model import (
    Balance,
    Council,
    Councils,
    Excluded,
    Member,
    Part,
    Reviewer,
    Reviewers,
    ReviewQuestion,
)
from graph.statements.home import today

_LOOKED_AT = 200
"""Experts that are looked at, the best first."""
_TEXT = 2_000
"""Characters of the text that experts are ranked by."""
_EXCLUDED = 40
_ABOUT = ("PolicyInstrument", "STTask")


def find_reviewers(reading: Reading, question: ReviewQuestion) -> Reviewers:
    """Experts for a proposal in their ranking, those with a conflict set aside with its path.

    :raises AnswerError: where neither a task nor a text is given, or a part is not known
    """
    if not question.task and not question.text:
        raise AnswerError("give a task or a text to review")
    day = question.as_of or today()
    parties = parties_of(reading, question)
    asked = ExpertQuestion(
        text=" ".join(parties.texts)[:_TEXT],
        limit=_LOOKED_AT,
        as_of=day,
        known_at=question.known_at,
        language=question.language,
    )
    ranked = find_experts(reading, asked)
    conflicts = Conflicts(reading, parties, day, question.language)
    fit: list[Expert] = []
    excluded: list[Excluded] = []
    for one in ranked.experts:
        found = conflicts.of(one.expert.id, one.employment)
        if found:
            excluded.append(Excluded(expert=one.expert, rank=one.rank, conflicts=found))
        else:
            fit.append(one)
    shown = fit[: question.limit]
    everyone = [*parties.bodies, *parties.persons, *(node for node in parties.owners if node not in parties.persons)]
    return Reviewers(
        snapshot=reading.views.snapshot,
        as_of=day,
        known_at=question.known_at,
        task=reading.ref(parties.task, question.language) if parties.task else None,
        parties=tuple(reading.ref(node, question.language) for node in everyone),
        reviewers=tuple(Reviewer(expert=one, unchecked=() if one.employment else ("employer",)) for one in shown),
        excluded=tuple(excluded[:_EXCLUDED]),
        balance=balance(one.employment for one in shown),
        missing=ranked.missing,
        score_basis=ranked.score_basis,
        truncated=len(fit) > len(shown) or len(excluded) > _EXCLUDED or ranked.truncated,
    )


def balance(members: Iterable[tuple[Employment, ...]]) -> Balance:
    """How a group is made up, by the employers of its members; one with two employers counts at both."""
    institutions: Counter[str] = Counter()
    sectors: Counter[str] = Counter()
    refs: dict[str, Ref] = {}
    count, unknown = 0, 0
    for stays in members:
        count += 1
        unknown += not stays
        bodies = {stay.organization.id: stay.organization for stay in stays}
        refs |= bodies
        institutions.update(bodies.keys())
        sectors.update({body.type for body in bodies.values()})
    parts = tuple(Part(of=refs[body], count=number) for body, number in institutions.most_common())
    return Balance(members=count, institutions=parts, sectors=dict(sectors.most_common()), unknown=unknown)


def councils(
    reading: Reading, about: str | None, day: str, language: str, limit: int = 50, known_at: str | None = None
) -> Councils:
    """Who was appointed by a day to advise on or review a policy instrument or a task; all policy instruments where none is named.

    :raises AnswerError: where it is not known
    """
    things = [_named(reading, about, language)] if about else sorted(reading.views.instances("PolicyInstrument"))
    found = [council for thing in things if (council := _council(reading, thing, day, language)).members or about]
    found.sort(key=lambda one: (-len(one.members), one.about.id))
    return Councils(
        snapshot=reading.views.snapshot,
        as_of=day,
        known_at=known_at,
        total=len(found),
        councils=tuple(found[:limit]),
        truncated=len(found) > limit,
    )


def _named(reading: Reading, text: str, language: str) -> str:
    for cls in _ABOUT:
        try:
            return named(reading, text, cls, language)
        except AnswerError:
            continue
    raise AnswerError(f"no policy instrument or task is called «{text}»; search for it first")


def _council(reading: Reading, about: str, day: str, language: str) -> Council:
    views = reading.views
    events = {
        event: None
        for part in _parts(reading, about)
        for event in views.subjects("about", part)
        if "Appointment" in views.types(event) and _by(views.values(event, "date"), day)
    }
    members = sorted(
        (member for event in events for member in _members(reading, event, language)),
        key=lambda one: (one.date or "", one.role.id if one.role else "", one.person.id),
    )
    return Council(
        about=reading.ref(about, language),
        roles=dict(Counter(one.role.name if one.role else "" for one in members)),
        members=tuple(members),
        balance=balance(_people(members).values()),
    )


def _people(members: Iterable[Member]) -> dict[str, tuple[Employment, ...]]:
    """Each person once, with the employers of the appointment made last."""
    return {one.person.id: one.employment for one in members}


def _parts(reading: Reading, about: str) -> list[str]:
    """What is asked about, and its parts down to the last."""
    found = [about]
    for one in found:
        found += [part for part in reading.views.subjects("partOf", one) if part not in found]
    return found


def _by(days: Iterable[str], day: str) -> bool:
    first = next(iter(days), None)
    return first is None or first <= day


def _members(reading: Reading, event: str, language: str) -> Iterable[Member]:
    views = reading.views
    date = next(iter(views.values(event, "date")), None)
    role = next(iter(views.values(event, "role")), None)
    for person in views.values(event, "person"):
        yield Member(
            person=reading.ref(person, language),
            role=reading.ref(role, language) if role else None,
            date=date,
            number=next(iter(views.values(event, "number")), None),
            employment=employment(reading, person, date, language) if date else (),
            sources=reading.stated(event, "person", person),
        )
