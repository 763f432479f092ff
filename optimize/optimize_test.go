package optimize

import (
	"context"
	"errors"
	"math"
	"testing"
)

// counted is a function from closures that counts its evaluations.
type counted struct {
	f     func(x, g []float64) float64
	calls int
}

func (c *counted) ValueGrad(x, g []float64) (float64, error) {
	c.calls++
	return c.f(x, g), nil
}

// lined adds a directional view that counts its calls.
type lined struct {
	counted
	along, phis int
}

func (l *lined) Along(x, y []float64) (func(t float64) (float64, float64), error) {
	l.along++
	x, y = append([]float64(nil), x...), append([]float64(nil), y...)
	return func(t float64) (float64, float64) {
		l.phis++
		at, g := make([]float64, len(x)), make([]float64, len(x))
		for i := range at {
			at[i] = x[i] + t*(y[i]-x[i])
		}
		value, slope := l.f(at, g), 0.0
		for i := range g {
			slope += g[i] * (y[i] - x[i])
		}
		return value, slope
	}, nil
}

func rosenbrock(x, g []float64) float64 {
	f := 0.0
	clear(g)
	for i := 0; i+1 < len(x); i++ {
		a, b := 1-x[i], x[i+1]-x[i]*x[i]
		f += a*a + 100*b*b
		g[i] += -2*a - 400*x[i]*b
		g[i+1] += 200 * b
	}
	return f
}

// ill is a quadratic with condition number 1e3.
func ill(x, g []float64) float64 {
	f := 0.0
	for i := range x {
		a := math.Pow(10, 3*float64(i)/float64(len(x)-1))
		f += a / 2 * (x[i] - 1) * (x[i] - 1)
		g[i] = a * (x[i] - 1)
	}
	return f
}

