//go:build js && wasm

package trainer

import (
	"syscall/js"
	"unsafe"
)

// object returns a JavaScript object of names and values in turn.
func object(pairs ...any) js.Value {
	o := js.Global().Get("Object").New()
	for i := 0; i < len(pairs); i += 2 {
		o.Set(pairs[i].(string), pairs[i+1])
	}
	return o
}

// number is an element that typed arrays and slices share.
type number interface{ int32 | float32 | float64 }

// bytes returns the memory of s.
func bytes[T number](s []T) []byte {
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), len(s)*int(unsafe.Sizeof(*new(T))))
}

// byteView returns the bytes of a typed array as a Uint8Array.
func byteView(array js.Value) js.Value {
	return js.Global().Get("Uint8Array").New(array.Get("buffer"), array.Get("byteOffset"), array.Get("byteLength"))
}

// slice copies a typed array of T. Null and undefined are nil.
func slice[T number](array js.Value) []T {
	if array.IsNull() || array.IsUndefined() {
		return nil
	}
	s := make([]T, array.Length())
	js.CopyBytesToGo(bytes(s), byteView(array))
	return s
}

// array copies s into a typed array of the given constructor.
func array[T number](constructor string, s []T) js.Value {
	raw := js.Global().Get("Uint8Array").New(len(s) * int(unsafe.Sizeof(*new(T))))
	js.CopyBytesToJS(raw, bytes(s))
	return js.Global().Get(constructor).New(raw.Get("buffer"))
}

// The functions below read a field of a request. They are functions, and the
// binary some kilobytes smaller, because the compiler would write their bodies
// out at every use.

//go:noinline
func field(request js.Value, name string) js.Value { return request.Get(name) }

//go:noinline
func numberOf(request js.Value, name string) float64 { return request.Get(name).Float() }

//go:noinline
func wholeOf(request js.Value, name string) int { return int(numberOf(request, name)) }

//go:noinline
func flagOf(request js.Value, name string) bool { return request.Get(name).Bool() }

//go:noinline
func textOf(request js.Value, name string) string { return request.Get(name).String() }

//go:noinline
func floatsOf(request js.Value, name string) []float64 { return slice[float64](request.Get(name)) }

//go:noinline
func int32sOf(request js.Value, name string) []int32 { return slice[int32](request.Get(name)) }

// fields is a JavaScript object that is being made.
type fields struct{ js.Value }

func newFields() fields { return fields{js.Global().Get("Object").New()} }

//go:noinline
func (f fields) number(name string, v float64) { f.Set(name, v) }

//go:noinline
func (f fields) floats(name string, v []float64) { f.Set(name, array("Float64Array", v)) }

//go:noinline
func (f fields) int32s(name string, v []int) {
	narrow := make([]int32, len(v))
	for i, n := range v {
		narrow[i] = int32(n)
	}
	f.Set(name, array("Int32Array", narrow))
}

//go:noinline
func (f fields) text(name, v string) { f.Set(name, v) }
