package optimize

// progress is what every solver keeps of its iterations.
type progress struct {
	ctx      Interrupter
	settings Settings
	at       Iteration

	bestValue, bestGradient float64
	idle                    int
}

// solver is what progress drives.
type solver interface {
	// start evaluates the start and returns its value and gradient norm.
	start() (value, gradient float64, err error)

	// iterate takes one step and calls moved, or says that none leads down.
	iterate() (moved bool, err error)

	// point returns where the solver is.
	point() []float64
}

// patience is the number of iterations without progress before it counts as
// stalled.
const patience = 20

func newProgress(ctx Interrupter, settings Settings) progress {
	return progress{ctx: ctx, settings: settings.defaults()}
}

// result runs the solver to its end.
func (p *progress) result(s solver) (Result, error) {
	status, err := p.run(s)
	if err != nil && p.ctx.Err() != nil {
		status, err = Aborted, nil
	}
	return Result{X: s.point(), Iteration: p.at, Status: status}, err
}

func (p *progress) run(s solver) (Status, error) {
	value, gradient, err := s.start()
	if err != nil {
		return Aborted, err
	}
	p.at.Value, p.at.Gradient = value, gradient
	if !finite(value) || !finite(gradient) {
		return Stalled, nil
	}
	p.bestValue, p.bestGradient = value, gradient
	for {
		if p.settings.Record != nil {
			p.settings.Record(p.at)
		}
		stop := p.settings.Stop != nil && p.settings.Stop(s.point(), p.at)
		switch {
		case p.at.Gradient <= p.settings.Tolerance:
			return Converged, nil
		case p.ctx.Err() != nil:
			return Aborted, nil
		case stop:
			return EarlyStopped, nil
		case p.at.Iteration >= p.settings.MaxIterations:
			return MaxIterations, nil
		case p.idle >= patience:
			return Stalled, nil
		}
		moved, err := s.iterate()
		if err != nil {
			return Aborted, err
		}
		if !moved {
			return Stalled, nil
		}
	}
}

// noise is what values of f may be off by.
func (p *progress) noise() float64 { return p.settings.Noise * max(p.at.Value, -p.at.Value) }

// moved counts a step, and the steps in which neither the value nor the
// gradient came down by anything to speak of.
func (p *progress) moved(value, gradient float64) {
	p.at.Iteration++
	p.at.Value, p.at.Gradient = value, gradient
	p.idle++
	if p.bestValue-value > 1e-3*p.settings.Noise*max(p.bestValue, -p.bestValue) {
		p.idle = 0
	}
	if gradient < 0.9*p.bestGradient {
		p.bestGradient, p.idle = gradient, 0
	}
	p.bestValue = min(p.bestValue, value)
}
