"""margin.json: f(m) = (1 - sigmoid(m))^gamma * (-log sigmoid(m)) with f' and f'' (mpmath, 60 digits).

Run: python3 generate.py margin. Numbers: closed form, each checked against mpmath.diff of f to 30 digits
(beyond |m| = 1000, where that would take thousands of digits, against the closed form at 200 digits).
"""
from golden import close, double, margin, mp, mpf, softplus, write

GAMMAS = [0, 0.1, 0.5, 1, 1.5, 2, 3.7, 5, 20]
SIZES = [1e-8, 1e-3, 0.1, 0.5, 1, 2, 2.9, 5, 10, 17.5, 25, 37.5, 40, 88, 104, 300, 700, 745, 1e4, 1e20]
MARGINS = [-m for m in reversed(SIZES)] + [0.0] + SIZES


def definition(m, gamma):
    return mp.exp(-gamma * softplus(m)) * softplus(-m)


def check(m, gamma, values):
    if abs(m) > 1000:
        with mp.workdps(200):
            assert all(close(a, b) for a, b in zip(values, margin(m, gamma)))
        return
    if abs(m) <= 40:  # the definition as it stands, with digits to spare
        with mp.workdps(160):
            p = 1 / (1 + mp.exp(-m))
            assert close(values[0], (1 - p) ** gamma * -mp.log(p)), (m, gamma)
    if m == 0:  # softplus has its branch here: differentiate another form of the same function
        def f(x):
            return mp.exp(-gamma * mp.log(1 + mp.exp(x))) * mp.log(1 + mp.exp(-x))
    else:
        def f(x):
            return definition(x, gamma)
    for order in (1, 2):
        with mp.workdps(100 + int(abs(m) / 2)):  # f'' may be e^m smaller than f
            assert close(values[order], mp.diff(f, m, order)), (m, gamma, order)


def generate():
    cases = []
    for gamma in GAMMAS:
        rows = []
        for m in MARGINS:
            values = margin(mpf(m), mpf(gamma))
            check(mpf(m), mpf(gamma), values)
            rows.append(double([m, *values]))
        cases.append({"gamma": gamma, "rows": rows})
    write("margin.json", "f(m) = (1-sigmoid(m))^gamma * -log sigmoid(m); rows are [m, f, f', f'']", cases)
