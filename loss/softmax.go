package loss

import (
	"math"

	"github.com/focalfit/focalfit/internal/kernel"
)

// Softmax is the focal loss of K logits, one for each class, with
// p = softmax(z), and γ and weight those of the true class. It is the binary
// loss of the margin m = z_t − log Σ_{j≠t} exp(z_j), so that with r the softmax
// over the other classes and v = e_t − r
//
//	∇L  = α_t·f′(m)·v
//	∇²L = α_t·[f″(m)·v·vᵀ − f′(m)·(diag r − r·rᵀ)]
//
// A target that is a distribution y over the classes has the expected loss
// Σ_t y_t·L(z, t).
type Softmax struct {
	Classes []Class

	// Epsilon is that of the Poly-1 loss, Smoothing s that of the targets,
	// (1−s)·y + s/K: see [Binary].
	Epsilon, Smoothing float64
}

// Validate returns an [Error] if a parameter is out of its range.
func (l Softmax) Validate() error {
	if len(l.Classes) < 2 {
		return BadParameter("classes", "a softmax needs at least two classes")
	}
	return validate(l.Classes, l.Epsilon, l.Smoothing)
}

// Point returns the loss of logits z at class t, smoothed. gradient (K) and
// hessian (K × K) are overwritten where they are not nil. Logits are finite.
func (l Softmax) Point(z []float64, t int, gradient, hessian []float64) float64 {
	clear(gradient)
	clear(hessian)
	value, rest := 0.0, make([]float64, len(z))
	for c := range l.Classes {
		if y := l.share(c == t); y > 0 {
			value += l.add(z, c, y, gradient, hessian, rest)
		}
	}
	return value
}

// share is what a label counts for its own class, and for each other.
func (l Softmax) share(own bool) float64 {
	y := l.Smoothing / float64(len(l.Classes))
	if own {
		y += 1 - l.Smoothing
	}
	return y
}

// add adds weight times the loss at class t; rest is scratch of length K.
func (l Softmax) add(z []float64, t int, weight float64, gradient, hessian, rest []float64) float64 {
	f, f1, f2 := kernel.PolyMargin(kernel.SoftmaxMargin(rest, z, t), l.Classes[t].Gamma, l.Epsilon)
	a := weight * l.Classes[t].Weight
	k := len(z)
	v := func(i int) float64 {
		if i == t {
			return 1
		}
		return -rest[i]
	}
	for i := range gradient {
		gradient[i] += a * f1 * v(i)
	}
	for i := range len(hessian) / k {
		for j := range k {
			h := f2*v(i)*v(j) + f1*rest[i]*rest[j]
			if i == j {
				h -= f1 * rest[i]
			}
			hessian[i*k+j] += a * h
		}
	}
	return a * f
}

// Evaluate returns the reduced loss of b, filling b.Value (one number per row),
// b.Gradient (K per row) and b.Curvature (K × K per row) where they are not
// nil. The derivatives are those of the reduced loss, of the sum for [None].
func (l Softmax) Evaluate(b *Batch) (float64, error) {
	if err := l.Validate(); err != nil {
		return 0, err
	}
	k := len(l.Classes)
	if b.Columns != 0 && b.Columns != k {
		return 0, Bad(ShapeMismatch, "there must be as many columns as classes")
	}
	full := *b
	full.Columns = k
	b = &full
	rows := len(b.Logits) / k
	if err := b.check(rows, rows*k*k); err != nil {
		return 0, err
	}
	if err := b.checkTargets(rows, k); err != nil {
		return 0, err
	}
	sum, weight := 0.0, 0.0
	rest, target := make([]float64, k), make([]float64, k)
	for i := range rows {
		gradient, hessian := slice(b.Gradient, i, k), slice(b.Curvature, i, k*k)
		clear(gradient)
		clear(hessian)
		value := 0.0
		if !b.ignored(i) {
			s := b.weight(i)
			b.target(target, i, l.Smoothing)
			for t, y := range target {
				if y > 0 {
					value += l.add(b.Logits[i*k:][:k], t, s*y, gradient, hessian, rest)
				}
			}
			weight += s
		}
		set(b.Value, i, value)
		sum += value
	}
	return b.reduce(sum, weight), nil
}

