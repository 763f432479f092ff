package federated

import "math"

// descend takes derivatives at theta: it judges the step there, and sets theta
// to the next.
//
// Each step minimises the quadratic model of J in a trust region. A step that
// J does not bear out is taken back: the next starts at the last accepted
// point again, in a smaller region. If the clients are others than before, or
// have more rows or fewer, J is another function; then only a step that raises
// it clearly is taken back.
//
// Source: Nocedal and Wright, "Numerical Optimization", 2006, algorithm 4.1.
func (s *State) descend(result Result) error {
	here := s.objective(result.Numbers)
	here.clients = result.Clients
	if here.rows == 0 {
		return noRows
	}
	from := s.base
	if !from.known {
		here.radius = math.Inf(1)
		return s.accept(here)
	}
	step := make([]float64, len(s.theta))
	for i, v := range s.theta {
		step[i] = v - from.theta[i]
	}
	length, slope := norm(step), dot(from.gradient, step)
	actual := from.value - here.value
	take := actual > 1e-4*from.predicted
	here.radius = from.radius
	switch noise := 1e-13 * math.Abs(from.value); {
	case here.rows != from.rows || here.clients != from.clients:
		take = actual > -0.1*math.Abs(from.value)
	case from.predicted <= noise && math.Abs(actual) <= noise:
		// Where the values drown in rounding the gradient decides.
		if take = maxNorm(here.gradient) < maxNorm(from.gradient); !take {
			s.finish(Stalled)
			return nil
		}
	case actual >= 0.75*from.predicted:
		grow := 2.0
		if from.back {
			grow = 1 // the longer step has just failed
		}
		here.radius = max(from.radius, grow*length)
	case actual < 0.25*from.predicted:
		here.radius = length / 2
	}
	if take {
		return s.accept(here)
	}
	shrunk := from
	shrunk.back = true
	shrunk.radius = length * min(max(cubic(from.value, slope, here.value, dot(here.gradient, step)), 0.1), 0.7)
	return s.accept(shrunk)
}

// objective returns J and its derivatives at theta.
func (s *State) objective(result []float64) base {
	p := s.settings.parameters()
	b := base{known: true, rows: result[0], theta: s.theta, gradient: make([]float64, p), hessian: make([]float64, triangle(p))}
	if b.rows == 0 {
		return b
	}
	b.value = result[1] / b.rows
	for i := range b.gradient {
		b.gradient[i] = result[2+i] / b.rows
	}
	for i := range b.hessian {
		b.hessian[i] = result[2+p+i] / b.rows
	}
	for j, w := range s.theta[:p-1] {
		b.value += s.settings.L2 / 2 * w * w
		b.gradient[j] += s.settings.L2 * w
		b.hessian[triangle(j)+j] += s.settings.L2
	}
	return b
}

// accept makes a point the base and theta the end of the step from it, or ends
// the federation there.
func (s *State) accept(b base) error {
	s.base = b
	step, predicted := region(b.gradient, b.hessian, b.radius)
	if maxNorm(b.gradient) <= s.limit && predicted <= s.settings.Tolerance*math.Abs(b.value) {
		s.finish(Converged)
		return nil
	}
	s.base.predicted = predicted
	s.theta = make([]float64, len(step))
	moved := false
	for i, v := range step {
		s.theta[i] = b.theta[i] + v
		moved = moved || s.theta[i] != b.theta[i]
	}
	if !moved || !(predicted > 0) || !finite(norm(s.theta)) {
		s.finish(Stalled)
	}
	return nil
}

// cubic returns where in [0, 1] the cubic through values and slopes at 0 and 1
// is least, or 1.
//
// Source: Nocedal and Wright, 2006, equation 3.59.
func cubic(f0, g0, f1, g1 float64) float64 {
	d := g0 + g1 + 3*(f0-f1)
	root := d*d - g0*g1
	if root < 0 {
		return 1
	}
	t := 1 - (g1+math.Sqrt(root)-d)/(g1-g0+2*math.Sqrt(root))
	if !(t > 0 && t < 1) {
		return 1
	}
	return t
}

// region returns the minimum of the model g·s + ½·s·H·s in ‖s‖₂ ≤ radius, to a
// tenth of the radius, and by how much it is below 0. It solves
// (H + λ·I)·s = −g for λ ≥ 0 that makes the matrix positive definite and the
// step short enough: each λ costs a Cholesky factorisation.
//
// Source: Moré and Sorensen, "Computing a Trust Region Step", 1983; Nocedal and
// Wright, 2006, algorithm 4.3. In their hard case, where g has no part along
// the most negative curvature, the step stays inside the region.
func region(g, h []float64, radius float64) (step []float64, predicted float64) {
	p := len(g)
	factor, s, q := make([]float64, len(h)), make([]float64, p), make([]float64, p)
	length := 0.0
	solve := func(lambda float64) (definite bool) {
		if !factorise(factor, h, lambda) {
			return false
		}
		for i, v := range g {
			s[i] = -v
		}
		forward(factor, s)
		backward(factor, s)
		length = norm(s)
		return true
	}
	definite := solve(0)
	if definite && length <= radius {
		return s, -dot(g, s) - 0.5*quadratic(h, s)
	}
	if math.IsInf(radius, 1) {
		radius = firstRadius
	}
	high := largest(h, p) + norm(g)/radius
	// Where H alone is singular, as with a column of zeros and no penalty, the
	// least λ is what moves nothing but in its null space.
	low := 1e-14 * high
	for lambda := high / 1000; ; {
		if definite && length > 0 {
			// Newton's method for 1/radius − 1/‖s‖ = 0.
			copy(q, s)
			forward(factor, q)
			ratio := length / norm(q)
			lambda += ratio * ratio * (length - radius) / radius
		}
		if !(lambda > low && lambda < high) {
			lambda = max(math.Sqrt(low*high), low+0.01*(high-low))
		}
		definite = solve(lambda)
		if definite && math.Abs(length-radius) <= 0.1*radius {
			break
		}
		if definite && length <= radius {
			high = lambda
		} else {
			low = lambda
		}
		if high-low <= 1e-6*high {
			solve(high)
			break
		}
	}
	return s, -dot(g, s) - 0.5*quadratic(h, s)
}

// firstRadius is the region's where curvature is negative before a step has
// shown how far the model holds: logits then change by about as much.
const firstRadius = 2
