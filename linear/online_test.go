package linear

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
	"github.com/focalfit/focalfit/loss"
)

// One pass over a shuffled stream comes near the batch fit.
func TestOnlineComesNearTheBatch(t *testing.T) {
	d := synthetic(21, 20000, 6, 0.1)
	for i := range d.x {
		d.x[i] = d.x[i]*50 + 1000 // columns far from 0, of another scale
	}
	x := d.matrix(t)
	for _, o := range []Options{{Classes: loss.Uniform(2, 0), L2: 1e-4}, {Classes: loss.Uniform(2, 2), L2: 1e-4}, {Classes: loss.Uniform(2, 2), L2: 1e-4, Weighting: Balanced}} {
		l := NewOnline(o, d.columns)
		if err := l.Learn(d.y, d.x, nil, nil, nil); err != nil {
			t.Fatal(err)
		}
		m := l.Model(true)
		batch := train(t, x, d.y, o)
		// Both in the objective of the batch.
		m.Classes = batch.Classes
		start, got := objectiveOf(d, &Model{Columns: 6, Classes: batch.Classes, Coefficients: make([]float64, 6), Intercepts: []float64{0}}, o), objectiveOf(d, &m, o)
		if gap := (got - batch.Value) / (start - batch.Value); gap > 0.03 {
			t.Errorf("%+v: objective %g, batch %g, at zero %g", o, got, batch.Value, start)
		}
	}
}

func TestOnlineFromTheFirstRow(t *testing.T) {
	o := Options{Classes: loss.Uniform(3, 2), L1: 1e-3, Weighting: Balanced}
	l := NewOnline(o, 2)
	z, p := make([]float64, 3), make([]float64, 3)
	for i := range 30 {
		m := l.Model(true)
		m.Logits(z, []float64{1, 2})
		m.Posterior(p, z)
		if sum := p[0] + p[1] + p[2]; !(math.Abs(sum-1) < 1e-12) {
			t.Fatalf("after %d rows: %v", i, p)
		}
		if err := l.Learn([]int32{int32(i % 3)}, []float64{float64(i % 3), float64(i)}, nil, nil, []float64{2}); err != nil {
			t.Fatal(err)
		}
	}
}

