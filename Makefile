# Two commands do everything on a machine with Go, Node 20 or newer and Make:
#   make demo    sets up, builds and serves the example page
#   make test    sets up and runs every test
# Each installs what it needs, once. `make help` lists the rest.

# An older Go, and one whose toolchain is pinned to "local", fetches this one as a module.
export GOTOOLCHAIN := go1.27.4
STATICCHECK := $(CURDIR)/.cache/bin/staticcheck

PORT ?= 8080
CACHE := .cache
WASM := GOOS=js GOARCH=wasm
# Without inlining in the runtime, its newer collector and its specialised allocator a binary is 45 kB smaller gzipped, and
# whole fits of 1,461 × 12, 20,032 × 64 and 284,800 × 30 took 0.97 to 1.03 of the solver's time, in turn in one run.
# The runtime and the numeric packages, which check every length of their input at their doors, go without bounds checks
# inside, and what runs once a call is not inlined: 25 kB. The tests run with the checks, and so does what touches the
# caller's rows. Checks for nil pointers, of which none is ever followed, are 28 kB.
UNCHECKED := math slices strconv sort unicode/utf8 sync syscall/js \
	$(addprefix internal/,bytealg reflectlite strconv stringslite sync runtime/atomic runtime/gc/scan runtime/maps)
NUMERIC := $(addprefix github.com/focalfit/focalfit/,internal/kernel loss optimize metrics)
unchecked = $(foreach package,$(1),-gcflags="$(package)=-B -d=disablenil=1")
BINARY := -trimpath -ldflags="-s -w -buildid=" -gcflags="runtime=-l -B -d=disablenil=1" $(call unchecked,$(UNCHECKED) $(NUMERIC)) \
	$(foreach package,linear wasm/engine wasm/trainer,-gcflags="github.com/focalfit/focalfit/$(package)=-l -d=disablenil=1")
# The program of the example page is the engine too, at the engine's speed, but the interface has its checks.
PAGE := -trimpath -ldflags="-s -w -buildid=" -gcflags="runtime=-l -d=disablenil=1" $(call unchecked,$(NUMERIC)) -gcflags="github.com/focalfit/focalfit/linear=-l"
SMALL := nogreenteagc,nosizespecializedmalloc
GO_SOURCES = go.mod go.sum $(shell find internal loss linear metrics optimize wasm -path wasm/edge -prune -o -name '*.go' ! -name '*_test.go' -print)
EDGE_SOURCES = $(shell find wasm/edge -name node_modules -prune -o -name '*.go' ! -name '*_test.go' -print)
PAGE_SOURCES = $(shell find example-site -name node_modules -prune -o -name '*.go' ! -name '*_test.go' -print)
JS_SOURCES = js/package.json js/scripts/bundle-inline.mjs js/scripts/bundle-worker.mjs js/scripts/keep-import.mjs js/tsconfig.json js/model.schema.json $(shell find js/src -name '*.ts')
FINISH := $(addprefix js/scripts/,finish-wasm.mjs fold-addresses.mjs strip-lines.mjs wasm-module.mjs)
BINARIES := js/dist/focalfit.wasm js/dist/focalfit.simd.wasm
BROWSERS := $(addprefix $(CACHE)/,chromium firefox webkit)
# Those that are there, by name.
PROGRAMS = CHROMIUM="$$(sh scripts/browser.sh chromium 2>/dev/null)" FIREFOX="$$(sh scripts/browser.sh firefox 2>/dev/null)" WEBKIT="$$(sh scripts/browser.sh webkit 2>/dev/null)"
WASM_EXEC = -exec "sh '$(CURDIR)/scripts/wasm-exec.sh'"

.PHONY: help demo test build site bench check docs clean setup test-go test-wasm test-js test-places test-site edge edge-build test-edge

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: site ## set up, build and serve the example page (PORT=8080)
	@PORT=$(PORT) node example-site/serve.mjs

test: check test-go test-wasm test-js test-places test-site test-edge ## set up and run every test

test-go: $(CACHE)/tools
	go test ./...

test-wasm: $(CACHE)/tools
	$(WASM) GOEXPERIMENT=simd go test $(WASM_EXEC) ./internal/... ./loss ./optimize ./linear ./metrics ./wasm/...

test-js: build $(BROWSERS)
	$(PROGRAMS) npm test --prefix js --silent

test-places: build js/places/node_modules/.installed $(CACHE)/chromium
	$(PROGRAMS) npm test --prefix js/places --silent

test-site: site $(BROWSERS)
	$(PROGRAMS) npm test --prefix example-site --silent

build: js/dist/.built ## build the npm package in js/

js/dist/.built: $(BINARIES) js/dist/host/wasm_exec.js js/dist/table/papaparse.js js/README.md js/LICENSE js/LICENSE-GO js/node_modules/.installed $(JS_SOURCES)
	npm run build --prefix js --silent
	@touch $@

js/dist/focalfit.wasm: Makefile $(GO_SOURCES) $(FINISH) | $(CACHE)/tools
	$(WASM) GOEXPERIMENT=$(SMALL) go build $(BINARY) -o $@ ./wasm/engine
	node js/scripts/finish-wasm.mjs $@ $@

js/dist/focalfit.simd.wasm: Makefile $(GO_SOURCES) $(FINISH) | $(CACHE)/tools
	$(WASM) GOEXPERIMENT=$(SMALL),simd go build $(BINARY) -o $@ ./wasm/engine
	node js/scripts/finish-wasm.mjs $@ $@

