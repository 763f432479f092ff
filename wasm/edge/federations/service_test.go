package federations

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"testing"

	"github.com/focalfit/focalfit/internal/federated"
	"github.com/focalfit/focalfit/loss"
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
		if err := sum.Add(numbers); err != nil {
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
			// Those of the last round are, if it died before they were removed.
			if n := store.kept(); n != 0 && (n != len(members) || die < calls-10 && -die < calls-10) {
				t.Fatalf("dying at %d of %d: %d updates are kept", die, calls, n)
			}
			if err := s.Sweep(context.Background()); err != nil || store.kept() != 0 {
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
		"a sweep":    func(s *Service) error { return s.Sweep(context.Background()) },
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
	// Before any call of one that closes a round.
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
		if err := s.Sweep(context.Background()); err != nil {
			t.Errorf("before call %d: %v", at, err)
		}
		gone(store, "before", at)
	}
	// Before any call of the minute's.
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
	store, s, _ := prepare()
	before := store.calls
	if err := s.Remove(context.Background(), "f"); err != nil {
		t.Fatal(err)
	}
	calls := store.calls - before
	// While an update is about to be taken.
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
	// By one that dies.
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
					if err := s.Sweep(context.Background()); err != nil {
						t.Errorf("dying at call %d: %v", at, err)
					}
				} else if err := s.Remove(context.Background(), "f"); first && err != nil || !first && err != ErrUnknown {
					t.Errorf("dying at call %d, then %v", at, err)
				}
				gone(store, "dying at", at)
			}
		}
	}
}

func TestCreatingMayDie(t *testing.T) {
	for _, die := range []int{1, -1, 2, -2, 3} {
		store := newMemory()
		store.dieAt = die
		s := &Service{Store: store, Now: (&clock{1}).Now}
		if _, err := s.Create(context.Background(), Federation{ID: "f", Seconds: 60}, settings); !errors.Is(err, errDied) {
			t.Fatal(err)
		}
		if _, _, _, err := s.Newest(context.Background(), "f", -1); err != ErrUnknown {
			t.Errorf("dying at %d: %v", die, err)
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
	// Too few are not enough, however long it takes.
	send(t, s, members[:2]...)
	time.now += 1e9
	if err := s.Tick(context.Background(), 10); err != nil || number() != 1 {
		t.Fatalf("round %d began with two members (%v)", number(), err)
	}
	if send(t, s, members[2]); number() != 2 {
		t.Fatalf("round %d with three members after the deadline", number())
	}
}

func TestARoundKnowsHowManyWereInvited(t *testing.T) {
	members := tabs(5)
	s, _ := create(t, newMemory(), members, Federation{})
	send(t, s, members...)
	if r, _ := newest(t, s); r.Number != 1 || r.Members != 5 {
		t.Errorf("%+v", r)
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
