//go:build goexperiment.simd && wasm

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

// focal evaluates four elements at a time, but for the asymmetric loss. The modulating factor (1−p)^γ is a
// product of u where γ is 0, 1 or 2 for both labels, exp(−γ·sp(m)) otherwise.
func focal(z, c []float32, t Terms, grad, curv []float32) (loss, gradSum float64) {
	if t.Clip > 0 {
		return focalReference(z, c, t, grad, curv)
	}
	n := len(z) &^ 3
	for start := 0; start < n; start += MaxBlock {
		end := min(start+MaxBlock, n)
		l, g := focalBlock(z[start:end], c[start:end], t, part(grad, start, end), part(curv, start, end))
		loss += float64(l)
		gradSum += float64(g)
	}
	if n < len(z) {
		l, g := focalReference(z[n:], c[n:], t, part(grad, n, len(z)), part(curv, n, len(z)))
		loss += l
		gradSum += g
	}
	return loss, gradSum
}

func part(s []float32, start, end int) []float32 {
	if s == nil {
		return nil
	}
	return s[start:end]
}

func focalBlock(z, c []float32, t Terms, grad, curv []float32) (loss, gradSum float32) {
	power := -1
	if t.GammaNegative == t.GammaPositive {
		switch t.GammaPositive {
		case 0, 1, 2:
			power = int(t.GammaPositive)
		}
	}
	one, zero := splat(1), splat(0)
	gn, gp := splat(t.GammaNegative), splat(t.GammaPositive)
	epsilon, poly := splat(t.Epsilon), t.Epsilon != 0
	sign := archsimd.BroadcastUint32x4(1 << 31)
	var lossSum, gradSums v4
	pz, pc := unsafe.Pointer(&z[0]), unsafe.Pointer(&c[0])
	bytes := uintptr(len(z)) * 4
	for i := uintptr(0); i < bytes; i += 16 {
		ci := load(pc, i)
		negative := ci.ToBits().And(sign)
		m := load(pz, i).ToBits().Xor(negative).BitsToFloat32()
		weight := ci.Abs()
		e := exp4(m.Abs().Neg())
		l := log1pUnit4(e)
		inv := one.Div(one.Add(e))
		einv := e.Mul(inv)
		right := m.GreaterEqual(zero)
		u := einv.IfElse(right, inv)
		p := inv.IfElse(right, einv)
		un := l.Sub(m.Min(zero)) // sp(−m)

		gamma, w := gp, weight
		switch power {
		case 0:
		case 1:
			w = weight.Mul(u)
		case 2:
			w = weight.Mul(u.Mul(u))
		default:
			gamma = gp.IfElse(ci.Greater(zero), gn)
			w = weight.Mul(exp4(gamma.Mul(l.Add(m.Max(zero))).Neg()))
		}
		gammaP := gamma.Mul(p)
		lossSum = lossSum.Add(w.Mul(un))
		slope := w.Mul(gammaP.Mul(un).Add(u)) // −|c|·f′
		var extra, rate v4
		if poly {
			rate = gammaP.Add(p) // (γ+1)·p
			extra = epsilon.Mul(w).Mul(u)
			lossSum = lossSum.Add(extra)
			extra = extra.Mul(rate)
			slope = slope.Add(extra)
		}
		g := slope.ToBits().Xor(negative).Xor(sign).BitsToFloat32()
		gradSums = gradSums.Add(g)
		if grad != nil {
			store(unsafe.Pointer(unsafe.SliceData(grad)), i, g)
		}
		if curv != nil {
			a := gammaP.Add(gammaP).Add(p).Mul(u)
			b := gammaP.Mul(u.Sub(gammaP)).Mul(un)
			h := w.Mul(a.Sub(b))
			if poly {
				h = h.Add(extra.Mul(rate.Sub(u)))
			}
			store(unsafe.Pointer(unsafe.SliceData(curv)), i, h)
		}
	}
	return sum4(lossSum), sum4(gradSums)
}
