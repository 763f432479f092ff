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

// choose returns the solver that o asks for, or with Auto the one that took
// the fewest passes over the data.
func choose(o Options, b *objective) (Solver, optimize.Method) {
	solver := o.Solver
	if solver == Auto {
		solver = LBFGS
		switch {
		case o.L1 > 0:
			solver = OWLQN
		case b.dim() > manyVariables:
			solver = NewtonCG
		}
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
		return solver, &optimize.OWLQN{L1: l1}
	}
	return LBFGS, new(optimize.LBFGS)
}

// manyVariables is from where the twenty vectors that L-BFGS remembers cost
// more memory than the data of a text of a hundred words a row.
const manyVariables = 1 << 16
