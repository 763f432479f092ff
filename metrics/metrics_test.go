package metrics

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func assertClose(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(want) && math.IsNaN(got) {
		return
	}
	if !(math.Abs(got-want) <= 1e-12*max(1, math.Abs(want))) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestMeasuresByHand(t *testing.T) {
	nan := math.NaN()
	cases := []struct {
		name string
		c    Confusion
		precision, recall, specificity, accuracy,
		balanced, gMean, f1, f2, mcc, prevalence float64
	}{
		{"all four cells", Confusion{6, 2, 4, 88}, 0.6, 0.75, 88.0 / 92, 0.94,
			(0.75 + 88.0/92) / 2, math.Sqrt(0.75 * 88 / 92), 12.0 / 18, 30.0 / 42,
			(6*88 - 4*2) / math.Sqrt(10*8*92*90), 0.08},
		{"perfect", Confusion{3, 0, 0, 7}, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0.3},
		{"everything wrong", Confusion{0, 3, 7, 0}, 0, 0, 0, 0, 0, 0, 0, 0, -1, 0.3},
		{"nothing predicted", Confusion{0, 3, 0, 7}, nan, 0, 1, 0.7, 0.5, 0, 0, 0, 0, 0.3},
		{"everything predicted", Confusion{3, 0, 7, 0}, 0.3, 1, 0, 0.3, 0.5, 0, 6.0 / 13, 15.0 / 22, 0, 0.3},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			assertClose(t, "precision", c.c.Precision(), c.precision)
			assertClose(t, "recall", c.c.Recall(), c.recall)
			assertClose(t, "specificity", c.c.Specificity(), c.specificity)
			assertClose(t, "accuracy", c.c.Accuracy(), c.accuracy)
			assertClose(t, "balanced accuracy", c.c.BalancedAccuracy(), c.balanced)
			assertClose(t, "G-mean", c.c.GMean(), c.gMean)
			assertClose(t, "F1", c.c.F1(), c.f1)
			assertClose(t, "F2", c.c.FBeta(2), c.f2)
			assertClose(t, "F0", c.c.FBeta(0), c.precision)
			assertClose(t, "MCC", c.c.MCC(), c.mcc)
			assertClose(t, "prevalence", c.c.Prevalence(), c.prevalence)
		})
	}
}

func TestAveragePrecisionByHand(t *testing.T) {
	cases := []struct {
		name    string
		scores  []float64
		labels  []bool
		weights []float64
		want    float64
	}{
		{"positives first", []float64{4, 3, 2, 1}, []bool{true, true, false, false}, nil, 1},
		{"positives last", []float64{4, 3, 2, 1}, []bool{false, false, true, true}, nil, (1.0/3 + 2.0/4) / 2},
		{"alternating", []float64{4, 3, 2, 1}, []bool{true, false, true, false}, nil, (1 + 2.0/3) / 2},
		// The trapezoid would say 5/6 + 1/12.
		{"a tie of both classes", []float64{0.9, 0.5, 0.5, 0.1}, []bool{true, true, false, false}, nil, 0.5*1 + 0.5*2.0/3},
		{"constant", []float64{0, 0, 0, 0, 0}, []bool{true, false, false, false, false}, nil, 0.2},
		{"zero of either sign", []float64{0, math.Copysign(0, -1)}, []bool{false, true}, nil, 0.5},
		{"infinite scores", []float64{math.Inf(1), 0, math.Inf(-1)}, []bool{true, false, true}, nil, (1 + 2.0/3) / 2},
		{"weights", []float64{3, 2, 1}, []bool{true, false, true}, []float64{2, 3, 1}, 2.0/3*1 + 1.0/3*3.0/6},
		{"weight 0", []float64{9, 3, 2, 1}, []bool{false, true, false, true}, []float64{0, 2, 3, 1}, 2.0/3*1 + 1.0/3*3.0/6},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := AveragePrecision(c.scores, c.labels, c.weights)
			if err != nil {
				t.Fatal(err)
			}
			assertClose(t, "average precision", got, c.want)
		})
	}
}

// rows draws rows whose scores have ties.
func rows(seed uint64, n int) (scores []float64, labels []bool, weights []float64) {
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range n {
		label := i == 0 || i > 1 && r.Float64() < 0.2
		score := math.Round(r.NormFloat64()*4) / 4
		if label {
			score++
		}
		scores = append(scores, score)
		labels = append(labels, label)
		weights = append(weights, float64(r.IntN(4)+1)/2)
	}
	return
}

func TestCurveIsConfusionAtEveryThreshold(t *testing.T) {
	for seed := range uint64(20) {
		scores, labels, weights := rows(seed, 3+int(seed)*7)
		for _, w := range [][]float64{nil, weights} {
			curve, err := PrecisionRecall(scores, labels, w)
			if err != nil {
				t.Fatal(err)
			}
			thresholds := append([]float64{math.Inf(1), math.Inf(-1), 0.1}, scores...)
			for _, threshold := range thresholds {
				want, err := ConfusionAt(scores, labels, w, threshold)
				if err != nil {
					t.Fatal(err)
				}
				got := curve.At(threshold)
				assertClose(t, "true positives", got.TruePositive, want.TruePositive)
				assertClose(t, "false negatives", got.FalseNegative, want.FalseNegative)
				assertClose(t, "false positives", got.FalsePositive, want.FalsePositive)
				assertClose(t, "true negatives", got.TrueNegative, want.TrueNegative)
			}
			for i := 1; i < len(curve); i++ {
				if !(curve[i].Threshold < curve[i-1].Threshold && curve[i].Recall() >= curve[i-1].Recall()) {
					t.Errorf("seed %d: point %d out of order", seed, i)
				}
			}
			if last := curve[len(curve)-1]; last.Recall() != 1 {
				t.Errorf("seed %d: the last recall is %v", seed, last.Recall())
			}
			assertClose(t, "last precision", curve[len(curve)-1].Precision(), curve[0].Prevalence())
		}
	}
}

