package federated

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
	"github.com/focalfit/focalfit/loss"
)

// rounds returns a round of every kind but Done, on rows.
func rounds(t testing.TB, rows Rows) map[Kind]Round {
	t.Helper()
	out := map[Kind]Round{}
	for _, s := range []Settings{
		{Columns: rows.Columns, Gamma: 2, Balanced: true, L2: 1e-3, MinClients: 1},
		{Columns: rows.Columns, Gamma: 2, PositiveWeight: 3, L2: 1e-3, MinClients: 1, Mode: Averaging, Clip: 0.2, Proximal: 0.1},
	} {
		state := begin(t, s)
		for state.kind == Statistics {
			r := state.Round()
			out[r.Kind] = r
			state = answer(t, state, rows)
		}
		out[state.kind] = state.Round()
	}
	return out
}

func TestDerivativesAreThoseOfTheLoss(t *testing.T) {
	rows := sample(1, 40, 4, 0.3, 1)
	r := rounds(t, rows)[Derivatives]
	p := len(r.Theta)
	draw := rand.New(rand.NewPCG(3, 3))
	for j := range r.Theta {
		r.Theta[j] = draw.NormFloat64()
	}
	// Written out: columns less their mean over their deviation, and L of package loss.
	sum := func(theta []float64) float64 {
		total := 0.0
		for i, y := range rows.Y {
			z := theta[p-1]
			for j, v := range rows.row(i) {
				z += theta[j] * (v - r.Mean[j]) / r.Scale[j]
			}
			m := (2*y - 1) * z
			f, _, _ := loss.Margin(m, r.Settings.Gamma)
			total += r.Weights[int(y)] * f
		}
		return total
	}
	got := r.Derivatives(rows)
	if got[0] != 40 {
		t.Errorf("%g rows", got[0])
	}
	numtest.AssertClose(t, "loss", got[1], sum(r.Theta), 1e-13, 0)
	along := func(j int, f func() float64) float64 {
		at := r.Theta[j]
		defer func() { r.Theta[j] = at }()
		return numtest.Derivative(func(v float64) float64 { r.Theta[j] = v; return f() }, at, 1e-3)
	}
	for j := range p {
		numtest.AssertClose(t, "gradient", got[2+j], along(j, func() float64 { return sum(r.Theta) }), 1e-8, 1e-8)
		for k := range j + 1 {
			want := along(k, func() float64 { return r.Derivatives(rows)[2+j] })
			numtest.AssertClose(t, "Hessian", got[2+p+triangle(j)+k], want, 1e-8, 1e-8)
		}
	}
}

func TestStatisticsAreMomentsAndGiveTheScaler(t *testing.T) {
	rows := Rows{Columns: 2, X: []float64{1, 5, 2, 5, 6, 5}, Y: []float64{0, 1, 1}}
	r := rounds(t, rows)
	first := r[Derivatives]
	numtest.AssertClose(t, "mean", first.Mean[0], 3, 1e-15, 0)
	numtest.AssertClose(t, "scale", first.Scale[0], math.Sqrt(14./3), 1e-15, 0)
	if first.Mean[1] != 5 || first.Scale[1] != 1 {
		t.Errorf("a constant column has mean %g and scale %g", first.Mean[1], first.Scale[1])
	}
	if first.Weights != [2]float64{1.5, 0.75} || r[Local].Weights != [2]float64{1, 3} {
		t.Errorf("weights %g and %g", first.Weights, r[Local].Weights)
	}
	if first.Number != 2 { // the constant column is 5, so its deviation takes another round
		t.Errorf("derivatives are asked for in round %d", first.Number)
	}
	// The start is the least of the intercept alone.
	l := loss.NewBinary(2)
	_, up, _ := l.Point(first.Theta[2], 1)
	_, down, _ := l.Point(first.Theta[2], 0)
	numtest.AssertClose(t, "slope at the start", 2*0.75*up+1.5*down, 0, 0, 1e-12)
}

// Exact sums do not depend on who holds the rows, but for rounding.
func TestTheSplitDoesNotMatter(t *testing.T) {
	rows := sample(4, 300, 5, 0.1, 2)
	for kind, r := range rounds(t, rows) {
		if kind == Local {
			continue
		}
		whole := payloadOf(&r, rows)
		for _, clients := range [][]Rows{uneven(rows, 1), split(rows, 300, func(i int) int { return i })} {
			sum := make([]float64, len(whole))
			for _, c := range clients {
				Add(sum, payloadOf(&r, c))
			}
			for i := range sum {
				numtest.AssertClose(t, kind.String(), sum[i], whole[i], 1e-12, 1e-11)
			}
		}
	}
	s := Settings{Columns: 5, Gamma: 2, L2: 1e-3, MinClients: 1}
	one, many := run(t, s, []Rows{rows}), run(t, s, uneven(rows, 2))
	for j := range one.Theta {
		numtest.AssertClose(t, "θ", many.Theta[j], one.Theta[j], 1e-9, 1e-9)
	}
}

