package loss

import (
	"fmt"
	"math"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
)

func classes(gamma, alpha []float64) []Class {
	out := make([]Class, len(gamma))
	for i := range out {
		out[i] = Class{gamma[i], alpha[i]}
	}
	return out
}

func binary(gamma, alpha []float64) Binary {
	c := classes(gamma, alpha)
	return Binary{Negative: c[0], Positive: c[1]}
}

// pair returns γ and α for both classes, α being that of the positive class.
func pair(gamma []float64, alpha *float64) Binary {
	if alpha == nil {
		return NewBinary(gamma[0])
	}
	return Binary{Negative: Class{gamma[0], 1 - *alpha}, Positive: Class{gamma[0], *alpha}}
}

func weighted(gamma float64, weights []float64, k int) Softmax {
	l := Softmax{Classes: Uniform(k, gamma)}
	for i, w := range weights {
		l.Classes[i].Weight = w
	}
	return l
}

func assertAll(t *testing.T, what string, got, want []float64, relative, absolute float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d numbers, want %d", what, len(got), len(want))
	}
	for i := range got {
		numtest.AssertClose(t, fmt.Sprintf("%s[%d]", what, i), got[i], want[i], relative, absolute)
	}
}

func TestMarginGolden(t *testing.T) {
	var golden struct {
		Cases []struct {
			Gamma float64
			Rows  [][4]float64
		}
	}
	numtest.Load(t, "testdata/margin.json", &golden)
	for _, c := range golden.Cases {
		for _, row := range c.Rows {
			m := row[0]
			f, f1, f2 := Margin(m, c.Gamma)
			// exp(−γ·m) turns a rounding of γ·m into a relative error.
			relative := 4e-15 * (1 + c.Gamma*max(m, 0))
			what := fmt.Sprintf("γ=%g m=%g ", c.Gamma, m)
			numtest.AssertClose(t, what+"f", f, row[1], relative, 1e-300)
			numtest.AssertClose(t, what+"f′", f1, row[2], relative, 1e-300)
			// f″ changes sign near p = 0.05, so there it is judged by its terms.
			p := 1 / (1 + math.Exp(-m))
			terms := p * math.Exp(-c.Gamma*math.Log1p(math.Exp(min(m, 700)))) * (1 + c.Gamma*(1+math.Abs(m)))
			numtest.AssertClose(t, what+"f″", f2, row[3], relative, 4e-15*terms+1e-300)
		}
	}
}

func TestSoftmaxGolden(t *testing.T) {
	var golden struct {
		Cases []struct {
			Logits, Gamma, Alpha, Gradient []float64
			Target                         int
			Value                          float64
			Hessian                        [][]float64
		}
	}
	numtest.Load(t, "testdata/softmax.json", &golden)
	for i, c := range golden.Cases {
		l := Softmax{Classes: classes(c.Gamma, c.Alpha)}
		k := len(c.Logits)
		gradient, hessian := make([]float64, k), make([]float64, k*k)
		value := l.Point(c.Logits, c.Target, gradient, hessian)
		what := fmt.Sprintf("case %d %v t=%d ", i, c.Logits, c.Target)
		scale := c.Alpha[c.Target] * (1 + c.Gamma[c.Target])
		numtest.AssertClose(t, what+"value", value, c.Value, 1e-13, 1e-300)
		assertAll(t, what+"gradient", gradient, c.Gradient, 1e-12, 1e-15*scale)
		for r, row := range c.Hessian {
			assertAll(t, what+"hessian", hessian[r*k:][:k], row, 1e-12, 1e-14*scale*(1+c.Gamma[c.Target]))
		}
	}
}

func TestSoftTargetsGolden(t *testing.T) {
	var golden struct {
		Cases []struct {
			Task                         string
			Logits, Target, Gamma, Alpha []float64
			Smoothing, Value             float64
			Gradient                     []float64
			Hessian                      [][]float64
		}
	}
	numtest.Load(t, "testdata/soft.json", &golden)
	for i, c := range golden.Cases {
		what := fmt.Sprintf("case %d %s %v y=%v ", i, c.Task, c.Logits, c.Target)
		k := len(c.Logits)
		b := &Batch{Logits: c.Logits, Targets: c.Target, Reduction: Sum,
			Gradient: make([]float64, k), Curvature: make([]float64, k*k)}
		evaluate := Softmax{Classes: classes(c.Gamma, c.Alpha), Smoothing: c.Smoothing}.Evaluate
		if c.Task == "binary" {
			l := binary(c.Gamma, c.Alpha)
			l.Smoothing = c.Smoothing
			evaluate = l.Evaluate
		}
		value, err := evaluate(b)
		if err != nil {
			t.Fatal(what, err)
		}
		numtest.AssertClose(t, what+"value", value, c.Value, 1e-13, 1e-300)
		assertAll(t, what+"gradient", b.Gradient, c.Gradient, 1e-12, 2e-15)
		for r, row := range c.Hessian {
			assertAll(t, what+"hessian", b.Curvature[r*k:][:k], row, 1e-12, 5e-14)
		}
	}
}

