//go:build goexperiment.simd && wasm

package kernel

import "unsafe"

func products(dst, src, scale, shift []float32) {
	d := len(scale)
	if d == 0 {
		return
	}
	u, x := unsafe.Pointer(&dst[0]), unsafe.Pointer(&src[0])
	for j := range d {
		s, t := splat(scale[j]), splat(shift[j])
		for o := uintptr(0); o < 4*Panel; o += 16 {
			store(u, o, load(x, o).Mul(s).Add(t))
		}
		u, x = unsafe.Add(u, 4*Panel), unsafe.Add(x, 4*Panel)
	}
	p, a := u, unsafe.Pointer(&dst[0])
	for j := range d {
		a0, a1, a2, a3 := load(a, 0), load(a, 16), load(a, 32), load(a, 48)
		b := a
		for range d - j {
			store(p, 0, a0.Mul(load(b, 0)))
			store(p, 16, a1.Mul(load(b, 16)))
			store(p, 32, a2.Mul(load(b, 32)))
			store(p, 48, a3.Mul(load(b, 48)))
			p, b = unsafe.Add(p, 4*Panel), unsafe.Add(b, 4*Panel)
		}
		a = unsafe.Add(a, 4*Panel)
	}
}
