#!/bin/sh
# Runs a Go test binary for js/wasm in Node: go test -exec "sh scripts/wasm-exec.sh". Go's own runner passes the whole
# environment to the program and fails on a large one, so this passes next to nothing.
exec env -i PATH="$PATH" HOME="$HOME" "$(go env GOROOT)/lib/wasm/go_js_wasm_exec" "$@"
