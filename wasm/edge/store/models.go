package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"time"

	"github.com/focalfit/focalfit/internal/jsontext"
)

// prefix is that of the keys of documents.
const prefix = "models/"

// NewModels returns models whose metadata is in a database, as migrations/ sets it up, and whose documents are objects.
//
// A document is stored before the row that makes it a version, and removed after the row was marked as deleted: what a
// crash in between leaves behind is an object that no row names, which nobody sees and Sweep removes.
func NewModels(rows Database, objects Objects) Models { return &models{rows, objects} }

type models struct {
	rows    Database
	objects Objects
}

func (s *models) Put(ctx context.Context, m NewModel) (Model, error) {
	var random [16]byte
	rand.Read(random[:]) // never fails
	key := prefix + m.Name + "/" + hex.EncodeToString(random[:])
	if err := s.objects.Put(ctx, key, m.Document); err != nil {
		return Model{}, err
	}
	// Deleted versions count too.
	rows, err := s.rows.Query(ctx, `INSERT INTO models (name, version, object, digest, bytes, columns, classes, created)
		SELECT ?1, coalesce(max(version), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM models WHERE name = ?1 RETURNING version`,
		m.Name, key, m.Digest, len(m.Document), m.Columns, m.Classes, m.Created.UnixMilli())
	if err != nil {
		return Model{}, err
	}
	return Model{Name: m.Name, Version: rows[0].Int(0), Digest: m.Digest, Bytes: len(m.Document), Columns: m.Columns, Classes: m.Classes, Created: m.Created, object: key}, nil
}

const fields = "name, version, digest, bytes, columns, classes, created, object"

func modelOf(r Row) Model {
	return Model{Name: r.Text(0), Version: r.Int(1), Digest: r.Text(2), Bytes: r.Int(3), Columns: r.Int(4), Classes: r.Text(5),
		Created: time.UnixMilli(int64(r.Number(6))), object: r.Text(7)}
}

func (s *models) Find(ctx context.Context, name string, version int) (Model, error) {
	rows, err := s.rows.Query(ctx, "SELECT "+fields+` FROM models WHERE name = ?1 AND (version = ?2 OR ?2 = 0) AND deleted IS NULL
		ORDER BY version DESC LIMIT 1`, name, version)
	if err != nil {
		return Model{}, err
	}
	if len(rows) == 0 {
		return Model{}, ErrNotFound
	}
	return modelOf(rows[0]), nil
}

func (s *models) Document(ctx context.Context, m Model) ([]byte, error) {
	return s.objects.Get(ctx, m.object)
}

func (s *models) List(ctx context.Context, after string, most int) ([]Model, error) {
	// SQLite takes the other fields from the row of the maximum.
	rows, err := s.rows.Query(ctx, `SELECT name, max(version), digest, bytes, columns, classes, created, object, count(*)
		FROM models WHERE name > ?1 AND deleted IS NULL GROUP BY name ORDER BY name LIMIT ?2`, after, most)
	if err != nil {
		return nil, err
	}
	list := make([]Model, len(rows))
	for i, r := range rows {
		list[i] = modelOf(r)
		list[i].Versions = r.Int(8)
	}
	return list, nil
}

func (s *models) Delete(ctx context.Context, name string, version int) error {
	rows, err := s.rows.Query(ctx, `UPDATE models SET deleted = unixepoch() * 1000 WHERE name = ?1 AND (version = ?2 OR ?2 = 0) AND deleted IS NULL
		RETURNING object`, name, version)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return ErrNotFound
	}
	// They are gone for everybody; what is left of them at an error, Sweep removes.
	keys := make([]string, len(rows))
	for i, r := range rows {
		keys[i] = r.Text(0)
	}
	return s.objects.Delete(ctx, keys...)
}

func (s *models) Sweep(ctx context.Context, before time.Time) (swept int, err error) {
	for cursor := ""; ; {
		objects, next, err := s.objects.List(ctx, prefix, cursor)
		if err != nil {
			return swept, err
		}
		old := []byte{'['}
		for _, o := range objects {
			if o.Uploaded.Before(before) {
				if len(old) > 1 {
					old = append(old, ',')
				}
				old = jsontext.AppendString(old, o.Key)
			}
		}
		if len(old) > 1 {
			rows, err := s.rows.Query(ctx, `SELECT value FROM json_each(?1) WHERE NOT EXISTS
				(SELECT 1 FROM models WHERE object = value AND deleted IS NULL)`, string(append(old, ']')))
			if err != nil {
				return swept, err
			}
			keys := make([]string, len(rows))
			for i, r := range rows {
				keys[i] = r.Text(0)
			}
			if len(keys) > 0 {
				if err := s.objects.Delete(ctx, keys...); err != nil {
					return swept, err
				}
			}
			swept += len(keys)
		}
		if next == "" {
			return swept, nil
		}
		cursor = next
	}
}
