// Package heldout judges models on rows that they were not trained on, says
// how sure that is, and puts what several models found into words.
package heldout

import "github.com/focalfit/focalfit/metrics"

// Scored are rows with their probability of the positive class and their true
// class.
type Scored struct {
	Probability []float64
	Positive    []bool
}

// Judgement is what a model comes to on held-out rows, in two classes or in
// one of several against the rest.
type Judgement struct {
	Curve            metrics.Curve
	AveragePrecision float64
	ROCAUC           float64
	Prevalence       float64
	Raw, Posterior   Reliability // of the model's own output, and of the recovered posterior
}

// Judge judges rows by the posterior, and by the raw output of the model for
// the same rows.
func Judge(posterior Scored, raw []float64) (Judgement, error) {
	order := NewOrder(posterior.Probability, 1, 0)
	curve, err := order.Curve(posterior.Probability, posterior.Positive)
	if err != nil {
		return Judgement{}, err
	}
	return Judgement{
		Curve:            curve,
		AveragePrecision: curve.AveragePrecision(),
		ROCAUC:           curve.ROCAUC(),
		Prevalence:       curve[0].Prevalence(),
		Raw:              NewReliability(Scored{raw, posterior.Positive}, NewOrder(raw, 1, 0)),
		Posterior:        NewReliability(posterior, order),
	}, nil
}

// TunedThreshold is where F1 is best on rows, of which the order is given:
// half-way between the lowest probability that is taken and the next below, so
// that it does not hang on one row. It is an error if no row is positive.
func TunedThreshold(rows Scored, order Order) (float64, error) {
	positives := 0.0
	for _, p := range rows.Positive {
		if p {
			positives++
		}
	}
	if positives == 0 {
		return 0, errOneClass
	}
	best, at, found := -1.0, 0, 0.0
	for i, row := range order.rows {
		if rows.Positive[row] {
			found++
		}
		if f1 := 2 * found / (positives + float64(i+1)); order.last[i] && f1 > best {
			best, at = f1, i
		}
	}
	lowest := rows.Probability[order.rows[at]]
	if at+1 == len(order.rows) {
		return lowest, nil
	}
	return (lowest + rows.Probability[order.rows[at+1]]) / 2, nil
}

// Thin leaves points out of a curve of which a drawing shows nothing, so that
// about most are left: of those that lie in the same of most cells, by recall
// and by false alarms, only the ends.
func Thin(curve metrics.Curve, most int) metrics.Curve {
	if len(curve) <= most {
		return curve
	}
	cell := func(p metrics.Point) int {
		half := float64(most / 2)
		return int(half*p.Recall()) + int(half*(1-p.Specificity()))
	}
	thin := curve[:0:0]
	for i, p := range curve {
		if i == 0 || i == len(curve)-1 || cell(curve[i-1]) != cell(p) || cell(curve[i+1]) != cell(p) {
			thin = append(thin, p)
		}
	}
	return thin
}

// Cost is what decisions cost a row on average, in false alarms: a miss costs
// as much as miss of them.
func Cost(c metrics.Confusion, miss float64) float64 {
	return (miss*c.FalseNegative + c.FalsePositive) / (c.Positive() + c.Negative())
}

// CostThreshold is the probability from which on flagging is cheaper than not,
// if a miss costs as much as miss false alarms and probabilities are true
// (Elkan 2001, equation 2).
func CostThreshold(miss float64) float64 { return 1 / (1 + miss) }
