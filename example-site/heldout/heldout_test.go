package heldout

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/focalfit/focalfit/metrics"
)

// drawn are rows with ties among their probabilities.
func drawn(seed uint64, n int) Scored {
	random := rand.New(rand.NewPCG(seed, 0))
	rows := Scored{make([]float64, n), make([]bool, n)}
	for i := range n {
		p := math.Pow(random.Float64(), 4)
		if random.IntN(3) == 0 {
			p = math.Round(20*p) / 20
		}
		rows.Probability[i], rows.Positive[i] = p, random.Float64() < p
	}
	rows.Positive[0], rows.Positive[1] = true, false
	return rows
}

func TestJudgeIsAsMetrics(t *testing.T) {
	for seed := range uint64(40) {
		rows := drawn(seed, 2+int(seed*seed)%700)
		want, err := metrics.PrecisionRecall(rows.Probability, rows.Positive, nil)
		if err != nil {
			t.Fatal(err)
		}
		raw := make([]float64, len(rows.Probability))
		for i, p := range rows.Probability {
			raw[i] = math.Sqrt(p)
		}
		j, err := Judge(rows, raw)
		if err != nil {
			t.Fatal(err)
		}
		if len(j.Curve) != len(want) {
			t.Fatalf("seed %d: %d points, not %d", seed, len(j.Curve), len(want))
		}
		for i, point := range j.Curve {
			if point != want[i] {
				t.Fatalf("seed %d: point %d is %+v, not %+v", seed, i, point, want[i])
			}
		}
		if j.AveragePrecision != want.AveragePrecision() || j.ROCAUC != want.ROCAUC() {
			t.Errorf("seed %d: %v and %v", seed, j.AveragePrecision, j.ROCAUC)
		}
		for i, r := range []struct {
			got    Reliability
			scores []float64
		}{{j.Posterior, rows.Probability}, {j.Raw, raw}} {
			if want := metrics.ECE(metrics.Reliability(r.scores, rows.Positive, nil, 0)); math.Abs(r.got.ECE-want) > 1e-12 {
				t.Errorf("seed %d, %d: calibration error %v, not %v", seed, i, r.got.ECE, want)
			}
		}
	}
}

func TestOrder(t *testing.T) {
	// Two columns; the second is what counts.
	p := []float64{0, 0.25, 1, 0.5, 0, 1e-300, 1, 0.5, 1, math.Copysign(0, -1), 1, 0, 0.5, 1}
	o := NewOrder(p, 2, 1)
	wantRows := []int32{6, 1, 3, 0, 2, 4, 5}
	wantLast := []bool{true, false, true, true, true, false, true}
	for i := range wantRows {
		if o.rows[i] != wantRows[i] || o.last[i] != wantLast[i] {
			t.Fatalf("%v %v", o.rows, o.last)
		}
	}
	if empty := NewOrder(nil, 1, 0); len(empty.rows) != 0 {
		t.Error("no rows have an order")
	}
}

func TestRowsOfOneClassAreRefused(t *testing.T) {
	if _, err := Judge(Scored{[]float64{0.1, 0.2}, []bool{true, true}}, []float64{0.1, 0.2}); err == nil {
		t.Error("held-out rows of one class were judged")
	}
	if _, err := TunedThreshold(Scored{}, Order{}); err == nil {
		t.Error("a threshold was found on no rows")
	}
}

func TestReliabilityBins(t *testing.T) {
	rows := Scored{}
	for i := range 100 {
		rows.Probability = append(rows.Probability, float64(i)/100)
		rows.Positive = append(rows.Positive, i%2 == 0)
	}
	// One more of probability 1 belongs to the last bin; four alone in a bin are left out.
	rows.Probability = append(rows.Probability[:14], append(rows.Probability[20:], 1)...)
	rows.Positive = append(rows.Positive[:14], append(rows.Positive[20:], true)...)
	r := NewReliability(rows, NewOrder(rows.Probability, 1, 0))
	if len(r.Bins) != 9 {
		t.Fatalf("%d bins", len(r.Bins))
	}
	if b := r.Bins[0]; math.Abs(b.Probability-0.045) > 1e-12 || b.Frequency != 0.5 || b.Weight != 10 {
		t.Errorf("first %+v", b)
	}
	if b := r.Bins[8]; b.Weight != 11 || math.Abs(b.Probability-(9.45+1)/11) > 1e-12 || math.Abs(b.Frequency-6.0/11) > 1e-12 {
		t.Errorf("last %+v", b)
	}
}

