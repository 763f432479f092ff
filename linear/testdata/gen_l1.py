"""Writes l1.json: optima with l1 by scikit-learn's saga, with the coefficients that are not 0."""
import json

import numpy as np
from sklearn.linear_model import LogisticRegression


def table(name, rows=None):
    data = np.loadtxt(name + ".csv", delimiter=",", skiprows=1)[:rows]
    return data[:, :-1], data[:, -1]


def case(name, rows, positive, l1, l2):
    x, y = table(name, rows)
    y = (y == positive).astype(int)
    deviation = x.std(axis=0)
    x = (x - x.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    n = len(y)
    total = l1 + l2
    fit = LogisticRegression(penalty="elasticnet", solver="saga", l1_ratio=l1 / total, C=1 / (n * total), tol=1e-12, max_iter=200_000, random_state=0).fit(x, y)
    w, b = fit.coef_[0], fit.intercept_[0]
    z = x @ w + b
    loss = np.mean(np.logaddexp(0, z) - y * z)
    objective = loss + l2 / 2 * (w @ w) + l1 * np.abs(w).sum()
    # The optimality conditions, so that the golden values are known to be those of a minimum.
    gradient = x.T @ (1 / (1 + np.exp(-z)) - y) / n + l2 * w
    assert np.all(np.abs(gradient[w == 0]) <= l1 * (1 + 1e-6)) and np.allclose(gradient[w != 0], -l1 * np.sign(w[w != 0]), atol=1e-7), name
    return {"dataset": name, "rows": rows, "positive": positive, "l1": l1, "l2": l2, "objective": objective, "support": np.flatnonzero(w).tolist(), "intercept": b, "coefficients": w.tolist()}


def generate():
    cases = [
        case("breast_cancer", 569, 1, 0.05, 0.0),
        case("breast_cancer", 569, 1, 0.01, 0.0),
        case("breast_cancer", 569, 1, 0.02, 0.05),
        case("digits", 1797, 8, 0.01, 0.0),
        case("digits", 1797, 8, 0.005, 0.02),
        case("digits", 600, 3, 0.02, 0.0),
    ]
    with open("l1.json", "w") as f:
        f.write('{"cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + "\n]}\n")
