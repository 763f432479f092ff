package loss

import (
	"math"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
)

// Each test here is a mistake that a published focal loss makes.

// log(1 − σ(z)) is infinite from z = 37 on in float64, from 17 in float32; a
// clip at 1e-7 caps the loss at 16.118 and kills the gradient.
func TestHoleLogOfOneMinusSigmoid(t *testing.T) {
	for _, z := range []float64{17, 37, 40, 710, 1e4, 1e20} {
		value, gradient, _ := NewBinary(2).Point(z, 0)
		numtest.AssertClose(t, "value", value, z, 1e-5, 0)
		numtest.AssertClose(t, "gradient", gradient, 1, 1e-5, 0)
		grad := []float32{float32(z)}
		block, _ := NewBinary(2).Block(grad, []float32{-1}, grad, nil)
		numtest.AssertClose(t, "float32 value", block, z, 1e-5, 0)
		numtest.AssertClose(t, "float32 gradient", float64(grad[0]), 1, 1e-5, 0)
	}
}

// 0^(γ−1) is infinite for γ < 1, and the gradient NaN.
func TestHoleGammaBelowOne(t *testing.T) {
	for _, gamma := range []float64{0, 1e-9, 0.1, 0.5, 0.999} {
		for _, z := range []float64{-1e20, -800, -40, 0, 40, 800, 1e20} {
			for _, y := range []float64{0, 1} {
				value, gradient, curvature := NewBinary(gamma).Point(z, y)
				if sum := value + gradient + curvature; math.IsNaN(sum) || math.IsInf(sum, 0) {
					t.Errorf("γ=%g z=%g y=%g: %g, %g, %g", gamma, z, y, value, gradient, curvature)
				}
			}
		}
	}
}

// A published Hessian is NaN at y = 0, z = 40; finite differences are 2 % off
// at z = 6.
func TestHoleHessian(t *testing.T) {
	slope := func(z float64) float64 { _, g, _ := NewBinary(2).Point(z, 0); return g }
	for _, z := range []float64{-40, -6, 6, 40} {
		_, _, curvature := NewBinary(2).Point(z, 0)
		numtest.AssertClose(t, "curvature", curvature, numtest.Derivative(slope, z, 1e-3), 1e-6, 1e-12)
		if math.IsNaN(curvature) {
			t.Errorf("curvature at %g is NaN", z)
		}
	}
}

// One α for every class only rescales the loss; α belongs to the positive
// class, 1 − α to the other.
func TestHoleOneAlphaForEveryClass(t *testing.T) {
	alpha := 0.25
	l := pair([]float64{2}, &alpha)
	for _, z := range []float64{-3, 0, 2} {
		plain1, _, _ := NewBinary(2).Point(z, 1)
		plain0, _, _ := NewBinary(2).Point(z, 0)
		got1, _, _ := l.Point(z, 1)
		got0, _, _ := l.Point(z, 0)
		numtest.AssertClose(t, "positive", got1, 0.25*plain1, 1e-15, 0)
		numtest.AssertClose(t, "negative", got0, 0.75*plain0, 1e-15, 0)
	}
}

// α = 0.25 is a detector's setting, which weighs a rare class down further: by
// default nothing is weighted.
func TestHoleDefaultAlpha(t *testing.T) {
	if l := NewBinary(2); l.Positive.Weight != 1 || l.Negative.Weight != 1 {
		t.Errorf("default weights %g and %g, want 1", l.Negative.Weight, l.Positive.Weight)
	}
}

// "Multi-class" that is one-vs-rest: softmax normalises over the classes.
func TestHoleOneVersusRest(t *testing.T) {
	z := []float64{1, 2, 3}
	value := Softmax{Classes: Uniform(3, 0)}.Point(z, 0, nil, nil)
	numtest.AssertClose(t, "cross-entropy", value, math.Log(math.Exp(1)+math.Exp(2)+math.Exp(3))-1, 1e-15, 0)
}

