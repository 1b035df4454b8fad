"""The rule to beat: a message with a parent (or opening on a mention) is dialogue, else outreach."""

import re

import numpy as np

from peer import Peer, Unavailable

LEADING_MENTION = re.compile(r"""[\s."'«]*@\w""")


class Rule(Peer):
    scores = "decision"

    def __init__(self, name, is_reply):
        self.name = name
        self._is_reply = is_reply

    def fit(self, rows, labels, files=None):
        if not {"outreach", "genuine_dialogue"} <= set(labels):
            raise Unavailable("the rule only knows the labels of the codebook")
        self._labels = labels

    def predict_proba(self, rows):
        answers = ["genuine_dialogue" if self._is_reply(row) else "outreach" for row in rows]
        return np.array([[float(label == answer) for label in self._labels] for answer in answers])


def _has_parent(row):
    return bool(row.parent.strip())


def _has_parent_or_mention(row):
    return _has_parent(row) or bool(LEADING_MENTION.match(row.text))


PEERS = [
    Rule("rule: parent", _has_parent),
    Rule("rule: parent or leading mention", _has_parent_or_mention),
]
