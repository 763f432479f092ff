//go:build !(goexperiment.simd && wasm)

package kernel

func focalSoftmax(z []float32, label []int32, c, gamma []float32, epsilon float32) (loss float64) {
	return focalSoftmaxReference(z, label, c, gamma, epsilon, 0)
}
