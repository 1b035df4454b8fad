"""Expected numbers of src/score/fit.rs: the optimum of an L2-SVM, by scikit-learn's LinearSVC (primal, to 1e-10)."""

import numpy
import sklearn
from sklearn.svm import LinearSVC

ROWS = numpy.array([[1, 0, 0], [2, 1, 0], [0, 1, 0], [0, 2, 0.5], [0.5, 0.6, 0]], dtype=float)
POSITIVE = [1, 1, 0, 0, 1]

model = LinearSVC(loss="squared_hinge", dual=False, C=1.0, intercept_scaling=1.0, tol=1e-10, max_iter=100_000)
model.fit(ROWS, POSITIVE)
print(f"scikit-learn {sklearn.__version__}: weights {model.coef_[0].round(4)}, bias {model.intercept_.round(4)}")
