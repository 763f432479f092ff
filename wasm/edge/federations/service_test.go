package federations

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/focalfit/focalfit/internal/federated"
	"github.com/focalfit/focalfit/loss"
)

func TestAFederationEnds(t *testing.T) {
	members := tabs(7)
	store := newMemory()
	s, _ := create(t, store, members, Federation{})
	r := run(t, s, members, forwards)
	if r.Status != federated.Converged {
		t.Errorf("it is %v after %d rounds", r.Status, r.Number)
	}
	// It is where all rows in one place would have ended.
	all := tab{name: "all"}
	all.rows.Columns = columns
	for _, m := range members {
		all.rows.X, all.rows.Y = append(all.rows.X, m.rows.X...), append(all.rows.Y, m.rows.Y...)
	}
	state, err := federated.Start(federated.Settings{Columns: columns, Gamma: 2, Balanced: true, L2: 1e-3, MinClients: 1})
	if err != nil {
		t.Fatal(err)
	}
	for state.Round().Kind != federated.Done {
		numbers, err := decode(all.answer(state.Round()))
		if err != nil {
			t.Fatal(err)
		}
		sum := state.Aggregate()
		if err := sum.Add(all.name, numbers); err != nil {
			t.Fatal(err)
		}
		result, err := sum.Result()
		if err != nil {
			t.Fatal(err)
		}
		if state, err = state.Next(result); err != nil {
			t.Fatal(err)
		}
	}
	if want := state.Round(); math.Abs(r.Value-want.Value) > 1e-9*want.Value {
		t.Errorf("J is %v, of all rows in one place %v", r.Value, want.Value)
	}
}

// The order in which updates come changes not a bit.
func TestOrderDoesNotMatter(t *testing.T) {
	members := tabs(6)
	var first []float64
	for seed := range uint64(5) {
		random := rand.New(rand.NewPCG(seed, 0))
		s, _ := create(t, newMemory(), members, Federation{})
		r := run(t, s, members, func(n int) []int { return random.Perm(n) })
		if first == nil {
			first = r.Theta
		}
		for i, v := range r.Theta {
			if v != first[i] {
				t.Fatalf("order %d: %v, not %v", seed, r.Theta, first)
			}
		}
	}
}

func TestRepeatedAndLateUpdatesCountOnce(t *testing.T) {
	members := tabs(4)
	store := newMemory()
	s, _ := create(t, store, members, Federation{})
	_, r := newest(t, s)
	take := func(i, round int) Taken {
		taken, err := s.Take(context.Background(), "f", round, members[i].name, given(members[i].answer(r)))
		if err != nil {
			t.Fatal(err)
		}
		return taken
	}
	if got := take(0, 0); got != Counted {
		t.Errorf("%v", got)
	}
	first := bytes.Clone(store.updates["f"][0]["tab 0"])
	members[0].rows.X[0] += 5
	if got := take(0, 0); got != Again {
		t.Errorf("%v", got)
	}
	if !bytes.Equal(store.updates["f"][0]["tab 0"], first) {
		t.Error("the second update took the place of the first")
	}
	for i := 1; i < 4; i++ {
		take(i, 0)
	}
	unread := func(int) ([]byte, error) {
		t.Error("an update that cannot count is read")
		return nil, nil
	}
	for _, m := range members {
		if got, err := s.Take(context.Background(), "f", 0, m.name, unread); got != Late || err != nil {
			t.Errorf("of a round before it is %v (%v)", got, err)
		}
	}
	if _, err := s.Take(context.Background(), "f", 9, "tab 0", unread); err != ErrRound {
		t.Errorf("of a round to come it is %v", err)
	}
	if _, err := s.Take(context.Background(), "g", 0, "tab 0", unread); err != ErrUnknown {
		t.Errorf("of no federation it is %v", err)
	}
}

