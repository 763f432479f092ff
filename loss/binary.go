package loss

import (
	"math"

	"github.com/focalfit/focalfit/internal/kernel"
)

// Binary is the focal loss of one logit z, p = σ(z) being the probability of
// the positive class. With several labels per row each has its own logit.
//
// A target y in [0, 1] between the labels is a probability, and the loss is
// what is expected of it: y·L(z, 1) + (1−y)·L(z, 0).
type Binary struct {
	Negative, Positive Class
}

// NewBinary returns the focal loss with the same γ and weight 1 for both
// classes.
func NewBinary(gamma float64) Binary { return Binary{Class{gamma, 1}, Class{gamma, 1}} }

// Validate returns an [Error] if a parameter is out of its range.
func (l Binary) Validate() error { return validate([]Class{l.Negative, l.Positive}) }

func validate(classes []Class) error {
	for _, c := range classes {
		if !(c.Gamma >= 0) || math.IsInf(c.Gamma, 0) {
			return BadParameter("gamma", "gamma must be a finite number ≥ 0")
		}
		if !(c.Weight > 0) || math.IsInf(c.Weight, 0) {
			return BadParameter("weight", "a class weight must be a finite number > 0")
		}
	}
	return nil
}

// Point returns the loss at logit z and target y in [0, 1], with its first and
// second derivative in z.
func (l Binary) Point(z, y float64) (value, gradient, curvature float64) {
	if y > 0 {
		f, f1, f2 := Margin(z, l.Positive.Gamma)
		a := y * l.Positive.Weight
		value, gradient, curvature = a*f, a*f1, a*f2
	}
	if y < 1 {
		f, f1, f2 := Margin(-z, l.Negative.Gamma)
		a := (1 - y) * l.Negative.Weight
		value, gradient, curvature = value+a*f, gradient-a*f1, curvature+a*f2
	}
	return value, gradient, curvature
}

// Evaluate returns the reduced loss of b, filling b.Value, b.Gradient and
// b.Curvature where they are not nil, each with one number per logit. The
// derivatives are those of the reduced loss, of the sum for [None].
func (l Binary) Evaluate(b *Batch) (float64, error) {
	if err := l.Validate(); err != nil {
		return 0, err
	}
	if err := b.check(len(b.Logits), len(b.Logits)); err != nil {
		return 0, err
	}
	if len(b.Targets) != len(b.Logits) {
		return 0, Bad(ShapeMismatch, "there must be as many targets as logits")
	}
	for i, y := range b.Targets {
		if !b.ignored(i) && !(y >= 0 && y <= 1) {
			return 0, b.at(BadInput, i, "a target must be between 0 and 1")
		}
	}
	sum, weight := 0.0, 0.0
	for i, z := range b.Logits {
		var f, f1, f2 float64
		if !b.ignored(i) {
			s := b.weight(i / b.columns())
			f, f1, f2 = l.Point(z, (1-b.LabelSmoothing)*b.Targets[i]+b.LabelSmoothing/2)
			f, f1, f2 = s*f, s*f1, s*f2
			sum += f
			weight += s
		}
		set(b.Value, i, f)
		set(b.Gradient, i, f1)
		set(b.Curvature, i, f2)
	}
	return b.reduce(sum, weight), nil
}

// Block evaluates the loss of float32 logits for training: it returns the
// weighted sum of the losses and the sum of the gradient, and fills grad and
// curv where they are not nil. grad may be z itself.
//
// c holds what each element counts, sample weight times class weight, with the
// sign of its label: c > 0 for the positive class, c < 0 for the negative one
// (see [Binary.Signed]). A soft target is two such elements. Logits are finite
// and at most 1e20 in magnitude; nothing is checked but the lengths, a
// mismatch of which panics.
func (l Binary) Block(z, c, grad, curv []float32) (sum, gradSum float64) {
	return kernel.Focal(z, c, narrow(l.Negative.Gamma), narrow(l.Positive.Gamma), grad, curv)
}

// narrow returns γ as float32, where it must not become infinite: ∞·0 is NaN.
func narrow(gamma float64) float32 { return float32(min(gamma, 1e30)) }

// Signed returns the entry of [Binary.Block]'s c for a row of the given label
// and sample weight.
func (l Binary) Signed(positive bool, weight float64) float32 {
	if positive {
		return float32(weight * l.Positive.Weight)
	}
	return float32(-weight * l.Negative.Weight)
}
