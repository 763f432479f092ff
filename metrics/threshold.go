package metrics

import "math"

// Goal is what a threshold is chosen for.
type Goal int

const (
	F1                Goal = iota // the greatest F1
	FBeta                         // the greatest F_β, β being the parameter
	MCC                           // the greatest Matthews correlation
	BalancedAccuracy              // the greatest mean of recall and specificity
	GMean                         // the greatest geometric mean of them
	RecallAtPrecision             // the greatest recall of a precision ≥ the parameter
	PrecisionAtRecall             // the greatest precision of a recall ≥ the parameter
	Cost                          // the least mean cost
)

// Objective is a goal and its parameters.
type Objective struct {
	Goal          Goal
	Parameter     float64 // of FBeta > 0; of RecallAtPrecision and PrecisionAtRecall in (0, 1]
	FalsePositive float64 // of Cost, what each costs, ≥ 0 and not both 0
	FalseNegative float64
}

// Choice is a threshold and how well it does.
type Choice struct {
	Threshold float64 // positive is a probability ≥ this
	Value     float64 // of the objective: F1, recall, …, or the mean cost of a row
	Reached   bool    // whether any threshold has the precision or recall that was asked for
	Confusion Confusion

	// The 95 % intervals of a bootstrap over the rows: of the value at this
	// threshold, and of the threshold, were it chosen on other rows.
	Low, High                   float64
	ThresholdLow, ThresholdHigh float64
}

// TuneThreshold chooses the threshold of probabilities that is best for the
// objective, among all that decide differently about the rows, in the time of
// sorting them. It lies midway between two neighbouring probabilities (or 0,
// or 1). Of equally good ones it is the highest, with the fewest alarms. If no
// threshold has the precision or recall asked for, it is the one that comes
// nearest.
//
// The intervals are the 2.5 and 97.5 percentiles over 200 resamples of as many
// rows, with replacement, drawn by the seed; resamples of one class are passed
// over.
func TuneThreshold(probabilities []float64, labels []bool, weights []float64, o Objective, seed uint64) (Choice, error) {
	if err := o.check(); err != nil {
		return Choice{}, err
	}
	for row, p := range probabilities {
		if p < 0 || p > 1 {
			return Choice{}, &Error{BadInput, "a probability must be from 0 to 1", row}
		}
	}
	curve, err := PrecisionRecall(probabilities, labels, weights)
	if err != nil {
		return Choice{}, err
	}
	best := o.best(curve)
	choice := Choice{Threshold: between(curve, best), Reached: true, Confusion: confusionAt(curve, best)}
	choice.Value = o.value(choice.Confusion)
	if limit := o.limited(choice.Confusion); limit < 0 {
		choice.Reached = false
	}
	o.bootstrap(&choice, curve, best, probabilities, labels, weights, seed)
	return choice, nil
}

func (o Objective) check() error {
	p := o.Parameter
	switch {
	case o.Goal < F1 || o.Goal > Cost:
		return &Error{BadOption, "there is no such objective", -1}
	case o.Goal == FBeta && (!(p > 0) || p-p != 0):
		return &Error{BadOption, "beta must be a finite number > 0", -1}
	case (o.Goal == RecallAtPrecision || o.Goal == PrecisionAtRecall) && !(p > 0 && p <= 1):
		return &Error{BadOption, "the precision or recall to reach must lie in (0, 1]", -1}
	case o.Goal == Cost && (!(o.FalsePositive >= 0 && o.FalseNegative >= 0) || o.FalsePositive+o.FalseNegative == 0 || math.IsInf(o.FalsePositive+o.FalseNegative, 0)):
		return &Error{BadOption, "costs must be finite and ≥ 0, one of them > 0", -1}
	}
	return nil
}

// value is what is reported; NaN counts as 0.
func (o Objective) value(c Confusion) float64 {
	v := 0.0
	switch o.Goal {
	case F1:
		v = c.F1()
	case FBeta:
		v = c.FBeta(o.Parameter)
	case MCC:
		v = c.MCC()
	case BalancedAccuracy:
		v = c.BalancedAccuracy()
	case GMean:
		v = c.GMean()
	case RecallAtPrecision:
		v = c.Recall()
	case PrecisionAtRecall:
		v = c.Precision()
	case Cost:
		v = (o.FalsePositive*c.FalsePositive + o.FalseNegative*c.FalseNegative) / (c.Positive() + c.Negative())
	}
	if v != v {
		return 0
	}
	return v
}

