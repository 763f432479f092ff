#!/bin/sh
# Says in one line what is missing of what cannot be installed from here: Go, Node 20 and npm.
set -eu
missing() { echo "focalfit needs $1" >&2; exit 1; }
command -v go >/dev/null || missing "Go 1.21 or newer (https://go.dev/dl); it fetches $GOTOOLCHAIN by itself"
command -v node >/dev/null || missing "Node 20 or newer (https://nodejs.org)"
command -v npm >/dev/null || missing "npm, which comes with Node (https://nodejs.org)"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 20 ] || missing "Node 20 or newer; this is $(node --version)"
go version >/dev/null 2>&1 || missing "a Go that can fetch $GOTOOLCHAIN: $(go version 2>&1 | tail -n 1)"
