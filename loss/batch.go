package loss

import "math"

// Reduction says what becomes of the losses of a batch.
type Reduction int

const (
	Mean Reduction = iota // divided by the sum of the weights of what counts
	Sum                   // added up
	None                  // left one by one, in Batch.Value
)

// Batch is what is evaluated together, and where the results go.
type Batch struct {
	// Logits lie row after row, Columns to a row. If Columns is 0, it is 1 for
	// [Binary]; for [Softmax] it is the number of classes.
	Logits  []float64
	Columns int

	// Targets are probabilities: for [Binary] one in [0, 1] for each logit; for
	// [Softmax] a row of them that adds up to 1, unless Labels is given.
	Targets []float64

	// Labels are the classes of the rows, 0 to K−1, for [Softmax].
	Labels []int

	// Ignored marks what counts nothing, in the mean neither: for [Binary] a
	// logit each, for [Softmax] a row each. Nil ignores nothing. The target of
	// what is ignored may be anything.
	Ignored []bool

	// SampleWeight holds a finite weight ≥ 0 for each row; nil weighs all 1.
	SampleWeight []float64

	Reduction Reduction

	// Value, Gradient and Curvature are overwritten where they are not nil:
	// the loss of each logit ([Binary]) or row ([Softmax]), weighted and not
	// reduced; the derivative of the reduced loss in each logit; the second
	// derivative in each logit ([Binary]) or the K × K Hessian of each row
	// ([Softmax]).
	Value, Gradient, Curvature []float64
}

func (b *Batch) columns() int { return max(b.Columns, 1) }

func (b *Batch) ignored(i int) bool { return b.Ignored != nil && b.Ignored[i] }

func (b *Batch) weight(row int) float64 {
	if b.SampleWeight == nil {
		return 1
	}
	return b.SampleWeight[row]
}

// at returns an error at logit i.
func (b *Batch) at(code Code, i int, message string) error {
	return BadAt(code, i/b.columns(), i%b.columns(), message)
}

// check checks all but the targets, for a number of elements (what Ignored and
// Value count) and of second derivatives.
func (b *Batch) check(elements, curvatures int) error {
	if b.Columns < 0 || len(b.Logits)%b.columns() != 0 {
		return Bad(ShapeMismatch, "the number of logits must be a multiple of the columns")
	}
	for i, z := range b.Logits {
		if math.IsNaN(z) || math.IsInf(z, 0) {
			return b.at(NotFinite, i, "a logit must be a finite number")
		}
	}
	rows := len(b.Logits) / b.columns()
	if b.SampleWeight != nil && len(b.SampleWeight) != rows {
		return Bad(ShapeMismatch, "there must be as many sample weights as rows")
	}
	for i, s := range b.SampleWeight {
		if !(s >= 0) || math.IsInf(s, 0) {
			return BadAt(BadInput, i, -1, "a sample weight must be a finite number ≥ 0")
		}
	}
	if b.Reduction < Mean || b.Reduction > None {
		return BadParameter("reduction", "the reduction must be none, mean or sum")
	}
	fits := func(s []float64, n int) bool { return s == nil || len(s) == n }
	if b.Ignored != nil && len(b.Ignored) != elements || !fits(b.Value, elements) ||
		!fits(b.Gradient, len(b.Logits)) || !fits(b.Curvature, curvatures) {
		return Bad(ShapeMismatch, "Ignored, Value, Gradient or Curvature has the wrong length")
	}
	return nil
}

// reduce turns sums over the batch into what Reduction asks for. A mean over
// nothing is 0.
func (b *Batch) reduce(sum, weight float64) float64 {
	if b.Reduction != Mean {
		return sum
	}
	scale := 0.0
	if weight > 0 {
		scale = 1 / weight
	}
	for _, s := range [][]float64{b.Gradient, b.Curvature} {
		for i := range s {
			s[i] *= scale
		}
	}
	return sum * scale
}

func set(s []float64, i int, v float64) {
	if s != nil {
		s[i] = v
	}
}
