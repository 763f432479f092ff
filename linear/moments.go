package linear

import (
	"math"

	"github.com/focalfit/focalfit/internal/kernel"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// moments are sums over the stored values of each column but its gaps, less
// first: of equal values they are exactly 0 if first is one of these.
type moments struct {
	first, sum, squares []float64
	missing             []int
}

func newMoments(columns int) *moments {
	return &moments{first: make([]float64, columns), sum: make([]float64, columns), squares: make([]float64, columns), missing: make([]int, columns)}
}

// measure returns the moments of a matrix in which a gap is NaN.
func (m *Matrix) measure(ctx optimize.Interrupter) (*moments, error) {
	mo := newMoments(m.columns)
	size, work := kernel.Panel*kernel.Stride(m.columns), 0
	for i := 0; i < m.rows; i += kernel.Panel {
		panel := m.data[i/kernel.Panel*size:][:size]
		rows := min(kernel.Panel, m.rows-i)
		for j := range mo.sum {
			column := panel[kernel.Panel*j:][:rows]
			if mo.missing[j] == i { // no value yet
				mo.first[j] = finiteOf(column)
			}
			first := mo.first[j]
			var sum, squares float64
			for _, v := range column {
				d := float64(v) - first
				sum += d
				squares += d * d
			}
			if sum != sum {
				sum, squares = 0, 0
				for _, v := range column {
					if v != v {
						mo.missing[j]++
						continue
					}
					d := float64(v) - first
					sum += d
					squares += d * d
				}
			}
			mo.sum[j] += sum
			mo.squares[j] += squares
		}
		if work += size * 4; work > askEvery {
			work = 0
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
	}
	return mo, nil
}

// finiteOf returns the first value that is no gap, or 0.
func finiteOf(column []float32) float64 {
	for _, v := range column {
		if v == v {
			return float64(v)
		}
	}
	return 0
}

// finish sets the moments of the columns in the units of the input, and fills
// the gaps.
func (m *Matrix) finish(ctx optimize.Interrupter, mo *moments) error {
	for j, first := range mo.first {
		n := float64(m.rows - mo.missing[j])
		if n == 0 {
			return loss.BadAt(loss.BadInput, -1, j, "a column has no value at all: leave it out")
		}
		shift := mo.sum[j] / n
		variance := max(mo.squares[j]/n-shift*shift, 0) * (n / float64(m.rows)) // with gaps at the mean
		m.mean[j], m.deviation[j] = m.base[j]+m.unit[j]*(first+shift), m.unit[j]*math.Sqrt(variance)
		// Below 1e37 every stored value was a number too.
		if !(mo.squares[j] < 1e74) || !finite(m.mean[j]) || !finite(m.deviation[j]) {
			return loss.BadAt(loss.BadInput, -1, j, "a column has values too large for their variance to be a number: scale it down")
		}
		m.constant[j] = mo.squares[j] == 0
		// What is left of a difference of nearly equal squares is rounding.
		if variance <= 1e-14*mo.squares[j]/n {
			m.deviation[j] = 1
		}
	}
	m.fillGaps(mo.missing)
	return m.centre(ctx)
}

// centre stores the columns anew whose mean is many deviations from the base,
// for float32 loses digits there.
func (m *Matrix) centre(ctx optimize.Interrupter) error {
	size := kernel.Panel * kernel.Stride(m.columns)
	for j, mean := range m.mean {
		off := math.Abs(mean - m.base[j])
		if off <= 4*m.deviation[j] && (off == 0 || !m.constant[j]) {
			continue
		}
		shift, scale := (mean-m.base[j])/m.unit[j], m.unit[j]/m.deviation[j]
		for i := 0; i < m.rows; i += kernel.Panel {
			column := m.data[i/kernel.Panel*size+kernel.Panel*j:][:kernel.Panel]
			for k, v := range column[:min(kernel.Panel, m.rows-i)] {
				if column[k] = float32((float64(v) - shift) * scale); m.constant[j] {
					column[k] = 0
				}
			}
		}
		m.base[j], m.unit[j] = mean, m.deviation[j]
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}
