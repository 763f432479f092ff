//go:build goexperiment.simd && wasm

package kernel

import "unsafe"

func line(z, a, b []float32, t float32) {
	n := len(z) &^ 3
	pz, pa, pb := unsafe.Pointer(unsafe.SliceData(z)), unsafe.Pointer(unsafe.SliceData(a)), unsafe.Pointer(unsafe.SliceData(b))
	t4 := splat(t)
	for i := uintptr(0); i < uintptr(4*n); i += 16 {
		from := load(pa, i)
		store(pz, i, from.Add(t4.Mul(load(pb, i).Sub(from))))
	}
	lineReference(z[n:], a[n:], b[n:], t)
}

func slope(k, a, b []float32) float64 {
	n := len(k) &^ 3
	pk, pa, pb := unsafe.Pointer(unsafe.SliceData(k)), unsafe.Pointer(unsafe.SliceData(a)), unsafe.Pointer(unsafe.SliceData(b))
	sum := 0.0
	for start := 0; start < n; start += MaxBlock {
		var s v4
		for i, end := uintptr(4*start), uintptr(4*min(start+MaxBlock, n)); i < end; i += 16 {
			s = s.Add(load(pk, i).Mul(load(pb, i).Sub(load(pa, i))))
		}
		sum += float64(sum4(s))
	}
	return sum + slopeReference(k[n:], a[n:], b[n:])
}
