// Package metrics judges classifiers by their scores and the true labels: the
// confusion matrix at a threshold, the precision–recall curve, average
// precision and the area under the ROC curve; [Evaluate] does all of it for
// two classes and more. [TuneThreshold] chooses a threshold, [Temperature],
// [Platt] and [Isotonic] correct probabilities.
//
// A score may be a probability, a logit or any other number that grows with
// the confidence in the positive class; a row is predicted positive where its
// score ≥ the threshold. A label is true for the positive class. Weights hold
// a finite number ≥ 0 for each row; nil weighs every row 1.
//
// Rows that cannot be judged are an [*Error]: lengths that do not fit
// together, a score that is NaN, a weight that is negative or not finite,
// labels of one class only. Infinite scores are in order.
package metrics
