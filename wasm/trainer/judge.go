//go:build js && wasm

package main

import (
	"math"
	"syscall/js"

	"github.com/focalfit/focalfit/linear"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/metrics"
)

// judge evaluates decisions. The request is
//
//	probabilities      Float64Array, rows × classes
//	classes, positive  their number, and of two the index of the one looked for
//	predicted, labels  Int32Array(rows)
//	sampleWeight       Float64Array(rows) | null
//
// and the result
//
//	scores       Float64Array, see scores
//	confusion    Float64Array(K × K)
//	perClass     Float64Array(K × 7): present, support, precision, recall, f1, rocAuc, averagePrecision
//	curve        Float64Array of threshold, true positives and false positives in turn; empty but for two classes
//	reliability  Float64Array of probability, frequency and weight in turn
func judge(request js.Value) (js.Value, error) {
	r, err := metrics.Evaluate(metrics.Judged{
		Probabilities: slice[float64](request.Get("probabilities")),
		Classes:       request.Get("classes").Int(),
		Positive:      request.Get("positive").Int(),
		Predicted:     slice[int32](request.Get("predicted")),
		Labels:        slice[int32](request.Get("labels")),
		Weights:       slice[float64](request.Get("sampleWeight")),
	})
	if err != nil {
		return js.Null(), err
	}
	var perClass, curve, bins []float64
	for _, c := range r.PerClass {
		present := 0.0
		if c.Present {
			present = 1
		}
		perClass = append(perClass, present, c.Support, c.Precision, c.Recall, c.F1, c.RocAUC, c.AveragePrecision)
	}
	for _, p := range r.Curve {
		curve = append(curve, p.Threshold, p.TruePositive, p.FalsePositive)
	}
	for _, b := range r.Reliability {
		bins = append(bins, b.Probability, b.Frequency, b.Weight)
	}
	return object("scores", array("Float64Array", scores(nil, r)), "confusion", array("Float64Array", r.Confusion),
		"perClass", array("Float64Array", perClass), "curve", array("Float64Array", curve), "reliability", array("Float64Array", bins)), nil
}

// scores appends rocAuc, averagePrecision, logLoss, brier, ece, accuracy,
// balancedAccuracy, mcc, gMean, f1, precision, recall.
func scores(to []float64, r *metrics.Report) []float64 {
	return append(to, r.RocAUC, r.AveragePrecision, r.LogLoss, r.Brier, r.ECE, r.Accuracy, r.BalancedAccuracy, r.MCC, r.GMean, r.F1, r.Precision, r.Recall)
}

// threshold chooses one. The request is
//
//	probabilities  Float64Array, of the positive class
//	labels         Int32Array, 1 where it is true
//	sampleWeight   Float64Array | null
//	goal           "f1" | "fBeta" | "mcc" | "balancedAccuracy" | "gMean" | "recallAtPrecision" | "precisionAtRecall" | "cost"
//	parameter, falsePositive, falseNegative, seed
//
// and the result { threshold, value, reached, interval, thresholdInterval, confusion }, the last three Float64Array:
// low and high, low and high, and true positives, false negatives, false positives, true negatives.
func threshold(request js.Value) (js.Value, error) {
	o := metrics.Objective{Goal: -1, Parameter: request.Get("parameter").Float(),
		FalsePositive: request.Get("falsePositive").Float(), FalseNegative: request.Get("falseNegative").Float()}
	for i, name := range [...]string{"f1", "fBeta", "mcc", "balancedAccuracy", "gMean", "recallAtPrecision", "precisionAtRecall", "cost"} {
		if name == request.Get("goal").String() {
			o.Goal = metrics.Goal(i)
		}
	}
	c, err := metrics.TuneThreshold(slice[float64](request.Get("probabilities")), truths(request.Get("labels"), 1),
		slice[float64](request.Get("sampleWeight")), o, uint64(request.Get("seed").Float()))
	if err != nil {
		return js.Null(), err
	}
	return object("threshold", c.Threshold, "value", c.Value, "reached", c.Reached,
		"interval", array("Float64Array", []float64{c.Low, c.High}),
		"thresholdInterval", array("Float64Array", []float64{c.ThresholdLow, c.ThresholdHigh}),
		"confusion", array("Float64Array", []float64{c.Confusion.TruePositive, c.Confusion.FalseNegative, c.Confusion.FalsePositive, c.Confusion.TrueNegative})), nil
}

