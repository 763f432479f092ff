package linear

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// build makes a matrix of rows that come in three parts.
func build[T Float](t *testing.T, rows, columns int, impute Impute, x []T) *Matrix {
	t.Helper()
	b, err := NewBuilder(rows, columns, impute, sampleOf(x, columns))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range [][]T{x[:rows/3*columns], x[rows/3*columns : rows/2*columns], x[rows/2*columns:]} {
		if err := b.Append(part); err != nil {
			t.Fatal(err)
		}
	}
	m, err := b.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMatrixStoresRowsAndMoments(t *testing.T) {
	for _, rows := range []int{1, 2, 15, 16, 17, 5000} {
		for _, columns := range []int{1, 3, 4, 7} {
			x := make([]float64, rows*columns)
			for i := range x {
				x[i] = 1e4*float64(i%columns) + float64(float32(i*i%101)/7)
			}
			storesRowsAndMoments(t, rows, columns, x, 1e-12, 1e-10)
			narrow := make([]float32, len(x))
			for i, v := range x {
				narrow[i] = float32(v)
			}
			storesRowsAndMoments(t, rows, columns, narrow, 1e-7, 2e-7) // of what float32 rounds to
		}
	}
}

func storesRowsAndMoments[T Float](t *testing.T, rows, columns int, x []T, ofMean, ofDeviation float64) {
	whole, err := NewMatrix(rows, columns, x)
	if err != nil {
		t.Fatal(err)
	}
	row := make([]float64, columns)
	for _, m := range []*Matrix{whole, build(t, rows, columns, Refuse, x)} {
		for j := range columns {
			mean, variance := 0.0, 0.0
			for i := range rows {
				mean += float64(x[i*columns+j]) / float64(rows)
			}
			for i := range rows {
				variance += (float64(x[i*columns+j]) - mean) * (float64(x[i*columns+j]) - mean) / float64(rows)
			}
			deviation := math.Sqrt(variance)
			numtest.AssertClose(t, "mean", m.mean[j], mean, 1e-12, ofMean*deviation)
			if deviation == 0 {
				deviation = 1
			}
			numtest.AssertClose(t, "deviation", m.deviation[j], deviation, ofDeviation, 0)
			for i := range rows {
				m.decode(row, i)
				numtest.AssertClose(t, "value", row[j], float64(x[i*columns+j]), 0, 3e-7*deviation)
			}
		}
	}
}

// A sample that is nothing like the rows costs digits while these are stored,
// and no more.
func TestMatrixOfAPoorSample(t *testing.T) {
	const rows = 300
	x := make([]float64, rows)
	for i := range x {
		x[i] = 40 + math.Sin(float64(i))
	}
	b, err := NewBuilder(rows, 1, Refuse, []float64{-3, -2, -1})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Append(x); err != nil {
		t.Fatal(err)
	}
	m, err := b.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	want, _ := NewMatrix(rows, 1, x)
	numtest.AssertClose(t, "mean", m.mean[0], want.mean[0], 1e-12, 0)
	numtest.AssertClose(t, "deviation", m.deviation[0], want.deviation[0], 1e-10, 0)
	for i := range rows {
		numtest.AssertClose(t, "stored", float64(m.data[m.at(i)]), (x[i]-m.mean[0])/m.deviation[0], 0, 1e-5)
	}
}

func TestConstantColumns(t *testing.T) {
	x := []float64{0.1, 1, 5, 0.1, 2, 5, 0.1, 3, 5}
	m, err := NewMatrix(3, 3, x)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.ConstantColumns(); len(got) != 2 || got[0] != 0 || got[1] != 2 {
		t.Errorf("constant columns %v, want [0 2]", got)
	}
	for _, raw := range []bool{false, true} {
		fit := train(t, m, []int32{0, 0, 1}, Options{Classes: loss.Uniform(2, 2), L2: 0.1, NoStandardize: raw})
		if fit.Status != optimize.Converged || fit.Coefficients[0] != 0 && !raw {
			t.Errorf("%v with coefficients %v", fit.Status, fit.Coefficients)
		}
	}
}

func TestMatrixErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	long := make([]float64, 60000*2)
	long[2*50001+1] = nan
	for _, c := range []struct {
		name          string
		rows, columns int
		x             []float64
		code          loss.Code
		row, column   int
	}{
		{"no rows", 0, 3, nil, loss.ShapeMismatch, -1, -1},
		{"no columns", 3, 0, nil, loss.ShapeMismatch, -1, -1},
		{"negative", -1, -1, []float64{1}, loss.ShapeMismatch, -1, -1},
		{"short", 2, 2, []float64{1, 2, 3}, loss.ShapeMismatch, -1, -1},
		{"huge product", math.MaxInt, 2, []float64{1}, loss.ShapeMismatch, -1, -1},
		{"NaN", 2, 2, []float64{1, 2, nan, 4}, loss.NotFinite, 1, 0},
		{"infinite", 2, 2, []float64{1, 2, 3, -inf}, loss.NotFinite, 1, 1},
		{"infinite first", 2, 2, []float64{1, inf, 3, 4}, loss.NotFinite, 0, 1},
		{"far down", 60000, 2, long, loss.NotFinite, 50001, 1},
		{"too large", 2, 2, []float64{1e300, 2, -1e300, 4}, loss.BadInput, -1, 0},
	} {
		_, err := NewMatrix(c.rows, c.columns, c.x)
		checkError(t, c.name, err, c.code, c.row, c.column)
	}
	_, err := NewBuilder[float32](1<<28, 8, Refuse, nil)
	checkError(t, "larger than memory", err, loss.OutOfMemory, -1, -1)
}

