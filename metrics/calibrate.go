package metrics

import (
	"cmp"
	"math"
	"slices"
)

// The functions below learn, on rows that were not trained on, how to correct
// probabilities that are off. Their arguments are checked like those of
// [PrecisionRecall].

// extreme is what logits are limited to, of probabilities of 0 and 1.
const extreme = 700

// Temperature returns the T at which softmax(log p/T) has the least log loss;
// of two classes that is σ(ℓ/T) of the logit ℓ. logs holds a row of classes
// logarithms of probabilities for each row. T is between 1e-3 and 1e3, where
// it ends up if the rows are told apart without a mistake, or not at all.
//
// Source: Guo, Pleiss, Sun, Weinberger, "On Calibration of Modern Neural
// Networks", ICML 2017, section 4.2.
func Temperature(logs []float64, classes int, labels []int32, weights []float64) (float64, error) {
	if classes < 2 || len(logs) != classes*len(labels) {
		return 0, mismatch("logarithms", len(logs), classes*len(labels))
	}
	if err := checkLabels(labels, classes, weights); err != nil {
		return 0, err
	}
	q := make([]float64, classes)
	// slope is the derivative of the loss in β = 1/T; it rises with β.
	slope := func(beta float64) float64 {
		sum := 0.0
		for row, label := range labels {
			l, total, mean := logs[row*classes:][:classes], 0.0, 0.0
			top := slices.Max(l)
			for c, v := range l {
				v = max(v-top, -extreme)
				q[c] = math.Exp(beta * v)
				total += q[c]
				mean += q[c] * v
			}
			sum += weight(weights, row) * (mean/total - max(l[label]-top, -extreme))
		}
		return sum
	}
	low, high := 1e-3, 1e3
	for range 60 {
		middle := math.Sqrt(low * high)
		if slope(middle) > 0 {
			high = middle
		} else {
			low = middle
		}
	}
	return 1 / math.Sqrt(low*high), nil
}

func checkLabels(labels []int32, classes int, weights []float64) error {
	if weights != nil && len(weights) != len(labels) {
		return mismatch("weights", len(weights), len(labels))
	}
	first, several := int32(-1), false
	for row, label := range labels {
		if label < 0 || int(label) >= classes {
			return &Error{BadInput, "a class must be from 0 to the number of classes less one", row}
		}
		w := weight(weights, row)
		if !(w >= 0) || w-w != 0 {
			return &Error{BadInput, "a weight must be finite and not negative", row}
		}
		if w > 0 {
			several = several || first >= 0 && label != first
			first = label
		}
	}
	if !several {
		return &Error{OneClass, "the rows that count are of one class: give rows of at least two", -1}
	}
	return nil
}

// Platt returns slope and intercept of σ(slope·ℓ + intercept) of the logit ℓ,
// by maximum likelihood to the targets (n₊+1)/(n₊+2) and 1/(n₋+2), which keep
// it from certainty where the rows are told apart. n are sums of weights: these
// are to be numbers of rows, 1 on average. Rows of infinite logits have
// the same probability whatever slope > 0 and intercept are: they do not count
// unless without them a class is missing.
//
// Sources: Platt, "Probabilistic Outputs for Support Vector Machines", 1999;
// Lin, Lin, Weng, "A Note on Platt's Probabilistic Outputs for Support Vector
// Machines", 2007 (Newton's method).
func Platt(logits []float64, labels []bool, weights []float64) (slope, intercept float64, err error) {
	positive, negative, err := check(logits, labels, weights)
	if err != nil {
		return 0, 0, err
	}
	if finite := ofFinite(logits, weights); finite != nil {
		if p, n, err := check(logits, labels, finite); err == nil {
			positive, negative, weights = p, n, finite
		}
	}
	high, low := (positive+1)/(positive+2), 1/(negative+2)
	f := platt{logits, labels, weights, high, low}
	intercept = math.Log((positive + 1) / (negative + 1))
	value, g, h := f.at(slope, intercept)
	for range 100 {
		const ridge = 1e-12
		aa, ab, bb := h[0]+ridge, h[1], h[2]+ridge
		determinant := aa*bb - ab*ab
		da, db := -(bb*g[0]-ab*g[1])/determinant, -(aa*g[1]-ab*g[0])/determinant
		step := 1.0
		for ; step > 1e-10; step /= 2 {
			v, ng, nh := f.at(slope+step*da, intercept+step*db)
			if v <= value+1e-4*step*(g[0]*da+g[1]*db) {
				slope, intercept, value, g, h = slope+step*da, intercept+step*db, v, ng, nh
				break
			}
		}
		if step <= 1e-10 || math.Abs(g[0])+math.Abs(g[1]) < 1e-12*(positive+negative) {
			break
		}
	}
	return slope, intercept, nil
}

