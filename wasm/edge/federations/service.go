// Package federations holds rounds in which many browsers train one model.
// What is computed is in internal/federated; here is what survives: rounds and
// updates in a store, in whatever order requests come and wherever the program
// is killed.
package federations

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/focalfit/focalfit/internal/federated"
	"github.com/focalfit/focalfit/loss"
)

// Service holds the rounds of all federations.
type Service struct {
	Store Store
	Now   func() int64 // milliseconds since 1970
}

// Errors of the service.
var (
	ErrUnknown = errors.New("there is no such federation")
	ErrRound   = errors.New("the federation has no such round")
	ErrOver    = errors.New("the federation is done")
)

// Create begins a federation with its first round, and returns the settings
// with what was left out.
func (s *Service) Create(ctx context.Context, f Federation, settings federated.Settings) (federated.Settings, error) {
	state, err := federated.Start(settings)
	if err != nil {
		return settings, err
	}
	settings = state.Round().Settings
	f.Created, f.Minimum = s.Now(), settings.MinClients
	if err := s.Store.Create(ctx, f); err != nil {
		return settings, err
	}
	return settings, s.begin(ctx, f, state)
}

// begin adds the round of a state.
func (s *Service) begin(ctx context.Context, f Federation, state federated.State) error {
	r := state.Round()
	round := Round{Federation: f.ID, Number: r.Number, State: state.Encode()}
	if r.Kind != federated.Done {
		round.Deadline = s.Now() + 1000*int64(f.Seconds)
	}
	return s.Store.Begin(ctx, round)
}

// Invite invites members, unless they are too many to end a round of.
func (s *Service) Invite(ctx context.Context, id string, members []string) error {
	_, _, state, err := s.Newest(ctx, id, -1)
	if err != nil {
		return err
	}
	all, err := s.Store.Invited(ctx, id, members)
	if err != nil {
		return err
	}
	if most := MostMembers(state.Round().Settings); all > most {
		return loss.BadParameter("clients", fmt.Sprintf("%d members are more than the service can hold a round of, which are %d of this federation's columns, mode and rule: make several federations", all, most))
	}
	if err := s.Store.Invite(ctx, id, members); err != nil {
		return err
	}
	return s.Store.Recount(ctx, id)
}

// Newest returns a federation's newest round and its state, which is left out
// where the round is not after a number.
func (s *Service) Newest(ctx context.Context, id string, after int) (*Federation, *Round, federated.State, error) {
	var none federated.State
	f, err := s.Store.Federation(ctx, id)
	if err != nil {
		return nil, nil, none, err
	}
	if f == nil {
		return nil, nil, none, ErrUnknown
	}
	r, err := s.Store.Newest(ctx, id, after)
	if err != nil {
		return nil, nil, none, err
	}
	if r == nil {
		// The program ended between the federation's row and its first round's.
		return nil, nil, none, ErrUnknown
	}
	if r.Number <= after {
		return f, r, none, nil
	}
	state, err := federated.Decode(r.State)
	return f, r, state, err
}

// Take takes an update of a round, which must be what a member can send, and
// goes on if it is the last that the round waits for. What it reads is an update
// of so many bytes, once it is known that the round is the newest.
func (s *Service) Take(ctx context.Context, id string, number int, member string, read func(bytes int) ([]byte, error)) (Taken, error) {
	f, round, state, err := s.Newest(ctx, id, -1)
	if err != nil {
		return Late, err
	}
	if number > round.Number || number < 0 {
		return Late, ErrRound
	}
	if number < round.Number {
		return Late, nil
	}
	r := state.Round()
	if r.Kind == federated.Done {
		return Late, ErrOver
	}
	payload, err := read(sizeOf(r))
	if err != nil {
		return Late, err
	}
	numbers, err := decode(payload)
	if err != nil {
		return Late, err
	}
	if err := r.Check(numbers); err != nil {
		return Late, err
	}
	taken, err := s.Store.Take(ctx, id, number, Update{member, payload})
	if err != nil || taken != Counted {
		return taken, err
	}
	// Should this fail, the update counts all the same, and whoever asks next goes on.
	_, err = s.advance(ctx, f, round, state)
	return taken, err
}

// Advanced is where a federation is.
type Advanced struct {
	Round   federated.Round
	Updates int
	Closed  bool // a round was closed
	Failure string
}

// Advance closes the newest round if it has all updates, or is overdue with
// enough of them, and begins the next.
func (s *Service) Advance(ctx context.Context, id string) (Advanced, error) {
	f, round, state, err := s.Newest(ctx, id, -1)
	if err != nil {
		return Advanced{}, err
	}
	return s.advance(ctx, f, round, state)
}

