"""Begins an erasure: the tombstone, what is to go from the loads and views, and what else of the person lies in the home."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from api.person_links import forget_person
from graph.answer.erasing import Plan, plan_erasure, put_up
from graph.statements.audit import record
from graph.statements.home import Home
from graph.statements.tombstones import Tombstone

CONTACT = ("telephone", "email")
"""What is erased of a person who withdrew the consent to be contacted."""


def begin_erasure(home: Home, plan: Plan, reason: str, note: str | None, who: str) -> Tombstone:
    """Put up the tombstone of what was planned; the next publish carries it out.

    :param reason, note: as of :func:`graph.answer.erasing.put_up`
    :param who: who does it, for the audit log
    :raises graph.answer.erasing.ErasureError: where it can't be done
    :raises graph.statements.home.HomeError: where the disk is full
    """
    record(home, who, "erased", plan.entity)
    stone = put_up(home, plan, reason, note)
    # dropped files wait for a day at most; one of them may be about to bring the person back
    shutil.rmtree(home.path / "uploads", ignore_errors=True)
    if plan.property is None:
        forget_person(home, plan.erasing.mentions, stone.on, stone.reason)
    return stone


def begin_apart(home: Path, identifier: str, properties: Sequence[str], reason: str, who: str) -> int:
    """Plan and begin, for a process of its own: of a person everything, or those of these properties that are on record.

    :return: how many statements go
    :raises graph.answer.erasing.ErasureError: where nothing can be erased
    """
    opened = Home(home)
    plans = [plan_erasure(opened, identifier, prop) for prop in properties or (None,)]
    for plan in plans:
        if plan.statements:
            begin_erasure(opened, plan, reason, None, who)
    return sum(sum(plan.statements.values()) for plan in plans)