func TestHonestPayloadsPass(t *testing.T) {
	far := sample(2, 200, 3, 0.2, 5)
	for i := range far.X {
		far.X[i] = 1e12 + 1e-3*far.X[i]
	}
	for _, rows := range []Rows{sample(1, 100, 3, 0.1, 3), far} {
		for _, r := range rounds(t, rows) {
			for _, c := range append(uneven(rows, 3), rows, Rows{Columns: 3}) {
				if err := r.Check(payloadOf(&r, c)); err != nil {
					t.Errorf("%s of %d rows: %v", r.Kind, len(c.Y), err)
				}
			}
		}
	}
}

func TestBrokenPayloadsDoNot(t *testing.T) {
	rows := sample(1, 100, 3, 0.1, 3)
	all := rounds(t, rows)
	for kind, r := range all {
		good := payloadOf(&r, rows)
		for what, change := range map[string]func(v []float64) []float64{
			"short":      func(v []float64) []float64 { return v[1:] },
			"long":       func(v []float64) []float64 { return append(v, 0) },
			"none":       func([]float64) []float64 { return nil },
			"NaN":        func(v []float64) []float64 { v[len(v)-1] = math.NaN(); return v },
			"infinite":   func(v []float64) []float64 { v[3] = math.Inf(-1); return v },
			"huge":       func(v []float64) []float64 { v[len(v)-1] = 1e150; return v },
			"half a row": func(v []float64) []float64 { v[0] += 0.5; return v },
			"negative":   func(v []float64) []float64 { v[0] = -1; return v },
			"too many":   func(v []float64) []float64 { v[0] = 1 << 41; return v },
			"out of range": map[Kind]func(v []float64) []float64{
				Statistics:  func(v []float64) []float64 { v[2+6] = 0.99 * v[2] * v[2] / v[0]; return v }, // less than the sum asks for
				Derivatives: func(v []float64) []float64 { v[len(v)-1] *= 1e3; return v },
				Local:       func(v []float64) []float64 { v[2] += 0.3; return v },
			}[kind],
			"second": map[Kind]func(v []float64) []float64{
				Statistics:  func(v []float64) []float64 { v[1] = 0.5; return v },
				Derivatives: func(v []float64) []float64 { v[1] = -1; return v },
				Local:       func(v []float64) []float64 { v[1] = -1; return v },
			}[kind],
		} {
			err := r.Check(change(append([]float64(nil), good...)))
			var e *loss.Error
			if !errors.As(err, &e) {
				t.Errorf("%s, %s: %v", kind, what, err)
			}
		}
	}
	done := Round{Kind: Done, Settings: all[Local].Settings}
	if done.Check(nil) == nil {
		t.Error("a federation that is done takes a payload")
	}
}

// The bounds that Check and the local steps rely on.
func TestBoundsOfTheDerivatives(t *testing.T) {
	for _, gamma := range []float64{0, 0.05, 0.1, 0.3, 0.6, 1, 2, 3, 5, 10, 30, 100} {
		for m := -60.0; m < 60; m += 0.01 {
			_, f1, f2 := loss.Margin(m, gamma)
			if math.Abs(f1) > 1+gamma/math.E || math.Abs(f2) > 1+3*gamma || f2 > 0.25*(1+0.7*gamma) {
				t.Fatalf("γ=%g: %g and %g at %g", gamma, f1, f2, m)
			}
		}
	}
}

func FuzzCheck(f *testing.F) {
	all := rounds(f, sample(1, 30, 2, 0.3, 1))
	f.Add(uint8(1), []byte("payload"))
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		r, ok := all[Kind(kind%4)]
		if !ok {
			r = Round{Kind: Done}
		}
		payload := make([]float64, r.Kind.Length(2))
		for i, b := range data {
			if i < 8*len(payload) {
				payload[i/8] = math.Float64frombits(math.Float64bits(payload[i/8]) | uint64(b)<<(8*(i%8)))
			}
		}
		if r.Check(payload) == nil && !finite(norm(payload)) {
			t.Error("a payload without a norm passes")
		}
		_ = r.Check(payload[:min(len(payload), len(data))])
	})
}

func TestRowsAreChecked(t *testing.T) {
	good := sample(1, 5, 2, 0.5, 1)
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	bad := []Rows{{}, {Columns: 2, X: good.X[1:], Y: good.Y}, {Columns: 1, X: []float64{math.NaN()}, Y: []float64{1}}, {Columns: 1, X: []float64{1}, Y: []float64{2}}}
	for i, r := range bad {
		if r.Check() == nil {
			t.Errorf("bad rows %d pass", i)
		}
	}
}