func minimize(t *testing.T, f Function, x []float64, s Settings) Result {
	t.Helper()
	r, err := new(LBFGS).Minimize(context.Background(), f, x, s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFindsMinima(t *testing.T) {
	for name, test := range map[string]struct {
		f func(x, g []float64) float64
		n int
	}{"rosenbrock 2": {rosenbrock, 2}, "rosenbrock 20": {rosenbrock, 20}, "ill-conditioned": {ill, 30}} {
		for kind, f := range map[string]Function{"plain": &counted{f: test.f}, "directional": &lined{counted: counted{f: test.f}}} {
			start := make([]float64, test.n)
			for i := range start {
				start[i] = -1.2
			}
			r := minimize(t, f, start, Settings{Tolerance: 1e-8, MaxIterations: 2000})
			if r.Status != Converged || r.Gradient > 1e-8 {
				t.Errorf("%s, %s: %v with gradient %g after %d iterations", name, kind, r.Status, r.Gradient, r.Iteration.Iteration)
			}
			for i, v := range r.X {
				if math.Abs(v-1) > 1e-6 {
					t.Errorf("%s, %s: x[%d] = %g, want 1", name, kind, i, v)
				}
			}
			if start[0] != -1.2 {
				t.Errorf("%s: the start was modified", name)
			}
		}
	}
}

// Along a line a search must not call for whole evaluations.
func TestSearchesAlongTheLine(t *testing.T) {
	plain := &counted{f: rosenbrock}
	line := &lined{counted: counted{f: rosenbrock}}
	minimize(t, plain, []float64{-1.2, 1}, Settings{Tolerance: 1e-8})
	r := minimize(t, line, []float64{-1.2, 1}, Settings{Tolerance: 1e-8})
	if line.along == 0 || line.phis < line.along {
		t.Fatalf("%d lines, %d trials on them", line.along, line.phis)
	}
	if r.Evaluations != line.calls {
		t.Errorf("reported %d evaluations, made %d", r.Evaluations, line.calls)
	}
	if line.calls > 2*r.Iteration.Iteration+1 {
		t.Errorf("%d whole evaluations in %d iterations", line.calls, r.Iteration.Iteration)
	}
}

func TestNonConvex(t *testing.T) {
	// A double well with a maximum between: every pair from there has negative
	// curvature.
	f := &counted{f: func(x, g []float64) float64 {
		g[0] = 4*x[0]*x[0]*x[0] - 4*x[0]
		return x[0]*x[0]*x[0]*x[0] - 2*x[0]*x[0]
	}}
	r := minimize(t, f, []float64{0.01}, Settings{Tolerance: 1e-10})
	if r.Status != Converged || math.Abs(r.X[0]-1) > 1e-8 {
		t.Errorf("%v at %g, want 1", r.Status, r.X[0])
	}
}

func TestStepsBackFromInfinity(t *testing.T) {
	// −log x is infinite or NaN left of 0, and the first steps lead there.
	f := &counted{f: func(x, g []float64) float64 {
		g[0] = 1 - 1/(1000*x[0])
		return x[0] - math.Log(x[0])/1000
	}}
	r := minimize(t, f, []float64{0.9}, Settings{Tolerance: 1e-9})
	if r.Status != Converged || math.Abs(r.X[0]-0.001) > 1e-9 {
		t.Errorf("%v at %g, want 0.001", r.Status, r.X[0])
	}
}

func TestRoundedFunctionConverges(t *testing.T) {
	// Values in float32: near the minimum only the slopes still tell anything.
	f := &counted{f: func(x, g []float64) float64 { return float64(float32(ill(x, g) + 1)) }}
	r := minimize(t, f, make([]float64, 8), Settings{Tolerance: 1e-5, Noise: 2e-7, MaxIterations: 3000})
	if r.Status != Converged {
		t.Errorf("%v with gradient %g", r.Status, r.Gradient)
	}
}

func TestStatus(t *testing.T) {
	r := minimize(t, &counted{f: rosenbrock}, []float64{-1.2, 1}, Settings{MaxIterations: 3})
	if r.Status != MaxIterations || r.Iteration.Iteration != 3 {
		t.Errorf("%v after %d iterations, want maxIterations after 3", r.Status, r.Iteration.Iteration)
	}
	r = minimize(t, &counted{f: rosenbrock}, []float64{1, 1}, Settings{})
	if r.Status != Converged || r.Iteration.Iteration != 0 || r.Evaluations != 1 {
		t.Errorf("at the minimum: %v, %d iterations, %d evaluations", r.Status, r.Iteration.Iteration, r.Evaluations)
	}
	r = minimize(t, &counted{f: rosenbrock}, []float64{-1.2, 1}, Settings{MaxIterations: -1})
	if r.Status != MaxIterations || r.X[0] != -1.2 {
		t.Errorf("no step allowed: %v at %v", r.Status, r.X)
	}
	r = minimize(t, &counted{f: func(x, g []float64) float64 { return math.NaN() }}, []float64{1}, Settings{})
	if r.Status != Stalled {
		t.Errorf("NaN at the start: %v", r.Status)
	}
	// A gradient that lies: no step along it lowers the value.
	r = minimize(t, &counted{f: func(x, g []float64) float64 { g[0] = -2 * x[0]; return x[0] * x[0] }}, []float64{1}, Settings{})
	if r.Status != Stalled {
		t.Errorf("a wrong gradient: %v", r.Status)
	}
	for status, want := range map[Status]string{Converged: "converged", MaxIterations: "maxIterations", Stalled: "stalled", Aborted: "aborted"} {
		if status.String() != want {
			t.Errorf("%d is %q, want %q", status, status, want)
		}
	}
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	var seen []Iteration
	r, err := new(LBFGS).Minimize(ctx, &counted{f: rosenbrock}, []float64{-1.2, 1}, Settings{Record: func(i Iteration) {
		seen = append(seen, i)
		if i.Iteration == 4 {
			cancel()
		}
	}})
	if err != nil || r.Status != Aborted || r.Iteration.Iteration != 4 || len(seen) != 5 {
		t.Errorf("%v, %v after %d iterations, %d recorded", err, r.Status, r.Iteration.Iteration, len(seen))
	}
	for i := 1; i < len(seen); i++ {
		if seen[i].Iteration != i || seen[i].Value >= seen[i-1].Value || seen[i].Evaluations <= seen[i-1].Evaluations {
			t.Errorf("recorded %+v after %+v", seen[i], seen[i-1])
		}
	}
}

type failing struct{ err error }

func (f failing) ValueGrad(x, g []float64) (float64, error) { return 0, f.err }

func TestErrorOfTheFunction(t *testing.T) {
	want := errors.New("no")
	if _, err := new(LBFGS).Minimize(context.Background(), failing{want}, []float64{1}, Settings{}); err != want {
		t.Errorf("error %v, want %v", err, want)
	}
	// An evaluation that the cancellation itself interrupted is no error.
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := new(LBFGS).Minimize(ctx, failing{ctx.Err()}, []float64{1}, Settings{}); err != nil || r.Status != Aborted {
		t.Errorf("%v, %v; want aborted", r.Status, err)
	}
}

// A step over which the gradient did not grow says nothing of a minimum, and
// would turn the direction uphill.
func TestPairsOfNegativeCurvatureAreLeftOut(t *testing.T) {
	accept := func(gradientAfter float64) int {
		m := newMemory(3, nil)
		m.remember([]float64{0}, []float64{1}, []float64{-2}, []float64{gradientAfter})
		return len(m.pairs)
	}
	if accept(-3) != 0 || accept(-2) != 0 || accept(-1) != 1 {
		t.Errorf("pairs kept: %d of negative, %d of no, %d of positive curvature", accept(-3), accept(-2), accept(-1))
	}
}
