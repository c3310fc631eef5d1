"""The ledger of rights over state-funded results: a line a result as of a day, and all that is on record about one."""

from collections import Counter

from graph.answer.errors import AnswerError
from graph.answer.reading import Reading
from graph.answer.rights_asking import asked_of, may
from graph.answer.rights_facts import ResultFacts, all_results, paid_by_others_alone, results_on_record
from graph.answer.rights_model import Entry, ResultRights, RightsLedger, RightsQuestion
from graph.answer.rights_on_record import bodies_in, named_by_name
from graph.answer.rights_states import standing
from graph.answer.rights_telling import Language, Telling
from graph.policy.case import Case
from graph.policy.ownership import Ownership, ownership
from graph.policy.rights import Step, registration, steps_with_documents
from graph.questions.nodes import Node
from graph.statements.home import today
from graph.views.naming import meant
from ontology.schemes import schemes

FIELDS = "ford/2015"
STATES = "rights-state/1"


def ledger(reading: Reading, question: RightsQuestion) -> RightsLedger:
    """The lines of the ledger that fit a question, in the order of their tasks' approval, and whether a technology may be given.

    :param reading: the snapshot that ``known_at`` of the question picks
    :raises AnswerError: where a part of the question is not known
    """
    day = question.as_of or today()
    technology = asked_of(reading, "technology", question.technology, question.language)
    chosen = _Chosen(reading, question)
    entries = [one for one in entries_on(reading, day, question.language, technology) if chosen.fits(one)]
    shown = entries[question.offset : question.offset + question.limit]
    return RightsLedger(
        snapshot=reading.views.snapshot,
        as_of=day,
        known_at=question.known_at,
        total=len(entries),
        states=dict(Counter(one.state.code if one.state else "none" for one in entries)),
        regimes=dict(Counter(one.regime for one in entries)),
        entries=tuple(shown),
        may=may(reading, question, technology, day) if technology else None,
        truncated=question.offset + len(shown) < len(entries),
    )


def entries_on(reading: Reading, day: str, language: Language, technology: str | None = None) -> list[Entry]:
    """All lines on a day: results that were there by then and that the state paid for, or may have.

    :param technology: only the results that it embodies
    """
    wanted = sorted(reading.views.values(technology, "embodies")) if technology else all_results(reading)
    telling = Telling(reading, day, language)
    found = [
        entry(telling, facts)
        for facts in results_on_record(reading, wanted)
        if facts.known_by(day) and not paid_by_others_alone(facts)
    ]
    return sorted(found, key=lambda one: (one.approved_on or "", one.result.id))


def entry(telling: Telling, facts: ResultFacts) -> Entry:
    """The line of one result."""
    case = facts.case(telling.day)
    title = ownership(case)
    state = standing(title.regime, facts.steps(telling.day), facts.register, telling.day)
    open_ = [one.deadline for one in telling.deadlines(facts) if not one.filed]
    return Entry(
        result=telling.ref(facts.id),
        task=telling.maybe(facts.task["id"] if facts.task else None),
        host=telling.maybe(facts.host),
        fields=tuple(map(telling.coded, facts.fields)),
        approved_on=facts.approved,
        accepted_on=facts.accepted,
        regime=title.regime,
        regime_basis=telling.regime_basis(title.regime, facts.approved),
        state=telling.coded(f"scheme/{STATES}/{state.code}") if state.code else None,
        state_since=state.since,
        state_basis=state.basis,
        state_event=telling.maybe(state.event),
        state_document=telling.document(state.event) if state.event else None,
        owners=telling.owners(title),
        clear=is_clear(title, facts),
        technologies=tuple(map(telling.ref, facts.technologies)),
        registration=registration(case),
        permit=telling.permit(case.listed),
        novelty_deadline=min(open_, default=None),
        warnings=tuple(telling.warnings(facts, title)),
    )


def is_clear(title: Ownership, facts: ResultFacts) -> bool:
    """Whether it is known who owns: decided or by law, all owners named, no two sources naming different ones."""
    return bool(title.claims) and not (title.undecided or title.unnamed or title.lacks or facts.rights["claims"])


def result_rights(reading: Reading, result: str, question: RightsQuestion) -> ResultRights | None:
    """All that the ledger says of one result, or ``None`` where there is none of that id."""
    if not Node(reading.store, result).is_a("ResearchResult"):
        return None
    day = question.as_of or today()
    telling = Telling(reading, day, question.language)
    facts = next(results_on_record(reading, [result]))
    return ResultRights(
        **dict(entry(telling, facts)),
        snapshot=reading.views.snapshot,
        as_of=day,
        known_at=question.known_at,
        events=telling.events(facts),
        powers=telling.powers(facts),
        profit=telling.profit(facts),
        recorded_profit=tuple(telling.recorded_profit(facts)),
        deadlines=tuple(telling.deadlines(facts)),
        next_steps=_steps(reading, facts.case(day), question.language),
    )


def _steps(reading: Reading, case: Case, language: Language) -> tuple[Step, ...]:
    """What to do before the host, or who owns, may let somebody use the result."""
    title = ownership(case)
    owners = [] if title.undecided else [claim.holder for claim in title.claims]
    owner = case.host if case.host in owners else next(iter(owners), None)
    asked = case.model_copy(update={"ask": case.ask.model_copy(update={"from_": owner})}) if owner else case
    names = {body: reading.views.name(body, language) for body in bodies_in(asked)}
    return tuple(
        step.model_copy(update={"sentence": named_by_name(step.sentence, names)})
        for step in steps_with_documents(asked, language)
    )


class _Chosen:
    """Which lines are asked for.

    :raises AnswerError: where the host or the field is not known
    """

    def __init__(self, reading: Reading, question: RightsQuestion) -> None:
        self._question = question
        self._host = _host(reading, question.host, question.language) if question.host else None
        # beside a technology the field is one of use
        self._field = _field(question.field) if question.field and not question.technology else None

    def fits(self, one: Entry) -> bool:
        asked = self._question
        if asked.regime and one.regime != asked.regime:
            return False
        if asked.state and (one.state.code if one.state else "none") != asked.state:
            return False
        if self._host and (one.host is None or one.host.id != self._host):
            return False
        return self._field is None or any(
            self._field in (item.id, *schemes().ancestors(item.id)) for item in one.fields
        )


def _host(reading: Reading, text: str, language: str) -> str:
    found = meant(reading.views, text, "Organization", language)
    if found is None:
        raise AnswerError(f"no organisation, or more than one, is called «{text}»; search for it first")
    return found


def _field(text: str) -> str:
    known = schemes()
    wanted = text if text in known.concepts else known.find(FIELDS, text)
    if wanted is None:
        raise AnswerError(f"there is no field «{text}» in {FIELDS}")
    return wanted
