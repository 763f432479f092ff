// Package store is what the edge service keeps, and where: metadata in a database of single atomic statements, documents
// among objects.
package store

import (
	"context"
	"encoding/hex"
	"errors"
	"time"
)

// Database runs single statements of SQLite's dialect, each atomic by itself. There are no transactions.
type Database interface {
	// Query runs a statement and returns its rows, those of RETURNING included. Arguments are string, int, int64,
	// float64 or nil, for ?1, ?2 and so on. Bytes go as hexadecimal text, by hex() and unhex(): D1 passes others as
	// JSON arrays of numbers, which takes three times the processor time and the memory.
	Query(ctx context.Context, statement string, args ...any) ([]Row, error)
}

// Row holds the values of a row in the order of the statement: string, float64 or nil.
type Row []any

// Text returns the i-th value, "" if it is null.
func (r Row) Text(i int) string { s, _ := r[i].(string); return s }

// Number returns the i-th value, 0 if it is null.
func (r Row) Number(i int) float64 { v, _ := r[i].(float64); return v }

// Int returns the i-th value, 0 if it is null.
func (r Row) Int(i int) int { return int(r.Number(i)) }

// Hex returns the bytes that the i-th value is the hexadecimal text of, none if it is null.
func (r Row) Hex(i int) ([]byte, error) { return hex.DecodeString(r.Text(i)) }

// Objects keeps bytes by key.
type Objects interface {
	Put(ctx context.Context, key string, data []byte) error

	// Get returns an object; ErrNotFound says that there is none.
	Get(ctx context.Context, key string) ([]byte, error)

	// Delete removes those that there are.
	Delete(ctx context.Context, keys ...string) error

	// List returns some of the objects whose keys begin with prefix, and the cursor of the next, "" after the last.
	List(ctx context.Context, prefix, cursor string) (objects []Object, next string, err error)
}

// Object is one of [Objects].
type Object struct {
	Key      string
	Uploaded time.Time
}

// ErrNotFound says that there is nothing of that name.
var ErrNotFound = errors.New("store: not found")

// Models keeps versions of model documents, numbered from 1 for each name. A version never changes, and its number is
// never given again.
type Models interface {
	// Put stores another version. Of concurrent calls each gets a version of its own.
	Put(ctx context.Context, m NewModel) (Model, error)

	// Find returns a version, or of version 0 the latest, or ErrNotFound.
	Find(ctx context.Context, name string, version int) (Model, error)

	// Document returns that of a version that Find returned, or ErrNotFound if it has been deleted since.
	Document(ctx context.Context, m Model) ([]byte, error)

	// List returns the latest version of at most most names after a name, sorted.
	List(ctx context.Context, after string, most int) ([]Model, error)

	// Delete removes a version, or of version 0 all; ErrNotFound says that there is none.
	Delete(ctx context.Context, name string, version int) error

	// Sweep removes documents that became none of any version before a time, and returns how many.
	Sweep(ctx context.Context, before time.Time) (int, error)
}

// NewModel is a version to be.
type NewModel struct {
	Name     string
	Document []byte
	Digest   string // SHA-256 of the document, in hexadecimal
	Columns  int
	Classes  string // as JSON
	Created  time.Time
}

// Model is a version.
type Model struct {
	Name    string
	Version int
	Digest  string
	Bytes   int
	Columns int
	Classes string
	Created time.Time

	// Versions is how many there are of the name; only List sets it.
	Versions int

	object string // its key
}
