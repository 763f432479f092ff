package heldout

import (
	"math"
	"strings"
	"testing"

	"github.com/focalfit/focalfit/metrics"
)

func TestJudge(t *testing.T) {
	training := Scored{[]float64{0.9, 0.6, 0.4, 0.2}, []bool{true, true, false, false}}
	heldOut := Scored{[]float64{0.8, 0.55, 0.45, 0.1}, []bool{true, false, true, false}}
	r, err := Judge(training, heldOut, 0.4)
	if err != nil {
		t.Fatal(err)
	}
	if r.Tuned.Threshold != 0.5 || r.Own.Threshold != 0.4 {
		t.Errorf("thresholds %v and %v", r.Tuned.Threshold, r.Own.Threshold)
	}
	if want := (metrics.Confusion{TruePositive: 2, FalsePositive: 1, TrueNegative: 1}); r.Own.Confusion != want {
		t.Errorf("at its own threshold %+v", r.Own)
	}
	if want := (metrics.Confusion{TruePositive: 1, FalseNegative: 1, FalsePositive: 1, TrueNegative: 1}); r.Tuned.Confusion != want {
		t.Errorf("at the tuned threshold %+v", r.Tuned)
	}
	if want := (1 + 2.0/3) / 2; math.Abs(r.AveragePrecision-want) > 1e-15 {
		t.Errorf("average precision %v", r.AveragePrecision)
	}
	if _, err := Judge(training, Scored{[]float64{0.1}, []bool{true}}, 0.5); err == nil {
		t.Error("held-out rows of one class were judged")
	}
	if _, err := Judge(Scored{}, heldOut, 0.5); err == nil {
		t.Error("no training rows were taken")
	}
}

func TestThresholdOfTheLowestScore(t *testing.T) {
	curve, err := metrics.PrecisionRecall([]float64{0.7, 0.3}, []bool{false, true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := Threshold(curve); got != 0.3 {
		t.Errorf("%v", got)
	}
}

// result has tp of 10 positives and fp of 100 negatives at its own threshold,
// and so on at the tuned one.
func result(ap, tp, fp, tunedTP, tunedFP float64) Result {
	point := func(tp, fp float64) metrics.Point {
		return metrics.Point{Threshold: 0.5, Confusion: metrics.Confusion{TruePositive: tp, FalseNegative: 10 - tp, FalsePositive: fp, TrueNegative: 100 - fp}}
	}
	return Result{AveragePrecision: ap, Own: point(tp, fp), Tuned: point(tunedTP, tunedFP)}
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		name    string
		results [4]Result
		want    []string
	}{
		{"weights move the threshold", [4]Result{result(0.40, 0, 0, 5, 5), result(0.42, 9, 40, 5, 6), result(0.41, 1, 0, 5, 5), result(0.40, 8, 38, 5, 5)}, []string{
			"cross-entropy finds none of 10 and focal loss 1 of 10; with balanced weights they find 9 of 10 and 8 of 10, at the price of false alarms (40 and 38, against 0 and 0).",
			"about equally well (average precision 0.40 to 0.42)",
			"an F1 of 0.48 to 0.50 on the held-out rows, closer together than at their own thresholds (0.00 to 0.31)",
			"Only 10 held-out rows are positive, so one row more or less moves recall by 10 percentage points",
		}},
		{"weights change nothing", [4]Result{result(0.4, 5, 5, 5, 9), result(0.4, 5, 5, 5, 2), result(0.9, 5, 5, 5, 5), result(0.4, 5, 5, 5, 5)}, []string{
			"they find 5 of 10 and 5 of 10. The false alarms are 5 and 5, against 5 and 5 without weights.",
			"average precision is 0.40 to 0.90, best for focal loss.",
			"at their own thresholds it is 0.50.",
		}},
	} {
		words := strings.Join(Words(c.results), "\n")
		for _, want := range c.want {
			if !strings.Contains(words, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, words)
			}
		}
	}
	many := result(0.5, 40, 10, 40, 10)
	many.Own.FalseNegative = 10
	if words := strings.Join(Words([4]Result{many, many, many, many}), "\n"); strings.Contains(words, "Only") {
		t.Errorf("50 positives are called few: %s", words)
	}
}
