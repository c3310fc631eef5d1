"""The trial of identity on real files: next month's file changes no id of an unchanged body, counts nothing twice, meets no other sender.

What is expected is computed from the two files by the plain reading of ``identity_trial``, never by the loaders. The consequences
that are stated here by name:

- a body that stays has the id that it had, in whatever row, column or order it comes;
- a corrected spelling of a record's own name changes no id; where the name is in the key, the new mention is linked to the gone one;
- a corrected spelling of a body in a cell is a new mention, linked to the gone one: the id stays;
- another body in a cell is another mention: it never has the id of the one that it replaced, unless it was there before;
- a person without an identifier is told by name and organisation: where a record puts another organisation in place of the only one,
  its persons are told anew, and when everything is linked anew, so are those of the same name elsewhere; where one organisation comes
  beside two persons of one name, they are one from then on;
- one body more in a cell changes none of the others;
- a row that left is gone where the file is everything its source has, and stays where it is not;
- concepts are not mentions: two senders of one scheme speak of the same concepts, by records of their own.
"""

from dataclasses import dataclass
from pathlib import Path

import pytest

from graph.links.linking import link
from graph.statements.home import Home
from graph.statements.loads import Load
from ontology.statement import is_concept
from tests.identity_trial import (
    DATA,
    FILES,
    NO_DATA,
    Changes,
    RealFile,
    Row,
    Seen,
    columns_of,
    expected_bodies,
    load_and_link,
    next_month,
    plain,
    see,
)

pytestmark = [pytest.mark.real, pytest.mark.skipif(not DATA.is_dir(), reason=NO_DATA)]
assert len(FILES) == 9


@dataclass
class Trial:
    """Both months of a file, loaded and linked one after the other."""

    real: RealFile
    rows: list[Row]
    following: list[Row]
    changes: Changes
    loads: tuple[Load, Load]
    before: Seen
    after: Seen
    anew: Seen


