//go:build !(goexperiment.simd && wasm)

package kernel

func focal(z, c []float32, t Terms, grad, curv []float32) (loss, gradSum float64) {
	return focalReference(z, c, t, grad, curv)
}