// limited is by how much the precision or recall asked for is passed, −1 or
// more; 0 for other objectives.
func (o Objective) limited(c Confusion) float64 {
	var v float64
	switch o.Goal {
	case RecallAtPrecision:
		v = c.Precision()
	case PrecisionAtRecall:
		v = c.Recall()
	default:
		return 0
	}
	if v != v {
		return -1
	}
	return v - o.Parameter
}

// better reports whether a is better than b.
func (o Objective) better(a, b Confusion) bool {
	if x, y := min(o.limited(a), 0), min(o.limited(b), 0); x != y {
		return x > y
	}
	x, y := o.value(a), o.value(b)
	if o.Goal == Cost {
		return x < y
	}
	return x > y
}

// best returns the index of the best point of the curve, −1 for the threshold
// above all.
func (o Objective) best(curve Curve) int {
	best := -1
	if curve[0].Threshold >= 1 {
		best = 0 // nothing is above it
	}
	for i := range curve {
		if i > best && o.better(curve[i].Confusion, confusionAt(curve, best)) {
			best = i
		}
	}
	return best
}

func confusionAt(curve Curve, i int) Confusion {
	if i < 0 {
		return Confusion{FalseNegative: curve[0].Positive(), TrueNegative: curve[0].Negative()}
	}
	return curve[i].Confusion
}

// between returns the threshold midway from point i to the next lower one.
func between(curve Curve, i int) float64 {
	high, low := 1.0, 0.0
	if i >= 0 {
		high = curve[i].Threshold
	}
	if i+1 < len(curve) {
		low = curve[i+1].Threshold
	}
	middle := low + (high-low)/2
	if middle <= low && i >= 0 { // neighbours in floating point
		return high
	}
	return middle
}

// resamples is the number of a bootstrap.
const resamples = 200

func (o Objective) bootstrap(choice *Choice, curve Curve, best int, probabilities []float64, labels []bool, weights []float64, seed uint64) {
	// Of each row the point of the curve that it belongs to.
	of := make([]int32, len(probabilities))
	for row, p := range probabilities {
		of[row] = int32(min(curve.above(p), len(curve)-1))
	}
	positive, negative := make([]float64, len(curve)), make([]float64, len(curve))
	again := append(Curve(nil), curve...)
	var values, thresholds []float64
	for range resamples {
		clear(positive)
		clear(negative)
		var p, n float64
		for range probabilities {
			seed += 0x9e3779b97f4a7c15 // SplitMix64
			z := (seed ^ seed>>30) * 0xbf58476d1ce4e5b9
			z = (z ^ z>>27) * 0x94d049bb133111eb
			row := int(float64((z^z>>31)>>11) / (1 << 53) * float64(len(probabilities)))
			if w := weight(weights, row); labels[row] {
				positive[of[row]] += w
				p += w
			} else {
				negative[of[row]] += w
				n += w
			}
		}
		if p == 0 || n == 0 {
			continue
		}
		var tp, fp float64
		for i := range again {
			tp, fp = tp+positive[i], fp+negative[i]
			again[i].Confusion = Confusion{tp, max(0, p-tp), fp, max(0, n-fp)}
		}
		values = append(values, o.value(confusionAt(again, best)))
		thresholds = append(thresholds, between(curve, o.best(again)))
	}
	choice.Low, choice.High = percentiles(values, choice.Value)
	choice.ThresholdLow, choice.ThresholdHigh = percentiles(thresholds, choice.Threshold)
}

// percentiles returns the 2.5 and 97.5 percentiles, or twice the value if
// there is nothing.
func percentiles(v []float64, value float64) (low, high float64) {
	if len(v) == 0 {
		return value, value
	}
	// An insertion sort: package slices would bring in another copy of its own.
	for i := range v {
		for j := i; j > 0 && v[j] < v[j-1]; j-- {
			v[j], v[j-1] = v[j-1], v[j]
		}
	}
	n := float64(len(v) - 1)
	return v[int(math.Round(0.025*n))], v[int(math.Round(0.975*n))]
}
