package metrics

import (
	"cmp"
	"math"
	"slices"
)

// least is what a probability of the true class is taken for at least in the
// log loss, the rounding of 1: a row cannot cost more than 36.04.
const least = 0x1p-52

// scores returns the weighted means over the rows of −log p_true, p_true being
// at least 2⁻⁵², and of the Brier score: of two classes (p − y)² of the
// positive one, of more Σ_c (p_c − y_c)².
func scores(j Judged) (logLoss, brier float64) {
	k, total := j.Classes, 0.0
	for row, label := range j.Labels {
		w := weight(j.Weights, row)
		p := j.Probabilities[row*k:][:k]
		logLoss -= w * math.Log(min(max(p[label], least), 1))
		square := 0.0
		for c, v := range p {
			if c == int(label) {
				v--
			}
			square += v * v
		}
		if k == 2 {
			square = (1 - p[label]) * (1 - p[label])
		}
		brier += w * square
		total += w
	}
	return logLoss / total, brier / total
}

// Bin is a part of the rows by their probability.
type Bin struct {
	Probability float64 // the mean of the rows, by weight
	Frequency   float64 // the share of them that are positive
	Weight      float64
}

// Reliability sorts the rows by probability and cuts them into bins of equal
// mass: a bin ends where it, and those before it, have at least their share of
// the weight, but never between equal probabilities, so that there may be
// fewer. If bins is 0, it is 15. Rows of weight 0 are left out.
func Reliability(probabilities []float64, positive []bool, weights []float64, bins int) []Bin {
	if bins <= 0 {
		bins = 15
	}
	order, total := make([]int32, 0, len(probabilities)), 0.0
	for row := range probabilities {
		if w := weight(weights, row); w > 0 {
			order, total = append(order, int32(row)), total+w
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(probabilities[a], probabilities[b]) })
	var (
		out  []Bin
		b    Bin
		done float64
	)
	for i, row := range order {
		w := weight(weights, int(row))
		b.Weight += w
		b.Probability += w * probabilities[row]
		if positive[row] {
			b.Frequency += w
		}
		last := i+1 == len(order)
		full := (done+b.Weight)*float64(bins) >= float64(len(out)+1)*total*(1-1e-12)
		if last || full && probabilities[order[i+1]] != probabilities[row] {
			done += b.Weight
			b.Probability, b.Frequency = b.Probability/b.Weight, b.Frequency/b.Weight
			out, b = append(out, b), Bin{}
		}
	}
	return out
}

// ECE is the expected calibration error: the mean over the bins, by weight, of
// |Probability − Frequency|.
func ECE(bins []Bin) float64 {
	sum, total := 0.0, 0.0
	for _, b := range bins {
		sum += b.Weight * math.Abs(b.Probability-b.Frequency)
		total += b.Weight
	}
	return quotient(sum, total)
}
