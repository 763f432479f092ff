package federated

import (
	"reflect"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
)

// A federation ends at the optima that another program found for package
// linear: those of two classes, one γ and all rows weighing the same.
func TestExactReachesTheOptimaOfLinear(t *testing.T) {
	var golden struct {
		Cases []struct {
			Dataset                   string
			Positive                  *int
			Gamma                     []float64
			Weights                   any
			L2                        float64
			Standardize, FitIntercept bool
			SampleWeight              *string
			Objective                 float64
			StandardizedIntercept     float64
			StandardizedNorm          float64
		}
	}
	numtest.Load(t, "../../linear/testdata/optima.json", &golden)
	tables := map[string]Rows{"breast_cancer": readTable(t, "breast_cancer", 1), "digits": readTable(t, "digits", 8)}
	compared := 0
	for _, c := range golden.Cases {
		_, listed := c.Weights.([]any)
		if listed || c.Positive == nil || !c.Standardize || !c.FitIntercept || c.SampleWeight != nil || c.Gamma[0] != c.Gamma[1] {
			continue
		}
		compared++
		rows := tables[c.Dataset]
		r := run(t, Settings{Columns: rows.Columns, Gamma: c.Gamma[0], Balanced: c.Weights != nil, L2: c.L2}, uneven(rows, 3))
		numtest.AssertClose(t, "objective", r.Value, c.Objective, 1e-11, 0)
		d := rows.Columns
		numtest.AssertClose(t, "intercept", r.Theta[d], c.StandardizedIntercept, 1e-6, 1e-6)
		numtest.AssertClose(t, "‖w‖", norm(r.Theta[:d]), c.StandardizedNorm, 1e-6, 0)
	}
	if compared < 8 {
		t.Errorf("only %d compared", compared)
	}
}

// A step that the loss does not bear out is taken back, and the next starts at
// the last accepted point.
func TestABadStepIsTakenBack(t *testing.T) {
	rows := sample(11, 400, 2, 0.05, 2)
	all := states(t, Settings{Columns: 2, Gamma: 2, L2: 1e-4, MinClients: 1}, []Rows{rows})
	at := all[3]
	r := at.Round()
	result := r.Derivatives(rows)
	result[1] *= 100
	next, err := at.Next(Result{result, at.base.clients})
	if err != nil {
		t.Fatal(err)
	}
	long, short := 0.0, 0.0
	for j, v := range at.base.theta {
		if next.base.theta[j] != v {
			t.Fatal("a bad step is accepted")
		}
		long += (at.theta[j] - v) * (at.theta[j] - v)
		short += (next.theta[j] - v) * (next.theta[j] - v)
	}
	if !(short > 0 && short < 0.7*long) {
		t.Errorf("the step taken instead is %g of it", short/long)
	}
	if back, err := Decode(next.Encode()); err != nil || !reflect.DeepEqual(back, next) {
		t.Errorf("the state after it is another after decoding: %v", err)
	}
	again := next.Round()
	good, err := next.Next(Result{again.Derivatives(rows), at.base.clients})
	if err != nil {
		t.Fatal(err)
	}
	if good.base.value >= at.base.value {
		t.Errorf("the step taken instead raises J from %g to %g", at.base.value, good.base.value)
	}
}

// Where the clients are others than before, though of as many rows, the loss is
// another function: a step after which it is somewhat higher stays.
func TestOtherClientsAreAnotherFunction(t *testing.T) {
	rows := sample(11, 400, 2, 0.05, 2)
	at := states(t, Settings{Columns: 2, Gamma: 2, L2: 1e-4, MinClients: 1}, []Rows{rows})[4]
	r := at.Round()
	for clients, stays := range map[int]bool{at.base.clients: false, at.base.clients + 1: true} {
		result := r.Derivatives(rows)
		result[1] *= 1.08
		next, err := at.Next(Result{result, clients})
		if err != nil {
			t.Fatal(err)
		}
		if reflect.DeepEqual(next.base.theta, at.theta) != stays {
			t.Errorf("the step stays: %v", !stays)
		}
	}
}

// A column of one value is not to be told from the intercept: without a penalty
// its coefficient stays 0, and the others are as without it.
func TestAConstantColumnWithoutPenalty(t *testing.T) {
	rows := sample(3, 300, 2, 0.2, 1)
	with := Rows{Columns: 3, Y: rows.Y}
	for i := range rows.Y {
		with.X = append(append(with.X, rows.row(i)...), 1)
	}
	settings := Settings{Columns: 2, Gamma: 2, MinClients: 1}
	want := run(t, settings, uneven(rows, 2))
	settings.Columns = 3
	got := run(t, settings, uneven(with, 2))
	if want.Status != Converged || got.Status != Converged || got.Number > 25 {
		t.Fatalf("%v, with a constant column %v after %d rounds", want.Status, got.Status, got.Number)
	}
	for j, of := range []int{0, 1, 3} {
		numtest.AssertClose(t, "θ", got.Theta[of], want.Theta[j], 1e-6, 1e-6)
	}
	if got.Theta[2] != 0 {
		t.Errorf("the constant column has coefficient %g", got.Theta[2])
	}
}

// With curvature negative or none, the step goes down within the region.
func TestRegionOfAnIndefiniteModel(t *testing.T) {
	for _, c := range []struct{ h, g []float64 }{
		{[]float64{-1, 0, 2}, []float64{0.1, 1}},
		{[]float64{0, 0, 0}, []float64{3, -4}},
		{[]float64{1, 2, 1}, []float64{1, -1}},
		{[]float64{-1, 0, 2}, []float64{0, 1}},  // the hard case
		{[]float64{1, 0, 0}, []float64{0.1, 0}}, // a column of zeros
	} {
		for _, radius := range []float64{0.01, 1, 50} {
			s, predicted := region(c.g, c.h, radius)
			if !(predicted > 0) || norm(s) > 1.1*radius {
				t.Errorf("H %g, g %g, radius %g: step %g of %g", c.h, c.g, radius, norm(s), predicted)
			}
			// No multiple of −g in the region is much better.
			for f := 0.02; f <= 1; f += 0.02 {
				d := []float64{-f * radius / norm(c.g) * c.g[0], -f * radius / norm(c.g) * c.g[1]}
				if better := -dot(c.g, d) - 0.5*quadratic(c.h, d); better > 1.25*predicted+1e-12 {
					t.Errorf("H %g, g %g, radius %g: %g, along the gradient %g", c.h, c.g, radius, predicted, better)
				}
			}
		}
	}
}
