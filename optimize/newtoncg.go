package optimize

import (
	"errors"
	"math"
)

// NewtonCG minimises a [Twice] function by Newton's method: each step
// minimises the quadratic model
//
//	q(s) = ∇f·s + ½·s·∇²f·s  in the trust region ‖s‖₂ ≤ Δ
//
// by conjugate gradients, which need products with the Hessian only, and where
// they meet negative curvature go along it to the region's end. The function
// need not be convex. It keeps 8 vectors.
//
// Sources: Steihaug, "The Conjugate Gradient Method and Trust Regions in Large
// Scale Optimization", 1983; Nocedal and Wright, "Numerical Optimization",
// 2006, algorithms 4.1 and 7.2; the constants and the radius's interpolation
// are those of Lin and Moré, "Newton's Method for Large Bound-Constrained
// Optimization Problems", 1999.
type NewtonCG struct {
	// Products limits those of one step. If it is 0, it is 250.
	Products int
}

var _ Method = (*NewtonCG)(nil)

// ErrNoHessian is the error of NewtonCG for a function that is not [Twice].
var ErrNoHessian = errors.New("optimize: NewtonCG needs a function with a Hessian")

type newtonCG struct {
	progress
	f        Twice
	products int

	x, gradient          []float64
	trial, trialGradient []float64
	step, residual       []float64
	direction, product   []float64

	radius, firstNorm float64
}

// Minimize implements [Method].
func (m *NewtonCG) Minimize(ctx Interrupter, f Function, x []float64, settings Settings) (Result, error) {
	twice, ok := f.(Twice)
	if !ok {
		return Result{}, ErrNoHessian
	}
	v := func() []float64 { return make([]float64, len(x)) }
	n := &newtonCG{
		progress: newProgress(ctx, settings), f: twice, products: m.Products,
		x: append([]float64(nil), x...), gradient: v(), trial: v(), trialGradient: v(),
		step: v(), residual: v(), direction: v(), product: v(),
	}
	if n.products <= 0 {
		n.products = 250
	}
	return n.result(n)
}

func (n *newtonCG) point() []float64 { return n.x }

func (n *newtonCG) start() (float64, float64, error) {
	n.at.Evaluations++
	value, err := n.f.ValueGrad(n.x, n.gradient)
	n.firstNorm = norm(n.gradient)
	n.radius = max(n.firstNorm, 1)
	return value, n.settings.Norm(n.gradient), err
}

// iterate tries steps in ever smaller regions until one is accepted.
func (n *newtonCG) iterate() (moved bool, err error) {
	for range maxTrials {
		hessian, err := n.f.Hessian(n.x)
		if err != nil {
			return false, err
		}
		predicted, err := n.solve(hessian)
		if err != nil {
			return false, err
		}
		length := norm(n.step)
		if length == 0 || !finite(length) {
			return false, nil
		}
		step(n.trial, n.x, 1, n.step)
		n.at.Evaluations++
		value, err := n.f.ValueGrad(n.trial, n.trialGradient)
		if err != nil {
			return false, err
		}
		if n.judge(value, predicted, length) {
			n.x, n.trial = n.trial, n.x
			n.gradient, n.trialGradient = n.trialGradient, n.gradient
			n.moved(value, n.settings.Norm(n.gradient))
			return true, nil
		}
	}
	return false, nil
}

// judge sets the next region's radius by how well the model predicted the
// value, and reports whether to take the step.
func (n *newtonCG) judge(value, predicted, length float64) bool {
	norm := n.settings.Norm(n.trialGradient)
	if !finite(value) || !finite(norm) {
		n.radius = length / 4
		return false
	}
	actual := n.at.Value - value
	// Where the values drown in rounding the gradient decides.
	if noise := n.noise(); predicted <= 10*noise && math.Abs(actual) <= 10*noise {
		if norm < n.at.Gradient {
			return true
		}
		n.radius = length / 4
		return false
	}
	// The minimum of the parabola through both values, with the slope at x.
	slope := dot(n.gradient, n.step)
	alpha := 4.0
	if -actual-slope > 0 {
		alpha = max(0.25, -0.5*slope/(-actual-slope))
	}
	switch ratio := actual / predicted; {
	case ratio < 0.25:
		n.radius = min(max(alpha, 0.25)*length, 0.5*n.radius)
		return ratio > 1e-4
	case ratio < 0.75:
		n.radius = max(0.25*n.radius, min(alpha*length, 4*n.radius))
	default:
		n.radius = max(n.radius, min(alpha*length, 4*n.radius))
	}
	return true
}

// solve sets step to the minimum of the model that conjugate gradients find
// in the region, and returns by how much it is below 0.
func (n *newtonCG) solve(hessian func(v, out []float64) error) (predicted float64, err error) {
	for i, g := range n.gradient {
		n.step[i], n.residual[i], n.direction[i] = 0, -g, -g
	}
	square := dot(n.residual, n.residual)
	gradient := math.Sqrt(square)
	// Superlinear, and no more products far from the minimum than are worth it.
	goal := min(0.1, math.Sqrt(gradient/n.firstNorm)) * gradient
	for range n.products {
		if math.Sqrt(square) <= goal {
			break
		}
		if n.ctx.Err() != nil {
			return 0, n.ctx.Err()
		}
		n.at.Evaluations++
		if err := hessian(n.direction, n.product); err != nil {
			return 0, err
		}
		curvature := dot(n.direction, n.product)
		if curvature <= 0 || !finite(curvature) {
			n.toBoundary()
			break
		}
		alpha := square / curvature
		step(n.step, n.step, alpha, n.direction)
		if norm(n.step) >= n.radius {
			step(n.step, n.step, -alpha, n.direction)
			n.toBoundary()
			break
		}
		step(n.residual, n.residual, -alpha, n.product)
		next := dot(n.residual, n.residual)
		step(n.direction, n.residual, next/square, n.direction)
		square = next
	}
	// q(s) = ½·(∇f·s − s·r), r = −∇f − ∇²f·s
	return -0.5 * (dot(n.gradient, n.step) - dot(n.step, n.residual)), nil
}

// toBoundary goes on along the direction, whose product is known, to the end
// of the region.
func (n *newtonCG) toBoundary() {
	sd, dd := dot(n.step, n.direction), dot(n.direction, n.direction)
	rest := max(n.radius*n.radius-dot(n.step, n.step), 0)
	root := math.Sqrt(sd*sd + dd*rest)
	t := (root - sd) / dd
	if sd > 0 {
		t = rest / (sd + root)
	}
	step(n.step, n.step, t, n.direction)
	step(n.residual, n.residual, -t, n.product)
}
