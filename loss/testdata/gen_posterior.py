"""posterior.json: the true posterior that a model's logits stand for (mpmath, 60 digits).

Run: python3 generate.py posterior. Numbers: a well-fitted model minimises the expected loss, so binary
eta = g- / (g- - g+), with g+ and g- the weighted derivatives of the loss for label 1 and 0; softmax
eta_c ~ q_c / (alpha_c phi_c(q_c)), phi(q) = (1-q)^g - g (1-q)^(g-1) q log q.
Checked by minimising the expected loss for known eta and recovering them.
"""
from scipy.optimize import minimize, minimize_scalar

from golden import close, double, margin, mp, mpf, sigmoid, softmax, softplus, write

PAIRS = [(0, 0, 1, 1), (2, 2, 1, 1), (2, 2, 0.25, 0.75), (0.5, 0.5, 1, 1), (1, 1, 10, 1), (5, 5, 1, 20), (0, 4, 1, 1), (3, 0.5, 2, 0.1)]
SIZES = [0.1, 1, 3, 10, 17.5, 40, 300, 800, 1e4]
ROWS = [[0, 0], [1, -1], [40, 0], [-800, 800], [0.5, -1.25, 2], [30, 0, -30], [5, 5, 5], [0, 50, -60], [1000, 0, -1000],
        [1, 2, 3, 4, 5], [-3, 0.25, 8, 2, -1], [100, 99, 0, -100, 98]]


def binary_logit(z, gp, gn, ap, an):
    slope_pos, slope_neg = ap * margin(z, gp)[1], -an * margin(-z, gn)[1]
    logit = mp.log(slope_neg) - mp.log(-slope_pos)
    if gp == gn:  # the closed form for one gamma
        closed = (gp * z + mp.log(sigmoid(z) + gp * sigmoid(-z) * softplus(z))
                  - mp.log(sigmoid(-z) + gp * sigmoid(z) * softplus(-z)) - mp.log(ap / an))
        assert abs(logit - closed) < mpf(10) ** -50 * max(1, abs(z))
    return logit


def softmax_log_posterior(z, gamma, alpha):
    q, rest, logq = softmax(z)
    score = [logq[c] - mp.log(alpha[c]) - gamma[c] * mp.log(rest[c]) - mp.log1p(-gamma[c] * q[c] * logq[c] / rest[c])
             for c in range(len(z))]
    top = max(score)
    total = top + mp.log(mp.fsum(mp.exp(s - top) for s in score))
    return [s - total for s in score]


def check_binary(eta, gp, gn, ap, an):
    def expected(z):
        return float(eta * ap * margin(mpf(z), mpf(gp))[0] + (1 - eta) * an * margin(mpf(-z), mpf(gn))[0])
    z = minimize_scalar(expected, bracket=(-1, 1), options={"xtol": 1e-10}).x
    assert abs(sigmoid(binary_logit(*map(mpf, (z, gp, gn, ap, an)))) - eta) < 1e-6, (eta, gp, gn, ap, an, z)


def check_softmax(eta, gamma, alpha):
    def expected(free):
        _, rest, logq = softmax([mpf(v) for v in free] + [mpf(0)])
        return float(-mp.fsum(eta[c] * alpha[c] * rest[c] ** gamma[c] * logq[c] for c in range(len(eta))))
    z = minimize(expected, [0.0] * (len(eta) - 1), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-15, "maxiter": 4000}).x
    found = softmax_log_posterior([mpf(v) for v in z] + [mpf(0)], list(map(mpf, gamma)), list(map(mpf, alpha)))
    assert all(abs(mp.exp(f) - e) < 1e-6 for f, e in zip(found, eta)), (eta, gamma, alpha)


def generate():
    cases = []
    for pair in PAIRS:
        for eta in (0.1, 0.5, 0.8):
            check_binary(eta, *pair)
        rows = [[z, double(binary_logit(mpf(z), *map(mpf, pair)))] for z in [-s for s in reversed(SIZES)] + [0.0] + SIZES]
        gp, gn, ap, an = map(float, pair)
        cases.append({"task": "binary", "gamma": [gn, gp], "alpha": [an, ap], "rows": double(rows)})
    for gamma, alpha in [([0] * 5, [1] * 5), ([2] * 5, [1] * 5), ([2] * 5, [0.25, 2, 0.75, 1.5, 4]), ([0.5, 2, 5, 0, 1], [1, 3, 0.5, 1, 2])]:
        check_softmax((0.2, 0.5, 0.3), gamma[:3], alpha[:3])
        check_softmax((0.6, 0.4), gamma[:2], alpha[:2])
        for z in ROWS:
            k = len(z)
            result = softmax_log_posterior([mpf(v) for v in z], list(map(mpf, gamma[:k])), list(map(mpf, alpha[:k])))
            with mp.workdps(1000 if max(z) - min(z) < 2000 else 2000):  # the formula as it stands
                q = softmax([mpf(v) for v in z])[0]
                raw = [q[c] / (mpf(alpha[c]) * ((1 - q[c]) ** gamma[c] - gamma[c] * (1 - q[c]) ** (mpf(gamma[c]) - 1) * q[c] * mp.log(q[c])))
                       for c in range(k)]
                assert all(abs(mp.log(raw[c] / mp.fsum(raw)) - result[c]) < mpf(10) ** -40 * max(1, abs(result[c])) for c in range(k)), z
            cases.append({"task": "softmax", "logits": double(z), "gamma": double(gamma[:k]), "alpha": double(alpha[:k]),
                          "logPosterior": double(result)})
    write("posterior.json", "binary rows are [z, logit of the posterior], gamma and alpha [negative, positive]; softmax: log posterior by class", cases)
