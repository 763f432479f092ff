package linear

import (
	"cmp"
	"math"

	"github.com/focalfit/focalfit/internal/kernel"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// Options says what to fit and how.
type Options struct {
	// Classes are γ and weight of each class, at least two. Of two, the second
	// is the positive one.
	Classes []loss.Class

	// Balanced replaces the class weights by n/(K·n_c).
	Balanced bool

	// SampleWeight holds a finite weight ≥ 0 for each row, not all 0. Nil weighs
	// all 1.
	SampleWeight []float64

	// L2 ≥ 0 is the strength of the penalty.
	L2 float64

	NoIntercept   bool // leave b at 0
	NoStandardize bool // penalise the coefficients of the columns as they are

	// MaxIterations limits the solver. If it is 0, it is 500.
	MaxIterations int

	// Tolerance ends the fit where ‖∇J‖∞ ≤ Tolerance·max(1, ‖∇J(0)‖∞). If it
	// is 0, it is 1e-6.
	Tolerance float64

	// Start, unless nil, is the model to start from, for as many classes and
	// columns. Otherwise the weights start at 0 and the intercepts where the
	// objective is least with them at 0.
	Start *Model

	// Record, unless nil, is called with every iteration.
	Record func(optimize.Iteration)
}

// Fit is what came out of a fit.
type Fit struct {
	Model
	optimize.Iteration
	Status optimize.Status

	ClassCounts     []int // rows of each class
	PredictedCounts []int // rows that Decide gives to each class
}

// Train fits a classifier to the rows of x with labels y, indices of
// o.Classes. Mistakes in the arguments are a [*loss.Error].
//
// Once ctx, a context.Context say, has an error, the fit ends with the status [optimize.Aborted] and the model
// reached by then. It is asked every millisecond or so, also within a
// pass over the data.
func Train(ctx optimize.Interrupter, x *Matrix, y []int32, o Options) (*Fit, error) {
	p, err := newProblem(x, y, o)
	if err != nil {
		return nil, err
	}
	b := newObjective(ctx, x, p.heads, p.link(), p.total, o)
	start := b.start(p, o.Start)
	gradient := make([]float64, b.dim())
	if _, err := b.ValueGrad(make([]float64, b.dim()), gradient); err != nil && ctx.Err() == nil {
		return nil, err
	}
	scale := max(1, b.gradientNorm(gradient))
	const evaluations = 1 // the one just made
	result, err := new(optimize.LBFGS).Minimize(ctx, b, start, optimize.Settings{
		MaxIterations: o.MaxIterations,
		Tolerance:     scale * cmp.Or(o.Tolerance, 1e-6),
		Noise:         noise,
		Norm:          b.gradientNorm,
		Record: func(i optimize.Iteration) {
			if o.Record != nil {
				i.Evaluations += evaluations
				o.Record(i)
			}
		},
	})
	if err != nil {
		return nil, err
	}
	result.Evaluations += evaluations
	fit := &Fit{Model: b.model(result.X, p.classes), Iteration: result.Iteration, Status: result.Status, ClassCounts: p.counts}
	fit.PredictedCounts = make([]int, len(p.classes))
	if result.Status != optimize.Aborted {
		if err := b.predicted(result.X, fit); err != nil {
			return nil, err
		}
	}
	return fit, nil
}

// noise is the relative error of an objective summed from float32 losses, with
// room to spare.
const noise = 1e-6

// problem is a checked and completed set of arguments.
type problem struct {
	classes []loss.Class
	heads   int
	y       []int32
	sample  []float64
	counts  []int
	shares  []float64 // Σ s of each class
	total   float64
	rows    int
}

func newProblem(x *Matrix, y []int32, o Options) (*problem, error) {
	k := len(o.Classes)
	p := &problem{classes: append([]loss.Class(nil), o.Classes...), heads: k, y: y, sample: o.SampleWeight,
		counts: make([]int, k), shares: make([]float64, k), rows: x.rows}
	if k == 2 {
		p.heads = 1
	}
	switch {
	case len(y) != x.rows:
		return nil, loss.Bad(loss.ShapeMismatch, "there must be as many labels as rows")
	case o.SampleWeight != nil && len(o.SampleWeight) != x.rows:
		return nil, loss.Bad(loss.ShapeMismatch, "there must be as many sample weights as rows")
	case !(o.L2 >= 0) || math.IsInf(o.L2, 0):
		return nil, loss.BadParameter("l2", "l2 must be a finite number ≥ 0")
	case !(o.Tolerance >= 0) || math.IsInf(o.Tolerance, 0):
		return nil, loss.BadParameter("tolerance", "the tolerance must be a finite number ≥ 0")
	case o.Start != nil && (o.Start.Columns != x.columns || len(o.Start.Coefficients) != p.heads*x.columns || len(o.Start.Intercepts) != p.heads):
		return nil, loss.Bad(loss.ShapeMismatch, "the model to start from has other classes or columns")
	}
	for i, c := range y {
		if c < 0 || int(c) >= k {
			return nil, loss.BadAt(loss.BadInput, i, -1, "a label must be a class index from 0 to the number of classes less one")
		}
		s := p.weight(i)
		if !(s >= 0) || math.IsInf(s, 0) {
			return nil, loss.BadAt(loss.BadInput, i, -1, "a sample weight must be a finite number ≥ 0")
		}
		p.counts[c]++
		p.shares[c] += s
		p.total += s
	}
	if err := (loss.Softmax{Classes: p.classes}).Validate(); err != nil {
		return nil, err
	}
	if !(p.total > 0) || math.IsInf(p.total, 0) {
		return nil, loss.Bad(loss.BadInput, "the sample weights must have a finite sum > 0")
	}
	seen := 0
	for _, s := range p.shares {
		if s > 0 {
			seen++
		}
	}
	if seen < 2 {
		return nil, loss.Bad(loss.OneClass, "the rows that count are all of one class: there is nothing to tell apart")
	}
	if o.Balanced {
		for c, w := range loss.BalancedWeights(p.counts) {
			p.classes[c].Weight = w
		}
	}
	return p, nil
}

func (p *problem) weight(i int) float64 {
	if p.sample == nil {
		return 1
	}
	return p.sample[i]
}

func (p *problem) binary() loss.Binary {
	return loss.Binary{Negative: p.classes[0], Positive: p.classes[1]}
}

func (p *problem) link() link {
	rows := kernel.Rows(p.rows)
	if p.heads == 1 {
		l := &binaryLink{Binary: p.binary(), signed: make([]float32, rows)}
		for i, c := range p.y {
			l.signed[i] = l.Signed(c == 1, p.weight(i))
		}
		return l
	}
	l := &softmaxLink{Softmax: loss.Softmax{Classes: p.classes}, labels: make([]int32, rows), weight: make([]float32, rows)}
	l.gamma = l.Gammas()
	copy(l.labels, p.y)
	for i, c := range p.y {
		l.weight[i] = float32(p.weight(i) * p.classes[c].Weight)
	}
	return l
}

// start returns the vector to start from.
func (b *objective) start(p *problem, from *Model) []float64 {
	v := make([]float64, b.dim())
	if from != nil {
		for h := range b.heads {
			w := b.weights(v, h)
			bias := from.Intercepts[h]
			for j, c := range from.Coefficients[h*b.x.columns:][:b.x.columns] {
				bias += c * b.x.mean[j]
				if !b.raw {
					c *= b.x.deviation[j]
				}
				w[j] = c / b.unscale[j]
			}
			if b.intercept {
				v[b.heads*b.x.columns+h] = bias
			}
		}
	} else if b.intercept {
		copy(v[b.heads*b.x.columns:], p.intercepts())
	}
	return v
}

// intercepts returns where the objective is least with all weights at 0.
func (p *problem) intercepts() []float64 {
	if p.heads == 1 {
		return []float64{p.binary().Intercept(p.shares[0], p.shares[1])}
	}
	r, err := new(optimize.LBFGS).Minimize(always{}, (*featureless)(p), make([]float64, p.heads), optimize.Settings{Tolerance: 1e-10})
	if err != nil {
		return make([]float64, p.heads)
	}
	return r.X
}

// featureless is the objective of the intercepts alone: a row for each class.
type featureless problem

func (f *featureless) ValueGrad(v, gradient []float64) (float64, error) {
	clear(gradient)
	g, value := make([]float64, len(v)), 0.0
	for c, share := range f.shares {
		if share > 0 {
			value += share / f.total * loss.Softmax{Classes: f.classes}.Point(v, c, g, nil)
			for h := range g {
				gradient[h] += share / f.total * g[h]
			}
		}
	}
	return value, nil
}

// model returns the model of a vector, in the units of the input.
func (b *objective) model(v []float64, classes []loss.Class) Model {
	m := Model{Columns: b.x.columns, Classes: classes,
		Coefficients: make([]float64, b.heads*b.x.columns), Intercepts: make([]float64, b.heads)}
	for h := range b.heads {
		if b.intercept {
			m.Intercepts[h] = v[b.heads*b.x.columns+h]
		}
		for j, u := range b.weights(v, h) {
			c := u * b.unscale[j]
			if !b.raw {
				c /= b.x.deviation[j]
			}
			m.Coefficients[h*b.x.columns+j] = c
			if b.intercept || !b.raw {
				m.Intercepts[h] -= c * b.x.mean[j]
			}
		}
	}
	return m
}

// predicted counts what the model at v decides for the rows.
func (b *objective) predicted(v []float64, fit *Fit) error {
	scores, err := b.scores(v)
	if err != nil {
		return err
	}
	z := make([]float64, b.heads)
	return b.blocks(func(from, n int) {
		for i := range min(n, b.x.rows-from) {
			for h := range z {
				z[h] = float64(scores[from*b.heads+h*n+i])
			}
			fit.PredictedCounts[fit.Decide(z)]++
		}
	})
}
