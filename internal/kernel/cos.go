package kernel

import "math"

// Cos replaces each x by cos x, within 3e-7 of it for |x| ≤ 1e4.
func Cos(x []float32) { cos(x) }

func cosReference(x []float32) {
	for i, v := range x {
		x[i] = float32(math.Cos(float64(v)))
	}
}
