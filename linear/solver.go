package linear

import (
	"github.com/focalfit/focalfit/optimize"
)

// Solver is a method to minimise the objective.
type Solver int

const (
	Auto     Solver = iota // chosen by the problem, see Fit.Solver
	LBFGS                  // optimize.LBFGS
	NewtonCG               // optimize.NewtonCG
	OWLQN                  // optimize.OWLQN, the only one for L1 > 0
)

func (s Solver) String() string { return [...]string{"auto", "lbfgs", "newton-cg", "owlqn"}[s] }

// choose returns the solver that o asks for; with Auto it is L-BFGS where it
// can be, and begins with a [pilot] where the rows are many. On texts hashed into 2¹⁸ columns it took 8 to 68 passes over the
// data where Newton-CG took 30 to 750, and on dense data no more either.
func choose(o Options, b *objective) (Solver, optimize.Method) {
	solver := o.Solver
	if solver == Auto {
		solver = LBFGS
		if o.L1 > 0 {
			solver = OWLQN
		}
	}
	pairs := 0 // as many as the method likes
	if b.dim() > manyVariables {
		pairs = fewPairs
	}
	switch solver {
	case NewtonCG:
		return solver, new(optimize.NewtonCG)
	case OWLQN:
		l1 := make([]float64, b.dim())
		for h := range b.heads {
			for j := range b.of(l1, h) {
				b.of(l1, h)[j] = o.L1 * b.weightOf(j)
			}
		}
		return solver, &optimize.OWLQN{L1: l1, Memory: pairs}
	}
	return LBFGS, &optimize.LBFGS{Memory: pairs}
}

// From manyVariables on, two vectors for each of ten pairs would cost more
// memory than the data of a text of a hundred words a row; of fewPairs they
// do not.
const (
	manyVariables = 1 << 16
	fewPairs      = 3
)