@pytest.fixture(scope="module", params=FILES, ids=lambda real: real.path)
def trial(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    real: RealFile = request.param
    work = tmp_path_factory.mktemp("trial")
    home = Home(work / "home")
    rows = real.read(real.file)
    following, columns, changes = next_month(real, rows)
    real.write(work / "this", rows, columns_of(rows), False)
    real.write(work / "next", following, columns, real.title_row)
    first = load_and_link(home, real, work / "this")
    before = see(home, real)
    second = load_and_link(home, real, work / "next")
    after = see(home, real)
    link(home, full=True)
    return Trial(real, rows, following, changes, (first, second), before, after, see(home, real))


def distinct(real: RealFile, rows: list[Row]) -> set[str]:
    return {real.tag(row) for row in rows}


def test_the_plain_reading_finds_what_the_loaders_find(trial: Trial) -> None:
    """Before anything is compared: the trial sees every record, and every body that it can tell."""
    assert len(trial.rows) + trial.real.concepts == trial.real.records
    assert set(trial.before.records) - {""} == distinct(trial.real, trial.rows)
    assert expected_bodies(trial.real, trial.rows) - set(trial.before.bodies) == set()
    for changed, columns in (
        (trial.changes.respelled, len(trial.real.spelled)),
        (trial.changes.replaced, len(trial.real.cells)),
        (trial.changes.preceded, len(trial.real.cells) if trial.real.several else 0),
    ):
        assert len(changed) >= columns
        assert bool(changed) == bool(columns)
    assert len(trial.changes.dropped) == max(1, len(trial.rows) // 100)


def test_no_id_changes_for_an_unchanged_record(trial: Trial) -> None:
    for seen in (trial.after, trial.anew):
        changed = {
            tag: (trial.before.records[tag], seen.records.get(now))
            for tag, now in trial.changes.tags.items()
            if seen.records.get(now) != trial.before.records[tag]
        }
        assert changed == {}


def test_no_id_changes_for_an_unchanged_body(trial: Trial) -> None:
    altered = {
        (tag, column)
        for kind in (trial.changes.respelled, trial.changes.replaced)
        for tag, (column, *_) in kind.items()
    }
    cells = {prop: column for column, prop in trial.real.cells.items()}
    for seen in (trial.after, trial.anew):
        changed = {}
        for (tag, prop, name), entity in trial.before.bodies.items():
            now = (trial.changes.tags.get(tag, tag), prop, name)
            if tag in trial.changes.dropped and trial.real.full:
                assert now not in seen.bodies
            elif (tag, cells[prop]) not in altered and seen.bodies.get(now) != entity:
                changed[now] = (entity, seen.bodies.get(now))
        if seen is trial.anew:
            # a stated consequence: decided anew, who is one person follows what stands around him now
            persons = {body for body in trial.before.bodies if body[1] == "inventor"}
            others = {body for body in changed if body[1] == "inventor"}
            assert len(others) <= 0.01 * len(persons)
            changed = {body: ids for body, ids in changed.items() if body not in others}
        assert changed == {}


def test_a_corrected_body_keeps_its_id(trial: Trial) -> None:
    for tag, (column, old, new) in trial.changes.respelled.items():
        prop = trial.real.cells.get(column)
        if prop:
            assert (tag, prop, old) not in trial.after.bodies
            assert trial.after.bodies[tag, prop, new] == trial.before.bodies[tag, prop, old], (old, new)
            assert trial.anew.bodies[tag, prop, new] == trial.before.bodies[tag, prop, old], (old, new)


def test_another_body_is_another_mention(trial: Trial) -> None:
    for tag, (column, old, new) in trial.changes.replaced.items():
        prop = trial.real.cells[column]
        if prop == "domain":
            continue
        name = new.rsplit("/", 1)[-1]
        was = [old] if isinstance(old, str) else [o if isinstance(o, str) else o[0].rsplit("/", 1)[-1] for o in old]
        assert trial.after.bodies[tag, prop, name] not in {trial.before.bodies[tag, prop, o] for o in was}
        assert not any((tag, prop, o) in trial.after.bodies for o in was)


def test_one_body_more_in_a_cell_adds_that_body_alone(trial: Trial) -> None:
    for tag, (column, name) in trial.changes.preceded.items():
        prop = trial.real.cells[column]
        if prop == "domain":
            continue
        before = {body[2] for body in trial.before.bodies if body[:2] == (tag, prop)}
        after = {body[2] for body in trial.after.bodies if body[:2] == (tag, prop)}
        assert after - before == {name.rsplit("/", 1)[-1]}
        assert before <= after


def test_nothing_is_counted_twice(trial: Trial) -> None:
    first, second = trial.loads
    this, following = distinct(trial.real, trial.rows), distinct(trial.real, trial.following)
    stays = following if trial.real.full else {trial.changes.tags.get(tag, tag) for tag in this}
    own = trial.real.concepts
    assert (first.refused, second.refused) == (0, 0)
    assert first.accepted == len(trial.rows) + own
    assert second.accepted == len(trial.following) + own
    assert trial.before.present == len(this) + own
    assert trial.after.present == len(stays) + own
    assert set(trial.after.records) - {""} == stays
    rekeyed = {tag for tag, now in trial.changes.tags.items() if tag != now}
    if trial.real.in_key:
        rekeyed |= (
            set(trial.changes.respelled) & set(trial.changes.tags)
            if trial.real.path.endswith("sql")
            else set(trial.changes.preceded)
        )
    assert second.gone == (len(trial.changes.dropped) + len(rekeyed) if trial.real.full else 0)
    touched = {*trial.changes.respelled, *trial.changes.preceded, *trial.changes.replaced}
    assert second.changed == len(touched)
    for seen, tags in ((trial.before, this), (trial.after, stays), (trial.anew, stays)):
        bodies = len({entity for tag, entity in seen.records.items() if tag})
        assert bodies == len(tags) - named_alike(trial.real, tags)


def named_alike(real: RealFile, tags: set[str]) -> int:
    """Records that are one body by the file's own word: universities of one name (two rows of one college, with two sites)."""
    if real.identifier or real.concepts or real.found_by == ("number",):
        return 0
    rows = real.read(real.file)
    column = "school_name" if "school_name" in rows[0] else "name"
    names = [plain(row[column]) for tag, row in {real.tag(row): row for row in rows}.items() if tag in tags]
    return len(names) - len(set(names))


def test_new_bodies_are_the_only_new_entities(trial: Trial) -> None:
    """Counted over all cells: whoever was there is not there a second time under another id."""
    new = {*trial.after.bodies.values()} - {*trial.before.bodies.values()}
    planted = {
        trial.after.bodies[tag, trial.real.cells[column], name.rsplit("/", 1)[-1]]
        for kind in (trial.changes.preceded, trial.changes.replaced)
        for tag, (column, *_, name) in kind.items()
        if trial.real.cells[column] != "domain"
    }
    assert new == planted & new
    if trial.real.identifier == "us-patent":
        assert len(new) >= 2  # three new names in each of three kinds of cells, persons apart from organisations


@pytest.mark.parametrize("real", FILES, ids=lambda real: real.path)
def test_two_senders_of_one_shape_never_collide(real: RealFile, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    rows = real.read(real.file)
    real.write(tmp_path / "file", rows, columns_of(rows), False)
    for source in ("sender/a", "sender/b"):
        load_and_link(home, real, tmp_path / "file", source, linked=False)
    one, other = see(home, real, "sender/a"), see(home, real, "sender/b")
    assert len(one.record_ids) == len(other.record_ids) == one.present == len(distinct(real, rows)) + real.concepts
    assert one.record_ids.isdisjoint(other.record_ids)
    shared = one.mentions & other.mentions
    assert {subject for subject in shared if not is_concept(subject)} == set()
    assert bool(shared) == real.concepts