func TestTorchGolden(t *testing.T) {
	var golden struct {
		Cases []struct {
			Task                                     string
			Rows, Columns                            int
			Gamma, ClassWeight, SampleWeight, Logits []float64
			Alpha                                    *float64
			IgnoreIndex                              *float64
			Targets                                  []float64
			None, GradientMean, GradientSum          []float64
			Mean, Sum                                float64
		}
	}
	numtest.Load(t, "testdata/torch.json", &golden)
	for i, c := range golden.Cases {
		what := fmt.Sprintf("case %d %s ", i, c.Task)
		b := Batch{Logits: c.Logits, Columns: c.Columns, SampleWeight: c.SampleWeight}
		if c.IgnoreIndex != nil {
			b.Ignored = make([]bool, len(c.Targets))
			for i, y := range c.Targets {
				b.Ignored[i] = y == *c.IgnoreIndex
			}
		}
		evaluate, elements := pair(c.Gamma, c.Alpha).Evaluate, len(c.Logits)
		if c.Task == "multiclass" {
			l := weighted(c.Gamma[0], c.ClassWeight, c.Columns)
			for k := range l.Classes {
				l.Classes[k].Gamma = c.Gamma[min(k, len(c.Gamma)-1)]
			}
			evaluate, elements = l.Evaluate, c.Rows
			for _, y := range c.Targets {
				b.Labels = append(b.Labels, int(y))
			}
		} else {
			b.Targets = c.Targets
		}
		for _, r := range []struct {
			reduction Reduction
			want      float64
			gradient  []float64
		}{{Mean, c.Mean, c.GradientMean}, {Sum, c.Sum, c.GradientSum}, {None, c.Sum, c.GradientSum}} {
			b.Reduction = r.reduction
			b.Value, b.Gradient = make([]float64, elements), make([]float64, len(c.Logits))
			value, err := evaluate(&b)
			if err != nil {
				t.Fatal(what, err)
			}
			numtest.AssertClose(t, what+"reduced", value, r.want, 1e-13, 0)
			// PyTorch's log_softmax has an absolute error near log 1.
			assertAll(t, what+"none", b.Value, c.None, 1e-12, 1e-14)
			assertAll(t, what+"gradient", b.Gradient, r.gradient, 1e-12, 1e-14)
		}
	}
}

// The three PyTorch modules that people come from, run as they are written and
// as they are meant. Each case's note says what is wrong with the first:
// one α for both classes, log σ that underflows, weights[target] that
// multiplies columns instead of rows, a result that is not reduced. What they
// mean is one call here.
func TestPyTorchExamples(t *testing.T) {
	var golden struct {
		Cases []struct {
			Example                  int
			Name, Note, DType        string
			Rows, Columns            int
			Logits, Targets, Weights []float64
			Gamma, Meant             float64
			Alpha                    any
			AsWritten                struct {
				Error *string
				Shape []int
				Value *float64
			}
			MeantGradient []float64
		}
	}
	numtest.Load(t, "testdata/examples.json", &golden)
	threw, differed, same := 0, 0, 0
	for _, c := range golden.Cases {
		b := &Batch{Logits: c.Logits, Gradient: make([]float64, len(c.Logits))}
		var evaluate func(*Batch) (float64, error)
		if c.Example == 1 {
			alpha := c.Alpha.(float64)
			evaluate, b.Targets = pair([]float64{c.Gamma}, &alpha).Evaluate, c.Targets
		} else {
			weights := c.Weights
			if list, ok := c.Alpha.([]any); ok {
				for _, a := range list {
					weights = append(weights, a.(float64))
				}
			}
			evaluate = weighted(c.Gamma, weights, c.Columns).Evaluate
			for _, y := range c.Targets {
				b.Labels = append(b.Labels, int(y))
			}
		}
		value, err := evaluate(b)
		if err != nil {
			t.Fatal(c.Name, err)
		}
		numtest.AssertClose(t, c.Name, value, c.Meant, 1e-13, 0)
		assertAll(t, c.Name+" gradient", b.Gradient, c.MeantGradient, 1e-12, 1e-30)
		switch w := c.AsWritten; {
		case w.Error != nil:
			threw++
		case w.Value == nil || !numtest.Close(*w.Value, value, 1e-6, 0):
			differed++
		default:
			same++
		}
	}
	if threw == 0 || differed == 0 || same == 0 {
		t.Errorf("as written, %d cases threw, %d differed, %d agreed: the file no longer shows all three", threw, differed, same)
	}
}