func checkError(t *testing.T, name string, err error, code loss.Code, row, column int) {
	t.Helper()
	e, ok := err.(*loss.Error)
	if !ok {
		t.Errorf("%s: error %v, want a *loss.Error", name, err)
	} else if e.Code != code || e.Row != row || e.Column != column || e.Error() == "" {
		t.Errorf("%s: %+v, want %s at row %d, column %d", name, *e, code, row, column)
	}
}

func TestTrainErrors(t *testing.T) {
	d := synthetic(1, 20, 2, 0.5)
	m := d.matrix(t)
	two := loss.Uniform(2, 2)
	all := make([]float64, 20)
	negative := append([]float64(nil), all...)
	negative[4] = -1
	onlyOne := append([]float64(nil), all...)
	outside := append([]int32(nil), d.y...)
	outside[3] = 2
	for i, y := range d.y {
		onlyOne[i] = float64(y)
	}
	for _, c := range []struct {
		name string
		y    []int32
		o    Options
		code loss.Code
		row  int
	}{
		{"labels", d.y[:19], Options{Classes: two}, loss.ShapeMismatch, -1},
		{"label", outside, Options{Classes: two}, loss.BadInput, 3},
		{"one class", make([]int32, 20), Options{Classes: two}, loss.OneClass, -1},
		{"one class by weight", d.y, Options{Classes: two, SampleWeight: onlyOne}, loss.OneClass, -1},
		{"no classes", d.y, Options{}, loss.BadInput, 0},
		{"gamma", d.y, Options{Classes: loss.Uniform(2, -1)}, loss.BadOption, -1},
		{"weight", d.y, Options{Classes: []loss.Class{{Gamma: 2}, {Gamma: 2}}}, loss.BadOption, -1},
		{"l2", d.y, Options{Classes: two, L2: -1}, loss.BadOption, -1},
		{"tolerance", d.y, Options{Classes: two, Tolerance: math.NaN()}, loss.BadOption, -1},
		{"sample weights", d.y, Options{Classes: two, SampleWeight: all[:3]}, loss.ShapeMismatch, -1},
		{"sample weight", d.y, Options{Classes: two, SampleWeight: negative}, loss.BadInput, 4},
		{"all weights 0", d.y, Options{Classes: two, SampleWeight: all}, loss.BadInput, -1},
		{"start", d.y, Options{Classes: two, Start: &Model{Columns: 3}}, loss.ShapeMismatch, -1},
	} {
		_, err := Train(context.Background(), m, c.y, c.o)
		checkError(t, c.name, err, c.code, c.row, -1)
	}
}

