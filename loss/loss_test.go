package loss

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
)

var gammas = []float64{0, 0.3, 1, 2, 5}

func TestDerivativesByFiniteDifferences(t *testing.T) {
	for _, gn := range gammas {
		for _, gp := range gammas {
			l := Binary{Negative: Class{gn, 0.7}, Positive: Class{gp, 2.5}}
			for _, y := range []float64{0, 0.2, 1} {
				for z := -12.0; z <= 12; z += 0.61 {
					value := func(z float64) float64 { f, _, _ := l.Point(z, y); return f }
					slope := func(z float64) float64 { _, g, _ := l.Point(z, y); return g }
					_, g, h := l.Point(z, y)
					numtest.AssertClose(t, "gradient", g, numtest.Derivative(value, z, 1e-3), 1e-8, 1e-10)
					numtest.AssertClose(t, "curvature", h, numtest.Derivative(slope, z, 1e-3), 1e-8, 1e-10)
				}
			}
		}
	}
}

func TestSoftmaxDerivativesByFiniteDifferences(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, gamma := range gammas {
		l := Softmax{Classes: []Class{{gamma, 1}, {0.5, 2}, {gamma, 0.3}, {2, 1}}}
		for range 20 {
			z := make([]float64, 4)
			for i := range z {
				z[i] = r.NormFloat64() * 3
			}
			for target := range z {
				gradient, hessian := make([]float64, 4), make([]float64, 16)
				l.Point(z, target, gradient, hessian)
				for i := range z {
					along := func(f func(z []float64) float64) float64 {
						return numtest.Derivative(func(v float64) float64 {
							moved := append([]float64(nil), z...)
							moved[i] = v
							return f(moved)
						}, z[i], 1e-3)
					}
					numtest.AssertClose(t, "gradient", gradient[i], along(func(z []float64) float64 { return l.Point(z, target, nil, nil) }), 1e-8, 1e-9)
					for j := range z {
						g := make([]float64, 4)
						numtest.AssertClose(t, "hessian", hessian[4*i+j], along(func(z []float64) float64 { l.Point(z, target, g, nil); return g[j] }), 1e-8, 1e-9)
					}
				}
			}
		}
	}
}

func TestIdentities(t *testing.T) {
	for z := -30.0; z <= 30; z += 0.37 {
		// γ = 0 is the logistic loss.
		f, f1, f2 := NewBinary(0).Point(z, 1)
		u := 1 / (1 + math.Exp(z))
		numtest.AssertClose(t, "logistic", f, math.Log1p(math.Exp(-z)), 1e-14, 0)
		numtest.AssertClose(t, "logistic gradient", f1, -u, 1e-14, 0)
		numtest.AssertClose(t, "logistic curvature", f2, u/(1+math.Exp(-z)), 1e-14, 0)
		for _, gamma := range gammas {
			// (z, 1, α) is (−z, 0, 1−α).
			a, ga, ha := Binary{Negative: Class{gamma, 0.8}, Positive: Class{gamma, 0.2}}.Point(z, 1)
			b, gb, hb := Binary{Negative: Class{gamma, 0.2}, Positive: Class{gamma, 0.8}}.Point(-z, 0)
			if a != b || ga != -gb || ha != hb {
				t.Errorf("z=%g: (%g %g %g) at label 1, (%g %g %g) at label 0", z, a, ga, ha, b, gb, hb)
			}
			// Two classes by softmax are the binary loss of the difference.
			l := Softmax{Classes: []Class{{gamma, 0.8}, {gamma, 0.2}}}
			gradient := make([]float64, 2)
			value := l.Point([]float64{5, 5 + z}, 1, gradient, nil)
			numtest.AssertClose(t, "softmax of two", value, a, 1e-12, 0)
			numtest.AssertClose(t, "softmax of two, gradient", gradient[1], ga, 1e-12, 0)
		}
	}
}

func TestLossesOnlyDependOnDifferences(t *testing.T) {
	l := Softmax{Classes: Uniform(3, 2)}
	a, b := make([]float64, 3), make([]float64, 3)
	numtest.AssertClose(t, "value", l.Point([]float64{1, 2, 4}, 0, a, nil), l.Point([]float64{1025, 1026, 1028}, 0, b, nil), 1e-14, 0)
	numtest.AssertClose(t, "gradient", a[0]+a[1]+a[2], 0, 0, 1e-15)
	assertAll(t, "gradient", a, b, 1e-14, 0)
}