// A class weight is that of the row's class; [N] weights must not spread over
// [N, C] columns, not even where N = C.
func TestHoleWeightBroadcast(t *testing.T) {
	l := weighted(2, []float64{10, 1, 0.1}, 3)
	logits := []float64{1, 0, -1, 0, 2, 1, 0.5, 0, 0}
	value := make([]float64, 3)
	if _, err := l.Evaluate(&Batch{Logits: logits, Labels: []int{2, 0, 1}, Value: value}); err != nil {
		t.Fatal(err)
	}
	for i, class := range []int{2, 0, 1} {
		plain := Softmax{Classes: Uniform(3, 2)}.Point(logits[3*i:][:3], class, nil, nil)
		numtest.AssertClose(t, "row", value[i], l.Classes[class].Weight*plain, 1e-15, 0)
	}
}

// A mean must not divide by the rows that are ignored.
func TestHoleMeanOverIgnoredRows(t *testing.T) {
	b := &Batch{Logits: []float64{1, -1, 5}, Targets: []float64{1, 0, math.NaN()}, Ignored: []bool{false, false, true}, Gradient: make([]float64, 3)}
	got, err := NewBinary(2).Evaluate(b)
	if err != nil {
		t.Fatal(err)
	}
	want, err := NewBinary(2).Evaluate(&Batch{Logits: []float64{1, -1}, Targets: []float64{1, 0}})
	if err != nil || got != want || b.Gradient[2] != 0 {
		t.Errorf("mean %g, want %g; gradient of the ignored %g; %v", got, want, b.Gradient[2], err)
	}
	b.Ignored = []bool{true, true, true}
	if got, err := NewBinary(2).Evaluate(b); got != 0 || err != nil || b.Gradient[0] != 0 {
		t.Errorf("mean over nothing: %g, %v; gradient %g", got, err, b.Gradient[0])
	}
}

// A weighted mean divides by the sum of the weights, so that doubling them all
// changes nothing.
func TestHoleWeightedMean(t *testing.T) {
	b := &Batch{Logits: []float64{1, -2, 0.5}, Targets: []float64{0, 1, 1}, SampleWeight: []float64{1, 2, 3}}
	once, _ := NewBinary(2).Evaluate(b)
	b.SampleWeight = []float64{2, 4, 6}
	twice, _ := NewBinary(2).Evaluate(b)
	numtest.AssertClose(t, "doubled weights", twice, once, 1e-15, 0)
}

// α = 0 is a mistake, not "off".
func TestHoleAlphaZero(t *testing.T) {
	zero := 0.0
	if err := pair([]float64{2}, &zero).Validate(); err == nil {
		t.Error("a weight of 0 was taken")
	}
}

// A soft target is the expectation over labels, nothing else.
func TestHoleSoftTarget(t *testing.T) {
	l := Binary{Negative: Class{2, 0.3}, Positive: Class{2, 0.7}}
	one, _, _ := l.Point(0.4, 1)
	zero, _, _ := l.Point(0.4, 0)
	soft, _, _ := l.Point(0.4, 0.25)
	numtest.AssertClose(t, "soft", soft, 0.25*one+0.75*zero, 1e-15, 0)
}

// exp(−α·CE) is not p_t: a weight multiplies the loss, and the modulating
// factor does not see it.
func TestHoleWeightInsideTheExponent(t *testing.T) {
	plain, _, _ := NewBinary(2).Point(0.7, 1)
	tenfold, _, _ := Binary{Negative: Class{2, 1}, Positive: Class{2, 10}}.Point(0.7, 1)
	numtest.AssertClose(t, "weight 10", tenfold, 10*plain, 1e-15, 0)
}

// A reduction that is not known is a mistake, not "none".
func TestHoleUnknownReduction(t *testing.T) {
	_, err := NewBinary(2).Evaluate(&Batch{Logits: []float64{1}, Targets: []float64{1}, Reduction: None + 1})
	checkError(t, "reduction", err, BadOption, -1, -1, "reduction")
}

// A γ beyond float32 must not turn the training form into NaN.
func TestHugeGamma(t *testing.T) {
	z := []float32{-1e20, -50, 0, 50, 1e20}
	c := []float32{1, 1, 1, 1, 1}
	grad := make([]float32, len(z))
	sum, gradSum := NewBinary(1e300).Block(z, c, grad, nil)
	if math.IsNaN(sum) || math.IsNaN(gradSum) {
		t.Errorf("sum %g, gradient sum %g", sum, gradSum)
	}
}
