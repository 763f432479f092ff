#!/bin/sh
# Prints the path of a Chromium for the browser tests: $CHROMIUM, or one on the PATH. With --install, installs one by the
# system's package manager if there is none, or says in one line what to install.
set -eu
found() {
  for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then command -v "$name"; return 0; fi
  done
  return 1
}
[ "${1:-}" = "--install" ] || { found || { echo "no Chromium: run 'make setup'" >&2; exit 1; }; exit 0; }
found >/dev/null && exit 0
as_root=
if [ "$(id -u)" != 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root=none; fi
fi
if [ "$as_root" != none ]; then
  echo "installing Chromium for the browser tests"
  if command -v apt-get >/dev/null; then
    { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium >/dev/null; } || true
  elif command -v dnf >/dev/null; then $as_root dnf install -y -q chromium || true
  elif command -v pacman >/dev/null; then $as_root pacman -S --noconfirm --quiet chromium || true
  elif command -v apk >/dev/null; then $as_root apk add --quiet chromium || true
  fi
fi
found >/dev/null || { echo "the browser tests need Chromium: install the package 'chromium' (or Chrome), or set CHROMIUM to its path" >&2; exit 1; }