// A state that was saved continues to the bit, and rows one at a time are
// rows together.
func TestOnlineStateContinues(t *testing.T) {
	d := synthetic(22, 500, 4, 0.2)
	o := Options{Classes: loss.Uniform(2, 2), L2: 1e-3, L1: 1e-4, Weighting: Balanced}
	whole, parts := NewOnline(o, 4), NewOnline(o, 4)
	if err := whole.Learn(d.y, d.x, nil, nil, nil); err != nil {
		t.Fatal(err)
	}
	for i := range d.y {
		if i == 250 {
			parts = &Online{Options: o, Columns: 4, State: slices.Clone(parts.State)}
		}
		if err := parts.Learn(d.y[i:i+1], d.x[4*i:4*i+4], nil, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(whole.State, parts.State) {
		t.Error("the states differ")
	}
}

// Sparse rows are dense ones that are not centred, and l1 leaves exact zeros.
func TestOnlineSparse(t *testing.T) {
	d, indptr, indices, values := sparseTable(23, 800, 10, 0.3)
	o := Options{Classes: loss.Uniform(2, 1), L2: 1e-4, NoStandardize: true}
	sparse, dense := NewOnline(o, 10), NewOnline(o, 10)
	if err := errors.Join(sparse.Learn(d.y, values, indptr, indices, nil), dense.Learn(d.y, d.x, nil, nil, nil)); err != nil {
		t.Fatal(err)
	}
	a, b := sparse.Model(false), dense.Model(true)
	for j := range a.Coefficients {
		if math.Abs(a.Coefficients[j]-b.Coefficients[j]) > 1e-9 {
			t.Errorf("coefficient %d: %g, dense %g", j, a.Coefficients[j], b.Coefficients[j])
		}
	}
	o.L1 = 0.05
	o.NoStandardize = false
	sparse = NewOnline(o, 10)
	if err := sparse.Learn(d.y, values, indptr, indices, nil); err != nil {
		t.Fatal(err)
	}
	zeros := 0
	for _, c := range sparse.Model(false).Coefficients {
		if c == 0 {
			zeros++
		}
	}
	if zeros < 3 || zeros == 10 { // column 3 has no entries
		t.Errorf("%d coefficients are 0", zeros)
	}
}

// A column far from 0, such as a time in milliseconds, is learnt as it is from
// its own beginning on.
func TestOnlineFarFromZero(t *testing.T) {
	d := synthetic(25, 400, 2, 0.2)
	near, far := make([]float64, 0, 800), make([]float64, 0, 800)
	for i := range d.y {
		second := 1000 * float64(i)
		near = append(near, d.x[2*i], second)
		far = append(far, d.x[2*i], 1.7e12+second)
	}
	o := Options{Classes: loss.Uniform(2, 2), L2: 1e-3}
	a, b := NewOnline(o, 2), NewOnline(o, 2)
	for i := range d.y {
		row := func(x []float64) []float64 { return x[2*i:][:2] }
		if err := errors.Join(a.Learn(d.y[i:i+1], row(near), nil, nil, nil), b.Learn(d.y[i:i+1], row(far), nil, nil, nil)); err != nil {
			t.Fatal(err)
		}
		m, n, z := a.Model(true), b.Model(true), []float64{0, 0}
		m.Logits(z[:1], row(near))
		n.Logits(z[1:], row(far))
		numtest.AssertClose(t, "logit", z[1], z[0], 1e-3, 1e-3)
		if t.Failed() {
			t.Fatalf("at row %d", i)
		}
	}
}

// States of sums, as there were before, go on as those of means.
func TestOnlineStateOfSums(t *testing.T) {
	d := synthetic(26, 300, 3, 0.2)
	o := Options{Classes: loss.Uniform(2, 2), L2: 1e-3}
	whole, parts := NewOnline(o, 3), NewOnline(o, 3)
	if err := errors.Join(whole.Learn(d.y, d.x, nil, nil, nil), parts.Learn(d.y[:150], d.x[:450], nil, nil, nil)); err != nil {
		t.Fatal(err)
	}
	before := parts.Model(true)
	parts.centre(false)
	if n := parts.State[0]; n != 150 {
		t.Fatalf("%g rows", n)
	}
	for j, c := range parts.Model(true).Coefficients {
		numtest.AssertClose(t, "coefficient by sums", c, before.Coefficients[j], 1e-12, 0)
	}
	// Sparse rows without an entry are rows of zeros.
	if err := parts.Learn(d.y[:0], nil, []int32{0}, nil, nil); err != nil || parts.State[0] != 150 {
		t.Fatal(parts.State[0], err)
	}
	if err := parts.Learn(d.y[150:], d.x[450:], nil, nil, nil); err != nil {
		t.Fatal(err)
	}
	for i, v := range whole.State {
		numtest.AssertClose(t, "state", parts.State[i], v, 1e-9, 1e-9)
	}
	empty := NewOnline(o, 3)
	if err := empty.Learn([]int32{0, 1}, nil, []int32{0, 0, 0}, nil, nil); err != nil || empty.State[0] != 2 {
		t.Error(empty.State[0], err)
	}
}

// Two sparse rows by hand: values are divided by the deviation and not centred.
func TestOnlineSparseByHand(t *testing.T) {
	l := NewOnline(Options{Classes: loss.Uniform(2, 0)}, 1)
	if err := l.Learn([]int32{0, 0}, []float64{2, 4}, []int32{0, 1, 2}, []int32{0, 0}, nil); err != nil {
		t.Fatal(err)
	}
	// The first row has no deviation yet: x̃ = 2, gradient σ(0) = 0.5, so z = 1 and n = 1, of the intercept 0.5 and 0.25.
	w, b := -1/((1+1)/rate), -0.5/((1+0.5)/rate)
	// The second has the mean 3 and deviation 1.
	g := 1 / (1 + math.Exp(-(4*w + b)))
	_, _, _, f := l.parts()
	numtest.AssertClose(t, "Σg²", f.N[0], 1+16*g*g, 1e-14, 0)
	numtest.AssertClose(t, "Σg² of the intercept", f.N[1], 0.25+g*g, 1e-14, 0)
	m, z := l.Model(false), []float64{0}
	m.Logits(z, []float64{4})
	numtest.AssertClose(t, "logit", z[0], 4*f.Weight(0)+f.FreeWeight(1), 1e-14, 0)
	numtest.AssertClose(t, "mean", m.Means[0], 3, 1e-14, 0)
}

// A sample weight multiplies the gradient of its row; 0 leaves the weights.
func TestOnlineSampleWeight(t *testing.T) {
	after := func(weights ...float64) (z, n []float64) {
		l := NewOnline(Options{Classes: loss.Uniform(3, 2), NoStandardize: true}, 2)
		y, x := []int32{1, 2}[:len(weights)], []float64{3, -2, 1, 5}[:2*len(weights)]
		if err := l.Learn(y, x, nil, nil, weights); err != nil {
			t.Fatal(err)
		}
		_, _, _, f := l.parts()
		return f.Z, f.N
	}
	z1, n1 := after(1)
	z2, n2 := after(2)
	z0, _ := after(2, 0)
	for i := range z1 {
		numtest.AssertClose(t, "z", z2[i], 2*z1[i], 1e-14, 0)
		numtest.AssertClose(t, "n", n2[i], 4*n1[i], 1e-14, 0)
		if z0[i] != z2[i] || z1[i] == 0 {
			t.Errorf("z[%d] is %g, after a row of weight 0 %g", i, z2[i], z0[i])
		}
	}
}

// Counts fade, so that weights made of them follow the stream.
func TestOnlineCountsFade(t *testing.T) {
	l := NewOnline(Options{Classes: loss.Uniform(2, 2), Weighting: Balanced}, 1)
	for range 3 {
		if err := l.Learn([]int32{1}, []float64{1}, nil, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	counts, _, _, _ := l.parts()
	if want := 1 + fade + fade*fade; counts[0] != 0 || math.Abs(counts[1]-want) > 1e-12 {
		t.Errorf("counts %v, want 0 and %g", counts, want)
	}
	m := l.Model(true)
	if got := m.Classes[0].Weight / m.Classes[1].Weight; math.Abs(got-(counts[1]+1)) > 1e-12 {
		t.Errorf("the missing class weighs %g times the other, want %g", got, counts[1]+1)
	}
}

// Weights by the effective number are those of loss.EffectiveNumberWeights
// where counts are whole, and of the same formula where they have faded.
func TestOnlineEffectiveNumber(t *testing.T) {
	for _, beta := range []float64{0, 0.9, 0.99, 0.9999} {
		o := Options{Classes: loss.Uniform(3, 2), Weighting: EffectiveNumber, Beta: beta}
		l := NewOnline(o, 1)
		counts, _, _, _ := l.parts()
		copy(counts, []float64{4, 49, 0})
		want, err := loss.EffectiveNumberWeights([]int{5, 50, 1}, beta) // one row more of each
		if err != nil {
			t.Fatal(err)
		}
		for c, class := range l.Model(true).Classes {
			numtest.AssertClose(t, "whole counts", class.Weight, want[c], 1e-13, 0)
		}
		for i := range 60 {
			if err := l.Learn([]int32{int32(min(i%10, 2))}, []float64{float64(i)}, nil, nil, nil); err != nil {
				t.Fatal(err)
			}
		}
		sum := 0.0
		effective := make([]float64, 3)
		for c, n := range counts {
			effective[c] = (1 - math.Pow(beta, n+1)) / (1 - beta)
			sum += 1 / effective[c]
		}
		if n := counts[2]; n == math.Floor(n) {
			t.Errorf("a count of %g has not faded", n)
		}
		for c, class := range l.Model(true).Classes {
			numtest.AssertClose(t, "faded counts", class.Weight, 3/(effective[c]*sum), 1e-10, 0)
		}
	}
	// And they are what is learnt by: a stream with them is one with the same
	// weights given row by row.
	d := synthetic(24, 200, 3, 0.2)
	ruled := NewOnline(Options{Classes: loss.Uniform(2, 2), Weighting: EffectiveNumber, Beta: 0.98}, 3)
	given := NewOnline(Options{Classes: loss.Uniform(2, 2)}, 3)
	counts := []float64{0, 0}
	for i, y := range d.y {
		counts[0], counts[1] = counts[0]*fade, counts[1]*fade
		counts[y]++
		a, b := 1/(1-math.Pow(0.98, counts[0]+1)), 1/(1-math.Pow(0.98, counts[1]+1))
		given.Classes = []loss.Class{{Gamma: 2, Weight: 2 * a / (a + b)}, {Gamma: 2, Weight: 2 * b / (a + b)}}
		row := d.x[3*i : 3*i+3]
		if err := errors.Join(ruled.Learn(d.y[i:i+1], row, nil, nil, nil), given.Learn(d.y[i:i+1], row, nil, nil, nil)); err != nil {
			t.Fatal(err)
		}
	}
	for i, v := range given.State {
		numtest.AssertClose(t, "state", ruled.State[i], v, 1e-9, 1e-9)
	}
}

func TestOnlineRefusesBeforeItLearns(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	type rows struct {
		y               []int32
		x               []float64
		indptr, indices []int32
		weights         []float64
	}
	good := rows{y: []int32{0, 1}, x: []float64{1, 2, 3, 4}}
	for name, c := range map[string]struct {
		spoil  func(*Options, *rows)
		row    int
		column int
		code   loss.Code
		option string
	}{
		"label":           {func(_ *Options, r *rows) { r.y = []int32{0, 2} }, 1, -1, loss.BadInput, ""},
		"unknown label":   {func(_ *Options, r *rows) { r.y = []int32{0, Unknown} }, 1, -1, loss.BadInput, ""},
		"NaN":             {func(_ *Options, r *rows) { r.x = []float64{1, 2, 3, nan} }, 1, 1, loss.NotFinite, ""},
		"beyond single":   {func(_ *Options, r *rows) { r.x = []float64{1, 1e200, 3, 4} }, 0, 1, loss.NotFinite, ""},
		"values":          {func(_ *Options, r *rows) { r.x = r.x[:3] }, -1, -1, loss.ShapeMismatch, ""},
		"weights":         {func(_ *Options, r *rows) { r.weights = []float64{1} }, -1, -1, loss.ShapeMismatch, ""},
		"negative weight": {func(_ *Options, r *rows) { r.weights = []float64{1, -1} }, 1, -1, loss.BadInput, ""},
		"NaN weight":      {func(_ *Options, r *rows) { r.weights = []float64{nan, 1} }, 0, -1, loss.BadInput, ""},
		"infinite weight": {func(_ *Options, r *rows) { r.weights = []float64{1, inf} }, 1, -1, loss.BadInput, ""},
		"short indptr":    {func(_ *Options, r *rows) { r.indptr, r.indices = []int32{0, 4}, []int32{0, 1, 0, 1} }, -1, -1, loss.ShapeMismatch, ""},
		"indptr falls":    {func(_ *Options, r *rows) { r.indptr, r.indices = []int32{0, 5, 4}, []int32{0, 1, 0, 1} }, 0, -1, loss.ShapeMismatch, ""},
		"indices":         {func(_ *Options, r *rows) { r.indptr, r.indices = []int32{0, 2, 3}, []int32{0, 1, 0} }, -1, -1, loss.ShapeMismatch, ""},
		"index":           {func(_ *Options, r *rows) { r.indptr, r.indices = []int32{0, 2, 4}, []int32{0, 1, 0, 2} }, 1, -1, loss.ShapeMismatch, ""},
		"twice":           {func(_ *Options, r *rows) { r.indptr, r.indices = []int32{0, 2, 4}, []int32{0, 1, 1, 1} }, 1, 1, loss.BadInput, ""},
		"sparse NaN": {func(_ *Options, r *rows) {
			r.indptr, r.indices, r.x = []int32{0, 2, 4}, []int32{0, 1, 1, 0}, []float64{1, 2, nan, 4}
		}, 1, 1, loss.NotFinite, ""},
		"beta":      {func(o *Options, _ *rows) { o.Weighting, o.Beta = EffectiveNumber, 1 }, -1, -1, loss.BadOption, "classWeight"},
		"NaN beta":  {func(o *Options, _ *rows) { o.Weighting, o.Beta = EffectiveNumber, nan }, -1, -1, loss.BadOption, "classWeight"},
		"gamma":     {func(o *Options, _ *rows) { o.Classes[0].Gamma = -1 }, -1, -1, loss.BadOption, "gamma"},
		"weight":    {func(o *Options, _ *rows) { o.Classes[1].Weight = 0 }, -1, -1, loss.BadOption, "weight"},
		"l2":        {func(o *Options, _ *rows) { o.L2 = -1 }, -1, -1, loss.BadOption, "l2"},
		"l1":        {func(o *Options, _ *rows) { o.L1 = nan }, -1, -1, loss.BadOption, "l1"},
		"epsilon":   {func(o *Options, _ *rows) { o.Epsilon = -1 }, -1, -1, loss.BadOption, "epsilon"},
		"smoothing": {func(o *Options, _ *rows) { o.Smoothing = 1 }, -1, -1, loss.BadOption, "labelSmoothing"},
		"clip":      {func(o *Options, _ *rows) { o.Clip = 1 }, -1, -1, loss.BadOption, "clip"},
		"clip of three": {func(o *Options, _ *rows) {
			o.Clip, o.Classes = 0.1, loss.Uniform(3, 2)
		}, -1, -1, loss.BadOption, "clip"},
	} {
		o, r := Options{Classes: loss.Uniform(2, 2)}, good
		c.spoil(&o, &r)
		l := NewOnline(o, 2)
		before := slices.Clone(l.State)
		err := l.Learn(r.y, r.x, r.indptr, r.indices, r.weights)
		var bad *loss.Error
		if !errors.As(err, &bad) || bad.Code != c.code || bad.Row != c.row || bad.Column != c.column || bad.Option != c.option || !slices.Equal(before, l.State) {
			t.Errorf("%s: %+v", name, err)
		}
	}
	l := &Online{Options: Options{Classes: loss.Uniform(2, 2)}, Columns: 3, State: make([]float64, 5)}
	if err := l.Learn([]int32{0}, []float64{1, 2, 3}, nil, nil, nil); err == nil {
		t.Error("a state of another size is no error")
	}
	// l1 does not need another solver here.
	l = NewOnline(Options{Classes: loss.Uniform(2, 2), L1: 0.1, Solver: LBFGS}, 2)
	if err := l.Learn(good.y, good.x, nil, nil, nil); err != nil {
		t.Error(err)
	}
}
