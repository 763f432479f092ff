package federations

import (
	"context"
	"slices"
	"testing"

	"github.com/focalfit/focalfit/internal/federated"
)

func TestUpdatesAreKeptUntilTheNextRoundBegins(t *testing.T) {
	members := tabs(4)
	store := newMemory()
	s, _ := create(t, store, members, Federation{})
	for {
		round, r := newest(t, s)
		if r.Kind == federated.Done {
			return
		}
		for i, m := range members {
			if n := store.kept(); n != i {
				t.Fatalf("round %d has %d updates, and %d are kept", round.Number, i, n)
			}
			send(t, s, m)
		}
	}
}

// Of a federation that is removed nothing is left, and nobody knows it.
func TestRemoving(t *testing.T) {
	members := tabs(atATime + 3)
	prepare := func() (*memory, *Service, func() (Taken, error)) {
		store, s, send := almost(t, members)
		store.federations["g"] = Federation{ID: "g", Minimum: 2}
		put(store.updates, "g", 0, map[string][]byte{"tab": nil})
		put(store.rounds, "g", 0, store.rounds["f"][0])
		return store, s, send
	}
	unknown := func(s *Service, send func() (Taken, error), what string, at int) {
		t.Helper()
		_, _, _, err := s.Newest(context.Background(), "f", -1)
		_, err2 := s.Advance(context.Background(), "f")
		_, err3 := send()
		if err != ErrUnknown || err2 != ErrUnknown || err3 != ErrUnknown {
			t.Errorf("%s call %d: %v, %v, %v", what, at, err, err2, err3)
		}
	}
	gone := func(store *memory, what string, at int) {
		t.Helper()
		if ids := store.ids(); !slices.Equal(ids, []string{"g"}) || store.kept() != 1 {
			t.Errorf("%s call %d: rows of %v, %d updates", what, at, ids, store.kept())
		}
	}
	t.Run("before any call of one that closes a round", func(t *testing.T) {
		for at, calls := 1, 1; at <= calls; at++ {
			store, s, send := prepare()
			before := store.calls
			store.meetAt, store.others = before+at, func() {
				if err := s.Remove(context.Background(), "f"); err != nil {
					t.Errorf("before call %d: %v", at, err)
				}
			}
			if _, err := send(); err != nil && err != ErrUnknown {
				t.Errorf("before call %d: %v", at, err)
			}
			if store.meetAt == 0 {
				calls = at + 1 // until there is no such call
			}
			unknown(s, send, "before", at)
			if n := store.kept(); n != 1 {
				t.Errorf("before call %d: %d updates are kept", at, n)
			}
			if err := s.Tick(context.Background(), 1); err != nil {
				t.Errorf("before call %d: %v", at, err)
			}
			if err := s.Sweep(context.Background(), 0); err != nil {
				t.Errorf("before call %d: %v", at, err)
			}
			gone(store, "before", at)
		}
	})
	t.Run("before any call of the minute's", func(t *testing.T) {
		for at, calls := 1, 1; at <= calls; at++ {
			store, s, send := prepare()
			s.Now = func() int64 { return 1e12 }
			store.meetAt, store.others = store.calls+at, func() {
				if err := s.Remove(context.Background(), "f"); err != nil {
					t.Errorf("before call %d: %v", at, err)
				}
			}
			if err := s.Tick(context.Background(), 2); err != nil {
				t.Errorf("before call %d of a tick: %v", at, err)
			}
			if store.meetAt == 0 {
				unknown(s, send, "before", at)
				calls = at + 1
			}
		}
	})
	store, s, _ := prepare()
	before := store.calls
	if err := s.Remove(context.Background(), "f"); err != nil {
		t.Fatal(err)
	}
	calls := store.calls - before
	t.Run("while an update is about to be taken", func(t *testing.T) {
		for at := 1; at <= calls; at++ {
			store, s, _ := prepare()
			store.meetAt, store.others = store.calls+at, func() {
				if _, err := s.Store.Take(context.Background(), "f", 1, Update{"late", nil}); err != nil {
					t.Errorf("before call %d: %v", at, err)
				}
			}
			if err := s.Remove(context.Background(), "f"); err != nil {
				t.Errorf("before call %d: %v", at, err)
			}
			gone(store, "taken before", at)
		}
	})
	t.Run("by one that dies", func(t *testing.T) {
		for at := 1; at <= calls; at++ {
			for _, sign := range []int{1, -1} {
				for _, swept := range []bool{true, false} {
					store, s, send := prepare()
					store.dieAt = sign * (store.calls + at)
					if err := s.Remove(context.Background(), "f"); err != errDied {
						t.Errorf("dying at call %d: %v", at, err)
					}
					first := at == 1 && sign == 1
					if !first {
						unknown(s, send, "dying at", at)
					}
					if swept && !first {
						if err := s.Sweep(context.Background(), 0); err != nil {
							t.Errorf("dying at call %d: %v", at, err)
						}
					} else if err := s.Remove(context.Background(), "f"); first && err != nil || !first && err != ErrUnknown {
						t.Errorf("dying at call %d, then %v", at, err)
					}
					gone(store, "dying at", at)
				}
			}
		}
	})
}
