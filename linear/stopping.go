package linear

import (
	"cmp"
	"math"

	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// Held are rows to stop a fit early by: after every iteration their mean loss
// is computed, with the class weights of the training rows and without
// penalty, and once it has not fallen for Patience iterations the fit ends.
// However it ends, the model is the one at which the loss was least.
type Held struct {
	X            Data
	Y            []int32
	SampleWeight []float64 // a weight ≥ 0 for each row; nil weighs all 1

	// Patience is the number of iterations. If it is 0, it is 10; if it is
	// negative, the rows are watched only.
	Patience int

	// Losses receives the mean loss at each iteration.
	Losses []float64
}

// stopping watches the held rows.
type stopping struct {
	held  *Held
	train *objective
	b     *objective
	at    []float64          // the vector of b
	best  []float64          // the vector of train at which the loss was least
	seen  optimize.Iteration // where that was
	least float64
	idle  int
}

func newStopping(train *objective, p *problem, o Options) (*stopping, error) {
	held := o.Held
	if held == nil {
		return nil, nil
	}
	if held.X.Columns() != train.x.Columns() {
		return nil, loss.Bad(loss.ShapeMismatch, "the validation rows have another number of columns than the training rows")
	}
	ho := Options{Classes: p.classes, Clip: o.Clip, Epsilon: o.Epsilon, Smoothing: o.Smoothing, SampleWeight: held.SampleWeight}
	hp := &problem{classes: p.classes, clip: o.Clip, epsilon: o.Epsilon, smoothing: o.Smoothing, heads: p.heads, y: held.Y,
		sample: held.SampleWeight, counts: make([]int, len(p.classes)), shares: make([]float64, len(p.classes)), rows: held.X.Rows()}
	if err := hp.checkOptions(held.X.Columns(), ho); err != nil {
		return nil, err
	}
	// Rows of one class have a loss too.
	if _, err := hp.count(); err != nil {
		return nil, err
	}
	b := newObjective(train.ctx, held.X, p.heads, hp.link(), hp.total, ho)
	return &stopping{held: held, train: train, b: b, at: make([]float64, b.dim()), least: math.Inf(1)}, nil
}

// stop implements [optimize.Settings].Stop.
func (s *stopping) stop(x []float64, i optimize.Iteration) bool {
	value, err := s.value(x)
	if err != nil {
		return false // the training's own look at the context ends the fit
	}
	s.held.Losses = append(s.held.Losses, value)
	if s.held.Patience < 0 {
		return false
	}
	s.idle++
	if s.best == nil || value < s.least {
		s.best, s.seen, s.least, s.idle = append(s.best[:0], x...), i, value, 0
	}
	return s.idle >= cmp.Or(s.held.Patience, 10)
}

// value returns the mean loss of the held rows at a vector of the training.
func (s *stopping) value(x []float64) (float64, error) {
	m := s.train.model(x, &problem{})
	s.b.start(s.at, nil, &m)
	scores, err := s.b.scoresAt(s.at)
	if err != nil {
		return 0, err
	}
	sum, headSums := 0.0, make([]float64, s.b.heads)
	err = s.b.blocks(func(from, n int) {
		sum += s.b.loss(s.b.block[:s.b.heads*n], scores[from*s.b.heads:][:s.b.heads*n], from, n, headSums)
	})
	return sum / s.b.total, err
}
