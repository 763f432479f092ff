package linear

import (
	"math"

	"github.com/focalfit/focalfit/internal/kernel"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// problem is a checked and completed set of arguments.
type problem struct {
	classes                  []loss.Class
	clip, epsilon, smoothing float64
	heads                    int
	y                        []int32
	sample                   []float64
	counts                   []int
	shares                   []float64 // Σ s of each class
	total                    float64
	rows                     int

	// exponent scales sample weights, and with them shares and total: the mean is
	// about 1, so that float32 holds them, and by a power of two no digit changes.
	exponent int
}

func newProblem(x Data, y []int32, o Options) (*problem, error) {
	k := len(o.Classes)
	p := &problem{classes: append([]loss.Class(nil), o.Classes...), clip: o.Clip, epsilon: o.Epsilon, smoothing: o.Smoothing,
		heads: k, y: y, sample: o.SampleWeight, counts: make([]int, k), shares: make([]float64, k), rows: x.Rows()}
	if k == 2 {
		p.heads = 1
	}
	if err := p.checkOptions(x.Columns(), o); err != nil {
		return nil, err
	}
	seen, err := p.count()
	if err != nil {
		return nil, err
	}
	if seen < 2 {
		return nil, loss.Bad(loss.OneClass, "the rows that count are all of one class: there is nothing to tell apart")
	}
	weights, err := o.weights(p.counts)
	if err != nil {
		return nil, err
	}
	for c, w := range weights {
		p.classes[c].Weight = w
	}
	return p, p.validate()
}

func (p *problem) validate() error {
	if p.heads == 1 {
		return p.binary().Validate()
	}
	return p.softmax().Validate()
}

func (p *problem) checkOptions(d int, o Options) error {
	switch {
	case len(p.y) != p.rows:
		return loss.Bad(loss.ShapeMismatch, "there must be as many labels as rows")
	case o.SampleWeight != nil && len(o.SampleWeight) != p.rows:
		return loss.Bad(loss.ShapeMismatch, "there must be as many sample weights as rows")
	case o.Start != nil && (o.Start.Columns != d || len(o.Start.Coefficients) != p.heads*d || len(o.Start.Intercepts) != p.heads):
		return loss.Bad(loss.ShapeMismatch, "the model to start from has other classes or columns")
	case o.Clip != 0 && p.heads != 1:
		return loss.BadParameter("clip", "an asymmetric loss needs two classes")
	case o.L1 > 0 && o.Solver != Auto && o.Solver != OWLQN:
		return loss.BadParameter("solver", "l1 > 0 needs the solver owlqn")
	}
	for i, v := range [...]float64{o.L2, o.L1, o.Tolerance} {
		if !(v >= 0) || math.IsInf(v, 0) {
			option := [...]string{"l2", "l1", "tolerance"}[i]
			return loss.BadParameter(option, option+" must be a finite number ≥ 0")
		}
	}
	return nil
}

// count sums up the classes, and returns how many have rows that count.
func (p *problem) count() (seen int, err error) {
	for i, c := range p.y {
		if c == Unknown {
			continue
		}
		if c < 0 || int(c) >= len(p.counts) {
			return 0, loss.BadAt(loss.BadInput, i, -1, "a label must be a class index from 0 to the number of classes less one")
		}
		p.counts[c]++
		if p.sample != nil {
			if err := checkWeight(i, p.sample[i]); err != nil {
				return 0, err
			}
			p.shares[c] += p.sample[i]
		}
	}
	for c, n := range p.counts {
		if p.sample == nil {
			p.shares[c] = float64(n)
		}
		if p.total += p.shares[c]; p.shares[c] > 0 {
			seen++
		}
	}
	if !(p.total > 0) || math.IsInf(p.total, 0) {
		return 0, loss.Bad(loss.BadInput, "the sample weights must have a finite sum > 0")
	}
	if p.sample != nil {
		_, exponent := math.Frexp(p.total / float64(p.rows))
		p.exponent = -exponent
		p.total = math.Ldexp(p.total, p.exponent)
		for c, share := range p.shares {
			p.shares[c] = math.Ldexp(share, p.exponent)
		}
	}
	return seen, nil
}

func checkWeight(row int, s float64) error {
	if !(s >= 0) || math.IsInf(s, 0) {
		return loss.BadAt(loss.BadInput, row, -1, "a sample weight must be a finite number ≥ 0")
	}
	return nil
}

// weights returns those that Weighting makes of class counts.
func (o Options) weights(counts []int) ([]float64, error) {
	switch o.Weighting {
	case Balanced:
		return loss.BalancedWeights(counts), nil
	case EffectiveNumber:
		return loss.EffectiveNumberWeights(counts, o.Beta)
	}
	return nil, nil
}

// weight returns what row i counts.
func (p *problem) weight(i int) float64 {
	switch {
	case p.y[i] == Unknown:
		return 0
	case p.sample == nil:
		return 1
	}
	return math.Ldexp(p.sample[i], p.exponent)
}

func (p *problem) binary() loss.Binary {
	return loss.Binary{Negative: p.classes[0], Positive: p.classes[1], Clip: p.clip, Epsilon: p.epsilon, Smoothing: p.smoothing}
}

func (p *problem) softmax() loss.Softmax {
	return loss.Softmax{Classes: p.classes, Epsilon: p.epsilon, Smoothing: p.smoothing}
}

func (p *problem) link() link {
	rows := kernel.Rows(p.rows)
	if p.heads == 1 {
		l := &binaryLink{Binary: p.binary(), signed: make([]float32, rows)}
		if p.sample == nil {
			of := [2]float32{l.Signed(false, 1), l.Signed(true, 1)}
			for i, c := range p.y {
				if c != Unknown {
					l.signed[i] = of[c]
				}
			}
			return l
		}
		for i, c := range p.y {
			l.signed[i] = l.Signed(c == 1, p.weight(i))
		}
		return l
	}
	l := &softmaxLink{Softmax: p.softmax(), labels: make([]int32, rows), weight: make([]float32, rows)}
	l.gamma = l.Gammas()
	for i, c := range p.y {
		if c != Unknown {
			l.labels[i], l.weight[i] = c, float32(p.weight(i)*p.classes[c].Weight)
		}
	}
	return l
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
			value += share / f.total * (*problem)(f).softmax().Point(v, c, g, nil)
			for h := range g {
				gradient[h] += share / f.total * g[h]
			}
		}
	}
	return value, nil
}
