package federated

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
)

// local returns the result of updates with one column, Δ being (v, −v), of
// which each is rows and v.
func local(t testing.TB, rule Rule, trim float64, updates ...[2]float64) float64 {
	t.Helper()
	s := Settings{Columns: 1, Mode: Averaging, Rule: rule, Trim: trim, MinClients: 1, Clip: 1e3}.complete()
	a := State{settings: s, kind: Local}.Aggregate()
	for _, u := range updates {
		if err := a.Add("", []float64{u[0], 2 * u[0], u[1], -u[1]}); err != nil {
			t.Fatal(err)
		}
	}
	result, err := a.Result()
	if err != nil {
		t.Fatal(err)
	}
	out := result.Numbers
	numtest.AssertClose(t, "the loss of the rows", out[1], 2*out[0], 1e-12, 0)
	numtest.AssertClose(t, "the rule of −v", out[3], -out[2], 1e-11, 1e-14)
	return out[2]
}

func TestRulesByHand(t *testing.T) {
	for _, c := range []struct {
		rule    Rule
		trim    float64
		updates [][2]float64
		want    float64
	}{
		{Mean, 0, [][2]float64{{1, 1}, {3, 5}}, 4},
		{Mean, 0, [][2]float64{{2, 1}, {0, 100}}, 1},
		{Median, 0, [][2]float64{{1, 7}, {1, 1}, {1, 2}}, 2},
		{Median, 0, [][2]float64{{1, 7}, {1, 1}, {1, 2}, {1, 4}}, 3},
		{Median, 0, [][2]float64{{2, 1}, {1, 5}, {1, 6}}, 3}, // half the weight is at 1
		{Median, 0, [][2]float64{{0, -9}, {1, 3}}, 3},
		{Median, 0, [][2]float64{{1, 1}, {1, 2}, {1e9, 100}}, 51}, // who claims many rows counts as two
		{TrimmedMean, 0.25, [][2]float64{{1, -100}, {1, 1}, {1, 2}, {1, 100}}, 1.5},
		{TrimmedMean, 0.125, [][2]float64{{1, -10}, {1, 1}, {1, 2}, {1, 10}}, 1}, // halves of the extremes
		{TrimmedMean, 0.2, [][2]float64{{2, 0}, {1, 3}, {2, 6}}, 3},
		{TrimmedMean, 0.4999999999, [][2]float64{{1, 7}, {1, 1}, {1, 2}}, 2},
	} {
		numtest.AssertClose(t, "rule", local(t, c.rule, c.trim, c.updates...), c.want, 1e-12, 0)
	}
}

// What rules that sort make of statistics is near the sums where all are honest,
// also far from 0, and stays there with some that say anything.
func TestStatisticsOfTheMiddle(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	rows := sample(8, 6000, 2, 0.1, 3)
	shifts := make([]float64, 60)
	for c := range shifts {
		shifts[c] = 0.6 * r.NormFloat64()
	}
	for i := range rows.Y {
		rows.X[2*i] = 40 + 0.5*rows.X[2*i]
		rows.X[2*i+1] += shifts[i%60]
	}
	clients := split(rows, 60, func(i int) int { return i % 60 })
	want := measured(t, Settings{Columns: 2, Mode: Averaging, MinClients: 1}, rows)
	for _, settings := range []Settings{{Columns: 2, Mode: Averaging, Rule: Median}, trim(Settings{Columns: 2, Mode: Averaging})} {
		for _, hostile := range []int{0, 6} {
			s := begin(t, settings)
			round := s.Round()
			var payloads [][]float64
			for i, c := range clients {
				p := round.Statistics(c)
				if i < hostile {
					v := []float64{1e9, -1e60, 0}[i%3]
					p = []float64{1e12, 1e12, 1e12 * v, 1e12 * v, 1e12 * v, 1e12 * v, 1e12 * v * v, 1e12 * v * v, 1e12 * v * v, 1e12 * v * v}
				}
				payloads = append(payloads, p)
			}
			got := hold(t, s, payloads...).Round()
			for class, n := range want.Counts {
				numtest.AssertClose(t, "rows of a class", got.Counts[class], n, 0.25, 0)
			}
			for j := range 2 {
				numtest.AssertClose(t, "mean", got.Mean[j], want.Mean[j], 0, 0.25*want.Scale[j])
				numtest.AssertClose(t, "deviation", got.Scale[j], want.Scale[j], 0.1, 0)
				for class := range 2 {
					numtest.AssertClose(t, "mean of a class", got.ClassMean[class][j], want.ClassMean[class][j], 0, 0.3*want.ClassScale[class][j])
					numtest.AssertClose(t, "deviation of a class", got.ClassScale[class][j], want.ClassScale[class][j], 0.2, 0)
				}
			}
		}
	}
}

// Rules that sort do not see the order of clients; none goes out of the range
// of what it is given, and up to its share of hostile clients a rule stays
// among the honest.
func TestRulesStayAmongTheHonest(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		var updates [][2]float64
		low, high := math.Inf(1), math.Inf(-1)
		for range 21 {
			v := r.NormFloat64()
			low, high = min(low, v), max(high, v)
			updates = append(updates, [2]float64{10, v})
		}
		for range 7 {
			updates = append(updates, [2]float64{10, 500 * float64(2*r.IntN(2)-1)})
		}
		shuffled := slices.Clone(updates)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for _, rule := range []Rule{Median, TrimmedMean} {
			share := 0.0
			if rule == TrimmedMean {
				share = 0.25
			}
			v := local(t, rule, share, updates...)
			if v < low || v > high {
				t.Errorf("rule %d: %g is outside of [%g, %g]", rule, v, low, high)
			}
			if again := local(t, rule, share, shuffled...); again != v {
				t.Errorf("rule %d: %g in another order %g", rule, v, again)
			}
		}
	}
}

