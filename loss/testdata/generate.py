"""Writes this folder's golden files.

Run: python3 generate.py            all of them
     python3 generate.py softmax    one
Needs Debian's python3-torch, python3-mpmath and python3-scipy. Seeded: running again gives the same bytes.
"""
import importlib
import sys

sys.dont_write_bytecode = True

for name in sys.argv[1:] or ["margin", "softmax", "soft", "posterior", "family", "torch", "examples"]:
    importlib.import_module("gen_" + name).generate()
