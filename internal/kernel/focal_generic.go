//go:build !(goexperiment.simd && wasm)

package kernel

func focal(z, c []float32, gammaNegative, gammaPositive float32, grad, curv []float32) (loss, gradSum float64) {
	return focalReference(z, c, gammaNegative, gammaPositive, grad, curv)
}
