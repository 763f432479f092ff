// Package optimize holds solvers that know nothing of data: they see a vector
// and a function of it.
package optimize

// Function is a differentiable function to minimise.
type Function interface {
	// ValueGrad returns f(x) and overwrites gradient with ∇f(x). It must not
	// modify or keep x. A value that is not finite says that x is too far out;
	// an error ends the minimisation.
	ValueGrad(x, gradient []float64) (float64, error)
}

// Directional is a Function that is cheaper along a line than at a point.
type Directional interface {
	Function

	// Along returns φ(t) = f(x + t·(y−x)) with its slope φ′(t). Of a line search
	// x is the start and y the trial that was evaluated last. φ is used before
	// the next call of ValueGrad only.
	Along(x, y []float64) (phi func(t float64) (value, slope float64), err error)
}

// Twice is a Function that has second derivatives.
type Twice interface {
	Function

	// Hessian returns the product with ∇²f(x), which overwrites out with
	// ∇²f(x)·v and modifies nothing else of its arguments. x is the start or the
	// trial of one of the last two calls of ValueGrad. The product is used before
	// the next call of ValueGrad only.
	Hessian(x []float64) (product func(v, out []float64) error, err error)
}

// Status says how a minimisation ended.
type Status int

const (
	Converged     Status = iota // the gradient is within the tolerance
	MaxIterations               // the limit on iterations was reached
	Stalled                     // no step lowers the function any further
	Aborted                     // the Interrupter said so
	EarlyStopped                // Settings.Stop said so
)

func (s Status) String() string {
	switch s {
	case Converged:
		return "converged"
	case MaxIterations:
		return "maxIterations"
	case Stalled:
		return "stalled"
	case EarlyStopped:
		return "earlyStopped"
	}
	return "aborted"
}

// Iteration is one step of a minimisation, the 0th being the start.
type Iteration struct {
	Iteration   int
	Evaluations int     // calls of ValueGrad and products with the Hessian so far
	Value       float64 // f
	Gradient    float64 // norm of ∇f
}

// Interrupter says whether to go on: its Err is nil until it is time to stop.
// Any [context.Context] is one; the interface is here because package context
// would add package time to a WebAssembly binary that has no use for it.
type Interrupter interface {
	Err() error
}

// Settings are what every solver takes.
type Settings struct {
	// MaxIterations limits the steps. If it is 0, it is 500; if it is negative,
	// no step is taken.
	MaxIterations int

	// Tolerance ends the minimisation as Converged where the norm of ∇f is at most this.
	// If it is 0, it is 1e-6.
	Tolerance float64

	// Noise is the relative error of the values of f, below which a line search
	// goes by slopes alone. If it is 0, it is 1e-12.
	Noise float64

	// Norm measures the gradient for Tolerance and Iteration.Gradient. Nil is
	// ‖·‖∞; a function in scaled variables gives that of the unscaled ones.
	Norm func(gradient []float64) float64

	// Record, unless nil, is called with every iteration.
	Record func(Iteration)

	// Stop, unless nil, is asked after Record, at the start and at every
	// iteration, whether to end the minimisation as EarlyStopped. It must not
	// modify or keep x.
	Stop func(x []float64, i Iteration) bool
}

func (s Settings) defaults() Settings {
	if s.MaxIterations == 0 {
		s.MaxIterations = 500
	}
	if s.Tolerance == 0 {
		s.Tolerance = 1e-6
	}
	if s.Norm == nil {
		s.Norm = maxAbs
	}
	if s.Noise == 0 {
		s.Noise = 1e-12
	}
	return s
}

// Result is where a minimisation ended.
type Result struct {
	X []float64
	Iteration
	Status Status
}

// Method is a solver.
type Method interface {
	// Minimize minimises f from x, which it does not modify. The error is one of
	// f's own; not getting anywhere is a Status.
	Minimize(ctx Interrupter, f Function, x []float64, settings Settings) (Result, error)
}
