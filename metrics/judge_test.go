package metrics

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
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

// Each objective from its definition, not by way of Confusion's methods.
func TestObjectivesAreWhatTheyAreCalled(t *testing.T) {
	ratio := func(a, b float64) float64 {
		if b == 0 {
			return 0
		}
		return a / b
	}
	r := rand.New(rand.NewPCG(11, 12))
	for range 200 {
		tp, fn, fp, tn := float64(r.IntN(9)), float64(r.IntN(9)), float64(r.IntN(9)), float64(r.IntN(9))
		if tp+fn == 0 || fp+tn == 0 {
			continue
		}
		c := Confusion{TruePositive: tp, FalseNegative: fn, FalsePositive: fp, TrueNegative: tn}
		precision, recall, specificity := ratio(tp, tp+fp), tp/(tp+fn), tn/(tn+fp)
		for _, o := range []struct {
			Objective
			value, limit float64
		}{
			{Objective{Goal: F1}, ratio(2*precision*recall, precision+recall), 0},
			{Objective{Goal: FBeta, Parameter: 2}, ratio(5*precision*recall, 4*precision+recall), 0},
			{Objective{Goal: FBeta, Parameter: 0.5}, ratio(1.25*precision*recall, 0.25*precision+recall), 0},
			{Objective{Goal: MCC}, ratio(tp*tn-fp*fn, math.Sqrt((tp+fp)*(tp+fn)*(tn+fp)*(tn+fn))), 0},
			{Objective{Goal: BalancedAccuracy}, (recall + specificity) / 2, 0},
			{Objective{Goal: GMean}, math.Sqrt(recall * specificity), 0},
			{Objective{Goal: RecallAtPrecision, Parameter: 0.6}, recall, precision - 0.6},
			{Objective{Goal: PrecisionAtRecall, Parameter: 0.7}, precision, recall - 0.7},
			{Objective{Goal: Cost, FalsePositive: 2, FalseNegative: 7}, (2*fp + 7*fn) / (tp + fn + fp + tn), 0},
		} {
			numtest.AssertClose(t, "value", o.Objective.value(c), o.value, 1e-12, 1e-15)
			limit := o.limited(c)
			if tp+fp == 0 && o.Goal == RecallAtPrecision {
				o.limit = -1 // there is no precision
			}
			numtest.AssertClose(t, "limit", limit, o.limit, 1e-12, 1e-15)
		}
	}
	// The greatest is best, of a cost the least; a limit comes first.
	good, bad := Confusion{8, 2, 1, 9}, Confusion{5, 5, 5, 5}
	for _, o := range []Objective{
		{Goal: F1}, {Goal: FBeta, Parameter: 2}, {Goal: MCC}, {Goal: BalancedAccuracy}, {Goal: GMean},
		{Goal: RecallAtPrecision, Parameter: 0.8}, {Goal: PrecisionAtRecall, Parameter: 0.7}, {Goal: Cost, FalsePositive: 1, FalseNegative: 1},
	} {
		if !o.better(good, bad) || o.better(bad, good) || o.better(good, good) {
			t.Errorf("%+v does not prefer the better", o)
		}
	}
	all := Confusion{10, 0, 10, 0} // of recall 1, but precision 0.5
	if o := (Objective{Goal: RecallAtPrecision, Parameter: 0.8}); !o.better(good, all) {
		t.Error("a precision that was asked for counts less than recall")
	}
}

// The intervals are those of a bootstrap written out: rows drawn with their
// weights, F1 at the threshold that was chosen, from 2.5 to 97.5 %.
func TestBootstrapIsTheOneWrittenOut(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	var p, weights []float64
	var labels []bool
	for range 120 {
		v := r.Float64()
		p, labels, weights = append(p, v), append(labels, r.Float64() < v*v), append(weights, math.Pow(4, 3*r.Float64()))
	}
	var low, high float64
	const seeds = 30
	var choice Choice
	for seed := range uint64(seeds) {
		var err error
		if choice, err = TuneThreshold(p, labels, weights, Objective{Goal: F1}, seed*1000); err != nil {
			t.Fatal(err)
		}
		low, high = low+choice.Low/seeds, high+choice.High/seeds
	}
	var values []float64
	for range seeds * resamples {
		var tp, fp, fn float64
		for range p {
			i := r.IntN(len(p))
			switch positive := p[i] >= choice.Threshold; {
			case positive && labels[i]:
				tp += weights[i]
			case positive:
				fp += weights[i]
			case labels[i]:
				fn += weights[i]
			}
		}
		values = append(values, 2*tp/(2*tp+fp+fn))
	}
	slices.Sort(values)
	n := float64(len(values) - 1)
	a, b := values[int(0.025*n)], values[int(0.975*n)]
	numtest.AssertClose(t, "low", low, a, 0, 0.06*(b-a))
	numtest.AssertClose(t, "high", high, b, 0, 0.06*(b-a))
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
	// No other temperature is better, weights counted.
	weights := make([]float64, len(labels))
	for i, label := range labels {
		weights[i] = 1
		if logs[3*i+int(label)] < slices.Max(logs[3*i:3*i+3]) {
			weights[i] = 3 // the surprises count more, and the best temperature is higher
		}
	}
	for _, w := range [][]float64{nil, weights} {
		got, err := Temperature(logs, 3, labels, w)
		if err != nil {
			t.Fatal(err)
		}
		at := logLossAt(logs, labels, w, got)
		for _, s := range []float64{0.999, 1.001} {
			if other := logLossAt(logs, labels, w, got*s); other <= at {
				t.Errorf("temperature %g has log loss %.12g, %g has %.12g", got*s, other, got, at)
			}
		}
	}
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

func logLossAt(logs []float64, labels []int32, weights []float64, temperature float64) float64 {
	sum := 0.0
	for i, label := range labels {
		total := 0.0
		for _, l := range logs[3*i : 3*i+3] {
			total += math.Exp(l / temperature)
		}
		sum += weight(weights, i) * (math.Log(total) - logs[3*i+int(label)]/temperature)
	}
	return sum
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

// Rows of infinite logits keep their probabilities, so Platt's method learns
// from the others, if these are of both classes.
func TestPlattOfInfiniteLogits(t *testing.T) {
	inf := math.Inf(1)
	logits, labels := []float64{-2, -1, 0, 1, 2, 3}, []bool{false, false, true, false, true, true}
	slope, intercept, _ := Platt(logits, labels, nil)
	more := append([]float64{inf, -inf, inf}, logits...)
	got, at, err := Platt(more, append([]bool{true, false, false}, labels...), nil)
	if err != nil || got != slope || at != intercept {
		t.Errorf("%g, %g, without them %g, %g (%v)", got, at, slope, intercept, err)
	}
	if got, at, err := Platt([]float64{inf, 1, -inf, 2}, []bool{true, true, false, true}, nil); err != nil || !(got > 0) || at-at != 0 {
		t.Errorf("%g, %g (%v)", got, at, err)
	}
	if _, _, err := Platt([]float64{1, 2}, []bool{true, false}, []float64{1e308, 1e308}); err == nil {
		t.Error("weights without a finite sum are taken")
	}
}