func TestWhoVanishesStopsNothing(t *testing.T) {
	members := tabs(6)
	store := newMemory()
	s, time := create(t, store, members, Federation{})
	send(t, s, members[:4]...)
	number := func() int { round, _ := newest(t, s); return round.Number }
	if err := s.Tick(context.Background(), 10); err != nil || number() != 0 {
		t.Fatalf("round %d began before the deadline (%v)", number(), err)
	}
	time.now += 60_000
	if err := s.Tick(context.Background(), 10); err != nil || number() != 1 {
		t.Fatalf("round %d after the deadline (%v)", number(), err)
	}
	// Too few are not enough, however long it takes, and no round waits for theirs.
	send(t, s, members[:2]...)
	time.now += 1e9
	if err := s.Tick(context.Background(), 10); err != nil || number() != 1 {
		t.Fatalf("round %d began with two members (%v)", number(), err)
	}
	if ids, _ := store.Open(context.Background(), time.now, 10); len(ids) != 0 {
		t.Fatalf("%v are open", ids)
	}
	if send(t, s, members[2]); number() != 2 {
		t.Fatalf("round %d with three members after the deadline", number())
	}
}

func TestAFederationKnowsHowManyAreInvited(t *testing.T) {
	members := tabs(5)
	store := newMemory()
	s, _ := create(t, store, members[:4], Federation{})
	if f := store.federations["f"]; f.Members != 4 {
		t.Errorf("%+v", f)
	}
	// The program dies before it has counted: the round waits for all the same.
	store.dieAt = -(store.calls + 4)
	if err := s.Invite(context.Background(), "f", []string{members[4].name}); err != errDied || len(store.invited["f"]) != 5 || store.federations["f"].Members != 4 {
		t.Fatalf("%d are invited, %d counted (%v)", len(store.invited["f"]), store.federations["f"].Members, err)
	}
	send(t, s, members[:4]...)
	if r, _ := newest(t, s); r.Number != 0 {
		t.Errorf("round %d began without a member", r.Number)
	}
	send(t, s, members[4])
	if r, _ := newest(t, s); r.Number != 1 {
		t.Errorf("round %d with all members", r.Number)
	}
}

func TestAQuorumCloses(t *testing.T) {
	members := tabs(6)
	s, _ := create(t, newMemory(), members, Federation{Quorum: 4})
	for i, m := range members[:4] {
		if r, _ := newest(t, s); r.Number != 0 {
			t.Fatalf("round %d after %d updates", r.Number, i)
		}
		send(t, s, m)
	}
	if r, _ := newest(t, s); r.Number != 1 {
		t.Fatalf("round %d after the quorum", r.Number)
	}
}

func TestRowsOfOneClassEndAFederation(t *testing.T) {
	members := tabs(3)
	for i := range members {
		clear(members[i].rows.Y)
	}
	store := newMemory()
	s, _ := create(t, store, members, Federation{})
	run(t, s, members, forwards)
	r, _ := newest(t, s)
	if r.Failure == "" || r.Number != 1 || store.kept() != 0 {
		t.Errorf("round %d: %q, %d updates are kept", r.Number, r.Failure, store.kept())
	}
	a, err := s.Advance(context.Background(), "f")
	if err != nil || a.Failure != r.Failure {
		t.Errorf("%+v %v", a, err)
	}
}

func TestUpdatesThatCannotBeAreRefused(t *testing.T) {
	members := tabs(3)
	store := newMemory()
	s, _ := create(t, store, members, Federation{})
	_, r := newest(t, s)
	good := members[0].answer(r)
	nan := bytes.Clone(good)
	binary.LittleEndian.PutUint64(nan[16:], math.Float64bits(math.NaN()))
	for _, bad := range [][]byte{nil, good[:len(good)-8], good[:len(good)-1], append(bytes.Clone(good), make([]byte, 8)...), nan} {
		_, err := s.Take(context.Background(), "f", 0, "tab 0", given(bad))
		var stated *loss.Error
		if !errors.As(err, &stated) {
			t.Errorf("%d bytes: %v", len(bad), err)
		}
	}
	if n := len(store.updates["f"][0]); n != 0 {
		t.Errorf("%d updates were taken", n)
	}
}
