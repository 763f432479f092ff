package federations

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
)

// memory is a store that can die: at a call before it has done anything, or
// after it has; and that others can use meanwhile.
type memory struct {
	federations map[string]Federation
	invited     map[string]map[string]bool
	rounds      map[string]map[int]Round
	closings    map[string]map[int]bool
	updates     map[string]map[int]map[string][]byte

	calls  int
	dieAt  int // the call at which it dies, 0 for never; negative: after it has done what it was asked
	meetAt int // the call before which others do something, 0 for none
	others func()
}

var errDied = errors.New("the store has died")

func newMemory() *memory {
	return &memory{federations: map[string]Federation{}, invited: map[string]map[string]bool{}, rounds: map[string]map[int]Round{},
		closings: map[string]map[int]bool{}, updates: map[string]map[int]map[string][]byte{}}
}

func call[T any](m *memory, do func() T) (T, error) {
	m.calls++
	if m.calls == m.dieAt {
		var none T
		return none, errDied
	}
	if m.calls == m.meetAt {
		m.meetAt = 0
		m.others()
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

func (m *memory) Invite(_ context.Context, federation string, members []string) error {
	_, err := call(m, func() bool {
		for _, member := range members {
			put(m.invited, federation, member, true)
		}
		return true
	})
	return err
}

func (m *memory) Recount(_ context.Context, federation string) error {
	_, err := call(m, func() bool {
		f, there := m.federations[federation]
		if there {
			f.Members = len(m.invited[federation])
			m.federations[federation] = f
		}
		return there
	})
	return err
}

func (m *memory) Invited(_ context.Context, federation string, more []string) (int, error) {
	return call(m, func() int {
		all := map[string]bool{}
		maps.Copy(all, m.invited[federation])
		for _, member := range more {
			all[member] = true
		}
		return len(all)
	})
}

func (m *memory) Newest(_ context.Context, federation string, after int) (*Round, error) {
	return call(m, func() *Round {
		r, ok := m.newest(federation)
		if !ok {
			return nil
		}
		if r.Number <= after {
			r.State = nil
		}
		return &r
	})
}

func (m *memory) newest(federation string) (Round, bool) {
	rounds := m.rounds[federation]
	if len(rounds) == 0 {
		return Round{}, false
	}
	r := rounds[slices.Max(slices.Collect(maps.Keys(rounds)))]
	r.Closed = m.closings[federation][r.Number]
	return r, true
}

// put adds to a map of maps what is not there yet.
func put[K comparable, V any](to map[string]map[K]V, federation string, key K, v V) {
	if to[federation] == nil {
		to[federation] = map[K]V{}
	}
	if _, there := to[federation][key]; !there {
		to[federation][key] = v
	}
}

func (m *memory) Begin(_ context.Context, r Round) error {
	_, err := call(m, func() bool {
		put(m.rounds, r.Federation, r.Number, r)
		return true
	})
	return err
}

func (m *memory) Close(_ context.Context, federation string, round int) error {
	_, err := call(m, func() bool { put(m.closings, federation, round, true); return true })
	return err
}

func (m *memory) Take(_ context.Context, federation string, round int, u Update) (Taken, error) {
	return call(m, func() Taken {
		if _, there := m.updates[federation][round][u.Member]; there {
			return Again
		}
		if m.rounds[federation][round].Deadline == 0 || m.closings[federation][round] {
			return Late
		}
		put(m.updates, federation, round, map[string][]byte{})
		m.updates[federation][round][u.Member] = slices.Clone(u.Payload)
		return Counted
	})
}

func (m *memory) Count(_ context.Context, federation string, round int) (int, error) {
	return call(m, func() int { return len(m.updates[federation][round]) })
}

// atATime is how many rows are read or removed at a time.
const atATime = 16

func (m *memory) Updates(_ context.Context, federation string, round int, after string, _ int) ([]Update, error) {
	return call(m, func() []Update {
		var list []Update
		for _, name := range slices.SortedFunc(maps.Keys(m.updates[federation][round]), cmp.Compare[string]) {
			if name > after && len(list) < atATime {
				list = append(list, Update{name, m.updates[federation][round][name]})
			}
		}
		return list
	})
}

func (m *memory) Forget(_ context.Context, federation string) (int, error) {
	return call(m, func() int { return m.forget(federation) })
}

func (m *memory) forget(federation string) (removed int) {
	newest, _ := m.newest(federation)
	for round, updates := range m.updates[federation] {
		if round < newest.Number {
			removed += removeSome(updates, atATime-removed)
		}
	}
	return removed
}

// removeSome removes entries, at most limit, and returns how many.
func removeSome[K comparable, V any](from map[K]V, limit int) (removed int) {
	for key := range from {
		if removed == limit {
			break
		}
		delete(from, key)
		removed++
	}
	return removed
}

func (m *memory) Outdate(_ context.Context, federation string) error {
	_, err := call(m, func() bool {
		newest, _ := m.newest(federation)
		for number, r := range m.rounds[federation] {
			if number < newest.Number {
				r.State = []byte{}
				m.rounds[federation][number] = r
			}
		}
		return true
	})
	return err
}

func (m *memory) Abandoned(_ context.Context, before int64) (int, error) {
	return call(m, func() (removed int) {
		for id, f := range m.federations {
			if f.Created < before && len(m.rounds[id]) == 0 && removed < atATime {
				delete(m.federations, id)
				removed++
			}
		}
		return removed
	})
}

func (m *memory) Open(_ context.Context, now int64, limit int) ([]string, error) {
	return call(m, func() []string {
		var ids []string
		for id := range m.rounds {
			newest, _ := m.newest(id)
			f, there := m.federations[id]
			enough := len(m.updates[id][newest.Number]) >= f.Minimum
			if there && newest.Deadline > 0 && (newest.Closed || now >= newest.Deadline && enough) && len(ids) < limit {
				ids = append(ids, id)
			}
		}
		return ids
	})
}

func (m *memory) Remove(_ context.Context, federation string) (bool, error) {
	return call(m, func() bool {
		_, there := m.federations[federation]
		delete(m.federations, federation)
		return there
	})
}

func (m *memory) Clear(_ context.Context, part Part, federation string) (int, error) {
	return call(m, func() int { return m.clear(part, federation) })
}

func (m *memory) clear(part Part, federation string) (removed int) {
	switch part {
	case "rounds":
		return removeSome(m.rounds[federation], atATime)
	case "closings":
		return removeSome(m.closings[federation], atATime)
	case "members":
		return removeSome(m.invited[federation], atATime)
	}
	for _, updates := range m.updates[federation] {
		removed += removeSome(updates, atATime-removed)
	}
	return removed
}

func (m *memory) Sweep(_ context.Context, part Part) (int, error) {
	return call(m, func() (removed int) {
		for _, id := range m.ids() {
			if _, there := m.federations[id]; !there {
				removed += m.clear(part, id)
			} else if part == "updates" {
				removed += m.forget(id)
			}
		}
		return removed
	})
}

// ids are those of all federations that there is a row of.
func (m *memory) ids() []string {
	ids := slices.Collect(maps.Keys(m.federations))
	add := func(id string, rows int) {
		if rows > 0 {
			ids = append(ids, id)
		}
	}
	for id, rows := range m.rounds {
		add(id, len(rows))
	}
	for id, rows := range m.closings {
		add(id, len(rows))
	}
	for id, rows := range m.invited {
		add(id, len(rows))
	}
	for id, rounds := range m.updates {
		for _, rows := range rounds {
			add(id, len(rows))
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// kept is how many updates there are.
func (m *memory) kept() (n int) {
	for _, rounds := range m.updates {
		for _, updates := range rounds {
			n += len(updates)
		}
	}
	return n
}
