"""Metrics of predicted against gold labels, and their bootstrap.

Everywhere: `gold`, `predicted`: n label ids; `probabilities`: n × n_labels, rows summing to 1.
A label with neither gold nor predicted rows has F1 = 0, as scikit-learn with `zero_division=0`.
"""

import sys

import numpy as np

RESAMPLES = 1_000
SEED = 20_251
# Half of the last of four decimals: a probability printed 0.0000 is not an infinite loss.
LEAST_PROBABILITY = 0.00005


def f1_per_label(confusion):
    """F1 of each label. Shape: `confusion` … × n_labels × n_labels, gold in rows."""
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    total = confusion.sum(-1) + confusion.sum(-2)
    return np.divide(2 * hits, total, out=np.zeros(hits.shape), where=total > 0)


def confusion_matrix(gold, predicted, n_labels):
    cells = np.bincount(gold * n_labels + predicted, minlength=n_labels**2)
    return cells.reshape(n_labels, n_labels).astype(float)


def average_precision(relevant, scores):
    """Area under the precision-recall steps, ties taken together; NaN without relevant rows."""
    if not relevant.any():
        return float("nan")
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(relevant[order])
    last_of_tie = np.append(np.diff(scores[order]) != 0, True)
    precision = found[last_of_tie] / (np.flatnonzero(last_of_tie) + 1)
    recall_steps = np.diff(found[last_of_tie] / found[-1], prepend=0)
    return float((precision * recall_steps).sum())


def log_loss(gold, probabilities):
    """Mean negative log-probability of the gold label, in nats."""
    clipped = np.clip(probabilities, LEAST_PROBABILITY, 1)
    clipped = clipped / clipped.sum(axis=1, keepdims=True)
    return float(-np.log(clipped[np.arange(len(gold)), gold]).mean())


def expected_calibration_error(gold, predicted, probabilities, bins=15):
    """Weighted gap between top probability and accuracy over equal-width bins."""
    top = probabilities.max(axis=1)
    bin_id = np.minimum((top * bins).astype(int), bins - 1)
    gap = np.bincount(bin_id, weights=(predicted == gold) - top, minlength=bins)
    return float(np.abs(gap).sum() / len(gold))


def resampled_macro_f1(gold, predicted, n_labels):
    """Macro-F1 of each bootstrap resample; equal n draws equal rows, so two results pair up."""
    n = len(gold)
    draws = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    cells = np.eye(n_labels**2)[gold * n_labels + predicted]
    return f1_per_label((draws @ cells).reshape(-1, n_labels, n_labels)).mean(axis=1)


def interval(samples):
    """The central 95 %."""
    return [float(bound) for bound in np.percentile(samples, [2.5, 97.5])]


def score(gold, predicted, scores, labels, focus, are_probabilities):
    """Every number of the comparison; `None` where a peer has no scores or no probabilities."""
    per_label = f1_per_label(confusion_matrix(gold, predicted, len(labels)))
    has_focus = scores is not None and focus in labels
    column = labels.index(focus) if has_focus else None
    return {
        "n": len(gold),
        "accuracy": float((gold == predicted).mean()),
        "macro_f1": float(per_label.mean()),
        "macro_f1_interval": interval(resampled_macro_f1(gold, predicted, len(labels))),
        "f1": {label: float(f1) for label, f1 in zip(labels, per_label)},
        "ap_focus": average_precision(gold == column, scores[:, column]) if has_focus else None,
        "log_loss": log_loss(gold, scores) if are_probabilities else None,
        "ece": expected_calibration_error(gold, predicted, scores) if are_probabilities else None,
    }


def _self_test():
    gold, predicted = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 1, 1, 2, 0])
    f1 = f1_per_label(confusion_matrix(gold, predicted, 3))
    assert np.allclose(f1, [1 / 2, 4 / 5, 2 / 3]), f1  # counted by hand
    ap = average_precision(np.array([1, 0, 1, 0]) == 1, np.array([0.9, 0.8, 0.7, 0.6]))
    assert np.isclose(ap, 1 / 2 + 1 / 3), ap  # precision 1 and 2/3, half of the recall each
    tied = average_precision(np.array([1, 0, 0, 0]) == 1, np.zeros(4))
    assert np.isclose(tied, 1 / 4), tied  # all tied: the share of relevant rows
    probabilities = np.array([[0.8, 0.2], [0.6, 0.4]])
    loss = log_loss(np.array([0, 1]), probabilities)
    assert np.isclose(loss, -(np.log(0.8) + np.log(0.4)) / 2), loss
    ece = expected_calibration_error(np.array([0, 1]), np.array([0, 0]), probabilities)
    assert np.isclose(ece, (0.2 + 0.6) / 2), ece  # two bins of one row each
    assert resampled_macro_f1(gold, predicted, 3).shape == (RESAMPLES,)
    assert np.array_equal(*(resampled_macro_f1(gold, predicted, 3) for _ in range(2)))
    _against_scikit_learn()
    print("metrics: self-test passed", file=sys.stderr)


def _against_scikit_learn():
    from sklearn import metrics as reference

    random = np.random.default_rng(0)
    gold, scores = random.integers(0, 3, 500), random.dirichlet(np.ones(3), 500).round(2)
    predicted = scores.argmax(axis=1)
    ours = f1_per_label(confusion_matrix(gold, predicted, 3)).mean()
    assert np.isclose(ours, reference.f1_score(gold, predicted, average="macro"))
    ours = average_precision(gold == 1, scores[:, 1])
    assert np.isclose(ours, reference.average_precision_score(gold == 1, scores[:, 1]))


if __name__ == "__main__":
    if sys.argv[1:] != ["--self-test"]:
        sys.exit("usage: metrics.py --self-test")
    _self_test()
