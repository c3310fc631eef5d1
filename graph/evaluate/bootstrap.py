"""Bootstrap intervals: how far a figure might be elsewhere, had other rows been drawn."""

from collections.abc import Callable

import numpy as np

DRAWS, SEED = 1000, 20261124


def interval(rows: np.ndarray, figure: Callable[[np.ndarray], float]) -> tuple[float, float]:
    """The 95 % percentile interval of a figure over rows drawn with replacement (Efron 1979).

    :param rows: (rows, columns), what each row adds to the sums that the figure is computed from
    :param figure: of the sums of the columns
    """
    random = np.random.default_rng(SEED)
    if not len(rows):
        return (0.0, 0.0)
    # how often each row is drawn is multinomial; so a draw is one product instead of a copy of the rows
    times = random.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=DRAWS)
    figures = np.array([figure(sums) for sums in times @ rows])
    low, high = np.percentile(figures, (2.5, 97.5))
    return float(low), float(high)
