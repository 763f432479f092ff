package linear

import (
	"math"

	"github.com/focalfit/focalfit/loss"
)

// moments gathers the sums of the differences to the first value of a column
// and of their squares: of a constant column they are exactly 0.
type moments struct {
	n                   int
	first, sum, squares []float64
	missing             []int
	empty               int       // columns without a value so far, where there are gaps
	saved               []float64 // sum and squares before the chunk
}

func newMoments(columns int) *moments {
	return &moments{first: make([]float64, columns), sum: make([]float64, columns), squares: make([]float64, columns),
		missing: make([]int, columns), saved: make([]float64, 2*columns)}
}

// add adds rows of x, the first of which is row from.
func add[T Float](m *moments, g *gaps, x []T, from int) error {
	columns := len(m.first)
	if m.n == 0 {
		for j := range m.first {
			m.first[j] = finiteOr(float64(x[j]), 0)
		}
	}
	if m.empty > 0 {
		return addWithGaps(m, g, x, from)
	}
	copy(m.saved, m.sum)
	copy(m.saved[columns:], m.squares)
	for i := 0; i < len(x); i += columns {
		row := x[i:][:columns]
		j := 0
		for ; j+4 <= columns; j += 4 {
			v, first := (*[4]T)(row[j:]), (*[4]float64)(m.first[j:])
			sum, squares := (*[4]float64)(m.sum[j:]), (*[4]float64)(m.squares[j:])
			d0, d1 := float64(v[0])-first[0], float64(v[1])-first[1]
			d2, d3 := float64(v[2])-first[2], float64(v[3])-first[3]
			sum[0], sum[1], sum[2], sum[3] = sum[0]+d0, sum[1]+d1, sum[2]+d2, sum[3]+d3
			squares[0], squares[1] = squares[0]+d0*d0, squares[1]+d1*d1
			squares[2], squares[3] = squares[2]+d2*d2, squares[3]+d3*d3
		}
		for ; j < columns; j++ {
			d := float64(row[j]) - m.first[j]
			m.sum[j] += d
			m.squares[j] += d * d
		}
	}
	check := 0.0
	for _, s := range m.sum {
		check += s * 0
	}
	if check != 0 { // NaN: something is NaN or infinite
		copy(m.sum, m.saved)
		copy(m.squares, m.saved[columns:])
		return addWithGaps(m, g, x, from)
	}
	m.n += len(x) / columns
	return nil
}

// addWithGaps adds rows of which some have gaps.
func addWithGaps[T Float](m *moments, g *gaps, x []T, from int) error {
	columns := len(m.first)
	for i, v := range x {
		v, j := float64(v), i%columns
		if math.IsNaN(v) || math.IsInf(v, 0) {
			if g.impute == Refuse {
				return loss.BadAt(loss.NotFinite, from+i/columns, j, "a value is NaN or infinite: leave the row out or fill the gap")
			}
			g.add(from+i/columns, j)
			m.missing[j]++
			continue
		}
		if m.missing[j] == m.n+i/columns {
			m.first[j] = v // none before it
		}
		d := v - m.first[j]
		m.sum[j] += d
		m.squares[j] += d * d
	}
	m.n += len(x) / columns
	m.empty = 0
	for _, missing := range m.missing {
		if missing == m.n {
			m.empty++
		}
	}
	return nil
}

func finiteOr(v, other float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return other
	}
	return v
}

// finish sets the scaler, with gaps at the mean.
func (m *moments) finish(to *Matrix) error {
	for j := range m.first {
		n := float64(m.n - m.missing[j])
		if n == 0 {
			return loss.BadAt(loss.BadInput, -1, j, "a column has no value at all: leave it out")
		}
		shift := m.sum[j] / n
		variance := max(m.squares[j]/n-shift*shift, 0) * (n / float64(m.n))
		to.mean[j], to.deviation[j] = m.first[j]+shift, math.Sqrt(variance)
		if math.IsInf(to.deviation[j], 0) || math.IsNaN(to.deviation[j]) {
			return loss.BadAt(loss.BadInput, -1, j, "a column has values too large for their variance to be a number: scale it down")
		}
		// What is left of a difference of nearly equal squares is rounding.
		if m.squares[j] == 0 || variance <= 1e-14*m.squares[j]/n {
			to.deviation[j], to.constant[j] = 1, m.squares[j] == 0
		}
	}
	return nil
}
