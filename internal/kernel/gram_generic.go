//go:build !(goexperiment.simd && wasm)

package kernel

func gram(g, x, c []float32, columns int) { gramReference(g, x, c, columns) }
