package federations

import (
	"context"
	"errors"
	"strconv"
	"testing"

	"github.com/focalfit/focalfit/internal/federated"
	"github.com/focalfit/focalfit/loss"
)

// As many as SCALE.md counts: of a question, an update, and the end of a round.
func TestStatements(t *testing.T) {
	members := tabs(4)
	store, s, last := almost(t, members)
	count := func(do func()) int {
		before := store.calls
		do()
		return store.calls - before
	}
	asks := count(func() { newest(t, s) })
	closes := count(func() {
		if _, err := last(); err != nil {
			t.Fatal(err)
		}
	})
	send(t, s, members[:2]...)
	sends := count(func() { send(t, s, members[2]) }) - asks // enough, but not all
	if asks != 2 || sends != 4 || closes != sends+10 {
		t.Errorf("%d, %d, %d", asks, sends, closes-sends)
	}
}

func TestMoreMembersThanARoundHasAreNotInvited(t *testing.T) {
	store := newMemory()
	s := &Service{Store: store, Now: func() int64 { return 0 }}
	settings := federated.Settings{Columns: 4096, Mode: federated.Averaging, Rule: federated.Median}
	if _, err := s.Create(context.Background(), Federation{ID: "f"}, settings); err != nil {
		t.Fatal(err)
	}
	names := make([]string, 326)
	for i := range names {
		names[i] = strconv.Itoa(i)
	}
	for range 2 {
		if err := s.Invite(context.Background(), "f", names[:325]); err != nil {
			t.Error(err)
		}
	}
	var stated *loss.Error
	if err := s.Invite(context.Background(), "f", names[325:]); !errors.As(err, &stated) || len(store.invited["f"]) != 325 {
		t.Errorf("%d are invited (%v)", len(store.invited["f"]), err)
	}
	if err := s.Invite(context.Background(), "g", names); err != ErrUnknown {
		t.Error(err)
	}
}

// Of so many the end of a round, which the last update's request holds, has statements enough.
func TestMostMembers(t *testing.T) {
	for _, s := range []federated.Settings{{Columns: 1}, {Columns: 30}, {Columns: 256}, {Columns: 4096, Mode: federated.Averaging}} {
		ends := func(n int) (statements int) {
			for _, kind := range []federated.Kind{federated.Statistics, federated.Derivatives} {
				if s.Mode == federated.Averaging && kind == federated.Derivatives {
					kind = federated.Local
				}
				page := PageOf(8 * kind.Length(s.Columns))
				statements = max(statements, 14+(n+page-1)/page+(n+MostRemoved-1)/MostRemoved)
			}
			return statements
		}
		if n := MostMembers(s); n < 10_000 || ends(n) > Statements || ends(n+n/50) < Statements {
			t.Errorf("%d columns: %d members take %d statements", s.Columns, n, ends(n))
		}
	}
}
