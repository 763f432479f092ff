#!/bin/sh
# Who may import whom. A line is a package (or packages below it) and what of this module and of others it may import
# besides the standard library; syscall/js is for wasm/ and example-site/ only.
set -eu
module=github.com/focalfit/focalfit
rules="
internal/kernel
internal/numtest
internal/federated loss
internal/jsontext
loss            internal/kernel
optimize
metrics
linear          loss optimize metrics internal/kernel internal/jsontext
wasm/trainer    loss linear optimize metrics internal/kernel syscall/js
wasm/engine     wasm/trainer
wasm/edge             wasm/edge github.com/syumai/workers github.com/syumai/workers/cloudflare github.com/syumai/workers/cloudflare/cron
wasm/edge/scale       internal/federated wasm/edge/federations
wasm/edge/store       internal/jsontext
wasm/edge/federations internal/federated internal/jsontext linear loss wasm/edge/store
wasm/edge/service     linear loss internal/federated internal/jsontext wasm/edge/store wasm/edge/federations
wasm/edge/cloudflare  wasm/edge/store github.com/syumai/workers/cloudflare syscall/js
example-site    example-site loss metrics wasm/trainer honnef.co/go/js/dom/v2 syscall/js
"
status=0
for platform in "linux/amd64/" "js/wasm/" "js/wasm/simd"; do
  GOOS=${platform%%/*} GOARCH=$(echo "$platform" | cut -d/ -f2) GOEXPERIMENT=${platform##*/}
  export GOOS GOARCH GOEXPERIMENT
  list=$(go list -f '{{.ImportPath}}{{range .Imports}} {{.}}{{end}}' ./...)
  echo "$list" | awk -v module="$module" -v rules="$rules" '
    BEGIN {
      n = split(rules, lines, "\n")
      for (i = 1; i <= n; i++) { k = split(lines[i], f, " "); if (k) { known[f[1]] = 1; for (j = 2; j <= k; j++) may[f[1], f[j]] = 1 } }
    }
    {
      package = substr($1, length(module) + 2)
      rule = ""
      for (r in known) if ((package == r || index(package, r "/") == 1) && length(r) > length(rule)) rule = r
      if (rule == "") { print "imports: " package " is in no rule of scripts/imports.sh"; bad = 1; next }
      for (i = 2; i <= NF; i++) {
        import = $i
        if (index(import, module "/") == 1) import = substr(import, length(module) + 2)
        else if (import !~ /^[^\/]*\./ && import != "syscall/js") continue
        allowed = (rule, import) in may
        for (r in known) if (index(import, r "/") == 1 && (rule, r) in may) allowed = 1
        if (!allowed) { print "imports: " package " must not import " import; bad = 1 }
      }
    }
    END { exit bad }' || status=1
done
exit $status
