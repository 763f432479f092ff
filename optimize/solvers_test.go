package optimize

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// logistic is the mean log loss of linear scores, with its Hessian, or with
// dip > 0 a loss that is not convex where scores are far below 0.
type logistic struct {
	rows [][]float64
	y    []float64
	l2   float64
	dip  float64
}

func newLogistic(seed uint64, n, d int, l2, dip float64) *logistic {
	r := rand.New(rand.NewPCG(seed, 1))
	f := &logistic{l2: l2, dip: dip}
	for range n {
		row, z := make([]float64, d), 0.0
		for j := range row {
			row[j] = r.NormFloat64()
			if j > 0 && j%2 == 1 {
				row[j] = 0.9*row[j-1] + 0.3*row[j] // correlated
			}
			z += row[j] * float64(j%3-1)
		}
		y := -1.0
		if z+r.NormFloat64() > 0 {
			y = 1
		}
		f.rows, f.y = append(f.rows, row), append(f.y, y)
	}
	return f
}

// at returns the loss of a margin with two derivatives: (1−p)^dip times the
// logarithm of p.
func (f *logistic) at(m float64) (v, d1, d2 float64) {
	g := f.dip
	up, un := math.Log1p(math.Exp(-math.Abs(m)))+max(m, 0), math.Log1p(math.Exp(-math.Abs(m)))+max(-m, 0)
	p, u := 1/(1+math.Exp(-m)), 1/(1+math.Exp(m))
	w := math.Exp(-g * up)
	return w * un, -w * (g*p*un + u), w * ((2*g*p+p)*u - g*p*(u-g*p)*un)
}

func (f *logistic) ValueGrad(x, gradient []float64) (float64, error) {
	value, n := 0.0, float64(len(f.y))
	for j, v := range x {
		value += f.l2 / 2 * v * v
		gradient[j] = f.l2 * v
	}
	for i, row := range f.rows {
		v, d, _ := f.at(f.y[i] * dot(row, x))
		value += v / n
		step(gradient, gradient, d*f.y[i]/n, row)
	}
	return value, nil
}

func (f *logistic) Hessian(x []float64) (func(v, out []float64) error, error) {
	curvature := make([]float64, len(f.y))
	for i, row := range f.rows {
		_, _, curvature[i] = f.at(f.y[i] * dot(row, x))
	}
	return func(v, out []float64) error {
		for j := range out {
			out[j] = f.l2 * v[j]
		}
		for i, row := range f.rows {
			step(out, out, curvature[i]*dot(row, v)/float64(len(f.y)), row)
		}
		return nil
	}, nil
}

func TestSolversAgree(t *testing.T) {
	for _, f := range []*logistic{newLogistic(1, 200, 8, 1e-3, 0), newLogistic(2, 300, 12, 1e-2, 2), newLogistic(3, 50, 20, 1e-1, 5)} {
		d := len(f.rows[0])
		start := make([]float64, d)
		for j := range start {
			start[j] = -4 * float64(j%3-1) // all wrong, where the loss is concave
		}
		want := math.Inf(1)
		for _, m := range []Method{new(LBFGS), new(NewtonCG), &OWLQN{L1: make([]float64, d)}} {
			r, err := m.Minimize(context.Background(), f, start, Settings{Tolerance: 1e-9, MaxIterations: 5000})
			if err != nil || r.Status != Converged {
				t.Errorf("%T: %v after %d, gradient %g, %v", m, r.Status, r.Iteration.Iteration, r.Gradient, err)
			}
			if math.IsInf(want, 1) {
				want = r.Value
			}
			if math.Abs(r.Value-want) > 1e-9*want {
				t.Errorf("%T: %.15g, L-BFGS %.15g", m, r.Value, want)
			}
		}
	}
}

// saddle has its only way down along negative curvature.
type saddle struct{}

func (saddle) ValueGrad(x, g []float64) (float64, error) {
	g[0], g[1] = 2*x[0], 4*x[1]*x[1]*x[1]-2*x[1]
	return x[0]*x[0] + x[1]*x[1]*x[1]*x[1] - x[1]*x[1], nil
}

