package kernel

// Line sets z[i] = a[i] + t·(b[i] − a[i]), the scores at a point of the line
// between two others.
//
// All have the same length.
func Line(z, a, b []float32, t float32) {
	check(len(a) == len(z) && len(b) == len(z), "Line: lengths do not fit")
	line(z, a, b, t)
}

// Slope returns Σ k[i]·(b[i] − a[i]), the derivative in t of a loss on that
// line whose gradient in the scores is k.
//
// All have the same length. Within [MaxBlock] elements the sum is float32
// where the machine gains by it, across them float64.
func Slope(k, a, b []float32) float64 {
	check(len(a) == len(k) && len(b) == len(k), "Slope: lengths do not fit")
	return slope(k, a, b)
}

func lineReference(z, a, b []float32, t float32) {
	for i := range z {
		z[i] = a[i] + t*(b[i]-a[i])
	}
}

func slopeReference(k, a, b []float32) float64 {
	sum := 0.0
	for i, v := range k {
		sum += float64(v) * (float64(b[i]) - float64(a[i]))
	}
	return sum
}
