package linear

import (
	"math"
	"slices"

	"github.com/focalfit/focalfit/internal/kernel"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// objective is J as the solver sees it: a function of one vector, which holds
// a row of scaled weights for each logit and then, if there are any, the
// logits at the mean row. Of standardised columns these are W and b. Of raw
// ones the weights are W times about the columns' deviation and the logits
// b + W·mean, because L-BFGS takes many times longer on columns of uneven scale
// far from 0. gradientNorm measures in W and b all the same.
//
// It keeps the scores of the last two points, so that a search along the line
// between them costs no pass over the matrix: scores are linear in the vector.
type objective struct {
	ctx       optimize.Interrupter
	x         *Matrix
	heads     int
	intercept bool
	raw       bool // x̃ are the columns as they are
	l2        float64
	total     float64 // Σ sᵢ

	// A variable u of column j is the weight w = u·unscale[j] of x̃, and u·scale[j]
	// that of the stored column. shift is what u adds to the bias besides.
	unscale, scale, shift []float64

	link
	points [2]point
	newest int // of points

	w32, bias, block, partial []float32
	sums                      []float64
	headSums                  []float64
}

// link is the loss of a block of scores.
type link interface {
	// loss takes the scores z of n rows from row from, head after head, writes
	// their gradient to k, which may be z, adds its sum over each head to
	// headSums, and returns the sum of the losses.
	loss(k, z []float32, from, n int, headSums []float64) float64
}

// point is a vector and its scores: those of block after block of rows, in a
// block head after head.
type point struct {
	at     []float64
	scores []float32
	known  bool
}

var _ optimize.Directional = (*objective)(nil)

func newObjective(ctx optimize.Interrupter, x *Matrix, heads int, l link, total float64, o Options) *objective {
	stride := kernel.Stride(x.columns)
	b := &objective{
		ctx: ctx, x: x, heads: heads, intercept: !o.NoIntercept, l2: o.L2, total: total, link: l,
		unscale: make([]float64, x.columns), scale: make([]float64, x.columns), shift: make([]float64, x.columns),
		w32: make([]float32, heads*stride), bias: make([]float32, heads),
		block: make([]float32, heads*kernel.MaxBlock), partial: make([]float32, heads*stride*kernel.Lanes),
		sums: make([]float64, heads*stride), headSums: make([]float64, heads),
	}
	b.raw = o.NoStandardize
	for j := range b.scale {
		b.unscale[j], b.scale[j] = 1, 1
		if !b.raw {
			continue
		}
		// The diagonal of the Hessian is about f″·x̃² + l2, f″ some tenths.
		square := x.deviation[j]*x.deviation[j] + 10*o.L2
		if !b.intercept {
			square += x.mean[j] * x.mean[j]
		}
		b.unscale[j] = 1 / math.Sqrt(square)
		b.scale[j] = x.deviation[j] * b.unscale[j]
		if !b.intercept {
			b.shift[j] = x.mean[j] * b.unscale[j]
		}
	}
	for i := range b.points {
		b.points[i] = point{at: make([]float64, b.dim()), scores: make([]float32, heads*kernel.Rows(x.rows))}
	}
	return b
}

func (b *objective) dim() int {
	n := b.heads * b.x.columns
	if b.intercept {
		n += b.heads
	}
	return n
}

// weights returns those of head h in a vector.
func (b *objective) weights(v []float64, h int) []float64 { return v[h*b.x.columns:][:b.x.columns] }

// load writes the coefficients of the stored columns for the kernels.
func (b *objective) load(v []float64) {
	stride := kernel.Stride(b.x.columns)
	for h := range b.heads {
		bias := 0.0
		if b.intercept {
			bias = v[b.heads*b.x.columns+h]
		}
		w32 := b.w32[h*stride:]
		for j, w := range b.weights(v, h) {
			w32[j] = float32(w * b.scale[j])
			bias += w * b.shift[j]
		}
		b.bias[h] = float32(bias)
	}
}

// ValueGrad implements [optimize.Function] in one pass over the matrix: block
// by block the scores, the loss and its gradient in them, and its product with
// the rows.
func (b *objective) ValueGrad(v, gradient []float64) (float64, error) {
	b.load(v)
	p := b.next(v)
	clear(b.partial)
	clear(b.sums)
	clear(b.headSums)
	stride := kernel.Stride(b.x.columns)
	sum, folded := 0.0, 0
	err := b.blocks(func(from, n int) {
		rows := b.x.data[from*stride : (from+n)*stride]
		z, k := p.scores[from*b.heads:][:b.heads*n], b.block[:b.heads*n]
		for h := range b.heads {
			kernel.Scores(z[h*n:][:n], rows, b.w32[h*stride:][:stride], b.bias[h])
		}
		sum += b.loss(k, z, from, n, b.headSums)
		for h := range b.heads {
			kernel.Accumulate(b.partial[h*stride*kernel.Lanes:][:stride*kernel.Lanes], rows, k[h*n:][:n])
		}
		if folded += n; folded >= foldRows {
			kernel.Fold(b.sums, b.partial)
			folded = 0
		}
	})
	if err != nil {
		return 0, err
	}
	kernel.Fold(b.sums, b.partial)
	p.known = true
	return sum/b.total + b.finish(v, gradient), nil
}

// gradientNorm returns ‖∇J‖∞ in W and b.
func (b *objective) gradientNorm(gradient []float64) float64 {
	norm := 0.0
	for h := range b.heads {
		bias := 0.0
		if b.intercept {
			bias = gradient[b.heads*b.x.columns+h]
			norm = max(norm, math.Abs(bias))
		}
		if !b.raw {
			bias = 0
		}
		for j, g := range b.weights(gradient, h) {
			norm = max(norm, math.Abs(g/b.unscale[j]+bias*b.x.mean[j]))
		}
	}
	return norm
}

// foldRows is after how many rows the float32 sums go into the float64 ones:
// each of a column's four then adds up at most 1024 products.
const foldRows = 4096

// finish turns the sums over the stored columns into the gradient, penalty
// included, and returns the penalty.
func (b *objective) finish(v, gradient []float64) float64 {
	stride := kernel.Stride(b.x.columns)
	penalty := 0.0
	for h := range b.heads {
		g, sums := b.weights(gradient, h), b.sums[h*stride:]
		for j, w := range b.weights(v, h) {
			r := b.unscale[j]
			g[j] = (b.scale[j]*sums[j]+b.shift[j]*b.headSums[h])/b.total + b.l2*r*r*w
			penalty += r * r * w * w
		}
		if b.intercept {
			gradient[b.heads*b.x.columns+h] = b.headSums[h] / b.total
		}
	}
	return b.l2 / 2 * penalty
}

// blocks calls f for every block of rows, the padding included, and asks now
// and then whether to go on.
func (b *objective) blocks(f func(from, n int)) error {
	stride := kernel.Stride(b.x.columns)
	rows, size := kernel.Rows(b.x.rows), kernel.BlockRows(stride)
	work := 0
	for from := 0; from < rows; from += size {
		n := min(size, rows-from)
		f(from, n)
		if work += n * (stride + 32) * b.heads; work > askEvery {
			work = 0
			if err := b.ctx.Err(); err != nil {
				return err
			}
		}
	}
	return nil
}

// askEvery is the number of products between two looks at the context: one or
// two milliseconds with SIMD. A look costs the WebAssembly engine some
// microseconds, for its clock is JavaScript's.
const askEvery = 1 << 22

// next returns the older of the two points, to be that of v.
func (b *objective) next(v []float64) *point {
	b.newest = 1 - b.newest
	p := &b.points[b.newest]
	copy(p.at, v)
	p.known = false
	return p
}

// scores returns the scores at v, in a pass over the matrix unless they are
// known, and makes them the newest.
func (b *objective) scores(v []float64) ([]float32, error) {
	for i := range b.points {
		if p := &b.points[i]; p.known && slices.Equal(p.at, v) {
			b.newest = i
			return p.scores, nil
		}
	}
	b.load(v)
	p := b.next(v)
	stride := kernel.Stride(b.x.columns)
	err := b.blocks(func(from, n int) {
		for h := range b.heads {
			kernel.Scores(p.scores[from*b.heads+h*n:][:n], b.x.data[from*stride:(from+n)*stride], b.w32[h*stride:][:stride], b.bias[h])
		}
	})
	if err != nil {
		return nil, err
	}
	p.known = true
	return p.scores, nil
}

// Along implements [optimize.Directional] on the scores alone.
func (b *objective) Along(x, y []float64) (func(t float64) (value, slope float64), error) {
	zy, err := b.scores(y)
	if err != nil {
		return nil, err
	}
	zx, err := b.scores(x) // last, so that the next evaluation replaces y's
	if err != nil {
		return nil, err
	}
	// The penalty along the line is a parabola.
	var xx, xd, dd float64
	for i, v := range x[:b.heads*b.x.columns] {
		r := b.unscale[i%b.x.columns]
		v *= r
		d := r*y[i] - v
		xx += v * v
		xd += v * d
		dd += d * d
	}
	headSums := make([]float64, b.heads)
	return func(t float64) (value, slope float64) {
		t32 := float32(t)
		_ = b.blocks(func(from, n int) {
			z, a, c := b.block[:b.heads*n], zx[from*b.heads:][:b.heads*n], zy[from*b.heads:][:b.heads*n]
			for i := range z {
				z[i] = a[i] + t32*(c[i]-a[i])
			}
			value += b.loss(z, z, from, n, headSums)
			for i := range z {
				slope += float64(z[i]) * (float64(c[i]) - float64(a[i]))
			}
		})
		value = value/b.total + b.l2/2*(xx+t*(2*xd+t*dd))
		return value, slope/b.total + b.l2*(xd+t*dd)
	}, nil
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

// softmaxLink is the link of more classes.
type softmaxLink struct {
	loss.Softmax
	labels []int32
	weight []float32 // 0 for the padding
	gamma  []float32
}

func (l *softmaxLink) loss(k, z []float32, from, n int, headSums []float64) float64 {
	copy(k, z)
	sum := l.Block(k, l.labels[from:from+n], l.weight[from:from+n], l.gamma, nil, nil)
	for h := range headSums {
		s := float32(0)
		for _, g := range k[h*n:][:n] {
			s += g
		}
		headSums[h] += float64(s)
	}
	return sum
}
