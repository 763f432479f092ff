//go:build js && wasm

package main

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

// int32s returns s as an Int32Array.
func int32s(s []int) js.Value {
	narrow := make([]int32, len(s))
	for i, v := range s {
		narrow[i] = int32(v)
	}
	return array("Int32Array", narrow)
}
