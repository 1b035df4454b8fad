"""What a peer is.

To add one: copy `rule.py` to `my_peer.py`, let its `PEERS` list one object per variant,
and add "my_peer" to `PEER_FILES` in `compare.py`.
"""

from stopwatch import Stopwatch

# The peer that all others are compared with.
REFERENCE = "franc-parler"


class Unavailable(Exception):
    """This peer cannot run here; the message says what to build or install."""


class Peer:
    """A classifier under comparison.

    `fit(rows, labels, files)` learns from rows; `files` are the paths that hold exactly these
    rows, or `None` when they are part of them (cross-validation).
    `predict_proba(rows)` returns n × n_labels in the order of `labels`.
    `scores` says what those numbers are: "probability", "margin" (they only rank),
    or "decision" (0 or 1).
    """

    name = ""
    scores = "probability"

    def fit(self, rows, labels, files=None):
        raise NotImplementedError

    def predict_proba(self, rows):
        raise NotImplementedError

    def predict(self, rows):
        """Label ids and the numbers behind them; replace it where the label is not the argmax."""
        scores = self.predict_proba(rows)
        return scores.argmax(axis=1), scores

    def time_prediction(self, rows):
        """The `Stopwatch` of predicting `rows`, reading and writing of files by others left out."""
        with Stopwatch() as watch:
            self.predict_proba(rows)
        return watch

    def facts(self):
        """Settings worth recording, such as a value chosen by cross-validation."""
        return {}
