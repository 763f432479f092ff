package loss

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
)

// family holds a loss of every kind.
func family() []Binary {
	of := func(negative, positive float64) Binary {
		return Binary{Negative: Class{negative, 0.7}, Positive: Class{positive, 1.9}}
	}
	losses := []Binary{of(0, 0), of(0.5, 0.5), of(2, 2), of(3, 1)}
	for _, clip := range []float64{0.05, 0.3} {
		for _, gamma := range []float64{0, 1, 1.5, 4} {
			l := of(gamma, 0)
			l.Clip = clip
			losses = append(losses, l)
		}
	}
	for _, epsilon := range []float64{-0.9, 1, 3} {
		for _, gamma := range []float64{0, 2, 3.3} {
			l := of(gamma, gamma)
			l.Epsilon = epsilon
			losses = append(losses, l)
		}
	}
	for _, l := range losses {
		l.Smoothing = 0.1
		losses = append(losses, l)
	}
	return losses
}

func TestDerivativesOfTheFamily(t *testing.T) {
	for _, l := range family() {
		for _, y := range []float64{0, 0.3, 1} {
			for z := -9.05; z < 9; z += 0.7 {
				if math.Abs(1/(1+math.Exp(-z))-l.Clip) < 1e-2 {
					continue // the kink
				}
				what := fmt.Sprintf("%+v y=%g z=%g ", l, y, z)
				_, f1, f2 := l.Point(z, y)
				g1 := numtest.Derivative(func(z float64) float64 { f, _, _ := l.Point(z, y); return f }, z, 1e-4)
				g2 := numtest.Derivative(func(z float64) float64 { _, f, _ := l.Point(z, y); return f }, z, 1e-4)
				numtest.AssertClose(t, what+"gradient", f1, g1, 1e-9, 1e-10)
				numtest.AssertClose(t, what+"curvature", f2, g2, 1e-8, 1e-9)
			}
		}
	}
}

func TestTheFamilyIsFiniteFarOut(t *testing.T) {
	for _, l := range family() {
		for _, z := range []float64{-1e20, -1e3, -40, 40, 1e3, 1e20} {
			for _, y := range []float64{0, 0.5, 1} {
				f, f1, f2 := l.Point(z, y)
				if v := f + f1 + f2; math.IsNaN(v) || math.IsInf(v, 0) || f < 0 && l.Epsilon >= 0 {
					t.Errorf("%+v at z=%g, y=%g: %g %g %g", l, z, y, f, f1, f2)
				}
			}
		}
	}
}

// The posterior that a logit means is the one for which the logit minimises
// the expected loss.
func TestPosteriorMakesTheExpectedLossStationary(t *testing.T) {
	for _, l := range family() {
		last := math.Inf(-1)
		for z := -12.03; z < 12; z += 0.31 {
			logit := l.PosteriorLogit(z)
			if logit < last {
				t.Errorf("%+v: the posterior falls from %g to %g at z=%g", l, last, logit, z)
			}
			last = logit
			if math.IsInf(logit, 0) || math.IsNaN(logit) {
				if math.IsNaN(logit) || l.Clip == 0 && l.Smoothing == 0 {
					t.Errorf("%+v at z=%g: %g", l, z, logit)
				}
				continue
			}
			eta := 1 / (1 + math.Exp(-logit))
			_, slope, _ := l.Point(z, eta)
			_, up, _ := l.Point(z, 1)
			_, down, _ := l.Point(z, 0)
			numtest.AssertClose(t, fmt.Sprintf("%+v at z=%g: expected slope", l, z), slope, 0, 0, 1e-12*(math.Abs(up)+math.Abs(down)))
		}
	}
}

// At the posterior of a softmax the expected gradient vanishes, whatever γ,
// weights, ε and smoothing are.
func TestSoftmaxPosteriorMakesTheExpectedLossStationary(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 1))
	compared := 0
	for range 300 {
		k := 2 + r.IntN(4)
		l := Softmax{Epsilon: []float64{0, 0.7, -0.4}[r.IntN(3)], Smoothing: []float64{0, 0.1, 0.3}[r.IntN(3)]}
		z, p := make([]float64, k), make([]float64, k)
		for c := range z {
			l.Classes = append(l.Classes, Class{4 * r.Float64(), math.Exp(r.NormFloat64())})
			z[c] = r.NormFloat64()
		}
		l.LogPosterior(p, z)
		expected, gradient, size := make([]float64, k), make([]float64, k), 0.0
		inside := true
		for c, log := range p {
			inside = inside && !math.IsInf(log, 0)
			l.Point(z, c, gradient, nil)
			for j, g := range gradient {
				expected[j] += math.Exp(log) * g
				size += math.Abs(g)
			}
		}
		if inside { // otherwise no posterior has this z, and the nearest is given
			assertAll(t, fmt.Sprintf("%+v at %v", l, z), expected, make([]float64, k), 0, 1e-13*size)
			compared++
		}
	}
	if compared < 150 {
		t.Errorf("only %d compared", compared)
	}
}

