package optimize

// memory holds the last pairs of a quasi-Newton method and the inverse Hessian
// that they mean.
//
// Sources: Nocedal and Wright, "Numerical Optimization", 2006, algorithm 7.4
// (two loops), page 178; Li and Fukushima, "On the Global Convergence of the
// BFGS Method for Nonconvex Unconstrained Optimization Problems", 2001
// (cautious pairs).
type memory struct {
	size    int
	pairs   []pair
	alpha   []float64
	inverse func(v []float64) // what the pairs correct; nil for a multiple of the identity
}

// pair is a step s, the change y of the gradient over it, and 1/(s·y).
type pair struct {
	s, y []float64
	rho  float64
}

// cautious is the least cosine between step and gradient change of a pair.
const cautious = 1e-10

// newMemory returns a memory of size pairs, 10 if it is not positive.
func newMemory(size int, inverse func(v []float64)) memory {
	if size <= 0 {
		size = 10
	}
	return memory{size: size, alpha: make([]float64, size), inverse: inverse}
}

// descend sets d to −H·g by the two loops over the pairs.
func (m *memory) descend(d, g []float64) {
	for i, v := range g {
		d[i] = -v
	}
	k := len(m.pairs)
	for i := k - 1; i >= 0; i-- {
		p := m.pairs[i]
		m.alpha[i] = p.rho * dot(p.s, d)
		step(d, d, -m.alpha[i], p.y)
	}
	if m.inverse != nil {
		m.inverse(d)
	} else if k > 0 {
		last := m.pairs[k-1]
		scale := 1 / (last.rho * dot(last.y, last.y))
		for i := range d {
			d[i] *= scale
		}
	}
	for i, p := range m.pairs {
		step(d, d, m.alpha[i]-p.rho*dot(p.y, d), p.s)
	}
}

// remember adds the pair of a step from x to z, over which the gradient went
// from gx to gz, unless its curvature is not clearly positive.
func (m *memory) remember(x, z, gx, gz []float64) {
	var p pair
	if len(m.pairs) == m.size {
		p = m.pairs[0]
		m.pairs = append(m.pairs[:0], m.pairs[1:]...)
	} else {
		p = pair{s: make([]float64, len(x)), y: make([]float64, len(x))}
	}
	step(p.s, z, -1, x)
	step(p.y, gz, -1, gx)
	if sy := dot(p.s, p.y); sy > cautious*norm(p.s)*norm(p.y) {
		p.rho = 1 / sy
		m.pairs = append(m.pairs, p)
	}
}

func (m *memory) forget() { m.pairs = m.pairs[:0] }
