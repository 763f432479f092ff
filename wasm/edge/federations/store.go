package federations

import "context"

// Federation is what was agreed on when one was created.
type Federation struct {
	ID       string
	Settings []byte // of the service, as JSON
	Quorum   int    // updates that close a round; 0 means as many as were invited
	Minimum  int    // updates below which no round is closed
	Seconds  int    // after which a round is overdue
	Created  int64  // milliseconds since 1970
	Members  int    // who are invited, as of the last Recount: no more than there are
}

// Round is one of a federation's. Rounds are only ever added, and stay as long as it does.
type Round struct {
	Federation string
	Number     int
	State      []byte // as internal/federated encodes it; empty of those that Outdate has found
	Deadline   int64  // milliseconds since 1970; of the last one 0
	Closed     bool
	Failure    string // why the federation could not go on; "" while it could
}

// Update is what a member sent for a round.
type Update struct {
	Member  string
	Payload []byte // float64, little-endian
}

// Taken says what became of an update.
type Taken int

const (
	Counted Taken = iota // it is the member's first for the round
	Again                // there is one already, which counts
	Late                 // the round is closed
)

// Part is one of the kinds of rows that a federation has besides its own.
type Part string

// parts are all, in the order in which they are removed: no update is taken
// without its round.
var parts = [...]Part{"rounds", "closings", "members", "updates"}

// Store keeps federations. Each method is one atomic statement of the
// database, for it has no transactions: while rows can still count they are
// only added, keyed so that of two that say the same thing the first counts,
// and a program that dies between any two calls leaves nothing half-done but
// rows that count no more, which Sweep removes.
type Store interface {
	Create(ctx context.Context, f Federation) error
	// Federation returns nil if there is none with the id.
	Federation(ctx context.Context, id string) (*Federation, error)
	// Invite adds members that are not there yet.
	Invite(ctx context.Context, federation string, members []string) error
	// Recount sets the federation's Members to how many are invited.
	Recount(ctx context.Context, federation string) error
	// Invited returns how many are, or would be with some more.
	Invited(ctx context.Context, federation string, more []string) (int, error)

	// Newest returns the round with the highest number, with its state if that is above a number; nil if there is none.
	Newest(ctx context.Context, federation string, after int) (*Round, error)
	// Begin adds a round, unless its number is there already.
	Begin(ctx context.Context, r Round) error
	// Close ends the taking of updates; of a round that is closed it changes nothing.
	Close(ctx context.Context, federation string, round int) error

	// Take adds an update if the round is there, is not closed, and has none of the member.
	Take(ctx context.Context, federation string, round int, u Update) (Taken, error)
	Count(ctx context.Context, federation string, round int) (int, error)
	// Updates returns some updates, of so many bytes each, of members after a name, in the order of their names; none if there is none.
	Updates(ctx context.Context, federation string, round int, after string, bytes int) ([]Update, error)

	// Forget removes some updates of rounds before the newest, and returns how many.
	Forget(ctx context.Context, federation string) (int, error)
	// Outdate empties the states of rounds before the newest, which nobody reads any more.
	Outdate(ctx context.Context, federation string) error

	// Open returns federations whose newest round is not the last and can be
	// gone on from: it is closed, or at a time overdue with enough updates.
	Open(ctx context.Context, now int64, limit int) ([]string, error)

	// Remove removes a federation's own row, without which it is not there; false if there is none.
	Remove(ctx context.Context, federation string) (bool, error)
	// Clear removes some rows of a part that are of a federation, and returns how many.
	Clear(ctx context.Context, part Part, federation string) (int, error)
	// Sweep removes some that are of no federation, or updates of rounds before the newest, and returns how many.
	Sweep(ctx context.Context, part Part) (int, error)
	// Abandoned removes some federations created before a time that have no round, and returns how many.
	Abandoned(ctx context.Context, before int64) (int, error)
}
