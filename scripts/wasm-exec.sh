#!/bin/sh
# Runs a Go test binary for js/wasm in Node: go test -exec "sh scripts/wasm-exec.sh". Its addresses are folded first, as
# those of the binaries that ship. Go's own runner passes the whole environment to the program and fails on a large one,
# so this passes next to nothing.
set -e
program=$1
shift
node "$(dirname "$0")/../js/scripts/finish-wasm.mjs" --keep-lines "$program" "$program.folded"
exec env -i PATH="$PATH" HOME="$HOME" "$(go env GOROOT)/lib/wasm/go_js_wasm_exec" "$program.folded" "$@"
