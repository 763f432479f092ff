package heldout

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/focalfit/focalfit/metrics"
)

func always() bool { return true }

// two is an outcome of rows in two classes.
func two(rows Scored, threshold, tuned float64) Outcome {
	o := Outcome{Classes: 2, Positive: 1, Tuned: tuned}
	for i, p := range rows.Probability {
		o.Posterior = append(o.Posterior, 1-p, p)
		truth, predicted := 0, 0
		if rows.Positive[i] {
			truth = 1
		}
		if p >= threshold {
			predicted = 1
		}
		o.Truth, o.Predicted = append(o.Truth, truth), append(o.Predicted, predicted)
	}
	return o
}

func TestCompareTwoClasses(t *testing.T) {
	rows := drawn(4, 900)
	blurred := Scored{make([]float64, 900), rows.Positive}
	random := rand.New(rand.NewPCG(5, 6))
	for i, p := range rows.Probability {
		blurred.Probability[i] = 0.2*p + 0.8*random.Float64()
	}
	outcomes := [4]Outcome{two(blurred, 0.5, 0.4), two(blurred, 0.1, 0.4), two(rows, 0.5, 0.4), two(rows, 0.1, 0.4)}
	c, complete := Compare(outcomes, always)
	if !complete {
		t.Fatal("not complete")
	}
	for w, scored := range []Scored{blurred, blurred, rows, rows} {
		ap, err := metrics.AveragePrecision(scored.Probability, scored.Positive, nil)
		if err != nil {
			t.Fatal(err)
		}
		threshold := []float64{0.5, 0.1, 0.5, 0.1}[w]
		at, _ := metrics.ConfusionAt(scored.Probability, scored.Positive, nil, threshold)
		tuned, _ := metrics.ConfusionAt(scored.Probability, scored.Positive, nil, 0.4)
		for m, want := range []float64{ap, at.Recall(), at.Precision(), at.F1(), tuned.F1()} {
			got := c.Ways[w][m]
			if math.Abs(got.Value-want) > 1e-12 {
				t.Errorf("way %d: %s is %v, not %v", w, c.Measures[m], got.Value, want)
			}
			if !(got.Low < got.Value && got.Value < got.High && got.High-got.Low < 0.4) {
				t.Errorf("way %d: %s is in %+v", w, c.Measures[m], got)
			}
		}
	}
	if want := c.Ways[2][0].Value - c.Ways[0][0].Value; math.Abs(c.Focal.Value-want) > 1e-12 || c.Focal.Low <= 0 {
		t.Errorf("focal gains %+v", c.Focal)
	}
	if c.Weighted != (Interval{}) {
		t.Errorf("weights gain %+v where they change no probability", c.Weighted)
	}
	if words := c.Words(outcomes); !strings.Contains(words[0], "It helps here") {
		t.Errorf("%q", words)
	}
}

// The spread of a mean over samples is known: recall of n rows is binomial.
func TestIntervalsHaveTheRightWidth(t *testing.T) {
	rows := Scored{}
	for i := range 400 {
		rows.Probability = append(rows.Probability, float64((i*7)%10)/10)
		rows.Positive = append(rows.Positive, i < 200)
	}
	o := two(rows, 0.5, 0.5)
	c, _ := Compare([4]Outcome{o, o, o, o}, always)
	got := c.Ways[0][1]
	want := 2 * 1.96 * math.Sqrt(got.Value*(1-got.Value)/200)
	if width := got.High - got.Low; math.Abs(width-want) > 0.25*want {
		t.Errorf("width %v, not %v", width, want)
	}
	if c.Focal != (Interval{}) {
		t.Errorf("a model gains %+v over itself", c.Focal)
	}
	if words := c.Words([4]Outcome{o, o, o, o}); !strings.Contains(words[0], "It does not help here") {
		t.Errorf("%q", words)
	}
}

func TestCompareManyClasses(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 1))
	o := Outcome{Classes: 3, Positive: -1}
	for range 300 {
		truth := random.IntN(3)
		p := [3]float64{random.Float64(), random.Float64(), random.Float64()}
		p[truth] += 0.5
		best := 0
		for c := range p {
			if p[c] > p[best] {
				best = c
			}
		}
		sum := p[0] + p[1] + p[2]
		o.Posterior = append(o.Posterior, p[0]/sum, p[1]/sum, p[2]/sum)
		o.Truth, o.Predicted = append(o.Truth, truth), append(o.Predicted, best)
	}
	c, complete := Compare([4]Outcome{o, o, o, o}, always)
	if !complete || len(c.Measures) != 4 {
		t.Fatal(c.Measures)
	}
	right, recall, f1, ap := 0.0, 0.0, 0.0, 0.0
	for k, class := range Classes(o.Truth, o.Predicted, 3) {
		right += float64(class.Found)
		recall += class.Recall() / 3
		f1 += class.F1() / 3
		scores, positive := make([]float64, 300), make([]bool, 300)
		for i := range scores {
			scores[i], positive[i] = o.Posterior[3*i+k], o.Truth[i] == k
		}
		one, err := metrics.AveragePrecision(scores, positive, nil)
		if err != nil {
			t.Fatal(err)
		}
		ap += one / 3
	}
	for m, want := range []float64{ap, right / 300, recall, f1} {
		if got := c.Ways[0][m]; math.Abs(got.Value-want) > 1e-12 || !(got.Low < want && want < got.High) {
			t.Errorf("%s is %+v, not %v", c.Measures[m], got, want)
		}
	}
	if words := c.Words([4]Outcome{o, o, o, o}); len(words) != 2 {
		t.Errorf("%q", words)
	}
}

