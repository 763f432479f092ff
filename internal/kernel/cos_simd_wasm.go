//go:build goexperiment.simd && wasm

package kernel

import (
	"unsafe"
)

func cos(x []float32) {
	n := len(x) &^ 3
	if n > 0 {
		p := unsafe.Pointer(&x[0])
		for i := uintptr(0); i < 4*uintptr(n); i += 16 {
			store(p, i, cos4(load(p, i)))
		}
	}
	cosReference(x[n:])
}

// cos4 returns cos x for |x| ≤ 1e4.
//
// With n the integer nearest x/π and r = x − n·π, |r| ≤ π/2, it is (−1)ⁿ·cos r.
// π is taken off in three parts, the first two of which have few enough bits
// that n times them is exact; cos r is its Taylor polynomial in r² up to r¹²,
// the last term of which is below 1e-7.
func cos4(x v4) v4 {
	n := x.Mul(splat(0.318309886)).Round()
	r := x.Sub(n.Mul(splat(3.140625))).Sub(n.Mul(splat(9.6702576e-4))).Sub(n.Mul(splat(6.2771141e-7)))
	t := r.Mul(r)
	p := splat(2.0876757e-9).Mul(t).Sub(splat(2.7557319e-7))
	p = p.Mul(t).Add(splat(2.4801587e-5))
	p = p.Mul(t).Sub(splat(1.3888889e-3))
	p = p.Mul(t).Add(splat(4.1666667e-2))
	p = p.Mul(t).Sub(splat(0.5))
	p = p.Mul(t).Add(splat(1))
	odd := n.ConvertToInt32().ShiftAllLeft(31)
	return p.ToBits().Xor(odd.ToBits()).BitsToFloat32()
}
