package federated

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
)

func epsilonOf(t testing.TB, noise float64, rounds int, delta float64) float64 {
	t.Helper()
	e, err := Epsilon(noise, rounds, delta)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestEpsilonIsTheLeastOverTheOrders(t *testing.T) {
	// By hand, log(1e5) = 11.512925464970229: 1/2 + √23.02585… = 5.298525…
	numtest.AssertClose(t, "σ = 1, one round", epsilonOf(t, 1, 1, 1e-5), 5.298525912188081, 1e-12, 0)
	for _, noise := range []float64{0.5, 1, 4, 30} {
		for _, rounds := range []int{1, 10, 300} {
			for _, delta := range []float64{1e-9, 1e-5, 0.1} {
				least := math.Inf(1)
				for a := 1e-6; a < 1e6; a *= 1.0005 { // α − 1
					least = min(least, float64(rounds)*(1+a)/(2*noise*noise)+math.Log(1/delta)/a)
				}
				numtest.AssertClose(t, "ε", epsilonOf(t, noise, rounds, delta), least, 1e-6, 0)
			}
		}
	}
}

// The exact curve of the Gaussian mechanism (Balle and Wang, "Improving the
// Gaussian Mechanism for Differential Privacy", ICML 2018, theorem 5): T rounds
// are one of deviation σ/√T. The bound is above it, and not by much.
func TestEpsilonIsAboveTheExactCurve(t *testing.T) {
	phi := func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
	for _, noise := range []float64{1, 3, 10} {
		for _, rounds := range []int{1, 20, 100} {
			const delta = 1e-6
			s := noise / math.Sqrt(float64(rounds))
			low, high := 0.0, 1e4
			for range 200 {
				e := (low + high) / 2
				if phi(1/(2*s)-e*s)-math.Exp(min(e, 700))*phi(-1/(2*s)-e*s) > delta {
					low = e
				} else {
					high = e
				}
			}
			if e := epsilonOf(t, noise, rounds, delta); e < high || e > 1.6*high {
				t.Errorf("σ = %g, %d rounds: ε = %g, exactly %g", noise, rounds, e, high)
			}
		}
	}
}

func TestEpsilonGrowsAndFalls(t *testing.T) {
	last := math.Inf(1)
	for noise := 0.1; noise < 100; noise *= 1.3 {
		e := epsilonOf(t, noise, 10, 1e-5)
		if e >= last || epsilonOf(t, noise, 11, 1e-5) <= e || epsilonOf(t, noise, 10, 1e-6) <= e {
			t.Errorf("σ = %g: ε = %g is not monotone", noise, e)
		}
		last = e
	}
	if e := epsilonOf(t, 0, 1, 1e-5); !math.IsInf(e, 1) {
		t.Errorf("without noise ε = %g", e)
	}
	if e := epsilonOf(t, 0, 0, 1e-5); e != 0 {
		t.Errorf("of no round ε = %g", e)
	}
	for _, bad := range [][3]float64{{-1, 1, 0.1}, {math.NaN(), 1, 0.1}, {1, -1, 0.1}, {1, 1, 0}, {1, 1, 1}} {
		if _, err := Epsilon(bad[0], int(bad[1]), bad[2]); err == nil {
			t.Errorf("%g is no error", bad)
		}
	}
}

// The noise of MinClients clients but one adds up to the deviation σ·C, and nothing of a
// client but its clipped and noised Δ is in the payload.
func TestNoiseIsAsLongAsItSays(t *testing.T) {
	rows := sample(1, 60, 2, 0.3, 3)
	r := measured(t, Settings{Columns: 2, Mode: Averaging, Noise: 2, Clip: 0.05, MinClients: 4}, rows, rows, rows, rows)
	quiet := r
	quiet.Settings.Noise = 0
	plain := quiet.Local(rows, nil)
	numtest.AssertClose(t, "clipped to", norm(plain[2:]), 0.05, 1e-12, 0)
	normal := rand.New(rand.NewPCG(4, 4)).NormFloat64
	square, n := 0.0, 0.0
	for range 6000 {
		total := make([]float64, 3)
		for range 3 {
			p := r.Local(rows, normal)
			if p[0] != 1 || p[1] != 0 {
				t.Fatalf("the payload tells of %g rows and a loss of %g", p[0], p[1])
			}
			if err := r.Check(p); err != nil {
				t.Fatal(err)
			}
			for _, more := range [][2]float64{{2, 0}, {0, 0}, {1, 0.5}} {
				if r.Check(append(more[:], p[2:]...)) == nil {
					t.Fatalf("%g rows and a loss of %g are taken beside noise", more[0], more[1])
				}
			}
			Add(total, p[2:])
		}
		for j, v := range total {
			v -= 3 * plain[2+j]
			square, n = square+v*v, n+1
		}
	}
	numtest.AssertClose(t, "deviation", math.Sqrt(square/n), 2*0.05, 0.02, 0)
}
