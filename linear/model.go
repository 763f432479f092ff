package linear

import (
	"math"

	"github.com/focalfit/focalfit/loss"
)

// Model is a fitted linear classifier, in the units of the input.
type Model struct {
	Columns int

	// Classes are γ and weight of each class, as trained, and Clip, Epsilon and
	// Smoothing what else there is to know of the loss: see [Options].
	Classes                  []loss.Class
	Clip, Epsilon, Smoothing float64

	// Coefficients holds a row of Columns for each logit: one for two classes,
	// otherwise one for each class. Intercepts holds one number for each.
	Coefficients, Intercepts []float64

	// Means are the training means of the columns, from which Explain counts. In
	// a sparse matrix those of columns without entries are 0.
	Means []float64
}

// Logits sets z, one for each logit, to W·x + b of a row x.
func (m *Model) Logits(z, x []float64) {
	for h := range m.Intercepts {
		s := 0.0
		for j, c := range m.Coefficients[h*m.Columns:][:m.Columns] {
			s += c * x[j]
		}
		z[h] = s + m.Intercepts[h]
	}
}

// Explain takes a row x apart: it sets contributions, a row of Columns for each
// logit, to w_j·(x_j − mean_j), and base, one for each logit, to the logit of
// the mean row. A logit is its base plus the contributions of all columns.
func (m *Model) Explain(contributions, base, x []float64) {
	for h, b := range m.Intercepts {
		for j, c := range m.Coefficients[h*m.Columns:][:m.Columns] {
			contributions[h*m.Columns+j] = c * (x[j] - m.Means[j])
			b += c * m.Means[j]
		}
		base[h] = b
	}
}

// Importance returns for each column the mean over rows, each of Columns
// values, of the size of its contributions to all logits: on the training rows
// the largest are the top columns of the model.
func (m *Model) Importance(rows [][]float64) []float64 {
	importance := make([]float64, m.Columns)
	parts, base := make([]float64, len(m.Coefficients)), make([]float64, len(m.Intercepts))
	for _, x := range rows {
		m.Explain(parts, base, x)
		for i, part := range parts {
			importance[i%m.Columns] += math.Abs(part) / float64(len(rows))
		}
	}
	return importance
}

// Posterior sets p, one for each class, to the probabilities of the classes
// that logits z mean, with the shift that focusing, weights and smoothing made
// undone.
func (m *Model) Posterior(p, z []float64) {
	if len(m.Classes) == 2 {
		logit := m.binary().PosteriorLogit(z[0])
		p[0], p[1] = 1/(1+math.Exp(logit)), 1/(1+math.Exp(-logit))
		return
	}
	m.softmax().LogPosterior(p, z)
	for c := range p {
		p[c] = math.Exp(p[c])
	}
}

// Decide returns the class that logits z decide for: the one of the largest
// α_c·posterior. Of two classes the second wins a tie, that is, it is taken
// where its posterior reaches α₋/(α₊ + α₋).
func (m *Model) Decide(z []float64) int {
	if m.even() {
		if len(z) > 1 {
			return argmax(z)
		}
		if z[0] >= 0 {
			return 1
		}
		return 0
	}
	if len(m.Classes) == 2 {
		l := m.binary()
		if l.PosteriorLogit(z[0]) >= math.Log(l.Negative.Weight)-math.Log(l.Positive.Weight) {
			return 1
		}
		return 0
	}
	p := make([]float64, len(z))
	m.softmax().LogPosterior(p, z)
	for c := range p {
		p[c] += math.Log(m.Classes[c].Weight)
	}
	return argmax(p)
}

// even reports whether the loss treats all classes alike but for their weight,
// so that α_c·posterior grows with the model's own probability.
func (m *Model) even() bool {
	for _, c := range m.Classes {
		if c.Gamma != m.Classes[0].Gamma {
			return false
		}
	}
	return m.Clip == 0 && m.Smoothing == 0
}

func argmax(x []float64) int {
	best := 0
	for c, v := range x {
		if v > x[best] {
			best = c
		}
	}
	return best
}

func (m *Model) binary() loss.Binary {
	return loss.Binary{Negative: m.Classes[0], Positive: m.Classes[1], Clip: m.Clip, Epsilon: m.Epsilon, Smoothing: m.Smoothing}
}

func (m *Model) softmax() loss.Softmax {
	return loss.Softmax{Classes: m.Classes, Epsilon: m.Epsilon, Smoothing: m.Smoothing}
}
