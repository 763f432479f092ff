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
// slope and curv, both nil or both of length n, receive c·f′(m) and c·f″(m):
// with r the softmax over the other classes, which is the gradient off the
// label divided by −slope, they determine the row's whole Hessian (see
// [SoftmaxMargin]).
func FocalSoftmax(z []float32, label []int32, c, gamma, slope, curv []float32) (loss float64) {
	check(len(z) == len(label)*len(gamma), "FocalSoftmax: as many logits as rows times classes")
	check(len(c) == len(label), "FocalSoftmax: as many weights as labels")
	check((slope == nil) == (curv == nil), "FocalSoftmax: slope and curv come together")
	check(slope == nil || len(slope) == len(label) && len(curv) == len(label), "FocalSoftmax: slope or curv has the wrong length")
	return focalSoftmax(z, label, c, gamma, slope, curv)
}

// focalSoftmaxReference treats rows from to len(label).
func focalSoftmaxReference(z []float32, label []int32, c, gamma, slope, curv []float32, from int) (loss float64) {
	n, classes := len(label), len(gamma)
	row, rest := make([]float64, classes), make([]float64, classes)
	for i := from; i < n; i++ {
		t, weight := int(label[i]), float64(c[i])
		for k := range row {
			row[k] = float64(z[k*n+i])
		}
		f, f1, f2 := FocalMargin(SoftmaxMargin(rest, row, t), float64(gamma[t]))
		loss += weight * f
		rest[t] = -1
		for k, r := range rest {
			z[k*n+i] = float32(-weight * f1 * r)
		}
		if slope != nil {
			slope[i], curv[i] = float32(weight*f1), float32(weight*f2)
		}
	}
	return loss
}
