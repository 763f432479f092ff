package metrics

import (
	"cmp"
	"slices"
	"sort"
)

// Point is a threshold and the confusion matrix there.
type Point struct {
	Threshold float64
	Confusion
}

// Curve holds a [Point] for each distinct score, from the highest threshold to
// the lowest. Recall never falls along it, and is 1 at its last point.
type Curve []Point

// PrecisionRecall returns the curve of all thresholds that predict
// differently, but for the one that predicts nothing positive and so has no
// precision. Rows of equal score are passed together, rows of weight 0 not at
// all.
func PrecisionRecall(scores []float64, labels []bool, weights []float64) (Curve, error) {
	positive, negative, err := check(scores, labels, weights)
	if err != nil {
		return nil, err
	}
	order := make([]int32, 0, len(scores))
	for row := range scores {
		if weight(weights, row) > 0 {
			order = append(order, int32(row))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(scores[b], scores[a]) })

	var curve Curve
	var tp, fp float64
	for i, row := range order {
		if labels[row] {
			tp += weight(weights, int(row))
		} else {
			fp += weight(weights, int(row))
		}
		if i+1 < len(order) && scores[order[i+1]] == scores[row] {
			continue
		}
		curve = append(curve, Point{scores[row], Confusion{tp, max(0, positive-tp), fp, max(0, negative-fp)}})
	}
	// Sums in another order differ in their last bits.
	last := &curve[len(curve)-1].Confusion
	last.FalseNegative, last.TrueNegative = 0, 0
	return curve, nil
}

// AveragePrecision is Σ (R_n − R_{n−1})·P_n over the points of the curve from
// the highest threshold on, with R_0 = 0: the precision to be expected at a
// positive row drawn at random. There is no interpolation, which would be too
// kind where scores are tied (Davis and Goadrich 2006). A constant score has
// the prevalence.
func (c Curve) AveragePrecision() float64 {
	var sum, before float64
	for _, point := range c {
		recall := point.Recall()
		if recall > before {
			sum += (recall - before) * point.Precision()
			before = recall
		}
	}
	return sum
}

// ROCAUC is the area under the receiver operating characteristic, recall over
// the false positive rate, from (0, 0) on: the probability that a positive row
// scores higher than a negative one, a tie counting half (Mann and Whitney
// 1947).
func (c Curve) ROCAUC() float64 {
	area, recall, alarms := 0.0, 0.0, 0.0
	for _, point := range c {
		r, a := point.Recall(), 1-point.Specificity()
		area += (a - alarms) * (r + recall) / 2
		recall, alarms = r, a
	}
	return area
}

// At returns the confusion matrix at any threshold that is not NaN, as
// [ConfusionAt] would. The curve must not be empty.
func (c Curve) At(threshold float64) Confusion {
	n := c.above(threshold)
	if n < len(c) && c[n].Threshold == threshold {
		n++
	}
	if n == 0 {
		return Confusion{FalseNegative: c[0].Positive(), TrueNegative: c[0].Negative()}
	}
	return c[n-1].Confusion
}

// above returns how many points have a threshold above the given one.
func (c Curve) above(threshold float64) int {
	return sort.Search(len(c), func(i int) bool { return c[i].Threshold <= threshold })
}

// Best returns the point at which measure is greatest, of equals the one with
// the highest threshold; a measure of NaN is never the best. The curve must
// not be empty; where every measure is NaN its first point is returned.
func (c Curve) Best(measure func(Confusion) float64) Point {
	best, value := c[0], measure(c[0].Confusion)
	for _, point := range c[1:] {
		if v := measure(point.Confusion); v > value || value != value && v == v {
			best, value = point, v
		}
	}
	return best
}

// AveragePrecision is [Curve.AveragePrecision] of the precision–recall curve
// of the rows.
func AveragePrecision(scores []float64, labels []bool, weights []float64) (float64, error) {
	curve, err := PrecisionRecall(scores, labels, weights)
	if err != nil {
		return 0, err
	}
	return curve.AveragePrecision(), nil
}
