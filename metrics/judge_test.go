package metrics

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
)

// drawn returns rows whose scores are tied often.
func drawn(r *rand.Rand, n int) (p []float64, labels []bool, weights []float64) {
	for i := range n {
		v := float64(r.IntN(12)) / 11
		p, labels, weights = append(p, v), append(labels, i == 0 || i > 1 && r.Float64() < 0.2+0.5*v), append(weights, float64(r.IntN(4)))
	}
	weights[0], weights[1] = 1, 1
	return p, labels, weights
}

func TestROCAUCIsThePairsInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 100 {
		p, labels, weights := drawn(r, 2+r.IntN(30))
		curve, err := PrecisionRecall(p, labels, weights)
		if err != nil {
			t.Fatal(err)
		}
		sum, total := 0.0, 0.0
		for i := range p {
			for j := range p {
				if labels[i] && !labels[j] {
					w := weights[i] * weights[j]
					total += w
					if p[i] > p[j] {
						sum += w
					} else if p[i] == p[j] {
						sum += w / 2
					}
				}
			}
		}
		numtest.AssertClose(t, "AUC", curve.ROCAUC(), sum/total, 1e-12, 1e-12)
	}
}

func TestThresholdIsTheBestOfAll(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	objectives := []Objective{
		{Goal: F1}, {Goal: FBeta, Parameter: 2}, {Goal: MCC}, {Goal: BalancedAccuracy}, {Goal: GMean},
		{Goal: RecallAtPrecision, Parameter: 0.6}, {Goal: PrecisionAtRecall, Parameter: 0.7}, {Goal: RecallAtPrecision, Parameter: 1},
		{Goal: Cost, FalsePositive: 1, FalseNegative: 10}, {Goal: Cost, FalsePositive: 10, FalseNegative: 1}, {Goal: Cost, FalsePositive: 1},
	}
	for range 40 {
		p, labels, weights := drawn(r, 2+r.IntN(25))
		for _, o := range objectives {
			choice, err := TuneThreshold(p, labels, weights, o, 1)
			if err != nil {
				t.Fatal(err)
			}
			if !(choice.Threshold >= 0 && choice.Threshold <= 1) {
				t.Fatalf("%+v: threshold %g", o, choice.Threshold)
			}
			got, err := ConfusionAt(p, labels, weights, choice.Threshold)
			if err != nil || got != choice.Confusion {
				t.Fatalf("%+v: confusion %+v, at the threshold %+v, %v", o, choice.Confusion, got, err)
			}
			numtest.AssertClose(t, "value", o.value(got), choice.Value, 1e-12, 0)
			if choice.Reached != (o.limited(got) >= 0) || choice.Low > choice.High || choice.ThresholdLow > choice.ThresholdHigh {
				t.Errorf("%+v: %+v", o, choice)
			}
			// Every other threshold is no better, and of equals this is the highest.
			for threshold := 0.0; threshold <= 1; threshold += 1.0 / 22 {
				other, _ := ConfusionAt(p, labels, weights, threshold)
				if o.better(other, got) {
					t.Errorf("%+v: %g has %+v, better than %+v at %g", o, threshold, other, got, choice.Threshold)
				}
				if other != got && threshold > choice.Threshold && !o.better(got, other) {
					t.Errorf("%+v: %g is as good and higher than %g", o, threshold, choice.Threshold)
				}
			}
		}
	}
}

func TestBootstrapCoversAndRepeats(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var p []float64
	var labels []bool
	for range 4000 {
		v := r.Float64()
		p, labels = append(p, v), append(labels, r.Float64() < v*v)
	}
	a, _ := TuneThreshold(p, labels, nil, Objective{Goal: F1}, 9)
	b, _ := TuneThreshold(p, labels, nil, Objective{Goal: F1}, 9)
	c, _ := TuneThreshold(p, labels, nil, Objective{Goal: F1}, 10)
	if a != b || a.Low == c.Low && a.High == c.High {
		t.Error("the seed does not determine the interval")
	}
	// The standard deviation of F1 here is about 0.011.
	if width := a.High - a.Low; a.Low > a.Value || a.High < a.Value || width < 0.02 || width > 0.07 {
		t.Errorf("interval %g to %g around %g", a.Low, a.High, a.Value)
	}
	if a.ThresholdLow > a.Threshold || a.ThresholdHigh < a.Threshold {
		t.Errorf("thresholds %g to %g around %g", a.ThresholdLow, a.ThresholdHigh, a.Threshold)
	}
}

