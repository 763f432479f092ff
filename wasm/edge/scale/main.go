// Command scale simulates a round of a federation on paper's numbers, for
// SCALE.md: go run ./wasm/edge/scale
package main

import (
	"container/heap"
	"fmt"
	"math"
	"os"

	"github.com/focalfit/focalfit/internal/federated"
	"github.com/focalfit/focalfit/wasm/edge/federations"
)

// What a round costs. Those marked * are of the platform's documentation, the
// others were measured on workerd on one machine, or are the service's own.
const (
	statement  = 0.001  // s a statement holds up a database, which runs one after the other *
	perByte    = 1e-8   // s more for each byte that it reads or writes
	perRow     = 5e-8   // s more for each row that it counts
	hasty      = 1.0    // s between a member's questions while it waits, if they were always as many
	asking     = 100    // questions a second of all members that wait, as the service has it
	compute    = 0.2    // s a member computes
	database   = 10e9   // bytes of a database *
	processor  = 0.010  // s of a request, most of it Go's start
	taking     = 4e-8   // s more for each byte of an update that is taken
	adding     = 1.4e-8 // s for each byte that is read and added up
	asks       = 2      // statements of a question
	sends      = 4      // statements of an update
	closes     = 6      // statements of a round's end, besides those that read and remove its updates
	writes     = 3      // rows written for an update: it, its key, and its removal
	reads      = 6      // rows read for one, besides those counted: to add it up and to remove it
	allAtOnce  = 1.0    // s within which members begin a round
	mostEvents = 3_000_000
)

// kind is what members send in every round but the first.
type kind struct {
	name     string
	settings federated.Settings
	length   int // float64 of an update
}

func exact(columns int) kind {
	return kind{fmt.Sprintf("exact, %d columns", columns), federated.Settings{Columns: columns}, federated.Derivatives.Length(columns)}
}

func averaging(columns int) kind {
	return kind{fmt.Sprintf("averaging, %d columns", columns), federated.Settings{Columns: columns, Mode: federated.Averaging}, federated.Local.Length(columns)}
}

func (k kind) bytes() float64 { return 8 * float64(k.length) }

// end returns how many statements the end of a round of n members takes. What
// reads or removes goes on until nothing is left.
func (k kind) end(n int) float64 {
	parts := func(of int) float64 { return float64((n + of - 1) / of) }
	return closes + parts(federations.PageOf(8*k.length)) + 1 + parts(federations.MostRemoved) + 1
}

// event is a member that does something.
type event struct {
	at   float64
	what int // 0 asks for the first time, 1 sends, 2 asks again
}

type events []event

func (e events) Len() int           { return len(e) }
func (e events) Less(i, j int) bool { return e[i].at < e[j].at }
func (e events) Swap(i, j int)      { e[i], e[j] = e[j], e[i] }
func (e *events) Push(v any)        { *e = append(*e, v.(event)) }
func (e *events) Pop() any {
	old := *e
	last := old[len(old)-1]
	*e = old[:len(old)-1]
	return last
}

// round simulates one, of n members at one database, who ask again every so
// many seconds, and returns how long it takes from the first question until
// their updates are added up and removed; infinity if the questions alone are
// more than the database answers.
func round(n int, k kind, wait float64) float64 {
	if float64(n)*asks*statement/wait > 0.95 {
		return math.Inf(1)
	}
	queue := &events{}
	for i := range n {
		heap.Push(queue, event{allAtOnce * float64(i) / float64(n), 0})
	}
	free, sent := 0.0, 0 // when the database is, and how many updates are there
	serve := func(at, statements, bytes float64, rows int) float64 {
		free = max(free, at) + statements*statement + bytes*perByte + float64(rows)*perRow
		return free
	}
	for count := 0; sent < n && count < mostEvents; count++ {
		e := heap.Pop(queue).(event)
		switch e.what {
		case 0:
			heap.Push(queue, event{serve(e.at, asks, k.bytes(), 0) + compute, 1})
		case 1:
			sent++
			heap.Push(queue, event{serve(e.at, sends, k.bytes(), sent) + wait, 2})
		case 2:
			heap.Push(queue, event{serve(e.at, asks, 0, 0) + wait, 2})
		}
	}
	if sent < n {
		return math.Inf(1)
	}
	return free + k.end(n)*statement + float64(n)*k.bytes()*(2*perByte+adding)
}

// patient is how long a member of n waits before it asks again.
func patient(n int) float64 { return max(1, float64(n)/asking) }

// tree is the same with members spread over shards of a database each, which
// hand partial sums on through queues, a hundred at a time.
func tree(n int, k kind, shard int) (seconds float64, shards, levels int) {
	const fan = 100
	shards = (n + shard - 1) / shard
	for rest := shards; rest > 1; rest = (rest + fan - 1) / fan {
		levels++
	}
	one := round(min(n, shard), k, patient(min(n, shard)))
	// A consumer adds up a hundred sums: its start, the bytes, and the queue's own second.
	return one + float64(levels)*(1+processor+fan*k.bytes()*(perByte+adding)), shards, levels
}

func main() { write(os.Stdout) }

func write(to interface{ Write([]byte) (int, error) }) {
	fmt.Fprintln(to, "| updates | members | bytes | rows written | rows read | statements | processor, s | kept, of a database | asking every second, s | as the service, s | shards of 1,000, s | shards | levels |")
	fmt.Fprintln(to, "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
	for _, k := range []kind{exact(30), exact(256), averaging(4096)} {
		for n := 1000; n <= 10_000_000; n *= 10 {
			flat, slow := "does not end", "more than an hour"
			if n <= 100_000 {
				flat, slow = seconds(round(n, k, hasty)), seconds(round(n, k, patient(n)))
			}
			if n > federations.MostMembers(k.settings) {
				slow = "too many for a request"
			}
			if float64(n)*k.bytes() > database {
				slow = "does not fit"
			}
			sharded, shards, levels := tree(n, k, 1000)
			statements := float64(n)*(asks+sends) + k.end(n)
			fmt.Fprintf(to, "| %s | %.0e | %s | %d | %.1e | %.1e | %.0f | %.2g | %s | %s | %s | %d | %d |\n", k.name, float64(n), size(2*float64(n)*k.bytes()), writes*n+4, float64(n)*(float64(n)/2+reads), statements,
				float64(n)*(2*processor+k.bytes()*(taking+adding)), float64(n)*k.bytes()/database, flat, slow, seconds(sharded), shards, levels)
		}
	}
	most := federations.MostMembers
	fmt.Fprintf(to, "\nMost members of a federation, whose updates one request adds up and removes with its 1,000 statements: %d with 30 columns, %d with 256, %d with 4,096 in averaging mode.\n", most(exact(30).settings), most(exact(256).settings), most(averaging(4096).settings))
	median := averaging(4096).settings
	median.Rule = federated.Median
	fmt.Fprintf(to, "\nWith a median, which needs all updates at once in a third of its memory: %d with 4,096, for statistics are 2 + 4·4,096 numbers.\n", most(median))
}

func seconds(v float64) string {
	if math.IsInf(v, 1) {
		return "does not end"
	}
	return fmt.Sprintf("%.1f", v)
}

func size(bytes float64) string {
	for _, unit := range []string{"B", "kB", "MB", "GB"} {
		if bytes < 1000 {
			return fmt.Sprintf("%.3g %s", bytes, unit)
		}
		bytes /= 1000
	}
	return fmt.Sprintf("%.3g TB", bytes)
}