func TestIdentities(t *testing.T) {
	for seed := range uint64(20) {
		scores, labels, weights := rows(seed, 60)
		want, err := AveragePrecision(scores, labels, weights)
		if err != nil {
			t.Fatal(err)
		}

		// Average precision is the weighted mean, over the positive rows, of
		// the precision at their own score.
		var sum, total float64
		for i, label := range labels {
			if !label {
				continue
			}
			c, err := ConfusionAt(scores, labels, weights, scores[i])
			if err != nil {
				t.Fatal(err)
			}
			sum += weights[i] * c.Precision()
			total += weights[i]
		}
		assertClose(t, "by positive rows", want, sum/total)

		// A weight is a number of equal rows.
		var rs []float64
		var rl []bool
		for i := range scores {
			for range int(2 * weights[i]) {
				rs = append(rs, scores[i])
				rl = append(rl, labels[i])
			}
		}
		repeated, err := AveragePrecision(rs, rl, nil)
		if err != nil {
			t.Fatal(err)
		}
		assertClose(t, "rows repeated", repeated, want)

		// Only the order of the scores counts.
		moved := make([]float64, len(scores))
		for i, s := range scores {
			moved[i] = math.Exp(s/2) - 7
		}
		monotone, err := AveragePrecision(moved, labels, weights)
		if err != nil {
			t.Fatal(err)
		}
		assertClose(t, "monotone scores", monotone, want)
	}
}

func TestBest(t *testing.T) {
	curve, err := PrecisionRecall([]float64{5, 4, 3, 2, 1}, []bool{false, true, true, false, false}, nil)
	if err != nil {
		t.Fatal(err)
	}
	best := curve.Best(Confusion.F1)
	assertClose(t, "threshold", best.Threshold, 3)
	assertClose(t, "F1", best.F1(), 0.8)
	constant := curve.Best(func(Confusion) float64 { return 1 })
	assertClose(t, "first of equals", constant.Threshold, 5)
	late := curve.Best(func(c Confusion) float64 {
		if c.Predicted() < 4 {
			return math.NaN()
		}
		return 1
	})
	assertClose(t, "past NaN", late.Threshold, 2)
}

func TestErrors(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	both := []bool{true, false}
	cases := []struct {
		name    string
		scores  []float64
		labels  []bool
		weights []float64
		code    Code
		row     int
		message string
	}{
		{"labels", []float64{1, 2}, []bool{true}, nil, ShapeMismatch, -1, "1 labels for 2 scores"},
		{"weights", []float64{1, 2}, both, []float64{1}, ShapeMismatch, -1, "1 weights for 2 scores"},
		{"no rows", nil, nil, nil, BadInput, -1, "no rows"},
		{"NaN", []float64{1, nan}, both, nil, NotFinite, 1, "NaN (row 1)"},
		{"negative weight", []float64{1, 2}, both, []float64{1, -1}, BadInput, 1, "weight"},
		{"NaN weight", []float64{1, 2}, both, []float64{nan, 1}, BadInput, 0, "weight"},
		{"infinite weight", []float64{1, 2}, both, []float64{inf, 1}, BadInput, 0, "weight"},
		{"positives only", []float64{1, 2}, []bool{true, true}, nil, OneClass, -1, "negative class"},
		{"negatives only", []float64{1, 2}, []bool{false, false}, nil, OneClass, -1, "positive class"},
		{"positives of no weight", []float64{1, 2}, both, []float64{0, 1}, OneClass, -1, "positive class"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, curveErr := PrecisionRecall(c.scores, c.labels, c.weights)
			_, apErr := AveragePrecision(c.scores, c.labels, c.weights)
			_, atErr := ConfusionAt(c.scores, c.labels, c.weights, 0)
			for _, err := range []error{curveErr, apErr, atErr} {
				var e *Error
				if !errors.As(err, &e) {
					t.Fatalf("error %v", err)
				}
				if e.Code != c.code || e.Row != c.row || !strings.Contains(e.Error(), c.message) {
					t.Errorf("%s, row %d: %v", e.Code, e.Row, e)
				}
			}
		})
	}
	if _, err := ConfusionAt([]float64{1, 2}, both, nil, nan); err == nil {
		t.Error("a threshold of NaN was taken")
	}
}

// The area under the curve by trapezoids, often called PR-AUC, interpolates
// between points that no threshold reaches, and flatters where scores are tied.
func TestHoleTrapezoid(t *testing.T) {
	curve, err := PrecisionRecall([]float64{0.9, 0.5, 0.5, 0.1}, []bool{true, true, false, false}, nil)
	if err != nil {
		t.Fatal(err)
	}
	trapezoid, recall, precision := 0.0, 0.0, 1.0
	for _, point := range curve {
		trapezoid += (point.Recall() - recall) * (point.Precision() + precision) / 2
		recall, precision = point.Recall(), point.Precision()
	}
	if got := curve.AveragePrecision(); math.Abs(got-5.0/6) > 1e-15 || math.Abs(trapezoid-11.0/12) > 1e-15 {
		t.Errorf("average precision %g and trapezoid %g, want 5/6 and 11/12", got, trapezoid)
	}
}
