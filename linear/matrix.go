package linear

import (
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
// scaled, if only about: float32 then keeps the digits that tell rows apart,
// even of a year or a time stamp.
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
	if rows > 0 && columns > 0 && (len(x)/rows/columns != 1 || len(x)%rows != 0 || len(x) != rows*columns) {
		return nil, loss.Bad(loss.ShapeMismatch, "there must be rows times columns values")
	}
	b, err := NewBuilder(rows, columns, Refuse, sampleOf(x, columns))
	if err != nil {
		return nil, err
	}
	if err := b.Append(x); err != nil {
		return nil, err
	}
	return b.Matrix()
}

func newMatrix(rows, columns int) (*Matrix, error) {
	stride := kernel.Stride(columns)
	if err := checkShape(rows, columns, (float64(rows)+kernel.Panel)*float64(stride)*4); err != nil {
		return nil, err
	}
	mean := make([]float64, columns)
	return &Matrix{
		rows: rows, columns: columns, data: make([]float32, kernel.Rows(rows)*stride),
		scaler: scaler{mean: mean, origin: mean, deviation: make([]float64, columns), constant: make([]bool, columns),
			base: make([]float64, columns), unit: make([]float64, columns)},
	}, nil
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
		row[j] = float64(at[kernel.Panel*j])*m.unit[j] + m.base[j]
	}
}

// Subset implements [Data]. Gaps are gaps again, and filled from these rows.
func (m *Matrix) Subset(ctx optimize.Interrupter, rows []int32) (Data, error) {
	s, err := m.gather(ctx, rows)
	if err != nil {
		return nil, err
	}
	s.gaps.impute = m.gaps.impute
	for n, i := range rows {
		for _, j := range m.gaps.of(int(i)) {
			s.gaps.add(n, int(j))
			s.data[s.at(n)+kernel.Panel*int(j)] = gap
		}
	}
	moments, err := s.measure(ctx)
	if err != nil {
		return nil, err
	}
	return s, s.finish(ctx, moments)
}

// gather returns a matrix of the given rows as they are stored, with the
// moments of m.
func (m *Matrix) gather(ctx optimize.Interrupter, rows []int32) (*Matrix, error) {
	s, err := newMatrix(len(rows), m.columns)
	if err != nil {
		return nil, err
	}
	for j := range m.base {
		s.base[j], s.unit[j] = m.base[j], m.unit[j]
		s.mean[j], s.deviation[j], s.constant[j] = m.mean[j], m.deviation[j], m.constant[j]
	}
	work := 0
	for n, i := range rows {
		from, to := m.data[m.at(int(i)):], s.data[s.at(n):]
		for at := 0; at < kernel.Panel*m.columns; at += kernel.Panel {
			to[at] = from[at]
		}
		if work += 4 * m.columns; work > askEvery {
			work = 0
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
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

func (p *densePass) accumulate(k []float32, from, h int, z []float32, bias float32) {
	sums, x := p.partial[h*p.stride*kernel.Lanes:][:p.stride*kernel.Lanes], p.m.data[from*p.stride:]
	if n := len(k) * p.stride; len(z) == len(k) {
		kernel.AccumulateScores(sums, x[:n], k, z, x[n:][:n], p.w[h*p.stride:][:p.stride], bias)
	} else {
		kernel.Accumulate(sums, x[:n], k)
		p.scores(z, from+len(k), h, bias)
	}
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