func TestPosteriorGolden(t *testing.T) {
	var golden struct {
		Cases []struct {
			Task                               string
			Gamma, Alpha, Logits, LogPosterior []float64
			Rows                               [][2]float64
		}
	}
	numtest.Load(t, "testdata/posterior.json", &golden)
	for i, c := range golden.Cases {
		if c.Task == "binary" {
			l := binary(c.Gamma, c.Alpha)
			for _, row := range c.Rows {
				what := fmt.Sprintf("case %d z=%g", i, row[0])
				numtest.AssertClose(t, what, l.PosteriorLogit(row[0]), row[1], 2e-15, 2e-15*(1+max(c.Gamma[0], c.Gamma[1])))
			}
			continue
		}
		got := make([]float64, len(c.Logits))
		Softmax{Classes: classes(c.Gamma, c.Alpha)}.LogPosterior(got, c.Logits)
		assertAll(t, fmt.Sprintf("case %d %v", i, c.Logits), got, c.LogPosterior, 1e-14, 1e-14)
	}
}

// The asymmetric, Poly-1 and smoothed losses are those of the papers.
func TestFamilyGolden(t *testing.T) {
	var golden struct {
		Cases []struct {
			Gamma, Weight            []float64
			Clip, Epsilon, Smoothing float64
			Rows                     [][5]float64
			Logits                   []float64
			Label                    int
			Value                    float64
			Gradient, Hessian        []float64
		}
	}
	numtest.Load(t, "testdata/family.json", &golden)
	if len(golden.Cases) < 30 {
		t.Fatalf("only %d cases", len(golden.Cases))
	}
	for i, c := range golden.Cases {
		if c.Rows == nil {
			l := Softmax{Epsilon: c.Epsilon, Smoothing: c.Smoothing}
			for k, gamma := range c.Gamma {
				l.Classes = append(l.Classes, Class{gamma, c.Weight[k]})
			}
			gradient, hessian := make([]float64, len(c.Logits)), make([]float64, len(c.Hessian))
			what := fmt.Sprintf("case %d %v of %v", i, c.Label, c.Logits)
			numtest.AssertClose(t, what, l.Point(c.Logits, c.Label, gradient, hessian), c.Value, 1e-13, 1e-15)
			assertAll(t, what+", gradient", gradient, c.Gradient, 1e-12, 1e-14)
			assertAll(t, what+", hessian", hessian, c.Hessian, 1e-11, 1e-14)
			continue
		}
		l := Binary{Negative: Class{c.Gamma[0], c.Weight[0]}, Positive: Class{c.Gamma[1], c.Weight[1]}, Clip: c.Clip, Epsilon: c.Epsilon, Smoothing: c.Smoothing}
		for _, row := range c.Rows {
			what := fmt.Sprintf("%+v z=%g y=%g", l, row[0], row[1])
			f, f1, f2 := l.Point(row[0], row[1])
			numtest.AssertClose(t, what, f, row[2], 1e-12, 1e-15)
			numtest.AssertClose(t, what+", gradient", f1, row[3], 1e-11, 1e-15)
			numtest.AssertClose(t, what+", curvature", f2, row[4], 1e-10, 1e-14)
		}
	}
}

func TestKnownValues(t *testing.T) {
	logits, y := []float64{-18.6, .51, 2.94, -12.8}, []float64{0, 1, 0, 0}
	quarter := 0.25
	for _, c := range []struct {
		l    Binary
		want float64
	}{{NewBinary(2), .6912}, {pair([]float64{2}, &quarter), .5101}} {
		got, err := c.l.Evaluate(&Batch{Logits: logits, Targets: y})
		if err != nil {
			t.Fatal(err)
		}
		numtest.AssertClose(t, "mean", got, c.want, 0, 5e-5)
	}
	gradient := make([]float64, 3)
	value := Softmax{Classes: Uniform(3, 2)}.Point([]float64{2, -1, .5}, 1, gradient, nil)
	numtest.AssertClose(t, "softmax", value, 2.9927177820795423, 1e-15, 0)
	assertAll(t, "softmax gradient", gradient, []float64{.9167443088, -1.1212976133, .2045533044}, 0, 5e-11)
	for i, p := range []float64{.97, .91, .03} {
		z, y := math.Log(p/(1-p)), []float64{1, 1, 0}[i]
		got, _, _ := pair([]float64{2}, &quarter).Point(z, y)
		numtest.AssertClose(t, "paper", got, []float64{6.8533e-6, 1.90979e-4, 2.05600e-5}[i], 5e-5, 0)
	}
}