func (s *Service) advance(ctx context.Context, f *Federation, round *Round, state federated.State) (Advanced, error) {
	a := Advanced{Round: state.Round(), Failure: round.Failure}
	if a.Round.Kind == federated.Done || a.Failure != "" {
		return a, nil
	}
	var err error
	if a.Updates, err = s.Store.Count(ctx, f.ID, round.Number); err != nil {
		return a, err
	}
	if !round.Closed {
		due, err := s.due(ctx, f, round.Deadline, a.Updates)
		if err != nil || !due {
			return a, err
		}
		if err := s.Store.Close(ctx, f.ID, round.Number); err != nil {
			return a, err
		}
	}
	next, err := s.combine(ctx, f, round, state)
	var failure string
	if err != nil {
		if !isStated(err) {
			return a, err
		}
		// The sums themselves are no use, however often they are added up.
		failure = err.Error()
		if err := s.Store.Begin(ctx, Round{Federation: f.ID, Number: round.Number + 1, State: round.State, Failure: failure}); err != nil {
			return a, err
		}
	} else if err := s.begin(ctx, *f, next); err != nil {
		return a, err
	}
	// The next round is there, so these updates count no more: whoever is still adding
	// them up, and now sees some of them or none, begins no other of its number. Should
	// this fail, the federation has gone on all the same; the round after, or Sweep,
	// removes them.
	if err := untilNone(func() (int, error) { return s.Store.Forget(ctx, f.ID) }); err != nil {
		return a, err
	}
	if err := s.Store.Outdate(ctx, f.ID); err != nil {
		return a, err
	}
	_, newest, state, err := s.Newest(ctx, f.ID, -1)
	if err != nil {
		return a, err
	}
	return Advanced{Round: state.Round(), Closed: true, Failure: newest.Failure}, nil
}

// due says whether a round with so many updates is to be closed.
func (s *Service) due(ctx context.Context, f *Federation, deadline int64, updates int) (bool, error) {
	if updates < f.Minimum {
		return false, nil
	}
	quorum := f.Quorum
	if quorum == 0 {
		quorum = f.Members
		if updates >= quorum { // others may have been invited
			var err error
			if quorum, err = s.Store.Invited(ctx, f.ID, nil); err != nil {
				return false, err
			}
		}
	}
	return updates >= quorum || s.Now() >= deadline, nil
}

// combine adds up the updates of a closed round, which are the same whenever
// it is called until the next one is there, and returns the state after it.
func (s *Service) combine(ctx context.Context, f *Federation, round *Round, state federated.State) (federated.State, error) {
	sum, bytes, after := state.Aggregate(), sizeOf(state.Round()), ""
	if err := untilNone(func() (int, error) {
		updates, err := s.Store.Updates(ctx, f.ID, round.Number, after, bytes)
		for _, u := range updates {
			numbers, err := decode(u.Payload)
			if err != nil {
				return 0, err
			}
			if err := sum.Add(u.Member, numbers); err != nil {
				return 0, err
			}
			after = u.Member
		}
		return len(updates), err
	}); err != nil {
		return state, err
	}
	result, err := sum.Result()
	if err != nil {
		return state, err
	}
	return state.Next(result)
}

// Tick advances every federation that can go on, up to a number of them.
func (s *Service) Tick(ctx context.Context, limit int) error {
	ids, err := s.Store.Open(ctx, s.Now(), limit)
	if err != nil {
		return err
	}
	var all []error
	for _, id := range ids {
		if _, err := s.Advance(ctx, id); err != nil && !errors.Is(err, ErrUnknown) { // removed meanwhile
			all = append(all, err)
		}
	}
	return errors.Join(all...)
}

// Remove removes a federation and all that it has. From its first statement on
// there is no such federation; what is left at an error, or by a request that
// was under way, the same call removes, or Sweep.
func (s *Service) Remove(ctx context.Context, id string) error {
	there, err := s.Store.Remove(ctx, id)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if err := untilNone(func() (int, error) { return s.Store.Clear(ctx, part, id) }); err != nil {
			return err
		}
	}
	if !there {
		return ErrUnknown
	}
	return nil
}

// Sweep removes what interrupted requests left: federations that were created
// before a time and have no round, updates of rounds that are over, and rows of
// federations that are no more.
func (s *Service) Sweep(ctx context.Context, before int64) error {
	all := []error{untilNone(func() (int, error) { return s.Store.Abandoned(ctx, before) })}
	for _, part := range parts {
		all = append(all, untilNone(func() (int, error) { return s.Store.Sweep(ctx, part) }))
	}
	return errors.Join(all...)
}

// untilNone does something to some rows at a time, until there are none left.
func untilNone(some func() (rows int, err error)) error {
	for {
		if rows, err := some(); rows == 0 || err != nil {
			return err
		}
	}
}

// isStated says whether an error is about the numbers, and so the same
// whenever they are added up.
func isStated(err error) bool {
	var stated *loss.Error
	return errors.As(err, &stated)
}

// sizeOf returns the bytes of an update of a round.
func sizeOf(r federated.Round) int { return 8 * r.Kind.Length(r.Settings.Columns) }

func decode(payload []byte) ([]float64, error) {
	if len(payload)%8 != 0 {
		return nil, loss.Bad(loss.ShapeMismatch, "the body is not a whole number of float64")
	}
	numbers := make([]float64, len(payload)/8)
	for i := range numbers {
		numbers[i] = math.Float64frombits(binary.LittleEndian.Uint64(payload[8*i:]))
	}
	return numbers, nil
}
