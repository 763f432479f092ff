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
// Sources: Nocedal and Wright, "Numerical Optimization", 2006, algorithm 7.4
// (two loops), page 178, and 7.5; Li and Fukushima, "On the Global Convergence
// of the BFGS Method for Nonconvex Unconstrained Optimization Problems", 2001
// (cautious pairs).
type LBFGS struct {
	// Memory is the number of pairs kept. If it is 0, it is 10.
	Memory int
}

var _ Method = (*LBFGS)(nil)

const (
	maxTrials = 30    // of one line search
	maxWhole  = 8     // of these by whole evaluation after the line gave none
	patience  = 20    // iterations without progress before it counts as stalled
	cautious  = 1e-10 // least cosine between step and gradient change of a pair
)

type lbfgs struct {
	ctx      Interrupter
	f        Function
	settings Settings

	x, gradient          []float64
	trial, trialGradient []float64
	direction            []float64
	at                   Iteration
	pairs                []pair
	memory               int

	bestValue, bestGradient float64
	idle                    int
}

// pair is a step s, the change y of the gradient over it, and 1/(s·y).
type pair struct {
	s, y []float64
	rho  float64
}

// Minimize implements [Method].
func (m *LBFGS) Minimize(ctx Interrupter, f Function, x []float64, settings Settings) (Result, error) {
	n := len(x)
	l := &lbfgs{
		ctx: ctx, f: f, settings: settings.defaults(), memory: m.Memory,
		x: append([]float64(nil), x...), gradient: make([]float64, n),
		trial: make([]float64, n), trialGradient: make([]float64, n), direction: make([]float64, n),
	}
	if l.memory <= 0 {
		l.memory = 10
	}
	status, err := l.run()
	if err != nil && ctx.Err() != nil {
		status, err = Aborted, nil
	}
	return Result{X: l.x, Iteration: l.at, Status: status}, err
}

func (l *lbfgs) run() (Status, error) {
	value, err := l.evaluate(l.x, l.gradient)
	if err != nil {
		return Aborted, err
	}
	l.at.Value, l.at.Gradient = value, l.settings.Norm(l.gradient)
	if !finite(value) || !finite(l.at.Gradient) {
		return Stalled, nil
	}
	l.bestValue, l.bestGradient = value, l.at.Gradient
	for {
		if l.settings.Record != nil {
			l.settings.Record(l.at)
		}
		switch {
		case l.at.Gradient <= l.settings.Tolerance:
			return Converged, nil
		case l.ctx.Err() != nil:
			return Aborted, nil
		case l.at.Iteration >= l.settings.MaxIterations:
			return MaxIterations, nil
		case l.idle >= patience:
			return Stalled, nil
		}
		moved, err := l.iterate()
		if err != nil {
			return Aborted, err
		}
		if !moved {
			return Stalled, nil
		}
		l.judge()
	}
}

func (l *lbfgs) evaluate(x, gradient []float64) (float64, error) {
	l.at.Evaluations++
	return l.f.ValueGrad(x, gradient)
}

// iterate takes one step, along the gradient if the quasi-Newton direction
// leads nowhere.
func (l *lbfgs) iterate() (moved bool, err error) {
	for {
		slope := l.descent()
		if slope < 0 && finite(slope) {
			value, found, err := l.search(slope)
			if err != nil || found {
				if found {
					l.accept(value)
				}
				return found, err
			}
		}
		if len(l.pairs) == 0 {
			return false, nil
		}
		l.pairs = l.pairs[:0]
	}
}

// descent sets direction to −H·∇f by the two loops over the pairs and returns
// the slope along it.
func (l *lbfgs) descent() float64 {
	d := l.direction
	for i, g := range l.gradient {
		d[i] = -g
	}
	k := len(l.pairs)
	if k > 0 {
		alpha := make([]float64, k)
		for i := k - 1; i >= 0; i-- {
			p := l.pairs[i]
			alpha[i] = p.rho * dot(p.s, d)
			step(d, d, -alpha[i], p.y)
		}
		last := l.pairs[k-1]
		scale := 1 / (last.rho * dot(last.y, last.y))
		for i := range d {
			d[i] *= scale
		}
		for i, p := range l.pairs {
			step(d, d, alpha[i]-p.rho*dot(p.y, d), p.s)
		}
	}
	return dot(l.gradient, d)
}

// search leaves an acceptable point in trial and its gradient in
// trialGradient.
func (l *lbfgs) search(slope float64) (value float64, found bool, err error) {
	if len(l.pairs) == 0 {
		// Without a scale yet, a step of length 1 at most.
		scale := 1 / max(1, norm(l.gradient))
		for i := range l.direction {
			l.direction[i] *= scale
		}
		slope *= scale
	}
	noise := l.settings.Noise * max(l.at.Value, -l.at.Value)
	w := newWolfe(l.at.Value, slope, noise)
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
	var p pair
	if len(l.pairs) == l.memory {
		p = l.pairs[0]
		l.pairs = append(l.pairs[:0], l.pairs[1:]...)
	} else {
		p = pair{s: make([]float64, len(l.x)), y: make([]float64, len(l.x))}
	}
	step(p.s, l.trial, -1, l.x)
	step(p.y, l.trialGradient, -1, l.gradient)
	if sy := dot(p.s, p.y); sy > cautious*norm(p.s)*norm(p.y) {
		p.rho = 1 / sy
		l.pairs = append(l.pairs, p)
	}
	l.x, l.trial = l.trial, l.x
	l.gradient, l.trialGradient = l.trialGradient, l.gradient
	l.at.Iteration++
	l.at.Value, l.at.Gradient = value, l.settings.Norm(l.gradient)
}

// judge counts the iterations in which neither the value nor the gradient
// came down by anything to speak of.
func (l *lbfgs) judge() {
	l.idle++
	if l.bestValue-l.at.Value > 1e-3*l.settings.Noise*max(l.bestValue, -l.bestValue) {
		l.idle = 0
	}
	if l.at.Gradient < 0.9*l.bestGradient {
		l.bestGradient, l.idle = l.at.Gradient, 0
	}
	l.bestValue = min(l.bestValue, l.at.Value)
}
