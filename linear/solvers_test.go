package linear

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// Every batch solver reaches the same objective.
func TestEverySolverReachesTheOptima(t *testing.T) {
	var golden struct{ Cases []optimum }
	numtest.Load(t, "testdata/optima.json", &golden)
	tables := map[string]table{"breast_cancer": readTable(t, "breast_cancer"), "digits": readTable(t, "digits")}
	for i, c := range golden.Cases {
		positive := -1
		if c.Positive != nil {
			positive = *c.Positive
		}
		d := tables[c.Dataset].first(c.Rows, positive)
		x := d.matrix(t)
		for _, solver := range []Solver{LBFGS, NewtonCG, OWLQN} {
			o := c.options()
			o.Solver = solver
			o.MaxIterations = 5000
			fit := train(t, x, d.y, o)
			if fit.Solver != solver {
				t.Errorf("case %d: asked for %v, got %v", i, solver, fit.Solver)
			}
			if math.Abs(fit.Value/c.Objective-1) > 1e-6 {
				t.Errorf("case %d %s γ=%v l2=%g standardize=%v, %v: objective %.12g, want %.12g (%v after %d iterations, gradient %g)",
					i, c.Dataset, c.Gamma, c.L2, c.Standardize, solver, fit.Value, c.Objective, fit.Status, fit.Iteration.Iteration, fit.Gradient)
			}
		}
	}
}

// The product with the Hessian is the change of the gradient.
func TestHessianIsTheChangeOfTheGradient(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	d := synthetic(9, 300, 5, 0.3)
	third := append([]int32(nil), d.y...)
	for i := range third {
		third[i] = int32(i % 3)
	}
	for _, c := range []struct {
		name string
		y    []int32
		o    Options
	}{
		{"binary", d.y, Options{Classes: loss.Uniform(2, 2), L2: 0.1}},
		{"asymmetric", d.y, Options{Classes: []loss.Class{{Gamma: 3, Weight: 1}, {Gamma: 0, Weight: 2}}, Clip: 0.05, L2: 0.1}},
		{"smoothed", d.y, Options{Classes: loss.Uniform(2, 2), Smoothing: 0.2, Epsilon: 1}},
		{"raw, no intercept", d.y, Options{Classes: loss.Uniform(2, 1), NoStandardize: true, NoIntercept: true, L2: 1}},
		{"raw", d.y, Options{Classes: loss.Uniform(2, 1), NoStandardize: true, L2: 1}},
		{"softmax", third, Options{Classes: loss.Uniform(3, 2), L2: 0.01}},
		{"softmax, smoothed", third, Options{Classes: loss.Uniform(3, 1), Epsilon: 0.5, Smoothing: 0.1}},
	} {
		x := d.matrix(t)
		p, err := newProblem(x, c.y, c.o)
		if err != nil {
			t.Fatal(err)
		}
		b := newObjective(context.Background(), x, p.heads, p.link(), p.total, c.o)
		n := b.dim()
		at, v, out := make([]float64, n), make([]float64, n), make([]float64, n)
		for i := range at {
			at[i], v[i] = r.NormFloat64()*0.3, r.NormFloat64()
		}
		product, err := b.Hessian(at)
		if err != nil {
			t.Fatal(err)
		}
		if err := product(v, out); err != nil {
			t.Fatal(err)
		}
		const h = 2e-2
		up, down := make([]float64, n), make([]float64, n)
		far := func(to []float64, s float64) []float64 {
			moved := make([]float64, n)
			for i := range moved {
				moved[i] = at[i] + s*v[i]
			}
			if _, err := b.ValueGrad(moved, to); err != nil {
				t.Fatal(err)
			}
			return to
		}
		up2, down2 := far(make([]float64, n), 2*h), far(make([]float64, n), -2*h)
		far(up, h)
		far(down, -h)
		for i := range out {
			want := (8*(up[i]-down[i]) - (up2[i] - down2[i])) / (12 * h)
			numtest.AssertClose(t, c.name+": product", out[i], want, 2e-3, 3e-5)
		}
	}
}

