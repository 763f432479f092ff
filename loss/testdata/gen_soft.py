"""soft.json: the expected focal loss of soft targets, with and without label smoothing (mpmath, 60 digits).

Run: python3 generate.py soft. Numbers: the mean over labels of the hard-label loss, which is linear in the target:
binary   y a+ f_g+(z) + (1-y) a- f_g-(-z);  softmax   sum_c y_c a_c (1-p_c)^g_c (-log p_c).
Smoothing by s replaces y by (1-s) y + s/2, and y_c by (1-s) y_c + s/K. Gradients are checked against mpmath.diff.
"""
import random

from golden import close, double, margin, mp, mpf, softmax, softmax_focal, write


def binary_case(z, y, gamma, alpha, smoothing):
    x, s = mpf(z), mpf(smoothing)
    w = mpf(y) * (1 - s) + s / 2
    (gn, gp), (an, ap) = map(mpf, gamma), map(mpf, alpha)
    pos, neg = margin(x, gp), margin(-x, gn)
    value, slope, curve = (w * ap * pos[i] + (-1) ** i * (1 - w) * an * neg[i] for i in range(3))
    if abs(z) < 20:
        def f(v):
            p = 1 / (1 + mp.exp(-v))
            return -w * ap * (1 - p) ** gp * mp.log(p) - (1 - w) * an * p ** gn * mp.log(1 - p)
        with mp.workdps(100):
            assert close(value, f(x)) and close(slope, mp.diff(f, x), 25) and close(curve, mp.diff(f, x, 2), 25)
    return {"task": "binary", "logits": [z], "target": [y], "gamma": list(gamma), "alpha": list(alpha),
            "smoothing": smoothing, "value": double(value), "gradient": [double(slope)], "hessian": [[double(curve)]]}


def softmax_case(z, y, gamma, alpha, smoothing):
    k, s, x = len(z), mpf(smoothing), [mpf(v) for v in z]
    w = [(1 - s) * mpf(v) + s / k for v in y]
    parts = [softmax_focal(x, c, mpf(gamma[c]), mpf(alpha[c])) for c in range(k)]
    value = mp.fsum(w[c] * parts[c][0] for c in range(k))
    slope = [mp.fsum(w[c] * parts[c][1][j] for c in range(k)) for j in range(k)]
    curve = [[mp.fsum(w[c] * parts[c][2][i][j] for c in range(k)) for j in range(k)] for i in range(k)]
    if max(z) - min(z) < 20:
        def f(*v):
            p, q, logp = softmax(v)
            return -mp.fsum(w[c] * alpha[c] * q[c] ** gamma[c] * logp[c] for c in range(k))
        with mp.workdps(100):
            for j in range(k):
                assert abs(slope[j] - mp.diff(f, x, tuple(int(i == j) for i in range(k)))) < mpf(10) ** -25
    return {"task": "softmax", "logits": z, "target": y, "gamma": gamma, "alpha": alpha, "smoothing": smoothing,
            "value": double(value), "gradient": double(slope), "hessian": double(curve)}


def generate():
    cases = []
    for z in [-100.0, -37.5, -3.0, -0.5, 0.0, 0.75, 4.0, 40.0, 300.0]:
        for y in [0.0, 0.125, 0.3, 0.5, 0.9, 1.0]:
            for smoothing in [0.0, 0.1]:
                for gamma, alpha in [((2.0, 2.0), (1.0, 1.0)), ((4.0, 0.5), (0.75, 0.25)), ((0.0, 0.0), (1.0, 3.0))]:
                    cases.append(binary_case(z, y, gamma, alpha, smoothing))
    rnd = random.Random(1708)
    for k, spread in [(2, 1), (3, 2), (3, 40), (5, 3), (10, 2)]:
        for kind in ["hard", "soft", "flat"]:
            z = [round(rnd.gauss(0, spread), 4) for _ in range(k)]
            raw = [rnd.randint(0, 8) for _ in range(k - 1)]
            y = {"hard": [float(c == 1) for c in range(k)], "flat": [1 / k] * k,
                 "soft": [v / 8 / k for v in raw] + [1 - sum(raw) / 8 / k]}[kind]
            for smoothing in [0.0, 0.1]:
                cases.append(softmax_case(z, y, [2.0] * k, [1.0] * k, smoothing))
                cases.append(softmax_case(z, y, ([0.0, 2.0, 0.5, 5.0, 1.0] * 2)[:k], ([1.5, 0.25, 4.0, 1.0, 0.5] * 2)[:k], smoothing))
    write("soft.json", "expected focal loss of soft targets; binary gamma and alpha are [negative, positive]", cases)
