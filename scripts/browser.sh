#!/bin/sh
# Prints the path of a browser for the tests: browser.sh chromium|firefox|webkit, that of $CHROMIUM, $FIREFOX or $WEBKIT or
# one in the usual places. With --install it is installed by the system's package manager if there is none, or one line
# says what to install.
set -eu
name=${1:?"usage: browser.sh chromium|firefox|webkit [--install]"}
case $name in
chromium)
  set -- "${2:-}" "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable \
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" "/Applications/Chromium.app/Contents/MacOS/Chromium"
  apt=chromium dnf=chromium pacman=chromium apk=chromium ;;
firefox)
  set -- "${2:-}" "${FIREFOX:-}" firefox firefox-esr "/Applications/Firefox.app/Contents/MacOS/firefox"
  apt=firefox-esr dnf=firefox pacman=firefox apk=firefox ;;
webkit) # the browser that comes with WebKitGTK, and a screen for it
  set -- "${2:-}" "${WEBKIT:-}" /usr/lib/*/webkit2gtk-4.1/MiniBrowser /usr/lib/*/webkit2gtk-4.0/MiniBrowser \
    /usr/libexec/webkit2gtk-4.1/MiniBrowser /usr/libexec/webkit2gtk-4.0/MiniBrowser /usr/lib/webkit2gtk-4.1/MiniBrowser
  apt="webkit2gtk-driver xvfb xauth" dnf="webkit2gtk4.1 xorg-x11-server-Xvfb xauth" pacman="webkit2gtk-4.1 xorg-server-xvfb xorg-xauth" apk="webkit2gtk-4.1 xvfb-run" ;;
*) echo "browser.sh: no browser '$name'" >&2; exit 2 ;;
esac
install=$1
shift

found() {
  for program in "$@"; do
    if [ -n "$program" ] && command -v "$program" >/dev/null 2>&1; then command -v "$program"; return 0; fi
  done
  return 1
}
[ "$install" = "--install" ] || { found "$@" || { echo "no $name: run 'make setup'" >&2; exit 1; }; exit 0; }
complete() { found "$@" >/dev/null && { [ "$name" != webkit ] || command -v xvfb-run >/dev/null 2>&1; }; }
complete "$@" && exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root="sudo -n"; else as_root=none; fi
fi
if [ "$as_root" != none ]; then
  echo "installing $name for the browser tests"
  if command -v apt-get >/dev/null; then
    { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq $apt >/dev/null; } || true
  elif command -v dnf >/dev/null; then $as_root dnf install -y -q $dnf || true
  elif command -v pacman >/dev/null; then $as_root pacman -S --noconfirm --quiet $pacman || true
  elif command -v apk >/dev/null; then $as_root apk add --quiet $apk || true
  fi
  [ "$name" != webkit ] || set -- "$@" /usr/lib/*/webkit2gtk-4.1/MiniBrowser /usr/lib/*/webkit2gtk-4.0/MiniBrowser
fi
complete "$@" || { echo "the browser tests need $name: install the package '$apt', or set $(echo "$name" | tr a-z A-Z) to its path" >&2; exit 1; }
