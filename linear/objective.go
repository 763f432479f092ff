package linear

import (
	"math"
	"slices"

	"github.com/focalfit/focalfit/internal/kernel"
	"github.com/focalfit/focalfit/optimize"
)

// objective is J as the solver sees it: a function of one vector, which holds
// a row of scaled weights for each logit and then, if there are any, the
// logits at the origin. Of standardised columns these are W and b. Of raw ones
// the weights are W times about the columns' deviation and the logits
// b + W·origin, because L-BFGS takes many times longer on columns of uneven
// scale far from 0. gradientNorm measures in W and b all the same.
//
// It keeps the scores of the last two points, so that a search along the line
// between them costs no pass over the matrix: scores are linear in the vector.
type objective struct {
	ctx       optimize.Interrupter
	x         Data
	rows      int // with padding
	columns   int // stored
	heads     int
	intercept bool
	raw       bool // x̃ are the columns as they are
	l2        float64
	total     float64 // Σ sᵢ

	// A variable u of column j is the weight w = u·unscale[j] of x̃, and u·scale[j]
	// that of the stored column; shift is what u adds to the bias besides. Where the
	// stored columns are x̃ all three are nil, of standardised columns unscale.
	unscale, scale, shift []float64

	link
	pass
	points [2]point
	newest int // of points

	bias, block []float32
	headSums    []float64
	curvature   []float32
}

// point is a vector and its scores: those of block after block of rows, in a
// block head after head.
type point struct {
	at     []float64
	scores []float32
	known  bool
}

var _ optimize.Directional = (*objective)(nil)

func newObjective(ctx optimize.Interrupter, x Data, heads int, l link, total float64, o Options) *objective {
	n, s := x.stored(), x.scaling()
	b := &objective{
		ctx: ctx, x: x, rows: kernel.Rows(x.Rows()), columns: n, heads: heads, intercept: !o.NoIntercept, raw: o.NoStandardize,
		l2: o.L2, total: total, link: l, pass: x.newPass(heads),
		bias: make([]float32, heads), headSums: make([]float64, heads),
	}
	b.block = make([]float32, heads*b.blockRows())
	if b.raw || s.base != nil {
		b.precondition(s)
	}
	for i := range b.points {
		b.points[i] = point{at: make([]float64, b.dim()), scores: make([]float32, heads*b.rows)}
	}
	return b
}

// precondition sets the scales.
func (b *objective) precondition(s *scaler) {
	n := b.columns
	b.scale, b.shift = make([]float64, n), make([]float64, n)
	if b.raw {
		b.unscale = make([]float64, n)
	}
	for j := range n {
		origin, r := s.originOf(j), 1/s.deviation[j] // of x̃ = (x − origin)·r
		if b.raw {
			// The diagonal of the Hessian is about f″·x̃² + l2, f″ some tenths.
			square := s.deviation[j]*s.deviation[j] + 10*b.l2
			if off := s.mean[j]; !b.intercept || off != origin {
				square += off * off
			}
			if r = 1 / math.Sqrt(square); !b.intercept {
				origin = 0
			}
			b.unscale[j] = r
		}
		b.scale[j], b.shift[j] = s.unit[j]*r, (s.baseOf(j)-origin)*r
	}
}

// weightOf is what a unit of variable j is in W.
func (b *objective) weightOf(j int) float64 {
	if b.unscale == nil {
		return 1
	}
	return b.unscale[j]
}

func (b *objective) dim() int {
	n := b.heads * b.columns
	if b.intercept {
		n += b.heads
	}
	return n
}

// of returns the weights of head h in a vector.
func (b *objective) of(v []float64, h int) []float64 { return v[h*b.columns:][:b.columns] }

// load sets the coefficients of the stored columns.
func (b *objective) load(v []float64) {
	for h := range b.heads {
		bias := 0.0
		if b.intercept {
			bias = v[b.heads*b.columns+h]
		}
		w32, own := b.pass.weights(h), b.of(v, h)
		if b.scale == nil {
			for j := range w32 {
				w32[j] = float32(own[j])
			}
		} else {
			for j, u := range own {
				bias += u * b.shift[j]
				w32[j] = float32(u * b.scale[j])
			}
		}
		b.bias[h] = float32(bias)
	}
}

// ValueGrad implements [optimize.Function] in one pass over the matrix: block
// by block the scores, the loss and its gradient in them, and its product with
// the rows, together with the scores of the next block.
func (b *objective) ValueGrad(v, gradient []float64) (float64, error) {
	b.load(v)
	p := b.next(v)
	b.pass.clear()
	clear(b.headSums)
	sum := 0.0
	err := b.blocks(func(from, n int) {
		z, k := p.scores[from*b.heads:][:b.heads*n], b.block[:b.heads*n]
		if from == 0 {
			for h := range b.heads {
				b.pass.scores(z[h*n:][:n], 0, h, b.bias[h])
			}
		}
		sum += b.loss(k, z, from, n, b.headSums)
		m := min(n, b.rows-from-n)
		next := p.scores[(from+n)*b.heads:][:b.heads*m]
		for h := range b.heads {
			b.accumulate(k[h*n:][:n], from, h, next[h*m:][:m], b.bias[h])
		}
	})
	if err != nil {
		return 0, err
	}
	p.known = true
	b.chain(gradient, v)
	return sum/b.total + b.l2/2*b.squares(v), nil
}

