package federations

import "github.com/focalfit/focalfit/internal/federated"

// What a statement reads or removes at most: D1 ends a result at 50 MB, in which
// a byte of an update takes two, and a statement at 30 s.
const (
	mostBytes   = 4 << 20
	mostRead    = 1000
	MostRemoved = 2000
)

// What a request may use, by the platform's documentation for paid plans.
const (
	Statements = 1000
	Memory     = 128e6 // bytes
)

// PageOf returns how many updates of so many bytes are read at a time.
func PageOf(bytes int) int { return max(1, min(mostBytes/bytes, mostRead)) }

// MostMembers returns of how many members a round can be ended, for that is one
// request's: it has statements enough to read and to remove their updates, and
// for a median, which needs all of them at once, a third of its memory: Go's heap
// grows to twice what lives in it.
func MostMembers(s federated.Settings) int {
	kind := federated.Derivatives
	if s.Mode == federated.Averaging {
		kind = federated.Local
	}
	bytes := 8 * max(federated.Statistics.Length(s.Columns), kind.Length(s.Columns))
	if s.Rule != federated.Mean {
		return int(Memory) / 3 / bytes
	}
	const others = 20 // statements
	return int((Statements - others) / (1/float64(PageOf(bytes)) + 1.0/MostRemoved))
}