func TestCompareEndsWhereItIsTold(t *testing.T) {
	o := two(drawn(1, 500), 0.5, 0.5)
	for _, calls := range []int{1, 3, 5, 40} {
		left := calls
		if _, complete := Compare([4]Outcome{o, o, o, o}, func() bool { left--; return left > 0 }); complete {
			t.Errorf("after %d calls it went on", calls)
		}
		if left < 0 {
			t.Errorf("after %d calls it went on for %d", calls, -left)
		}
	}
}

func TestWords(t *testing.T) {
	// tp of 10 positives and fp of 100 negatives are flagged.
	outcome := func(tp, fp int) Outcome {
		o := Outcome{Classes: 2, Positive: 1}
		for i := range 110 {
			truth, predicted := 0, 0
			if i < 10 {
				truth = 1
			}
			if i < tp || i >= 10 && i < 10+fp {
				predicted = 1
			}
			o.Truth, o.Predicted = append(o.Truth, truth), append(o.Predicted, predicted)
		}
		return o
	}
	comparison := func(focal Interval, own, tuned [4]float64) Comparison {
		c := Comparison{Measures: twoMeasures, Focal: focal}
		for i := range c.Ways {
			c.Ways[i] = []Interval{{Value: 0.5}, {}, {}, {Value: own[i]}, {Value: tuned[i]}}
		}
		return c
	}
	one := Outcome{Classes: 2, Positive: 1, Truth: []int{1, 0, 0}, Predicted: []int{0, 0, 0}}
	words := comparison(Interval{}, [4]float64{}, [4]float64{}).Words([4]Outcome{one, one, one, one})
	if last := words[len(words)-1]; !strings.HasPrefix(last, "Only 1 held-out row is positive, so one more or less moves recall by 100 percentage points") {
		t.Errorf("%q", last)
	}
	for _, test := range []struct {
		c        Comparison
		outcomes [4]Outcome
		want     []string
	}{
		{
			comparison(Interval{0.002, -0.01, 0.013}, [4]float64{0, 0.3, 0, 0.3}, [4]float64{0.4, 0.41, 0.39, 0.42}),
			[4]Outcome{outcome(0, 0), outcome(8, 20), outcome(0, 1), outcome(9, 22)},
			[]string{
				"Focal loss against cross-entropy: average precision +0.002, with 95 % between −0.010 and +0.013. It does not help here: it orders the rows as cross-entropy does.",
				"At their own thresholds, cross-entropy finds none of 10 and focal loss none of 10; with balanced weights they find 8 of 10 and 9 of 10, at the price of false alarms (20 and 22, against 0 and 1).",
				"With a threshold chosen on the training rows, the four reach an F1 of 0.40, 0.41, 0.39 and 0.42 on the held-out rows, closer together than at their own thresholds (0.00, 0.30, 0.00 and 0.30): a threshold does much of what weights do.",
				"Only 10 held-out rows are positive, so one more or less moves recall by 10 percentage points: small differences mean nothing here. Hold out others and compare again.",
			},
		},
		{
			comparison(Interval{-0.2, -0.3, -0.1}, [4]float64{0.5, 0.5, 0.5, 0.5}, [4]float64{0.1, 0.5, 0.5, 0.5}),
			[4]Outcome{outcome(9, 3), outcome(8, 4), outcome(9, 5), outcome(10, 6)},
			[]string{
				"Focal loss against cross-entropy: average precision −0.200, with 95 % between −0.300 and −0.100. It harms here: it orders the rows worse.",
				"At their own thresholds, cross-entropy finds 9 of 10 and focal loss 9 of 10; with balanced weights they find 8 of 10 and 10 of 10. The false alarms are 4 and 6, against 3 and 5 without weights.",
				"With a threshold chosen on the training rows, the four reach an F1 of 0.10, 0.50, 0.50 and 0.50 on the held-out rows; at their own thresholds it is 0.50, 0.50, 0.50 and 0.50.",
				"Only 10 held-out rows are positive, so one more or less moves recall by 10 percentage points: small differences mean nothing here. Hold out others and compare again.",
			},
		},
	} {
		got := test.c.Words(test.outcomes)
		if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
			t.Errorf("\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
	}
	unsure := comparison(Interval{0.04, -0.1, 0.2}, [4]float64{}, [4]float64{})
	if words := unsure.Words([4]Outcome{outcome(1, 1), outcome(1, 1), outcome(1, 1), outcome(1, 1)}); !strings.Contains(words[0], "That is no difference that these rows can show.") {
		t.Errorf("%q", words[0])
	}
}
