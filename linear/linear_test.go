package linear

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// table is a data set of testdata: values row after row, and labels.
type table struct {
	rows, columns int
	x             []float64
	y             []int32
}

func readTable(t testing.TB, name string) table {
	t.Helper()
	file, err := os.Open("testdata/" + name + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	d := table{rows: len(records) - 1, columns: len(records[0]) - 1}
	for _, record := range records[1:] {
		for j, field := range record {
			v, err := strconv.ParseFloat(field, 64)
			if err != nil {
				t.Fatal(err)
			}
			if j < d.columns {
				d.x = append(d.x, v)
			} else {
				d.y = append(d.y, int32(v))
			}
		}
	}
	return d
}

// first keeps n rows, and with positive ≥ 0 makes that label 1 and others 0.
func (d table) first(n, positive int) table {
	d.rows, d.x, d.y = n, d.x[:n*d.columns], append([]int32(nil), d.y[:n]...)
	for i, y := range d.y {
		if positive >= 0 {
			d.y[i] = 0
			if int(y) == positive {
				d.y[i] = 1
			}
		}
	}
	return d
}

func (d table) matrix(t testing.TB) *Matrix {
	t.Helper()
	m, err := NewMatrix(d.rows, d.columns, d.x)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func train(t testing.TB, x Data, y []int32, o Options) *Fit {
	t.Helper()
	fit, err := Train(context.Background(), x, y, o)
	if err != nil {
		t.Fatal(err)
	}
	return fit
}

// objectiveOf computes J by its definition in float64, from a model in the
// units of the input.
func objectiveOf(d table, m *Model, o Options) float64 {
	n := float64(d.rows)
	mean, deviation := make([]float64, d.columns), make([]float64, d.columns)
	for j := range mean {
		for i := range d.rows {
			mean[j] += d.x[i*d.columns+j] / n
		}
		for i := range d.rows {
			deviation[j] += (d.x[i*d.columns+j] - mean[j]) * (d.x[i*d.columns+j] - mean[j]) / n
		}
		if deviation[j] = math.Sqrt(deviation[j]); deviation[j] == 0 {
			deviation[j] = 1
		}
	}
	sum, total, penalty := 0.0, 0.0, 0.0
	z := make([]float64, len(m.Intercepts))
	for i := range d.rows {
		m.Logits(z, d.x[i*d.columns:][:d.columns])
		s := 1.0
		if o.SampleWeight != nil {
			s = o.SampleWeight[i]
		}
		total += s
		if len(z) == 1 {
			f, _, _ := m.binary().Point(z[0], float64(d.y[i]))
			sum += s * f
		} else {
			sum += s * loss.Softmax{Classes: m.Classes}.Point(z, int(d.y[i]), nil, nil)
		}
	}
	for i, c := range m.Coefficients {
		if !o.NoStandardize {
			c *= deviation[i%d.columns]
		}
		penalty += o.L2/2*c*c + o.L1*math.Abs(c)
	}
	return sum/total + penalty
}

// optimum is a case of testdata/optima.json.
type optimum struct {
	Dataset                   string
	Rows                      int
	Positive                  *int
	Gamma                     []float64
	Weights                   any
	L2                        float64
	Standardize, FitIntercept bool
	SampleWeight              *string
	Objective, Intercept      float64
	Coefficients              []float64
}

func (c optimum) options() Options {
	o := Options{Classes: loss.Uniform(len(c.Gamma), 0), L2: c.L2, NoIntercept: !c.FitIntercept, NoStandardize: !c.Standardize, Tolerance: 1e-6}
	for k, g := range c.Gamma {
		o.Classes[k].Gamma = g
	}
	if list, ok := c.Weights.([]any); ok {
		for k, w := range list {
			o.Classes[k].Weight = w.(float64)
		}
	}
	if c.Weights == "balanced" {
		o.Weighting = Balanced
	}
	if c.SampleWeight != nil { // 1 + (i mod 3)
		for i := range c.Rows {
			o.SampleWeight = append(o.SampleWeight, 1+float64(i%3))
		}
	}
	return o
}

// Objectives within 1e-6 relative of optima found in float64 by another
// program, at the default tolerance.
func TestOptima(t *testing.T) {
	var golden struct{ Cases []optimum }
	numtest.Load(t, "testdata/optima.json", &golden)
	tables := map[string]table{"breast_cancer": readTable(t, "breast_cancer"), "digits": readTable(t, "digits")}
	if len(golden.Cases) < 20 {
		t.Fatalf("only %d cases", len(golden.Cases))
	}
	for i, c := range golden.Cases {
		positive := -1
		if c.Positive != nil {
			positive = *c.Positive
		}
		name := fmt.Sprintf("%d %s gamma=%v weights=%v l2=%g", i, c.Dataset, c.Gamma, c.Weights, c.L2)
		t.Run(name, func(t *testing.T) {
			d := tables[c.Dataset].first(c.Rows, positive)
			o := c.options()
			fit := train(t, d.matrix(t), d.y, o)
			if fit.Status != optimize.Converged {
				t.Errorf("%v after %d iterations, gradient %g", fit.Status, fit.Iteration.Iteration, fit.Gradient)
			}
			numtest.AssertClose(t, "objective", fit.Value, c.Objective, 1e-6, 0)
			numtest.AssertClose(t, "objective by its definition", objectiveOf(d, &fit.Model, o), c.Objective, 1e-6, 0)
			if positive < 0 {
				return
			}
			// At the mean row, where a standardised intercept is the logit; that of
			// raw columns is far outside the data.
			z, want := make([]float64, 1), c.Intercept
			mean := means(d)
			fit.Logits(z, mean)
			for j, m := range mean {
				want += c.Coefficients[j] * m
			}
			numtest.AssertClose(t, "logit at the mean row", z[0], want, 1e-3, 1e-3)
		})
	}
}

// The numbers that the project's contract names.
func TestKnownOptima(t *testing.T) {
	cancer, digits := readTable(t, "breast_cancer"), readTable(t, "digits").first(1797, 8)
	for _, c := range []struct {
		table
		gamma, objective, intercept float64
	}{
		{cancer, 0, .059827937271, -.059378370}, {cancer, 2, .014964031683, .119954713},
		{digits, 0, .081355642888, -6.231891217}, {digits, 2, .020388476665, -2.648449066},
	} {
		fit := train(t, c.matrix(t), c.y, Options{Classes: loss.Uniform(2, c.gamma), L2: 1e-3})
		numtest.AssertClose(t, "objective", fit.Value, c.objective, 1e-6, 0)
		z := make([]float64, 1)
		fit.Logits(z, means(c.table))
		numtest.AssertClose(t, "intercept", z[0], c.intercept, 0, 1e-3)
	}
}

func means(d table) []float64 {
	mean := make([]float64, d.columns)
	for i, v := range d.x {
		mean[i%d.columns] += v / float64(d.rows)
	}
	return mean
}

// synthetic returns rows of which about a share is positive, further out in
// the first two columns.
func synthetic(seed uint64, rows, columns int, share float64) table {
	r := rand.New(rand.NewPCG(seed, 0))
	d := table{rows: rows, columns: columns}
	for range rows {
		y := int32(0)
		if r.Float64() < share {
			y = 1
		}
		for j := range columns {
			v := r.NormFloat64()
			if j < 2 {
				v += 1.2 * float64(y)
			}
			d.x = append(d.x, v)
		}
		d.y = append(d.y, y)
	}
	return d
}

func TestGradientByFiniteDifferences(t *testing.T) {
	d := synthetic(1, lineRows+230, 5, 0.3) // more than a look along a line takes at once
	d.x[7] = 300                            // a column that standardisation changes much
	three := append([]int32(nil), d.y...)
	for i := range three {
		three[i] += int32(i % 2)
	}
	for name, o := range map[string]Options{
		"two":            {Classes: []loss.Class{{Gamma: 2, Weight: 1}, {Gamma: 2, Weight: 4}}, L2: 0.1},
		"raw columns":    {Classes: loss.Uniform(2, 1), L2: 0.1, NoStandardize: true},
		"no intercept":   {Classes: loss.Uniform(2, 0), L2: 0.1, NoIntercept: true},
		"raw, through 0": {Classes: loss.Uniform(2, 0.5), L2: 0.1, NoIntercept: true, NoStandardize: true},
		"three":          {Classes: []loss.Class{{Gamma: 2, Weight: 1}, {Gamma: 1, Weight: 2}, {Gamma: 0, Weight: 3}}, L2: 0.1},
		"three, raw":     {Classes: loss.Uniform(3, 2), L2: 0.1, NoStandardize: true},
	} {
		y := d.y
		if len(o.Classes) == 3 {
			y = three
		}
		p, err := newProblem(d.matrix(t), y, o)
		if err != nil {
			t.Fatal(err)
		}
		b := newObjective(context.Background(), d.matrix(t), p.heads, p.link(), p.total, o)
		r := rand.New(rand.NewPCG(9, 9))
		v, gradient := make([]float64, b.dim()), make([]float64, b.dim())
		for i := range v {
			v[i] = r.NormFloat64() * 0.3
		}
		value, _ := b.ValueGrad(v, gradient)
		other := make([]float64, b.dim())
		if again, _ := b.ValueGrad(v, other); again != value {
			t.Errorf("%s: %g, then %g at the same point", name, value, again)
		}
		for i := range v {
			h := 1e-2
			at := func(x float64) float64 {
				moved := append([]float64(nil), v...)
				moved[i] = x
				f, _ := b.ValueGrad(moved, other)
				return f
			}
			numtest.AssertClose(t, fmt.Sprintf("%s: gradient[%d]", name, i), gradient[i], numtest.Derivative(at, v[i], h), 1e-3, 3e-4)
		}
		// The view along a line is the function on it.
		w := append([]float64(nil), v...)
		for i := range w {
			w[i] += r.NormFloat64()
		}
		b.ValueGrad(v, gradient)
		b.ValueGrad(w, other)
		phi, err := b.Along(v, w)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []float64{0, 0.3, 1, 2} {
			at := make([]float64, len(v))
			for i := range at {
				at[i] = v[i] + s*(w[i]-v[i])
			}
			got, slope := phi(s)
			fresh := newObjective(context.Background(), d.matrix(t), p.heads, p.link(), p.total, o)
			want, _ := fresh.ValueGrad(at, gradient)
			wantSlope := 0.0
			for i := range at {
				wantSlope += gradient[i] * (w[i] - v[i])
			}
			numtest.AssertClose(t, name+": φ", got, want, 1e-5, 0)
			numtest.AssertClose(t, name+": φ′", slope, wantSlope, 1e-4, 1e-5)
		}
	}
}

// A line between points whose scores were overwritten is computed anew.
func TestAlongForgottenPoints(t *testing.T) {
	d := synthetic(2, 100, 3, 0.5)
	o := Options{Classes: loss.Uniform(2, 2)}
	p, _ := newProblem(d.matrix(t), d.y, o)
	b := newObjective(context.Background(), d.matrix(t), 1, p.link(), p.total, o)
	g := make([]float64, 4)
	x, y := []float64{1, 0, 0, 0}, []float64{0, 1, 0, 2}
	wantX, _ := b.ValueGrad(x, g)
	wantY, _ := b.ValueGrad(y, g)
	b.ValueGrad([]float64{5, 5, 5, 5}, g)
	b.ValueGrad([]float64{6, 5, 5, 5}, g)
	phi, err := b.Along(x, y)
	if err != nil {
		t.Fatal(err)
	}
	at0, _ := phi(0)
	at1, _ := phi(1)
	numtest.AssertClose(t, "φ(0)", at0, wantX, 1e-6, 0)
	numtest.AssertClose(t, "φ(1)", at1, wantY, 1e-6, 0)
}

func TestStartsAtTheInterceptOnlySolution(t *testing.T) {
	d := synthetic(3, 900, 2, 0.05)
	for _, classes := range [][]loss.Class{loss.Uniform(2, 2), {{Gamma: 5, Weight: 1}, {Gamma: 0.5, Weight: 9}}, loss.Uniform(3, 2)} {
		y := append([]int32(nil), d.y...)
		if len(classes) == 3 {
			for i := range y {
				y[i] = int32(i % 7 % 3)
			}
		}
		o := Options{Classes: classes}
		p, _ := newProblem(d.matrix(t), y, o)
		b := newObjective(context.Background(), d.matrix(t), p.heads, p.link(), p.total, o)
		start, gradient := make([]float64, b.dim()), make([]float64, b.dim())
		b.start(start, p, nil)
		b.ValueGrad(start, gradient)
		for h := range p.heads {
			numtest.AssertClose(t, "gradient in the intercept", gradient[p.heads*2+h], 0, 0, 1e-7)
		}
	}
}

func TestWarmStart(t *testing.T) {
	d := readTable(t, "breast_cancer")
	for _, o := range []Options{
		{Classes: loss.Uniform(2, 2), L2: 1e-3},
		{Classes: loss.Uniform(2, 2), L2: 1e-9, NoStandardize: true, MaxIterations: 3000, Tolerance: 1e-4},
	} {
		first := train(t, d.matrix(t), d.y, o)
		o.Start = &first.Model
		again := train(t, d.matrix(t), d.y, o)
		if again.Iteration.Iteration > 2 || again.Iteration.Iteration >= first.Iteration.Iteration {
			t.Errorf("%d iterations from the solution, %d from nothing", again.Iteration.Iteration, first.Iteration.Iteration)
		}
		numtest.AssertClose(t, "objective", again.Value, first.Value, 1e-6, 0)
	}
}

func TestSampleWeightsRepeatRows(t *testing.T) {
	d := synthetic(4, 300, 3, 0.3)
	repeated := table{columns: 3}
	weights := make([]float64, d.rows)
	for i := range d.rows {
		weights[i] = float64(i % 3)
		for range i % 3 {
			repeated.rows++
			repeated.x = append(repeated.x, d.x[i*3:][:3]...)
			repeated.y = append(repeated.y, d.y[i])
		}
	}
	// On the columns as they are, because weights do not enter the scaler.
	o := Options{Classes: loss.Uniform(2, 2), L2: 1e-2, NoStandardize: true}
	want := train(t, repeated.matrix(t), repeated.y, o)
	o.SampleWeight = weights
	got := train(t, d.matrix(t), d.y, o)
	numtest.AssertClose(t, "objective", got.Value, want.Value, 1e-6, 0)
	for j := range got.Coefficients {
		numtest.AssertClose(t, "coefficient", got.Coefficients[j], want.Coefficients[j], 1e-3, 1e-4)
	}
}

// Focal loss alone does not cure imbalance: on a 49:1 set γ = 0 and γ = 2
// without weights find next to nothing, balanced weights do at either γ.
func TestHoleFocalAloneIsNoCure(t *testing.T) {
	d := synthetic(5, 10000, 4, 0.02)
	for _, gamma := range []float64{0, 2} {
		recall := map[bool]float64{}
		for _, balanced := range []bool{false, true} {
			o := Options{Classes: loss.Uniform(2, gamma), L2: 1e-4}
			if balanced {
				o.Weighting = Balanced
			}
			fit := train(t, d.matrix(t), d.y, o)
			found, z := 0, make([]float64, 1)
			for i, y := range d.y {
				fit.Logits(z, d.x[i*4:][:4])
				if y == 1 && fit.Decide(z) == 1 {
					found++
				}
			}
			recall[balanced] = float64(found) / float64(fit.ClassCounts[1])
			if fit.PredictedCounts[0]+fit.PredictedCounts[1] != d.rows {
				t.Errorf("%v rows predicted, want %d", fit.PredictedCounts, d.rows)
			}
		}
		if recall[false] > 0.1 || recall[true] < 0.7 {
			t.Errorf("γ = %g: recall %.2f without weights, %.2f balanced", gamma, recall[false], recall[true])
		}
	}
}

// Trained on data of known posterior, focal or weighted, the recovered
// probabilities are near it and the raw ones are not.
func TestPosteriorIsRecovered(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	d := table{rows: 40000, columns: 2}
	var truth []float64
	for range d.rows {
		a, b := r.NormFloat64(), r.NormFloat64()
		p := 1 / (1 + math.Exp(-(1.5*a - b - 1)))
		y := int32(0)
		if r.Float64() < p {
			y = 1
		}
		d.x, d.y, truth = append(d.x, a, b), append(d.y, y), append(truth, p)
	}
	for _, o := range []Options{{Classes: loss.Uniform(2, 2)}, {Classes: loss.Uniform(2, 0), Weighting: Balanced}, {Classes: loss.Uniform(2, 2), Weighting: Balanced}} {
		fit := train(t, d.matrix(t), d.y, o)
		var off, rawOff float64
		p, z := make([]float64, 2), make([]float64, 1)
		for i := range d.rows {
			fit.Logits(z, d.x[2*i:][:2])
			fit.Posterior(p, z)
			off += math.Abs(p[1]-truth[i]) / float64(d.rows)
			rawOff += math.Abs(1/(1+math.Exp(-z[0]))-truth[i]) / float64(d.rows)
		}
		if off > 0.02 || rawOff < 3*off {
			t.Errorf("γ = %g: off by %.4f, raw by %.4f", o.Classes[0].Gamma, off, rawOff)
		}
	}
}

func TestSoftmaxOfTwoColumnsFindsThreeClasses(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	d := table{rows: 3000, columns: 2}
	for i := range d.rows {
		class := []int{0, 0, 0, 0, 0, 0, 0, 0, 1, 2}[i%10]
		angle := 2 * math.Pi * float64(class) / 3
		d.x = append(d.x, 2*math.Cos(angle)+r.NormFloat64(), 2*math.Sin(angle)+r.NormFloat64())
		d.y = append(d.y, int32(class))
	}
	fit := train(t, d.matrix(t), d.y, Options{Classes: loss.Uniform(3, 2), L2: 1e-3, Weighting: Balanced})
	right := make([]int, 3)
	z, p := make([]float64, 3), make([]float64, 3)
	for i, y := range d.y {
		fit.Logits(z, d.x[2*i:][:2])
		if fit.Decide(z) == int(y) {
			right[y]++
		}
		fit.Posterior(p, z)
		numtest.AssertClose(t, "sum of the posterior", p[0]+p[1]+p[2], 1, 1e-12, 0)
	}
	for c, n := range right {
		if float64(n) < 0.85*float64(fit.ClassCounts[c]) {
			t.Errorf("class %d: %d of %d found", c, n, fit.ClassCounts[c])
		}
	}
	numtest.AssertClose(t, "sum of the intercepts", fit.Intercepts[0]+fit.Intercepts[1]+fit.Intercepts[2], 0, 0, 1e-4)
}

// A rare class in columns far from 0 and of very different scales.
func TestColumnsFarFromZero(t *testing.T) {
	d := synthetic(8, 5000, 3, 0.1)
	shifted := table{rows: d.rows, columns: 3, y: d.y}
	for i, v := range d.x {
		switch i % 3 {
		case 0:
			v = 1.6e12 + 8.64e7*v // milliseconds since 1970
		case 1:
			v = 1e-9 * v
		}
		shifted.x = append(shifted.x, v)
	}
	want := train(t, d.matrix(t), d.y, Options{Classes: loss.Uniform(2, 2), L2: 1e-3})
	got := train(t, shifted.matrix(t), d.y, Options{Classes: loss.Uniform(2, 2), L2: 1e-3})
	numtest.AssertClose(t, "objective", got.Value, want.Value, 1e-5, 0)
	numtest.AssertClose(t, "coefficient", got.Coefficients[1], want.Coefficients[1]*1e9, 1e-3, 0)
}

// Of equal logits the first class wins, of two at the threshold the second.
func TestTiesAreDecided(t *testing.T) {
	three := &Model{Classes: loss.Uniform(3, 2)}
	if c := three.Decide([]float64{1, 2, 2}); c != 1 {
		t.Errorf("of three equal ones: %d", c)
	}
	three.Classes[2].Gamma = 1 // by the posteriors
	if c := three.Decide([]float64{2, 2, -3}); c != 0 {
		t.Errorf("of equal posteriors: %d", c)
	}
	if c := (&Model{Classes: []loss.Class{{Gamma: 2, Weight: 1}, {Gamma: 2, Weight: 9}}}).Decide([]float64{0}); c != 1 {
		t.Errorf("at the threshold: %d", c)
	}
}
