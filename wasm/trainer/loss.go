//go:build js && wasm

package trainer

import (
	"math"
	"syscall/js"

	"github.com/focalfit/focalfit/loss"
)

// evaluate computes a focal loss in float64. The request is
//
//	task            "binary" | "multiclass" | "multilabel"
//	logits          Float64Array, rows × columns
//	rows, columns
//	targets         Float64Array: a probability for each logit; multiclass: a class index for each
//	                row, or with softTargets rows × columns probabilities
//	gamma, weight   Float64Array: [negative, positive]; multiclass: for each class
//	sampleWeight    Float64Array(rows) | null
//	ignoreIndex     number | null: the target of what counts nothing
//	clip, epsilon, labelSmoothing, reduction ("none" | "mean" | "sum"), gradient (boolean)
//
// and the result { value: number | Float64Array, gradient: Float64Array | null }.
func evaluate(request js.Value) (js.Value, error) {
	rows, columns := wholeOf(request, "rows"), wholeOf(request, "columns")
	multiclass := textOf(request, "task") == "multiclass"
	soft := flagOf(request, "softTargets")
	gammas, weights := floatsOf(request, "gamma"), floatsOf(request, "weight")
	wanted := 2
	if multiclass {
		wanted = columns
	}
	if len(gammas) != wanted || len(weights) != wanted {
		return js.Null(), loss.Bad(loss.ShapeMismatch, "there must be one gamma and one weight for each class")
	}
	classes := make([]loss.Class, wanted)
	for k := range classes {
		classes[k] = loss.Class{Gamma: gammas[k], Weight: weights[k]}
	}
	b := &loss.Batch{
		Logits:       floatsOf(request, "logits"),
		Columns:      columns,
		SampleWeight: floatsOf(request, "sampleWeight"),
	}
	switch reduction := textOf(request, "reduction"); reduction {
	case "mean":
		b.Reduction = loss.Mean
	case "sum":
		b.Reduction = loss.Sum
	case "none":
		b.Reduction = loss.None
	default:
		return js.Null(), loss.BadParameter("reduction", "the reduction must be none, mean or sum")
	}
	targets := floatsOf(request, "targets")
	if ignore := field(request, "ignoreIndex"); !ignore.IsNull() && !soft {
		b.Ignored = ignored(targets, ignore.Float())
	}
	if multiclass && !soft {
		labels, err := classIndices(targets, b.Ignored)
		if err != nil {
			return js.Null(), err
		}
		b.Labels = labels
	} else {
		b.Targets = targets
	}
	elements := len(b.Logits)
	if multiclass {
		elements = rows
	}
	if b.Reduction == loss.None {
		b.Value = make([]float64, elements)
	}
	if flagOf(request, "gradient") {
		b.Gradient = make([]float64, len(b.Logits))
	}
	value, err := reduced(request, classes, multiclass, b)
	if err != nil {
		return js.Null(), err
	}
	result := object("value", value, "gradient", js.Null())
	if b.Value != nil {
		result.Set("value", array("Float64Array", b.Value))
	}
	if b.Gradient != nil {
		result.Set("gradient", array("Float64Array", b.Gradient))
	}
	return result, nil
}

func reduced(request js.Value, classes []loss.Class, multiclass bool, b *loss.Batch) (float64, error) {
	clip, epsilon, smoothing := numberOf(request, "clip"), numberOf(request, "epsilon"), numberOf(request, "labelSmoothing")
	if multiclass {
		return loss.Softmax{Classes: classes, Epsilon: epsilon, Smoothing: smoothing}.Evaluate(b)
	}
	return loss.Binary{Negative: classes[0], Positive: classes[1], Clip: clip, Epsilon: epsilon, Smoothing: smoothing}.Evaluate(b)
}

func ignored(targets []float64, index float64) []bool {
	marks := make([]bool, len(targets))
	for i, y := range targets {
		marks[i] = y == index
	}
	return marks
}

// classIndices returns targets as class indices; what is ignored may be
// anything.
func classIndices(targets []float64, ignored []bool) ([]int, error) {
	labels := make([]int, len(targets))
	for i, y := range targets {
		switch {
		case ignored != nil && ignored[i]:
		case y != math.Trunc(y) || math.Abs(y) > 1<<30:
			return nil, loss.BadAt(loss.BadInput, i, -1, "a label must be a whole number, the index of a class")
		default:
			labels[i] = int(y)
		}
	}
	return labels, nil
}
