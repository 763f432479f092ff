module github.com/focalfit/focalfit

go 1.26

toolchain go1.27.4

ignore (
	./example-site/node_modules
	./js
	./wasm/edge/node_modules
)

require (
	github.com/syumai/workers v0.32.0
	honnef.co/go/js/dom/v2 v2.0.0-20250304181735-b5e52f05e89d
)
