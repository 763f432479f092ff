package linear

import (
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// Predictor is a model with what becomes of a row before it.
type Predictor struct {
	Model    *Model
	Features *Features // nil for the columns as they are
	Fill     []float64 // of the gaps of each column; nil where there are none
}

// Logits returns those of the given rows of x, a row of them for each.
func (p *Predictor) Logits(ctx optimize.Interrupter, x Data, rows []int32) ([]float64, error) {
	z := make([]float64, len(p.Model.Intercepts)*len(rows))
	return z, x.logits(ctx, p, z, rows)
}

func (m *Matrix) logits(ctx optimize.Interrupter, p *Predictor, z []float64, rows []int32) error {
	heads := len(p.Model.Intercepts)
	input := make([]float64, m.columns)
	row := input // or its features
	if p.Features != nil {
		row = make([]float64, p.Features.Columns())
	}
	work := 0
	for n, i := range rows {
		m.decode(input, int(i))
		if p.Fill != nil {
			for _, j := range m.gaps.of(int(i)) {
				input[j] = p.Fill[j]
			}
		}
		if p.Features != nil {
			p.Features.Apply(row, input)
		}
		p.Model.Logits(z[n*heads:][:heads], row)
		if work += heads * p.Model.Columns; work > askEvery/16 {
			work = 0
			if err := ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *Sparse) logits(ctx optimize.Interrupter, p *Predictor, z []float64, rows []int32) error {
	heads := len(p.Model.Intercepts)
	for n := range rows {
		copy(z[n*heads:], p.Model.Intercepts)
	}
	to := m.places(rows)
	m.entries(func(row, j int, value *float32) {
		n := int(to[row])
		if n < 0 {
			return
		}
		v := float64(*value) * m.unit[j]
		for h := range heads {
			z[n*heads+h] += p.Model.Coefficients[h*m.columns+int(m.column[j])] * v
		}
	})
	return ctx.Err()
}

// Alike returns rows as those that a model of the training rows takes: with
// the gaps of dense rows filled as the training rows' are, and the features, if
// any, that were made of these.
func Alike(ctx optimize.Interrupter, rows, train Data, features *Features) (Data, error) {
	m, ok := rows.(*Matrix)
	t, dense := train.(*Matrix)
	if !ok || !dense {
		return rows, nil
	}
	if len(m.gaps.rows) > 0 && t.columns == m.columns {
		m = m.filledAs(t)
	}
	if features == nil {
		return m, nil
	}
	if len(features.Mean) != m.columns {
		return nil, loss.Bad(loss.ShapeMismatch, "the validation rows have another number of columns than the training rows")
	}
	return features.Expand(ctx, m)
}
