//go:build !(goexperiment.simd && wasm)

package kernel

func line(z, a, b []float32, t float32) { lineReference(z, a, b, t) }
func slope(k, a, b []float32) float64   { return slopeReference(k, a, b) }
