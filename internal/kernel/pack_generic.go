//go:build !(goexperiment.simd && wasm)

package kernel

func pack(panels, x, base, inverse, sum, squares []float32) {
	packReference(panels, x, base, inverse, sum, squares)
}
