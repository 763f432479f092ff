package kernel

import "math"

// SoftmaxMargin splits logits z at class t into the margin
// m = z_t − log Σ_{j≠t} exp(z_j), returned, and the softmax over the other
// classes r, written to rest with rest[t] = 0. The softmax focal loss of class
// t is [FocalMargin] of m; its gradient in z is f′·v with v = e_t − r and its
// Hessian f″·vvᵀ − f′·(diag r − rrᵀ).
func SoftmaxMargin(rest, z []float64, t int) float64 {
	top := math.Inf(-1)
	for j, v := range z {
		if j != t {
			top = max(top, v)
		}
	}
	total := 0.0
	for j, v := range z {
		rest[j] = 0
		if j != t {
			rest[j] = math.Exp(v - top)
			total += rest[j]
		}
	}
	for j := range rest {
		rest[j] /= total
	}
	return (z[t] - top) - math.Log(total)
}

// FocalSoftmax evaluates the softmax focal loss of a block of rows, replaces
// the logits by their gradient and returns the weighted sum of the losses.
//
// z holds the logits class by class, z[k·n+i] that of class k in row i, for
// n = len(label) rows and len(gamma) classes. label[i] is the class of row i,
// c[i] ≥ 0 what its loss counts, gamma[k] the focusing parameter of class k.
//
// epsilon is the coefficient of the Poly-1 loss, 0 for none.
func FocalSoftmax(z []float32, label []int32, c, gamma []float32, epsilon float32) (loss float64) {
	check(len(z) == len(label)*len(gamma), "FocalSoftmax: as many logits as rows times classes")
	check(len(c) == len(label), "FocalSoftmax: as many weights as labels")
	return focalSoftmax(z, label, c, gamma, epsilon)
}

// focalSoftmaxReference treats rows from to len(label).
func focalSoftmaxReference(z []float32, label []int32, c, gamma []float32, epsilon float32, from int) (loss float64) {
	n, classes := len(label), len(gamma)
	row, rest := make([]float64, classes), make([]float64, classes)
	for i := from; i < n; i++ {
		t, weight := int(label[i]), float64(c[i])
		for k := range row {
			row[k] = float64(z[k*n+i])
		}
		f, f1, _ := PolyMargin(SoftmaxMargin(rest, row, t), float64(gamma[t]), float64(epsilon))
		loss += weight * f
		rest[t] = -1
		for k, r := range rest {
			z[k*n+i] = float32(-weight * f1 * r)
		}
	}
	return loss
}

// SoftmaxProduct adds to out the product of the Hessian of each row's loss, as
// [FocalSoftmax] weighs it, with a direction u in its logits z:
//
//	c·[f″·v·(v·u) − f′·(r∘u − r·(r·u))],  v = e_t − r
//
// z, u and out lie class after class.
func SoftmaxProduct(out, z, u []float32, label []int32, c, gamma []float32, epsilon float32) {
	check(len(z) == len(label)*len(gamma) && len(u) == len(z) && len(out) == len(z), "SoftmaxProduct: as many logits as rows times classes")
	check(len(c) == len(label), "SoftmaxProduct: as many weights as labels")
	n, classes := len(label), len(gamma)
	row, rest := make([]float64, classes), make([]float64, classes)
	for i, t := range label {
		if c[i] == 0 {
			continue
		}
		ru := 0.0
		for k := range row {
			row[k] = float64(z[k*n+i])
		}
		_, f1, f2 := PolyMargin(SoftmaxMargin(rest, row, int(t)), float64(gamma[t]), float64(epsilon))
		f1, f2 = f1*float64(c[i]), f2*float64(c[i])
		for k, r := range rest {
			ru += r * float64(u[k*n+i])
		}
		vu := float64(u[int(t)*n+i]) - ru
		for k, r := range rest {
			h := -r * (f2*vu + f1*(float64(u[k*n+i])-ru))
			if k == int(t) {
				h = f2 * vu
			}
			out[k*n+i] += float32(h)
		}
	}
}
