package federations

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/focalfit/focalfit/internal/jsontext"
	"github.com/focalfit/focalfit/wasm/edge/store"
)

// NewStore returns the store in a database that migrations/ has set up. Each
// method is one statement.
func NewStore(rows store.Database) Store { return database{rows} }

type database struct{ rows store.Database }

func (d database) Create(ctx context.Context, f Federation) error {
	_, err := d.rows.Query(ctx, "INSERT INTO federations (id, settings, quorum, minimum, seconds, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
		f.ID, string(f.Settings), f.Quorum, f.Minimum, f.Seconds, f.Created)
	return err
}

func (d database) Federation(ctx context.Context, id string) (*Federation, error) {
	rows, err := d.rows.Query(ctx, "SELECT id, settings, quorum, minimum, seconds, created, members FROM federations WHERE id = ?1", id)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	r := rows[0]
	return &Federation{ID: r.Text(0), Settings: []byte(r.Text(1)), Quorum: r.Int(2), Minimum: r.Int(3), Seconds: r.Int(4), Created: int64(r.Number(5)), Members: r.Int(6)}, nil
}

func (d database) Invite(ctx context.Context, federation string, members []string) error {
	_, err := d.rows.Query(ctx, "INSERT OR IGNORE INTO members (federation, member) SELECT ?1, value FROM json_each(?2)", federation, list(members))
	return err
}

func (d database) Recount(ctx context.Context, federation string) error {
	_, err := d.rows.Query(ctx, "UPDATE federations SET members = (SELECT count(*) FROM members WHERE federation = ?1) WHERE id = ?1", federation)
	return err
}

func (d database) Invited(ctx context.Context, federation string, more []string) (int, error) {
	return d.count(ctx, `SELECT (SELECT count(*) FROM members WHERE federation = ?1)
		+ (SELECT count(DISTINCT value) FROM json_each(?2) WHERE value NOT IN (SELECT member FROM members WHERE federation = ?1))`, federation, list(more))
}

// list is a JSON array of strings.
func list(strings []string) string {
	text := []byte{'['}
	for i, s := range strings {
		if i > 0 {
			text = append(text, ',')
		}
		text = jsontext.AppendString(text, s)
	}
	return string(append(text, ']'))
}

func (d database) count(ctx context.Context, statement string, args ...any) (int, error) {
	rows, err := d.rows.Query(ctx, statement, args...)
	if err != nil {
		return 0, err
	}
	return rows[0].Int(0), nil
}

func (d database) Newest(ctx context.Context, federation string, after int) (*Round, error) {
	rows, err := d.rows.Query(ctx, `SELECT number, CASE WHEN number > ?2 THEN hex(state) END, deadline, failure, EXISTS (SELECT 1 FROM closings c WHERE c.federation = r.federation AND c.round = r.number)
		FROM rounds r WHERE federation = ?1 ORDER BY number DESC LIMIT 1`, federation, after)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	r := rows[0]
	state, err := r.Hex(1)
	if err != nil {
		return nil, err
	}
	return &Round{Federation: federation, Number: r.Int(0), State: state, Deadline: int64(r.Number(2)), Failure: r.Text(3), Closed: r.Int(4) == 1}, nil
}

func (d database) Begin(ctx context.Context, r Round) error {
	_, err := d.rows.Query(ctx, "INSERT OR IGNORE INTO rounds (federation, number, state, deadline, failure) VALUES (?1, ?2, unhex(?3), ?4, ?5)",
		r.Federation, r.Number, hex.EncodeToString(r.State), r.Deadline, r.Failure)
	return err
}

func (d database) Close(ctx context.Context, federation string, round int) error {
	_, err := d.rows.Query(ctx, "INSERT OR IGNORE INTO closings (federation, round) VALUES (?1, ?2)", federation, round)
	return err
}

func (d database) Take(ctx context.Context, federation string, round int, u Update) (Taken, error) {
	rows, err := d.rows.Query(ctx, `INSERT OR IGNORE INTO updates (federation, round, member, payload) SELECT ?1, ?2, ?3, unhex(?4)
		WHERE EXISTS (SELECT 1 FROM rounds WHERE federation = ?1 AND number = ?2 AND deadline > 0)
		AND NOT EXISTS (SELECT 1 FROM closings WHERE federation = ?1 AND round = ?2) RETURNING 1`, federation, round, u.Member, hex.EncodeToString(u.Payload))
	if err != nil {
		return Late, err
	}
	if len(rows) == 1 {
		return Counted, nil
	}
	there, err := d.count(ctx, "SELECT count(*) FROM updates WHERE federation = ?1 AND round = ?2 AND member = ?3", federation, round, u.Member)
	if err != nil {
		return Late, err
	}
	if there == 1 {
		return Again, nil
	}
	return Late, nil
}

