//go:build goexperiment.simd && wasm

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

// focal evaluates four elements at a time. The modulating factor (1−p)^γ is a
// product of u where γ is 0, 1 or 2 for both labels, exp(−γ·sp(m)) otherwise.
func focal(z, c []float32, gammaNegative, gammaPositive float32, grad, curv []float32) (loss, gradSum float64) {
	n := len(z) &^ 3
	for start := 0; start < n; start += MaxBlock {
		end := min(start+MaxBlock, n)
		l, g := focalBlock(z[start:end], c[start:end], gammaNegative, gammaPositive, part(grad, start, end), part(curv, start, end))
		loss += float64(l)
		gradSum += float64(g)
	}
	if n < len(z) {
		l, g := focalReference(z[n:], c[n:], gammaNegative, gammaPositive, part(grad, n, len(z)), part(curv, n, len(z)))
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

func focalBlock(z, c []float32, gammaNegative, gammaPositive float32, grad, curv []float32) (loss, gradSum float32) {
	power := -1
	if gammaNegative == gammaPositive {
		switch gammaPositive {
		case 0, 1, 2:
			power = int(gammaPositive)
		}
	}
	one, zero := splat(1), splat(0)
	gn, gp := splat(gammaNegative), splat(gammaPositive)
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
		g := slope.ToBits().Xor(negative).Xor(sign).BitsToFloat32()
		gradSums = gradSums.Add(g)
		if grad != nil {
			store(unsafe.Pointer(unsafe.SliceData(grad)), i, g)
		}
		if curv != nil {
			a := gammaP.Add(gammaP).Add(p).Mul(u)
			b := gammaP.Mul(u.Sub(gammaP)).Mul(un)
			store(unsafe.Pointer(unsafe.SliceData(curv)), i, w.Mul(a.Sub(b)))
		}
	}
	return sum4(lossSum), sum4(gradSums)
}
