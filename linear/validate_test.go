package linear

import (
	"context"
	"math"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/metrics"
)

// A fold's outcome is that of a fit to the other rows alone, made by hand:
// nothing of the held rows gets into mean, deviation, fill or class weights.
// One column of the held rows is planted far out: a scaler that saw it would
// make everything else of that column vanish.
func TestNothingLeaksIntoAFold(t *testing.T) {
	d := synthetic(11, 240, 4, 0.25)
	folds := make([]int32, d.rows)
	for i := range folds {
		folds[i] = int32(i % 4)
		if folds[i] == 2 {
			d.x[i*4] += 500
			if d.y[i] == 0 && i%3 > 0 {
				d.y[i] = 1 // other class shares too
			}
			if d.x[i*4+1] += 200; i%8 == 2 { // beside the gaps, values that a fill must not be made of
				d.x[i*4+1] = math.NaN()
			}
		}
		if i%11 == 0 {
			d.x[i*4+1] = math.NaN()
		}
	}
	impute := Median
	read := func(d table) *Matrix {
		return build(t, d.rows, d.columns, impute, d.x)
	}
	o := Options{Classes: loss.Uniform(2, 2), L2: 1e-2, Weighting: Balanced, SampleWeight: make([]float64, d.rows)}
	for i := range o.SampleWeight {
		o.SampleWeight[i] = float64(i*i%7) / 3
	}
	for _, expand := range []*Expansion{nil, {Components: 30, Seed: 4}, nil} {
		if expand != nil {
			impute = Mean // for this one and the next
		}
		outcomes, err := ValidateFold(context.Background(), read(d), d.y, folds, 2, []Setting{{o, expand}})
		if err != nil {
			t.Fatal(err)
		}
		judged := func(chosen func(i int) bool) *metrics.Report {
			part, o := table{columns: 4}, o
			weights := o.SampleWeight
			o.SampleWeight = nil
			for i := range d.rows {
				if chosen(i) {
					o.SampleWeight = append(o.SampleWeight, weights[i])
					part.x, part.y, part.rows = append(part.x, d.x[i*4:][:4]...), append(part.y, d.y[i]), part.rows+1
				}
			}
			m := read(part)
			var x Data = m
			var f *Features
			if expand != nil {
				if x, f, err = expand.Make(context.Background(), m, true); err != nil {
					t.Fatal(err)
				}
			}
			fit := train(t, x, part.y, o)
			j := metrics.Judged{Classes: 2, Positive: 1}
			for i := range d.rows {
				if folds[i] != 2 {
					continue
				}
				row := append([]float64(nil), d.x[i*4:][:4]...)
				for k, v := range row {
					if math.IsNaN(v) {
						row[k] = m.Fill()[k]
					}
				}
				if f != nil {
					made := make([]float64, f.Columns())
					f.Apply(made, row)
					row = made
				}
				z, p := make([]float64, 1), make([]float64, 2)
				fit.Logits(z, row)
				fit.Posterior(p, z)
				j.Probabilities, j.Predicted, j.Labels = append(j.Probabilities, p...), append(j.Predicted, int32(fit.Decide(z))), append(j.Labels, d.y[i])
				j.Weights = append(j.Weights, weights[i])
			}
			r, err := metrics.Evaluate(j)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		want := judged(func(i int) bool { return folds[i] != 2 })
		leaky := judged(func(i int) bool { return true })
		got := outcomes[0].Report
		numtest.AssertClose(t, "log loss", got.LogLoss, want.LogLoss, 1e-2, 1e-3)
		numtest.AssertClose(t, "average precision", got.AveragePrecision, want.AveragePrecision, 1e-3, 1e-3)
		if math.Abs(leaky.LogLoss-want.LogLoss) < 0.05*want.LogLoss {
			t.Errorf("the planted leak does not show: %g with it, %g without", leaky.LogLoss, want.LogLoss)
		}
	}
}

// Settings of a fold start from the one before, along l2 and along γ, and end
// where they would alone.
func TestSettingsOfAFoldAreWarmStarted(t *testing.T) {
	d := readTable(t, "breast_cancer")
	x := d.matrix(t)
	of, err := Folds(d.y, 2, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	paths := map[string][]Setting{}
	for _, o := range gammaPath(2)() {
		paths["gamma"] = append(paths["gamma"], Setting{o, nil})
	}
	for l2 := 1e-1; l2 > 5e-4; l2 /= 3 {
		paths["l2"] = append(paths["l2"], Setting{Options{Classes: loss.Uniform(2, 2), L2: l2}, nil})
	}
	for name, settings := range paths {
		path, err := ValidateFold(context.Background(), x, d.y, of, 1, settings)
		if err != nil {
			t.Fatal(err)
		}
		along, alone := 0, 0
		for i, s := range settings {
			single, err := ValidateFold(context.Background(), x, d.y, of, 1, []Setting{s})
			if err != nil {
				t.Fatal(err)
			}
			numtest.AssertClose(t, name+": log loss", path[i].LogLoss, single[0].LogLoss, 0.02, 0)
			along, alone = along+path[i].Evaluations, alone+single[0].Evaluations
		}
		t.Logf("%s: %d passes along the path, %d alone", name, along, alone)
		if float64(along) > 0.95*float64(alone) {
			t.Errorf("%s: %d passes along the path, %d alone", name, along, alone)
		}
	}
}

func TestFoldsAreRepeatableToTheBit(t *testing.T) {
	d := synthetic(12, 300, 5, 0.2)
	x := d.matrix(t)
	of, _ := Folds(d.y, 2, 3, 1)
	settings := []Setting{
		{Options{Classes: loss.Uniform(2, 2), L2: 1e-1}, nil},
		{Options{Classes: loss.Uniform(2, 2), L2: 1e-2}, nil},
		{Options{Classes: loss.Uniform(2, 0), L2: 1e-2}, &Expansion{}},
	}
	for fold := range 3 {
		a, err := ValidateFold(context.Background(), x, d.y, of, fold, settings)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := ValidateFold(context.Background(), x, d.y, of, fold, settings)
		for i := range a {
			if a[i].LogLoss != b[i].LogLoss || a[i].RocAUC != b[i].RocAUC || a[i].Evaluations != b[i].Evaluations {
				t.Errorf("fold %d, setting %d: %+v and %+v", fold, i, a[i], b[i])
			}
		}
	}
	if _, err := ValidateFold(context.Background(), x, d.y, of[:10], 0, settings); err == nil {
		t.Error("too few folds are no error")
	}
}
