//go:build goexperiment.simd && wasm

package kernel

import (
	"simd/archsimd"
	"unsafe"
)

// focalSoftmax treats four rows at a time, one in each lane.
func focalSoftmax(z []float32, label []int32, c, gamma []float32, epsilon float32) (loss float64) {
	rows, classes := len(label), len(gamma)
	n := rows &^ 3
	uniform := true
	for _, g := range gamma {
		uniform = uniform && g == gamma[0]
	}
	power := -1
	if uniform && (gamma[0] == 0 || gamma[0] == 1 || gamma[0] == 2) {
		power = int(gamma[0])
	}
	one, zero, tiny := splat(1), splat(0), splat(1e-37)
	step := uintptr(rows) * 4
	for i := 0; i < n; i += 4 {
		column := unsafe.Pointer(&z[i])
		labels := archsimd.LoadInt32x4Array((*[4]int32)(label[i:]))
		weight := archsimd.LoadFloat32x4Array((*[4]float32)(c[i:]))

		top := load(column, 0)
		own, g := zero, splat(gamma[0])
		p := column
		for k := range classes {
			zk := load(p, 0)
			top = top.Max(zk)
			mine := labels.Equal(archsimd.BroadcastInt32x4(int32(k)))
			own = zk.IfElse(mine, own)
			if !uniform {
				g = splat(gamma[k]).IfElse(mine, g)
			}
			p = unsafe.Add(p, step)
		}
		// e_k = exp(z_k − top) in place of z_k; others = Σ_{k≠t} e_k.
		others, et := zero, zero
		p = column
		for k := range classes {
			e := exp4(load(p, 0).Sub(top))
			store(p, 0, e)
			mine := labels.Equal(archsimd.BroadcastInt32x4(int32(k)))
			et = e.IfElse(mine, et)
			others = others.Add(zero.IfElse(mine, e))
			p = unsafe.Add(p, step)
		}
		others = others.Max(tiny)
		inv := one.Div(others.Add(et))
		prob, u := et.Mul(inv), others.Mul(inv)
		// −log p_t = (top − z_t) + log(et + others). Where class t is the top,
		// et is 1 and the logarithm that of 1 + others, to all its digits.
		x := others.IfElse(own.Equal(top), others.Sub(one).Add(et).Max(zero))
		un := top.Sub(own).Add(log1p4(x))

		w := weight
		switch power {
		case 0:
		case 1:
			w = weight.Mul(u)
		case 2:
			w = weight.Mul(u.Mul(u))
		default:
			// sp(m) = −log u = log(1 + et/others)
			w = weight.Mul(exp4(g.Mul(log1p4(et.Div(others))).Neg()))
		}
		gp := g.Mul(prob)
		f1 := w.Mul(gp.Mul(un).Add(u)) // −c·f′
		value := w.Mul(un)
		if epsilon != 0 {
			extra := splat(epsilon).Mul(w).Mul(u)
			value = value.Add(extra)
			f1 = f1.Add(extra.Mul(gp.Add(prob))) // ε·(γ+1)·p·u^(γ+1)
		}
		loss += float64(sum4(value))
		scale := f1.Div(others)
		p = column
		for k := range classes {
			mine := labels.Equal(archsimd.BroadcastInt32x4(int32(k)))
			store(p, 0, f1.Neg().IfElse(mine, scale.Mul(load(p, 0))))
			p = unsafe.Add(p, step)
		}
	}
	return loss + focalSoftmaxReference(z, label, c, gamma, epsilon, n)
}
