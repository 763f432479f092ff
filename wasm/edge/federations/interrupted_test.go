package federations

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"testing"
)

// Wherever the program dies, before a statement or right after it, nothing is
// lost and nothing is counted twice: the model is the same to the bit.
func TestTheProgramMayDieAnywhere(t *testing.T) {
	members := tabs(5)
	store := newMemory()
	s, _ := create(t, store, members, Federation{})
	begun := store.calls
	want := run(t, s, members, forwards)
	if n := store.kept(); n != 0 {
		t.Fatalf("%d updates are kept", n)
	}
	calls := store.calls
	if calls < 100 {
		t.Fatalf("only %d calls", calls)
	}
	for at := begun + 1; at <= calls; at++ {
		for _, die := range []int{at, -at} {
			store := newMemory()
			s, _ := create(t, store, members, Federation{})
			store.dieAt = die
			got := run(t, s, members, forwards)
			if got.Number != want.Number {
				t.Fatalf("dying at %d: %d rounds, not %d", die, got.Number, want.Number)
			}
			for i, v := range got.Theta {
				if v != want.Theta[i] {
					t.Fatalf("dying at %d: %v, not %v", die, got.Theta, want.Theta)
				}
			}
			for number, round := range store.rounds["f"] {
				if kept := len(round.State) > 0; kept != (number == want.Number) && die < calls-10 && -die < calls-10 {
					t.Fatalf("dying at %d: the state of round %d of %d is kept: %v", die, number, want.Number, kept)
				}
			}
			// Those of the last round are, if it died before they were removed.
			if n := store.kept(); n != 0 && (n != len(members) || die < calls-10 && -die < calls-10) {
				t.Fatalf("dying at %d of %d: %d updates are kept", die, calls, n)
			}
			if err := s.Sweep(context.Background(), 0); err != nil || store.kept() != 0 {
				t.Fatalf("dying at %d: %d updates are kept (%v)", die, store.kept(), err)
			}
		}
	}
}

// almost is a federation in its second round, of which the last update is
// missing; what it returns sends it.
func almost(t *testing.T, members []tab) (*memory, *Service, func() (Taken, error)) {
	t.Helper()
	store := newMemory()
	s, _ := create(t, store, members, Federation{})
	send(t, s, members...)
	round, r := newest(t, s)
	last := len(members) - 1
	send(t, s, members[:last]...)
	return store, s, func() (Taken, error) {
		return s.Take(context.Background(), "f", round.Number, members[last].name, given(members[last].answer(r)))
	}
}

// Whatever others do before any call of who closes a round, all rounds are the
// same to the bit: close it first and forget its updates, go on to the end, or
// sweep.
func TestOthersMayBeFaster(t *testing.T) {
	members := tabs(2*atATime + 5) // which are read and removed in parts
	undisturbed, s, send := almost(t, members)
	before := undisturbed.calls
	if _, err := send(); err != nil {
		t.Fatal(err)
	}
	calls := undisturbed.calls - before
	run(t, s, members, forwards)
	for name, others := range map[string]func(s *Service) error{
		"one round":  func(s *Service) error { _, err := s.Advance(context.Background(), "f"); return err },
		"all rounds": func(s *Service) error { run(t, s, members, forwards); return nil },
		"a sweep":    func(s *Service) error { return s.Sweep(context.Background(), 0) },
	} {
		for at := 1; at <= calls; at++ {
			store, s, send := almost(t, members)
			store.meetAt, store.others = store.calls+at, func() {
				if err := others(s); err != nil {
					t.Errorf("%s before call %d: %v", name, at, err)
				}
			}
			if _, err := send(); err != nil {
				t.Errorf("%s before call %d: %v", name, at, err)
			}
			run(t, s, members, forwards)
			if store.meetAt != 0 || !reflect.DeepEqual(store.rounds, undisturbed.rounds) || store.kept() != 0 {
				t.Errorf("%s before call %d: other rounds, or %d updates are kept", name, at, store.kept())
			}
		}
	}
}

func TestCreatingMayDie(t *testing.T) {
	for _, die := range []int{1, -1, 2, -2} {
		store := newMemory()
		store.dieAt = die
		s := &Service{Store: store, Now: (&clock{1}).Now}
		if _, err := s.Create(context.Background(), Federation{ID: "f", Seconds: 60}, settings); !errors.Is(err, errDied) {
			t.Fatal(err)
		}
		if die == -2 {
			continue // it is all there
		}
		if _, _, _, err := s.Newest(context.Background(), "f", -1); err != ErrUnknown {
			t.Errorf("dying at %d: %v", die, err)
		}
		for before, left := range map[int64]bool{1: die != 1, 2: false} { // it was created at 1
			swept := *store
			swept.federations = maps.Clone(store.federations)
			s := &Service{Store: &swept}
			if err := s.Sweep(context.Background(), before); err != nil || (len(swept.federations) == 1) != left {
				t.Errorf("dying at %d: %d federations are left of those before %d (%v)", die, len(swept.federations), before, err)
			}
		}
	}
}
