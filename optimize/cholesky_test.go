package optimize

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

func TestCholesky(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for n := range 40 {
		// A = B·Bᵀ + I, of which the lower triangle is kept.
		b := make([][]float64, n)
		for i := range b {
			b[i] = make([]float64, n)
			for j := range b[i] {
				b[i][j] = r.NormFloat64()
			}
		}
		at := func(i, j int) float64 {
			s := dot(b[i], b[j])
			if i == j {
				s++
			}
			return s
		}
		lower, want, v := []float64{}, make([]float64, n), make([]float64, n)
		for i := range n {
			want[i] = r.NormFloat64()
			for j := range i + 1 {
				lower = append(lower, at(i, j))
			}
		}
		for i := range n {
			for j := range n {
				v[i] += at(i, j) * want[j]
			}
		}
		NewCholesky(lower).Solve(v)
		for i := range v {
			if math.Abs(v[i]-want[i]) > 1e-9 {
				t.Fatalf("%d × %d: x[%d] = %g, want %g", n, n, i, v[i], want[i])
			}
		}
	}
	// Of a singular matrix the pivot is held up.
	v := []float64{1, 1}
	if NewCholesky([]float64{1, 1, 1}).Solve(v); !finite(v[0]) || !finite(v[1]) {
		t.Errorf("%v", v)
	}
}

// With the inverse Hessian of a quadratic the first step is the last.
func TestInverseHessianIsUsed(t *testing.T) {
	diagonal := []float64{1e4, 1, 1e-3}
	f := &counted{f: func(x, g []float64) float64 {
		s := 0.0
		for i, d := range diagonal {
			g[i] = d * (x[i] - 1)
			s += g[i] * (x[i] - 1) / 2
		}
		return s
	}}
	m := &LBFGS{Inverse: func(v []float64) {
		for i, d := range diagonal {
			v[i] /= d
		}
	}}
	result, err := m.Minimize(context.Background(), f, make([]float64, 3), Settings{Tolerance: 1e-9})
	if err != nil || result.Status != Converged || result.Iteration.Iteration != 1 {
		t.Errorf("%v, %v after %d iterations", err, result.Status, result.Iteration.Iteration)
	}
}