func TestInterceptIsLeast(t *testing.T) {
	for _, l := range family() {
		for _, share := range []float64{0.002, 0.3, 0.9} {
			b := l.Intercept(1-share, share)
			mean := func(z float64) float64 {
				positive, _, _ := l.Point(z, 1)
				negative, _, _ := l.Point(z, 0)
				return share*positive + (1-share)*negative
			}
			at := mean(b)
			for _, step := range []float64{-1, -0.05, 0.05, 1} {
				if other := mean(b + step); other < at-1e-12 {
					t.Errorf("%+v share %g: %g at b=%g, but %g at %+g", l, share, at, b, other, step)
				}
			}
		}
	}
}

func TestFamilyIdentities(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for range 200 {
		z, y, gamma := r.NormFloat64()*5, r.Float64(), 3*r.Float64()
		focal := Binary{Negative: Class{gamma, 0.4}, Positive: Class{gamma, 2}}
		f, f1, f2 := focal.Point(z, y)

		smoothed := focal
		smoothed.Smoothing = 0.2
		g, g1, g2 := smoothed.Point(z, (y-0.1)/0.8)
		numtest.AssertClose(t, "smoothing is a soft target", g, f, 1e-12, 1e-15)
		numtest.AssertClose(t, "smoothing is a soft target, gradient", g1, f1, 1e-11, 1e-14)
		numtest.AssertClose(t, "smoothing is a soft target, curvature", g2, f2, 1e-10, 1e-14)

		clipped := focal
		clipped.Clip = 1e-13
		g, g1, g2 = clipped.Point(z, y)
		numtest.AssertClose(t, "a clip of almost 0", g, f, 1e-6, 1e-10)
		numtest.AssertClose(t, "a clip of almost 0, gradient", g1, f1, 1e-6, 1e-10)
		if gamma > 1 {
			numtest.AssertClose(t, "a clip of almost 0, curvature", g2, f2, 1e-5, 1e-9)
		}

		// Poly-1 of γ = 0 and ε is cross-entropy plus ε·(1 − p_t).
		poly := Binary{Negative: Class{0, 1}, Positive: Class{0, 1}, Epsilon: 1.5}
		g, _, _ = poly.Point(z, 1)
		numtest.AssertClose(t, "Poly-1", g, math.Log1p(math.Exp(-z))+1.5/(1+math.Exp(z)), 1e-12, 1e-15)

		// Two classes by softmax are the binary loss of the difference.
		for _, l := range []Binary{{Epsilon: 0.7, Smoothing: 0.1}, {Smoothing: 0.3}, {Epsilon: -0.5}} {
			l.Negative, l.Positive = focal.Negative, focal.Positive
			softmax := Softmax{Classes: []Class{l.Negative, l.Positive}, Epsilon: l.Epsilon, Smoothing: l.Smoothing}
			for label := range 2 {
				f, f1, f2 := l.Point(z, float64(label))
				gradient, hessian := make([]float64, 2), make([]float64, 4)
				numtest.AssertClose(t, "softmax of two", softmax.Point([]float64{1, 1 + z}, label, gradient, hessian), f, 1e-12, 1e-15)
				numtest.AssertClose(t, "softmax of two, gradient", gradient[1], f1, 1e-11, 1e-14)
				numtest.AssertClose(t, "softmax of two, curvature", hessian[3], f2, 1e-10, 1e-13)
			}
			log := make([]float64, 2)
			softmax.LogPosterior(log, []float64{1, 1 + z})
			want := l.PosteriorLogit(z)
			if !math.IsInf(want, 0) {
				numtest.AssertClose(t, "softmax of two, posterior", log[1]-log[0], want, 1e-9, 1e-9)
			}
		}
	}
}

func TestEffectiveNumberWeights(t *testing.T) {
	// (1−β)/(1−βⁿ) by hand: β = 0.9, n = 1 and 2 gives 1 and 0.1/0.19.
	got, err := EffectiveNumberWeights([]int{1, 2, 0}, 0.9)
	if err != nil {
		t.Fatal(err)
	}
	a, b := 1.0, 0.1/0.19
	assertAll(t, "weights", got, []float64{2 * a / (a + b), 2 * b / (a + b), 1}, 1e-14, 0)
	even, _ := EffectiveNumberWeights([]int{5, 500}, 0)
	assertAll(t, "β = 0", even, []float64{1, 1}, 1e-15, 0)
	near, _ := EffectiveNumberWeights([]int{10, 990}, 1-1e-9)
	balanced := BalancedWeights([]int{10, 990})
	numtest.AssertClose(t, "β → 1", near[0]/near[1], balanced[0]/balanced[1], 1e-6, 0)
	// 1 + β + β² … up to n, and in between for what is not whole.
	numtest.AssertClose(t, "E_3", EffectiveNumber(3, 0.9), 1+0.9+0.81, 1e-14, 0)
	if e := EffectiveNumber(2.5, 0.9); !(e > 1.9 && e < 2.71) {
		t.Errorf("E_2.5 is %g", e)
	}
	for _, beta := range []float64{-0.1, 1, math.NaN()} {
		if _, err := EffectiveNumberWeights([]int{1, 2}, beta); err == nil {
			t.Errorf("β = %g is no error", beta)
		}
	}
}
