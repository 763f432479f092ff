//go:build !(goexperiment.simd && wasm)

package kernel

func products(dst, src, scale, shift []float32) { productsReference(dst, src, scale, shift) }
