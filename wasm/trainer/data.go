//go:build js && wasm

package main

import (
	"syscall/js"

	"github.com/focalfit/focalfit/linear"
	"github.com/focalfit/focalfit/loss"
)

// datasets are the rows that were uploaded to be kept.
var datasets = struct {
	last int
	held map[int]linear.Data
}{held: map[int]linear.Data{}}

// upload keeps rows. The request is { matrix, impute, stopped() }, see matrix,
// and the result { dataset }, their number.
func upload(request, host js.Value) (js.Value, error) {
	ctx := newPausing(host, request)
	defer ctx.release()
	x, err := matrix(ctx, field(request, "matrix"), imputation(field(request, "impute")))
	if err != nil {
		return js.Null(), err
	}
	datasets.last++
	datasets.held[datasets.last] = x
	return object("dataset", datasets.last), nil
}

// free forgets the rows of { dataset }.
func free(request js.Value) (js.Value, error) {
	delete(datasets.held, wholeOf(request, "dataset"))
	return request, nil
}

// logits computes those of kept rows by a model. The request is
//
//	dataset                    its number
//	coefficients, intercepts   Float64Array
//	fill                       Float64Array | null
//	features                   { mean, scale, frequencies, phases } | null
//	stopped()
//
// and the result { data: Float64Array }, a row of logits for each row.
func logits(request, host js.Value) (js.Value, error) {
	ctx := newPausing(host, request)
	defer ctx.release()
	x, err := dataset(field(request, "dataset"))
	if err != nil {
		return js.Null(), err
	}
	m := &linear.Model{Coefficients: floatsOf(request, "coefficients"), Intercepts: floatsOf(request, "intercepts")}
	m.Columns = len(m.Coefficients) / len(m.Intercepts)
	p := &linear.Predictor{Model: m, Fill: floatsOf(request, "fill")}
	if f := field(request, "features"); f.Truthy() {
		p.Features = &linear.Features{Mean: floatsOf(f, "mean"), Deviation: floatsOf(f, "scale"),
			Frequencies: floatsOf(f, "frequencies"), Phases: floatsOf(f, "phases")}
	}
	rows := make([]int32, x.Rows())
	for i := range rows {
		rows[i] = int32(i)
	}
	z, err := p.Logits(ctx, x, rows)
	if err != nil {
		return js.Null(), err
	}
	return object("data", array("Float64Array", z)), nil
}

func dataset(number js.Value) (linear.Data, error) {
	x, ok := datasets.held[number.Int()]
	if !ok {
		return nil, loss.Bad(loss.BadInput, "the engine has no such dataset: upload it again")
	}
	return x, nil
}

func imputation(name js.Value) linear.Impute {
	if name.IsNull() {
		return linear.Refuse
	}
	if name.String() == "mean" {
		return linear.Mean
	}
	return linear.Median
}

// matrix reads rows, a chunk at a time:
//
//	kind    "dense": rows, columns, data, a Float32Array or Float64Array of rows × columns
//	        "sparse": rows, columns, indptr and indices, Int32Array, and values, a Float32Array or Float64Array
//	        "dataset": dataset, the number of rows that are here already
func matrix(ctx *pausing, request js.Value, impute linear.Impute) (linear.Data, error) {
	kind := textOf(request, "kind")
	if kind == "dataset" {
		return dataset(field(request, "dataset"))
	}
	rows, columns := wholeOf(request, "rows"), wholeOf(request, "columns")
	if kind == "sparse" {
		if impute != linear.Refuse {
			return nil, loss.BadParameter("impute", "sparse rows have no missing cells: leave impute out")
		}
		values := field(request, "values")
		indptr, indices := int32sOf(request, "indptr"), int32sOf(request, "indices")
		request.Set("indices", js.Null()) // what is copied may be collected
		read := reader[float64](values, 1)
		if narrow(values) {
			read = widened(reader[float32](values, 1))
		}
		return nonNil(linear.ReadSparse(ctx, rows, columns, indptr, indices, read))
	}
	data := field(request, "data")
	if rows > 0 && columns > 0 && data.Length() != rows*columns {
		return nil, loss.Bad(loss.ShapeMismatch, "data must hold rows times columns values")
	}
	if narrow(data) {
		return nonNil(linear.ReadMatrix(ctx, rows, columns, impute, reader[float32](data, columns)))
	}
	return nonNil(linear.ReadMatrix(ctx, rows, columns, impute, reader[float64](data, columns)))
}

func narrow(floats js.Value) bool { return wholeOf(floats, "BYTES_PER_ELEMENT") == 4 }

// filled reads rows as matrix does, but refuses kept ones whose gaps, if any,
// are filled by another rule.
func filled(ctx *pausing, request js.Value, impute linear.Impute) (linear.Data, error) {
	x, err := matrix(ctx, request, impute)
	was := linear.Refuse
	if m, ok := x.(*linear.Matrix); ok {
		was = m.Impute()
	}
	if err == nil && was != impute {
		return nil, loss.BadParameter("impute", "the dataset was uploaded with another impute: give it to engine.dataset, and here the same or none")
	}
	return x, err
}

// nonNil keeps a nil pointer out of the interface.
func nonNil[D linear.Data](x D, err error) (linear.Data, error) {
	if err != nil {
		return nil, err
	}
	return x, nil
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

// widened makes float64 of what read hands out, so that only one ReadSparse is
// compiled.
func widened(read func(from, to int) ([]float32, error)) func(from, to int) ([]float64, error) {
	var chunk []float64
	return func(from, to int) ([]float64, error) {
		x, err := read(from, to)
		chunk = chunk[:0]
		for _, v := range x {
			chunk = append(chunk, float64(v))
		}
		return chunk, err
	}
}