func (d database) Count(ctx context.Context, federation string, round int) (int, error) {
	return d.count(ctx, "SELECT count(*) FROM updates WHERE federation = ?1 AND round = ?2", federation, round)
}

func (d database) Updates(ctx context.Context, federation string, round int, after string, bytes int) ([]Update, error) {
	rows, err := d.rows.Query(ctx, `SELECT member, hex(payload) FROM updates WHERE federation = ?1 AND round = ?2 AND member > ?3
		ORDER BY member LIMIT ?4`, federation, round, after, PageOf(bytes))
	if err != nil {
		return nil, err
	}
	updates := make([]Update, len(rows))
	for i, r := range rows {
		payload, err := r.Hex(1)
		if err != nil {
			return nil, err
		}
		updates[i] = Update{r.Text(0), payload}
	}
	return updates, nil
}

// keys are the primary keys of parts.
var keys = map[Part]string{
	"rounds":   "federation, number",
	"closings": "federation, round",
	"members":  "federation, member",
	"updates":  "federation, round, member",
}

// remove removes rows of a part of which something holds.
func (d database) remove(ctx context.Context, part Part, holds string, args ...any) (int, error) {
	rows, err := d.rows.Query(ctx, fmt.Sprintf("DELETE FROM %[1]s WHERE (%[2]s) IN (SELECT %[2]s FROM %[1]s WHERE %[3]s LIMIT %[4]d) RETURNING 1",
		part, keys[part], holds, MostRemoved), args...)
	return len(rows), err
}

func (d database) Forget(ctx context.Context, federation string) (int, error) {
	return d.remove(ctx, "updates", "federation = ?1 AND round < (SELECT max(number) FROM rounds WHERE federation = ?1)", federation)
}

func (d database) Outdate(ctx context.Context, federation string) error {
	_, err := d.rows.Query(ctx, `UPDATE rounds SET state = x'' WHERE federation = ?1 AND length(state) > 0
		AND number < (SELECT max(number) FROM rounds WHERE federation = ?1)`, federation)
	return err
}

func (d database) Open(ctx context.Context, now int64, limit int) ([]string, error) {
	rows, err := d.rows.Query(ctx, `SELECT f.id FROM federations f JOIN rounds r ON r.federation = f.id AND r.number = (SELECT max(number) FROM rounds WHERE federation = f.id)
		WHERE deadline > 0 AND (EXISTS (SELECT 1 FROM closings c WHERE c.federation = f.id AND c.round = r.number)
			OR deadline <= ?1 AND (SELECT count(*) FROM updates u WHERE u.federation = f.id AND u.round = r.number) >= f.minimum)
		ORDER BY deadline LIMIT ?2`, now, limit)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.Text(0)
	}
	return ids, nil
}

func (d database) Remove(ctx context.Context, federation string) (bool, error) {
	rows, err := d.rows.Query(ctx, "DELETE FROM federations WHERE id = ?1 RETURNING 1", federation)
	return len(rows) == 1, err
}

func (d database) Clear(ctx context.Context, part Part, federation string) (int, error) {
	return d.remove(ctx, part, "federation = ?1", federation)
}

func (d database) Sweep(ctx context.Context, part Part) (int, error) {
	holds := "federation NOT IN (SELECT id FROM federations)"
	if part == "updates" {
		holds += " OR round < (SELECT max(number) FROM rounds r WHERE r.federation = updates.federation)"
	}
	return d.remove(ctx, part, holds)
}

func (d database) Abandoned(ctx context.Context, before int64) (int, error) {
	rows, err := d.rows.Query(ctx, fmt.Sprintf(`DELETE FROM federations WHERE id IN (SELECT id FROM federations WHERE created < ?1
		AND NOT EXISTS (SELECT 1 FROM rounds WHERE federation = id) LIMIT %d) RETURNING 1`, MostRemoved), before)
	return len(rows), err
}
