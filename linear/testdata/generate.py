"""Writes this folder's data and golden files.

Run: python3 generate.py           all of them (some twenty seconds)
     python3 generate.py optima    one
Needs Debian's python3-sklearn (with numpy and scipy). Nothing random but seeded checks: running again gives the same bytes.
"""
import os
import sys

sys.dont_write_bytecode = True
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # sums in one order

import export_data
import gen_l1
import gen_optima

PARTS = {"data": export_data.generate, "optima": gen_optima.generate, "l1": gen_l1.generate}
for name in sys.argv[1:] or PARTS:
    PARTS[name]()
