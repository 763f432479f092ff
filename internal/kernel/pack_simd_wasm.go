//go:build goexperiment.simd && wasm

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

// pack treats four columns at a time, down the rows of a panel. Where columns
// are left the last four are done again, and only what is new counts.
func pack(panels, x, base, inverse, sum, squares []float32) {
	d := len(base)
	if d < 4 {
		packReference(panels, x, base, inverse, sum, squares)
		return
	}
	row, size, rest := uintptr(d)*4, uintptr(Panel*Stride(d))*4, d%4
	px, pp := unsafe.Pointer(unsafe.SliceData(x)), unsafe.Pointer(unsafe.SliceData(panels))
	pb, pi := unsafe.Pointer(&base[0]), unsafe.Pointer(&inverse[0])
	var sums [8]float32
	for n := len(x) / d / Panel; n > 0; n-- {
		ps, pq := unsafe.Pointer(&sum[0]), unsafe.Pointer(&squares[0])
		for j := uintptr(0); j+16 <= row; j += 16 {
			packColumns(unsafe.Add(pp, Panel*j), unsafe.Add(px, j), row, load(pb, j), load(pi, j), unsafe.Add(ps, j), unsafe.Add(pq, j))
		}
		if rest > 0 {
			j := row - 16
			clear(sums[:])
			packColumns(unsafe.Add(pp, Panel*j), unsafe.Add(px, j), row, load(pb, j), load(pi, j), unsafe.Pointer(&sums[0]), unsafe.Pointer(&sums[4]))
			for k := 4 - rest; k < 4; k++ {
				sum[d-4+k] += sums[k]
				squares[d-4+k] += sums[4+k]
			}
		}
		px, pp = unsafe.Add(px, Panel*row), unsafe.Add(pp, size)
	}
}

// packColumns packs four columns of a panel, two rows a step. Rows become
// columns by halves of 64 bits, for archsimd has no shuffle on wasm: against
// storing lane by lane it took 0.9 of the time.
func packColumns(to, from unsafe.Pointer, row uintptr, base, inverse v4, sum, squares unsafe.Pointer) {
	s, q := load(sum, 0), load(squares, 0)
	low := archsimd.BroadcastUint64x2(1<<32 - 1)
	for range Panel / 2 {
		a, b := load(from, 0).Sub(base).Mul(inverse), load(from, row).Sub(base).Mul(inverse)
		s = s.Add(a.Add(b))
		q = q.Add(a.Mul(a).Add(b.Mul(b)))
		v, w := a.ToBits().ReshapeToUint64s(), b.ToBits().ReshapeToUint64s()
		even, odd := v.And(low).Or(w.ShiftAllLeft(32)), v.ShiftAllRight(32).Or(w.AndNot(low))
		*(*uint64)(to) = even.GetElem(0)
		*(*uint64)(unsafe.Add(to, 4*Panel)) = odd.GetElem(0)
		*(*uint64)(unsafe.Add(to, 8*Panel)) = even.GetElem(1)
		*(*uint64)(unsafe.Add(to, 12*Panel)) = odd.GetElem(1)
		from, to = unsafe.Add(from, 2*row), unsafe.Add(to, 8)
	}
	store(sum, 0, s)
	store(squares, 0, q)
}
