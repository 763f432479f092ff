package linear

import (
	"cmp"
	"math"

	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// Options says what to fit and how.
type Options struct {
	// Classes are γ and weight of each class, at least two. Of two, the second
	// is the positive one.
	Classes []loss.Class

	// Clip is the probability margin of an asymmetric loss, for two classes only,
	// Epsilon the coefficient of a Poly-1 loss, Smoothing that of the labels:
	// see [loss.Binary].
	Clip, Epsilon, Smoothing float64

	// Weighting replaces the class weights by some made of the class counts.
	Weighting Weighting

	// Beta in [0, 1) is that of [EffectiveNumber].
	Beta float64

	// SampleWeight holds a finite weight ≥ 0 for each row, not all 0. Nil weighs
	// all 1.
	SampleWeight []float64

	// L2 ≥ 0 and L1 ≥ 0 are the strengths of the penalties.
	L2, L1 float64

	NoIntercept   bool // leave b at 0
	NoStandardize bool // penalise the coefficients of the columns as they are

	// Solver is which to use. It must be OWLQN or Auto where L1 > 0.
	Solver Solver

	// MaxIterations limits the solver. If it is 0, it is 500.
	MaxIterations int

	// Tolerance ends the fit where ‖∇J‖∞ ≤ Tolerance·max(1, ‖∇J(0)‖∞), with
	// L1 > 0 of the pseudo-gradient. If it is 0, it is 1e-6.
	Tolerance float64

	// Start, unless nil, is the model to start from, for as many classes and
	// columns. Otherwise the weights start at 0 and the intercepts where the
	// objective is least with them at 0.
	Start *Model

	// Held, unless nil, are rows that are not trained on, by which to stop.
	Held *Held

	// Record, unless nil, is called with every iteration.
	Record func(optimize.Iteration)
}

// Weighting is a rule for class weights.
type Weighting int

const (
	Given           Weighting = iota // those of Options.Classes
	Balanced                         // n/(K·n_c), see loss.BalancedWeights
	EffectiveNumber                  // see loss.EffectiveNumberWeights
)

// Fit is what came out of a fit.
type Fit struct {
	Model
	optimize.Iteration // Evaluations are passes over the rows; those over a part of them count as that part, rounded up
	Status             optimize.Status
	Solver             Solver // the one that was used, never Auto

	ClassCounts     []int // rows of each class
	PredictedCounts []int // rows that Decide gives to each class
}

// Unknown is the label of a row that counts nothing but in the moments of the
// columns.
const Unknown = -1

// Train fits a classifier to the rows of x with labels y, indices of o.Classes
// or [Unknown]. Mistakes in the arguments are a [*loss.Error].
//
// Once ctx, a context.Context say, has an error, the fit ends with the status
// [optimize.Aborted] and the model reached by then. It is asked every
// millisecond or so, also within a pass over the data.
func Train(ctx optimize.Interrupter, x Data, y []int32, o Options) (*Fit, error) {
	p, err := newProblem(x, y, o)
	if err != nil {
		return nil, err
	}
	b := newObjective(ctx, x, p.heads, p.link(), p.total, o)
	solver, method := choose(o, b)
	stopping, err := newStopping(b, p, o)
	if err != nil {
		return nil, err
	}
	// The gradient at zero takes the place of the start: of a sparse matrix a
	// vector may weigh more than a tenth of the rows.
	start := make([]float64, b.dim())
	if _, err := b.ValueGrad(start, start); err != nil && ctx.Err() == nil {
		return nil, err
	}
	tolerance := max(1, b.gradientNorm(start)) * cmp.Or(o.Tolerance, 1e-6)
	b.start(start, p, o.Start)
	evaluations := 1 // the one just made
	if lbfgs, ok := method.(*optimize.LBFGS); ok && o.Solver == Auto && o.Start == nil && stopping == nil {
		pilot, err := newPilot(b, p, o, 100*tolerance)
		if err != nil && ctx.Err() == nil {
			return nil, err
		}
		if pilot != nil {
			start, lbfgs.Inverse = pilot.x, pilot.inverse
			evaluations += int(math.Ceil(pilot.passes))
		}
	}
	settings := optimize.Settings{
		MaxIterations: o.MaxIterations,
		Tolerance:     tolerance,
		Noise:         noise,
		Norm:          b.gradientNorm,
		Record: func(i optimize.Iteration) {
			if o.Record != nil {
				i.Evaluations += evaluations
				o.Record(i)
			}
		},
	}
	if stopping != nil {
		settings.Stop = stopping.stop
	}
	result, err := method.Minimize(ctx, b, start, settings)
	if err != nil {
		return nil, err
	}
	if stopping != nil && stopping.best != nil && stopping.idle > 0 && result.Status != optimize.Aborted {
		// What is told is of the model that is returned.
		result.X, result.Value, result.Gradient, result.Status = stopping.best, stopping.seen.Value, stopping.seen.Gradient, optimize.EarlyStopped
	}
	result.Evaluations += evaluations
	fit := &Fit{Model: b.model(result.X, p), Iteration: result.Iteration, Status: result.Status, Solver: solver, ClassCounts: p.counts}
	fit.PredictedCounts = make([]int, len(p.classes))
	if result.Status != optimize.Aborted {
		if err := b.predicted(result.X, fit); err != nil && ctx.Err() == nil {
			return nil, err
		}
	}
	return fit, nil
}

// noise is the relative error of an objective summed from float32 losses, with
// room to spare.
const noise = 1e-6

// start sets v to the vector to start from.
func (b *objective) start(v []float64, p *problem, from *Model) {
	clear(v)
	s := b.x.scaling()
	if from != nil {
		columns := b.x.Columns()
		for h := range b.heads {
			w := b.of(v, h)
			bias := from.Intercepts[h]
			for j := range w {
				c := from.Coefficients[h*columns+b.x.input(j)]
				bias += c * s.originOf(j)
				if !b.raw {
					c *= s.deviation[j]
				}
				w[j] = c / b.weightOf(j)
			}
			if b.intercept {
				v[b.heads*b.columns+h] = bias
			}
		}
	} else if b.intercept {
		copy(v[b.heads*b.columns:], p.intercepts())
	}
}

// model returns the model of a vector, in the units of the input.
func (b *objective) model(v []float64, p *problem) Model {
	columns, s := b.x.Columns(), b.x.scaling()
	m := Model{Columns: columns, Classes: p.classes, Clip: p.clip, Epsilon: p.epsilon, Smoothing: p.smoothing,
		Coefficients: make([]float64, b.heads*columns), Intercepts: make([]float64, b.heads), Means: make([]float64, columns)}
	for h := range b.heads {
		if b.intercept {
			m.Intercepts[h] = v[b.heads*b.columns+h]
		}
		for j, u := range b.of(v, h) {
			c := u * b.weightOf(j)
			if !b.raw {
				c /= s.deviation[j]
			}
			m.Coefficients[h*columns+b.x.input(j)] = c
			m.Means[b.x.input(j)] = s.mean[j]
			if b.intercept || !b.raw {
				m.Intercepts[h] -= c * s.originOf(j)
			}
		}
	}
	return m
}

// predicted counts what the model at v decides for the rows.
func (b *objective) predicted(v []float64, fit *Fit) error {
	scores, err := b.scoresAt(v)
	if err != nil {
		return err
	}
	if b.heads == 1 && fit.even() { // decides by the sign alone
		positive := 0
		for _, z := range scores[:b.x.Rows()] {
			if z >= 0 {
				positive++
			}
		}
		fit.PredictedCounts[0], fit.PredictedCounts[1] = b.x.Rows()-positive, positive
		return nil
	}
	z := make([]float64, b.heads)
	return b.blocks(func(from, n int) {
		for i := range min(n, b.x.Rows()-from) {
			for h := range z {
				z[h] = float64(scores[from*b.heads+h*n+i])
			}
			fit.PredictedCounts[fit.Decide(z)]++
		}
	})
}
