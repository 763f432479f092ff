//go:build goexperiment.simd && wasm

package kernel

import "unsafe"

func gram(g, x, c []float32, columns int) {
	px, pc := unsafe.Pointer(unsafe.SliceData(x)), unsafe.Pointer(unsafe.SliceData(c))
	size := uintptr(4 * Panel * Stride(columns))
	for range len(c) / Panel {
		c0, c1, c2, c3 := load(pc, 0), load(pc, 16), load(pc, 32), load(pc, 48)
		a, pg := px, unsafe.Pointer(unsafe.SliceData(g))
		for j := range columns {
			a0, a1, a2, a3 := c0.Mul(load(a, 0)), c1.Mul(load(a, 16)), c2.Mul(load(a, 32)), c3.Mul(load(a, 48))
			b := px
			for range j + 1 {
				store(pg, 0, load(pg, 0).Add(a0.Mul(load(b, 0)).Add(a1.Mul(load(b, 16)))).Add(a2.Mul(load(b, 32)).Add(a3.Mul(load(b, 48)))))
				pg, b = unsafe.Add(pg, 16), unsafe.Add(b, 64)
			}
			a = unsafe.Add(a, 64)
		}
		px, pc = unsafe.Add(px, size), unsafe.Add(pc, 64)
	}
}
