package federated

import "math"

// factorise sets l to the lower triangle L of L·Lᵀ = H + λ·I, H being given by
// its lower triangle, and reports whether that is positive definite by more
// than rounding.
//
// Source: Golub and Van Loan, "Matrix Computations", 2013, algorithm 4.2.2.
func factorise(l, h []float64, lambda float64) bool {
	for j, at := 0, 0; at < len(h); j++ {
		row := l[at:][:j+1]
		copy(row, h[at:])
		row[j] += lambda
		diagonal := row[j]
		other := 0 // where row k begins
		for k := range j {
			row[k] = (row[k] - dot(l[other:][:k], row)) / l[other+k]
			other += k + 1
		}
		pivot := diagonal - dot(row[:j], row)
		if !(pivot > 1e-14*diagonal) {
			return false
		}
		row[j] = math.Sqrt(pivot)
		at += j + 1
	}
	return true
}

// forward replaces v by the solution x of L·x = v.
func forward(l, v []float64) {
	at := 0
	for j := range v {
		v[j] = (v[j] - dot(l[at:][:j], v)) / l[at+j]
		at += j + 1
	}
}

// backward replaces v by the solution x of Lᵀ·x = v.
func backward(l, v []float64) {
	for j := len(v) - 1; j >= 0; j-- {
		row := l[triangle(j):][:j+1]
		v[j] /= row[j]
		for k, r := range row[:j] {
			v[k] -= v[j] * r
		}
	}
}

// quadratic returns s·H·s.
func quadratic(h, s []float64) float64 {
	sum := 0.0
	for j, v := range s {
		row := h[triangle(j):][:j+1]
		sum += v * (2*dot(row[:j], s) + row[j]*v)
	}
	return sum
}

// largest bounds the absolute eigenvalues of the p × p matrix H, by its largest
// absolute row sum.
func largest(h []float64, p int) float64 {
	sums := make([]float64, p)
	for j := range p {
		for k, v := range h[triangle(j):][:j+1] {
			sums[j] += math.Abs(v)
			if k < j {
				sums[k] += math.Abs(v)
			}
		}
	}
	return maxNorm(sums)
}
