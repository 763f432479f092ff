package kernel

import "math"

// FocalMargin returns the focal loss f(m) = (1−p)^γ·(−log p), p = σ(m), of a
// margin m, with its first and second derivative in m. With sp(t) = log(1+eᵗ)
// and u = σ(−m) = 1 − p:
//
//	f  =  exp(−γ·sp(m))·sp(−m)
//	f′ = −exp(−γ·sp(m))·[γ·p·sp(−m) + u]
//	f″ =  exp(−γ·sp(m))·[(2·γp + p)·u − γp·(u − γp)·sp(−m)],  γp = γ·p
//
// Nothing here is a difference of nearly equal numbers or a quotient by a
// vanishing one, so it holds for every finite m and every finite γ ≥ 0, where
// the textbook form gives 0·∞ or 0^(γ−1).
//
// Source: Lin, Goyal, Girshick, He, Dollár, "Focal Loss for Dense Object
// Detection", 2017, equation 4; derivatives by differentiation.
func FocalMargin(m, gamma float64) (f, f1, f2 float64) {
	e := math.Exp(-math.Abs(m))
	l := math.Log1p(e)
	inv := 1 / (1 + e)
	// sp(m), sp(−m), σ(m), σ(−m), each from the side that keeps its digits.
	up, un, p, u := m+l, l, inv, e*inv
	if m < 0 {
		up, un, p, u = l, l-m, e*inv, inv
	}
	w := math.Exp(-gamma * up)
	if w == 0 {
		return 0, 0, 0
	}
	gp := gamma * p
	f = w * un
	f1 = -w * (gp*un + u)
	f2 = w * ((2*gp+p)*u - gp*(u-gp)*un)
	return f, f1, f2
}

// Focal evaluates the binary focal loss of a batch of logits and returns its
// weighted sum and the sum of the gradient.
//
// z holds the logits. c holds the signed weights: positive for label 1,
// negative for label 0, the magnitude being what the loss of that element
// counts; an element of weight 0 counts nothing. The margin is m = z for label
// 1 and m = −z for label 0, γ that of its label. For each element
//
//	loss += |c|·f(m);  grad = c·f′(m);  curv = |c|·f″(m)
//
// grad and curv may be nil; grad may be z itself. Logits are finite, at most
// 1e20 in magnitude. Within [MaxBlock] elements the sum is float32 where the
// machine gains by it, across them float64.
func Focal(z, c []float32, gammaNegative, gammaPositive float32, grad, curv []float32) (loss, gradSum float64) {
	check(len(c) == len(z), "Focal: as many weights as logits")
	check(grad == nil || len(grad) == len(z), "Focal: grad has the wrong length")
	check(curv == nil || len(curv) == len(z), "Focal: curv has the wrong length")
	return focal(z, c, gammaNegative, gammaPositive, grad, curv)
}

func focalReference(z, c []float32, gammaNegative, gammaPositive float32, grad, curv []float32) (loss, gradSum float64) {
	for i, ci := range c {
		m, gamma, weight := float64(z[i]), gammaPositive, float64(ci)
		if math.Signbit(weight) {
			m, gamma, weight = -m, gammaNegative, -weight
		}
		f, f1, f2 := FocalMargin(m, float64(gamma))
		loss += weight * f
		gradSum += float64(ci) * f1
		if grad != nil {
			grad[i] = float32(float64(ci) * f1)
		}
		if curv != nil {
			curv[i] = float32(weight * f2)
		}
	}
	return loss, gradSum
}
