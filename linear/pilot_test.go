package linear

import (
	"context"
	"math"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// A fit of many rows ends where the one without a pilot does, in fewer passes,
// whatever the rows are sorted by and weigh, and however uneven the columns are.
func TestPilot(t *testing.T) {
	d := synthetic(21, 80000, 8, 0.02)
	for i := range d.x { // columns that hang together, of uneven scale
		if j := i % 8; j > 0 {
			d.x[i] = math.Pow(10, float64(j-4)) * (d.x[i]/4 + d.x[i-j]) // the first stays as it is
		}
	}
	weights := make([]float64, d.rows)
	for i := range weights {
		weights[i] = float64(i % 3)
	}
	sorted := table{rows: d.rows, columns: d.columns, x: make([]float64, 0, len(d.x))}
	for class := range int32(2) {
		for i, y := range d.y {
			if y == class {
				sorted.x, sorted.y = append(sorted.x, d.x[i*8:][:8]...), append(sorted.y, y)
			}
		}
	}
	for name, c := range map[string]struct {
		d table
		o Options
	}{
		"focal":        {d, Options{Classes: loss.Uniform(2, 2), L2: 1e-4, Weighting: Balanced}},
		"logistic":     {d, Options{Classes: loss.Uniform(2, 0), L2: 1e-4}},
		"raw":          {d, Options{Classes: loss.Uniform(2, 2), L2: 1e-4, NoStandardize: true}},
		"no intercept": {d, Options{Classes: loss.Uniform(2, 2), L2: 1e-3, NoIntercept: true}},
		"no penalty":   {d, Options{Classes: loss.Uniform(2, 2)}},
		"weights":      {d, Options{Classes: loss.Uniform(2, 2), L2: 1e-4, SampleWeight: weights}},
		"sorted":       {sorted, Options{Classes: loss.Uniform(2, 2), L2: 1e-4, Weighting: Balanced}},
	} {
		x := c.d.matrix(t)
		evaluations := 0
		c.o.Record = func(i optimize.Iteration) { evaluations = i.Evaluations }
		fit := train(t, x, c.d.y, c.o)
		if fit.Status != optimize.Converged || fit.Evaluations != evaluations {
			t.Errorf("%s: %v, %d evaluations, recorded %d", name, fit.Status, fit.Evaluations, evaluations)
		}
		c.o.Solver = LBFGS
		want := train(t, x, c.d.y, c.o)
		numtest.AssertClose(t, name, fit.Value, want.Value, 1e-6, 0)
		if fit.Evaluations >= want.Evaluations {
			t.Errorf("%s: %d evaluations, without a pilot %d", name, fit.Evaluations, want.Evaluations)
		}
		p, err := newPilotOf(x, c.d.y, c.o)
		if err != nil || p == nil {
			t.Fatalf("%s: pilot %v, %v", name, p, err)
		}
		// The passes over all are one for the gradient at 0, one for the start and at least one an iteration.
		if whole := fit.Iteration.Iteration + 2; name == "focal" && (p.passes <= 0 || fit.Evaluations < whole+int(math.Ceil(p.passes))) {
			t.Errorf("%d evaluations, of which the pilot's are %g and others at least %d", fit.Evaluations, p.passes, whole)
		}
	}
}

func newPilotOf(x Data, y []int32, o Options) (*pilot, error) {
	p, err := newProblem(x, y, o)
	if err != nil {
		return nil, err
	}
	return newPilot(newObjective(always{}, x, p.heads, p.link(), p.total, o), p, o, 1e-4)
}

// The rows drawn stand for all: their weights add up to those of the classes.
func TestStratified(t *testing.T) {
	d := synthetic(24, 50000, 1, 0.01)
	weights := make([]float64, d.rows)
	for i := range weights {
		weights[i] = float64(i % 4)
	}
	for _, sample := range [][]float64{nil, weights} {
		p, err := newProblem(d.matrix(t), d.y, Options{Classes: loss.Uniform(2, 2), Weighting: Balanced, SampleWeight: sample})
		if err != nil {
			t.Fatal(err)
		}
		rows, y, weight := p.stratified(2000)
		var shares [2]float64
		last := int32(-1)
		for n, i := range rows {
			if i <= last || d.y[i] != y[n] || !(weight[n] > 0) {
				t.Fatalf("row %d after %d, class %d, weight %g", i, last, y[n], weight[n])
			}
			last = i
			shares[y[n]] += weight[n]
		}
		for c, share := range shares {
			numtest.AssertClose(t, "share", share, p.shares[c], 1e-9, 0)
		}
		if len(rows) < 900 || len(rows) > 2500 {
			t.Errorf("%d rows for 2000", len(rows))
		}
	}
}

// A pilot that is stopped is a fit that is.
func TestPilotIsCancelled(t *testing.T) {
	d := synthetic(22, 80000, 4, 0.2)
	x := d.matrix(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	fit, err := Train(ctx, x, d.y, Options{Classes: loss.Uniform(2, 2)})
	if err != nil || fit.Status != optimize.Aborted {
		t.Errorf("%v, %v", fit, err)
	}
}

// The Hessian is the one whose products Hessian makes, where the loss is convex.
func TestInverseHessian(t *testing.T) {
	d := synthetic(23, 700, 5, 0.3)
	for i := range d.x {
		d.x[i] = d.x[i]*float64(1+i%5) + 3
	}
	x := d.matrix(t)
	for _, o := range []Options{{L2: 0.01}, {L2: 0.01, NoStandardize: true}, {L2: 0.01, NoIntercept: true}, {L2: 0.01, NoIntercept: true, NoStandardize: true}} {
		o.Classes = loss.Uniform(2, 0)
		p, err := newProblem(x, d.y, o)
		if err != nil {
			t.Fatal(err)
		}
		b := newObjective(always{}, x, 1, p.link(), p.total, o)
		at, v, product := make([]float64, b.dim()), make([]float64, b.dim()), make([]float64, b.dim())
		for i := range at {
			at[i], v[i] = 0.1*float64(i), math.Sin(float64(i))
		}
		hessian, err := b.Hessian(at)
		if err != nil {
			t.Fatal(err)
		}
		if err := hessian(v, product); err != nil {
			t.Fatal(err)
		}
		inverse, err := b.inverseHessian(at)
		if err != nil {
			t.Fatal(err)
		}
		inverse(product)
		for i := range v {
			numtest.AssertClose(t, "H⁻¹·H·v", product[i], v[i], 0, 1e-3)
		}
	}
}