js/dist/host/wasm_exec.js: js/scripts/wrap-wasm-exec.mjs go.mod | $(CACHE)/tools
	@mkdir -p $(dir $@)
	node js/scripts/wrap-wasm-exec.mjs "$$(go env GOROOT)/lib/wasm/wasm_exec.js" $@

js/dist/table/papaparse.js: js/scripts/bundle-papaparse.mjs js/node_modules/.installed
	@mkdir -p $(dir $@)
	node js/scripts/bundle-papaparse.mjs $@

js/README.md js/LICENSE: js/%: %
	cp $< $@

# The binaries hold Go's runtime, whose licence asks to be shipped with it.
js/LICENSE-GO: go.mod | $(CACHE)/tools
	cp "$$(go env GOROOT)/LICENSE" $@

site: build $(CACHE)/page.wasm $(CACHE)/page.simd.wasm example-site/node_modules/.installed ## build the static page into example-site/dist
	node example-site/build.mjs $(CACHE)

$(CACHE)/page.wasm: EXPERIMENT := $(SMALL)
$(CACHE)/page.simd.wasm: EXPERIMENT := $(SMALL),simd
$(CACHE)/page.wasm $(CACHE)/page.simd.wasm: Makefile $(GO_SOURCES) $(PAGE_SOURCES) $(FINISH) | $(CACHE)/tools
	$(WASM) GOEXPERIMENT=$(EXPERIMENT) go build $(PAGE) -o $@ ./example-site
	node js/scripts/finish-wasm.mjs $@ $@

%/node_modules/.installed: %/package.json %/package-lock.json | $(CACHE)/tools
	npm ci --prefix $* --no-audit --no-fund --loglevel=error
	@touch $@

edge: edge-build ## build the edge service and run it on this machine (PORT=8788)
	@WRANGLER_SEND_METRICS=false PORT=$(if $(filter file,$(origin PORT)),8788,$(PORT)) node wasm/edge/serve.mjs $(CURDIR)/$(CACHE)/edge

test-edge: edge-build $(CACHE)/chromium
	$(PROGRAMS) WRANGLER_SEND_METRICS=false npm test --prefix wasm/edge --silent

edge-build: wasm/edge/dist/worker/app.wasm wasm/edge/dist/assets/.built

# The modules first: their generator empties the folder. It ships a wasm_exec.js, but that has to be the compiler's.
wasm/edge/dist/worker/app.wasm: Makefile $(GO_SOURCES) $(EDGE_SOURCES) $(FINISH) wasm/edge/scripts/wasm-exec.mjs | $(CACHE)/tools
	go run github.com/syumai/workers/cmd/workers-assets-gen -mode=go -o $(dir $@)
	node wasm/edge/scripts/wasm-exec.mjs "$$(go env GOROOT)/lib/wasm/wasm_exec.js" $(dir $@)wasm_exec.js
	$(WASM) GOEXPERIMENT=$(SMALL) go build $(PAGE) -o $@.unfinished ./wasm/edge
	node js/scripts/finish-wasm.mjs $@.unfinished $@
	@rm $@.unfinished

wasm/edge/dist/assets/.built: site wasm/edge/scripts/assets.mjs wasm/edge/openapi.json wasm/edge/node_modules/.installed
	node wasm/edge/scripts/assets.mjs
	@touch $@

setup: $(CACHE)/tools js/node_modules/.installed js/places/node_modules/.installed example-site/node_modules/.installed wasm/edge/node_modules/.installed $(BROWSERS) ## install what the other targets need

$(CACHE)/tools: scripts/tools.sh
	@sh scripts/tools.sh
	@mkdir -p $(CACHE) && touch $@

$(BROWSERS): $(CACHE)/%: scripts/browser.sh
	@sh scripts/browser.sh $* --install
	@mkdir -p $(CACHE) && touch $@

$(STATICCHECK): Makefile
	GOBIN=$(dir $@) go install honnef.co/go/tools/cmd/staticcheck@v0.8.2
	@touch $@

bench: build site edge-build bench/node_modules/.installed $(CACHE)/chromium ## measure kernels, passes and fits against other programs, and the page
	go test -run '^$$' -bench . ./internal/kernel ./linear
	$(WASM) GOEXPERIMENT=simd go test $(WASM_EXEC) -run '^$$' -bench . ./internal/kernel ./linear
	$(PROGRAMS) node bench/run.mjs
	$(PROGRAMS) node example-site/bench/page.mjs
	$(PROGRAMS) node example-site/bench/understand.mjs
	WRANGLER_SEND_METRICS=false node wasm/edge/bench/routes.mjs

check: $(CACHE)/tools $(STATICCHECK) js/node_modules/.installed js/dist/host/wasm_exec.js js/dist/table/papaparse.js ## format, vet for host and js, lint, import rules, types, generated files
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "not formatted:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	$(WASM) go vet ./...
	$(WASM) GOEXPERIMENT=simd go vet ./...
	$(STATICCHECK) ./...
	$(WASM) GOEXPERIMENT=simd $(STATICCHECK) ./...
	@sh scripts/imports.sh
	cd js && node_modules/.bin/tsc -p tsconfig.json --noEmit
	cd js && node_modules/.bin/typedoc --emit none
	go mod tidy -diff
	@sh scripts/generated.sh

# Go takes no notice of a folder whose name begins with _.
docs: js/node_modules/.installed js/dist/host/wasm_exec.js js/dist/table/papaparse.js ## make the reference of the npm package in docs/_reference
	cd js && node_modules/.bin/typedoc

clean: ## remove what was built
	rm -rf $(CACHE) docs/_reference js/dist js/README.md js/LICENSE js/LICENSE-GO example-site/dist wasm/edge/dist