func TestTheServerGoesOn(t *testing.T) {
	s := answer(t, begin(t, Settings{Columns: 1, Mode: Averaging, Momentum: 0.5, MinClients: 1}), sample(1, 50, 1, 0.2, 1))
	start := s.theta[0]
	for i, want := range []float64{1, 2.5, 4.25} { // v = 1, 1.5, 1.75
		s = hold(t, s, []float64{4, 8, 1, 0})
		numtest.AssertClose(t, "θ", s.theta[0]-start, want, 1e-12, 0)
		if r := s.Round(); r.Value != 2 || r.Number != 2+i {
			t.Errorf("round %d: mean loss %g", r.Number, r.Value)
		}
	}
	if _, err := s.Next(Result{Numbers: []float64{0, 0, 1, 0}}); err == nil {
		t.Error("a result of no rows is taken")
	}
}

// Stand-ins vanish where a client's classes are those of the federation: one
// client that holds everything takes gradient steps on J.
func TestOneClientTakesStepsOnJ(t *testing.T) {
	rows := sample(3, 400, 3, 0.1, 2)
	s := Settings{Columns: 3, Gamma: 2, Balanced: true, L2: 1e-3, Mode: Averaging, Steps: 1, Clip: 100, MinClients: 1}
	states := states(t, Settings{Columns: 3, Gamma: 2, Balanced: true, L2: 1e-3, MinClients: 1}, []Rows{rows})
	r := measured(t, s, rows)
	if r.ClassMean[0] == nil {
		t.Fatal("the round tells no moments of the classes")
	}
	got, gradient := r.Local(rows, nil), states[2].base.gradient
	for j, g := range gradient {
		numtest.AssertClose(t, "step", got[2+j], -g/(r.curvature(r.loss())+s.L2), 1e-10, 1e-14)
	}
	numtest.AssertClose(t, "loss", got[1]/400, states[2].base.value, 1e-12, 0)
}

// What stands in for a class has its moments: with rows of one class only, the
// mean of the stand-ins is the other's, if the rows' own mean is their class's.
func TestStandInsHaveTheMomentsOfTheirClass(t *testing.T) {
	rows := sample(6, 500, 3, 0.2, 4)
	r := measured(t, Settings{Columns: 3, Mode: Averaging, MinClients: 1}, rows)
	parts := split(rows, 2, func(i int) int { return int(rows.Y[i]) })
	for class, c := range parts {
		terms := r.terms(c)
		n := len(c.Y)
		for j := range 3 {
			mean, square, want := 0.0, 0.0, (r.ClassMean[1-class][j]-r.Mean[j])/r.Scale[j]
			for _, term := range terms[n:] {
				if term.class != float64(1-class) {
					t.Fatal("a stand-in counts as of its own class")
				}
				mean += term.x[j] / float64(n)
				square += (term.x[j] - want) * (term.x[j] - want) / float64(n)
			}
			numtest.AssertClose(t, "mean", mean, want, 1e-10, 1e-10)
			numtest.AssertClose(t, "deviation", math.Sqrt(square), r.ClassScale[1-class][j]/r.Scale[j], 1e-10, 0)
		}
	}
	few := sample(6, 500, 3, 0, 4)
	if told := measured(t, Settings{Columns: 3, Mode: Averaging, MinClients: 1}, few); told.ClassMean[1] != nil {
		t.Error("the mean of the only positive is told")
	}
}

// Clients that differ end at the optimum of J, for their last steps are single
// ones; the positives are few, so that nothing stands in for them.
func TestStepsBecomeFewer(t *testing.T) {
	clients := uneven(sample(5, 600, 3, 0.012, 6), 4)
	settings := Settings{Columns: 3, Gamma: 2, Balanced: true, L2: 1e-2, Mode: Averaging, Steps: 5, Clip: 100, MaxRounds: 2000, MinClients: 1}
	var steps []int
	all := states(t, settings, clients)
	for _, s := range all[1 : len(all)-1] {
		steps = append(steps, s.Round().Steps)
	}
	if steps[0] != 5 || steps[199] != 5 || steps[200] != 4 || steps[799] != 2 || steps[800] != 1 || steps[1998] != 1 || !slices.IsSortedFunc(steps, func(a, b int) int { return b - a }) {
		t.Errorf("steps of round 1 %d, 200 %d, 201 %d, 800 %d, 801 %d, 1999 %d", steps[0], steps[199], steps[200], steps[799], steps[800], steps[1998])
	}
	settings = Settings{Columns: 3, Gamma: 2, Balanced: true, L2: 1e-2, MinClients: 1}
	want, got := run(t, settings, clients), all[len(all)-1].Round()
	for j, v := range want.Theta {
		numtest.AssertClose(t, "θ", got.Theta[j], v, 1e-6, 1e-6)
	}
}
