//go:build !(goexperiment.simd && wasm)

package kernel

func focalSoftmax(z []float32, label []int32, c, gamma, slope, curv []float32) (loss float64) {
	return focalSoftmaxReference(z, label, c, gamma, slope, curv, 0)
}
