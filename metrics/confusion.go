package metrics

import "math"

// Confusion counts the rows by true and predicted class, each by its weight.
type Confusion struct {
	TruePositive  float64 // positive and predicted so
	FalseNegative float64 // positive, missed
	FalsePositive float64 // negative, a false alarm
	TrueNegative  float64 // negative and predicted so
}

// ConfusionAt counts the rows where score ≥ threshold is the prediction of the
// positive class. A threshold of +Inf is above every finite score. It is an
// [*Error] if the threshold is NaN.
func ConfusionAt(scores []float64, labels []bool, weights []float64, threshold float64) (Confusion, error) {
	if threshold != threshold {
		return Confusion{}, &Error{BadOption, "the threshold is NaN", -1}
	}
	if _, _, err := check(scores, labels, weights); err != nil {
		return Confusion{}, err
	}
	var c Confusion
	for row, score := range scores {
		w := weight(weights, row)
		switch predicted := score >= threshold; {
		case predicted && labels[row]:
			c.TruePositive += w
		case predicted:
			c.FalsePositive += w
		case labels[row]:
			c.FalseNegative += w
		default:
			c.TrueNegative += w
		}
	}
	return c, nil
}

// Positive is the weight of the rows of the positive class.
func (c Confusion) Positive() float64 { return c.TruePositive + c.FalseNegative }

// Negative is the weight of the rows of the negative class.
func (c Confusion) Negative() float64 { return c.FalsePositive + c.TrueNegative }

// Predicted is the weight of the rows predicted positive.
func (c Confusion) Predicted() float64 { return c.TruePositive + c.FalsePositive }

// Prevalence is the share of the positive class, (TP + FN) / (TP + FN + FP + TN):
// the precision of predicting positive everywhere.
func (c Confusion) Prevalence() float64 { return c.Positive() / (c.Positive() + c.Negative()) }

// Precision is TP / (TP + FP); NaN where nothing is predicted positive.
func (c Confusion) Precision() float64 { return c.TruePositive / c.Predicted() }

// Recall is TP / (TP + FN), the true positive rate.
func (c Confusion) Recall() float64 { return c.TruePositive / c.Positive() }

// Specificity is TN / (TN + FP), the true negative rate.
func (c Confusion) Specificity() float64 { return c.TrueNegative / c.Negative() }

// Accuracy is (TP + TN) / (TP + FN + FP + TN).
func (c Confusion) Accuracy() float64 {
	return (c.TruePositive + c.TrueNegative) / (c.Positive() + c.Negative())
}

// BalancedAccuracy is the mean of recall and specificity.
func (c Confusion) BalancedAccuracy() float64 { return (c.Recall() + c.Specificity()) / 2 }

// GMean is the geometric mean of recall and specificity.
func (c Confusion) GMean() float64 { return math.Sqrt(c.Recall() * c.Specificity()) }

// F1 is the harmonic mean of precision and recall, 2·TP / (2·TP + FP + FN): 0
// where nothing is predicted positive.
func (c Confusion) F1() float64 { return c.FBeta(1) }

// FBeta is (1 + β²)·TP / ((1 + β²)·TP + β²·FN + FP) with β ≥ 0, which weighs
// recall β times as much as precision. FBeta(0) is the precision.
func (c Confusion) FBeta(beta float64) float64 {
	b := beta * beta
	return (1 + b) * c.TruePositive / ((1+b)*c.TruePositive + b*c.FalseNegative + c.FalsePositive)
}

// MCC is Matthews' correlation coefficient, in [−1, 1]: the correlation of
// prediction and label. It is 0 where only one class is predicted, the limit
// for predictions that do not depend on the label (Chicco and Jurman 2020).
func (c Confusion) MCC() float64 {
	d := math.Sqrt(c.Predicted()) * math.Sqrt(c.Positive()) * math.Sqrt(c.Negative()) * math.Sqrt(c.TrueNegative+c.FalseNegative)
	if d == 0 {
		return 0
	}
	return (c.TruePositive*c.TrueNegative - c.FalsePositive*c.FalseNegative) / d
}
