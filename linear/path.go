package linear

import (
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// TrainPath fits one setting after the other, each from the model before: a
// path of falling l2 or rising γ takes a fraction of the passes of as many
// fits from zero.
func TrainPath(ctx optimize.Interrupter, x Data, y []int32, path []Options) ([]*Fit, error) {
	fits := make([]*Fit, 0, len(path))
	for _, o := range path {
		if n := len(fits); n > 0 {
			o.Start = fits[n-1].towards(o.Classes)
		}
		fit, err := Train(ctx, x, y, o)
		if err != nil {
			return nil, err
		}
		fits = append(fits, fit)
		if fit.Status == optimize.Aborted {
			break
		}
	}
	return fits, nil
}

// towards returns what to start a fit of other classes from: the model, with
// logits times (1+γ)/(1+γ′) if one γ is followed by another. The optimum for
// rows of posterior η is about logit η = (1+γ)·z, and started from the model as
// it is, a path of γ took as many passes as fits from zero.
func (m *Model) towards(classes []loss.Class) *Model {
	scale := 1.0
	for c, class := range classes {
		s := (1 + m.Classes[c].Gamma) / (1 + class.Gamma)
		if c > 0 && s != scale {
			return m
		}
		scale = s
	}
	if scale == 1 {
		return m
	}
	scaled := *m
	scaled.Coefficients, scaled.Intercepts = times(m.Coefficients, scale), times(m.Intercepts, scale)
	return &scaled
}

func times(x []float64, s float64) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = s * v
	}
	return y
}
