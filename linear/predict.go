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

	row, made []float64
}

// Logits returns those of the given rows of x, a row of them for each.
func (p *Predictor) Logits(ctx optimize.Interrupter, x Data, rows []int32) ([]float64, error) {
	heads := len(p.Model.Intercepts)
	z := make([]float64, heads*len(rows))
	p.row = make([]float64, x.Columns())
	if p.Features != nil {
		p.made = make([]float64, p.Features.Columns())
	}
	work := 0
	for n, i := range rows {
		x.logits(p, z[n*heads:][:heads], int(i))
		if work += heads * p.Model.Columns; work > askEvery/16 {
			work = 0
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
	}
	return z, nil
}

func (m *Matrix) logits(p *Predictor, z []float64, i int) {
	m.decode(p.row, i)
	if p.Fill != nil {
		for _, j := range m.gaps.of(i) {
			p.row[j] = p.Fill[j]
		}
	}
	if p.Features == nil {
		p.Model.Logits(z, p.row)
		return
	}
	p.Features.Apply(p.made, p.row)
	p.Model.Logits(z, p.made)
}

func (m *Sparse) logits(p *Predictor, z []float64, i int) {
	copy(z, p.Model.Intercepts)
	for k := m.csr.Start[i]; k < m.csr.Start[i+1]; k++ {
		j := m.csr.Index[k]
		v := float64(m.csr.Value[k]) * m.deviation[j]
		for h := range z {
			z[h] += p.Model.Coefficients[h*m.columns+int(m.column[j])] * v
		}
	}
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
