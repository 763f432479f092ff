package linear

import (
	"math"

	"github.com/focalfit/focalfit/loss"
)

// Document is a model as the JavaScript package writes it with JSON.stringify(classifier), read by [ReadDocument]:
// everything that prediction needs.
type Document struct {
	// Classes are sorted. With MultiLabel they are labels, each 0 or 1 by itself.
	Classes    []Label
	MultiLabel bool

	// Positive is the place in Classes of the positive one of two, otherwise −1.
	Positive int

	// Columns is how many numbers a row has. Table, unless nil, makes them of raw values.
	Columns int
	Table   *Table

	// Fill is what a missing number of each column is taken for; nil if there must be none missing.
	Fill []float64

	// Features, unless nil, make the columns that the coefficients are of.
	Features *Features

	// Models holds one, or with MultiLabel one for each label. Of two classes the first in a model is the negative one.
	Models []Model

	Calibration *Calibration // nil for none

	// Thresholds are the probabilities from which on an output is positive: of two classes, or of each label. It is nil
	// for more than two classes.
	Thresholds []float64
}

// Outputs returns how many logits a row has: one for two classes, otherwise one for each class or label.
func (d *Document) Outputs() int {
	if d.Positive >= 0 {
		return 1
	}
	return len(d.Classes)
}

// Logits sets z, one for each output, of a row x of Columns, in which it fills what is NaN. An error says that x
// holds a NaN that nothing fills, or that a logit is beyond float64.
func (d *Document) Logits(z, x []float64) error {
	if d.Fill != nil {
		for j, v := range x {
			if v != v {
				x[j] = d.Fill[j]
			}
		}
	}
	if d.Features != nil {
		made := make([]float64, d.Features.Columns())
		d.Features.Apply(made, x)
		x = made
	}
	at := 0
	for i := range d.Models {
		n := len(d.Models[i].Intercepts)
		d.Models[i].Logits(z[at:at+n], x)
		at += n
	}
	for _, v := range z {
		if v-v != 0 {
			return loss.Bad(loss.NotFinite, "the logit overflows: the values are far beyond those trained on")
		}
	}
	return nil
}

// Probabilities sets p, one for each class or label, to the probabilities that logits z mean: the posterior, calibrated
// if the model is, or if raw the model's own sigmoid or softmax.
func (d *Document) Probabilities(p, z []float64, raw bool) {
	if d.Thresholds == nil {
		d.softmax(p, z, raw)
		return
	}
	for output := range z {
		logit := z[output]
		if !raw {
			logit = d.posteriorLogit(output, logit)
		}
		q, rest := sigmoid(logit), sigmoid(-logit)
		if c := d.Calibration; c != nil && c.X != nil && !raw {
			q = interpolate(c.X[output], c.Y[output], q)
			rest = 1 - q
		}
		if d.MultiLabel {
			p[output] = q
		} else {
			p[d.Positive], p[1-d.Positive] = q, rest
		}
	}
}

// Decide sets y to what logits z decide for: y[0] to the place of a class, or with MultiLabel y[l] to 0 or 1 for each
// label. Of two classes the positive one is taken where its probability reaches the threshold, of more the one of the
// largest α·probability.
func (d *Document) Decide(y []int, z []float64) {
	if d.Thresholds == nil {
		y[0] = d.largest(z)
		return
	}
	for output := range z {
		m := &d.Models[output]
		negative, positive := m.Classes[0].Weight, m.Classes[1].Weight
		limit, own := d.Thresholds[output], negative/(positive+negative)
		above := false
		if limit == own && d.Calibration == nil && m.Clip == 0 && m.Smoothing == 0 {
			// Weights cancel, so that a logit of 0 with equal γ lies on the threshold exactly.
			l := m.binary()
			l.Negative.Weight, l.Positive.Weight = 1, 1
			above = l.PosteriorLogit(z[output]) >= 0
		} else {
			q := sigmoid(d.posteriorLogit(output, z[output]))
			if c := d.Calibration; c != nil && c.X != nil {
				q = interpolate(c.X[output], c.Y[output], q)
			}
			above = q >= limit
		}
		switch {
		case d.MultiLabel:
			y[output] = 0
			if above {
				y[output] = 1
			}
		case above:
			y[0] = d.Positive
		default:
			y[0] = 1 - d.Positive
		}
	}
}

func (d *Document) posteriorLogit(output int, z float64) float64 {
	return d.Calibration.logit(d.Models[output].binary().PosteriorLogit(z), output)
}

// softmax sets the probabilities of more than two classes.
func (d *Document) softmax(p, z []float64, raw bool) {
	if raw {
		top := z[argmax(z)]
		for c, v := range z {
			p[c] = math.Exp(v - top)
		}
		share(p)
		return
	}
	d.Models[0].Posterior(p, z)
	if d.Calibration != nil {
		for c, q := range p {
			p[c] = d.Calibration.probability(q, c)
		}
		share(p)
	}
}

// largest returns the class of the largest α·probability.
func (d *Document) largest(z []float64) int {
	p, m := make([]float64, len(z)), &d.Models[0]
	if d.Calibration == nil && m.Smoothing == 0 {
		// Where probabilities round to 0 their logarithms still tell classes apart.
		m.softmax().LogPosterior(p, z)
		for c := range p {
			p[c] += math.Log(m.Classes[c].Weight)
		}
		return argmax(p)
	}
	d.softmax(p, z, false)
	for c := range p {
		p[c] *= m.Classes[c].Weight
	}
	return argmax(p)
}

// share makes probabilities add up to 1; where nothing is left they are even.
func share(p []float64) {
	sum := 0.0
	for _, v := range p {
		sum += v
	}
	for c := range p {
		if p[c] /= sum; sum <= 0 {
			p[c] = 1 / float64(len(p))
		}
	}
}
