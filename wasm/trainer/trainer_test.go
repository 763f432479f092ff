//go:build js && wasm

package trainer

import (
	"errors"
	"math"
	"syscall/js"
	"testing"

	"github.com/focalfit/focalfit/loss"
)

// call calls an offered function and waits for what it settles with.
func call(t *testing.T, f js.Func, request js.Value) (err, result js.Value) {
	t.Helper()
	settled := make(chan [2]js.Value, 2)
	settle := js.FuncOf(func(_ js.Value, args []js.Value) any {
		settled <- [2]js.Value{args[0], args[1]}
		return nil
	})
	defer settle.Release()
	f.Invoke(request, settle)
	got := <-settled
	if got[0].IsNull() == got[1].IsNull() {
		t.Fatalf("settled with error %v and result %v, want one of them", got[0], got[1])
	}
	return got[0], got[1]
}

func TestPanicBecomesAnError(t *testing.T) {
	for name, c := range map[string]struct {
		panics func()
		want   string
	}{
		"string":  {func() { panic("kernel: lengths do not fit") }, "The engine failed: kernel: lengths do not fit."},
		"runtime": {func() { _ = make([]int, 1)[len(name())] }, "The engine failed: runtime error: index out of range [2] with length 1."},
		"other":   {func() { panic(7) }, "The engine failed: an unknown failure."},
	} {
		f := offer(func(js.Value) (js.Value, error) { c.panics(); return js.Null(), nil })
		err, _ := call(t, f, js.Null())
		if got := err.Get("message").String(); got != c.want || err.Get("code").String() != "ENGINE_FAILED" {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		f.Release()
	}
}

func name() string { return "ab" }

func TestErrorsCrossAsData(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{loss.BadAt(loss.NotFinite, 3, 0, "no"), `{"code":"NOT_FINITE","message":"Row 3, column 0: no.","row":3,"column":0}`},
		{loss.BadAt(loss.BadInput, -1, 2, "no"), `{"code":"BAD_INPUT","message":"Column 2: no.","column":2}`},
		{loss.BadParameter("l2", "no"), `{"code":"BAD_OPTION","message":"no.","option":"l2"}`},
		{loss.Bad(loss.OneClass, "no"), `{"code":"ONE_CLASS","message":"no."}`},
		{errors.New("no"), `{"code":"ENGINE_FAILED","message":"The engine failed: no."}`},
	} {
		if got := js.Global().Get("JSON").Call("stringify", errorObject(c.err)).String(); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

func TestTypedArraysCross(t *testing.T) {
	in := []float64{1, -2.5, 1e300, 0}
	if got := array("Float64Array", in); got.Length() != 4 || got.Index(1).Float() != -2.5 {
		t.Errorf("%v", got)
	}
	// A view into a larger buffer, at an offset.
	whole := array("Float32Array", []float32{9, 1, 2, 3, 9})
	if got := slice[float32](whole.Call("subarray", 1, 4)); len(got) != 3 || got[0] != 1 || got[2] != 3 {
		t.Errorf("%v, want [1 2 3]", got)
	}
	if got := slice[int32](js.Null()); got != nil {
		t.Errorf("null became %v", got)
	}
	if got := array("Float64Array", []float64(nil)); got.Length() != 0 {
		t.Errorf("nothing became %d numbers", got.Length())
	}
	read := reader[float32](array("Float32Array", []float32{1, 2, 3, 4, 5, 6}))
	if got, _ := read(2, 6); len(got) != 4 || got[0] != 3 || got[3] != 6 {
		t.Errorf("values 2 to 5 are %v, want [3 4 5 6]", got)
	}
}

// host is one whose pause resumes from a later task.
func host(pauses *int) js.Value {
	return object("pause", js.FuncOf(func(_ js.Value, args []js.Value) any {
		*pauses++
		js.Global().Call("setTimeout", args[0], 0)
		return nil
	}))
}

// request is a fit to rows that are uploaded in two parts.
func request(t *testing.T, rows int, stopped func() bool) js.Value {
	t.Helper()
	x, y := make([]float32, 2*rows), make([]int32, rows)
	for i := range y {
		x[2*i], x[2*i+1] = float32(i%7), float32(i*i%11)
		y[i] = int32(i % 3 / 2)
	}
	f := offer(upload)
	defer f.Release()
	number := len(datasets) + len(gathering) + 1
	start, part := object("rows", rows, "columns", 2, "impute", js.Null(), "sample", array("Float32Array", x[:min(200, len(x))])), rows/32*32
	for _, data := range [][]float32{x[:part], x[part:]} {
		if err, _ := call(t, f, object("dataset", number, "start", start, "data", array("Float32Array", data))); !err.IsNull() {
			t.Fatal(err.Get("message").String())
		}
		start = js.Null()
	}
	two := array("Float64Array", []float64{1, 1})
	matrix := object("dataset", number, "once", true)
	return object("matrix", matrix, "impute", js.Null(), "labels", array("Int32Array", y), "classes", 2, "multiLabel", false,
		"gamma", two, "weight", two, "clip", 0, "epsilon", 0, "smoothing", 0, "sampleWeight", js.Null(), "l2", 1e-9, "l1", 0,
		"fitIntercept", true, "standardize", true, "solver", "lbfgs", "features", js.Null(),
		"maxIterations", 100, "tolerance", 0, "warmStart", js.Null(), "validation", js.Null(),
		"progress", js.Null(),
		"stopped", js.FuncOf(func(js.Value, []js.Value) any { return stopped() }))
}

func TestLongFitPausesAndStops(t *testing.T) {
	pauses, asked := 0, 0
	h := host(&pauses)
	f := offer(func(r js.Value) (js.Value, error) { return fit(r, h) })
	defer f.Release()
	err, result := call(t, f, request(t, 400000, func() bool { asked++; return pauses >= 2 }))
	if !err.IsNull() {
		t.Fatal(err.Get("message").String())
	}
	if result.Get("status").String() != "aborted" || pauses != 2 || asked == 0 {
		t.Errorf("%s after %d pauses, asked %d times", result.Get("status").String(), pauses, asked)
	}
	// And the program goes on working.
	if err, result = call(t, f, request(t, 300, func() bool { return false })); !err.IsNull() || result.Get("classCounts").Index(1).Int() != 100 {
		t.Errorf("the next fit: %v", err)
	}
}

func TestMalformedRequestIsAnError(t *testing.T) {
	f := offer(evaluate)
	defer f.Release()
	if err, _ := call(t, f, object()); err.Get("code").String() != "ENGINE_FAILED" {
		t.Errorf("code %v", err.Get("code"))
	}
}

func TestRowsAfterAnErrorAreOfNoDataset(t *testing.T) {
	f := offer(upload)
	defer f.Release()
	start := object("rows", 4, "columns", 1, "impute", js.Null(), "sample", js.Null())
	for _, c := range []struct {
		start js.Value
		data  []float32
		code  string
	}{{start, []float32{1, float32(math.NaN())}, "NOT_FINITE"}, {js.Null(), []float32{1, 2}, "BAD_INPUT"}} {
		err, _ := call(t, f, object("dataset", 1000, "start", c.start, "data", array("Float32Array", c.data)))
		if got := err.Get("code").String(); got != c.code {
			t.Errorf("code %s, want %s", got, c.code)
		}
	}
	if len(gathering) != 0 {
		t.Errorf("%d datasets are still gathered", len(gathering))
	}
}

func TestUnknownDatasetIsAnError(t *testing.T) {
	r := request(t, 10, func() bool { return false })
	r.Set("matrix", object("dataset", 99, "once", false))
	pauses := 0
	h := host(&pauses)
	f := offer(func(r js.Value) (js.Value, error) { return fit(r, h) })
	defer f.Release()
	if err, _ := call(t, f, r); err.Get("code").String() != "BAD_INPUT" {
		t.Errorf("code %v", err.Get("code"))
	}
}