// squares returns ‖W‖².
func (b *objective) squares(v []float64) float64 {
	sum := 0.0
	if b.unscale == nil {
		for _, w := range v[:b.heads*b.columns] {
			sum += w * w
		}
		return sum
	}
	for h := range b.heads {
		for j, u := range b.of(v, h) {
			w := u * b.unscale[j]
			sum += w * w
		}
	}
	return sum
}

// chain turns the sums over the stored columns and the heads into what they
// are in the variables, per unit of weight, plus the penalty's product with v.
func (b *objective) chain(out, v []float64) {
	share := 1 / b.total
	for h := range b.heads {
		g, sums, w := b.of(out, h), b.pass.sums(h), b.of(v, h)
		switch {
		case b.scale == nil:
			for j, sum := range sums {
				g[j] = sum*share + b.l2*w[j]
			}
		case b.unscale == nil:
			for j, sum := range sums {
				g[j] = (b.scale[j]*sum+b.shift[j]*b.headSums[h])*share + b.l2*w[j]
			}
		default:
			for j, sum := range sums {
				r := b.unscale[j]
				g[j] = (b.scale[j]*sum+b.shift[j]*b.headSums[h])*share + b.l2*r*r*w[j]
			}
		}
		if b.intercept {
			out[b.heads*b.columns+h] = b.headSums[h] * share
		}
	}
}

// gradientNorm returns ‖∇J‖∞ in W and b.
func (b *objective) gradientNorm(gradient []float64) float64 {
	norm := 0.0
	if !b.raw {
		for _, g := range gradient {
			if a := math.Abs(g); a > norm || a != a {
				norm = a
			}
		}
		return norm
	}
	s := b.x.scaling()
	for h := range b.heads {
		bias := 0.0
		if b.intercept {
			bias = gradient[b.heads*b.columns+h]
			norm = max(norm, math.Abs(bias))
		}
		for j, g := range b.of(gradient, h) {
			norm = max(norm, math.Abs(g/b.unscale[j]+bias*s.originOf(j)))
		}
	}
	return norm
}

// blocks calls f for every block of rows, the padding included, and asks now
// and then whether to go on.
func (b *objective) blocks(f func(from, n int)) error {
	return b.blocksOf(b.blockRows(), (b.perRow()+32)*b.heads, f)
}

// blocksOf is blocks of the given size, each of whose rows takes as long as
// the given number of products.
func (b *objective) blocksOf(size, each int, f func(from, n int)) error {
	work := 0
	for from := 0; from < b.rows; from += size {
		n := min(size, b.rows-from)
		f(from, n)
		if work += n * each; work > askEvery {
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

// scoresAt returns the scores at v, in a pass over the matrix unless they are
// known, and makes them the newest.
func (b *objective) scoresAt(v []float64) ([]float32, error) {
	for i := range b.points {
		if p := &b.points[i]; p.known && slices.Equal(p.at, v) {
			b.newest = i
			return p.scores, nil
		}
	}
	b.load(v)
	p := b.next(v)
	err := b.blocks(func(from, n int) {
		for h := range b.heads {
			b.pass.scores(p.scores[from*b.heads+h*n:][:n], from, h, b.bias[h])
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
	zy, err := b.scoresAt(y)
	if err != nil {
		return nil, err
	}
	zx, err := b.scoresAt(x) // last, so that the next evaluation replaces y's
	if err != nil {
		return nil, err
	}
	// The penalty along the line is a parabola.
	var xx, xd, dd float64
	for h := range b.heads {
		from, to := b.of(x, h), b.of(y, h)
		for j, u := range from {
			r := 1.0
			if b.unscale != nil {
				r = b.unscale[j]
			}
			v := r * u
			d := r*to[j] - v
			xx += v * v
			xd += v * d
			dd += d * d
		}
	}
	size, room := b.blockRows(), b.block
	if b.heads == 1 && size < lineRows { // a head's scores lie block after block
		size, room = lineRows, make([]float32, lineRows)
	}
	headSums := make([]float64, b.heads)
	return func(t float64) (value, slope float64) {
		_ = b.blocksOf(size, 32, func(from, n int) {
			z, a, c := room[:b.heads*n], zx[from*b.heads:][:b.heads*n], zy[from*b.heads:][:b.heads*n]
			kernel.Line(z, a, c, float32(t))
			value += b.loss(z, z, from, n, headSums)
			slope += kernel.Slope(z, a, c)
		})
		value = value/b.total + b.l2/2*(xx+t*(2*xd+t*dd))
		return value, slope/b.total + b.l2*(xd+t*dd)
	}, nil
}

// lineRows is how many rows a look along a line takes at once.
const lineRows = 1024
