package linear

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
	"github.com/focalfit/focalfit/loss"
)

// sparseTable returns rows of which a share of the cells is not 0, and the
// same as compressed sparse rows, columns in reverse order.
func sparseTable(seed uint64, rows, columns int, share float64) (d table, indptr, indices []int32, values []float64) {
	r := rand.New(rand.NewPCG(seed, 1))
	d = table{rows: rows, columns: columns, x: make([]float64, rows*columns)}
	indptr = []int32{0}
	for i := range rows {
		sum := 0.0
		for j := columns - 1; j >= 0; j-- {
			if r.Float64() < share && j != 3 {
				v := r.NormFloat64() + 1
				d.x[i*columns+j] = v
				sum += v * float64(j%5-2)
				indices, values = append(indices, int32(j)), append(values, v)
			}
		}
		indptr = append(indptr, int32(len(indices)))
		y := int32(0)
		if sum+r.NormFloat64() > 2 {
			y = 1
		}
		d.y = append(d.y, y)
	}
	return d, indptr, indices, values
}

// Of columns that are not centred, that is, raw ones, dense and sparse data
// have the same objective.
func TestSparseIsDense(t *testing.T) {
	d, indptr, indices, values := sparseTable(1, 500, 20, 0.2)
	x, err := NewSparse(d.rows, d.columns, indptr, indices, values)
	if err != nil {
		t.Fatal(err)
	}
	third := make([]int32, d.rows)
	for i := range third {
		third[i] = d.y[i] * int32(1+i%2)
	}
	for name, c := range map[string]struct {
		y []int32
		o Options
	}{
		"binary":       {d.y, Options{Classes: loss.Uniform(2, 2), L2: 1e-2, NoStandardize: true}},
		"newton":       {d.y, Options{Classes: loss.Uniform(2, 2), L2: 1e-2, NoStandardize: true, Solver: NewtonCG}},
		"l1":           {d.y, Options{Classes: loss.Uniform(2, 2), L1: 1e-2, NoStandardize: true}},
		"no intercept": {d.y, Options{Classes: loss.Uniform(2, 1), L2: 1e-2, NoStandardize: true, NoIntercept: true}},
		"softmax":      {third, Options{Classes: loss.Uniform(3, 2), L2: 1e-2, NoStandardize: true, Weighting: Balanced}},
	} {
		sparse, dense := train(t, x, c.y, c.o), train(t, d.matrix(t), c.y, c.o)
		numtest.AssertClose(t, name+": objective", sparse.Value, dense.Value, 1e-6, 0)
		for j, want := range dense.Coefficients {
			numtest.AssertClose(t, name+": coefficient", sparse.Coefficients[j], want, 1e-2, 2e-3)
		}
		// The column that no row has.
		if sparse.Coefficients[3] != 0 {
			t.Errorf("%s: coefficient of an empty column %g", name, sparse.Coefficients[3])
		}
	}
}

// Standardised, sparse columns are scaled by the deviation that dense ones have, and
// not centred: as raw dense columns divided by it.
func TestSparseIsScaledOnly(t *testing.T) {
	d, indptr, indices, values := sparseTable(2, 400, 10, 0.4)
	x, err := NewSparse(d.rows, d.columns, indptr, indices, values)
	if err != nil {
		t.Fatal(err)
	}
	dense := d.matrix(t)
	scaled := table{rows: d.rows, columns: d.columns, y: d.y, x: slices.Clone(d.x)}
	for i := range scaled.x {
		scaled.x[i] /= dense.deviation[i%d.columns]
	}
	for j := range x.deviation {
		numtest.AssertClose(t, "deviation", x.deviation[j], dense.deviation[x.input(j)], 1e-6, 0)
		numtest.AssertClose(t, "mean", x.mean[j], dense.mean[x.input(j)], 1e-6, 1e-9)
	}
	o := Options{Classes: loss.Uniform(2, 2), L2: 1e-2}
	sparse := train(t, x, d.y, o)
	o.NoStandardize = true
	want := train(t, scaled.matrix(t), d.y, o)
	numtest.AssertClose(t, "objective", sparse.Value, want.Value, 1e-6, 0)
	if x.Columns() != 10 || x.stored() != 9 {
		t.Errorf("%d columns, %d stored", x.Columns(), x.stored())
	}
}

