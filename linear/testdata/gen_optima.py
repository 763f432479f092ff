"""optima.json: optima of the objective on breast_cancer.csv and digits.csv.

Run: python3 generate.py optima. Numbers: focal_fit.py in float64, to a gradient of at most 1e-12; its derivatives are
checked against finite differences, its gamma = 0 optima against scikit-learn's LogisticRegression, its others by
starting anew from the gamma = 0 optimum ("sameFromElsewhere": false where that leads to another minimum).
"""
import json
import os
import warnings

import numpy as np
from sklearn.linear_model import LogisticRegression

from focal_fit import Problem

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLE_WEIGHT = "1 + (i mod 3)"  # i is the row, from 0
CANCER = {"dataset": "breast_cancer", "rows": 569, "positive": 1}
EIGHTS = {"dataset": "digits", "rows": 1797, "positive": 8}
DIGITS = {"dataset": "digits", "rows": 600, "positive": None}

CASES = [
    {**CANCER, "gamma": [0, 0]}, {**CANCER, "gamma": [2, 2]}, {**EIGHTS, "gamma": [0, 0]}, {**EIGHTS, "gamma": [2, 2]},
    {**CANCER, "gamma": [2, 2], "l2": 1e-4, "weights": "balanced"},
    {**EIGHTS, "gamma": [2, 2], "l2": 1e-4, "weights": "balanced"},
    {**CANCER, "gamma": [0, 0], "weights": "balanced"},
    {**EIGHTS, "gamma": [2, 2], "standardize": False},
    {**EIGHTS, "gamma": [0, 0], "standardize": False, "sampleWeight": SAMPLE_WEIGHT},
    {**CANCER, "gamma": [0, 0], "fitIntercept": False},
    {**CANCER, "gamma": [2, 2], "fitIntercept": False},
    {**EIGHTS, "gamma": [2, 2], "fitIntercept": False, "standardize": False},
    {**CANCER, "gamma": [0, 0], "sampleWeight": SAMPLE_WEIGHT},
    {**CANCER, "gamma": [2, 2], "sampleWeight": SAMPLE_WEIGHT, "weights": "balanced"},
    {**EIGHTS, "gamma": [0.5, 0.5]}, {**CANCER, "gamma": [0.5, 0.5]},
    {**EIGHTS, "gamma": [5, 5]}, {**CANCER, "gamma": [5, 5]},
    {**CANCER, "gamma": [2, 2], "weights": [0.75, 0.25]}, {**EIGHTS, "gamma": [2, 2], "weights": [0.75, 0.25]},
    {**CANCER, "gamma": [2, 0.5]}, {**EIGHTS, "gamma": [4, 1], "weights": "balanced"},
    {**DIGITS, "gamma": [0] * 10}, {**DIGITS, "gamma": [2] * 10}, {**DIGITS, "gamma": [2] * 10, "weights": "balanced"},
    {**DIGITS, "gamma": [0] * 10, "sampleWeight": SAMPLE_WEIGHT, "standardize": False},
    {**DIGITS, "gamma": [0, 0.5, 1, 2, 5, 0, 0.5, 1, 2, 5], "weights": [1, 2, 0.5, 1, 1, 3, 1, 1, 1, 0.25], "sampleWeight": SAMPLE_WEIGHT},
]
DEFAULTS = {"weights": None, "l2": 1e-3, "standardize": True, "fitIntercept": True, "sampleWeight": None}
ANCHORS = [(.059827937271, -.059378370), (.014964031683, .119954713), (.081355642888, -6.231891217), (.020388476665, -2.648449066)]


def load(case):
    table = np.loadtxt(os.path.join(HERE, case["dataset"] + ".csv"), delimiter=",", skiprows=1)[:case["rows"]]
    x, label = table[:, :-1], table[:, -1].astype(int)
    return (x, label, 10) if case["positive"] is None else (x, (label == case["positive"]).astype(int), 2)


def problem(case, x, y, k, gamma):
    weight = case["weights"] or [1] * k
    if weight == "balanced":
        weight = len(y) / (k * np.bincount(y, minlength=k))
    s = 1.0 + np.arange(len(y)) % 3 if case["sampleWeight"] else None
    return Problem(x, y, k, gamma, weight, case["l2"], case["standardize"], case["fitIntercept"], s)


