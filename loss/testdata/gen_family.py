"""family.json: the asymmetric, Poly-1 and smoothed losses from their definitions, with derivatives (mpmath, 60 digits).

Run: python3 generate.py family. Values are the papers' formulas of p as they stand, with digits to spare; derivatives
are mpmath's, by differences of these at 200 digits.
"""
from golden import double, mp, mpf, write

LOGITS = [-30.0, -8.0, -2.9, -2.0, -0.75, 0.0, 0.4, 1.7, 5.0, 12.0, 30.0]
# gamma and weight are [negative, positive].
TERMS = [
    {"clip": 0.05, "gamma": [4, 0]}, {"clip": 0.05, "gamma": [1, 1]}, {"clip": 0.3, "gamma": [2.5, 0.5]}, {"clip": 0.2, "gamma": [0, 0]},
    {"epsilon": 1, "gamma": [2, 2]}, {"epsilon": -0.8, "gamma": [0, 0]}, {"epsilon": 3, "gamma": [0.5, 3.3]},
    {"smoothing": 0.1, "gamma": [2, 2]}, {"smoothing": 0.3, "epsilon": 1.5, "gamma": [1, 4]}, {"smoothing": 0.2, "clip": 0.1, "gamma": [3, 1]},
]
SOFTMAX = [
    {"epsilon": 1, "gamma": [2, 2, 2]}, {"epsilon": -0.5, "gamma": [0, 1.5, 4]}, {"smoothing": 0.15, "gamma": [2, 0, 1]},
    {"smoothing": 0.3, "epsilon": 2, "gamma": [3, 0.5, 1, 2]},
]
ROWS = [[0.3, -1.2, 0.8, 0.1], [4.0, -3.0, 0.5, 2.5], [-0.5, 0.0, 7.0, -6.0]]


def focal(p, gamma, epsilon):
    return (1 - p) ** gamma * -mp.log(p) + epsilon * (1 - p) ** (gamma + 1)


def binary(z, y, t, weight):
    s, clip, epsilon = (mpf(t.get(name, 0)) for name in ("smoothing", "clip", "epsilon"))
    gamma = [mpf(g) for g in t["gamma"]]
    p = 1 / (1 + mp.exp(-z))
    y = (1 - s) * y + s / 2
    if clip:
        q = p - clip if p > clip else mpf(0)
        negative = -(q ** gamma[0]) * mp.log(1 - q)
    else:
        negative = focal(1 - p, gamma[0], epsilon)
    return y * weight[1] * focal(p, gamma[1], epsilon) + (1 - y) * weight[0] * negative


def softmax(z, label, t, weight):
    k, s, epsilon = len(z), mpf(t.get("smoothing", 0)), mpf(t.get("epsilon", 0))
    total = sum(mp.exp(v) for v in z)
    return sum((s / k + (1 - s) * (c == label)) * weight[c] * focal(mp.exp(z[c]) / total, mpf(t["gamma"][c]), epsilon) for c in range(k))


def generate():
    cases = []
    with mp.workdps(200):
        weight = [mpf(0.7), mpf(1.9)]
        for t in TERMS:
            rows = []
            for z in LOGITS:
                for y in (0.0, 0.25, 1.0):
                    def f(x):
                        return binary(x, mpf(y), t, weight)
                    rows.append(double([z, y, f(mpf(z)), mp.diff(f, z), mp.diff(f, z, 2)]))
            cases.append({**t, "weight": double(weight), "rows": rows})
        for t in SOFTMAX:
            k = len(t["gamma"])
            weight = [mpf(w) for w in [0.5, 1, 3, 1.25][:k]]
            for z in ROWS:
                for label in (0, k - 1):
                    def g(*x):
                        return softmax(x, label, t, weight)
                    at = [mpf(v) for v in z[:k]]
                    unit = [tuple(int(i == j) for j in range(k)) for i in range(k)]
                    gradient = [mp.diff(g, at, u) for u in unit]
                    hessian = [mp.diff(g, at, tuple(a + b for a, b in zip(u, v))) for u in unit for v in unit]
                    cases.append({**t, "weight": double(weight), "logits": z[:k], "label": label, "value": double(g(*at)),
                                  "gradient": double(gradient), "hessian": double(hessian)})
    write("family.json", "binary rows are [z, y, f, f', f'']; softmax cases have a value, its gradient and its dense Hessian", cases)
