//go:build js && wasm

package trainer

import (
	"math"
	"syscall/js"

	"github.com/focalfit/focalfit/linear"
	"github.com/focalfit/focalfit/optimize"
)

// fit trains a classifier. The request is that of setting and
//
//	matrix        { dataset, once }: the number of uploaded rows, and whether they are for this fit only
//	impute        null | "mean" | "median"
//	labels        Int32Array, a class index for each row; with several labels a row of 0, 1 or −1
//	sampleWeight  Float64Array(rows) | null
//	warmStart     null | { coefficients, intercepts } in the input's units
//	validation    null | { matrix, labels, sampleWeight, patience }
//	progress      null | progress(iteration, objective, gradientNorm, evaluations, label)
//	stopped()     whether the caller wants to stop
//
// and the result
//
//	status, solver, iterations, evaluations, objective, gradientNorm, solveSeconds
//	coefficients, intercepts, means   Float64Array, in the input's units or the features'
//	weight                            Float64Array, as used
//	fill                              Float64Array | null
//	features                          null | { mean, scale, frequencies, phases }
//	classCounts, predictedCounts      Int32Array; with several labels the positives of each
//	constantColumns, gaps             Int32Array
//	history                           Float64Array of iteration, objective, gradientNorm, label in turn
//	validation                        Float64Array
func fit(request, host js.Value) (js.Value, error) {
	ctx := newPausing(host, request)
	defer ctx.release()
	f := &fitting{ctx: ctx, request: request, labels: 1}
	err := f.prepare()
	if err == nil {
		err = f.train()
	}
	if ctx.cancelled {
		err = nil
	}
	if err != nil {
		return js.Null(), err
	}
	return f.result(), nil
}

// fitting is a fit under way.
type fitting struct {
	ctx     *pausing
	request js.Value

	setting  linear.Setting
	labels   int
	rows     linear.Data // as they came
	x        linear.Data // rows, or their features
	features *linear.Features

	fits    []*linear.Fit
	seconds float64
	history []float64
	held    *linear.Held
}

func (f *fitting) prepare() (err error) {
	if f.setting, err = setting(f.request); err != nil {
		return err
	}
	if flagOf(f.request, "multiLabel") {
		f.labels = wholeOf(f.request, "classes")
	}
	impute := imputation(field(f.request, "impute"))
	if f.rows, err = filled(field(f.request, "matrix"), impute); err != nil {
		return err
	}
	if f.x = f.rows; f.setting.Expand != nil {
		x, features, err := f.setting.Expand.Make(f.ctx, f.rows, !f.setting.NoStandardize)
		if err != nil {
			return err
		}
		f.x, f.features = x, features
	}
	f.setting.SampleWeight = floatsOf(f.request, "sampleWeight")
	return f.validation()
}

// validation reads the rows to stop by.
func (f *fitting) validation() error {
	v := field(f.request, "validation")
	if !v.Truthy() {
		return nil
	}
	rows, err := dataset(field(v, "matrix"))
	if err != nil {
		return err
	}
	rows, err = linear.Alike(f.ctx, rows, f.rows, f.features)
	if err != nil {
		return err
	}
	f.held = &linear.Held{X: rows, Y: int32sOf(v, "labels"), SampleWeight: floatsOf(v, "sampleWeight"), Patience: wholeOf(v, "patience")}
	f.setting.Held = f.held
	return nil
}

func (f *fitting) train() (err error) {
	o, progress := f.setting.Options, field(f.request, "progress")
	label, wanted := -1, progress.Truthy()
	o.Record = func(i optimize.Iteration) {
		if i.Iteration == 0 {
			label++
		}
		f.history = append(f.history, float64(i.Iteration), i.Value, i.Gradient, float64(label))
		if wanted { // a call costs some microseconds, as much as a small pass
			progress.Invoke(i.Iteration, i.Value, i.Gradient, i.Evaluations, label)
			f.ctx.ask()
		}
	}
	y := int32sOf(f.request, "labels")
	start := now()
	warm := f.warmStart()
	if flagOf(f.request, "multiLabel") {
		f.fits, err = linear.TrainLabels(f.ctx, f.x, y, f.labels, o, warm)
	} else {
		if warm != nil {
			o.Start = &warm[0]
		}
		f.fits = make([]*linear.Fit, 1)
		f.fits[0], err = linear.Train(f.ctx, f.x, y, o)
	}
	f.seconds = (now() - start) / 1000
	return err
}

