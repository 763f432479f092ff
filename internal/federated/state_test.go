package federated

import (
	"bytes"
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/focalfit/focalfit/loss"
)

func bothModes() []Settings {
	return []Settings{
		{Columns: 3, Gamma: 2, Balanced: true, L2: 1e-4},
		{Columns: 3, Gamma: 2, PositiveWeight: 9, L2: 1e-4, Mode: Averaging, MaxRounds: 6, Rule: TrimmedMean, Trim: 0.2, Proximal: 0.1},
	}
}

func TestStatesAreWhatTheyWere(t *testing.T) {
	clients := uneven(sample(8, 300, 3, 0.1, 2), 1)
	for _, settings := range bothModes() {
		for i, s := range states(t, settings, clients) {
			data := s.Encode()
			back, err := Decode(data)
			if err != nil {
				t.Fatalf("state %d: %v", i, err)
			}
			if !reflect.DeepEqual(s, back) {
				t.Errorf("state %d is another after decoding:\n%+v\n%+v", i, s, back)
			}
			if !bytes.Equal(data, back.Encode()) {
				t.Errorf("state %d is written in two ways", i)
			}
			for n := range data {
				if _, err := Decode(data[:n]); err == nil {
					t.Errorf("state %d cut to %d bytes is read", i, n)
				}
			}
			if _, err := Decode(append(data, 0)); err == nil {
				t.Errorf("state %d with a byte more is read", i)
			}
		}
	}
	for _, s := range states(t, bothModes()[0], uneven(sample(8, 300, 3, 0.1, 2), 1)) {
		back, err := Decode(s.encode(1))
		s.base.clients = 0
		if err != nil || !reflect.DeepEqual(s, back) {
			t.Errorf("a state of version 1 is not read (%v)", err)
		}
	}
	s, _ := Start(bothModes()[0])
	data := s.Encode()
	data[4] = version + 1
	if _, err := Decode(data); err == nil {
		t.Error("the state of another version is read")
	}
}

func FuzzDecode(f *testing.F) {
	clients := uneven(sample(8, 100, 3, 0.1, 2), 1)
	for _, settings := range bothModes() {
		for _, s := range states(f, settings, clients) {
			f.Add(s.Encode(), uint16(0), byte(0))
			f.Add(s.Encode(), uint16(200), byte(0x7f))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, at uint16, flip byte) {
		if int(at) < len(data) {
			data[at] ^= flip
		}
		s, err := Decode(data)
		if err != nil {
			return
		}
		// What is read can go on.
		r := s.Round()
		if r.Kind == Done {
			return
		}
		rows := Rows{Columns: r.Settings.Columns}
		if r.Settings.Columns < 10 {
			rows = sample(1, 5, r.Settings.Columns, 0.5, 1)
		}
		payload := r.Statistics
		if r.Kind != Statistics {
			payload = func(rows Rows) []float64 { return make([]float64, r.Kind.Length(rows.Columns)) }
			if r.Kind == Derivatives {
				payload = r.Derivatives
			}
		}
		next, err := s.Next(Result{Numbers: payload(rows)})
		if err == nil {
			if _, err := Decode(next.Encode()); err != nil {
				t.Errorf("%v: the next state is not read: %v", r.Kind, err)
			}
		}
	})
}

