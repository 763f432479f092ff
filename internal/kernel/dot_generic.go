//go:build !(goexperiment.simd && wasm)

package kernel

// SIMD reports whether the vector kernels are compiled in.
const SIMD = false

func scores(z, x, w []float32, bias float32) { scoresReference(z, x, w, bias) }

func accumulate(g, x, k []float32) { accumulateReference(g, x, k) }

func accumulateScores(g, x, k, z, next, w []float32, bias float32) {
	accumulateReference(g, x, k)
	scoresReference(z, next, w, bias)
}
