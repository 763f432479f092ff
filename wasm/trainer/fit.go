//go:build js && wasm

package main

import (
	"cmp"
	"math"
	"syscall/js"

	"github.com/focalfit/focalfit/linear"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// fit trains a classifier. The request is
//
//	data          Float32Array | Float64Array, rows × columns, row after row
//	rows, columns
//	labels        Int32Array, a class index for each row
//	classes       their number K; of two, class 1 is the positive one
//	gamma         Float64Array(K)
//	weight        Float64Array(K) | "balanced"
//	sampleWeight  Float64Array(rows) | null
//	l2, fitIntercept, standardize, maxIterations, tolerance
//	warmStart     null | { coefficients, intercepts } in the input's units
//	progress(iteration, objective, gradientNorm, evaluations)
//	stopped()     whether the caller wants to stop
//
// and the result
//
//	status, iterations, evaluations, objective, gradientNorm, solveSeconds
//	coefficients, intercepts   Float64Array, in the input's units
//	weight                     Float64Array(K), as used
//	classCounts, predictedCounts, constantColumns   Int32Array
//	history                    Float64Array of iteration, objective, gradientNorm in turn
func fit(request, host js.Value) (js.Value, error) {
	ctx := newPausing(host, request)
	defer ctx.release()
	o, err := fitOptions(request)
	if err != nil {
		return js.Null(), err
	}
	x, err := matrix(ctx, request)
	if err != nil {
		if ctx.cancelled {
			return stoppedEarly(len(o.Classes)), nil
		}
		return js.Null(), err
	}
	var history []float64
	progress := request.Get("progress")
	o.Record = func(i optimize.Iteration) {
		history = append(history, float64(i.Iteration), i.Value, i.Gradient)
		progress.Invoke(i.Iteration, i.Value, i.Gradient, i.Evaluations)
		ctx.ask()
	}
	start := now()
	f, err := linear.Train(ctx, x, slice[int32](request.Get("labels")), o)
	if err != nil {
		return js.Null(), err
	}
	seconds := (now() - start) / 1000
	weight := make([]float64, len(f.Classes))
	for k, c := range f.Classes {
		weight[k] = c.Weight
	}
	return object(
		"status", f.Status.String(),
		"iterations", f.Iteration.Iteration,
		"evaluations", f.Evaluations,
		"objective", f.Value,
		"gradientNorm", f.Gradient,
		"solveSeconds", seconds,
		"coefficients", array("Float64Array", f.Coefficients),
		"intercepts", array("Float64Array", f.Intercepts),
		"weight", array("Float64Array", weight),
		"classCounts", counts(f.ClassCounts),
		"predictedCounts", counts(f.PredictedCounts),
		"constantColumns", counts(x.ConstantColumns()),
		"history", array("Float64Array", history),
	), nil
}

// stoppedEarly is the result of a fit that was stopped before the solver began.
func stoppedEarly(classes int) js.Value {
	none := array("Float64Array", []float64(nil))
	zero := counts(make([]int, classes))
	return object("status", optimize.Aborted.String(), "iterations", 0, "evaluations", 0, "objective", math.NaN(),
		"gradientNorm", math.NaN(), "solveSeconds", 0, "coefficients", none, "intercepts", none, "weight", none,
		"classCounts", zero, "predictedCounts", zero, "constantColumns", counts(nil), "history", none)
}

func fitOptions(request js.Value) (linear.Options, error) {
	o := linear.Options{
		Classes:       make([]loss.Class, request.Get("classes").Int()),
		SampleWeight:  slice[float64](request.Get("sampleWeight")),
		L2:            request.Get("l2").Float(),
		NoIntercept:   !request.Get("fitIntercept").Bool(),
		NoStandardize: !request.Get("standardize").Bool(),
		// Here 0 means 0, not the default.
		MaxIterations: cmp.Or(request.Get("maxIterations").Int(), -1),
		Tolerance:     cmp.Or(request.Get("tolerance").Float(), math.SmallestNonzeroFloat64),
	}
	weight := request.Get("weight")
	if o.Balanced = weight.Type() == js.TypeString; o.Balanced {
		weight = js.Null()
	}
	gammas, weights := slice[float64](request.Get("gamma")), slice[float64](weight)
	if len(gammas) != len(o.Classes) || !o.Balanced && len(weights) != len(o.Classes) {
		return o, loss.Bad(loss.ShapeMismatch, "there must be one gamma and one weight for each class")
	}
	for k := range o.Classes {
		o.Classes[k] = loss.Class{Gamma: gammas[k], Weight: 1}
		if !o.Balanced {
			o.Classes[k].Weight = weights[k]
		}
	}
	if warm := request.Get("warmStart"); warm.Truthy() {
		o.Start = &linear.Model{
			Columns:      request.Get("columns").Int(),
			Coefficients: slice[float64](warm.Get("coefficients")),
			Intercepts:   slice[float64](warm.Get("intercepts")),
		}
	}
	return o, nil
}

// matrix reads the request's data, a chunk of rows at a time.
func matrix(ctx *pausing, request js.Value) (*linear.Matrix, error) {
	data, rows, columns := request.Get("data"), request.Get("rows").Int(), request.Get("columns").Int()
	if rows > 0 && columns > 0 && data.Length() != rows*columns {
		return nil, loss.Bad(loss.ShapeMismatch, "data must hold rows times columns values")
	}
	if data.Get("BYTES_PER_ELEMENT").Int() == 4 {
		return linear.ReadMatrix(ctx, rows, columns, reader[float32](data, columns))
	}
	return linear.ReadMatrix(ctx, rows, columns, reader[float64](data, columns))
}

// reader returns what copies rows of a typed array into the same memory again
// and again.
func reader[T linear.Float](data js.Value, columns int) func(from, to int) ([]T, error) {
	view := byteView(data)
	var chunk []T
	return func(from, to int) ([]T, error) {
		n := (to - from) * columns
		if cap(chunk) < n {
			chunk = make([]T, n)
		}
		chunk = chunk[:n]
		raw := bytes(chunk)
		start := len(raw) / n * columns * from
		js.CopyBytesToGo(raw, view.Call("subarray", start, start+len(raw)))
		return chunk, nil
	}
}