// The same updates in the same order give the same bytes, and the state before
// stays what it was.
func TestNextIsRepeatable(t *testing.T) {
	clients := uneven(sample(8, 300, 3, 0.1, 2), 1)
	for _, settings := range bothModes() {
		a, b := states(t, settings, clients), states(t, settings, clients)
		for i := range a {
			if !bytes.Equal(a[i].Encode(), b[i].Encode()) {
				t.Errorf("state %d differs", i)
			}
		}
		before := a[2].Encode()
		r := a[2].Round()
		for range 2 {
			if _, err := a[2].Next(Result{Numbers: payloadOf(&r, clients[0])}); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(before, a[2].Encode()) {
			t.Error("Next changes the state that it is called of")
		}
	}
}

func TestWhatCannotGoOn(t *testing.T) {
	rows := sample(8, 300, 3, 0.1, 2)
	settings := bothModes()[0]
	s, _ := Start(settings)
	r := s.Round()
	a := s.Aggregate()
	for range 2 {
		if err := a.Add("", r.Statistics(rows)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.Result(); err == nil {
		t.Error("two clients suffice where three are asked for")
	}
	if err := a.Add("", nil); err == nil || a.Clients() != 2 {
		t.Error("an empty payload is taken")
	}
	one := r.Statistics(Rows{Columns: 3, X: rows.X[:9], Y: []float64{1, 1, 1}})
	var e *loss.Error
	if _, err := s.Next(Result{Numbers: one}); !errors.As(err, &e) || e.Code != loss.OneClass {
		t.Errorf("rows of one class: %v", err)
	}
	nan := r.Statistics(rows)
	nan[4] = math.NaN()
	for _, bad := range [][]float64{nil, one[1:], nan} {
		if _, err := s.Next(Result{Numbers: bad}); err == nil {
			t.Error("a result of the wrong length, or that is not finite, is taken")
		}
	}
	all := states(t, settings, uneven(rows, 1))
	last := all[len(all)-1]
	if _, err := last.Next(Result{Numbers: one}); err == nil {
		t.Error("a federation that is done goes on")
	}
	if err := last.Aggregate().Add("", nil); err == nil {
		t.Error("a federation that is done takes a payload")
	}
	settings.MaxRounds = 4
	all = states(t, settings, uneven(rows, 1))
	if r := all[len(all)-1].Round(); r.Status != Exhausted || r.Number != 4 || r.Value == 0 {
		t.Errorf("after the last round: %v in round %d, J = %g", r.Status, r.Number, r.Value)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	good := Settings{Columns: 4, Gamma: 2, L2: 1e-4}
	averaging := Settings{Columns: 4, Gamma: 2, Mode: Averaging}
	for _, s := range []Settings{good, averaging} {
		if err := s.Check(); err != nil {
			t.Error(err)
		}
	}
	for option, change := range map[string]func(s, a *Settings){
		"mode":           func(s, a *Settings) { s.Clip, a.Mode = 1, 7 },
		"columns":        func(s, a *Settings) { s.Columns, a.Columns = 257, 0 },
		"gamma":          func(s, a *Settings) { s.Gamma, a.Gamma = -1, math.NaN() },
		"classWeight":    func(s, a *Settings) { s.PositiveWeight, a.PositiveWeight, a.Balanced = -2, 3, true },
		"l2":             func(s, a *Settings) { s.L2, a.L2 = -1, math.Inf(1) },
		"maxRounds":      func(s, a *Settings) { s.MaxRounds, a.MaxRounds = 1, 1e6 },
		"tolerance":      func(s, a *Settings) { s.Tolerance, a.Tolerance = 2, -1 },
		"minimumClients": func(s, a *Settings) { s.MinClients, a.MinClients = -1, 1e7 },
		"steps":          func(s, a *Settings) { a.Steps = -1 },
		"proximal":       func(s, a *Settings) { a.Proximal = math.NaN() },
		"clip":           func(s, a *Settings) { a.Clip = -1 },
		"noise":          func(s, a *Settings) { a.Noise, a.Rule = 1, Median },
		"rule":           func(s, a *Settings) { a.Rule = 3 },
		"trim":           func(s, a *Settings) { a.Rule, a.Trim = TrimmedMean, 0.5 },
		"momentum":       func(s, a *Settings) { a.Momentum = 1 },
	} {
		s, a := good, averaging
		change(&s, &a)
		for _, s := range []Settings{s, a} {
			if s == good || s == averaging {
				continue
			}
			_, err := Start(s)
			var e *loss.Error
			if !errors.As(err, &e) || e.Option != option {
				t.Errorf("%s: %v", option, err)
			}
		}
	}
}
