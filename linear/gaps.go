package linear

import (
	"math"
	"sort"

	"github.com/focalfit/focalfit/internal/kernel"
)

// Impute says what becomes of a gap in the data, a value that is NaN or
// infinite.
type Impute int

const (
	Refuse Impute = iota // it is an error
	Mean                 // the mean of the column's other values
	Median               // their median, of two in the middle the mean
)

// gaps are the cells of a matrix that had no value.
type gaps struct {
	impute        Impute
	rows, columns []int32 // of each gap, by row and then by column
	values        []float64
}

func (g *gaps) add(row, column int) {
	g.rows, g.columns = append(g.rows, int32(row)), append(g.columns, int32(column))
}

// of returns the columns in which a row has gaps.
func (g *gaps) of(row int) []int32 {
	from := sort.Search(len(g.rows), func(k int) bool { return g.rows[k] >= int32(row) })
	to := from
	for to < len(g.rows) && g.rows[to] == int32(row) {
		to++
	}
	return g.columns[from:to]
}

// Impute returns the rule for gaps that the matrix was read with.
func (m *Matrix) Impute() Impute { return m.gaps.impute }

// Fill returns what a gap of each column is filled with, nil where gaps are
// refused.
func (m *Matrix) Fill() []float64 { return m.gaps.values }

// Gaps returns how many values of each column were missing.
func (m *Matrix) Gaps() []int {
	counts := make([]int, m.columns)
	for _, j := range m.gaps.columns {
		counts[j]++
	}
	return counts
}

// fillGaps fills the gaps of a matrix whose scaler takes them for the mean.
func (m *Matrix) fillGaps() {
	g := &m.gaps
	if g.impute == Refuse {
		return
	}
	g.values = append([]float64(nil), m.mean...)
	for k, i := range g.rows {
		m.data[m.at(int(i))+kernel.Panel*int(g.columns[k])] = 0
	}
	if g.impute == Mean {
		return
	}
	// The gaps column by column.
	end, by := m.Gaps(), make([]int32, len(g.rows))
	for j := 1; j < len(end); j++ {
		end[j] += end[j-1]
	}
	for k := len(g.rows) - 1; k >= 0; k-- {
		j := g.columns[k]
		end[j]--
		by[end[j]] = g.rows[k]
	}
	gap := make([]bool, m.rows)
	for j, from := range end {
		to := len(by)
		if j+1 < len(end) {
			to = end[j+1]
		}
		for _, i := range by[from:to] {
			gap[i] = true
		}
		m.fillColumn(j, to-from, gap)
		for _, i := range by[from:to] {
			gap[i] = false
		}
	}
}

// fillColumn fills the gaps of column j with its median and scales it anew.
func (m *Matrix) fillColumn(j, missing int, gap []bool) {
	present := make([]float32, 0, m.rows-missing)
	for i := range m.rows {
		if !gap[i] {
			present = append(present, m.data[m.at(i)+kernel.Panel*j])
		}
	}
	n := len(present)
	middle := (float64(smallest(present, (n-1)/2)) + float64(smallest(present, n/2))) / 2
	mean, deviation := m.mean[j], m.deviation[j]
	m.gaps.values[j] = mean + middle*deviation
	if missing == 0 || middle == 0 {
		return
	}
	// With the gaps at 0 the stored column has mean 0 and variance 1.
	share := float64(missing) / float64(m.rows)
	shift := share * middle
	scale := math.Sqrt(1 + share*(1-share)*middle*middle)
	for i := range m.rows {
		at := m.at(i) + kernel.Panel*j
		v := middle
		if !gap[i] {
			v = float64(m.data[at])
		}
		m.data[at] = float32((v - shift) / scale)
	}
	m.mean[j], m.deviation[j] = mean+shift*deviation, deviation*scale
}

// smallest returns the value that sorting would put at place k, and moves the
// others about (Hoare 1961).
func smallest(v []float32, k int) float32 {
	for low, high := 0, len(v)-1; low < high; {
		pivot := v[low+(high-low)/2]
		i, j := low, high
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return v[k]
		}
	}
	return v[k]
}
