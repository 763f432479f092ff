package heldout

import (
	"errors"
	"math"

	"github.com/focalfit/focalfit/metrics"
)

var errOneClass = errors.New("The rows are all of one class, so there is nothing to judge: hold out others, or add rows.")

// Order is rows by their probability of a class.
type Order struct {
	rows []int32 // the highest probability first; of equal ones the first row
	last []bool  // whether the next has another probability
}

// NewOrder sorts rows by their probabilities of 0 … 1, column class of
// classes. The bits of such numbers are in the numbers' order, so they are
// sorted by 16 bits at a time, in a time that grows as the rows do: a hundred
// thousand take some milliseconds, where a sort by comparisons would hold up
// the page.
func NewOrder(probabilities []float64, classes, class int) Order {
	n := len(probabilities) / classes
	type keyed struct {
		key uint64
		row int32
	}
	keys, sorted := make([]keyed, n), make([]keyed, n)
	for row := range keys {
		// Adding 0 makes −0 one with 0; the complement puts the highest first.
		keys[row] = keyed{^math.Float64bits(probabilities[row*classes+class] + 0), int32(row)}
	}
	starts := make([]int32, 1<<16)
	for shift := 0; shift < 64; shift += 16 {
		clear(starts)
		for _, k := range keys {
			starts[uint16(k.key>>shift)]++
		}
		if n > 0 && starts[uint16(keys[0].key>>shift)] == int32(n) {
			continue // all alike
		}
		sum := int32(0)
		for i, count := range starts {
			starts[i] = sum
			sum += count
		}
		for _, k := range keys {
			at := &starts[uint16(k.key>>shift)]
			sorted[*at] = k
			*at++
		}
		keys, sorted = sorted, keys
	}
	o := Order{make([]int32, n), make([]bool, n)}
	for at, k := range keys {
		o.rows[at] = k.row
		o.last[at] = at+1 == n || k.key != keys[at+1].key
	}
	return o
}

// Curve is what [metrics.PrecisionRecall] returns for the rows. It is an error
// if all rows are of one class.
func (o Order) Curve(probabilities []float64, positive []bool) (metrics.Curve, error) {
	var positives, tp, fp float64
	for _, p := range positive {
		if p {
			positives++
		}
	}
	negatives := float64(len(positive)) - positives
	if positives == 0 || negatives == 0 {
		return nil, errOneClass
	}
	points := 0
	for _, last := range o.last {
		if last {
			points++
		}
	}
	curve := make(metrics.Curve, 0, points)
	for at, row := range o.rows {
		if positive[row] {
			tp++
		} else {
			fp++
		}
		if o.last[at] {
			curve = append(curve, metrics.Point{Threshold: probabilities[row], Confusion: metrics.Confusion{
				TruePositive: tp, FalseNegative: positives - tp, FalsePositive: fp, TrueNegative: negatives - fp,
			}})
		}
	}
	return curve, nil
}