func TestSparseInput(t *testing.T) {
	for name, c := range map[string]struct {
		rows, columns   int
		indptr, indices []int32
		values          []float64
		code            loss.Code
		row, column     int
	}{
		"no rows":       {0, 2, []int32{0}, nil, nil, loss.ShapeMismatch, -1, -1},
		"short indptr":  {2, 2, []int32{0, 1}, []int32{0}, []float64{1}, loss.ShapeMismatch, -1, -1},
		"indptr start":  {1, 2, []int32{1, 1}, []int32{0}, []float64{1}, loss.ShapeMismatch, -1, -1},
		"indptr falls":  {2, 2, []int32{0, 2, 1}, []int32{0}, []float64{1}, loss.ShapeMismatch, 0, -1},
		"values":        {1, 2, []int32{0, 1}, []int32{0}, nil, loss.ShapeMismatch, -1, -1},
		"index":         {2, 2, []int32{0, 0, 1}, []int32{2}, []float64{1}, loss.ShapeMismatch, 1, -1},
		"below 0":       {2, 2, []int32{0, 0, 1}, []int32{-1}, []float64{1}, loss.ShapeMismatch, 1, -1},
		"twice":         {2, 3, []int32{0, 0, 2}, []int32{1, 1}, []float64{1, 2}, loss.BadInput, 1, 1},
		"NaN":           {2, 3, []int32{0, 1, 2}, []int32{0, 2}, []float64{1, math.NaN()}, loss.NotFinite, 1, 2},
		"beyond single": {2, 3, []int32{0, 1, 2}, []int32{0, 2}, []float64{1e39, 1}, loss.NotFinite, 0, 0},
	} {
		_, err := NewSparse(c.rows, c.columns, c.indptr, c.indices, c.values)
		var bad *loss.Error
		if !errors.As(err, &bad) || bad.Code != c.code || bad.Row != c.row || bad.Column != c.column {
			t.Errorf("%s: %+v", name, err)
		}
	}
	// The same column in different rows is in order, an empty row too.
	if _, err := NewSparse(3, 2, []int32{0, 1, 1, 2}, []int32{1, 1}, []float64{1, 2}); err != nil {
		t.Error(err)
	}
}

// A subset is what it would be made of its rows alone: nothing of the others
// leaks into mean, deviation or fill.
func TestSubsetIsItsRowsAlone(t *testing.T) {
	d := synthetic(5, 200, 6, 0.3)
	r := rand.New(rand.NewPCG(8, 8))
	for i := range d.x {
		if r.IntN(20) == 0 {
			d.x[i] = math.NaN()
		}
	}
	rows := []int32{}
	alone := table{columns: d.columns}
	for i := range int32(d.rows) {
		if i%3 != 1 {
			rows = append(rows, i)
			alone.x, alone.y, alone.rows = append(alone.x, d.x[int(i)*d.columns:][:d.columns]...), append(alone.y, d.y[i]), alone.rows+1
		} else {
			d.x[int(i)*d.columns] = 1e4 // would be seen anywhere
		}
	}
	read := func(d table, impute Impute) *Matrix {
		return build(t, d.rows, d.columns, impute, d.x)
	}
	for _, impute := range []Impute{Mean, Median} {
		part, err := read(d, impute).Subset(context.Background(), rows)
		if err != nil {
			t.Fatal(err)
		}
		got, want := part.(*Matrix), read(alone, impute)
		for j := range want.mean {
			// What was 1e4 away is stored to 1e-7 of the deviation.
			numtest.AssertClose(t, "mean", got.mean[j], want.mean[j], 1e-5, 1e-3)
			numtest.AssertClose(t, "deviation", got.deviation[j], want.deviation[j], 1e-4, 0)
			numtest.AssertClose(t, "fill", got.Fill()[j], want.Fill()[j], 1e-5, 1e-3)
		}
		if !slices.Equal(got.gaps.rows, want.gaps.rows) || !slices.Equal(got.gaps.columns, want.gaps.columns) {
			t.Error("gaps differ")
		}
	}
	s, indptr, indices, values := sparseTable(3, 100, 8, 0.5)
	x, err := NewSparse(s.rows, s.columns, indptr, indices, values)
	if err != nil {
		t.Fatal(err)
	}
	part, err := x.Subset(context.Background(), []int32{7, 3, 50, 99})
	if err != nil {
		t.Fatal(err)
	}
	m := &Model{Columns: 8, Coefficients: []float64{1, 2, 3, 4, 5, 6, 7, 8}, Intercepts: []float64{0.5}}
	p := &Predictor{Model: m}
	got, _ := p.Logits(context.Background(), part, []int32{0, 1, 2, 3})
	want, _ := p.Logits(context.Background(), x, []int32{7, 3, 50, 99})
	for i := range got {
		numtest.AssertClose(t, "logit of a sparse subset", got[i], want[i], 1e-5, 1e-5)
	}
}

