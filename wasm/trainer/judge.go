//go:build js && wasm

package trainer

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
		Probabilities: floatsOf(request, "probabilities"),
		Classes:       wholeOf(request, "classes"),
		Positive:      wholeOf(request, "positive"),
		Predicted:     int32sOf(request, "predicted"),
		Labels:        int32sOf(request, "labels"),
		Weights:       floatsOf(request, "sampleWeight"),
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
	o := newFields()
	o.floats("scores", scores(nil, r))
	o.floats("confusion", r.Confusion)
	o.floats("perClass", perClass)
	o.floats("curve", curve)
	o.floats("reliability", bins)
	return o.Value, nil
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
	o := metrics.Objective{Goal: -1, Parameter: numberOf(request, "parameter"),
		FalsePositive: numberOf(request, "falsePositive"), FalseNegative: numberOf(request, "falseNegative")}
	for i, name := range [...]string{"f1", "fBeta", "mcc", "balancedAccuracy", "gMean", "recallAtPrecision", "precisionAtRecall", "cost"} {
		if name == textOf(request, "goal") {
			o.Goal = metrics.Goal(i)
		}
	}
	c, err := metrics.TuneThreshold(floatsOf(request, "probabilities"), truths(field(request, "labels"), 1),
		floatsOf(request, "sampleWeight"), o, uint64(numberOf(request, "seed")))
	if err != nil {
		return js.Null(), err
	}
	r := newFields()
	r.number("threshold", c.Threshold)
	r.number("value", c.Value)
	r.Set("reached", c.Reached)
	r.floats("interval", []float64{c.Low, c.High})
	r.floats("thresholdInterval", []float64{c.ThresholdLow, c.ThresholdHigh})
	r.floats("confusion", []float64{c.Confusion.TruePositive, c.Confusion.FalseNegative, c.Confusion.FalsePositive, c.Confusion.TrueNegative})
	return r.Value, nil
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
	p, k := floatsOf(request, "probabilities"), wholeOf(request, "classes")
	weights := floatsOf(request, "sampleWeight")
	if textOf(request, "method") == "temperature" {
		for i, v := range p {
			p[i] = math.Log(v)
		}
		t, err := metrics.Temperature(p, k, int32sOf(request, "labels"), weights)
		return object("temperature", t), err
	}
	var slopes, intercepts []float64
	list := js.Global().Get("Array")
	xs, ys := list.New(), list.New()
	for _, class := range int32sOf(request, "outputs") {
		one := make([]float64, len(p)/k)
		for row := range one {
			one[row] = p[row*k+int(class)]
		}
		labels := truths(field(request, "labels"), class)
		if textOf(request, "method") == "isotonic" {
			x, y, err := metrics.Isotonic(one, labels, weights)
			if err != nil {
				return js.Null(), err
			}
			xs.Call("push", array("Float64Array", x))
			ys.Call("push", array("Float64Array", y))
			continue
		}
		for row, v := range one {
			// Of two classes the other's probability is there, with digits where 1 − v has none.
			rest := math.Log1p(-v)
			if k == 2 {
				rest = math.Log(p[row*k+1-int(class)])
			}
			one[row] = math.Log(v) - rest
		}
		slope, intercept, err := metrics.Platt(one, labels, weights)
		if err != nil {
			return js.Null(), err
		}
		slopes, intercepts = append(slopes, slope), append(intercepts, intercept)
	}
	o := newFields()
	o.floats("slope", slopes)
	o.floats("intercept", intercepts)
	o.Set("x", xs)
	o.Set("y", ys)
	return o.Value, nil
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
	x, err := filled(field(request, "matrix"), imputation(field(request, "impute")))
	if err != nil {
		return js.Null(), err
	}
	y, list := int32sOf(request, "labels"), field(request, "settings")
	settings := make([]linear.Setting, list.Length())
	for i := range settings {
		if settings[i], err = setting(list.Index(i)); err != nil {
			return js.Null(), err
		}
		settings[i].SampleWeight = floatsOf(request, "sampleWeight")
	}
	if len(settings) == 0 {
		return js.Null(), loss.BadParameter("grid", "there must be at least one setting")
	}
	of, err := linear.Folds(y, len(settings[0].Classes), wholeOf(request, "folds"), uint64(numberOf(request, "seed")))
	if err != nil {
		return js.Null(), err
	}
	outcomes, err := linear.ValidateFold(ctx, x, y, of, wholeOf(request, "fold"), settings)
	if err != nil {
		return js.Null(), err
	}
	var all []float64
	for _, o := range outcomes {
		all = scores(all, o.Report)
	}
	return object("scores", array("Float64Array", all)), nil
}