func TestThresholds(t *testing.T) {
	tuned := func(rows Scored) float64 {
		got, err := TunedThreshold(rows, NewOrder(rows.Probability, 1, 0))
		if err != nil {
			t.Error(err)
		}
		return got
	}
	if got := tuned(Scored{[]float64{0.9, 0.6, 0.4, 0.2}, []bool{true, true, false, false}}); got != 0.5 {
		t.Errorf("%v", got)
	}
	// The lowest score of all is its own threshold.
	if got := tuned(Scored{[]float64{0.7, 0.3}, []bool{false, true}}); got != 0.3 {
		t.Errorf("%v", got)
	}
	// It is the best of metrics, ties among the probabilities or not.
	for seed := range uint64(20) {
		rows := drawn(seed, 300)
		curve, err := metrics.PrecisionRecall(rows.Probability, rows.Positive, nil)
		if err != nil {
			t.Fatal(err)
		}
		want := curve.Best(metrics.Confusion.F1)
		if got := curve.At(tuned(rows)); got != want.Confusion {
			t.Errorf("seed %d: %+v, not %+v", seed, got, want.Confusion)
		}
	}
	if got := CostThreshold(19); math.Abs(got-0.05) > 1e-15 {
		t.Errorf("%v", got)
	}
	c := metrics.Confusion{TruePositive: 3, FalseNegative: 2, FalsePositive: 7, TrueNegative: 88}
	if got := Cost(c, 10); math.Abs(got-0.27) > 1e-15 {
		t.Errorf("%v", got)
	}
}

// The cost threshold is the best there is where probabilities are true.
func TestCostThresholdIsBest(t *testing.T) {
	rows := drawn(3, 60000)
	j, err := Judge(rows, rows.Probability)
	if err != nil {
		t.Fatal(err)
	}
	for _, miss := range []float64{0.5, 3, 20} {
		own := Cost(j.Curve.At(CostThreshold(miss)), miss)
		for _, other := range []float64{0.01, 0.1, 0.3, 0.6, 0.9} {
			if math.Abs(other-CostThreshold(miss)) > 0.04 && Cost(j.Curve.At(other), miss) <= own {
				t.Errorf("a miss of %v: %v costs no more than %v", miss, other, CostThreshold(miss))
			}
		}
	}
}

func TestThinKeepsTheCurve(t *testing.T) {
	rows := drawn(9, 20000)
	j, err := Judge(rows, rows.Probability)
	if err != nil {
		t.Fatal(err)
	}
	thin := Thin(j.Curve, 300)
	if len(thin) < 100 || len(thin) > 700 {
		t.Errorf("%d of %d points", len(thin), len(j.Curve))
	}
	if thin[0] != j.Curve[0] || thin[len(thin)-1] != j.Curve[len(j.Curve)-1] {
		t.Error("an end is gone")
	}
	// Every point left out has a neighbour left in that a drawing cannot tell from it.
	at := 0
	for _, p := range j.Curve {
		for at+1 < len(thin) && thin[at+1].Threshold >= p.Threshold {
			at++
		}
		if math.Abs(thin[at].Recall()-p.Recall()) > 2.0/300+1e-9 || math.Abs(thin[at].Specificity()-p.Specificity()) > 2.0/300+1e-9 {
			t.Fatalf("%+v is %+v", p, thin[at])
		}
	}
	if short := Thin(j.Curve[:50], 300); len(short) != 50 {
		t.Error("a short curve was thinned")
	}
}

func TestClasses(t *testing.T) {
	truth := []int{0, 0, 0, 1, 1, 2, 2, 2, 2}
	predicted := []int{0, 1, 1, 1, 1, 2, 2, 0, 2}
	want := []Class{{3, 1, 2, 1, 2}, {2, 2, 4, -1, 0}, {4, 3, 3, 0, 1}, {0, 0, 0, -1, 0}}
	for c, got := range Classes(truth, predicted, 4) {
		if got != want[c] {
			t.Errorf("class %d: %+v, not %+v", c, got, want[c])
		}
	}
	c := Class{Rows: 4, Found: 3, Predicted: 6}
	if c.Recall() != 0.75 || c.Precision() != 0.5 || math.Abs(c.F1()-0.6) > 1e-15 {
		t.Errorf("%v %v %v", c.Recall(), c.Precision(), c.F1())
	}
}