func TestObjectivesAreChecked(t *testing.T) {
	nan := math.NaN()
	for _, o := range []Objective{
		{Goal: -1}, {Goal: Cost + 1}, {Goal: FBeta}, {Goal: FBeta, Parameter: nan}, {Goal: RecallAtPrecision}, {Goal: PrecisionAtRecall, Parameter: 1.1},
		{Goal: Cost}, {Goal: Cost, FalsePositive: -1, FalseNegative: 2}, {Goal: Cost, FalsePositive: math.Inf(1)},
	} {
		_, err := TuneThreshold([]float64{0, 1}, []bool{false, true}, nil, o, 0)
		var bad *Error
		if !errors.As(err, &bad) || bad.Code != BadOption {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := TuneThreshold([]float64{0, 1.5}, []bool{false, true}, nil, Objective{}, 0); err == nil {
		t.Error("a probability of 1.5 is no error")
	}
}

func TestWhatCannotBeJudged(t *testing.T) {
	good := func() Judged {
		return Judged{Probabilities: []float64{0.2, 0.8, 0.7, 0.3}, Classes: 2, Predicted: []int32{1, 0}, Labels: []int32{1, 0}, Positive: 1}
	}
	if _, err := Evaluate(good()); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		spoil func(*Judged)
		code  Code
		row   int
	}{
		"no classes":    {func(j *Judged) { j.Classes = 1 }, BadOption, -1},
		"positive":      {func(j *Judged) { j.Positive = 2 }, BadOption, -1},
		"no rows":       {func(j *Judged) { j.Labels = nil }, BadInput, -1},
		"probs":         {func(j *Judged) { j.Probabilities = j.Probabilities[:3] }, ShapeMismatch, -1},
		"predicted":     {func(j *Judged) { j.Predicted = nil }, ShapeMismatch, -1},
		"weights":       {func(j *Judged) { j.Weights = []float64{1} }, ShapeMismatch, -1},
		"NaN":           {func(j *Judged) { j.Probabilities[2] = math.NaN() }, NotFinite, 1},
		"label":         {func(j *Judged) { j.Labels[1] = 2 }, BadInput, 1},
		"decision":      {func(j *Judged) { j.Predicted[0] = -1 }, BadInput, 0},
		"weight":        {func(j *Judged) { j.Weights = []float64{1, -1} }, BadInput, 1},
		"one class":     {func(j *Judged) { j.Labels[1] = 1 }, OneClass, -1},
		"one of weight": {func(j *Judged) { j.Weights = []float64{1, 0} }, OneClass, -1},
	} {
		j := good()
		c.spoil(&j)
		_, err := Evaluate(j)
		var bad *Error
		if !errors.As(err, &bad) || bad.Code != c.code || bad.Row != c.row {
			t.Errorf("%s: %+v", name, err)
		}
	}
}

func TestTemperature(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	// Labels drawn at a temperature of 2.5.
	var logs []float64
	var labels []int32
	for range 20000 {
		l := []float64{r.NormFloat64() * 3, r.NormFloat64() * 3, r.NormFloat64() * 3}
		var p [3]float64
		total := 0.0
		for c, v := range l {
			p[c] = math.Exp(v / 2.5)
			total += p[c]
		}
		u, label := r.Float64()*total, int32(0)
		for u > p[label] {
			u -= p[label]
			label++
		}
		logs, labels = append(logs, l...), append(labels, label)
	}
	got, err := Temperature(logs, 3, labels, nil)
	if err != nil {
		t.Fatal(err)
	}
	numtest.AssertClose(t, "temperature", got, 2.5, 0.03, 0)
	// Told apart without a mistake the sharpest is best; −∞ is in order.
	if got, err := Temperature([]float64{0, math.Inf(-1), -3, 0}, 2, []int32{0, 1}, nil); err != nil || got > 2e-3 {
		t.Errorf("%g, %v", got, err)
	}
	for _, labels := range [][]int32{{0, 0}, {0, 2}, {0}} {
		if _, err := Temperature([]float64{0, -1, -1, 0}, 2, labels, nil); err == nil {
			t.Errorf("labels %v are no error", labels)
		}
	}
}

func TestIsotonicIsTheNearestMonotone(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 50 {
		p, labels, weights := drawn(r, 2+r.IntN(40))
		x, y, err := Isotonic(p, labels, weights)
		if err != nil {
			t.Fatal(err)
		}
		mean, want := 0.0, 0.0
		for i, v := range p {
			mean += weights[i] * interpolate(x, y, v)
			if labels[i] {
				want += weights[i]
			}
		}
		numtest.AssertClose(t, "weighted mean", mean, want, 1e-12, 1e-12)
		for i := 1; i < len(x); i++ {
			if !(x[i] > x[i-1]) || y[i] < y[i-1] {
				t.Errorf("x %v, y %v", x, y)
			}
		}
	}
}
