"""What the generators share: JSON output with one case a line, and focal loss in mpmath.

Every mpmath formula takes doubles as exact numbers and is arranged so that nothing cancels; the generators
check each against numerical differentiation of the plain definition.
"""
import json
import math
import os

from mpmath import mp, mpf

HERE = os.path.dirname(os.path.abspath(__file__))
mp.dps = 60


def write(name, description, cases):
    """Writes {"description": ..., "cases": [...]}, one case a line."""
    lines = ",\n".join(json.dumps(c, allow_nan=False, separators=(",", ":")) for c in cases)
    with open(os.path.join(HERE, name), "w", encoding="ascii") as f:
        f.write('{"description":%s,"cases":[\n%s\n]}\n' % (json.dumps(description), lines))
    print(f"{name}: {len(cases)} cases, {os.path.getsize(os.path.join(HERE, name))} bytes")


def double(x):
    """The nearest float64 of an mpf; lists keep their shape."""
    if isinstance(x, (list, tuple)):
        return [double(v) for v in x]
    x = float(x)
    assert math.isfinite(x)
    return x + 0.0  # no negative zero


def close(a, b, digits=30):
    """Whether a and b agree to so many digits."""
    return abs(a - b) <= mpf(10) ** -digits * max(abs(a), abs(b)) or abs(a - b) < mpf(10) ** -100000


def softplus(t):
    return max(t, mpf(0)) + mp.log1p(mp.exp(-abs(t)))


def sigmoid(t):
    return 1 / (1 + mp.exp(-t)) if t >= 0 else mp.exp(t) / (1 + mp.exp(t))


def margin(m, gamma):
    """f, f', f'' of f(m) = (1 - sigmoid(m))^gamma * (-log sigmoid(m)), by the closed form."""
    p, u, a = sigmoid(m), sigmoid(-m), softplus(-m)
    e = mp.exp(-gamma * softplus(m))
    return e * a, -e * (gamma * p * a + u), p * e * ((2 * gamma + 1) * u - gamma * (u - gamma * p) * a)


def softmax(z):
    """p, 1 - p (as the sum of the others) and log p."""
    top = max(z)
    e = [mp.exp(v - top) for v in z]
    total = mp.fsum(e)
    p = [v / total for v in e]
    q = [mp.fsum(e[:i] + e[i + 1:]) / total for i in range(len(z))]
    logp = [mp.log1p(-q[i]) if p[i] > 0.5 else z[i] - top - mp.log(total) for i in range(len(z))]
    return p, q, logp


def softmax_focal(z, t, gamma, alpha):
    """Value, gradient and Hessian of -alpha (1 - p_t)^gamma log p_t, by the chain rule through p_t.

    With l(p) = -(1-p)^g log p, d = e_t - p and S = diag p - p p':
    gradient = p l'(p) d,  Hessian = (p^2 l'' + p l') d d' - p l' S; the +-(1-p)^g in p^2 l'' + p l' is cancelled by hand.
    """
    p, q, logp = softmax(z)
    pt, qt, lt, n = p[t], q[t], logp[t], range(len(z))
    first = gamma * qt ** (gamma - 1) * pt * lt - qt ** gamma
    second = pt * (-gamma * (gamma - 1) * qt ** (gamma - 2) * pt * lt + 2 * gamma * qt ** (gamma - 1)
                   + gamma * qt ** (gamma - 1) * lt)
    d = [qt if j == t else -p[j] for j in n]
    spread = [[p[j] * q[j] if j == k else -p[j] * p[k] for k in n] for j in n]
    return (-alpha * qt ** gamma * lt,
            [alpha * first * d[j] for j in n],
            [[alpha * (second * d[j] * d[k] - first * spread[j][k]) for k in n] for j in n])
