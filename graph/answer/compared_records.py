"""What a model of records says of one pair, as reasons for people."""

from math import log, log1p

from graph.answer.review_pairs import Weights, in_order
from graph.links.records.comparisons import Kind, Learned, weights
from graph.links.records.model import Pairs


def said_of(kind: Kind, learned: Learned, pairs: Pairs, at: int, probability: float | None = None) -> Weights:
    """All comparisons of a pair, the strongest first; they add up to the log-odds of its probability.

    :param probability: of the two bodies; where their other mentions make it less than the pair's, that is a reason too
    """
    said = [
        (f"{kind.name}.{name}.{level}", weight)
        for name, level, weight in weights(kind, learned, pairs.outcomes[at].tolist())
    ]
    said.append((f"{kind.name}.prior", _log_odds(learned.prior)))
    if probability is not None and probability < pairs.probability[at]:
        said.append((f"{kind.name}.groups", _log_odds(probability) - sum(weight for _, weight in said)))
    return in_order(said)


def _log_odds(probability: float) -> float:
    return log(probability) - log1p(-probability)
