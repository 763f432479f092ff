package optimize

// LBFGS minimises by the limited-memory BFGS method: a quasi-Newton direction
// from the last few steps and gradient changes, and a line search to the strong
// Wolfe conditions.
//
// The function need not be convex: a pair of step and gradient change whose
// curvature is not clearly positive is left out, so that the direction always
// descends. The first trial of a line search is a whole evaluation, which is
// mostly accepted; if not, and the function is [Directional], the search goes
// on along the line and only its result is evaluated as a whole.
//
// It keeps 5 vectors and two for each pair.
//
// Source: Nocedal and Wright, "Numerical Optimization", 2006, algorithm 7.5.
type LBFGS struct {
	// Memory is the number of pairs kept. If it is 0, it is 10.
	Memory int

	// Inverse, unless nil, replaces v by its product with a symmetric, positive
	// definite matrix: the inverse Hessian as far as it is known beforehand. The
	// pairs correct it. Otherwise they correct a multiple of the identity.
	Inverse func(v []float64)
}

var _ Method = (*LBFGS)(nil)

const (
	maxTrials = 30 // of one line search
	maxWhole  = 8  // of these by whole evaluation after the line gave none
)

type lbfgs struct {
	progress
	f      Function
	memory memory

	x, gradient          []float64
	trial, trialGradient []float64
	direction            []float64
}

// Minimize implements [Method].
func (m *LBFGS) Minimize(ctx Interrupter, f Function, x []float64, settings Settings) (Result, error) {
	n := len(x)
	l := &lbfgs{
		progress: newProgress(ctx, settings), f: f, memory: newMemory(m.Memory, m.Inverse),
		x: append([]float64(nil), x...), gradient: make([]float64, n),
		trial: make([]float64, n), trialGradient: make([]float64, n), direction: make([]float64, n),
	}
	return l.result(l)
}

func (l *lbfgs) point() []float64 { return l.x }

func (l *lbfgs) start() (float64, float64, error) {
	value, err := l.evaluate(l.x, l.gradient)
	return value, l.settings.Norm(l.gradient), err
}

func (l *lbfgs) evaluate(x, gradient []float64) (float64, error) {
	l.at.Evaluations++
	return l.f.ValueGrad(x, gradient)
}

// iterate takes one step, along the gradient if the quasi-Newton direction
// leads nowhere.
func (l *lbfgs) iterate() (moved bool, err error) {
	for {
		l.memory.descend(l.direction, l.gradient)
		slope := dot(l.gradient, l.direction)
		if slope < 0 && finite(slope) {
			value, found, err := l.search(slope)
			if err != nil || found {
				if found {
					l.accept(value)
				}
				return found, err
			}
		}
		if len(l.memory.pairs) == 0 {
			return false, nil
		}
		l.memory.forget()
	}
}

// search leaves an acceptable point in trial and its gradient in
// trialGradient.
func (l *lbfgs) search(slope float64) (value float64, found bool, err error) {
	if len(l.memory.pairs) == 0 && l.memory.inverse == nil {
		// Without a scale yet, a step of length 1 at most.
		scale := 1 / max(1, norm(l.gradient))
		for i := range l.direction {
			l.direction[i] *= scale
		}
		slope *= scale
	}
	w := newWolfe(l.at.Value, slope, l.noise())
	step(l.trial, l.x, 1, l.direction)
	value, err = l.evaluate(l.trial, l.trialGradient)
	if err != nil {
		return 0, false, err
	}
	t, done := w.next(1, value, dot(l.trialGradient, l.direction))
	if done {
		return value, true, nil
	}
	trials := maxTrials
	if f, ok := l.f.(Directional); ok {
		before := *w
		if value, found, err = l.searchAlong(f, w, t); found || err != nil {
			return value, found, err
		}
		// Where steps are small the view along the line, differences of scores,
		// may be too coarse. Whole evaluations are not.
		*w, trials = before, maxWhole
	}
	for range trials {
		step(l.trial, l.x, t, l.direction)
		value, err = l.evaluate(l.trial, l.trialGradient)
		if err != nil {
			return 0, false, err
		}
		if t, done = w.next(t, value, dot(l.trialGradient, l.direction)); done {
			return value, true, nil
		}
	}
	return 0, false, nil
}

// searchAlong goes on with trial t on the line through x and the first trial,
// and evaluates what it finds.
func (l *lbfgs) searchAlong(f Directional, w *wolfe, t float64) (value float64, found bool, err error) {
	phi, err := f.Along(l.x, l.trial)
	if err != nil {
		return 0, false, err
	}
	for range maxTrials {
		value, slope := phi(t)
		next, done := w.next(t, value, slope)
		if done {
			step(l.trial, l.x, t, l.direction)
			value, err = l.evaluate(l.trial, l.trialGradient)
			if err != nil {
				return 0, false, err
			}
			return value, finite(value) && finite(maxAbs(l.trialGradient)), nil
		}
		t = next
	}
	return 0, false, nil
}

// accept moves to the trial point and remembers the pair.
func (l *lbfgs) accept(value float64) {
	l.memory.remember(l.x, l.trial, l.gradient, l.trialGradient)
	l.x, l.trial = l.trial, l.x
	l.gradient, l.trialGradient = l.trialGradient, l.gradient
	l.moved(value, l.settings.Norm(l.gradient))
}
