package linear

import (
	"math"

	"github.com/focalfit/focalfit/internal/kernel"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// Sparse holds rows most of whose values are 0, as compressed sparse rows
// (CSR), and never anything denser.
//
// Its columns are scaled but not centred, v = x/deviation, so that what is 0
// stays 0. A column without entries is not stored at all: of a text hashed
// into 2¹⁸ columns most are such, and no vector of the solver holds them.
type Sparse struct {
	rows, columns int
	csr           kernel.CSR // over the stored columns; rows that only pad are empty
	column        []int32    // of the input, for each stored column, ascending
	scaler
}

var _ Data = (*Sparse)(nil)

// NewSparse returns a sparse matrix of rows × columns: the entries of row i
// are values[k] in column indices[k] for k from indptr[i] to before
// indptr[i+1]. Columns may be in any order, but each only once in a row.
//
// A value that is not finite, and indices that do not fit, are a
// [*loss.Error] with row and column.
func NewSparse[T Float](rows, columns int, indptr, indices []int32, values []T) (*Sparse, error) {
	if len(values) != len(indices) {
		return nil, loss.Bad(loss.ShapeMismatch, "there must be as many values as indices")
	}
	return ReadSparse(always{}, rows, columns, append([]int32(nil), indptr...), append([]int32(nil), indices...), func(from, to int) ([]T, error) {
		return values[from:to], nil
	})
}

// ReadSparse returns a sparse matrix, as [NewSparse] does, of values that read
// hands out, from one to before another, valid until the next call. It keeps
// and overwrites indptr and indices.
func ReadSparse[T Float](ctx optimize.Interrupter, rows, columns int, indptr, indices []int32, read func(from, to int) ([]T, error)) (*Sparse, error) {
	if err := checkShape(rows, columns, float64(len(indices))*8+float64(columns)*8); err != nil {
		return nil, err
	}
	m := &Sparse{rows: rows, columns: columns, csr: kernel.CSR{Start: indptr, Index: indices}}
	if err := m.store(); err != nil {
		return nil, err
	}
	m.csr.Value = make([]float32, len(indices))
	row := 0
	for from := 0; from < len(indices); from += sparseChunk {
		to := min(from+sparseChunk, len(indices))
		x, err := read(from, to)
		if err != nil {
			return nil, err
		}
		for k, v := range x {
			for int(m.csr.Start[row+1]) <= from+k {
				row++
			}
			if err := checkFloat32(row, m.input(int(m.csr.Index[from+k])), float64(v)); err != nil {
				return nil, err
			}
			m.csr.Value[from+k] = float32(v)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	m.scale()
	for len(m.csr.Start) <= kernel.Rows(rows) {
		m.csr.Start = append(m.csr.Start, m.csr.Start[rows])
	}
	return m, nil
}

// sparseChunk is how many values to read at once.
const sparseChunk = 64 << 10

func checkFloat32(row, column int, v float64) error {
	if !(math.Abs(v) <= math.MaxFloat32) {
		return loss.BadAt(loss.NotFinite, row, column, "a value is NaN, infinite or beyond 3e38: leave the row out or fill the gap")
	}
	return nil
}

// lastRows checks the rows and columns of entries and returns the last row,
// from 1, that has each column, 0 for none.
func lastRows(rows, columns int, indptr, indices []int32) ([]int32, error) {
	if len(indptr) != rows+1 || indptr[0] != 0 || int(indptr[rows]) != len(indices) {
		return nil, loss.Bad(loss.ShapeMismatch, "indptr must hold rows + 1 numbers, from 0 to the number of values")
	}
	last := make([]int32, columns)
	for i := range rows {
		from, to := indptr[i], indptr[i+1]
		if to < from || int(to) > len(indices) {
			return nil, loss.BadAt(loss.ShapeMismatch, i, -1, "indptr must not fall, nor go beyond the number of values")
		}
		for _, j := range indices[from:to] {
			if j < 0 || int(j) >= columns {
				return nil, loss.BadAt(loss.ShapeMismatch, i, -1, "a column index must be from 0 to the number of columns less one")
			}
			if last[j] == int32(i+1) {
				return nil, loss.BadAt(loss.BadInput, i, int(j), "a column occurs twice in the row: add its values up")
			}
			last[j] = int32(i + 1)
		}
	}
	return last, nil
}

// store checks the rows and columns of the entries and numbers the columns
// that have any.
func (m *Sparse) store() error {
	number, err := lastRows(m.rows, m.columns, m.csr.Start, m.csr.Index) // becomes the place of each column
	if err != nil {
		return err
	}
	n := 0
	for _, last := range number {
		if last > 0 {
			n++
		}
	}
	m.column = make([]int32, 0, n)
	for j, last := range number {
		if last > 0 {
			number[j] = int32(len(m.column))
			m.column = append(m.column, int32(j))
		}
	}
	for k, j := range m.csr.Index {
		m.csr.Index[k] = number[j]
	}
	return nil
}

// scale computes the moments, zeros included, and divides by the deviation.
func (m *Sparse) scale() {
	d := len(m.column)
	m.mean, m.deviation, m.constant = make([]float64, d), make([]float64, d), make([]bool, d)
	m.unit = m.deviation
	n := float64(m.rows)
	for k, j := range m.csr.Index {
		m.mean[j] += float64(m.csr.Value[k]) / n
	}
	// The squares about the mean: an entry's own, and the mean's for each row
	// without one.
	count := make([]int32, d)
	for k, j := range m.csr.Index {
		v := float64(m.csr.Value[k]) - m.mean[j]
		m.deviation[j] += v * v
		count[j]++
	}
	for j, c := range count {
		squares := m.deviation[j] + float64(m.rows-int(c))*m.mean[j]*m.mean[j]
		m.deviation[j] = math.Sqrt(squares / n)
		if squares <= 1e-14*n*m.mean[j]*m.mean[j] {
			m.deviation[j], m.constant[j] = 1, true
		}
	}
	for k, j := range m.csr.Index {
		m.csr.Value[k] = float32(float64(m.csr.Value[k]) / m.deviation[j])
	}
}

// Rows implements [Data].
func (m *Sparse) Rows() int { return m.rows }

// Columns implements [Data].
func (m *Sparse) Columns() int { return m.columns }

// ConstantColumns implements [Data].
func (m *Sparse) ConstantColumns() []int { return constantColumns(m) }

func (m *Sparse) scaling() *scaler { return &m.scaler }
func (m *Sparse) stored() int      { return len(m.column) }
func (m *Sparse) input(j int) int  { return int(m.column[j]) }

// Subset implements [Data].
func (m *Sparse) Subset(ctx optimize.Interrupter, rows []int32) (Data, error) {
	indptr := make([]int32, 1, len(rows)+1+kernel.Panel)
	n := 0
	for _, i := range rows {
		n += int(m.csr.Start[i+1] - m.csr.Start[i])
		indptr = append(indptr, int32(n))
	}
	indices, values := make([]int32, 0, n), make([]float64, 0, n)
	for _, i := range rows {
		for k := m.csr.Start[i]; k < m.csr.Start[i+1]; k++ {
			j := m.csr.Index[k]
			indices = append(indices, m.column[j])
			values = append(values, float64(m.csr.Value[k])*m.deviation[j])
		}
	}
	return ReadSparse(ctx, len(rows), m.columns, indptr, indices, func(from, to int) ([]float64, error) { return values[from:to], nil })
}

// sparsePass is the pass over a Sparse matrix.
type sparsePass struct {
	m     *Sparse
	d     int
	w     []float32
	total []float64
	each  int
}

func (m *Sparse) newPass(heads int) pass {
	d := len(m.column)
	return &sparsePass{m: m, d: d, w: make([]float32, heads*d), total: make([]float64, heads*d), each: len(m.csr.Index)/m.rows + 1}
}

func (p *sparsePass) blockRows() int          { return kernel.BlockRows(2 * p.each) }
func (p *sparsePass) perRow() int             { return 4 * p.each } // an entry takes as long as four products
func (p *sparsePass) weights(h int) []float32 { return p.w[h*p.d:][:p.d] }
func (p *sparsePass) clear()                  { clear(p.total) }
func (p *sparsePass) sums(h int) []float64    { return p.total[h*p.d:][:p.d] }

func (p *sparsePass) scores(z []float32, from, h int, bias float32) {
	kernel.SparseScores(z, p.m.csr, from, p.weights(h), bias)
}

func (p *sparsePass) accumulate(k []float32, from, h int, z []float32, bias float32) {
	kernel.SparseAccumulate(p.sums(h), p.m.csr, from, k)
	p.scores(z, from+len(k), h, bias)
}