func TestBatchIsPoints(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	const rows, columns = 13, 3
	l := Binary{Negative: Class{1.5, 0.5}, Positive: Class{2, 3}, Smoothing: 0.1}
	b := &Batch{Columns: columns, Reduction: Sum, SampleWeight: make([]float64, rows)}
	for i := range rows * columns {
		b.Logits = append(b.Logits, r.NormFloat64()*4)
		b.Targets = append(b.Targets, float64(i%5)/4)
		b.Ignored = append(b.Ignored, i%7 == 0)
		b.SampleWeight[i/columns] = float64(i/columns) / 3
	}
	n := len(b.Logits)
	b.Value, b.Gradient, b.Curvature = make([]float64, n), make([]float64, n), make([]float64, n)
	sum, err := l.Evaluate(b)
	if err != nil {
		t.Fatal(err)
	}
	want, weight := 0.0, 0.0
	for i, z := range b.Logits {
		var f, g, h float64
		if !b.Ignored[i] {
			s := b.SampleWeight[i/columns]
			f, g, h = l.Point(z, b.Targets[i])
			f, g, h = s*f, s*g, s*h
			weight += s
		}
		want += f
		if b.Value[i] != f || b.Gradient[i] != g || b.Curvature[i] != h {
			t.Errorf("element %d: %g %g %g, want %g %g %g", i, b.Value[i], b.Gradient[i], b.Curvature[i], f, g, h)
		}
	}
	numtest.AssertClose(t, "sum", sum, want, 1e-14, 0)
	gradient := append([]float64(nil), b.Gradient...)
	b.Reduction = Mean
	mean, _ := l.Evaluate(b)
	numtest.AssertClose(t, "mean", mean, want/weight, 1e-14, 0)
	for i := range gradient {
		numtest.AssertClose(t, "gradient of the mean", b.Gradient[i], gradient[i]/weight, 1e-14, 0)
	}
}

func TestBlockIsPoints(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for _, l := range family() {
		l.Negative.Weight, l.Positive.Weight = 0.5, 3
		gamma := max(l.Negative.Gamma, l.Positive.Gamma, l.Epsilon)
		const n = 301
		z, c, grad, curv := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
		for i := range z {
			z[i], c[i] = float32(r.NormFloat64()*5), l.Signed(i%3 == 0, 0.1+r.Float64())
		}
		sum, gradSum := l.Block(z, c, grad, curv)
		wantSum, wantGrad := 0.0, 0.0
		for i := range z {
			y, s := 0.0, float64(-c[i])/0.5
			if c[i] > 0 {
				y, s = 1, float64(c[i])/3
			}
			f, g, h := l.Point(float64(z[i]), y)
			wantSum, wantGrad = wantSum+s*f, wantGrad+s*g
			scale := math.Abs(float64(c[i])) * (1 + math.Abs(float64(z[i]))) * (1 + gamma)
			numtest.AssertClose(t, "gradient", float64(grad[i]), s*g, 0, 1e-6*scale)
			numtest.AssertClose(t, "curvature", float64(curv[i]), s*h, 0, 1e-6*scale*(1+gamma))
		}
		numtest.AssertClose(t, "sum", sum, wantSum, 1e-6, 0)
		numtest.AssertClose(t, "gradient sum", gradSum, wantGrad, 0, 1e-6*wantSum+1e-5)
		// A soft target is two elements, one for each label.
		y := 0.3
		f, g, _ := l.Point(1.7, y)
		if l.Smoothing > 0 {
			continue
		}
		two := []float32{1.7, 1.7}
		sum, gradSum = l.Block(two, []float32{l.Signed(true, y), l.Signed(false, 1-y)}, nil, nil)
		numtest.AssertClose(t, "soft target", sum, f, 1e-6, 0)
		numtest.AssertClose(t, "soft target, gradient", gradSum, g, 1e-5, 1e-6)
	}
}

func TestSoftmaxBlockIsPoints(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, l := range []Softmax{
		{Classes: []Class{{2, 1}, {0.5, 3}, {1, 0.2}}},
		{Classes: []Class{{2, 1}, {2, 3}, {2, 0.2}}, Epsilon: 1.5},
		{Classes: []Class{{2, 1}, {0.5, 3}, {1, 0.2}}, Epsilon: -0.5, Smoothing: 0.2},
	} {
		const n, k = 37, 3
		z, u, c, label := make([]float32, n*k), make([]float32, n*k), make([]float32, n), make([]int32, n)
		for i := range z {
			z[i], u[i] = float32(r.NormFloat64()*3), float32(r.NormFloat64())
		}
		for i := range label {
			label[i] = int32(i % k)
			c[i] = float32(l.Classes[label[i]].Weight)
		}
		before, direction := append([]float32(nil), z...), append([]float32(nil), u...)
		sum, want := l.Block(z, label, c, l.Gammas()), 0.0
		l.HessBlock(before, u, label, c, l.Gammas())
		for i := range n {
			row, gradient, hessian := make([]float64, k), make([]float64, k), make([]float64, k*k)
			for j := range row {
				row[j] = float64(before[j*n+i])
			}
			want += l.Point(row, int(label[i]), gradient, hessian)
			for a := range k {
				product := 0.0
				for b := range k {
					product += hessian[a*k+b] * float64(direction[b*n+i])
				}
				numtest.AssertClose(t, "gradient", float64(z[a*n+i]), gradient[a], 0, 1e-5)
				numtest.AssertClose(t, "product", float64(u[a*n+i]), product, 0, 3e-5)
			}
		}
		numtest.AssertClose(t, "sum", sum, want, 1e-6, 0)
	}
}

