#!/bin/sh
# Generated files are what their generators make, but for the last digits. The golden files need Debian's Python packages;
# where they are not installed, a line says so.
set -eu
python=
for candidate in python3 /usr/bin/python3; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import torch, sklearn, mpmath' 2>/dev/null; then python=$candidate; break; fi
done
if [ -z "$python" ]; then
  echo "golden files: not made again (needs python3-torch, python3-sklearn, python3-mpmath)"
  exit 0
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for folder in loss/testdata metrics/testdata js/test/testdata; do
  rm -rf "$scratch/made"
  cp -r "$folder" "$scratch/made"
  (cd "$scratch/made" && "$python" generate.py >/dev/null)
  "$python" scripts/golden.py "$folder" "$scratch/made" || { echo "golden files: run 'python3 generate.py' in $folder"; exit 1; }
done
