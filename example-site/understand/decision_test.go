package understand

import (
	"math"
	"testing"
)

func TestLevel(t *testing.T) {
	for _, gamma := range []float64{0, 0.7, 2, 5} {
		for _, weight := range []float64{0.5, 1, 20, 100} {
			d := NewDecision(gamma, 1, weight)
			if want := 1 / (1 + weight); math.Abs(d.Own()-want) > 1e-15 {
				t.Errorf("weight %g: the model's own threshold is %g, not %g", weight, d.Own(), want)
			}
			if d.Level(d.Own()) != 0 {
				t.Errorf("γ = %g, weight %g: its own threshold is at %g", gamma, weight, d.Level(d.Own()))
			}
			for _, threshold := range []float64{0.002, 0.05, 1 / (1 + weight) * (1 + 1e-9), 0.5, 0.9, 0.998} {
				z := d.Level(threshold)
				if got := probability(d.PosteriorLogit(z)); math.Abs(got-threshold) > 1e-12 {
					t.Errorf("γ = %g, weight %g: the posterior at the level of %g is %g", gamma, weight, threshold, got)
				}
			}
		}
	}
}

func TestJudge(t *testing.T) {
	m := &Model{Weights: []float64{10, 0}, Intercept: -1}
	var surface Surface
	surface.Compute(m)
	// The line is x = 0.1.
	points := []Point{{0.1001, 0, true}, {0.0999, 0, true}, {1, 1, true}, {-1, -1, false}, {0.1001, 0.5, false}}
	wrong := make([]bool, len(points))
	s := Judge(m, &surface, points, 0, wrong)
	if s.Rare != 2 || s.AllRare != 3 || s.Common != 1 || s.AllCommon != 2 {
		t.Errorf("%+v", s)
	}
	for i, want := range []bool{false, true, false, false, true} {
		if wrong[i] != want {
			t.Errorf("%v is on the wrong side: %v", points[i], wrong[i])
		}
	}
	if want := probability(0.001); math.Abs(s.MedianRare-want) > 1e-6 {
		t.Errorf("the median rare point has %g, not %g", s.MedianRare, want)
	}
	if none := Judge(m, &surface, nil, 0, nil); !math.IsNaN(none.MedianCommon) {
		t.Errorf("%+v", none)
	}
}

func TestWords(t *testing.T) {
	for want, s := range map[string]Sides{
		"16 of 20 rare points and 380 of 400 common ones are on their side of the line.":                                         {Rare: 16, AllRare: 20, Common: 380, AllCommon: 400},
		"0 of 1 rare point and 1,200 of 1,200 common ones are on their side of the line. Every point is taken for a common one.": {AllRare: 1, Common: 1200, AllCommon: 1200},
		"2 of 2 rare points and 0 of 3 common ones are on their side of the line. Every point is taken for a rare one.":          {Rare: 2, AllRare: 2, AllCommon: 3},
	} {
		if got := s.Words(); got != want {
			t.Errorf("%q\nnot %q", got, want)
		}
	}
	for i, want := range []bool{true, true, true, false} {
		if got := Missing(i&1, i>>1); (got != "") != want {
			t.Errorf("%d common, %d rare: %q", i&1, i>>1, got)
		}
	}
}