func TestGapsAreFilled(t *testing.T) {
	nan := math.NaN()
	// Columns: mean 3, median 2; no gap; constant; leading gaps.
	x := []float64{
		nan, 1, 5, nan,
		1, 2, 5, math.Inf(1),
		2, 3, nan, 7,
		6, 4, 5, 9,
	}
	for _, c := range []struct {
		impute Impute
		fill   []float64
	}{{Mean, []float64{3, 2.5, 5, 8}}, {Median, []float64{2, 2.5, 5, 8}}} {
		m := build(t, 4, 4, c.impute, x)
		row := make([]float64, 4)
		for j, want := range c.fill {
			numtest.AssertClose(t, "fill", m.Fill()[j], want, 1e-6, 0)
		}
		for i := range 4 {
			m.decode(row, i)
			for j, got := range row {
				want := x[i*4+j]
				if math.IsNaN(want) || math.IsInf(want, 0) {
					want = c.fill[j]
				}
				numtest.AssertClose(t, "cell", got, want, 1e-6, 1e-6)
			}
		}
		// The moments are those of the filled column.
		filled := []float64{c.fill[0], 1, 2, 6}
		mean := (filled[0] + 9) / 4
		variance := 0.0
		for _, v := range filled {
			variance += (v - mean) * (v - mean) / 4
		}
		numtest.AssertClose(t, "mean", m.mean[0], mean, 1e-6, 0)
		numtest.AssertClose(t, "deviation", m.deviation[0], math.Sqrt(variance), 1e-6, 0)
		if got := m.Gaps(); !slices.Equal(got, []int{1, 0, 1, 2}) {
			t.Errorf("gaps %v", got)
		}
		if got := m.ConstantColumns(); !slices.Equal(got, []int{2}) {
			t.Errorf("constant columns %v", got)
		}
	}
	b, _ := NewBuilder[float64](2, 2, Mean, nil)
	if err := b.Append([]float64{1, nan, 2, nan}); err != nil {
		t.Fatal(err)
	}
	_, err := b.Matrix()
	var bad *loss.Error
	if !errors.As(err, &bad) || bad.Code != loss.BadInput || bad.Column != 1 {
		t.Errorf("a column of gaps: %v", err)
	}
}

// A gap is filled by what the model was trained with, not by the rows' own.
func TestPredictionFillsAsTrained(t *testing.T) {
	x := []float64{1, 10, math.NaN(), 20}
	m := build(t, 2, 2, Mean, x)
	p := &Predictor{Model: &Model{Columns: 2, Coefficients: []float64{1, 1}, Intercepts: []float64{0}}, Fill: []float64{5, 0}}
	z, err := p.Logits(context.Background(), m, []int32{1, 0})
	if err != nil {
		t.Fatal(err)
	}
	numtest.AssertClose(t, "with a gap", z[0], 25, 1e-6, 0)
	numtest.AssertClose(t, "without", z[1], 11, 1e-6, 0)
}

