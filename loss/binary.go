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

	// Clip m in [0, 1) makes it the asymmetric loss (Ridnik et al., ICCV 2021):
	// a negative's p counts as max(p − m, 0), so that one which is right already
	// costs nothing. The γ of the two classes are its γ₋ and γ₊.
	Clip float64

	// Epsilon ε > −1 makes it the Poly-1 focal loss (Leng et al., ICLR 2022),
	// which is the focal loss plus ε·(1 − p_t)^(γ+1), weighted like the rest. It
	// excludes Clip.
	Epsilon float64

	// Smoothing s in [0, 1) mixes each target with the uniform one:
	// (1−s)·y + s/2.
	Smoothing float64
}

// NewBinary returns the focal loss with the same γ and weight 1 for both
// classes.
func NewBinary(gamma float64) Binary {
	return Binary{Negative: Class{gamma, 1}, Positive: Class{gamma, 1}}
}

// Validate returns an [Error] if a parameter is out of its range.
func (l Binary) Validate() error {
	switch {
	case !(l.Clip >= 0 && l.Clip < 1):
		return BadParameter("clip", "clip must be in [0, 1)")
	case l.Clip > 0 && l.Epsilon != 0:
		return BadParameter("epsilon", "the asymmetric loss has no epsilon: set clip or epsilon, not both")
	}
	return validate([]Class{l.Negative, l.Positive}, l.Epsilon, l.Smoothing)
}

func validate(classes []Class, epsilon, smoothing float64) error {
	if !(epsilon > -1) || math.IsInf(epsilon, 0) {
		return BadParameter("epsilon", "epsilon must be a finite number > −1")
	}
	if !(smoothing >= 0 && smoothing < 1) {
		return BadParameter("labelSmoothing", "label smoothing must be in [0, 1)")
	}
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

// Point returns the loss at logit z and target y in [0, 1], which is smoothed
// first, with its first and second derivative in z.
func (l Binary) Point(z, y float64) (value, gradient, curvature float64) {
	y = (1-l.Smoothing)*y + l.Smoothing/2
	if y > 0 {
		f, f1, f2 := kernel.PolyMargin(z, l.Positive.Gamma, l.Epsilon)
		a := y * l.Positive.Weight
		value, gradient, curvature = a*f, a*f1, a*f2
	}
	if y < 1 {
		f, f1, f2 := l.negative(z)
		a := (1 - y) * l.Negative.Weight
		value, gradient, curvature = value+a*f, gradient+a*f1, curvature+a*f2
	}
	return value, gradient, curvature
}

// negative returns the loss of weight 1 at label 0, with its derivatives in z.
func (l Binary) negative(z float64) (f, f1, f2 float64) {
	if l.Clip > 0 {
		return kernel.Clipped(z, l.Negative.Gamma, l.Clip)
	}
	f, f1, f2 = kernel.PolyMargin(-z, l.Negative.Gamma, l.Epsilon)
	return f, -f1, f2
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
			f, f1, f2 = l.Point(z, b.Targets[i])
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
	t := kernel.Terms{GammaNegative: narrow(l.Negative.Gamma), GammaPositive: narrow(l.Positive.Gamma),
		Epsilon: float32(l.Epsilon), Clip: float32(l.Clip)}
	if l.Smoothing == 0 {
		return kernel.Focal(z, c, t, grad, curv)
	}
	for from := 0; from < len(z); from += kernel.MaxBlock {
		to := min(from+kernel.MaxBlock, len(z))
		s, g := l.smooth(z[from:to], c[from:to], t, part(grad, from, to), part(curv, from, to))
		sum, gradSum = sum+s, gradSum+g
	}
	return sum, gradSum
}

// smooth is Block for label smoothing: each element counts 1 − s/2 for its own
// label and s/2 for the other.
func (l Binary) smooth(z, c []float32, t kernel.Terms, grad, curv []float32) (sum, gradSum float64) {
	var own, other, first, second [kernel.MaxBlock]float32
	half := l.Smoothing / 2
	toNegative, toPositive := -half*l.Negative.Weight/l.Positive.Weight, -half*l.Positive.Weight/l.Negative.Weight
	for i, v := range c {
		own[i] = float32((1 - half) * float64(v))
		if v > 0 {
			other[i] = float32(toNegative * float64(v))
		} else {
			other[i] = float32(toPositive * float64(v))
		}
	}
	n := len(z)
	g1, g2, h1, h2 := part(first[:], 0, n), part(second[:], 0, n), []float32(nil), []float32(nil)
	if curv != nil {
		var third, fourth [kernel.MaxBlock]float32
		h1, h2 = third[:n], fourth[:n]
	}
	s1, b1 := kernel.Focal(z, own[:n], t, g1, h1)
	s2, b2 := kernel.Focal(z, other[:n], t, g2, h2)
	for i := range grad {
		grad[i] = g1[i] + g2[i]
	}
	for i := range curv {
		curv[i] = h1[i] + h2[i]
	}
	return s1 + s2, b1 + b2
}

func part(s []float32, from, to int) []float32 {
	if s == nil {
		return nil
	}
	return s[from:to]
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