func (saddle) Hessian(x []float64) (func(v, out []float64) error, error) {
	c := 12*x[1]*x[1] - 2
	return func(v, out []float64) error {
		out[0], out[1] = 2*v[0], c*v[1]
		return nil
	}, nil
}

func TestNewtonLeavesASaddle(t *testing.T) {
	r, err := new(NewtonCG).Minimize(context.Background(), saddle{}, []float64{1, 1e-3}, Settings{Tolerance: 1e-8})
	if err != nil || r.Status != Converged || math.Abs(r.Value+0.25) > 1e-9 {
		t.Errorf("%v at %v, value %g, %v", r.Status, r.X, r.Value, err)
	}
}

// banana is Rosenbrock's function, where Newton's own step goes up.
type banana struct{}

func (banana) ValueGrad(x, g []float64) (float64, error) { return rosenbrock(x, g), nil }

func (banana) Hessian(x []float64) (func(v, out []float64) error, error) {
	a, b := 1200*x[0]*x[0]-400*x[1]+2, -400*x[0]
	return func(v, out []float64) error {
		out[0], out[1] = a*v[0]+b*v[1], b*v[0]+200*v[1]
		return nil
	}, nil
}

func TestNoSolverGoesUp(t *testing.T) {
	steep := newLogistic(3, 50, 20, 1e-1, 5)
	far := make([]float64, 20)
	for j := range far {
		far[j] = -4 * float64(j%3-1)
	}
	for name, c := range map[string]struct {
		f     Function
		start []float64
	}{"banana": {banana{}, []float64{-1.2, 1}}, "concave": {steep, far}} {
		for _, m := range []Method{new(LBFGS), new(NewtonCG), &OWLQN{L1: make([]float64, len(c.start))}} {
			last := math.Inf(1)
			r, err := m.Minimize(context.Background(), c.f, c.start, Settings{Tolerance: 1e-8, MaxIterations: 5000, Record: func(i Iteration) {
				if i.Value > last+1e-12*math.Abs(last) {
					t.Errorf("%s, %T: from %g up to %g at %d", name, m, last, i.Value, i.Iteration)
				}
				last = i.Value
			}})
			if err != nil || r.Status != Converged {
				t.Errorf("%s, %T: %v, %v", name, m, r.Status, err)
			}
		}
	}
}

func TestNewtonNeedsAHessian(t *testing.T) {
	if _, err := new(NewtonCG).Minimize(context.Background(), failing{nil}, []float64{1}, Settings{}); err != ErrNoHessian {
		t.Errorf("%v", err)
	}
}

// fista minimises f + λ‖x‖₁ by accelerated proximal gradients: slow, simple,
// and independent.
func fista(f *logistic, l1 []float64) []float64 {
	d := len(l1)
	x, y, next, g := make([]float64, d), make([]float64, d), make([]float64, d), make([]float64, d)
	lipschitz := f.l2
	for _, row := range f.rows {
		lipschitz += 0.25 * dot(row, row) / float64(len(f.y))
	}
	momentum := 1.0
	for range 60000 {
		_, _ = f.ValueGrad(y, g)
		for j := range next {
			v := y[j] - g[j]/lipschitz
			next[j] = math.Copysign(max(math.Abs(v)-l1[j]/lipschitz, 0), v)
		}
		m := (1 + math.Sqrt(1+4*momentum*momentum)) / 2
		for j := range y {
			y[j] = next[j] + (momentum-1)/m*(next[j]-x[j])
		}
		copy(x, next)
		momentum = m
	}
	return x
}

