package linear

import "math"

// cholesky is a factor of a symmetric, positive definite matrix: the lower
// triangle L of L·Lᵀ, row after row.
type cholesky []float64

// newCholesky factors a matrix, of which it takes the lower triangle and
// overwrites it. A pivot that rounding has made tiny or less is held up.
//
// Source: Golub and Van Loan, "Matrix Computations", 2013, algorithm 4.2.2.
func newCholesky(a []float64) cholesky {
	for j := 0; j*(j+1)/2 < len(a); j++ {
		row := a[j*(j+1)/2:][:j+1]
		diagonal := row[j]
		for k := range j + 1 {
			other := a[k*(k+1)/2:][:k+1]
			s := row[k]
			for i, v := range other[:k] {
				s -= v * row[i]
			}
			if k < j {
				row[k] = s / other[k]
			} else {
				row[j] = math.Sqrt(max(s, 1e-12*diagonal))
			}
		}
	}
	return a
}

// solve replaces v by the solution x of L·Lᵀ·x = v.
func (l cholesky) solve(v []float64) {
	for j := range v {
		row := l[j*(j+1)/2:][:j+1]
		s := v[j]
		for k, r := range row[:j] {
			s -= r * v[k]
		}
		v[j] = s / row[j]
	}
	for j := len(v) - 1; j >= 0; j-- {
		row := l[j*(j+1)/2:][:j+1]
		v[j] /= row[j]
		for k, r := range row[:j] {
			v[k] -= r * v[j]
		}
	}
}
