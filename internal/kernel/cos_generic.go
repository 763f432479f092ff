//go:build !(goexperiment.simd && wasm)

package kernel

func cos(x []float32) { cosReference(x) }
