//go:build js && wasm

package main

import (
	"math"
	"strconv"
	"syscall/js"
	"unsafe"
)

// float64Array copies numbers into a new Float64Array.
func float64Array(v []float64) js.Value {
	array := js.Global().Get("Float64Array").New(len(v))
	if len(v) > 0 {
		bytes := unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), 8*len(v))
		js.CopyBytesToJS(js.Global().Get("Uint8Array").New(array.Get("buffer")), bytes)
	}
	return array
}

// float64s copies a Float64Array.
func float64s(array js.Value) []float64 {
	v := make([]float64, array.Length())
	if len(v) > 0 {
		bytes := unsafe.Slice((*byte)(unsafe.Pointer(&v[0])), 8*len(v))
		js.CopyBytesToGo(bytes, js.Global().Get("Uint8Array").New(array.Get("buffer"), array.Get("byteOffset"), array.Get("byteLength")))
	}
	return v
}

// whole writes a count with thousands separated.
func whole(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// fixed writes a number with some decimals, a dash for NaN.
func fixed(v float64, decimals int) string {
	if math.IsNaN(v) {
		return "–"
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// significant writes a number with some significant digits, small ones too
// without an exponent.
func significant(v float64, digits int) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	decimals := digits - 1 - int(math.Floor(math.Log10(math.Abs(v))))
	if decimals > 12 {
		return strconv.FormatFloat(v, 'e', digits-1, 64)
	}
	short, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', max(0, decimals), 64), 64)
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// duration writes seconds.
func duration(seconds float64) string {
	if seconds < 1 {
		return significant(1000*seconds, 2) + " ms"
	}
	return significant(seconds, 2) + " s"
}

// plural writes a count and what is counted.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return whole(n) + " " + many
}
