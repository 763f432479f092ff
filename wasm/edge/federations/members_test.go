package federations

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/focalfit/focalfit/internal/federated"
)

// tab is a member with rows of its own.
type tab struct {
	name string
	rows federated.Rows
}

const columns = 3

// tabs are members that hold rows of an overlapping problem with few positives,
// some of them none.
func tabs(n int) []tab {
	random := rand.New(rand.NewPCG(7, 7))
	list := make([]tab, n)
	for i := range list {
		t := tab{name: "tab " + strconv.Itoa(i)}
		for range 20 + 10*i {
			y := 0.0
			if i%3 == 0 && random.IntN(10) == 0 {
				y = 1
			}
			for j := range columns {
				t.rows.X = append(t.rows.X, random.NormFloat64()+y*float64(j))
			}
			t.rows.Y = append(t.rows.Y, y)
		}
		t.rows.Columns = columns
		list[i] = t
	}
	return list
}

func encode(numbers []float64) []byte {
	var b []byte
	for _, v := range numbers {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

// given is a payload that is there to be read.
func given(payload []byte) func(int) ([]byte, error) {
	return func(int) ([]byte, error) { return payload, nil }
}

// answer is what a member sends for a round.
func (t tab) answer(r federated.Round) []byte {
	if r.Kind == federated.Statistics {
		return encode(r.Statistics(t.rows))
	}
	return encode(r.Derivatives(t.rows))
}

var settings = federated.Settings{Columns: columns, Gamma: 2, Balanced: true, L2: 1e-3}

type clock struct{ now int64 }

func (c *clock) Now() int64 { return c.now }

// create makes a federation with members.
func create(t *testing.T, store *memory, members []tab, f Federation) (*Service, *clock) {
	t.Helper()
	time := &clock{1000}
	s := &Service{Store: store, Now: time.Now}
	f.ID = "f"
	if f.Seconds == 0 {
		f.Seconds = 60
	}
	if _, err := s.Create(context.Background(), f, settings); err != nil {
		t.Fatal(err)
	}
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = m.name
	}
	if err := s.Invite(context.Background(), "f", names); err != nil {
		t.Fatal(err)
	}
	return s, time
}

// run has the members answer until the federation is done; every call that
// fails because the store died is made again, as a member would.
func run(t *testing.T, s *Service, members []tab, order func(n int) []int) federated.Round {
	t.Helper()
	for range 60 {
		_, round, state, err := s.Newest(context.Background(), "f", -1)
		if errors.Is(err, errDied) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		r := state.Round()
		if r.Kind == federated.Done || round.Failure != "" {
			return r
		}
		for _, i := range order(len(members)) {
			if _, err := s.Take(context.Background(), "f", r.Number, members[i].name, given(members[i].answer(r))); err != nil && !errors.Is(err, errDied) {
				t.Fatal(err)
			}
		}
		// Should the last one's have died on the way.
		if _, err := s.Advance(context.Background(), "f"); err != nil && !errors.Is(err, errDied) {
			t.Fatal(err)
		}
	}
	t.Fatal("the federation does not end")
	return federated.Round{}
}

// newest returns the newest round, as it is stored and as members are told.
func newest(t *testing.T, s *Service) (*Round, federated.Round) {
	t.Helper()
	_, round, state, err := s.Newest(context.Background(), "f", -1)
	if err != nil {
		t.Fatal(err)
	}
	return round, state.Round()
}

// send takes updates of the newest round from these members, one after the other.
func send(t *testing.T, s *Service, members ...tab) {
	t.Helper()
	round, r := newest(t, s)
	for _, m := range members {
		if _, err := s.Take(context.Background(), "f", round.Number, m.name, given(m.answer(r))); err != nil {
			t.Fatal(err)
		}
	}
}

func forwards(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}