func TestPosteriorSolvesTheExpectedLoss(t *testing.T) {
	for _, gamma := range gammas {
		l := Binary{Negative: Class{gamma, 0.4}, Positive: Class{gamma / 2, 7}}
		for z := -9.0; z <= 9; z += 0.7 {
			logit := l.PosteriorLogit(z)
			eta := 1 / (1 + math.Exp(-logit))
			_, plus, _ := l.Point(z, 1)
			_, minus, _ := l.Point(z, 0)
			numtest.AssertClose(t, "general formula", eta, minus/(minus-plus), 1e-12, 0)
			numtest.AssertClose(t, "Intercept", l.Intercept(1/(1+math.Exp(logit)), eta), z, 1e-7, 1e-9)
		}
	}
	l := Softmax{Classes: []Class{{2, 1}, {1, 3}, {5, 0.2}}}
	z := []float64{0.3, -1, 1.4}
	posterior, total := make([]float64, 3), make([]float64, 3)
	l.LogPosterior(posterior, z)
	for c, log := range posterior {
		gradient := make([]float64, 3)
		l.Point(z, c, gradient, nil)
		for j := range total {
			total[j] += math.Exp(log) * gradient[j]
		}
	}
	assertAll(t, "expected gradient", total, []float64{0, 0, 0}, 0, 1e-15)
}

func TestSoftmaxOfTwoHasTheBinaryPosterior(t *testing.T) {
	for z := -40.0; z < 40; z += 1.3 {
		got := make([]float64, 2)
		Softmax{Classes: []Class{{2, 0.5}, {1, 4}}}.LogPosterior(got, []float64{0, z})
		numtest.AssertClose(t, "logit", got[1]-got[0], Binary{Negative: Class{2, 0.5}, Positive: Class{1, 4}}.PosteriorLogit(z), 1e-13, 1e-13)
	}
}

func TestEvaluateErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name        string
		l           Binary
		b           Batch
		code        Code
		row, column int
		option      string
	}{
		{"gamma", NewBinary(-1), Batch{}, BadOption, -1, -1, "gamma"},
		{"gamma NaN", NewBinary(nan), Batch{}, BadOption, -1, -1, "gamma"},
		{"weight 0", Binary{Negative: Class{2, 0}, Positive: Class{2, 1}}, Batch{}, BadOption, -1, -1, "weight"},
		{"reduction", NewBinary(2), Batch{Reduction: 3}, BadOption, -1, -1, "reduction"},
		{"smoothing", Binary{Negative: Class{2, 1}, Positive: Class{2, 1}, Smoothing: 1}, Batch{}, BadOption, -1, -1, "labelSmoothing"},
		{"clip", Binary{Negative: Class{2, 1}, Positive: Class{2, 1}, Clip: 1}, Batch{}, BadOption, -1, -1, "clip"},
		{"clip and epsilon", Binary{Negative: Class{2, 1}, Positive: Class{2, 1}, Clip: 0.1, Epsilon: 1}, Batch{}, BadOption, -1, -1, "epsilon"},
		{"epsilon", Binary{Negative: Class{2, 1}, Positive: Class{2, 1}, Epsilon: -1}, Batch{}, BadOption, -1, -1, "epsilon"},
		{"logit", NewBinary(2), Batch{Logits: []float64{0, 0, 0, inf}, Targets: make([]float64, 4), Columns: 2}, NotFinite, 1, 1, ""},
		{"targets", NewBinary(2), Batch{Logits: []float64{0}, Targets: nil}, ShapeMismatch, -1, -1, ""},
		{"target", NewBinary(2), Batch{Logits: []float64{0, 0}, Targets: []float64{0, 1.5}}, BadInput, 1, 0, ""},
		{"target NaN", NewBinary(2), Batch{Logits: []float64{0}, Targets: []float64{nan}}, BadInput, 0, 0, ""},
		{"weight", NewBinary(2), Batch{Logits: []float64{0}, Targets: []float64{0}, SampleWeight: []float64{-1}}, BadInput, 0, -1, ""},
		{"weights", NewBinary(2), Batch{Logits: []float64{0}, Targets: []float64{0}, SampleWeight: []float64{1, 1}}, ShapeMismatch, -1, -1, ""},
		{"columns", NewBinary(2), Batch{Logits: []float64{0}, Targets: []float64{0}, Columns: 2}, ShapeMismatch, -1, -1, ""},
		{"gradient", NewBinary(2), Batch{Logits: []float64{0}, Targets: []float64{0}, Gradient: make([]float64, 2)}, ShapeMismatch, -1, -1, ""},
	} {
		_, err := c.l.Evaluate(&c.b)
		checkError(t, c.name, err, c.code, c.row, c.column, c.option)
	}
	three := Softmax{Classes: Uniform(3, 2)}
	for _, c := range []struct {
		name        string
		l           Softmax
		b           Batch
		code        Code
		row, column int
	}{
		{"one class", Softmax{Classes: Uniform(1, 2)}, Batch{}, BadOption, -1, -1},
		{"columns", three, Batch{Columns: 2}, ShapeMismatch, -1, -1},
		{"label", three, Batch{Logits: make([]float64, 6), Labels: []int{0, 3}}, BadInput, 1, -1},
		{"labels", three, Batch{Logits: make([]float64, 6), Labels: []int{0}}, ShapeMismatch, -1, -1},
		{"no labels", three, Batch{Logits: make([]float64, 6)}, ShapeMismatch, -1, -1},
		{"distribution", three, Batch{Logits: make([]float64, 3), Targets: []float64{0.5, 0.5, 0.5}}, BadInput, 0, -1},
		{"probability", three, Batch{Logits: make([]float64, 3), Targets: []float64{0.5, -0.5, 1}}, BadInput, 0, 1},
	} {
		_, err := c.l.Evaluate(&c.b)
		checkError(t, c.name, err, c.code, c.row, c.column, map[bool]string{true: "classes"}[c.name == "one class"])
	}
}

func checkError(t *testing.T, name string, err error, code Code, row, column int, option string) {
	t.Helper()
	e, ok := err.(*Error)
	if !ok {
		t.Errorf("%s: error %v, want an *Error", name, err)
	} else if e.Code != code || e.Row != row || e.Column != column || e.Option != option || e.Error() == "" {
		t.Errorf("%s: %+v, want code %s at row %d, column %d, option %q", name, *e, code, row, column, option)
	}
}

func TestErrorSaysWhere(t *testing.T) {
	if got := BadAt(BadInput, 3, 1, "no").Error(); got != "no (row 3, column 1)" {
		t.Error(got)
	}
	if got := BadAt(BadInput, 3, -1, "no").Error(); got != "no (row 3)" {
		t.Error(got)
	}
}

func TestBalancedWeights(t *testing.T) {
	assertAll(t, "weights", BalancedWeights([]int{90, 10, 0, 20}), []float64{120.0 / 360, 3, 1, 1.5}, 1e-15, 0)
}

func FuzzPoint(f *testing.F) {
	f.Add(0.0, 2.0, 0.5, 1.0, 3.0)
	f.Add(1e20, 0.0, 1.0, 1.0, 1.0)
	f.Add(-1e20, 1e300, 0.0, 1.0, 1e-9)
	f.Add(-450.0, 1e200, 0.0, 1.0, 1.0)
	f.Fuzz(func(t *testing.T, z, gamma, y, negative, positive float64) {
		l := Binary{Negative: Class{gamma, negative}, Positive: Class{gamma, positive}}
		if l.Validate() != nil || !(math.Abs(z) <= 1e20) || !(y >= 0 && y <= 1) || max(negative, positive) > 1e20 {
			return
		}
		value, gradient, curvature := l.Point(z, y)
		if !(value >= 0) || math.IsInf(value, 0) || math.IsNaN(gradient) || math.IsNaN(curvature) {
			t.Errorf("z=%g γ=%g y=%g: value %g, gradient %g, curvature %g", z, gamma, y, value, gradient, curvature)
		}
		if y == 1 && gradient > 0 || y == 0 && gradient < 0 {
			t.Errorf("z=%g γ=%g y=%g: the gradient %g pulls away from the label", z, gamma, y, gradient)
		}
		if math.IsNaN(l.PosteriorLogit(z)) && gamma < 1e280 {
			t.Errorf("z=%g γ=%g: the posterior is NaN", z, gamma)
		}
	})
}
