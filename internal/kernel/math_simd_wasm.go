//go:build goexperiment.simd && wasm

package kernel

import "simd/archsimd"

// The coefficients below are minimax fits of relative error. The bounds are
// those of the whole function in float32, held by TestVectorMath.

// exp4 returns eˣ for x ≤ 88, within 1.2e-7 relative; below −87.3 it stays at
// e^−87.3 ≈ 1.2e-38.
//
// With n the integer nearest x/ln 2 and r = x − n·ln 2, |r| ≤ 0.347, it is
// 2ⁿ·(1 + r + r²·P(r)). ln 2 is taken off in two parts, the first of which has
// few enough bits that n times it is exact.
func exp4(x v4) v4 {
	x = x.Max(splat(-87.3))
	n := x.Mul(splat(1.44269504)).Round()
	r := x.Sub(n.Mul(splat(0.693359375))).Sub(n.Mul(splat(-2.12194440e-4)))
	p := splat(0.0013814539).Mul(r).Add(splat(0.008368745))
	p = p.Mul(r).Add(splat(0.04166839))
	p = p.Mul(r).Add(splat(0.16666521))
	p = p.Mul(r).Add(splat(0.49999994))
	p = p.Mul(r.Mul(r)).Add(r).Add(splat(1))
	scale := n.ConvertToInt32().Add(archsimd.BroadcastInt32x4(127)).ShiftAllLeft(23)
	return p.Mul(scale.ToBits().BitsToFloat32())
}

// log1pUnit4 returns log(1+x) for x in [0, 1], within 2.4e-7 relative.
//
// It is 2·atanh(s), s = x/(2+x) ≤ 1/3, as s times a polynomial in s².
func log1pUnit4(x v4) v4 {
	s := x.Div(x.Add(splat(2)))
	t := s.Mul(s)
	p := splat(0.28178334).Mul(t).Add(splat(0.279606))
	p = p.Mul(t).Add(splat(0.4002491))
	p = p.Mul(t).Add(splat(0.66666317))
	p = p.Mul(t).Add(splat(2))
	return p.Mul(s)
}

// log1p4 returns log(1+x) for x in [0, 1e38], within 3e-7 relative.
//
// With 1+x = 2ᵏ·(1+f) it is k·ln 2 + log(1+f); where k is 0, f is x itself, so
// that a small x keeps all its digits.
func log1p4(x v4) v4 {
	bits := x.Add(splat(1)).ToBits().BitsToInt32()
	k := bits.ShiftAllRight(23).Sub(archsimd.BroadcastInt32x4(127))
	f := bits.And(archsimd.BroadcastInt32x4(0x007fffff)).Or(archsimd.BroadcastInt32x4(0x3f800000)).ToBits().BitsToFloat32().Sub(splat(1))
	f = x.IfElse(k.Equal(archsimd.BroadcastInt32x4(0)), f)
	return log1pUnit4(f).Add(k.ConvertToFloat32().Mul(splat(0.69314718)))
}
