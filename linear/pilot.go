package linear

import (
	"math"

	"github.com/focalfit/focalfit/internal/kernel"
	"github.com/focalfit/focalfit/optimize"
)

// pilot is a fit to a part of the rows ahead of the one to all of them. It ends
// near where that will, for a fraction of a pass each time, and the Hessian there
// is about that of all rows: with both, L-BFGS needs a few passes over all.
//
// Source: Byrd, Chin, Neveitt, Nocedal, "On the Use of Stochastic Hessian
// Information in Optimization Methods for Machine Learning", 2011.
type pilot struct {
	x       []float64
	inverse func(v []float64)
	passes  float64 // over all rows, as parts of one
}

const (
	pilotRows    = 2048 // at least
	pilotPer     = 64   // rows for each variable, at least
	pilotPart    = 32   // of all rows one in so many, at least
	pilotShare   = 3    // all rows are so many times as many, at least
	pilotColumns = 128  // at most, for what the Hessian takes: as long as a quarter of so many passes over the part
)

// newPilot returns nil where a pilot does not pay.
func newPilot(b *objective, p *problem, o Options, tolerance float64) (*pilot, error) {
	all, dense := b.x.(*Matrix)
	size := max(pilotRows, pilotPer*b.dim(), b.x.Rows()/pilotPart)
	if !dense || b.heads > 1 || b.columns > pilotColumns || all.rows < pilotShare*size {
		return nil, nil
	}
	rows, y, weight := p.stratified(size)
	x, err := all.gather(b.ctx, rows)
	if err != nil {
		return nil, err
	}
	o.Classes, o.Weighting, o.SampleWeight, o.Start, o.Held = p.classes, Given, weight, nil, nil
	part, err := newProblem(x, y, o)
	if err != nil {
		return nil, nil // the part may have no row of a class that counts
	}
	f := newObjective(b.ctx, x, 1, part.link(), part.total, o)
	start := make([]float64, f.dim())
	f.start(start, part, nil)
	result, err := new(optimize.LBFGS).Minimize(b.ctx, f, start, optimize.Settings{Tolerance: tolerance, Noise: noise, Norm: f.gradientNorm})
	if err != nil {
		return nil, err
	}
	inverse, err := f.inverseHessian(result.X)
	if err != nil {
		return nil, err
	}
	passes := float64(result.Evaluations) + 1 + float64(b.columns)/4 // by the time that the Hessian takes
	return &pilot{x: result.X, inverse: inverse, passes: passes * float64(len(rows)) / float64(all.rows)}, nil
}

// stratified draws about size rows, of each class as many as its share of the
// loss asks for, and weights by which they stand for all.
func (p *problem) stratified(size int) (rows, y []int32, weight []float64) {
	total := 0.0
	for c, share := range p.shares {
		total += share * p.classes[c].Weight
	}
	limit, picked := make([]uint32, len(p.shares)), make([]float64, len(p.shares))
	for c, n := range p.counts {
		take := max(float64(size)*p.shares[c]*p.classes[c].Weight/total, float64(size/8))
		limit[c] = uint32(min(take/float64(n), 1) * math.MaxUint32)
	}
	for i, c := range p.y {
		// Multiples of the golden ratio less their whole part: evenly spread over
		// the rows, and over those of any period.
		if c == Unknown || uint32(i)*0x9e3779b9 > limit[c] {
			continue
		}
		if w := p.weight(i); w > 0 {
			rows, y, weight = append(rows, int32(i)), append(y, c), append(weight, w)
			picked[c] += w
		}
	}
	for n, c := range y {
		weight[n] *= p.shares[c] / picked[c]
	}
	return rows, y, weight
}

// inverseHessian returns the product with the inverse of the Hessian at x, the
// curvature of a loss that is not convex there taken for 0.
func (b *objective) inverseHessian(x []float64) (func(v []float64), error) {
	scores, err := b.scoresAt(x)
	if err != nil {
		return nil, err
	}
	d := b.columns
	stride := kernel.Stride(d)
	products, sums := make([]float32, kernel.Lanes*d*(d+1)/2), make([]float32, kernel.Lanes*stride)
	curvature, total := make([]float32, kernel.MaxBlock), 0.0
	data := b.x.(*Matrix).data
	err = b.blocks(func(from, n int) {
		c, rows := curvature[:n], data[from*stride:][:n*stride]
		b.curve(c, scores[from:][:n], from, n)
		for i, v := range c {
			c[i] = max(v, 0)
			total += float64(c[i])
		}
		kernel.Gram(products, rows, c, d)
		kernel.Accumulate(sums, rows, c)
	})
	if err != nil {
		return nil, err
	}
	wide, each := make([]float64, d*(d+1)/2), make([]float64, stride)
	kernel.Fold(wide, products)
	kernel.Fold(each, sums)
	return optimize.NewCholesky(b.hessianOf(wide, each, total)).Solve, nil
}

// hessianOf returns the lower triangle of the Hessian, row after row, of the
// curvature's products with the stored columns, its sums over them, and its
// total.
func (b *objective) hessianOf(products, sums []float64, total float64) []float64 {
	d, n := b.columns, b.dim()
	h := make([]float64, 0, n*(n+1)/2)
	affine := func(j int) (scale, shift, sum float64) {
		if scale = 1; b.scale != nil {
			scale, shift = b.scale[j], b.shift[j]
		}
		return scale, shift, sums[j]
	}
	trace := 0.0
	for j := range d {
		sj, tj, mj := affine(j)
		for k := range j + 1 {
			sk, tk, mk := affine(k)
			g := products[j*(j+1)/2+k]
			v := (sj*(sk*g+tk*mj) + tj*(sk*mk+tk*total)) / b.total
			if j == k {
				r := b.weightOf(j)
				v += b.l2 * r * r
				trace += v
			}
			h = append(h, v)
		}
	}
	if b.intercept {
		for j := range d {
			s, t, m := affine(j)
			h = append(h, (s*m+t*total)/b.total)
		}
		h = append(h, total/b.total)
	}
	// What has no curvature at all is taken for nearly flat.
	for j := range n {
		h[j*(j+1)/2+j] += 1e-7*trace/float64(d) + math.SmallestNonzeroFloat32
	}
	return h
}
