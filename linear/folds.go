package linear

import (
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// Folds deals the rows out to k folds, each class as evenly as can be, and
// returns the fold of each row. The seed determines which.
func Folds(y []int32, classes, k int, seed uint64) ([]int32, error) {
	if k < 2 || k > len(y) {
		return nil, loss.BadParameter("folds", "folds must be a whole number from 2 to the number of rows")
	}
	order, of := make([]int32, len(y)), make([]int32, len(y))
	for i := range order {
		order[i] = int32(i)
	}
	r := random{state: seed}
	for i := len(order) - 1; i > 0; i-- {
		j := r.below(i + 1)
		order[i], order[j] = order[j], order[i]
	}
	// One after the other over all classes, so that folds differ by one row at
	// most.
	next := 0
	for c := range classes {
		for _, i := range order {
			if int(y[i]) == c {
				of[i] = int32(next % k)
				next++
			}
		}
	}
	return of, nil
}

// Setting is what a cross-validation tries.
type Setting struct {
	Options
	Expand *Expansion // nil for the columns as they are
}

// Expansion says which Features to make, of a dense matrix.
type Expansion struct {
	Components int // of Fourier features; 0 for the polynomial
	Bandwidth  float64
	Seed       uint64
}

// Make returns the expansion of x and what made it.
func (e *Expansion) Make(ctx optimize.Interrupter, x Data, standardize bool) (*Matrix, *Features, error) {
	dense, ok := x.(*Matrix)
	if !ok {
		return nil, nil, loss.BadParameter("features", "features need dense data: leave them out for sparse rows")
	}
	f := NewPolynomial(dense, standardize)
	if e.Components != 0 {
		var err error
		if f, err = NewFourier(dense, e.Components, e.Bandwidth, e.Seed, standardize); err != nil {
			return nil, nil, err
		}
	}
	m, err := f.Expand(ctx, dense)
	return m, f, err
}
