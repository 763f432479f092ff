package federated

import (
	"strconv"
	"testing"
)

// begin returns the state before round 0.
func begin(t testing.TB, settings Settings) State {
	t.Helper()
	s, err := Start(settings)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// hold holds a round: it returns the state after these payloads.
func hold(t testing.TB, s State, payloads ...[]float64) State {
	t.Helper()
	a := s.Aggregate()
	for i, p := range payloads {
		if err := a.Add(strconv.Itoa(i), p); err != nil {
			t.Fatal(err)
		}
	}
	result, err := a.Result()
	if err != nil {
		t.Fatal(err)
	}
	if s, err = s.Next(result); err != nil {
		t.Fatal(err)
	}
	return s
}

// answer returns the state after a round of these clients.
func answer(t testing.TB, s State, clients ...Rows) State {
	t.Helper()
	r := s.Round()
	payloads := make([][]float64, len(clients))
	for i, c := range clients {
		payloads[i] = payloadOf(&r, c)
	}
	return hold(t, s, payloads...)
}

// measured returns the round after that of statistics.
func measured(t testing.TB, settings Settings, clients ...Rows) Round {
	t.Helper()
	return answer(t, begin(t, settings), clients...).Round()
}

// states returns those of a federation from start to end.
func states(t testing.TB, settings Settings, clients []Rows) []State {
	t.Helper()
	s := begin(t, settings)
	out := []State{s}
	for s.kind != Done {
		s = answer(t, s, clients...)
		out = append(out, s)
	}
	return out
}

// run returns the last round of a federation, which is Done.
func run(t testing.TB, settings Settings, clients []Rows) Round {
	t.Helper()
	all := states(t, settings, clients)
	return all[len(all)-1].Round()
}

func payloadOf(r *Round, rows Rows) []float64 {
	switch r.Kind {
	case Statistics:
		return r.Statistics(rows)
	case Derivatives:
		return r.Derivatives(rows)
	}
	return r.Local(rows, nil)
}

func trim(s Settings) Settings {
	s.Rule, s.Trim = TrimmedMean, 0.4
	return s
}
