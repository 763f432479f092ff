package linear

import "github.com/focalfit/focalfit/loss"

// link is the loss of a block of scores.
type link interface {
	// loss takes the scores z of n rows from row from, head after head, writes
	// their gradient to k, which may be z, adds its sum over each head to
	// headSums, and returns the sum of the losses.
	loss(k, z []float32, from, n int, headSums []float64) float64

	// product replaces u, a direction in the scores z of n rows from row from,
	// by its product with the Hessian of the losses in the scores. Both are
	// head after head. curvature, n numbers, is what curve made of z.
	product(u, z, curvature []float32, from, n int)

	// curve sets curvature to what product needs to know of the scores.
	curve(curvature, z []float32, from, n int)
}

// binaryLink is the link of two classes.
type binaryLink struct {
	loss.Binary
	signed []float32 // as Binary.Block wants them, 0 for the padding
}

func (l *binaryLink) loss(k, z []float32, from, n int, headSums []float64) float64 {
	sum, gradSum := l.Block(z, l.signed[from:from+n], k, nil)
	headSums[0] += gradSum
	return sum
}

func (l *binaryLink) curve(curvature, z []float32, from, n int) {
	l.Block(z, l.signed[from:from+n], nil, curvature)
}

func (l *binaryLink) product(u, _, curvature []float32, _, _ int) {
	for i, c := range curvature {
		u[i] *= c
	}
}

// softmaxLink is the link of more classes.
type softmaxLink struct {
	loss.Softmax
	labels []int32
	weight []float32 // 0 for the padding
	gamma  []float32
}

func (l *softmaxLink) loss(k, z []float32, from, n int, headSums []float64) float64 {
	copy(k, z)
	sum := l.Block(k, l.labels[from:from+n], l.weight[from:from+n], l.gamma)
	for h := range headSums {
		s := float32(0)
		for _, g := range k[h*n:][:n] {
			s += g
		}
		headSums[h] += float64(s)
	}
	return sum
}

func (l *softmaxLink) curve(_, _ []float32, _, _ int) {}

func (l *softmaxLink) product(u, z, _ []float32, from, n int) {
	l.HessBlock(z, u, l.labels[from:from+n], l.weight[from:from+n], l.gamma)
}