// A penalty of l1 leaves exact zeros, and the optimality conditions hold.
func TestL1(t *testing.T) {
	d := synthetic(4, 600, 12, 0.3)
	for _, o := range []Options{
		{Classes: loss.Uniform(2, 0), L1: 0.02},
		{Classes: loss.Uniform(2, 2), L1: 0.01, L2: 0.01},
		{Classes: loss.Uniform(2, 1), L1: 0.005, NoStandardize: true},
	} {
		fit := train(t, d.matrix(t), d.y, o)
		if fit.Status != optimize.Converged || fit.Solver != OWLQN {
			t.Errorf("%v by %v, gradient %g", fit.Status, fit.Solver, fit.Gradient)
		}
		zeros := 0
		for _, c := range fit.Coefficients {
			if c == 0 {
				zeros++
			}
		}
		if zeros == 0 || zeros == len(fit.Coefficients) {
			t.Errorf("%d of %d coefficients are 0", zeros, len(fit.Coefficients))
		}
		// No neighbour is lower.
		at := objectiveOf(d, &fit.Model, o)
		for j := range fit.Coefficients {
			for _, s := range []float64{-1e-3, 1e-3} {
				m := fit.Model
				m.Coefficients = slices.Clone(m.Coefficients)
				m.Coefficients[j] += s
				if other := objectiveOf(d, &m, o); other < at*(1-1e-7) {
					t.Errorf("coefficient %d %+g: %.12g, below %.12g", j, s, other, at)
				}
			}
		}
	}
	if _, err := Train(context.Background(), d.matrix(t), d.y, Options{Classes: loss.Uniform(2, 0), L1: 0.1, Solver: LBFGS}); err == nil {
		t.Error("L-BFGS took l1")
	}
}

// Exact zeros where scikit-learn's saga has them, and nowhere else.
func TestL1AgainstSaga(t *testing.T) {
	var golden struct {
		Cases []struct {
			Dataset                      string
			Rows, Positive               int
			L1, L2, Objective, Intercept float64
			Support                      []int
			Coefficients                 []float64
		}
	}
	numtest.Load(t, "testdata/l1.json", &golden)
	for _, c := range golden.Cases {
		d := readTable(t, c.Dataset).first(c.Rows, c.Positive)
		x := d.matrix(t)
		fit := train(t, x, d.y, Options{Classes: loss.Uniform(2, 0), L1: c.L1, L2: c.L2})
		numtest.AssertClose(t, "objective", fit.Value, c.Objective, 1e-6, 0)
		var support []int
		for j, w := range fit.Coefficients {
			if w != 0 {
				support = append(support, j)
			}
			numtest.AssertClose(t, "coefficient", w*x.deviation[j], c.Coefficients[j], 0, 2e-3)
		}
		if !slices.Equal(support, c.Support) {
			t.Errorf("%s l1=%g l2=%g: support %v, want %v", c.Dataset, c.L1, c.L2, support, c.Support)
		}
	}
}

// A path of models from the one before takes fewer passes than fits from 0,
// and ends at the same places.
func TestPathIsCheaperThanFits(t *testing.T) {
	two, ten := readTable(t, "breast_cancer"), readTable(t, "digits").first(1000, -1)
	for name, c := range map[string]struct {
		d       table
		classes int
		path    func() []Options
		ratio   float64 // of the passes, with room to spare
	}{
		"l2": {two, 2, func() (path []Options) {
			for l2 := 1e-1; l2 > 5e-4; l2 /= 2 {
				path = append(path, Options{Classes: loss.Uniform(2, 2), L2: l2})
			}
			return path
		}, 0.9},
		"gamma":          {two, 2, gammaPath(2), 0.85},
		"gamma, softmax": {ten, 10, gammaPath(10), 0.95},
		"gamma, digit 8": {readTable(t, "digits").first(1797, 8), 2, gammaPath(2), 0.9},
	} {
		x, path := c.d.matrix(t), c.path()
		fits, err := TrainPath(context.Background(), x, c.d.y, path)
		if err != nil {
			t.Fatal(err)
		}
		along, alone := 0, 0
		for i, fit := range fits {
			single := train(t, x, c.d.y, path[i])
			numtest.AssertClose(t, name+": objective", fit.Value, single.Value, 5e-6, 0)
			along, alone = along+fit.Evaluations, alone+single.Evaluations
		}
		t.Logf("%s: %d passes along the path, %d alone", name, along, alone)
		if float64(along) > c.ratio*float64(alone) {
			t.Errorf("%s: %d passes along the path, %d alone", name, along, alone)
		}
	}
}

