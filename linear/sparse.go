package linear

import (
	"math"

	"github.com/focalfit/focalfit/internal/kernel"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// Sparse holds rows most of whose values are 0: the entries that are not, and
// never anything denser.
//
// Its columns are scaled but not centred, v = x/deviation, so that what is 0
// stays 0. A column without entries is not stored at all: of a text hashed
// into 2¹⁸ columns most are such, and no vector of the solver holds them.
type Sparse struct {
	rows, columns int
	each          int             // entries of a row, about
	height        int             // rows of a band
	bands         [][]kernel.Tile // of each band of rows its tiles, from the first column to the last
	column        []int32         // of the input, for each stored column, ascending
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
// hands out, from one to before another, valid until the next call. It
// overwrites indptr and indices.
func ReadSparse[T Float](ctx optimize.Interrupter, rows, columns int, indptr, indices []int32, read func(from, to int) ([]T, error)) (*Sparse, error) {
	if err := checkShape(rows, columns, float64(len(indices))*12+float64(columns)*8); err != nil {
		return nil, err
	}
	m := &Sparse{rows: rows, columns: columns, each: len(indices)/rows + 1}
	if err := m.number(indptr, indices); err != nil {
		return nil, err
	}
	m.height = min(max(bandEntries/m.each&^(kernel.Panel-1), kernel.Panel), kernel.TileRows)
	places := make([]int32, len(m.column)) // of the next entry of each column in its tile
	row := 0
	for from := 0; from < len(indices); from += sparseChunk {
		to := min(from+sparseChunk, len(indices))
		x, err := read(from, to)
		if err != nil {
			return nil, err
		}
		for k, v := range x {
			for int(indptr[row+1]) <= from+k {
				row++
			}
			j := int(indices[from+k])
			if err := checkFloat32(row, m.input(j), float64(v)); err != nil {
				return nil, err
			}
			for row/m.height >= len(m.bands) {
				m.addBand(indptr, indices, places)
			}
			m.bands[row/m.height][j/kernel.TileColumns].Put(int(places[j]), row%m.height, float32(v))
			places[j]++
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	for len(m.bands)*m.height < kernel.Rows(rows) {
		m.addBand(indptr, indices, places)
	}
	m.scale()
	return m, nil
}

// bandEntries is about how many entries a band of rows has, that a pass may look
// at the context in between.
const bandEntries = 1 << 20

// addBand adds the tiles of the next rows, and sets places to where the entries
// of each column begin.
func (m *Sparse) addBand(indptr, indices, places []int32) {
	from := len(m.bands) * m.height
	to := min(from+m.height, m.rows)
	clear(places)
	for _, j := range indices[indptr[min(from, to)]:indptr[to]] {
		places[j]++
	}
	tiles := []kernel.Tile{}
	for first := 0; first < len(places); first += kernel.TileColumns {
		counts := places[first:min(first+kernel.TileColumns, len(places))]
		tiles = append(tiles, *kernel.NewTile(counts))
		sum := int32(0)
		for j, n := range counts {
			counts[j] = sum
			sum += n
		}
	}
	m.bands = append(m.bands, tiles)
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

// number checks the rows and columns of the entries, numbers the columns that
// have any, and makes indices those numbers.
func (m *Sparse) number(indptr, indices []int32) error {
	number, err := lastRows(m.rows, m.columns, indptr, indices) // becomes the number of each column
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
	for k, j := range indices {
		indices[k] = number[j]
	}
	return nil
}

// entries calls f with every entry, band by band.
func (m *Sparse) entries(f func(row, j int, value *float32)) {
	for band, tiles := range m.bands {
		for n := range tiles {
			tiles[n].Each(func(row, column int, value *float32) {
				f(band*m.height+row, n*kernel.TileColumns+column, value)
			})
		}
	}
}

// scale computes the moments, zeros included, and divides by the deviation.
func (m *Sparse) scale() {
	d := len(m.column)
	m.mean, m.deviation, m.constant = make([]float64, d), make([]float64, d), make([]bool, d)
	m.unit = m.deviation
	n := float64(m.rows)
	m.entries(func(_, j int, value *float32) { m.mean[j] += float64(*value) / n })
	// The squares about the mean: an entry's own, and the mean's for each row
	// without one.
	count := make([]int32, d)
	m.entries(func(_, j int, value *float32) {
		v := float64(*value) - m.mean[j]
		m.deviation[j] += v * v
		count[j]++
	})
	for j, c := range count {
		squares := m.deviation[j] + float64(m.rows-int(c))*m.mean[j]*m.mean[j]
		m.deviation[j] = math.Sqrt(squares / n)
		if squares <= 1e-14*n*m.mean[j]*m.mean[j] {
			m.deviation[j], m.constant[j] = 1, true
		}
	}
	m.entries(func(_, j int, value *float32) { *value = float32(float64(*value) / m.deviation[j]) })
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
	to := m.places(rows)
	indptr := make([]int32, len(rows)+1, len(rows)+1+kernel.Panel)
	m.entries(func(row, _ int, _ *float32) {
		if i := to[row]; i >= 0 {
			indptr[i+1]++
		}
	})
	for i := range rows {
		indptr[i+1] += indptr[i]
	}
	next := append([]int32(nil), indptr...)
	indices, values := make([]int32, indptr[len(rows)]), make([]float64, indptr[len(rows)])
	m.entries(func(row, j int, value *float32) {
		if i := to[row]; i >= 0 {
			indices[next[i]], values[next[i]] = m.column[j], float64(*value)*m.unit[j]
			next[i]++
		}
	})
	return ReadSparse(ctx, len(rows), m.columns, indptr, indices, func(from, to int) ([]float64, error) { return values[from:to], nil })
}

// places returns where each row is in rows, −1 for nowhere.
func (m *Sparse) places(rows []int32) []int32 {
	places := make([]int32, m.rows)
	for i := range places {
		places[i] = -1
	}
	for n, i := range rows {
		places[i] = int32(n)
	}
	return places
}

// sparsePass is the pass over a Sparse matrix.
type sparsePass struct {
	m     *Sparse
	d     int
	w     []float32
	total []float64
	room  *kernel.SparseSums
}

func (m *Sparse) newPass(heads int) pass {
	d := len(m.column)
	return &sparsePass{m: m, d: d, w: make([]float32, heads*d), total: make([]float64, heads*d), room: new(kernel.SparseSums)}
}

func (p *sparsePass) blockRows() int          { return p.m.height }
func (p *sparsePass) perRow() int             { return 4 * p.m.each } // an entry takes as long as four products
func (p *sparsePass) weights(h int) []float32 { return p.w[h*p.d:][:p.d] }
func (p *sparsePass) clear()                  { clear(p.total) }
func (p *sparsePass) sums(h int) []float64    { return p.total[h*p.d:][:p.d] }

func (p *sparsePass) scores(z []float32, from, h int, bias float32) {
	if len(z) == 0 {
		return
	}
	for i := range z {
		z[i] = bias
	}
	w, tiles := p.weights(h), p.m.bands[from/p.m.height]
	for n := range tiles {
		kernel.SparseScores(z, &tiles[n], w[n*kernel.TileColumns:])
	}
}

func (p *sparsePass) accumulate(k []float32, from, h int, z []float32, bias float32) {
	sums, tiles := p.sums(h), p.m.bands[from/p.m.height]
	for n := range tiles {
		kernel.SparseAccumulate(sums[n*kernel.TileColumns:], &tiles[n], k, p.room)
	}
	p.scores(z, from+len(k), h, bias)
}
