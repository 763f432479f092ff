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

// PolyMargin returns the Poly-1 focal loss f(m) + ε·(1−p)^(γ+1) of a margin m,
// with its first and second derivative in m. With u = 1 − p and g = (1−p)^(γ+1)
// the second term has the derivatives −ε·(γ+1)·p·g and
// ε·(γ+1)·p·g·((γ+1)·p − u).
//
// Source: Leng et al., "PolyLoss: A Polynomial Expansion Perspective of
// Classification Loss Functions", ICLR 2022, equation 8.
func PolyMargin(m, gamma, epsilon float64) (f, f1, f2 float64) {
	f, f1, f2 = FocalMargin(m, gamma)
	if epsilon == 0 {
		return f, f1, f2
	}
	e := math.Exp(-math.Abs(m))
	p, u, up := 1/(1+e), e/(1+e), m+math.Log1p(e)
	if m < 0 {
		p, u, up = u, p, up-m
	}
	g := epsilon * math.Exp(-(gamma+1)*up)
	if g == 0 {
		return f, f1, f2
	}
	gp := (gamma + 1) * p
	return f + g, f1 - gp*g, f2 + gp*g*(gp-u)
}

// Clipped returns the asymmetric loss of a negative, −q^γ·log(1−q) with
// q = max(σ(z) − clip, 0), with its first and second derivative in the logit z.
// With v = σ(z)·σ(−z) they are ℓ′·v and ℓ″·v² + ℓ′·v·(1 − 2σ(z)), where
//
//	ℓ′ = q^γ·[−γ·log(1−q)/q + 1/(1−q)]
//	ℓ″ = q^γ·[−γ·(γ−1)·log(1−q)/q² + 2·γ/(q·(1−q)) + 1/(1−q)²]
//
// At q = 0 all three are 0, as they are to its left.
//
// Source: Ridnik et al., "Asymmetric Loss for Multi-Label Classification",
// ICCV 2021, equations 5 to 7.
func Clipped(z, gamma, clip float64) (f, f1, f2 float64) {
	e := math.Exp(-math.Abs(z))
	p, u := 1/(1+e), e/(1+e)
	if z < 0 {
		p, u = u, p
	}
	q, rest := p-clip, u+clip
	if q <= 1e-150 {
		return 0, 0, 0
	}
	l := -math.Log1p(-q)
	if q > 0.5 {
		l = -math.Log(rest)
	}
	w := math.Exp(gamma * math.Log(q))
	d1 := w * (gamma*l/q + 1/rest)
	d2 := w * (gamma*(gamma-1)*(l/q)/q + 2*gamma/(q*rest) + 1/(rest*rest))
	v := p * u
	return w * l, d1 * v, d2*v*v + d1*v*(u-p)
}

// Terms are the parameters of a binary loss. Clip > 0 makes it the asymmetric
// one, Epsilon ≠ 0 the Poly-1 one; not both.
type Terms struct {
	GammaNegative, GammaPositive, Epsilon, Clip float32
}

// Focal evaluates a binary loss of a batch of logits and returns its weighted
// sum and the sum of the gradient.
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
func Focal(z, c []float32, t Terms, grad, curv []float32) (loss, gradSum float64) {
	check(len(c) == len(z), "Focal: as many weights as logits")
	check(grad == nil || len(grad) == len(z), "Focal: grad has the wrong length")
	check(curv == nil || len(curv) == len(z), "Focal: curv has the wrong length")
	return focal(z, c, t, grad, curv)
}

func focalReference(z, c []float32, t Terms, grad, curv []float32) (loss, gradSum float64) {
	for i, ci := range c {
		m, gamma, weight, sign := float64(z[i]), t.GammaPositive, float64(ci), 1.0
		if math.Signbit(weight) {
			m, gamma, weight, sign = -m, t.GammaNegative, -weight, -1
		}
		var f, f1, f2 float64
		if sign < 0 && t.Clip > 0 {
			f, f1, f2 = Clipped(float64(z[i]), float64(gamma), float64(t.Clip))
			f1 = -f1
		} else {
			f, f1, f2 = PolyMargin(m, float64(gamma), float64(t.Epsilon))
		}
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
