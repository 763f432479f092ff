// Package heldout judges models on rows that they were not trained on, and
// puts what several of them found into words.
package heldout

import "github.com/focalfit/focalfit/metrics"

// Scored are rows with their posterior probability of the positive class and
// their true class.
type Scored struct {
	Posterior []float64
	Positive  []bool
}

// Result is what a model comes to on held-out rows.
type Result struct {
	Curve            metrics.Curve
	AveragePrecision float64

	Own   metrics.Point // at the model's own threshold
	Tuned metrics.Point // at the threshold of the best F1 on the training rows
}

// Judge judges a model whose own threshold is given.
func Judge(training, heldOut Scored, threshold float64) (Result, error) {
	learnt, err := metrics.PrecisionRecall(training.Posterior, training.Positive, nil)
	if err != nil {
		return Result{}, err
	}
	curve, err := metrics.PrecisionRecall(heldOut.Posterior, heldOut.Positive, nil)
	if err != nil {
		return Result{}, err
	}
	tuned := Threshold(learnt)
	return Result{
		Curve:            curve,
		AveragePrecision: curve.AveragePrecision(),
		Own:              metrics.Point{Threshold: threshold, Confusion: curve.At(threshold)},
		Tuned:            metrics.Point{Threshold: tuned, Confusion: curve.At(tuned)},
	}, nil
}

// Threshold is where F1 is best on a curve: half-way between the lowest score
// that is taken and the next below, so that it does not hang on one row.
func Threshold(curve metrics.Curve) float64 {
	best := curve.Best(metrics.Confusion.F1).Threshold
	for i, point := range curve {
		if point.Threshold == best && i+1 < len(curve) {
			return (best + curve[i+1].Threshold) / 2
		}
	}
	return best
}
