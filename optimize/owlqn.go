package optimize

import "math"

// OWLQN minimises F(x) = f(x) + Σ_j λ_j·|x_j| by the orthant-wise limited-memory
// quasi-Newton method. The [Function] is f, which is smooth; values, also those
// of Result and Record, are F's, and the gradient that is measured is the
// pseudo-gradient of F, which vanishes at its minimum.
//
// Within an orthant F is smooth. A step takes the quasi-Newton direction of f
// at the pseudo-gradient, less the components that point elsewhere, and is cut
// where a variable would change its sign: those are exactly 0 then. It keeps 6
// vectors and two for each pair.
//
// Source: Andrew and Gao, "Scalable Training of L1-Regularized Log-Linear
// Models", ICML 2007, algorithm 1.
type OWLQN struct {
	// L1 holds λ_j ≥ 0 for each variable.
	L1 []float64

	// Memory is the number of pairs kept. If it is 0, it is 10.
	Memory int
}

var _ Method = (*OWLQN)(nil)

type owlqn struct {
	progress
	f      Function
	l1     []float64
	memory memory

	x, gradient          []float64
	trial, trialGradient []float64
	pseudo, direction    []float64
}

// Minimize implements [Method].
func (m *OWLQN) Minimize(ctx Interrupter, f Function, x []float64, settings Settings) (Result, error) {
	v := func() []float64 { return make([]float64, len(x)) }
	o := &owlqn{
		progress: newProgress(ctx, settings), f: f, l1: m.L1, memory: newMemory(m.Memory, nil),
		x: append([]float64(nil), x...), gradient: v(), trial: v(), trialGradient: v(), pseudo: v(), direction: v(),
	}
	return o.result(o)
}

func (o *owlqn) point() []float64 { return o.x }

func (o *owlqn) start() (float64, float64, error) {
	value, err := o.evaluate(o.x, o.gradient)
	o.slope(o.pseudo, o.x, o.gradient)
	return value, o.settings.Norm(o.pseudo), err
}

// evaluate returns F and the gradient of f.
func (o *owlqn) evaluate(x, gradient []float64) (float64, error) {
	o.at.Evaluations++
	value, err := o.f.ValueGrad(x, gradient)
	for j, l := range o.l1 {
		value += l * math.Abs(x[j])
	}
	return value, err
}

// slope sets pseudo to the pseudo-gradient: of the one-sided derivatives of F
// at 0 the one that leads down, 0 if none does.
func (o *owlqn) slope(pseudo, x, gradient []float64) {
	for j, g := range gradient {
		l := o.l1[j]
		switch {
		case x[j] > 0:
			pseudo[j] = g + l
		case x[j] < 0:
			pseudo[j] = g - l
		case g+l < 0:
			pseudo[j] = g + l
		case g-l > 0:
			pseudo[j] = g - l
		default:
			pseudo[j] = 0
		}
	}
}

func (o *owlqn) iterate() (moved bool, err error) {
	for {
		o.memory.descend(o.direction, o.pseudo)
		o.align()
		if slope := dot(o.direction, o.pseudo); slope < 0 && finite(slope) {
			if moved, err = o.search(); moved || err != nil {
				return moved, err
			}
		}
		if len(o.memory.pairs) == 0 {
			return false, nil
		}
		o.memory.forget()
	}
}

// align takes out of the direction what does not lead down in a penalised
// variable, where the pairs know nothing of the penalty.
func (o *owlqn) align() {
	for j, l := range o.l1 {
		if l > 0 && o.direction[j]*o.pseudo[j] >= 0 {
			o.direction[j] = 0
		}
	}
}

// search goes back along the projected direction until F has come down enough.
func (o *owlqn) search() (moved bool, err error) {
	t, back := 1.0, 0.5
	if len(o.memory.pairs) == 0 {
		t, back = 1/max(1, norm(o.direction)), 0.25 // no scale yet
	}
	for range maxTrials {
		o.project(t)
		value, err := o.evaluate(o.trial, o.trialGradient)
		if err != nil {
			return false, err
		}
		descent := 0.0
		for j, p := range o.pseudo {
			descent += p * (o.trial[j] - o.x[j])
		}
		if o.accepts(value, descent) {
			o.memory.remember(o.x, o.trial, o.gradient, o.trialGradient)
			o.x, o.trial = o.trial, o.x
			o.gradient, o.trialGradient = o.trialGradient, o.gradient
			o.slope(o.pseudo, o.x, o.gradient)
			o.moved(value, o.settings.Norm(o.pseudo))
			return true, nil
		}
		t *= back
	}
	return false, nil
}

// accepts judges the trial by its value and the slope times the way to it.
func (o *owlqn) accepts(value, descent float64) bool {
	if !finite(value) || descent >= 0 {
		return false
	}
	if value <= o.at.Value+decrease*descent {
		return true
	}
	// Where differences drown in rounding the pseudo-gradient decides.
	if value > o.at.Value+o.noise() || -descent > 1e3*o.noise() {
		return false
	}
	pseudo := make([]float64, len(o.pseudo))
	o.slope(pseudo, o.trial, o.trialGradient)
	return o.settings.Norm(pseudo) < o.at.Gradient
}

// project sets trial to x + t·direction, cut to the orthant of x, that of a
// variable at 0 being where the pseudo-gradient leads.
func (o *owlqn) project(t float64) {
	for j, x := range o.x {
		v := x + t*o.direction[j]
		if o.l1[j] > 0 {
			side := x
			if x == 0 {
				side = -o.pseudo[j]
			}
			if v*side <= 0 {
				v = 0
			}
		}
		o.trial[j] = v
	}
}
