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

// gap is what is stored of one until it is filled.
var gap = float32(math.NaN())

// fillGaps fills the gaps of a matrix whose moments take them for the mean.
// missing is how many of each column there are.
func (m *Matrix) fillGaps(missing []int) {
	g := &m.gaps
	if g.impute == Refuse {
		return
	}
	g.values = append([]float64(nil), m.mean...)
	if g.impute == Median {
		for j, n := range missing {
			m.fillMedian(j, n)
		}
	}
	m.fill(g.values)
}

// fill stores values, one of each column, in the gaps.
func (m *Matrix) fill(values []float64) {
	for k, i := range m.gaps.rows {
		j := int(m.gaps.columns[k])
		m.data[m.at(int(i))+kernel.Panel*j] = float32((values[j] - m.base[j]) / m.unit[j])
	}
}

// filledAs returns the matrix with its gaps filled as those of t are.
func (m *Matrix) filledAs(t *Matrix) *Matrix {
	filled := *m
	filled.data = append([]float32(nil), m.data...)
	filled.fill(t.gaps.values)
	filled.gaps = gaps{}
	return &filled
}

// fillMedian makes the median of column j its filling, and the moments those of
// the filled column.
func (m *Matrix) fillMedian(j, missing int) {
	present := make([]float32, 0, m.rows-missing)
	for i := range m.rows {
		if v := m.data[m.at(i)+kernel.Panel*j]; v == v {
			present = append(present, v)
		}
	}
	n := len(present)
	middle := (float64(smallest(present, (n-1)/2)) + float64(smallest(present, n/2))) / 2
	m.gaps.values[j] = m.base[j] + m.unit[j]*middle
	if missing == 0 || m.constant[j] {
		return
	}
	share, off := float64(missing)/float64(m.rows), m.gaps.values[j]-m.mean[j]
	m.mean[j] += share * off
	m.deviation[j] = math.Sqrt(m.deviation[j]*m.deviation[j] + share*(1-share)*off*off)
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
