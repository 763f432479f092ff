"""Whether a folder of golden files is as its generator makes it: python3 golden.py COMMITTED MADE

Numbers of JSON files may differ by 1e-9 of their size: exp and log, and sums in another order, differ in their last digits
between processors. Everything else is the same to the byte. Prints what is not.
"""
import json
import math
import os
import sys


def difference(a, b, place):
    """Where two values differ first, or None."""
    if isinstance(a, dict) and isinstance(b, dict):
        if list(a) != list(b):
            return place
        return next((d for key in a if (d := difference(a[key], b[key], f"{place}.{key}"))), None)
    if isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            return place
        return next((d for i, pair in enumerate(zip(a, b)) if (d := difference(*pair, f"{place}[{i}]"))), None)
    if isinstance(a, float) and isinstance(b, float):
        return None if math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-15) else f"{place}: {a}, made {b}"
    return None if a == b and type(a) is type(b) else f"{place}: {a}, made {b}"


def files(folder):
    names = (os.path.relpath(os.path.join(path, name), folder) for path, _, found in os.walk(folder) for name in found)
    return sorted(name for name in names if "__pycache__" not in name)


committed, made = sys.argv[1:]
wrong = sorted(set(files(committed)) ^ set(files(made)))
for name in set(files(committed)) & set(files(made)):
    with open(os.path.join(committed, name), "rb") as a, open(os.path.join(made, name), "rb") as b:
        old, new = a.read(), b.read()
    if old != new:
        where = difference(json.loads(old), json.loads(new), "") if name.endswith(".json") else "not the same bytes"
        if where:
            wrong.append(f"{name} {where}")
for line in wrong:
    print(f"{committed}: {line}")
sys.exit(bool(wrong))
