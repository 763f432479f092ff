//go:build goexperiment.simd && wasm

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

// SIMD reports whether the vector kernels are compiled in.
const SIMD = true

type v4 = archsimd.Float32x4

// The loops below step through memory by pointers: a slice expression would
// check its bounds at every step, and half the time would go there. Scores and
// Accumulate have checked the lengths. Four columns are a step, because each
// step of a loop costs Go's wasm an indirect jump.

func load(p unsafe.Pointer, offset uintptr) v4 {
	return archsimd.LoadFloat32x4Array((*[4]float32)(unsafe.Add(p, offset)))
}

func store(p unsafe.Pointer, offset uintptr, v v4) {
	v.StoreArray((*[4]float32)(unsafe.Add(p, offset)))
}

func splat(x float32) v4 { return archsimd.BroadcastFloat32x4(x) }

func splatAt(p unsafe.Pointer, offset uintptr) v4 {
	return splat(*(*float32)(unsafe.Add(p, offset)))
}

func sum4(a v4) float32 {
	return (a.GetElem(0) + a.GetElem(1)) + (a.GetElem(2) + a.GetElem(3))
}

func scores(z, x, w []float32, bias float32) {
	if len(z) == 0 {
		return
	}
	pz, px := unsafe.Pointer(&z[0]), unsafe.Pointer(unsafe.SliceData(x))
	for range len(z) / Panel {
		// Odd and even columns apart: a sum waits for the addition before it.
		var a0, a1, a2, a3 v4
		b := splat(bias)
		b0, b1, b2, b3 := b, b, b, b
		pw := unsafe.Pointer(unsafe.SliceData(w))
		for j := len(w); j > 0; j -= 4 {
			w0, w1, w2, w3 := splatAt(pw, 0), splatAt(pw, 4), splatAt(pw, 8), splatAt(pw, 12)
			a0 = a0.Add(w0.Mul(load(px, 0))).Add(w2.Mul(load(px, 128)))
			a1 = a1.Add(w0.Mul(load(px, 16))).Add(w2.Mul(load(px, 144)))
			a2 = a2.Add(w0.Mul(load(px, 32))).Add(w2.Mul(load(px, 160)))
			a3 = a3.Add(w0.Mul(load(px, 48))).Add(w2.Mul(load(px, 176)))
			b0 = b0.Add(w1.Mul(load(px, 64))).Add(w3.Mul(load(px, 192)))
			b1 = b1.Add(w1.Mul(load(px, 80))).Add(w3.Mul(load(px, 208)))
			b2 = b2.Add(w1.Mul(load(px, 96))).Add(w3.Mul(load(px, 224)))
			b3 = b3.Add(w1.Mul(load(px, 112))).Add(w3.Mul(load(px, 240)))
			pw, px = unsafe.Add(pw, 16), unsafe.Add(px, 256)
		}
		store(pz, 0, a0.Add(b0))
		store(pz, 16, a1.Add(b1))
		store(pz, 32, a2.Add(b2))
		store(pz, 48, a3.Add(b3))
		pz = unsafe.Add(pz, 64)
	}
}

func accumulate(g, x, k []float32) {
	if len(k) == 0 {
		return
	}
	pk, px := unsafe.Pointer(&k[0]), unsafe.Pointer(unsafe.SliceData(x))
	for range len(k) / Panel {
		k0, k1, k2, k3 := load(pk, 0), load(pk, 16), load(pk, 32), load(pk, 48)
		pg := unsafe.Pointer(unsafe.SliceData(g))
		for j := len(g); j > 0; j -= 4 * Lanes {
			store(pg, 0, load(pg, 0).Add(k0.Mul(load(px, 0)).Add(k1.Mul(load(px, 16)))).Add(k2.Mul(load(px, 32)).Add(k3.Mul(load(px, 48)))))
			store(pg, 16, load(pg, 16).Add(k0.Mul(load(px, 64)).Add(k1.Mul(load(px, 80)))).Add(k2.Mul(load(px, 96)).Add(k3.Mul(load(px, 112)))))
			store(pg, 32, load(pg, 32).Add(k0.Mul(load(px, 128)).Add(k1.Mul(load(px, 144)))).Add(k2.Mul(load(px, 160)).Add(k3.Mul(load(px, 176)))))
			store(pg, 48, load(pg, 48).Add(k0.Mul(load(px, 192)).Add(k1.Mul(load(px, 208)))).Add(k2.Mul(load(px, 224)).Add(k3.Mul(load(px, 240)))))
			pg, px = unsafe.Add(pg, 64), unsafe.Add(px, 256)
		}
		pk = unsafe.Add(pk, 64)
	}
}

func accumulateScores(g, x, k, z, next, w []float32, bias float32) {
	if len(k) == 0 {
		return
	}
	pk, px := unsafe.Pointer(&k[0]), unsafe.Pointer(unsafe.SliceData(x))
	pz, pn := unsafe.Pointer(&z[0]), unsafe.Pointer(unsafe.SliceData(next))
	for range len(k) / Panel {
		k0, k1, k2, k3 := load(pk, 0), load(pk, 16), load(pk, 32), load(pk, 48)
		a0 := splat(bias)
		a1, a2, a3 := a0, a0, a0
		pg, pw := unsafe.Pointer(unsafe.SliceData(g)), unsafe.Pointer(unsafe.SliceData(w))
		for j := len(w); j > 0; j -= 2 {
			w0, w1 := splatAt(pw, 0), splatAt(pw, 4)
			a0 = a0.Add(w0.Mul(load(pn, 0))).Add(w1.Mul(load(pn, 64)))
			a1 = a1.Add(w0.Mul(load(pn, 16))).Add(w1.Mul(load(pn, 80)))
			a2 = a2.Add(w0.Mul(load(pn, 32))).Add(w1.Mul(load(pn, 96)))
			a3 = a3.Add(w0.Mul(load(pn, 48))).Add(w1.Mul(load(pn, 112)))
			store(pg, 0, load(pg, 0).Add(k0.Mul(load(px, 0)).Add(k1.Mul(load(px, 16)))).Add(k2.Mul(load(px, 32)).Add(k3.Mul(load(px, 48)))))
			store(pg, 16, load(pg, 16).Add(k0.Mul(load(px, 64)).Add(k1.Mul(load(px, 80)))).Add(k2.Mul(load(px, 96)).Add(k3.Mul(load(px, 112)))))
			pg, px, pn, pw = unsafe.Add(pg, 32), unsafe.Add(px, 128), unsafe.Add(pn, 128), unsafe.Add(pw, 8)
		}
		store(pz, 0, a0)
		store(pz, 16, a1)
		store(pz, 32, a2)
		store(pz, 48, a3)
		pk, pz = unsafe.Add(pk, 64), unsafe.Add(pz, 64)
	}
}
