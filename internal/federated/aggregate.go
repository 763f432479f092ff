package federated

import (
	"hash"
	"hash/fnv"
	"io"
	"math"
	"slices"

	"github.com/focalfit/focalfit/loss"
)

var noRows = loss.Bad(loss.BadInput, "no client of the round has a row")

// Aggregate makes one result of a round's payloads: of [Statistics] and
// [Derivatives] the sum, of [Local] the sums of rows and losses and what the
// rule makes of the Δ; by [Median] and [TrimmedMean] all of these without what a
// few clients may claim. Payloads are to be added in a fixed order, that of the
// client ids, for sums of float64 depend on it in their last digits.
//
// A sum takes the memory of one payload, [Median] and [TrimmedMean] that of all.
type Aggregate struct {
	round    Round
	names    hash.Hash64
	clients  int
	sum      []float64
	payloads [][]float64 // of the rules that need them all
}

// Aggregate returns the empty one of the state's round.
func (s State) Aggregate() *Aggregate {
	r := s.Round()
	return &Aggregate{round: r, names: fnv.New64a(), sum: make([]float64, r.Kind.Length(r.Settings.Columns))}
}

// Result is what the clients of a round said together.
type Result struct {
	Numbers []float64
	Clients int // a hash of who they are: rounds of others are of another function
}

// mostHash is the largest that a float64 holds with all its digits.
const mostHash = 1<<53 - 1

// Add takes a client's payload, which must not be changed before Result, or
// returns the error of [Round.Check].
func (a *Aggregate) Add(client string, payload []float64) error {
	if err := a.round.Check(payload); err != nil {
		return err
	}
	a.clients++
	_, _ = io.WriteString(a.names, client+"\xff") // which is in no name
	switch {
	case a.round.Settings.Rule != Mean:
		a.payloads = append(a.payloads, payload)
	case a.round.Kind != Local:
		Add(a.sum, payload)
	default:
		a.sum[0] += payload[0]
		a.sum[1] += payload[1]
		for j, v := range payload[2:] {
			a.sum[2+j] += payload[0] * v
		}
	}
	return nil
}

// Clients returns how many payloads were added.
func (a *Aggregate) Clients() int { return a.clients }

// Result returns what [State.Next] takes, or an error if there were fewer
// clients than the settings ask for, or none with rows.
//
// Source of the mean: McMahan et al., "Communication-Efficient Learning of Deep
// Networks from Decentralized Data", AISTATS 2017, algorithm 1.
func (a *Aggregate) Result() (Result, error) {
	s := a.round.Settings
	if a.clients < s.MinClients {
		return Result{}, loss.Bad(loss.BadInput, "the round has fewer clients than the settings ask for: wait for more, or lower the minimum number of clients")
	}
	out := slices.Clone(a.sum)
	switch {
	case s.Rule != Mean && a.round.Kind == Statistics:
		out = robustStatistics(a.payloads, s.Columns, s.trim())
	case s.Rule != Mean:
		out = robustUpdate(a.payloads, s.trim())
	case a.round.Kind == Local:
		for j := range out[2:] {
			out[2+j] /= out[0]
		}
	}
	if !(out[0] > 0) && a.round.Kind != Statistics {
		return Result{}, noRows
	}
	return Result{out, int(a.names.Sum64() & mostHash)}, nil
}

// steps returns the local steps of the state's round k: Steps in the first, then
// fewer, 1 from the middle on,
//
//	⌈Steps·(1 − 2·(k − 1)/MaxRounds)⌉
//
// Several steps of clients that differ lead beside the optimum of J, however
// many rounds there are. The mean of single ones is a step on J, but for what
// stands in: see [Round.Local].
//
// Source: Mills, Hu, Min, "Faster Federated Learning with Decaying Number of
// Local SGD Steps", 2023; the decay here is linear.
func (s State) steps() int {
	left := 1 - 2*float64(s.round-1)/float64(s.settings.MaxRounds)
	return max(1, int(math.Ceil(float64(s.settings.Steps)*left)))
}

// average takes the result of [Local] updates: the server goes on by
//
//	v ← β·v + Δ,  θ ← θ + v
//
// with Momentum β.
//
// Source: Hsu, Qi, Brown, "Measuring the Effects of Non-Identical Data
// Distribution for Federated Visual Classification", 2019, section 4.3.
func (s *State) average(result []float64) error {
	if !(result[0] > 0) {
		return noRows
	}
	v := make([]float64, len(s.theta))
	theta := slices.Clone(s.theta)
	for j := range v {
		v[j] = result[2+j]
		if s.server.momentum != nil {
			v[j] += s.settings.Momentum * s.server.momentum[j]
		}
		theta[j] += v[j]
	}
	if !finite(norm(theta)) {
		return loss.Bad(loss.NotFinite, "the model is no longer finite: lower clip, or set a proximal > 0")
	}
	s.theta, s.server = theta, server{rows: result[0], loss: result[1], momentum: v}
	return nil
}
