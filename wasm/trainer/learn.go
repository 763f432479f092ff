//go:build js && wasm

package trainer

import (
	"syscall/js"

	"github.com/focalfit/focalfit/linear"
)

// learn goes on with a stream. The request is that of setting and
//
//	matrix        kind "dense" with rows, columns and data, a Float64Array, or "sparse" with indptr and indices,
//	              Int32Array, and values, a Float64Array
//	labels        Int32Array, a class index for each row
//	sampleWeight  Float64Array(rows) | null
//	state         Float64Array | null: what the last call gave
//
// and the result { state, coefficients, intercepts, means, weight }, Float64Array.
func learn(request js.Value) (js.Value, error) {
	s, err := setting(request)
	if err != nil {
		return js.Null(), err
	}
	m := field(request, "matrix")
	online := linear.NewOnline(s.Options, wholeOf(m, "columns"))
	if state := floatsOf(request, "state"); state != nil {
		online.State = state
	}
	dense := textOf(m, "kind") == "dense"
	if dense {
		err = online.Learn(int32sOf(request, "labels"), floatsOf(m, "data"), nil, nil, floatsOf(request, "sampleWeight"))
	} else {
		err = online.Learn(int32sOf(request, "labels"), floatsOf(m, "values"), int32sOf(m, "indptr"), int32sOf(m, "indices"), floatsOf(request, "sampleWeight"))
	}
	if err != nil {
		return js.Null(), err
	}
	model := online.Model(dense)
	weight := make([]float64, len(model.Classes))
	for c, class := range model.Classes {
		weight[c] = class.Weight
	}
	o := newFields()
	o.floats("state", online.State)
	o.floats("coefficients", model.Coefficients)
	o.floats("intercepts", model.Intercepts)
	o.floats("means", model.Means)
	o.floats("weight", weight)
	return o.Value, nil
}