// rings returns two concentric rings, the inner one rare.
func rings(seed uint64, rows int, share float64) table {
	r := rand.New(rand.NewPCG(seed, 2))
	d := table{rows: rows, columns: 2}
	for range rows {
		radius, y := 3+0.4*r.NormFloat64(), int32(0)
		if r.Float64() < share {
			radius, y = 1+0.25*r.NormFloat64(), 1
		}
		angle := 2 * math.Pi * r.Float64()
		d.x, d.y = append(d.x, radius*math.Cos(angle), radius*math.Sin(angle)), append(d.y, y)
	}
	return d
}

func averagePrecision(t *testing.T, d table, fit *Fit, f *Features) float64 {
	t.Helper()
	type scored struct {
		z float64
		y int32
	}
	all := make([]scored, d.rows)
	z, row := make([]float64, 1), make([]float64, fit.Columns)
	for i := range all {
		x := d.x[i*d.columns:][:d.columns]
		if f != nil {
			f.Apply(row, x)
			x = row
		}
		fit.Logits(z, x)
		all[i] = scored{z[0], d.y[i]}
	}
	slices.SortFunc(all, func(a, b scored) int { return int(math.Copysign(1, b.z-a.z)) })
	sum, found := 0.0, 0.0
	for i, s := range all {
		if s.y == 1 {
			found++
			sum += found / float64(i+1)
		}
	}
	return sum / found
}

func TestFeaturesFindRings(t *testing.T) {
	d, held := rings(1, 4000, 0.02), rings(2, 4000, 0.02)
	x := d.matrix(t)
	o := Options{Classes: loss.Uniform(2, 2), L2: 1e-4, Weighting: Balanced}
	if ap := averagePrecision(t, held, train(t, x, d.y, o), nil); ap >= 0.1 {
		t.Errorf("a linear model has average precision %.3f", ap)
	}
	for name, e := range map[string]*Expansion{"Fourier": {Components: 100, Seed: 1}, "polynomial": {}} {
		m, f, err := e.Make(context.Background(), x, true)
		if err != nil {
			t.Fatal(err)
		}
		if ap := averagePrecision(t, held, train(t, m, d.y, o), f); ap < 0.95 {
			t.Errorf("%s features have average precision %.3f", name, ap)
		}
	}
}

// What Expand makes of panels is what Apply makes of rows.
func TestExpandIsApply(t *testing.T) {
	d := synthetic(3, 37, 3, 0.5)
	for i := range d.x {
		d.x[i] = d.x[i]*3 + 100
	}
	x := d.matrix(t)
	for _, standardize := range []bool{true, false} {
		fourier, err := NewFourier(x, 21, 30, 5, standardize)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []*Features{fourier, NewPolynomial(x, standardize)} {
			m, err := f.Expand(context.Background(), x)
			if err != nil {
				t.Fatal(err)
			}
			want, got := make([]float64, f.Columns()), make([]float64, f.Columns())
			for i := range d.rows {
				f.Apply(want, d.x[i*3:][:3])
				m.decode(got, i)
				for j := range want {
					numtest.AssertClose(t, "feature", got[j], want[j], 2e-6, 2e-5)
				}
			}
		}
	}
	again, _ := NewFourier(x, 21, 30, 5, true)
	other, _ := NewFourier(x, 21, 30, 6, true)
	first, _ := NewFourier(x, 21, 30, 5, true)
	if !slices.Equal(first.Frequencies, again.Frequencies) || slices.Equal(first.Frequencies, other.Frequencies) {
		t.Error("the seed does not determine the features")
	}
	for i, phase := range first.Phases {
		if !(phase >= 0 && phase < 2*math.Pi) {
			t.Errorf("phase %d is %g", i, phase)
		}
	}
	if slices.Max(first.Phases) < 1.5*math.Pi || slices.Min(first.Phases) > math.Pi/2 {
		t.Errorf("phases %v", first.Phases)
	}
	usual, _ := NewFourier(x, 21, 0, 5, true)
	own, _ := NewFourier(x, 21, math.Sqrt(3.0/2), 5, true)
	if !slices.Equal(usual.Frequencies, own.Frequencies) {
		t.Error("the bandwidth 0 is not √(columns/2)")
	}
	// Products of features are about the RBF kernel.
	f, _ := NewFourier(x, 20000, 1.5, 1, true)
	a, b := make([]float64, 20000), make([]float64, 20000)
	u, v := d.x[0:3], d.x[3:6]
	f.Apply(a, u)
	f.Apply(b, v)
	dot, square := 0.0, 0.0
	for i := range a {
		dot += a[i] * b[i]
	}
	for j := range u {
		s := (u[j] - v[j]) / x.deviation[j]
		square += s * s
	}
	numtest.AssertClose(t, "kernel", dot, math.Exp(-square/(2*1.5*1.5)), 0, 0.03)
	for _, c := range []struct {
		components int
		bandwidth  float64
	}{{0, 1}, {5, -1}, {5, math.NaN()}} {
		if _, err := NewFourier(x, c.components, c.bandwidth, 0, true); err == nil {
			t.Errorf("%+v is no error", c)
		}
	}
}

