package optimize

import "math"

// FTRL learns weights from a stream of gradients, one at a time: follow the
// regularised leader, proximal, with a learning rate for each coordinate,
//
//	w_t+1 = argmin_w Σ_s≤t g_s·w + ½·Σ_s≤t σ_s·‖w − w_s‖² + λ₁·‖w‖₁ + (λ₂/2)·‖w‖²
//
// where Σσ = (β + √Σg²)/α. With λ₁ > 0 weights are exactly 0 until there is
// evidence. Z and N are its whole state: saved and restored they continue as
// if nothing had been.
//
// Source: McMahan et al., "Ad Click Prediction: a View from the Trenches", KDD
// 2013, algorithm 1.
type FTRL struct {
	// Alpha > 0 and Beta ≥ 0 set the learning rate α/(β + √Σg²), L1 ≥ 0 and
	// L2 ≥ 0 the penalties. They may be changed between updates.
	Alpha, Beta, L1, L2 float64

	// Z is Σ(g − σ·w), N is Σg², both one number for each coordinate.
	Z, N []float64
}

// Weight returns w_i.
func (f *FTRL) Weight(i int) float64 { return f.weight(i, f.L1, f.L2) }

// FreeWeight returns w_i of a coordinate that is not penalised.
func (f *FTRL) FreeWeight(i int) float64 { return f.weight(i, 0, 0) }

func (f *FTRL) weight(i int, l1, l2 float64) float64 {
	z := f.Z[i]
	if math.Abs(z) <= l1 {
		return 0
	}
	return -(z - math.Copysign(l1, z)) / ((f.Beta+math.Sqrt(f.N[i]))/f.Alpha + l2)
}

// Update learns the gradient g of coordinate i at its weight w.
func (f *FTRL) Update(i int, g, w float64) {
	n := f.N[i] + g*g
	f.Z[i] += g - (math.Sqrt(n)-math.Sqrt(f.N[i]))/f.Alpha*w
	f.N[i] = n
}