def check_sklearn(p, theta):
    """gamma = 0 is logistic regression with C = 1/(n l2), the weights scaled to add up to n."""
    n = len(p.y)
    model = LogisticRegression(C=1 / (n * p.l2), solver="newton-cholesky" if p.c == 1 else "newton-cg", tol=1e-11, max_iter=300,
                               fit_intercept=bool(p.free[-1]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a line search at the last digits; the comparison decides
        model.fit(p.x[:, :-1], p.y, sample_weight=n * p.s * p.weight[p.y])
    w = theta.reshape(p.c, -1)
    scale = max(1, np.abs(w).max())
    slope = np.abs(model.coef_ - w[:, :-1]).max()
    level = np.abs(model.intercept_ - (model.intercept_.mean() if p.c > 1 else 0) - w[:, -1]).max()
    # Softmax on raw columns: the intercepts' curvature is 7e-7 and scikit-learn's line search ends at a gradient of
    # 1e-12, so its own intercepts are good to 1.5e-6 there (the gradient at ours is below 1e-16).
    loose = p.c > 1 and not p.mean.any()
    assert slope < 1e-7 * scale and level < (5e-6 if loose else 1e-7 * scale), (slope, level)
    print(f"  scikit-learn: coefficients within {slope:.0e}, intercepts within {level:.0e}")


def solve(case):
    x, y, k = load(case)
    p = problem(case, x, y, k, case["gamma"])
    p.check_derivatives(np.random.default_rng(0))
    start, same = p.start(), True
    theta = p.solve(start)
    if any(case["gamma"]):
        again = p.solve(problem(case, x, y, k, [0] * k).solve())
        same = bool(np.abs(again - theta).max() < 1e-7 * max(1, np.abs(theta).max()))
    else:
        check_sklearn(p, theta)
    w = theta.reshape(p.c, -1)
    coef = w[:, :-1] / p.std
    intercept = w[:, -1] - coef @ p.mean
    out = {**case, "columns": x.shape[1], "startObjective": p.value_grad(start)[0], "objective": p.value_grad(theta)[0], "sameFromElsewhere": same}
    if p.c == 1:
        out.update(startIntercept=start[-1], standardizedIntercept=w[0, -1], standardizedNorm=np.linalg.norm(w[0, :-1]),
                   intercept=intercept[0], coefficients=coef[0].tolist())
    else:
        z = p.x[:3] @ w.T
        probabilities = np.exp(z - z.max(1, keepdims=True))
        out.update(startIntercepts=[v + 0.0 for v in start.reshape(p.c, -1)[:, -1] - start.reshape(p.c, -1)[:, -1].mean()],
                   standardizedIntercepts=w[:, -1].tolist(), standardizedNorm=np.linalg.norm(w[:, :-1]),
                   intercepts=(intercept - intercept.mean()).tolist(), norm=np.linalg.norm(coef),
                   probabilities=(probabilities / probabilities.sum(1, keepdims=True)).tolist())
    return {key: float(v) + 0.0 if isinstance(v, (float, np.floating)) else v for key, v in out.items()}


def generate():
    solved = []
    for number, case in enumerate(CASES):
        case = {"dataset": case["dataset"], "rows": case["rows"], "positive": case["positive"], "gamma": case["gamma"],
                **DEFAULTS, **case}
        solved.append(solve(case))
        last = solved[-1]
        if number < len(ANCHORS):  # known before, to twelve digits and eight
            assert abs(last["objective"] - ANCHORS[number][0]) < 1e-12 and abs(last["standardizedIntercept"] - ANCHORS[number][1]) < 5e-9
            print("  from the known value:", last["objective"] - ANCHORS[number][0], last["standardizedIntercept"] - ANCHORS[number][1])
        print(number, last["dataset"], last["gamma"], last["objective"], last["sameFromElsewhere"], flush=True)
    lines = ",\n".join(json.dumps(c, allow_nan=False, separators=(",", ":")) for c in solved)
    with open(os.path.join(HERE, "optima.json"), "w", encoding="ascii") as f:
        f.write('{"description":"optima of the focal objective; gamma and weights by class, the positive class last","cases":[\n%s\n]}\n' % lines)
