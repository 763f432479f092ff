package store

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// Memory keeps models in memory, for tests.
type Memory struct {
	mu       sync.Mutex
	versions map[string][]memoryModel
}

type memoryModel struct {
	Model
	document []byte // nil once it is deleted
}

var _ Models = (*Memory)(nil)

func (s *Memory) Put(_ context.Context, m NewModel) (Model, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.versions == nil {
		s.versions = map[string][]memoryModel{}
	}
	made := Model{Name: m.Name, Version: len(s.versions[m.Name]) + 1, Digest: m.Digest, Bytes: len(m.Document), Columns: m.Columns, Classes: m.Classes, Created: m.Created}
	s.versions[m.Name] = append(s.versions[m.Name], memoryModel{made, slices.Clone(m.Document)})
	return made, nil
}

func (s *Memory) Find(_ context.Context, name string, version int) (Model, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range slices.Backward(s.versions[name]) {
		if m.document != nil && (version == 0 || version == m.Version) {
			return m.Model, nil
		}
	}
	return Model{}, ErrNotFound
}

func (s *Memory) Document(_ context.Context, m Model) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.versions[m.Name][m.Version-1].document; d != nil {
		return d, nil
	}
	return nil, ErrNotFound
}

func (s *Memory) List(ctx context.Context, after string, most int) ([]Model, error) {
	var list []Model
	for name, versions := range s.versions {
		if m, err := s.Find(ctx, name, 0); err == nil && name > after {
			for _, v := range versions {
				if v.document != nil {
					m.Versions++
				}
			}
			list = append(list, m)
		}
	}
	slices.SortFunc(list, func(a, b Model) int { return strings.Compare(a.Name, b.Name) })
	return list[:min(most, len(list))], nil
}

func (s *Memory) Delete(_ context.Context, name string, version int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := ErrNotFound
	for i := range s.versions[name] {
		if m := &s.versions[name][i]; m.document != nil && (version == 0 || version == m.Version) {
			m.document, err = nil, nil
		}
	}
	return err
}

// Sweep does nothing: nothing is ever left behind.
func (s *Memory) Sweep(context.Context, time.Time) (int, error) { return 0, nil }
