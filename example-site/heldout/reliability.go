package heldout

import (
	"math"

	"github.com/focalfit/focalfit/metrics"
)

// Reliability holds probabilities against what came of the rows that have
// them.
type Reliability struct {
	// Bins are of a tenth of the range each, without those of fewer than
	// leastRows rows.
	Bins []metrics.Bin
	ECE  float64 // as [metrics.ECE] has it of [metrics.Reliability] with its usual number of bins
}

const (
	widths    = 10
	leastRows = 5
	massBins  = 15
)

// NewReliability bins rows, of which the order is given.
func NewReliability(rows Scored, order Order) Reliability {
	var bins [widths]metrics.Bin
	for i, p := range rows.Probability {
		b := &bins[min(int(p*widths), widths-1)]
		b.Weight++
		b.Probability += p
		if rows.Positive[i] {
			b.Frequency++
		}
	}
	r := Reliability{ECE: ece(rows, order)}
	for _, b := range bins {
		if b.Weight >= leastRows {
			r.Bins = append(r.Bins, metrics.Bin{Probability: b.Probability / b.Weight, Frequency: b.Frequency / b.Weight, Weight: b.Weight})
		}
	}
	return r
}

// ece cuts the rows, from the lowest probability on, into bins of as many each
// but for those of equal probability, which stay together.
func ece(rows Scored, order Order) float64 {
	n := len(order.rows)
	sum, difference := 0.0, 0.0
	bins, passed := 0, 0
	for at := n - 1; at >= 0; at-- {
		row := order.rows[at]
		difference += rows.Probability[row]
		if rows.Positive[row] {
			difference--
		}
		passed++
		full := passed*massBins >= (bins+1)*n
		if at == 0 || full && order.last[at-1] {
			sum += math.Abs(difference)
			difference = 0
			bins++
		}
	}
	return sum / float64(n)
}
