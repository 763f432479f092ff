package linear

import (
	"math"

	"github.com/focalfit/focalfit/internal/kernel"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// Float is an element of the input.
type Float interface{ float32 | float64 }

// Matrix holds rows of numeric columns for training, as float32 in the panels
// of package kernel.
//
// Whatever the options of a fit are, the columns are stored centred and
// scaled, v = (x − mean)/deviation: float32 then keeps the digits that tell
// rows apart, even of a year or a time stamp. A fit without standardisation
// undoes it in its coefficients.
type Matrix struct {
	rows, columns int
	data          []float32
	mean          []float64
	deviation     []float64 // 1 for a constant column
	constant      []bool
}

// NewMatrix returns a matrix of the values of x, rows × columns one row after
// the other. A value that is not finite is an [loss.Error] with its row and
// column.
func NewMatrix[T Float](rows, columns int, x []T) (*Matrix, error) {
	if rows > 0 && columns > 0 && len(x)/rows/columns == 1 && len(x)%rows == 0 && len(x) == rows*columns {
		return ReadMatrix(always{}, rows, columns, func(from, to int) ([]T, error) {
			return x[from*columns : to*columns], nil
		})
	}
	if rows < 1 || columns < 1 {
		return nil, loss.Bad(loss.ShapeMismatch, "there must be at least one row and one column")
	}
	return nil, loss.Bad(loss.ShapeMismatch, "there must be rows times columns values")
}

// always goes on.
type always struct{}

func (always) Err() error { return nil }

// maxBytes is what a matrix may occupy: WebAssembly has 4 GiB in all.
const maxBytes = 3 << 30

// ReadMatrix returns a matrix of rows that read hands out, from a row to
// before another, one row after the other, valid until the next call. Every
// row is read twice: for the moments of the columns, and to be stored.
func ReadMatrix[T Float](ctx optimize.Interrupter, rows, columns int, read func(from, to int) ([]T, error)) (*Matrix, error) {
	if rows < 1 || columns < 1 {
		return nil, loss.Bad(loss.ShapeMismatch, "there must be at least one row and one column")
	}
	stride := kernel.Stride(columns)
	if float64(rows+kernel.Panel)*float64(stride)*4 > maxBytes {
		return nil, loss.Bad(loss.OutOfMemory, "the data is larger than the 3 GiB that fit in WebAssembly's memory: use fewer rows or columns")
	}
	m := &Matrix{
		rows: rows, columns: columns, data: make([]float32, kernel.Rows(rows)*stride),
		mean: make([]float64, columns), deviation: make([]float64, columns), constant: make([]bool, columns),
	}
	moments := newMoments(columns)
	inverse := make([]float64, columns)
	for _, store := range []bool{false, true} {
		for from := 0; from < rows; {
			to := min(from+chunkRows(columns), rows)
			x, err := read(from, to)
			if err != nil {
				return nil, err
			}
			if store {
				encode(m, x, from, inverse)
			} else if err := add(moments, x, from); err != nil {
				return nil, err
			}
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			from = to
		}
		if !store {
			if err := moments.finish(m); err != nil {
				return nil, err
			}
			for j, s := range m.deviation {
				inverse[j] = 1 / s
			}
		}
	}
	return m, nil
}

// chunkRows is how many rows to read at once: whole panels of about 64 thousand
// values.
func chunkRows(columns int) int {
	return max((64<<10)/columns&^(kernel.Panel-1), kernel.Panel)
}

// Rows returns the number of rows.
func (m *Matrix) Rows() int { return m.rows }

// Columns returns the number of columns.
func (m *Matrix) Columns() int { return m.columns }

// ConstantColumns returns the indices of the columns that have one value.
func (m *Matrix) ConstantColumns() []int {
	columns := []int{}
	for j, c := range m.constant {
		if c {
			columns = append(columns, j)
		}
	}
	return columns
}

// moments gathers the sums of the differences to the first row and of their
// squares: of a constant column they are exactly 0.
type moments struct {
	n                   int
	first, sum, squares []float64
}

func newMoments(columns int) *moments {
	return &moments{first: make([]float64, columns), sum: make([]float64, columns), squares: make([]float64, columns)}
}

// add adds rows of x, the first of which is row from.
func add[T Float](m *moments, x []T, from int) error {
	columns := len(m.first)
	if m.n == 0 {
		for j := range m.first {
			m.first[j] = float64(x[j])
		}
	}
	for i := 0; i < len(x); i += columns {
		row := x[i:][:columns]
		j := 0
		for ; j+4 <= columns; j += 4 { // four at once: a bounds check for each array, not each element
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
	m.n += len(x) / columns
	check := 0.0
	for _, s := range m.sum {
		check += s * 0
	}
	if check != 0 { // NaN: something is NaN or infinite
		for i, v := range x {
			if v := float64(v); math.IsNaN(v) || math.IsInf(v, 0) {
				return loss.BadAt(loss.NotFinite, from+i/columns, i%columns, "a value is NaN or infinite: leave the row out or fill the gap")
			}
		}
	}
	return nil
}

func (m *moments) finish(to *Matrix) error {
	n := float64(m.n)
	for j := range m.first {
		shift := m.sum[j] / n
		variance := max(m.squares[j]/n-shift*shift, 0)
		to.mean[j], to.deviation[j] = m.first[j]+shift, math.Sqrt(variance)
		if math.IsInf(to.deviation[j], 0) || math.IsNaN(to.deviation[j]) {
			return loss.BadAt(loss.BadInput, -1, j, "a column has values too large for their variance to be a number: scale it down")
		}
		// What is left of a difference of nearly equal squares is rounding.
		if m.squares[j] == 0 || variance <= 1e-14*m.squares[j]/n {
			to.mean[j], to.deviation[j], to.constant[j] = m.first[j]+shift, 1, m.squares[j] == 0
		}
	}
	return nil
}

// encode stores rows of x, the first of which is row from.
func encode[T Float](m *Matrix, x []T, from int, inverse []float64) {
	columns := m.columns
	size := kernel.Panel * kernel.Stride(columns)
	mean, inverse := m.mean[:columns], inverse[:columns]
	for i := 0; i < len(x)/columns; i++ {
		row := x[i*columns:][:columns]
		r := from + i
		at := m.data[r/kernel.Panel*size+r%kernel.Panel:]
		j := 0
		for ; j+4 <= columns; j += 4 {
			v, to := (*[4]T)(row[j:]), (*[3*kernel.Panel + 1]float32)(at[kernel.Panel*j:])
			mean, inverse := (*[4]float64)(mean[j:]), (*[4]float64)(inverse[j:])
			to[0] = float32((float64(v[0]) - mean[0]) * inverse[0])
			to[kernel.Panel] = float32((float64(v[1]) - mean[1]) * inverse[1])
			to[2*kernel.Panel] = float32((float64(v[2]) - mean[2]) * inverse[2])
			to[3*kernel.Panel] = float32((float64(v[3]) - mean[3]) * inverse[3])
		}
		for ; j < columns; j++ {
			at[kernel.Panel*j] = float32((float64(row[j]) - mean[j]) * inverse[j])
		}
	}
}
