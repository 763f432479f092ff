package linear

import (
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// Data is what can be fitted to: a dense [Matrix] or a [Sparse] one.
type Data interface {
	// Rows returns the number of rows.
	Rows() int

	// Columns returns the number of columns.
	Columns() int

	// ConstantColumns returns the indices of the columns that have one value,
	// of a sparse matrix those that have entries.
	ConstantColumns() []int

	// Subset returns the given rows, each once, in the given order, as data of its own:
	// mean, deviation and filled gaps are those of these rows alone.
	Subset(ctx optimize.Interrupter, rows []int32) (Data, error)

	scaling() *scaler
	newPass(heads int) pass

	// stored returns how many columns are stored, and input the column of the
	// input that one of them is.
	stored() int
	input(j int) int

	// logits sets z to those of the given rows.
	logits(ctx optimize.Interrupter, p *Predictor, z []float64, rows []int32) error
}

// scaler is what is known of the stored columns: the moments of the rows' x, by
// which x̃ = (x − origin)/deviation is standardised, and what is stored of it,
// v = (x − base)/unit.
type scaler struct {
	mean      []float64
	deviation []float64 // 1 for a constant column
	origin    []float64 // the mean; nil in a sparse matrix, which centring would fill
	constant  []bool

	base []float64 // nil in a sparse matrix
	unit []float64
}

func (s *scaler) originOf(j int) float64 {
	if s.origin == nil {
		return 0
	}
	return s.origin[j]
}

func (s *scaler) baseOf(j int) float64 {
	if s.base == nil {
		return 0
	}
	return s.base[j]
}

// pass goes over the rows of a matrix, block after block, with weights for
// each head.
type pass interface {
	// blockRows is the number of rows to treat as one block, perRow about how
	// many products a row takes.
	blockRows() int
	perRow() int

	// weights are those of the stored columns of head h, to be set.
	weights(h int) []float32

	// scores sets z to the scores of the rows from row from on.
	scores(z []float32, from, h int, bias float32)

	// accumulate adds k times the rows from row from on to the sums of head h, and
	// sets z to the scores of the rows after these; clear sets all sums to 0, and
	// sums returns them.
	accumulate(k []float32, from, h int, z []float32, bias float32)
	clear()
	sums(h int) []float64
}

// maxBytes is what a matrix may occupy: WebAssembly has 4 GiB in all.
const maxBytes = 3 << 30

func checkShape(rows, columns int, bytes float64) error {
	if rows < 1 || columns < 1 {
		return loss.Bad(loss.ShapeMismatch, "there must be at least one row and one column")
	}
	if bytes > maxBytes {
		return loss.Bad(loss.OutOfMemory, "the data is larger than the 3 GiB that fit in WebAssembly's memory: use fewer rows or columns")
	}
	return nil
}

// always goes on.
type always struct{}

func (always) Err() error { return nil }

func constantColumns(x Data) []int {
	columns := []int{}
	for j, c := range x.scaling().constant {
		if c {
			columns = append(columns, x.input(j))
		}
	}
	return columns
}