func truths(labels js.Value, class int32) []bool {
	is := []bool{}
	for _, label := range slice[int32](labels) {
		is = append(is, label == class)
	}
	return is
}

// calibrate learns to correct probabilities. The request is
//
//	method         "temperature" | "platt" | "isotonic"
//	probabilities  Float64Array, rows × classes
//	classes
//	outputs        Int32Array, the classes to learn each by itself
//	labels         Int32Array(rows)
//	sampleWeight   Float64Array(rows) | null
//
// and the result { temperature } or { slope, intercept } or { x, y }: numbers of each output, and for the last arrays of
// Float64Array.
func calibrate(request js.Value) (js.Value, error) {
	p, k := slice[float64](request.Get("probabilities")), request.Get("classes").Int()
	weights := slice[float64](request.Get("sampleWeight"))
	if request.Get("method").String() == "temperature" {
		for i, v := range p {
			p[i] = math.Log(v)
		}
		t, err := metrics.Temperature(p, k, slice[int32](request.Get("labels")), weights)
		return object("temperature", t), err
	}
	var slopes, intercepts []float64
	list := js.Global().Get("Array")
	xs, ys := list.New(), list.New()
	for _, class := range slice[int32](request.Get("outputs")) {
		one := make([]float64, len(p)/k)
		for row := range one {
			one[row] = p[row*k+int(class)]
		}
		labels := truths(request.Get("labels"), class)
		if request.Get("method").String() == "isotonic" {
			x, y, err := metrics.Isotonic(one, labels, weights)
			if err != nil {
				return js.Null(), err
			}
			xs.Call("push", array("Float64Array", x))
			ys.Call("push", array("Float64Array", y))
			continue
		}
		for row, v := range one {
			one[row] = math.Log(v) - math.Log1p(-v)
		}
		slope, intercept, err := metrics.Platt(one, labels, weights)
		if err != nil {
			return js.Null(), err
		}
		slopes, intercepts = append(slopes, slope), append(intercepts, intercept)
	}
	return object("slope", array("Float64Array", slopes), "intercept", array("Float64Array", intercepts), "x", xs, "y", ys), nil
}

// fold fits settings to all folds but one and judges them by that. The request is
//
//	matrix, impute, labels, sampleWeight   see fit
//	folds, seed, fold                      how many, what deals them out, and which
//	settings                               an array of what setting reads
//	stopped()
//
// and the result { scores }, a Float64Array of the scores of each setting in turn, see scores.
func fold(request, host js.Value) (js.Value, error) {
	ctx := newPausing(host, request)
	defer ctx.release()
	x, err := matrix(ctx, request.Get("matrix"), imputation(request.Get("impute")))
	if err != nil {
		return js.Null(), err
	}
	y, list := slice[int32](request.Get("labels")), request.Get("settings")
	settings := make([]linear.Setting, list.Length())
	for i := range settings {
		if settings[i], err = setting(list.Index(i)); err != nil {
			return js.Null(), err
		}
		settings[i].SampleWeight = slice[float64](request.Get("sampleWeight"))
	}
	if len(settings) == 0 {
		return js.Null(), loss.BadParameter("grid", "there must be at least one setting")
	}
	of, err := linear.Folds(y, len(settings[0].Classes), request.Get("folds").Int(), uint64(request.Get("seed").Float()))
	if err != nil {
		return js.Null(), err
	}
	outcomes, err := linear.ValidateFold(ctx, x, y, of, request.Get("fold").Int(), settings)
	if err != nil {
		return js.Null(), err
	}
	var all []float64
	for _, o := range outcomes {
		all = scores(all, o.Report)
	}
	return object("scores", array("Float64Array", all)), nil
}
