"""Predictions saved by any other tool (`--also NAME=CSV`), matched by id, else by row order."""

import numpy as np

from peer import Peer, Unavailable
from rows import InputError, read_records


class SavedPredictions(Peer):
    def __init__(self, name, path=None):
        if path is None:
            raise InputError(f'--also "{name}": expected NAME=CSV')
        self.name = name
        self._records = read_records(path)
        if not self._records:
            raise InputError(f"{path}: no rows")
        columns = self._records[0]
        self._column = "pred_label" if "pred_label" in columns else "label"
        if self._column not in columns:
            raise InputError(f'{path}: no column "label" nor "pred_label"')
        self._by_id = {record["id"]: record for record in self._records if record.get("id")}
        has_probabilities = any(name.startswith("p_") for name in columns)
        self.scores = "probability" if has_probabilities else "decision"

    def fit(self, rows, labels, files=None):
        if files is None:
            raise Unavailable("saved predictions cannot be cross-validated")
        self._labels = labels

    def predict(self, rows):
        records = self._matched(rows)
        predicted = np.array([self._labels.index(record[self._column]) for record in records])
        if self.scores == "decision":
            return predicted, np.eye(len(self._labels))[predicted]
        names = [f"p_{label}" for label in self._labels]
        return predicted, np.array([[float(record[name]) for name in names] for record in records])

    def _matched(self, rows):
        if all(row.id in self._by_id for row in rows):
            return [self._by_id[row.id] for row in rows]
        if len(rows) == len(self._records):
            return self._records
        raise Unavailable(f"its CSV has neither the ids nor the {len(rows)} rows of an evaluation file")
