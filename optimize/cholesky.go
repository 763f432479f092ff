package optimize

import "math"

// Cholesky is a factor of a symmetric, positive definite matrix: the lower
// triangle L of L·Lᵀ, row after row.
type Cholesky []float64

// NewCholesky factors a matrix, of which it takes the lower triangle and
// overwrites it. A pivot that rounding has made tiny or less is held up.
//
// Source: Golub and Van Loan, "Matrix Computations", 2013, algorithm 4.2.2.
func NewCholesky(a []float64) Cholesky {
	for j := 0; j*(j+1)/2 < len(a); j++ {
		row := a[j*(j+1)/2:][:j+1]
		diagonal := row[j]
		for k := range j + 1 {
			other := a[k*(k+1)/2:][:k+1]
			s := row[k] - dot(other[:k], row)
			if k < j {
				row[k] = s / other[k]
			} else {
				row[j] = math.Sqrt(max(s, 1e-12*diagonal))
			}
		}
	}
	return a
}

// Solve replaces v by the solution x of L·Lᵀ·x = v.
func (l Cholesky) Solve(v []float64) {
	for j := range v {
		row := l[j*(j+1)/2:][:j+1]
		v[j] = (v[j] - dot(row[:j], v)) / row[j]
	}
	for j := len(v) - 1; j >= 0; j-- {
		row := l[j*(j+1)/2:][:j+1]
		v[j] /= row[j]
		step(v[:j], v[:j], -v[j], row[:j])
	}
}