func gammaPath(classes int) func() []Options {
	return func() (path []Options) {
		for _, gamma := range []float64{0, 0.5, 1, 2, 3, 5} {
			path = append(path, Options{Classes: loss.Uniform(classes, gamma), L2: 1e-3})
		}
		return path
	}
}

// What is scaled along a path of γ is the logit, and nothing where γ differs by
// class or stays.
func TestTowardsScalesLogits(t *testing.T) {
	m := &Model{Columns: 1, Classes: loss.Uniform(2, 1), Coefficients: []float64{6}, Intercepts: []float64{-3}}
	to := m.towards(loss.Uniform(2, 3))
	if to.Coefficients[0] != 3 || to.Intercepts[0] != -1.5 || m.Coefficients[0] != 6 {
		t.Errorf("%+v from %+v", to, m)
	}
	differ := func(a, b float64) []loss.Class { return []loss.Class{{Gamma: a, Weight: 1}, {Gamma: b, Weight: 1}} }
	if m.towards(loss.Uniform(2, 1)) != m || m.towards(differ(3, 1)) != m || m.towards(differ(1, 3)) != m {
		t.Error("it is scaled")
	}
}

func TestAutoChooses(t *testing.T) {
	d := synthetic(5, 100, 3, 0.3)
	for _, c := range []struct {
		o    Options
		want Solver
	}{{Options{}, LBFGS}, {Options{L1: 1e-3}, OWLQN}, {Options{L1: 1e-3, Solver: OWLQN}, OWLQN}, {Options{Solver: NewtonCG}, NewtonCG}} {
		c.o.Classes, c.o.L2 = loss.Uniform(2, 2), 1e-2
		if fit := train(t, d.matrix(t), d.y, c.o); fit.Solver != c.want {
			t.Errorf("%v for %+v, want %v", fit.Solver, c.o, c.want)
		}
	}
}

// Gaps of held rows are filled as the training rows' are.
func TestHeldRowsAreFilledAsTheTrainingRows(t *testing.T) {
	d, other := synthetic(18, 200, 3, 0.3), synthetic(19, 100, 3, 0.3)
	for i := range other.x {
		other.x[i] += 2 // a mean of their own
	}
	whole := table{rows: other.rows, columns: 3, x: slices.Clone(other.x), y: other.y}
	read := func(d table) *Matrix {
		return build(t, d.rows, d.columns, Mean, d.x)
	}
	d.x[7] = math.NaN()
	x := read(d)
	for i := 1; i < len(other.x); i += 5 {
		other.x[i], whole.x[i] = math.NaN(), x.Fill()[i%3]
	}
	for _, expand := range []*Expansion{nil, {}} {
		var train Data = x
		var features *Features
		if expand != nil {
			m, f, err := expand.Make(context.Background(), x, true)
			if err != nil {
				t.Fatal(err)
			}
			train, features = m, f
		}
		var losses [][]float64
		for _, rows := range []*Matrix{read(other), whole.matrix(t)} {
			alike, err := Alike(context.Background(), rows, x, features)
			if err != nil {
				t.Fatal(err)
			}
			held := &Held{X: alike, Y: other.y, Patience: -1}
			if _, err := Train(context.Background(), train, d.y, Options{Classes: loss.Uniform(2, 2), L2: 1e-2, Held: held}); err != nil {
				t.Fatal(err)
			}
			losses = append(losses, held.Losses)
		}
		for i, want := range losses[1] {
			numtest.AssertClose(t, "loss", losses[0][i], want, 1e-5, 0)
		}
	}
}

// The objective does not depend on the size of sample weights, however far from
// what float32 holds they are.
func TestSampleWeightsOfAnySize(t *testing.T) {
	d := synthetic(4, 300, 4, 0.2)
	var want *Fit
	for _, size := range []float64{1, 0x1p-200, 1e-46, 1e-300, 1e39, 1e300} {
		o := Options{Classes: loss.Uniform(2, 2), L2: 1e-3, SampleWeight: make([]float64, d.rows)}
		for i := range o.SampleWeight {
			o.SampleWeight[i] = size * float64(1+i%4)
		}
		fit := train(t, d.matrix(t), d.y, o)
		if want == nil {
			want = fit
		}
		tolerance := 1e-4
		if size == 0x1p-200 {
			tolerance = 0
		}
		numtest.AssertClose(t, "objective", fit.Value, want.Value, tolerance, 0)
		for j, c := range fit.Model.Coefficients {
			numtest.AssertClose(t, "coefficient", c, want.Model.Coefficients[j], tolerance, tolerance)
		}
	}
}

