package metrics

import (
	"math"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
)

type golden struct {
	Cases []struct {
		Name                               string
		Classes                            int
		Probabilities                      []float64
		Labels, Predicted                  []int32
		Weights                            []float64
		Confusion, Precision, Recall, F1   []float64
		AUC, AP                            []float64
		LogLoss, Brier, MCC, Accuracy, ECE float64
		BalancedAccuracy, GMean            float64
	}
	Calibrations []struct {
		Logits   []float64
		Labels   []int32
		Weights  []float64
		At       []float64
		Isotonic []float64
		Platt    [2]float64
	}
}

func TestEvaluateGolden(t *testing.T) {
	var g golden
	numtest.Load(t, "testdata/metrics.json", &g)
	if len(g.Cases) < 8 {
		t.Fatalf("only %d cases", len(g.Cases))
	}
	for _, c := range g.Cases {
		r, err := Evaluate(Judged{Probabilities: c.Probabilities, Classes: c.Classes, Predicted: c.Predicted, Labels: c.Labels, Weights: c.Weights, Positive: 1})
		if err != nil {
			t.Fatal(c.Name, err)
		}
		near := func(what string, got, want float64) {
			t.Helper()
			numtest.AssertClose(t, c.Name+": "+what, got, want, 1e-12, 1e-12)
		}
		for i, want := range c.Confusion {
			near("confusion", r.Confusion[i], want)
		}
		var macro [5]float64
		present := 0.0
		for k, class := range r.PerClass {
			near("precision", class.Precision, c.Precision[k])
			near("recall", class.Recall, c.Recall[k])
			near("F1", class.F1, c.F1[k])
			near("AUC", class.RocAUC, c.AUC[k])
			near("average precision", class.AveragePrecision, c.AP[k])
			if class.Present != (class.Support > 0) {
				t.Errorf("%s: class %d present %v with support %g", c.Name, k, class.Present, class.Support)
			}
			if class.Present {
				present++
				for i, v := range []float64{c.AUC[k], c.AP[k], c.Precision[k], c.Recall[k], c.F1[k]} {
					macro[i] += v
				}
			}
		}
		for i, v := range []float64{r.RocAUC, r.AveragePrecision, r.Precision, r.Recall, r.F1} {
			want := macro[i] / present
			if c.Classes == 2 {
				want = []float64{c.AUC[1], c.AP[1], c.Precision[1], c.Recall[1], c.F1[1]}[i]
			}
			near("overall", v, want)
		}
		near("log loss", r.LogLoss, c.LogLoss)
		near("Brier", r.Brier, c.Brier)
		near("MCC", r.MCC, c.MCC)
		near("accuracy", r.Accuracy, c.Accuracy)
		near("balanced accuracy", r.BalancedAccuracy, c.BalancedAccuracy)
		near("G-mean", r.GMean, c.GMean)
		near("ECE", r.ECE, c.ECE)
		if (r.Curve != nil) != (c.Classes == 2) {
			t.Errorf("%s: curve %v", c.Name, r.Curve)
		}
	}
}

// A class that no row is of, and nobody decides for, changes no measure: with
// ties and weights too.
func TestAnAbsentClassChangesNothing(t *testing.T) {
	var g golden
	numtest.Load(t, "testdata/metrics.json", &g)
	compared := 0
	for _, c := range g.Cases {
		if c.Classes < 3 {
			continue
		}
		want, err := Evaluate(Judged{Probabilities: c.Probabilities, Classes: c.Classes, Predicted: c.Predicted, Labels: c.Labels, Weights: c.Weights})
		if err != nil {
			t.Fatal(err)
		}
		for absent := range c.Classes + 1 {
			j := Judged{Classes: c.Classes + 1, Weights: c.Weights}
			shifted := func(class int32) int32 {
				if int(class) >= absent {
					class++
				}
				return class
			}
			for i, label := range c.Labels {
				p := c.Probabilities[i*c.Classes:][:c.Classes]
				j.Probabilities = append(append(append(j.Probabilities, p[:absent]...), 0), p[absent:]...)
				j.Labels, j.Predicted = append(j.Labels, shifted(label)), append(j.Predicted, shifted(c.Predicted[i]))
			}
			got, err := Evaluate(j)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range measures(got) {
				numtest.AssertClose(t, c.Name, v, measures(want)[i], 1e-12, 1e-12)
			}
			if got.PerClass[absent].Present || got.PerClass[absent].Support != 0 {
				t.Errorf("%s: class %d is present", c.Name, absent)
			}
			compared++
		}
	}
	if compared < 12 {
		t.Errorf("only %d compared", compared)
	}
}

// measures are the single numbers of a report.
func measures(r *Report) []float64 {
	return []float64{r.RocAUC, r.AveragePrecision, r.LogLoss, r.Brier, r.ECE, r.Accuracy, r.BalancedAccuracy, r.MCC, r.GMean, r.F1, r.Precision, r.Recall}
}

func TestCalibrationGolden(t *testing.T) {
	var g golden
	numtest.Load(t, "testdata/metrics.json", &g)
	for _, c := range g.Calibrations {
		p, labels := make([]float64, len(c.Logits)), make([]bool, len(c.Logits))
		for i, l := range c.Logits {
			p[i], labels[i] = 1/(1+math.Exp(-l)), c.Labels[i] == 1
		}
		x, y, err := Isotonic(p, labels, c.Weights)
		if err != nil {
			t.Fatal(err)
		}
		for i, at := range c.At {
			numtest.AssertClose(t, "isotonic", interpolate(x, y, at), c.Isotonic[i], 1e-12, 1e-12)
		}
		slope, intercept, err := Platt(c.Logits, labels, c.Weights)
		if err != nil {
			t.Fatal(err)
		}
		numtest.AssertClose(t, "slope", slope, c.Platt[0], 1e-4, 1e-5)
		numtest.AssertClose(t, "intercept", intercept, c.Platt[1], 1e-4, 1e-5)
		// Nearer the optimum than the golden one.
		positive, negative, _ := check(c.Logits, labels, c.Weights)
		f := platt{c.Logits, labels, c.Weights, (positive + 1) / (positive + 2), 1 / (negative + 2)}
		ours, gradient, _ := f.at(slope, intercept)
		if theirs, _, _ := f.at(c.Platt[0], c.Platt[1]); ours > theirs+1e-12 {
			t.Errorf("log loss %.17g, scikit-learn's %.17g", ours, theirs)
		}
		numtest.AssertClose(t, "gradient", math.Abs(gradient[0])+math.Abs(gradient[1]), 0, 0, 1e-8)
	}
}

func interpolate(x, y []float64, at float64) float64 {
	if at <= x[0] {
		return y[0]
	}
	for i := 1; i < len(x); i++ {
		if at <= x[i] {
			return y[i-1] + (y[i]-y[i-1])*(at-x[i-1])/(x[i]-x[i-1])
		}
	}
	return y[len(y)-1]
}
