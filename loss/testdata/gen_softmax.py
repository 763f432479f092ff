"""softmax.json: softmax focal loss, gradient and dense Hessian of a row (mpmath, 60 digits).

Run: python3 generate.py softmax. Numbers: the chain rule through p_t (golden.softmax_focal), for moderate logits
checked against mpmath.diff of the definition -alpha_t (1 - p_t)^gamma_t log p_t. Logits are drawn with a fixed seed.
"""
import random

from golden import close, double, mp, mpf, softmax_focal, write

UNIFORM, MIXED = [1.0], [0.25, 2.0, 0.75, 1.5, 0.125]
EDGE_ROWS = [[0, 50, -60], [1e20, -1e20, 0], [0, 0], [3.5, 3.5, 3.5], [1, 4, 4, 1, 4], [745, 0, -745], [40, -40],
             [1000, 999, -1000, 0, 1000], [-700, -700.5, -701], [1e-9, -1e-9], [0.0] * 10]


def definition(z, t, gamma, alpha):
    e = [mp.exp(v) for v in z]
    p = e[t] / mp.fsum(e)
    return -alpha * (1 - p) ** gamma * mp.log(p)


def check(z, t, gamma, alpha, value, gradient, hessian):
    n = range(len(z))
    with mp.workdps(120):
        def f(*x):
            return definition(x, t, gamma, alpha)
        assert close(value, f(*z))
        for j in n:
            assert close(gradient[j], mp.diff(f, z, tuple(int(i == j) for i in n)), 25)
            for k in range(j + 1):
                order = tuple(int(i == j) + int(i == k) for i in n)
                assert abs(hessian[j][k] - mp.diff(f, z, order)) < mpf(10) ** -25 * max(map(abs, hessian[t]))


def generate():
    rnd = random.Random(20170807)
    rows = [([2.0, -1.0, 0.5], [1])]  # the known value: L = 2.9927177820795423 at gamma = 2
    for k, scale in [(2, 1), (2, 3), (3, 1), (3, 3), (5, 1), (5, 4), (10, 2)]:
        rows.append(([round(rnd.gauss(0, scale), 4) for _ in range(k)], sorted({0, k // 2, k - 1})))
    rows += [([float(v) for v in z], range(len(z)) if len(z) <= 3 else [0, 1, 3]) for z in EDGE_ROWS]
    cases = []
    for z, targets in rows:
        k = len(z)
        for t in targets:
            for gammas, alphas in [([0.0] * k, UNIFORM * k), ([0.5] * k, UNIFORM * k), ([1.0] * k, (MIXED * 2)[:k]),
                                   ([2.0] * k, UNIFORM * k), ([5.0] * k, UNIFORM * k),
                                   (([2.0, 0.5, 5.0, 0.0, 1.0] * 2)[:k], (MIXED * 2)[:k])]:
                if k == 10 and gammas[0] not in (0.0, 2.0):
                    continue
                args = [mpf(v) for v in z], t, mpf(gammas[t]), mpf(alphas[t])
                result = softmax_focal(*args)
                scale = max(map(abs, result[1]))
                assert abs(mp.fsum(result[1])) <= mpf(10) ** -50 * scale
                if max(z) - min(z) <= 20 and k <= 5:
                    check(*args, *result)
                cases.append({"logits": z, "target": t, "gamma": gammas, "alpha": alphas, "value": double(result[0]),
                              "gradient": double(result[1]), "hessian": double(result[2])})
    known = next(c for c in cases if c["logits"] == [2.0, -1.0, 0.5] and c["gamma"] == [2.0] * 3 and c["alpha"] == [1.0] * 3)
    assert abs(known["value"] - 2.9927177820795423) < 1e-15, known
    assert all(abs(a - b) < 5e-11 for a, b in zip(known["gradient"], [.9167443088, -1.1212976133, .2045533044]))
    write("softmax.json", "L = -alpha_t (1-p_t)^gamma_t log p_t, p = softmax(logits); gamma and alpha by class", cases)