func TestEarlyStopping(t *testing.T) {
	d := synthetic(2, 400, 60, 0.3)
	rows := func(from, to int) table {
		return table{rows: to - from, columns: d.columns, x: d.x[from*d.columns : to*d.columns], y: d.y[from:to]}
	}
	a, b := rows(0, 120), rows(120, 400)
	held := &Held{X: b.matrix(t), Y: b.y, Patience: 3}
	o := Options{Classes: loss.Uniform(2, 0), L2: 1e-9, Held: held}
	fit := train(t, a.matrix(t), a.y, o)
	if fit.Status != optimize.EarlyStopped {
		t.Fatalf("%v", fit.Status)
	}
	mean := func(m *Model) float64 {
		sum, z := 0.0, make([]float64, 1)
		for i, y := range b.y {
			m.Logits(z, b.x[i*b.columns:][:b.columns])
			f, _, _ := loss.NewBinary(0).Point(z[0], float64(y))
			sum += f / float64(b.rows)
		}
		return sum
	}
	numtest.AssertClose(t, "the model is the best seen", mean(&fit.Model), slices.Min(held.Losses), 1e-5, 0)
	numtest.AssertClose(t, "the objective told is the model's", fit.Value, objectiveOf(a, &fit.Model, o), 1e-4, 0)
	if n := len(held.Losses); n != fit.Iteration.Iteration+1 || held.Losses[n-1] <= slices.Min(held.Losses) {
		t.Errorf("losses %v at %d iterations", held.Losses, fit.Iteration.Iteration)
	}
	// Weights of the held rows count, and the patience is to the iteration.
	last := slices.Index(held.Losses, slices.Min(held.Losses))
	if n := len(held.Losses); n-1-last != 3 {
		t.Errorf("ended %d iterations after the best", n-1-last)
	}
	o.Held = &Held{X: b.matrix(t), Y: b.y, SampleWeight: make([]float64, b.rows)}
	for i := range b.rows {
		o.Held.SampleWeight[i] = float64(i % 3)
	}
	weighted := train(t, a.matrix(t), a.y, o)
	sum, total, z := 0.0, 0.0, make([]float64, 1)
	for i, y := range b.y {
		weighted.Logits(z, b.x[i*b.columns:][:b.columns])
		f, _, _ := loss.NewBinary(0).Point(z[0], float64(y))
		sum, total = sum+float64(i%3)*f, total+float64(i%3)
	}
	numtest.AssertClose(t, "the best by weights", sum/total, slices.Min(o.Held.Losses), 1e-5, 0)
	if n := len(o.Held.Losses); n-1-slices.Index(o.Held.Losses, slices.Min(o.Held.Losses)) != 10 {
		t.Errorf("the default patience: losses %v", o.Held.Losses)
	}
	// Who is more patient than the fit takes still gets the best model, and is told so.
	o.Held = &Held{X: b.matrix(t), Y: b.y, Patience: 1000}
	patient := train(t, a.matrix(t), a.y, o)
	numtest.AssertClose(t, "the objective told is the best model's", patient.Value, objectiveOf(a, &patient.Model, o), 1e-4, 0)
	if patient.Status != optimize.EarlyStopped {
		t.Errorf("the best model is called %v", patient.Status)
	}
	// Held rows of one class have a loss.
	one := &Held{X: b.matrix(t), Y: make([]int32, b.rows)}
	o.Held = one
	if train(t, a.matrix(t), a.y, o); len(one.Losses) < 2 {
		t.Errorf("losses %v", one.Losses)
	}
	// Without patience they are only watched.
	o.Held = &Held{X: b.matrix(t), Y: b.y, Patience: -1}
	watched := train(t, a.matrix(t), a.y, o)
	o.Held = nil
	if plain := train(t, a.matrix(t), a.y, o); watched.Value != plain.Value || watched.Status == optimize.EarlyStopped {
		t.Errorf("watching changed the fit: %g, %g", watched.Value, plain.Value)
	}
}
