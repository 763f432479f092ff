//go:build js && wasm

package page

import (
	"syscall/js"
	"unsafe"
)

// Float64Array copies numbers into a new Float64Array.
func Float64Array(v []float64) js.Value {
	array := js.Global().Get("Float64Array").New(len(v))
	if len(v) > 0 {
		bytes := unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), 8*len(v))
		js.CopyBytesToJS(js.Global().Get("Uint8Array").New(array.Get("buffer")), bytes)
	}
	return array
}

// Float64s copies a Float64Array.
func Float64s(array js.Value) []float64 {
	v := make([]float64, array.Length())
	if len(v) > 0 {
		bytes := unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), 8*len(v))
		js.CopyBytesToGo(bytes, js.Global().Get("Uint8Array").New(array.Get("buffer"), array.Get("byteOffset"), array.Get("byteLength")))
	}
	return v
}

// CopyPixels copies pixels to the bytes of an image's data: red, green, blue,
// alpha from the lowest byte of a number on, which is how wasm has it.
func CopyPixels(bytes js.Value, pixels []uint32) {
	js.CopyBytesToJS(bytes, unsafe.Slice((*byte)(unsafe.Pointer(&pixels[0])), 4*len(pixels)))
}

// Strings copies an array of strings.
func Strings(array js.Value) []string {
	if !array.Truthy() {
		return nil
	}
	s := make([]string, array.Length())
	for i := range s {
		s[i] = array.Index(i).String()
	}
	return s
}

// String is a value as JavaScript writes it.
func String(value js.Value) string { return js.Global().Get("String").Invoke(value).String() }

// Array makes an array of strings.
func Array(s []string) []any {
	a := make([]any, len(s))
	for i := range s {
		a[i] = s[i]
	}
	return a
}
