package federated

import "github.com/focalfit/focalfit/loss"

// Rows are a client's: X holds Columns to a row, row after row, Y a label 0 or
// 1 for each.
type Rows struct {
	Columns int
	X       []float64
	Y       []float64
}

func (r Rows) row(i int) []float64 { return r.X[i*r.Columns:][:r.Columns] }

// Check returns a [loss.Error] that names the row and column of what cannot be
// learned from.
func (r Rows) Check() error {
	if r.Columns < 1 || len(r.X) != r.Columns*len(r.Y) {
		return loss.Bad(loss.ShapeMismatch, "there must be a label for each row of columns")
	}
	for i, v := range r.X {
		if !(v >= -1e60 && v <= 1e60) {
			return loss.BadAt(loss.NotFinite, i/r.Columns, i%r.Columns, "a value must be a finite number of at most 1e60")
		}
	}
	for i, y := range r.Y {
		if y != 0 && y != 1 {
			return loss.BadAt(loss.BadInput, i, -1, "a label must be 0 or 1")
		}
	}
	return nil
}

// Statistics returns the client's payload of that kind. Rows have been checked.
func (r *Round) Statistics(rows Rows) []float64 {
	d := r.Settings.Columns
	out := make([]float64, Statistics.Length(d))
	for i, y := range rows.Y {
		class := int(y)
		out[class]++
		sums, squares := out[2+class*d:][:d], out[2+(2+class)*d:][:d]
		for j, v := range rows.row(i) {
			c := v - r.Mean[j]
			sums[j] += c
			squares[j] += c * c
		}
	}
	return out
}

// standardise sets x̃, whose last entry is 1, to a row's standardised columns.
func (r *Round) standardise(x, row []float64) {
	for j, v := range row {
		x[j] = (v - r.Mean[j]) / r.Scale[j]
	}
	x[len(row)] = 1
}

// Derivatives returns the client's payload of that kind at the round's θ: with
// x̃ the standardised columns and then 1, z = θ·x̃ and L the weighted loss of
// the row's label,
//
//	rows, Σ L(z), Σ L′(z)·x̃, Σ L″(z)·x̃·x̃ᵀ
//
// Rows have been checked.
func (r *Round) Derivatives(rows Rows) []float64 {
	p := r.Settings.parameters()
	out := make([]float64, Derivatives.Length(r.Settings.Columns))
	gradient, hessian := out[2:][:p], out[2+p:]
	l, x := r.loss(), make([]float64, p)
	out[0] = float64(len(rows.Y))
	for i, y := range rows.Y {
		r.standardise(x, rows.row(i))
		f, f1, f2 := l.Point(dot(r.Theta, x), y)
		out[1] += f
		for a, v := range x {
			gradient[a] += f1 * v
			into, c := hessian[triangle(a):], f2*v
			for b, u := range x[:a+1] {
				into[b] += c * u
			}
		}
	}
	return out
}

func (r *Round) loss() loss.Binary { return r.Settings.loss(r.Weights) }