func TestOWLQNFindsTheSupport(t *testing.T) {
	for _, lambda := range []float64{0.003, 0.02, 0.08} {
		f := newLogistic(7, 150, 12, 0, 0)
		l1 := make([]float64, 12)
		for j := range l1[1:] {
			l1[j+1] = lambda // the first is free
		}
		r, err := (&OWLQN{L1: l1}).Minimize(context.Background(), f, make([]float64, 12), Settings{Tolerance: 1e-9, MaxIterations: 5000})
		if err != nil || r.Status != Converged {
			t.Errorf("%v, gradient %g, %v", r.Status, r.Gradient, err)
		}
		want := fista(f, l1)
		for j, v := range want {
			if (v == 0) != (r.X[j] == 0) || math.Abs(v-r.X[j]) > 1e-6 {
				t.Errorf("λ=%g: x[%d] = %g, want %g", lambda, j, r.X[j], v)
			}
		}
	}
}

func TestOWLQNKeepsToTheOrthant(t *testing.T) {
	o := &owlqn{l1: []float64{1, 1, 0, 1}, x: []float64{2, -1, 2, 0}, pseudo: []float64{1, -1, 1, 3}, direction: []float64{-3, -2, 4, -1}, trial: make([]float64, 4)}
	o.align() // the second leads up; the third too, but is not penalised
	if want := []float64{-3, 0, 4, -1}; !slices.Equal(o.direction, want) {
		t.Errorf("direction %v, want %v", o.direction, want)
	}
	o.project(1) // the first would change its sign
	if want := []float64{0, -1, 6, -1}; !slices.Equal(o.trial, want) {
		t.Errorf("trial %v, want %v", o.trial, want)
	}
}

func TestStopEndsEverySolver(t *testing.T) {
	f := newLogistic(1, 100, 6, 1e-3, 0)
	for _, m := range []Method{new(LBFGS), new(NewtonCG), &OWLQN{L1: make([]float64, 6)}} {
		asked := 0
		r, err := m.Minimize(context.Background(), f, make([]float64, 6), Settings{Stop: func(x []float64, i Iteration) bool {
			if len(x) != 6 || i.Iteration != asked {
				t.Errorf("%T: asked at %d, the %dth time", m, i.Iteration, asked)
			}
			asked++
			return asked == 3
		}})
		if err != nil || r.Status != EarlyStopped || r.Iteration.Iteration != 2 {
			t.Errorf("%T: %v after %d, %v", m, r.Status, r.Iteration.Iteration, err)
		}
		// And the context and its own limit.
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if r, err := m.Minimize(ctx, f, make([]float64, 6), Settings{}); err != nil || r.Status != Aborted {
			t.Errorf("%T: %v, %v; want aborted", m, r.Status, err)
		}
		if r, _ := m.Minimize(context.Background(), f, make([]float64, 6), Settings{MaxIterations: -1}); r.Status != MaxIterations || r.Iteration.Iteration != 0 {
			t.Errorf("%T: %v after %d", m, r.Status, r.Iteration.Iteration)
		}
	}
}

type brokenHessian struct{ saddle }

func (brokenHessian) Hessian([]float64) (func(v, out []float64) error, error) {
	return nil, errors.New("no Hessian today")
}

func TestErrorOfTheHessian(t *testing.T) {
	if _, err := new(NewtonCG).Minimize(context.Background(), brokenHessian{}, []float64{1, 1}, Settings{}); err == nil {
		t.Error("the error is gone")
	}
}

func TestFTRL(t *testing.T) {
	// One coordinate by hand: g = 2 at w = 0, α = β = 1, λ₁ = 0.5, λ₂ = 1.
	f := FTRL{Alpha: 1, Beta: 1, L1: 0.5, L2: 1, Z: make([]float64, 1), N: make([]float64, 1)}
	f.Update(0, 2, f.Weight(0))
	if f.Z[0] != 2 || f.N[0] != 4 || f.Weight(0) != -1.5/(3+1) || f.FreeWeight(0) != -2.0/3 {
		t.Errorf("z %g, n %g, w %g, free %g", f.Z[0], f.N[0], f.Weight(0), f.FreeWeight(0))
	}
	f.Z[0] = 0.5
	if f.Weight(0) != 0 {
		t.Errorf("|z| = λ₁ gives %g", f.Weight(0))
	}
}
