package linear

import (
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// TrainLabels fits an independent two-class model for each of several labels
// to the same rows: y holds a row of labels for each row of x, 0, 1 or
// [Unknown].
//
// o.Classes are those of every label, or for each label its two in turn. Of
// o.Start, a model for each label, o.Held must be nil. o.Record and the result
// count the labels one after the other.
func TrainLabels(ctx optimize.Interrupter, x Data, y []int32, labels int, o Options, start []Model) ([]*Fit, error) {
	if labels < 1 || len(y) != labels*x.Rows() {
		return nil, loss.Bad(loss.ShapeMismatch, "there must be as many rows of labels as rows")
	}
	if len(o.Classes) != 2 && len(o.Classes) != 2*labels {
		return nil, loss.Bad(loss.ShapeMismatch, "there must be two classes for each label")
	}
	fits := make([]*Fit, 0, labels)
	one := make([]int32, x.Rows())
	for l := range labels {
		known := false
		for i := range one {
			one[i] = y[i*labels+l]
			known = known || one[i] != Unknown
		}
		if !known {
			return nil, loss.BadAt(loss.OneClass, -1, l, "no row of a label is known: leave the label out")
		}
		lo := o
		lo.Classes = o.Classes[2*l%len(o.Classes):][:2]
		if start != nil {
			lo.Start = &start[l]
		}
		fit, err := Train(ctx, x, one, lo)
		if err != nil {
			if bad, ok := err.(*loss.Error); ok && bad.Code == loss.OneClass {
				return nil, loss.BadAt(loss.OneClass, -1, l, "the known rows of a label that count are all of one class: leave the label out")
			}
			return nil, err
		}
		fits = append(fits, fit)
		if fit.Status == optimize.Aborted {
			break
		}
	}
	return fits, nil
}