// ofFinite returns the weights with 0 in place of those of infinite logits; nil
// if there are none.
func ofFinite(logits, weights []float64) []float64 {
	if !slices.ContainsFunc(logits, func(l float64) bool { return math.IsInf(l, 0) }) {
		return nil
	}
	of := make([]float64, len(logits))
	for row, l := range logits {
		if !math.IsInf(l, 0) {
			of[row] = weight(weights, row)
		}
	}
	return of
}

type platt struct {
	logits    []float64
	labels    []bool
	weights   []float64
	high, low float64
}

// at returns the log loss, its gradient and its Hessian (aa, ab, bb).
func (f platt) at(slope, intercept float64) (value float64, g [2]float64, h [3]float64) {
	for row, l := range f.logits {
		l = min(max(l, -extreme), extreme)
		z, t, w := slope*l+intercept, f.low, weight(f.weights, row)
		if f.labels[row] {
			t = f.high
		}
		e := math.Exp(-math.Abs(z))
		p, u := 1/(1+e), e/(1+e)
		if z < 0 {
			p, u = u, p
		}
		value += w * (math.Log1p(e) + max(z, 0) - t*z)
		d, c := w*(p-t), w*p*u
		g[0], g[1] = g[0]+d*l, g[1]+d
		h[0], h[1], h[2] = h[0]+c*l*l, h[1]+c*l, h[2]+c
	}
	return value, g, h
}

// Isotonic returns the points of the non-decreasing function of the
// probability that is nearest to the labels in squares, by pooling adjacent
// violators: linear between the points, constant beyond them. x rises
// strictly. Rows of equal probability are one.
//
// Source: Zadrozny and Elkan, "Transforming Classifier Scores into Accurate
// Multiclass Probability Estimates", KDD 2002.
func Isotonic(probabilities []float64, labels []bool, weights []float64) (x, y []float64, err error) {
	if _, _, err := check(probabilities, labels, weights); err != nil {
		return nil, nil, err
	}
	order := make([]int32, 0, len(probabilities))
	for row := range probabilities {
		if weight(weights, row) > 0 {
			order = append(order, int32(row))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(probabilities[a], probabilities[b]) })
	// Blocks of rows with their first and last probability, mean label and weight.
	type block struct{ first, last, mean, weight float64 }
	var blocks []block
	for i := 0; i < len(order); {
		p := probabilities[order[i]]
		b := block{first: p, last: p}
		for ; i < len(order) && probabilities[order[i]] == p; i++ {
			w := weight(weights, int(order[i]))
			b.weight += w
			if labels[order[i]] {
				b.mean += w
			}
		}
		b.mean /= b.weight
		for n := len(blocks) - 1; n >= 0 && blocks[n].mean >= b.mean; n-- {
			top := blocks[n]
			total := top.weight + b.weight
			b = block{top.first, b.last, top.mean + (b.mean-top.mean)*b.weight/total, total}
			blocks = blocks[:n]
		}
		blocks = append(blocks, b)
	}
	for _, b := range blocks {
		x, y = append(x, b.first), append(y, b.mean)
		if b.last > b.first {
			x, y = append(x, b.last), append(y, b.mean)
		}
	}
	return x, y, nil
}
