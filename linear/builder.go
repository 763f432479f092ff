package linear

import (
	"math"

	"github.com/focalfit/focalfit/internal/kernel"
	"github.com/focalfit/focalfit/loss"
)

// Builder makes a [Matrix] of rows that come in parts, each of which it reads
// once: columns are stored centred and scaled by a sample of them, and the true
// moments are known at the end.
type Builder[T Float] struct {
	m   *Matrix
	row int // how many there are

	inverse                 []float64
	base32, inverse32       []float32
	sums32                  []float32 // and squares
	moments                 *moments
	savedSums, savedSquares []float64
	unsampled               []bool // columns without a value so far, in the sample either
	unknown                 int    // how many these are
}

// NewBuilder returns one for rows × columns. Unless impute refuses gaps, a value
// that is not finite is one and is filled: see [Impute].
//
// sample is some of the rows, one after the other, best a few hundred from all
// over. It says only how the columns are stored: the further its means are from
// those of all rows, in deviations, the more digits float32 loses, from ten on or
// so to be felt.
func NewBuilder[T Float](rows, columns int, impute Impute, sample []T) (*Builder[T], error) {
	m, err := newMatrix(rows, columns)
	if err != nil {
		return nil, err
	}
	m.gaps.impute = impute
	b := &Builder[T]{m: m, inverse: make([]float64, columns), base32: make([]float32, columns), inverse32: make([]float32, columns),
		sums32: make([]float32, 2*columns), moments: newMoments(columns),
		savedSums: make([]float64, columns), savedSquares: make([]float64, columns), unsampled: make([]bool, columns)}
	for j := range columns {
		b.scale(j, sample)
	}
	return b, nil
}

// scale chooses how column j is stored: less the sample's mean, which of equal
// values is exactly that, over its deviation.
func (b *Builder[T]) scale(j int, sample []T) {
	var first, sum, squares, n float64
	for i := j; i < len(sample); i += b.m.columns {
		v := float64(sample[i])
		if !finite(v) {
			continue
		}
		if n == 0 {
			first = v
		}
		n++
		sum += v - first
		squares += (v - first) * (v - first)
	}
	if n == 0 {
		b.unsampled[j] = true
		b.unknown++
	}
	mean, deviation := 0.0, 0.0
	if n > 0 {
		mean = sum / n
		deviation = math.Sqrt(max(squares/n-mean*mean, 0))
		mean += first
	}
	if !(deviation > 1e-37 && deviation < 1e37) {
		deviation = 1
	}
	b.setBase(j, mean)
	b.inverse32[j] = float32(1 / deviation)
	b.inverse[j] = float64(b.inverse32[j])
	b.m.unit[j] = 1 / b.inverse[j]
}

func (b *Builder[T]) setBase(j int, base float64) {
	if !finite(base) {
		base = 0
	}
	b.m.base[j], b.base32[j] = float64(T(base)), float32(base)
}

func finite(v float64) bool { return v-v == 0 }

// foldEvery is how many rows of float32 are summed up in float32.
const foldEvery = 4 * kernel.Panel

// Append adds the next rows of x, one after the other. A value that is not
// finite is a [*loss.Error] with its row and column if gaps are refused.
func (b *Builder[T]) Append(x []T) error {
	columns := b.m.columns
	if len(x)%columns != 0 || b.row+len(x)/columns > b.m.rows {
		return loss.Bad(loss.ShapeMismatch, "there must be rows times columns values")
	}
	if b.unknown > 0 || !b.appendWithoutGaps(x) {
		if err := b.appendWithGaps(x); err != nil {
			return err
		}
	}
	b.row += len(x) / columns
	return nil
}

// appendWithoutGaps reports whether it could: a value that is not finite, or too
// large for the sums, leaves these as they were.
func (b *Builder[T]) appendWithoutGaps(x []T) bool {
	copy(b.savedSums, b.moments.sum)
	copy(b.savedSquares, b.moments.squares)
	packed := 0
	if narrow, ok := any(x).([]float32); ok && b.row%kernel.Panel == 0 {
		packed = b.pack(narrow)
	}
	b.encode(x[packed*b.m.columns:], b.row+packed)
	check := 0.0
	for _, s := range b.moments.squares {
		check += s * 0
	}
	if check == 0 {
		return true
	}
	copy(b.moments.sum, b.savedSums)
	copy(b.moments.squares, b.savedSquares)
	return false
}

// pack stores all whole panels of x and returns how many rows these are.
func (b *Builder[T]) pack(x []float32) int {
	columns, stride := b.m.columns, kernel.Stride(b.m.columns)
	sum, squares := b.sums32[:columns], b.sums32[columns:]
	rows := len(x) / columns &^ (kernel.Panel - 1)
	for from := 0; from < rows; from += foldEvery {
		n := min(foldEvery, rows-from)
		clear(b.sums32)
		kernel.Pack(b.m.data[(b.row+from)*stride:][:n*stride], x[from*columns:][:n*columns], b.base32, b.inverse32, sum, squares)
		for j, s := range sum {
			b.moments.sum[j] += float64(s)
			b.moments.squares[j] += float64(squares[j])
		}
	}
	return rows
}

// encode stores rows of x from row from on.
func (b *Builder[T]) encode(x []T, from int) {
	columns := b.m.columns
	base, inverse := b.m.base[:columns], b.inverse[:columns]
	sum, squares := b.moments.sum[:columns], b.moments.squares[:columns]
	for i := 0; i < len(x)/columns; i++ {
		row, to := x[i*columns:][:columns], b.m.data[b.m.at(from+i):]
		for j, v := range row {
			s := (float64(v) - base[j]) * inverse[j]
			sum[j] += s
			squares[j] += s * s
			to[kernel.Panel*j] = float32(s)
		}
	}
}

// appendWithGaps looks at every value.
func (b *Builder[T]) appendWithGaps(x []T) error {
	m, columns := b.m, b.m.columns
	for k, value := range x {
		v, i, j := float64(value), b.row+k/columns, k%columns
		at := m.at(i) + kernel.Panel*j
		if !finite(v) {
			if m.gaps.impute == Refuse {
				return loss.BadAt(loss.NotFinite, i, j, "a value is NaN or infinite: leave the row out or fill the gap")
			}
			m.gaps.add(i, j)
			b.moments.missing[j]++
			m.data[at] = gap
			continue
		}
		if b.unsampled[j] { // its first value
			b.unsampled[j] = false
			b.unknown--
			b.setBase(j, v)
		}
		s := (v - m.base[j]) * b.inverse[j]
		b.moments.sum[j] += s
		b.moments.squares[j] += s * s
		m.data[at] = float32(s)
	}
	return nil
}

// Matrix returns the matrix once all rows are there.
func (b *Builder[T]) Matrix() (*Matrix, error) {
	if b.row != b.m.rows {
		return nil, loss.Bad(loss.ShapeMismatch, "there must be rows times columns values")
	}
	return b.m, b.m.finish(always{}, b.moments)
}

// sampleOf returns some rows of x, from all over.
func sampleOf[T Float](x []T, columns int) []T {
	const rows = 256
	if columns < 1 || len(x) <= 2*rows*columns {
		return x
	}
	n := len(x) / columns
	r := random{}
	sample := make([]T, 0, rows*columns)
	for k := range rows {
		// Anywhere in the k-th part, so that no period of the rows is met.
		i := k*n/rows + r.below(n/rows)
		sample = append(sample, x[i*columns:][:columns]...)
	}
	return sample
}
