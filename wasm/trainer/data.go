//go:build js && wasm

package trainer

import (
	"runtime"
	"syscall/js"

	"github.com/focalfit/focalfit/linear"
	"github.com/focalfit/focalfit/loss"
)

// datasets are the rows that were uploaded, by the caller's numbers: those that
// are complete, and dense ones of which more are to come.
var (
	datasets  = map[int]linear.Data{}
	gathering = map[int]*gatherer{}
)

// gatherer is a builder of whichever kind of numbers.
type gatherer struct {
	append func(data js.Value) error
	matrix func() (*linear.Matrix, error)
	values int // still to come
}

// upload takes the next dense rows of a dataset. The request is
//
//	dataset  its number
//	start    with the first of them { rows, columns, impute, sample }, the sample some rows like them or null; then null
//	data     Float32Array or Float64Array, the rows one after the other, all of one kind
//
// and the result the request. The dataset can be used once all of its rows are there. An
// error forgets what came before.
func upload(request js.Value) (js.Value, error) {
	number, data := wholeOf(request, "dataset"), field(request, "data")
	g := gathering[number]
	if start := field(request, "start"); start.Truthy() {
		var err error
		if g, err = newGatherer(start, data); err != nil {
			return js.Null(), err
		}
	}
	delete(gathering, number)
	if g == nil {
		return js.Null(), errNoDataset
	}
	if err := g.append(data); err != nil {
		return js.Null(), err
	}
	if g.values -= data.Length(); g.values > 0 {
		gathering[number] = g
		return request, nil
	}
	x, err := g.matrix()
	if err != nil {
		return js.Null(), err
	}
	datasets[number] = x
	return request, nil
}

// Before many values rows that were let go are collected, or wasm's memory, which never shrinks, would grow by them.
const manyValues = 1 << 20

func newGatherer(start, data js.Value) (*gatherer, error) {
	if wholeOf(data, "BYTES_PER_ELEMENT") == 4 {
		return gather[float32](start, data)
	}
	return gather[float64](start, data)
}

func gather[T linear.Float](start, data js.Value) (*gatherer, error) {
	sample := field(start, "sample")
	if sample.IsNull() {
		sample = data
	}
	rows, columns := wholeOf(start, "rows"), wholeOf(start, "columns")
	if rows*columns > manyValues {
		runtime.GC()
	}
	b, err := linear.NewBuilder(rows, columns, imputation(field(start, "impute")), slice[T](sample))
	if err != nil {
		return nil, err
	}
	var part []T
	return &gatherer{
		append: func(data js.Value) error {
			part = copied(part, data)
			return b.Append(part)
		},
		matrix: b.Matrix,
		values: rows * columns,
	}, nil
}

// uploadSparse keeps sparse rows. The request is
//
//	dataset, rows, columns  its number and its shape
//	indptr, indices         Int32Array
//	values                  Float32Array or Float64Array
//	impute                  null
//	stopped()
//
// and the result the request.
func uploadSparse(request, host js.Value) (js.Value, error) {
	ctx := newPausing(host, request)
	defer ctx.release()
	if !field(request, "impute").IsNull() {
		return js.Null(), loss.BadParameter("impute", "sparse rows have no missing cells: leave impute out")
	}
	values := field(request, "values")
	indptr, indices := int32sOf(request, "indptr"), int32sOf(request, "indices")
	request.Set("indices", js.Null()) // what is copied may be collected
	read := reader[float64](values)
	if wholeOf(values, "BYTES_PER_ELEMENT") == 4 {
		read = widened(reader[float32](values))
	}
	x, err := linear.ReadSparse(ctx, wholeOf(request, "rows"), wholeOf(request, "columns"), indptr, indices, read)
	if err != nil {
		return js.Null(), err
	}
	datasets[wholeOf(request, "dataset")] = x
	return request, nil
}

// free forgets the rows of { dataset }.
func free(request js.Value) (js.Value, error) {
	number := wholeOf(request, "dataset")
	delete(datasets, number)
	delete(gathering, number)
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
	x, err := dataset(request)
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

var errNoDataset = loss.Bad(loss.BadInput, "the engine has no such dataset: upload it again")

// dataset returns the rows of { dataset, once }, and forgets them if they are for this use only.
func dataset(request js.Value) (linear.Data, error) {
	number := wholeOf(request, "dataset")
	x, ok := datasets[number]
	if !ok {
		return nil, errNoDataset
	}
	if field(request, "once").Truthy() {
		delete(datasets, number)
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

// filled returns the rows of a dataset, but not those whose gaps, if any, are
// filled by another rule.
func filled(request js.Value, impute linear.Impute) (linear.Data, error) {
	x, err := dataset(request)
	if err != nil {
		return nil, err
	}
	was := linear.Refuse
	if m, ok := x.(*linear.Matrix); ok {
		was = m.Impute()
	}
	if was != impute {
		return nil, loss.BadParameter("impute", "the dataset was uploaded with another impute: give it to engine.dataset, and here the same or none")
	}
	return x, nil
}

// reader returns what copies values of a typed array into the same memory again
// and again.
func reader[T linear.Float](data js.Value) func(from, to int) ([]T, error) {
	var part []T
	return func(from, to int) ([]T, error) {
		part = copied(part, data.Call("subarray", from, to))
		return part, nil
	}
}

// copied copies a typed array of T into s, or where that is too short.
func copied[T number](s []T, array js.Value) []T {
	if n := array.Length(); cap(s) < n {
		s = make([]T, n)
	} else {
		s = s[:n]
	}
	js.CopyBytesToGo(bytes(s), byteView(array))
	return s
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
