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
	scaler
	gaps gaps
}

var _ Data = (*Matrix)(nil)

// NewMatrix returns a matrix of the values of x, rows × columns one row after
// the other. A value that is not finite is a [*loss.Error] with its row and
// column.
func NewMatrix[T Float](rows, columns int, x []T) (*Matrix, error) {
	if rows > 0 && columns > 0 && len(x)/rows/columns == 1 && len(x)%rows == 0 && len(x) == rows*columns {
		return ReadMatrix(always{}, rows, columns, Refuse, func(from, to int) ([]T, error) {
			return x[from*columns : to*columns], nil
		})
	}
	if err := checkShape(rows, columns, 0); err != nil {
		return nil, err
	}
	return nil, loss.Bad(loss.ShapeMismatch, "there must be rows times columns values")
}

// ReadMatrix returns a matrix of rows that read hands out, from a row to
// before another, one row after the other, valid until the next call. Every
// row is read twice: for the moments of the columns, and to be stored.
//
// Unless impute refuses gaps, a value that is not finite is one and is filled:
// see [Impute].
func ReadMatrix[T Float](ctx optimize.Interrupter, rows, columns int, impute Impute, read func(from, to int) ([]T, error)) (*Matrix, error) {
	stride := kernel.Stride(columns)
	if err := checkShape(rows, columns, float64(rows+kernel.Panel)*float64(stride)*4); err != nil {
		return nil, err
	}
	m := newMatrix(rows, columns)
	m.gaps.impute = impute
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
			} else if err := add(moments, &m.gaps, x, from); err != nil {
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
	m.fillGaps()
	return m, nil
}

func newMatrix(rows, columns int) *Matrix {
	mean := make([]float64, columns)
	return &Matrix{
		rows: rows, columns: columns, data: make([]float32, kernel.Rows(rows)*kernel.Stride(columns)),
		scaler: scaler{mean: mean, origin: mean, deviation: make([]float64, columns), constant: make([]bool, columns)},
	}
}

// chunkRows is how many rows to read at once: whole panels of about 64 thousand
// values.
func chunkRows(columns int) int {
	return max((64<<10)/columns&^(kernel.Panel-1), kernel.Panel)
}

// Rows implements [Data].
func (m *Matrix) Rows() int { return m.rows }

// Columns implements [Data].
func (m *Matrix) Columns() int { return m.columns }

// ConstantColumns implements [Data].
func (m *Matrix) ConstantColumns() []int { return constantColumns(m) }

func (m *Matrix) scaling() *scaler { return &m.scaler }
func (m *Matrix) stored() int      { return m.columns }
func (m *Matrix) input(j int) int  { return j }

// at returns where the first value of row i is; that of column j is
// kernel.Panel·j further on.
func (m *Matrix) at(i int) int {
	return i/kernel.Panel*kernel.Panel*kernel.Stride(m.columns) + i%kernel.Panel
}

// decode writes row i in the units of the input.
func (m *Matrix) decode(row []float64, i int) {
	at := m.data[m.at(i):]
	for j := range row {
		row[j] = float64(at[kernel.Panel*j])*m.deviation[j] + m.mean[j]
	}
}

// Subset implements [Data]. Gaps are gaps again, and filled from these rows.
func (m *Matrix) Subset(ctx optimize.Interrupter, rows []int32) (Data, error) {
	var chunk []float64
	return ReadMatrix(ctx, len(rows), m.columns, m.gaps.impute, func(from, to int) ([]float64, error) {
		chunk = chunk[:0]
		for _, i := range rows[from:to] {
			n := len(chunk)
			chunk = append(chunk, m.mean...) // room for a row
			m.decode(chunk[n:], int(i))
			for _, j := range m.gaps.of(int(i)) {
				chunk[n+int(j)] = math.NaN()
			}
		}
		return chunk, nil
	})
}

// encode stores rows of x, the first of which is row from.
func encode[T Float](m *Matrix, x []T, from int, inverse []float64) {
	columns := m.columns
	mean, inverse := m.mean[:columns], inverse[:columns]
	for i := 0; i < len(x)/columns; i++ {
		row := x[i*columns:][:columns]
		at := m.data[m.at(from+i):]
		j := 0
		for ; j+4 <= columns; j += 4 { // four at once: a bounds check for each array, not each element
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

// densePass is the pass over a Matrix.
type densePass struct {
	m       *Matrix
	stride  int
	w       []float32
	partial []float32
	total   []float64
	folded  int // rows since the last fold
}

func (m *Matrix) newPass(heads int) pass {
	n := heads * kernel.Stride(m.columns)
	return &densePass{m: m, stride: kernel.Stride(m.columns), w: make([]float32, n),
		partial: make([]float32, n*kernel.Lanes), total: make([]float64, n)}
}

// foldRows is after how many rows the float32 sums go into the float64 ones:
// each of a column's four then adds up at most 1024 products.
const foldRows = 4096

func (p *densePass) blockRows() int          { return kernel.BlockRows(p.stride) }
func (p *densePass) perRow() int             { return p.stride }
func (p *densePass) weights(h int) []float32 { return p.w[h*p.stride:][:p.m.columns] }

func (p *densePass) scores(z []float32, from, h int, bias float32) {
	kernel.Scores(z, p.m.data[from*p.stride:][:len(z)*p.stride], p.w[h*p.stride:][:p.stride], bias)
}

func (p *densePass) accumulate(k []float32, from, h int) {
	kernel.Accumulate(p.partial[h*p.stride*kernel.Lanes:][:p.stride*kernel.Lanes], p.m.data[from*p.stride:][:len(k)*p.stride], k)
	if h == 0 {
		p.folded += len(k)
	}
	if p.folded >= foldRows && (h+1)*p.stride == len(p.w) {
		p.fold()
	}
}

func (p *densePass) fold() {
	kernel.Fold(p.total, p.partial)
	p.folded = 0
}

func (p *densePass) clear() {
	clear(p.total)
	clear(p.partial)
	p.folded = 0
}

func (p *densePass) sums(h int) []float64 {
	if p.folded > 0 {
		p.fold()
	}
	return p.total[h*p.stride:][:p.m.columns]
}
