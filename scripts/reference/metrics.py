"""Prints the numbers expected by the tests of `src/evaluate` and `src/types/random.rs`.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install scikit-learn==1.9.1 numpy==2.4.6
    /tmp/venv/bin/python scripts/reference/metrics.py

Metrics come from scikit-learn. Two are computed here from their definition, since scikit-learn has no ECE and no
longer clips the log-loss at 1e-15; the bootstrap draws with its own SplitMix64, so that its ends can be compared
to the last digit.
"""

import numpy as np
import sklearn
from sklearn.dummy import DummyClassifier
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    f1_score,
    log_loss,
    precision_recall_fscore_support,
)

# Twelve messages, three of four labels; the fourth occurs nowhere. No top probability is near the edge of a bin.
GOLD = [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2]
PREDICTED = [0, 0, 0, 1, 0, 1, 1, 0, 1, 2, 0, 2]
OTHER = [0, 0, 1, 0, 0, 1, 1, 1, 2, 2, 0, 1]
PROBABILITIES = [
    [0.90, 0.05, 0.03, 0.02],
    [0.70, 0.20, 0.05, 0.05],
    [0.55, 0.30, 0.10, 0.05],
    [0.30, 0.55, 0.10, 0.05],
    [0.45, 0.30, 0.20, 0.05],
    [0.10, 0.82, 0.03, 0.05],
    [0.20, 0.70, 0.05, 0.05],
    [0.55, 0.30, 0.10, 0.05],
    [0.05, 0.92, 0.02, 0.01],
    [0.05, 0.10, 0.82, 0.03],
    [0.62, 0.10, 0.23, 0.05],
    [0.02, 0.05, 0.91, 0.02],
]
ABSTAINED = [False] * 4 + [True] + [False] * 5 + [True, False]
N_LABELS, N_RESAMPLES, SEED, N_BINS = 4, 1000, 17, 15
MASK = (1 << 64) - 1


class SplitMix64:
    """Vigna's splitmix64.c; `below` is Lemire's method."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n):
        while True:
            product = self.next() * n
            if (product & MASK) >= (1 << 64) % n:
                return product >> 64


def macro_f1(gold, predicted):
    return f1_score(gold, predicted, average="macro", zero_division=0)


def ece(gold, probabilities):
    """Guo et al. 2017, equation 3: bins are open below and closed above."""
    top, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == gold
    edges = np.linspace(0, 1, N_BINS + 1)
    total = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (top > low) & (top <= high)
        if inside.any():
            total += inside.mean() * abs(right[inside].mean() - top[inside].mean())
    return total


def resamples(rows):
    rows, random = np.array(sorted(rows)), SplitMix64(SEED)
    for _ in range(N_RESAMPLES):
        yield rows[[random.below(len(rows)) for _ in rows]].T


def ends(values):
    return np.percentile(values, [2.5, 97.5]).tolist()


def f1_of(label, gold, predicted):
    return f1_score(gold, predicted, labels=[label], average="macro", zero_division=0)


def main():
    gold, predicted, probabilities = np.array(GOLD), np.array(PREDICTED), np.array(PROBABILITIES)
    labels = list(range(N_LABELS))
    print(f"scikit-learn {sklearn.__version__}, numpy {np.__version__}")
    random = SplitMix64(1234567)
    print("splitmix64(1234567)", [random.next() for _ in range(5)])
    print("percentile", ends([1, 2, 4, 8]))
    print("confusion", confusion_matrix(gold, predicted, labels=labels).tolist())
    print("macro_f1", macro_f1(gold, predicted), "accuracy", accuracy_score(gold, predicted))
    print("log_loss", log_loss(gold, probabilities, labels=labels))
    print("brier", brier_score_loss(gold, probabilities, labels=labels, scale_by_half=False))
    print("ece", ece(gold, probabilities))
    print("log_loss of a certain error, clipped", -np.log(np.clip(0.0, 1e-15, 1 - 1e-15)))
    covered = ~np.array(ABSTAINED)
    print("coverage", covered.mean(), "accuracy", accuracy_score(gold[covered], predicted[covered]))
    precision, recall, f1, support = precision_recall_fscore_support(gold, predicted, labels=labels, zero_division=0)
    for label in labels:
        ap = average_precision_score(gold == label, probabilities[:, label])
        print("label", label, precision[label], recall[label], f1[label], "AP", ap, "support", support[label])

    dummy = DummyClassifier(strategy="prior").fit(probabilities, gold)
    always = dummy.predict(probabilities)
    print("majority accuracy", accuracy_score(gold, always), "macro_f1", macro_f1(gold, always))
    print("prior log_loss", log_loss(gold, dummy.predict_proba(probabilities)))

    drawn = list(resamples(zip(GOLD, PREDICTED)))
    print("ends macro_f1", ends([macro_f1(g, p) for g, p in drawn]), "accuracy", ends([np.mean(g == p) for g, p in drawn]))
    for label in labels[:3]:
        print("ends f1", label, ends([f1_of(label, g, p) for g, p in drawn if label in g or label in p]))

    print("compare", macro_f1(GOLD, PREDICTED), macro_f1(GOLD, OTHER))
    differences = [macro_f1(g, a) - macro_f1(g, b) for g, a, b in resamples(zip(GOLD, PREDICTED, OTHER))]
    print("ends", ends(differences), "not worse", np.mean(np.array(differences) >= -1e-12))


if __name__ == "__main__":
    main()
