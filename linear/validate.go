package linear

import (
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/metrics"
	"github.com/focalfit/focalfit/optimize"
)

// Outcome is what a fit to all folds but one came to on that one.
type Outcome struct {
	*metrics.Report
	Status                  optimize.Status
	Iterations, Evaluations int
}

// ValidateFold fits each setting in turn to the rows that are not of the given
// fold and judges it by those that are. Mean, deviation, filled gaps, features
// and class weights come from the rows that are fitted to, and from nothing
// else. A fit starts from the one before, as in [TrainPath], if that had the same
// features.
func ValidateFold(ctx optimize.Interrupter, x Data, y, folds []int32, fold int, settings []Setting) ([]Outcome, error) {
	if len(y) != x.Rows() || len(folds) != len(y) {
		return nil, loss.Bad(loss.ShapeMismatch, "there must be as many labels and folds as rows")
	}
	var train, held []int32
	for i, f := range folds {
		if int(f) == fold {
			held = append(held, int32(i))
		} else {
			train = append(train, int32(i))
		}
	}
	part, err := x.Subset(ctx, train)
	if err != nil {
		return nil, err
	}
	v := &validation{x: x, part: part, y: y, train: train, held: held}
	outcomes := make([]Outcome, len(settings))
	for i, s := range settings {
		if outcomes[i], err = v.try(ctx, s); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// validation is one fold.
type validation struct {
	x, part     Data
	y           []int32
	train, held []int32

	data     Data // part, or its features
	features *Features
	made     *Expansion
	raw      bool
	last     *Model
}

func (v *validation) try(ctx optimize.Interrupter, s Setting) (Outcome, error) {
	if err := v.expand(ctx, s); err != nil {
		return Outcome{}, err
	}
	o := s.Options
	o.SampleWeight = pick(s.SampleWeight, v.train)
	if o.Start = nil; v.last != nil && len(v.last.Classes) == len(o.Classes) {
		o.Start = v.last.towards(o.Classes)
	}
	fit, err := Train(ctx, v.data, pick(v.y, v.train), o)
	if err != nil {
		return Outcome{}, err
	}
	if err := ctx.Err(); err != nil {
		return Outcome{}, err
	}
	v.last = &fit.Model
	report, err := v.judge(ctx, fit, pick(s.SampleWeight, v.held))
	if err != nil {
		return Outcome{}, err
	}
	return Outcome{report, fit.Status, fit.Iteration.Iteration, fit.Evaluations}, nil
}

// expand makes the features of a setting, unless they are there.
func (v *validation) expand(ctx optimize.Interrupter, s Setting) error {
	same := v.data != nil && (s.Expand == nil) == (v.made == nil) && (s.Expand == nil || *s.Expand == *v.made && s.NoStandardize == v.raw)
	if same {
		return nil
	}
	v.data, v.features, v.made, v.raw, v.last = v.part, nil, s.Expand, s.NoStandardize, nil
	if s.Expand == nil {
		return nil
	}
	m, f, err := s.Expand.Make(ctx, v.part, !s.NoStandardize)
	v.data, v.features = m, f
	return err
}

// judge predicts the held rows.
func (v *validation) judge(ctx optimize.Interrupter, fit *Fit, weights []float64) (*metrics.Report, error) {
	k := len(fit.Classes)
	j := metrics.Judged{Classes: k, Positive: 1, Weights: weights, Labels: pick(v.y, v.held),
		Probabilities: make([]float64, k*len(v.held)), Predicted: make([]int32, len(v.held))}
	p := &Predictor{Model: &fit.Model, Features: v.features}
	if part, ok := v.part.(*Matrix); ok {
		p.Fill = part.Fill()
	}
	z, err := p.Logits(ctx, v.x, v.held)
	if err != nil {
		return nil, err
	}
	heads := len(fit.Intercepts)
	for n := range v.held {
		fit.Posterior(j.Probabilities[n*k:][:k], z[n*heads:][:heads])
		j.Predicted[n] = int32(fit.Decide(z[n*heads:][:heads]))
	}
	return metrics.Evaluate(j)
}

func pick[T int32 | float64](from []T, rows []int32) []T {
	if from == nil {
		return nil
	}
	picked := make([]T, len(rows))
	for n, i := range rows {
		picked[n] = from[i]
	}
	return picked
}
