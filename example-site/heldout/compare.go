package heldout

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Way is one of the ways to train that are compared.
type Way struct {
	Name     string
	Focal    bool
	Balanced bool
}

// Ways are the four: focal loss and class weights, each with and without.
var Ways = [4]Way{
	{"Cross-entropy", false, false},
	{"Weighted", false, true},
	{"Focal", true, false},
	{"Focal and weighted", true, true},
}

// Outcome is what a model says of the held-out rows.
type Outcome struct {
	Classes   int
	Truth     []int // the class of each row
	Posterior []float64
	Predicted []int // by the model's own threshold, or its likeliest class by weight
	Positive  int   // of two classes the positive one
	Tuned     float64
}

// Interval is a number with the bounds of 95 % of what it is in samples of the
// rows, drawn with replacement.
type Interval struct{ Value, Low, High float64 }

// Holds says whether a number is between the bounds.
func (i Interval) Holds(v float64) bool { return v >= i.Low && v <= i.High }

// Comparison is of one outcome for each of [Ways], of the same rows.
type Comparison struct {
	Measures []string
	Ways     [len(Ways)][]Interval // by measure
	// Focal and Weighted are the first measure's gain over the way without
	// focal loss, and without weights: Ways[2] − Ways[0] and Ways[1] − Ways[0].
	Focal, Weighted Interval
}

var (
	twoMeasures  = []string{"average precision", "recall", "precision", "F1", "F1, threshold tuned"}
	manyMeasures = []string{"mean average precision", "accuracy", "balanced accuracy", "mean F1"}
)

// Measures are what outcomes in so many classes are compared by.
func Measures(classes int) []string {
	if classes == 2 {
		return twoMeasures
	}
	return manyMeasures
}

// Compare judges outcomes, and samples the rows as often as it can in a
// bounded time, up to 500 times. Every few milliseconds it calls goOn; if that
// is false, so is complete.
func Compare(outcomes [len(Ways)]Outcome, goOn func() bool) (c Comparison, complete bool) {
	var ranked [len(Ways)][]ranking
	for i, o := range outcomes {
		for _, class := range o.ranked() {
			ranked[i] = append(ranked[i], ranking{class, NewOrder(o.Posterior, o.Classes, class)})
			if !goOn() {
				return c, false
			}
		}
	}
	first := outcomes[0]
	c.Measures = Measures(first.Classes)
	rows := len(first.Truth)
	samples := min(500, max(100, 60_000_000/(rows*len(Ways)*max(1, len(ranked[0])))))

	counts := make([]int32, rows)
	for i := range counts {
		counts[i] = 1
	}
	measure := func() (all [len(Ways)][]float64, complete bool) {
		for i, o := range outcomes {
			all[i] = o.measures(ranked[i], counts)
			if !goOn() {
				return all, false
			}
		}
		return all, true
	}
	value, complete := measure()
	if !complete {
		return c, false
	}
	random := rand.New(rand.NewPCG(1, 2))
	drawn := make([][len(Ways)][]float64, samples)
	for s := range drawn {
		clear(counts)
		for range rows {
			counts[random.IntN(rows)]++
		}
		if drawn[s], complete = measure(); !complete {
			return c, false
		}
	}
	interval := func(of func([len(Ways)][]float64) float64) Interval {
		list := make([]float64, 0, samples)
		for _, d := range drawn {
			if v := of(d); v == v {
				list = append(list, v)
			}
		}
		return bounds(of(value), list)
	}
	for w := range Ways {
		for m := range c.Measures {
			c.Ways[w] = append(c.Ways[w], interval(func(d [len(Ways)][]float64) float64 { return d[w][m] }))
		}
	}
	c.Focal = interval(func(d [len(Ways)][]float64) float64 { return d[2][0] - d[0][0] })
	c.Weighted = interval(func(d [len(Ways)][]float64) float64 { return d[1][0] - d[0][0] })
	return c, true
}

// bounds are the 2.5th and 97.5th percentiles.
func bounds(value float64, list []float64) Interval {
	if len(list) == 0 {
		return Interval{value, math.NaN(), math.NaN()}
	}
	slices.Sort(list)
	at := func(q float64) float64 { return list[int(math.Round(q*float64(len(list)-1)))] }
	return Interval{value, at(0.025), at(0.975)}
}

// ranked are the classes whose average precision counts.
func (o Outcome) ranked() []int {
	if o.Classes == 2 {
		return []int{o.Positive}
	}
	classes := make([]int, o.Classes)
	for c := range classes {
		classes[c] = c
	}
	return classes
}

// ranking is the order of the rows by the posterior of a class.
type ranking struct {
	class int
	Order
}

// averagePrecision is that of metrics, where each row counts so many times;
// NaN where the class has none.
func (r ranking) averagePrecision(truth []int, counts []int32) float64 {
	var found, passed, before, sum float64
	for at, row := range r.rows {
		n := float64(counts[row])
		passed += n
		if truth[row] == r.class {
			found += n
		}
		if r.last[at] && found > before {
			sum += (found - before) * found / passed
			before = found
		}
	}
	return sum / found
}

func (o Outcome) measures(rankings []ranking, counts []int32) []float64 {
	ap, classes := 0.0, 0.0
	for _, r := range rankings {
		if v := r.averagePrecision(o.Truth, counts); v == v {
			ap += v
			classes++
		}
	}
	ap /= classes
	if o.Classes == 2 {
		var own, tuned [4]float64 // by truth and prediction
		for row, t := range o.Truth {
			n := float64(counts[row])
			at := 0
			if t == o.Positive {
				at = 2
			}
			if o.Predicted[row] == o.Positive {
				own[at+1] += n
			} else {
				own[at] += n
			}
			if o.Posterior[2*row+o.Positive] >= o.Tuned {
				tuned[at+1] += n
			} else {
				tuned[at] += n
			}
		}
		recall, precision := own[3]/(own[2]+own[3]), own[3]/(own[1]+own[3])
		return []float64{ap, recall, precision, f1(own), f1(tuned)}
	}
	rows, found, taken := make([]float64, o.Classes), make([]float64, o.Classes), make([]float64, o.Classes)
	var right, all float64
	for row, t := range o.Truth {
		n := float64(counts[row])
		p := o.Predicted[row]
		rows[t] += n
		taken[p] += n
		all += n
		if p == t {
			found[t] += n
			right += n
		}
	}
	var recall, harmonic, present float64
	for c := range rows {
		if rows[c] > 0 {
			present++
			recall += found[c] / rows[c]
			harmonic += 2 * found[c] / (rows[c] + taken[c])
		}
	}
	return []float64{ap, right / all, recall / present, harmonic / present}
}

func f1(c [4]float64) float64 { return 2 * c[3] / (2*c[3] + c[1] + c[2]) }
