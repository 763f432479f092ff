package metrics

import (
	"math"
	"strconv"
)

// Code says what kind of mistake an [Error] reports. The codes are those of
// the JavaScript package.
type Code string

const (
	BadOption     Code = "BAD_OPTION"     // a threshold that is NaN
	BadInput      Code = "BAD_INPUT"      // no rows, or a weight that is negative or not finite
	NotFinite     Code = "NOT_FINITE"     // a score that is NaN
	ShapeMismatch Code = "SHAPE_MISMATCH" // lengths that do not fit together
	OneClass      Code = "ONE_CLASS"      // labels of one class only
)

// Error is a mistake in what a caller passed.
type Error struct {
	Code    Code
	Message string
	Row     int // the row it is in, from 0; −1 if in none
}

func (e *Error) Error() string {
	if e.Row < 0 {
		return e.Message
	}
	return e.Message + " (row " + strconv.Itoa(e.Row) + ")"
}

var infiniteSum = &Error{BadInput, "the weights must have a finite sum", -1}

// check returns the total weight of each class.
func check(scores []float64, labels []bool, weights []float64) (positive, negative float64, err error) {
	if len(labels) != len(scores) {
		return 0, 0, mismatch("labels", len(labels), len(scores))
	}
	if weights != nil && len(weights) != len(scores) {
		return 0, 0, mismatch("weights", len(weights), len(scores))
	}
	if len(scores) == 0 {
		return 0, 0, &Error{BadInput, "there are no rows to judge", -1}
	}
	for row, score := range scores {
		if score != score {
			return 0, 0, &Error{NotFinite, "a score is NaN", row}
		}
		w := weight(weights, row)
		if !(w >= 0) || w-w != 0 {
			return 0, 0, &Error{BadInput, "a weight must be finite and not negative", row}
		}
		if labels[row] {
			positive += w
		} else {
			negative += w
		}
	}
	if math.IsInf(positive+negative, 0) {
		return 0, 0, infiniteSum
	}
	if positive == 0 {
		return 0, 0, &Error{OneClass, "no row of the positive class has weight", -1}
	}
	if negative == 0 {
		return 0, 0, &Error{OneClass, "no row of the negative class has weight", -1}
	}
	return positive, negative, nil
}

func mismatch(what string, got, want int) *Error {
	return &Error{ShapeMismatch, strconv.Itoa(got) + " " + what + " for " + strconv.Itoa(want) + " scores", -1}
}

func weight(weights []float64, row int) float64 {
	if weights == nil {
		return 1
	}
	return weights[row]
}
