package linear

import (
	"errors"
	"math"
	"slices"
	"testing"

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

func TestOnlineRefusesBeforeItLearns(t *testing.T) {
	for name, c := range map[string]struct {
		y      []int32
		x      []float64
		row    int
		column int
		code   loss.Code
	}{
		"label": {[]int32{0, 2}, []float64{1, 2, 3, 4}, 1, -1, loss.BadInput},
		"NaN":   {[]int32{0, 1}, []float64{1, 2, 3, math.NaN()}, 1, 1, loss.NotFinite},
	} {
		l := NewOnline(Options{Classes: loss.Uniform(2, 2)}, 2)
		before := slices.Clone(l.State)
		err := l.Learn(c.y, c.x, nil, nil, nil)
		var bad *loss.Error
		if !errors.As(err, &bad) || bad.Code != c.code || bad.Row != c.row || bad.Column != c.column || !slices.Equal(before, l.State) {
			t.Errorf("%s: %+v", name, err)
		}
	}
	l := &Online{Options: Options{Classes: loss.Uniform(2, 2)}, Columns: 3, State: make([]float64, 5)}
	if err := l.Learn([]int32{0}, []float64{1, 2, 3}, nil, nil, nil); err == nil {
		t.Error("a state of another size is no error")
	}
}
