"""scikit-learn: tf-idf of words 1–2 and characters 2–5, under a linear classifier.

C is chosen among `GRID` by 3-fold cross-validation on the training rows alone (macro-F1,
rows of one group kept together); ties go to the smaller C.
"""

import numpy as np
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

from peer import Peer, Unavailable
from stopwatch import Stopwatch

SEED = 7
FOLDS = 3
GRID = {"LR": [3, 30], "SVC": [0.1, 0.3, 1, 3, 10]}


class Vectors:
    """Rows to a sparse matrix: one tf-idf block of the text, one of the parent if asked."""

    def __init__(self, with_parent):
        columns = ["text", "parent"] if with_parent else ["text"]
        self._blocks = [(column, _tfidf()) for column in columns]

    def fit_transform(self, rows):
        return self._stack(rows, "fit_transform")

    def transform(self, rows):
        return self._stack(rows, "transform")

    def _stack(self, rows, method):
        parts = [
            getattr(tfidf, method)([getattr(row, column) for row in rows])
            for column, tfidf in self._blocks
        ]
        return hstack(parts, format="csr")


class TfidfPeer(Peer):
    def __init__(self, solver, with_parent):
        self.name = f"sklearn {solver}: text{' + parent' if with_parent else ''}"
        self.scores = "probability" if solver == "LR" else "margin"
        self._solver = solver
        self._with_parent = with_parent

    def fit(self, rows, labels, files=None):
        if self._with_parent and not any(row.parent.strip() for row in rows):
            raise Unavailable("no training row has a parent")
        gold = np.array([labels.index(row.label) for row in rows])
        self._n_labels = len(labels)
        with Stopwatch() as search:
            self._c = self._best_c(rows, gold)
        self._search = search
        self._vectors = Vectors(self._with_parent)
        self._classifier = _fit(self._solver, self._c, self._vectors.fit_transform(rows), gold)

    def predict_proba(self, rows):
        matrix = self._vectors.transform(rows)
        scores, absent = self._scores_of(matrix)
        # A label that training never showed gets the lowest score there is.
        full = np.full((len(rows), self._n_labels), absent)
        full[:, self._classifier.classes_] = scores
        return full

    def _scores_of(self, matrix):
        if self.scores == "probability":
            return self._classifier.predict_proba(matrix), 0.0
        margins = self._classifier.decision_function(matrix)
        if margins.ndim == 1:
            margins = np.column_stack([-margins, margins])
        return margins, margins.min()

    def facts(self):
        return {
            "C": self._c,
            "search_seconds": self._search.wall,
            "search_cpu_seconds": self._search.cpu,
        }

    def _best_c(self, rows, gold):
        folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
        scores = [
            self._score_fold(rows, gold, fit_ids, test_ids)
            for fit_ids, test_ids in folds.split(rows, gold, [row.group for row in rows])
        ]
        return GRID[self._solver][int(np.mean(scores, axis=0).argmax())]

    def _score_fold(self, rows, gold, fit_ids, test_ids):
        vectors = Vectors(self._with_parent)
        fit_matrix = vectors.fit_transform([rows[i] for i in fit_ids])
        test_matrix = vectors.transform([rows[i] for i in test_ids])
        classifiers = [_fit(self._solver, c, fit_matrix, gold[fit_ids]) for c in GRID[self._solver]]
        return [
            f1_score(gold[test_ids], classifier.predict(test_matrix), average="macro", zero_division=0)
            for classifier in classifiers
        ]


def _tfidf():
    common = {"sublinear_tf": True, "lowercase": True}
    words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b", **common)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), **common)
    return make_union(words, characters)


def _fit(solver, c, matrix, gold):
    if solver == "LR":
        classifier = LogisticRegression(C=c, max_iter=300, random_state=SEED)
    else:
        classifier = LinearSVC(C=c, max_iter=10_000, random_state=SEED)
    return classifier.fit(matrix, gold)


PEERS = [TfidfPeer(solver, with_parent) for solver in GRID for with_parent in (False, True)]
