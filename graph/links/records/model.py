"""Splink over a table of records: which pairs are one body, how probable, and why."""

import logging
from dataclasses import dataclass

import duckdb
import numpy as np
from splink import Linker, SettingsCreator, block_on
from splink.internals.duckdb.database_api import DuckDBAPI
from splink.internals.splink_dataframe import SplinkDataFrame

from graph.links.records.comparisons import Block, Kind, Learned, splink_comparisons

logging.getLogger("splink").setLevel(logging.ERROR)  # it advises on the terminal, where only an answer belongs

UNKNOWN = -1
"""The outcome of a comparison about which nothing is known."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of records as columns of one length: ``left`` and ``right`` are numbers of records, the lesser on the left;
    ``probability`` from 0 to 1, ``outcomes`` (pairs × comparisons) the number of each comparison's level, or :data:`UNKNOWN`."""

    left: np.ndarray
    right: np.ndarray
    probability: np.ndarray
    outcomes: np.ndarray

    def __len__(self) -> int:
        return len(self.left)

    def take(self, kept: np.ndarray) -> "Pairs":
        """Those of a mask or of numbers."""
        return Pairs(self.left[kept], self.right[kept], self.probability[kept], self.outcomes[kept])


def predict(
    con: duckdb.DuckDBPyConnection, kind: Kind, learned: Learned, least: float, only: str | None = None
) -> Pairs:
    """The pairs that are one body with a probability of at least ``least``, in the order of their numbers.

    :param con: with the table of the kind's records
    :param only: a table of numbers of records; pairs are then those with at least one of them
    """
    linker, records = _linker(con, kind, learned, kind.blocks)
    if only is None:
        predicted = linker.inference.predict(threshold_match_probability=least, warning_mode="never")
    else:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE records_asked AS SELECT * FROM {kind.table} WHERE number IN (SELECT number FROM {only})"
        )
        predicted = linker.inference.predict_between(
            linker._db_api.register("records_asked"), records, threshold_match_probability=least, warning_mode="never"
        )
    weights = ", ".join(f"p.mw_{comparison.name}" for comparison in kind.comparisons)
    rows = con.execute(
        f"""
        SELECT {"" if only is None else "DISTINCT "}l.number AS left_number, r.number AS right_number, p.match_probability, {weights}
        FROM {predicted.physical_name} p JOIN {kind.table} l ON l.number = least(p.number_l, p.number_r)
        JOIN {kind.table} r ON r.number = greatest(p.number_l, p.number_r)
        WHERE p.number_l <> p.number_r AND NOT coalesce({kind.never}, false) ORDER BY 1, 2
        """
    ).fetchnumpy()
    _dropped(linker)
    return Pairs(
        np.asarray(rows["left_number"], dtype=np.int64),
        np.asarray(rows["right_number"], dtype=np.int64),
        np.asarray(rows["match_probability"], dtype=np.float64),
        _outcomes(kind, learned, rows),
    )


def patterns(con: duckdb.DuckDBPyConnection, kind: Kind, start: Learned, one_in: int) -> tuple[np.ndarray, np.ndarray]:
    """How the pairs that are equal in the column for learning come out, or those of the blocks for it where there is no such column.

    :param one_in: of how many pairs of that column one is looked at, chosen by the hash of their numbers
    :return: outcomes (patterns × comparisons), and how many pairs have each
    """
    rule: tuple[Block, ...] | str = kind.learned_by or kind.blocks
    if kind.learned_in is not None:
        rule = f"l.{kind.learned_in} = r.{kind.learned_in}"
        if one_in > 1:
            rule += f" AND hash(l.number, r.number) % {one_in} = 0"
    linker, _ = _linker(con, kind, start, rule)
    predicted = linker.inference.predict(warning_mode="never")
    weights = ", ".join(f"mw_{comparison.name}" for comparison in kind.comparisons)
    rows = con.execute(
        f"SELECT {weights}, count(*) AS pairs FROM {predicted.physical_name} GROUP BY ALL ORDER BY ALL"
    ).fetchnumpy()
    _dropped(linker)
    return _outcomes(kind, start, rows), np.asarray(rows["pairs"], dtype=np.float64)


def _linker(
    con: duckdb.DuckDBPyConnection, kind: Kind, learned: Learned, blocks: tuple[Block, ...] | str
) -> tuple[Linker, SplinkDataFrame]:
    rules: list[object] = [blocks] if isinstance(blocks, str) else [_rule(block) for block in blocks]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="number",
        comparisons=splink_comparisons(kind, learned),  # type: ignore[arg-type]  # it takes dictionaries too
        blocking_rules_to_generate_predictions=rules,  # type: ignore[arg-type]  # and rules as texts
        probability_two_random_records_match=learned.prior,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
    )
    records = DuckDBAPI(connection=con).register(kind.table)
    return Linker(records, settings, log_level=None), records


def _rule(block: Block) -> object:
    if block.where is not None:
        return " AND ".join([*(f"l.{column} = r.{column}" for column in block.columns), block.where])
    if block.sharing is None:
        return block_on(*block.columns)
    return block_on(*block.columns, block.sharing, arrays_to_explode=[block.sharing])


def _outcomes(kind: Kind, learned: Learned, rows: dict[str, np.ndarray]) -> np.ndarray:
    """The level of each comparison, by its weight: Splink gives the weights, and the levels only beside all columns compared."""
    found = []
    for comparison in kind.comparisons:
        name = comparison.name
        levels = np.log2(np.array(learned.m[name]) / np.array(learned.u[name]))
        weights = np.asarray(rows[f"mw_{name}"], dtype=np.float64)
        nearest = np.abs(weights[:, None] - levels[None, :]).argmin(axis=1)
        # what is unknown weighs exactly nothing
        found.append(np.where(weights == 0.0, UNKNOWN, nearest).astype(np.int8))
    return np.stack(found, axis=1)


def _dropped(linker: Linker) -> None:
    """Drop what Splink left in the connection."""
    linker.table_management.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]  # Splink has no types there
