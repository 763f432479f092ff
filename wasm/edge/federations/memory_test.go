package federations

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
)

// memory is a store that forgets nothing while the test runs, and that can
// die: at a call before it has done anything, or after it has.
type memory struct {
	federations map[string]Federation
	invited     map[string]map[string]bool
	rounds      map[string][]Round
	updates     map[string]map[int]map[string][]byte

	calls int
	dieAt int // the call at which it dies, 0 for never; negative: after it has done what it was asked
}

var errDied = errors.New("the store has died")

func newMemory() *memory {
	return &memory{federations: map[string]Federation{}, invited: map[string]map[string]bool{}, rounds: map[string][]Round{}, updates: map[string]map[int]map[string][]byte{}}
}

func call[T any](m *memory, do func() T) (T, error) {
	m.calls++
	if m.calls == m.dieAt {
		var none T
		return none, errDied
	}
	v := do()
	if m.calls == -m.dieAt {
		var none T
		return none, errDied
	}
	return v, nil
}

func (m *memory) Create(_ context.Context, f Federation) error {
	_, err := call(m, func() bool { m.federations[f.ID] = f; return true })
	return err
}

func (m *memory) Federation(_ context.Context, id string) (*Federation, error) {
	return call(m, func() *Federation {
		if f, ok := m.federations[id]; ok {
			return &f
		}
		return nil
	})
}

func (m *memory) Invite(_ context.Context, federation, member string) error {
	_, err := call(m, func() bool {
		if m.invited[federation] == nil {
			m.invited[federation] = map[string]bool{}
		}
		m.invited[federation][member] = true
		return true
	})
	return err
}

func (m *memory) Invited(_ context.Context, federation string) (int, error) {
	return call(m, func() int { return len(m.invited[federation]) })
}

func (m *memory) Newest(_ context.Context, federation string) (*Round, error) {
	return call(m, func() *Round {
		rounds := m.rounds[federation]
		if len(rounds) == 0 {
			return nil
		}
		r := rounds[len(rounds)-1]
		return &r
	})
}

func (m *memory) Begin(_ context.Context, r Round) error {
	_, err := call(m, func() bool {
		if len(m.rounds[r.Federation]) == r.Number {
			m.rounds[r.Federation] = append(m.rounds[r.Federation], r)
		}
		return true
	})
	return err
}

func (m *memory) Close(_ context.Context, federation string, round int) error {
	_, err := call(m, func() bool { m.rounds[federation][round].Closed = true; return true })
	return err
}

func (m *memory) Take(_ context.Context, federation string, round int, u Update) (Taken, error) {
	return call(m, func() Taken {
		if m.updates[federation] == nil {
			m.updates[federation] = map[int]map[string][]byte{}
		}
		updates := m.updates[federation]
		if updates[round] == nil {
			updates[round] = map[string][]byte{}
		}
		if _, there := updates[round][u.Member]; there {
			return Again
		}
		if m.rounds[federation][round].Closed {
			return Late
		}
		updates[round][u.Member] = slices.Clone(u.Payload)
		return Counted
	})
}

func (m *memory) Count(_ context.Context, federation string, round int) (int, error) {
	return call(m, func() int { return len(m.updates[federation][round]) })
}

func (m *memory) Updates(_ context.Context, federation string, round int, after string, limit int) ([]Update, error) {
	return call(m, func() []Update {
		var list []Update
		for _, name := range slices.SortedFunc(maps.Keys(m.updates[federation][round]), cmp.Compare[string]) {
			if name > after && len(list) < limit {
				list = append(list, Update{name, m.updates[federation][round][name]})
			}
		}
		return list
	})
}

func (m *memory) Open(_ context.Context, now int64, limit int) ([]string, error) {
	return call(m, func() []string {
		var ids []string
		for id, rounds := range m.rounds {
			newest := rounds[len(rounds)-1]
			if newest.Deadline > 0 && (newest.Closed || now >= newest.Deadline) && len(ids) < limit {
				ids = append(ids, id)
			}
		}
		return ids
	})
}