// warmStart returns the models to start from, one for each label.
func (f *fitting) warmStart() []linear.Model {
	warm := field(f.request, "warmStart")
	if !warm.Truthy() {
		return nil
	}
	coefficients, intercepts := floatsOf(warm, "coefficients"), floatsOf(warm, "intercepts")
	models := make([]linear.Model, f.labels)
	for l := range models {
		c, i := len(coefficients)/f.labels, len(intercepts)/f.labels
		models[l] = linear.Model{Columns: f.x.Columns(), Coefficients: coefficients[l*c:][:c], Intercepts: intercepts[l*i:][:i]}
	}
	return models
}

// result puts the labels' fits together. Of a fit that was stopped before it
// began there is nothing but the status.
func (f *fitting) result() js.Value {
	status, solver, iterations, evaluations := optimize.Converged, linear.LBFGS, 0, 0
	objective, gradient := 0.0, 0.0
	var coefficients, intercepts, means, weight []float64
	var counts, predicted, constant, gaps []int
	if f.ctx.cancelled || len(f.fits) == 0 || f.fits[0] == nil {
		status = optimize.Aborted
	}
	if len(f.fits) == 0 || f.fits[0] == nil {
		f.fits, objective, gradient = nil, math.NaN(), math.NaN()
		counts, predicted = make([]int, wholeOf(f.request, "classes")), make([]int, wholeOf(f.request, "classes"))
	}
	for _, fit := range f.fits {
		if fit.Status != optimize.Converged {
			status = fit.Status
		}
		solver, means = fit.Solver, fit.Means
		iterations, evaluations = iterations+fit.Iteration.Iteration, evaluations+fit.Evaluations
		objective, gradient = objective+fit.Value, max(gradient, fit.Gradient)
		coefficients, intercepts = append(coefficients, fit.Coefficients...), append(intercepts, fit.Intercepts...)
		for _, c := range fit.Classes {
			weight = append(weight, c.Weight)
		}
		if f.labels > 1 || flagOf(f.request, "multiLabel") {
			counts, predicted = append(counts, fit.ClassCounts[1]), append(predicted, fit.PredictedCounts[1])
		} else {
			counts, predicted = fit.ClassCounts, fit.PredictedCounts
		}
	}
	fill := js.Null()
	if f.rows != nil {
		constant = f.rows.ConstantColumns()
		if m, ok := f.rows.(*linear.Matrix); ok && m.Fill() != nil {
			fill, gaps = array("Float64Array", m.Fill()), m.Gaps()
		}
	}
	var losses []float64
	if f.held != nil {
		losses = f.held.Losses
	}
	o := newFields()
	o.text("status", status.String())
	o.text("solver", solver.String())
	o.number("iterations", float64(iterations))
	o.number("evaluations", float64(evaluations))
	o.number("objective", objective)
	o.number("gradientNorm", gradient)
	o.number("solveSeconds", f.seconds)
	o.floats("coefficients", coefficients)
	o.floats("intercepts", intercepts)
	o.floats("means", means)
	o.floats("weight", weight)
	o.floats("history", f.history)
	o.floats("validation", losses)
	o.int32s("classCounts", counts)
	o.int32s("predictedCounts", predicted)
	o.int32s("constantColumns", constant)
	o.int32s("gaps", gaps)
	o.Set("fill", fill)
	o.Set("features", featuresObject(f.features))
	return o.Value
}

func featuresObject(f *linear.Features) js.Value {
	if f == nil {
		return js.Null()
	}
	o := newFields()
	o.floats("mean", f.Mean)
	o.floats("scale", f.Deviation)
	if f.Phases == nil {
		o.Set("frequencies", js.Null())
		o.Set("phases", js.Null())
	} else {
		o.floats("frequencies", f.Frequencies)
		o.floats("phases", f.Phases)
	}
	return o.Value
}