func TestTrainIsCancelled(t *testing.T) {
	d := synthetic(2, 3000, 20, 0.2)
	ctx, cancel := context.WithCancel(context.Background())
	iterations := 0
	fit, err := Train(ctx, d.matrix(t), d.y, Options{Classes: loss.Uniform(2, 2), L2: 1e-6, Record: func(i optimize.Iteration) {
		if iterations = i.Iteration; iterations == 2 {
			cancel()
		}
	}})
	if err != nil || fit.Status != optimize.Aborted || iterations != 2 {
		t.Errorf("%v, %v after %d iterations", err, fit.Status, iterations)
	}
	if fit.Iteration.Iteration != 2 || len(fit.Coefficients) != 20 {
		t.Errorf("the fit so far has %d iterations, %d coefficients", fit.Iteration.Iteration, len(fit.Coefficients))
	}
}

func TestMaxIterations(t *testing.T) {
	d := synthetic(3, 500, 10, 0.2)
	fit := train(t, d.matrix(t), d.y, Options{Classes: loss.Uniform(2, 2), MaxIterations: 2})
	if fit.Status != optimize.MaxIterations || fit.Iteration.Iteration != 2 {
		t.Errorf("%v after %d iterations", fit.Status, fit.Iteration.Iteration)
	}
}

// Separable data without a penalty has no minimum; the fit ends all the same,
// with numbers.
func TestSeparable(t *testing.T) {
	x := []float64{-2, -1, 1, 2}
	m, _ := NewMatrix(4, 1, x)
	for _, gamma := range []float64{0, 2} {
		fit := train(t, m, []int32{0, 0, 1, 1}, Options{Classes: loss.Uniform(2, gamma)})
		if c := fit.Coefficients[0]; !(c > 0) || math.IsInf(c, 0) || fit.PredictedCounts[1] != 2 {
			t.Errorf("γ = %g: coefficient %g, %v predicted, %v", gamma, c, fit.PredictedCounts, fit.Status)
		}
	}
}

func TestModelOfTwoClasses(t *testing.T) {
	m := Model{Columns: 2, Classes: []loss.Class{{Gamma: 2, Weight: 1}, {Gamma: 2, Weight: 3}}, Coefficients: []float64{2, -1}, Intercepts: []float64{0.5}}
	z, p := make([]float64, 1), make([]float64, 2)
	m.Logits(z, []float64{1, 2.5})
	if z[0] != 0 || m.Decide(z) != 1 {
		t.Errorf("logit %g, decision %d; want 0 and, at the tie, the positive class", z[0], m.Decide(z))
	}
	m.Posterior(p, z)
	numtest.AssertClose(t, "posterior at the tie", p[1], 0.25, 1e-12, 0) // α₋/(α₊ + α₋)
	if m.Decide([]float64{-1e-9}) != 0 {
		t.Error("a negative logit decides for the positive class")
	}
}

// With one γ the decision by the logits is that by α_c·posterior.
func TestDecideIsTheWeightedPosterior(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, m := range []Model{
		{Classes: []loss.Class{{Gamma: 2, Weight: 0.3}, {Gamma: 2, Weight: 5}}},
		{Classes: []loss.Class{{Gamma: 3, Weight: 0.3}, {Gamma: 0.5, Weight: 5}}},
		{Classes: []loss.Class{{Gamma: 2, Weight: 0.3}, {Gamma: 2, Weight: 5}, {Gamma: 2, Weight: 1}}},
		{Classes: []loss.Class{{Gamma: 2, Weight: 0.3}, {Gamma: 0, Weight: 5}, {Gamma: 5, Weight: 1}}},
	} {
		k := len(m.Classes)
		z, p := make([]float64, k), make([]float64, k)
		if k == 2 {
			z = z[:1]
		}
		for range 500 {
			for h := range z {
				z[h] = r.NormFloat64() * 3
			}
			m.Posterior(p, z)
			for c := range p {
				p[c] *= m.Classes[c].Weight
			}
			if got, want := m.Decide(z), argmax(p); got != want {
				t.Fatalf("%v decides %d, α·posterior %v", z, got, p)
			}
		}
	}
}