// checkTargets checks labels or distributions over k classes.
func (b *Batch) checkTargets(rows, k int) error {
	if b.Labels != nil {
		if len(b.Labels) != rows {
			return Bad(ShapeMismatch, "there must be as many labels as rows")
		}
		for i, t := range b.Labels {
			if !b.ignored(i) && (t < 0 || t >= k) {
				return BadAt(BadInput, i, -1, "a label must be a class index from 0 to the number of classes less one")
			}
		}
		return nil
	}
	if len(b.Targets) != rows*k {
		return Bad(ShapeMismatch, "there must be one label per row, or one probability per row and class")
	}
	for i := range rows {
		if b.ignored(i) {
			continue
		}
		total := 0.0
		for j, y := range b.Targets[i*k:][:k] {
			if !(y >= 0 && y <= 1) {
				return BadAt(BadInput, i, j, "a target must be between 0 and 1")
			}
			total += y
		}
		if math.Abs(total-1) > 1e-6 {
			return BadAt(BadInput, i, -1, "the target probabilities of a row must add up to 1")
		}
	}
	return nil
}

// target writes the smoothed distribution of row i.
func (b *Batch) target(dst []float64, i int, smoothing float64) {
	k := len(dst)
	for t := range dst {
		y := 0.0
		if b.Labels == nil {
			y = b.Targets[i*k+t]
		} else if b.Labels[i] == t {
			y = 1
		}
		dst[t] = (1-smoothing)*y + smoothing/float64(k)
	}
}

func slice(s []float64, i, n int) []float64 {
	if s == nil {
		return nil
	}
	return s[i*n:][:n]
}

// Block evaluates the loss of a block of float32 logits for training, replaces
// them by their gradient and returns the weighted sum of the losses.
//
// z lies class after class: z[k·n+i] is the logit of class k in row i of n.
// c[i] ≥ 0 is what row i counts, sample weight times class weight. gamma holds
// the γ of each class (see [Softmax.Gammas]). Logits are finite, labels in
// range; a length that does not fit panics.
func (l Softmax) Block(z []float32, label []int32, c, gamma []float32) (sum float64) {
	if l.Smoothing == 0 {
		return kernel.FocalSoftmax(z, label, c, gamma, float32(l.Epsilon))
	}
	logits, gradient := append([]float32(nil), z...), make([]float32, len(z))
	l.eachLabel(label, c, func(label []int32, c []float32) {
		copy(z, logits)
		sum += kernel.FocalSoftmax(z, label, c, gamma, float32(l.Epsilon))
		for i, g := range z {
			gradient[i] += g
		}
	})
	copy(z, gradient)
	return sum
}

// HessBlock replaces a direction u in the logits z of a block by its product
// with the Hessian of each row's weighted loss, K × K (see [Softmax.Point]). u
// lies as z does; the other arguments are those of [Softmax.Block].
func (l Softmax) HessBlock(z, u []float32, label []int32, c, gamma []float32) {
	product := make([]float32, len(u))
	if l.Smoothing == 0 {
		kernel.SoftmaxProduct(product, z, u, label, c, gamma, float32(l.Epsilon))
	} else {
		l.eachLabel(label, c, func(label []int32, c []float32) {
			kernel.SoftmaxProduct(product, z, u, label, c, gamma, float32(l.Epsilon))
		})
	}
	copy(u, product)
}

// eachLabel calls f for every class in place of the labels, with what a row
// then counts.
func (l Softmax) eachLabel(label []int32, c []float32, f func(label []int32, c []float32)) {
	all, weight := make([]int32, len(label)), make([]float32, len(label))
	for t, class := range l.Classes {
		for i, own := range label {
			all[i] = int32(t)
			weight[i] = float32(float64(c[i]) / l.Classes[own].Weight * class.Weight * l.share(int(own) == t))
		}
		f(all, weight)
	}
}

// Gammas returns the focusing parameters in the form of [Softmax.Block].
func (l Softmax) Gammas() []float32 {
	gammas := make([]float32, len(l.Classes))
	for i, c := range l.Classes {
		gammas[i] = narrow(c.Gamma)
	}
	return gammas
}
