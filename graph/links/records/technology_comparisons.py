"""How two technologies are compared.

Titles are compared by their weighted words, as typed where both were typed with diacritics, and by the terms that either language has
for them; what two lists share is divided by what they hold together (Jaccard 1912, weighted by rarity). Of several titles the two that
are most alike count, so another title more never lowers a match.
"""

from graph.links.records.comparisons import Block, Comparison, Kind, Level, either_empty, shared

_EXCHANGED = 4
"""Weight that each of two titles may have in words that the other lacks: "hệ thống" beside "thiết bị". Above it one thing is put in place
of another, "cá tầm" of "cá chình", as a holder's technologies are that differ in their object alone."""


def _alike(column: str, exchanged: bool) -> str:
    """The share of two lists in what they hold together, weighed, as SQL over two titles ``a`` and ``b``; below 0 where each has more
    than :data:`_EXCHANGED` that the other lacks, unless that may be. A word's last four bits are its weight; to ask word by word is many
    times faster here than to intersect."""
    both = (
        f"coalesce(list_sum(list_transform(a.{column}, "
        f"lambda word: CASE WHEN list_contains(b.{column}, word) THEN word & 15 ELSE 0 END)), 0)"
    )
    share = f"{both} / greatest(a.{column}_weight + b.{column}_weight - {both}, 1)"
    if exchanged:
        return share
    lacking = f"least(a.{column}_weight, b.{column}_weight) - {both}"
    return f"CASE WHEN {lacking} > {_EXCHANGED} THEN -1 ELSE {share} END"


def _titles_alike(condition: str = "true", exchanged: bool = False) -> str:
    """How alike the two titles are that are most so, from 0 to 1, as SQL."""
    words, typed, terms = (_alike(column, exchanged) for column in ("folded", "spelled", "meant"))
    alike = (
        f"CASE WHEN NOT ({condition}) THEN 0 WHEN a.vietnamese <> b.vietnamese THEN {terms} "
        f"WHEN a.typed AND b.typed THEN {typed} ELSE {words} END"
    )
    return f"list_max(list_transform(titles_l, lambda a: list_max(list_transform(titles_r, lambda b: {alike}))))"


def _other_numbers(side: str) -> str:
    """Whether the titles of each side have a number that those of the other lack, as SQL.

    :param side: how a column of a side is written: ``"{column}_{side}"``
    """
    (mine, theirs), (keys, other_keys) = (
        [side.format(column=column, side=end) for end in "lr"] for column in ("numbers", "number_keys")
    )
    return (
        f"(len({mine}) > 0 AND len({theirs}) > 0 AND NOT list_has_any({keys}, {other_keys}) "
        f"AND len(list_intersect({mine}, {theirs})) < least(len({mine}), len({theirs})))"
    )


_TELLING_ALIKE, _EITHER_ALIKE = _titles_alike("a.telling AND b.telling"), _titles_alike(exchanged=True)
_NO_OTHER_HOLDER = f"({either_empty('holders')} OR {shared('holders')})"
_NO_INVENTORS = either_empty("inventors")

NEARLY_THE_SAME, AMONG = (0, 1, 3), 2
"""Levels of titles that are nearly the same, and the one at which one title's words are among the other's."""
OTHERS = (6, 7)
"""Levels at which inventors are known and none is shared, or neither holder nor inventors are."""
SHARED_INVENTOR = (0, 1, 2)
"""Levels at which an inventor is shared, and no other holder is known."""

TECHNOLOGIES = Kind(
    name="technology",
    table="technology_records",
    comparisons=(
        Comparison(
            "title",
            "false",
            (
                Level(f"{_TELLING_ALIKE} > 0.99", "same words of the title, rare ones"),
                Level(f"{_TELLING_ALIKE} >= 0.75", "nearly the same words of the title, rare ones"),
                Level(f"{_TELLING_ALIKE} >= 0.4", "one title's words, rare ones, are among the other's"),
                Level(f"{_titles_alike()} >= 0.75", "nearly the same words of the title, frequent ones"),
                Level(f"{_EITHER_ALIKE} >= 0.55", "most words of the title, others exchanged"),
                Level(f"{_EITHER_ALIKE} >= 0.4", "half of the title's words"),
                Level(f"{_EITHER_ALIKE} >= 0.25", ""),
                Level("ELSE", ""),
            ),
        ),
        Comparison(
            "numbers",
            either_empty("numbers"),
            (
                Level(shared("number_keys"), "same numbers and models in the title"),
                Level(f"NOT {_other_numbers('{column}_{side}')}", "numbers in one title are among the other's"),
                Level("ELSE", ""),
            ),
        ),
        Comparison(
            "rights",
            "NOT list_has_any(offices_l, offices_r)",
            (Level(shared("rights"), "the same title of protection"), Level("ELSE", "")),
        ),
        Comparison(
            "who",
            f"({either_empty('holders')} AND {_NO_INVENTORS})",
            # together, since who shares inventors shares the holder too, whether it is one technology or two
            (
                Level(f"{shared('inventors', 2)} AND {_NO_OTHER_HOLDER}", "two shared inventors and more"),
                Level(f"{shared('rare_inventors')} AND {_NO_OTHER_HOLDER}", "a shared inventor of a rare name"),
                Level(f"{shared('inventors')} AND {_NO_OTHER_HOLDER}", "a shared inventor"),
                Level(f"{_NO_INVENTORS} AND {shared('small_holders')}", "the same holder, of few technologies"),
                Level(f"{_NO_INVENTORS} AND {shared('holders')}", "the same holder"),
                Level(shared("inventors"), "a shared inventor, though another holder"),
                Level(shared("holders"), "the same holder, though other inventors"),
                Level("ELSE", ""),
            ),
        ),
        Comparison(
            "fields",
            f"({either_empty('classes')} AND {either_empty('fields')})",
            (
                Level(shared("rare_classes"), "a shared rare patent class"),
                # no register gives fields of research beside patent classes to learn from: they are taken to say as much
                Level(f"({shared('classes')} OR {shared('fields')})", "a shared patent class or field"),
                Level(f"({shared('broad_classes')} OR {shared('broad_fields')})", ""),
                Level("ELSE", ""),
            ),
        ),
        Comparison(
            "kind",
            "false",
            # that two are of one kind says nothing, and a title that does not say it never speaks against one that does
            (Level(f"({shared('kinds')} OR unsaid_l OR unsaid_r)", ""), Level("ELSE", "")),
        ),
    ),
    blocks=(Block((), sharing="keys"),),
    never=(
        "list_has_any(l.described_in, r.described_in) "
        "OR (list_has_any(l.offices, r.offices) AND NOT list_has_any(l.rights, r.rights)) "
        f"OR {_other_numbers('{side}.{column}')}"
    ),
    learned_in=None,
    # a holder or an inventor that is shared must not be what brings two together of whom it is asked how much that says
    learned_by=(Block((), sharing="title_keys"),),
)