// Each label of many is a fit of its own, over the rows where it is known.
func TestLabelsAreFitsOfTheirOwn(t *testing.T) {
	d := synthetic(6, 300, 4, 0.3)
	x := d.matrix(t)
	y := make([]int32, 2*d.rows)
	second := make([]int32, d.rows)
	for i := range d.rows {
		second[i] = 1 - d.y[i]
		if i%7 == 0 {
			second[i] = Unknown
		}
		y[2*i], y[2*i+1] = d.y[i], second[i]
	}
	o := Options{Classes: loss.Uniform(2, 2), L2: 1e-3, Weighting: Balanced}
	fits, err := TrainLabels(context.Background(), x, y, 2, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	for l, labels := range [][]int32{d.y, second} {
		want := train(t, x, labels, o)
		if fits[l].Value != want.Value || !slices.Equal(fits[l].Coefficients, want.Coefficients) {
			t.Errorf("label %d: %g, want %g", l, fits[l].Value, want.Value)
		}
	}
	// Unknown rows are as if their weight was 0, and are not counted.
	known := 0
	for _, c := range second {
		if c != Unknown {
			known++
		}
	}
	if got := fits[1].ClassCounts; got[0]+got[1] != known {
		t.Errorf("counts %v of %d", got, known)
	}
	for i := range second {
		y[2*i+1] = Unknown
	}
	_, err = TrainLabels(context.Background(), x, y, 2, o, nil)
	var bad *loss.Error
	if !errors.As(err, &bad) || bad.Code != loss.BadInput && bad.Code != loss.OneClass {
		t.Errorf("a label that no row has: %v", err)
	}
}

// A row whose label is not known counts in the moments of the columns and in
// nothing else: as one of weight 0.
func TestUnknownIsWeightZero(t *testing.T) {
	d := synthetic(16, 300, 4, 0.3)
	x := d.matrix(t)
	three := make([]int32, d.rows)
	for i := range three {
		three[i] = int32(i % 3)
		if d.x[4*i] > 0.5 {
			three[i] = 2
		}
	}
	for name, c := range map[string]struct {
		y []int32
		k int
	}{"binary": {d.y, 2}, "softmax": {three, 3}} {
		y, weights := slices.Clone(c.y), make([]float64, d.rows)
		for i := range y {
			if weights[i] = 1; i%5 == 0 || i < 40 {
				y[i], weights[i] = Unknown, 0
			}
		}
		o := Options{Classes: loss.Uniform(c.k, 2), L2: 1e-3}
		got := train(t, x, y, o)
		o.SampleWeight = weights
		want := train(t, x, c.y, o)
		numtest.AssertClose(t, name+": objective", got.Value, want.Value, 1e-9, 0)
		for i, w := range want.Coefficients {
			numtest.AssertClose(t, name+": coefficient", got.Coefficients[i], w, 1e-6, 1e-6)
		}
		whole := train(t, x, c.y, Options{Classes: loss.Uniform(c.k, 2), L2: 1e-3})
		moved := 0.0
		for i, w := range whole.Coefficients {
			moved = max(moved, math.Abs(w-got.Coefficients[i]))
		}
		if moved < 1e-2 {
			t.Errorf("%s: the unknown rows change nothing anyway", name)
		}
	}
}

// Labels may have classes of their own, and each starts from its own model.
func TestLabelsHaveTheirOwnClassesAndStarts(t *testing.T) {
	d := synthetic(17, 300, 4, 0.3)
	x := d.matrix(t)
	y, second := make([]int32, 2*d.rows), make([]int32, d.rows)
	for i := range d.rows {
		if d.x[4*i+1] > 0.3 {
			second[i] = 1
		}
		y[2*i], y[2*i+1] = d.y[i], second[i]
	}
	classes := []loss.Class{{Gamma: 0, Weight: 1}, {Gamma: 1, Weight: 3}, {Gamma: 3, Weight: 0.5}, {Gamma: 2, Weight: 2}}
	fits, err := TrainLabels(context.Background(), x, y, 2, Options{Classes: classes, L2: 1e-2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	models := make([]Model, 2)
	for l, labels := range [][]int32{d.y, second} {
		want := train(t, x, labels, Options{Classes: classes[2*l:][:2], L2: 1e-2})
		if fits[l].Value != want.Value || !slices.Equal(fits[l].Coefficients, want.Coefficients) {
			t.Errorf("label %d: %g, want %g", l, fits[l].Value, want.Value)
		}
		models[l] = fits[l].Model
	}
	again, err := TrainLabels(context.Background(), x, y, 2, Options{Classes: classes, L2: 1e-2}, models)
	if err != nil {
		t.Fatal(err)
	}
	for l, fit := range again {
		if fit.Iteration.Iteration > 2 || fits[l].Iteration.Iteration < 4 {
			t.Errorf("label %d: %d iterations from its own end, %d from zero", l, fit.Iteration.Iteration, fits[l].Iteration.Iteration)
		}
	}
}

func TestExplanationAddsUp(t *testing.T) {
	d := synthetic(7, 200, 5, 0.3)
	fit := train(t, d.matrix(t), d.y, Options{Classes: loss.Uniform(2, 2), L2: 1e-3})
	z, base, parts := make([]float64, 1), make([]float64, 1), make([]float64, 5)
	row := d.x[15:20]
	fit.Logits(z, row)
	fit.Explain(parts, base, row)
	sum := base[0]
	for _, c := range parts {
		sum += c
	}
	numtest.AssertClose(t, "sum", sum, z[0], 1e-12, 1e-12)
	fit.Logits(z, means(d))
	numtest.AssertClose(t, "base", base[0], z[0], 1e-6, 1e-6)
}

func TestFolds(t *testing.T) {
	y := make([]int32, 103)
	for i := range y {
		if i%10 == 0 {
			y[i] = 1
		}
	}
	of, err := Folds(y, 2, 5, 42)
	if err != nil {
		t.Fatal(err)
	}
	var rows, positive [5]int
	for i, f := range of {
		rows[f]++
		positive[f] += int(y[i])
	}
	if slices.Max(rows[:])-slices.Min(rows[:]) > 1 || slices.Max(positive[:])-slices.Min(positive[:]) > 1 {
		t.Errorf("rows %v, positive %v", rows, positive)
	}
	again, _ := Folds(y, 2, 5, 42)
	other, _ := Folds(y, 2, 5, 43)
	if !slices.Equal(of, again) || slices.Equal(of, other) {
		t.Error("the seed does not determine the folds")
	}
	for _, k := range []int{0, 1, 104} {
		if _, err := Folds(y, 2, k, 0); err == nil {
			t.Errorf("%d folds are no error", k)
		}
	}
}
