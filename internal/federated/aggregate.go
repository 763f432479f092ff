package federated

import (
	"math"
	"slices"

	"github.com/focalfit/focalfit/loss"
)

var noRows = loss.Bad(loss.BadInput, "no client of the round has a row")

// Aggregate makes one result of a round's payloads: of [Statistics] and
// [Derivatives] the sum, of [Local] the sums of rows and losses and what the
// rule makes of the Δ. Payloads are to be added in a fixed order, that of the
// client ids, for sums of float64 depend on it in their last digits.
//
// A sum takes the memory of one payload, [Median] and [TrimmedMean] that of all.
type Aggregate struct {
	round    Round
	clients  int
	sum      []float64
	payloads [][]float64 // of the rules that need them all
}

// Aggregate returns the empty one of the state's round.
func (s State) Aggregate() *Aggregate {
	r := s.Round()
	return &Aggregate{round: r, sum: make([]float64, r.Kind.Length(r.Settings.Columns))}
}

// Add takes a client's payload, which must not be changed before Result, or
// returns the error of [Round.Check].
func (a *Aggregate) Add(payload []float64) error {
	if err := a.round.Check(payload); err != nil {
		return err
	}
	a.clients++
	switch {
	case a.round.Kind != Local:
		Add(a.sum, payload)
	case a.round.Settings.Rule == Mean:
		a.sum[0] += payload[0]
		a.sum[1] += payload[1]
		for j, v := range payload[2:] {
			a.sum[2+j] += payload[0] * v
		}
	default:
		a.sum[0] += payload[0]
		a.sum[1] += payload[1]
		a.payloads = append(a.payloads, payload)
	}
	return nil
}

// Clients returns how many payloads were added.
func (a *Aggregate) Clients() int { return a.clients }

// Result returns what [State.Next] takes, or an error if there were fewer
// clients than the settings ask for, or none with rows.
//
// Sources of the rules: McMahan et al., "Communication-Efficient Learning of
// Deep Networks from Decentralized Data", AISTATS 2017, algorithm 1; Yin, Chen,
// Ramchandran, Bartlett, "Byzantine-Robust Distributed Learning: Towards
// Optimal Statistical Rates", ICML 2018, definitions 1 and 2.
func (a *Aggregate) Result() ([]float64, error) {
	s := a.round.Settings
	if a.clients < s.MinClients {
		return nil, loss.Bad(loss.BadInput, "the round has fewer clients than the settings ask for: wait for more, or lower the minimum number of clients")
	}
	if !(a.sum[0] > 0) && a.round.Kind != Statistics {
		return nil, noRows
	}
	out := slices.Clone(a.sum)
	if a.round.Kind != Local {
		return out, nil
	}
	if s.Rule == Mean {
		for j := range out[2:] {
			out[2+j] /= out[0]
		}
		return out, nil
	}
	trim := s.Trim
	if s.Rule == Median {
		trim = 0.5
	}
	weights := a.weights()
	entries := make([]entry, len(a.payloads))
	for j := range out[2:] {
		for i, p := range a.payloads {
			entries[i] = entry{p[2+j], weights[i]}
		}
		out[2+j] = trimmed(entries, trim)
	}
	return out, nil
}

// weights returns the rows of each client, but at most twice the median of
// those that have any: rows are what clients claim, and who claims more would
// outweigh the rest.
func (a *Aggregate) weights() []float64 {
	rows := make([]entry, len(a.payloads))
	for i, p := range a.payloads {
		rows[i] = entry{p[0], min(p[0], 1)}
	}
	most := 2 * trimmed(rows, 0.5)
	weights := make([]float64, len(a.payloads))
	for i, p := range a.payloads {
		weights[i] = min(p[0], most)
	}
	return weights
}

// entry is a value and what it weighs.
type entry struct{ value, weight float64 }

// trimmed returns the weighted mean of what is left when a share of the weight
// is left out at either end, an entry in part if need be; of share 0.5 the
// median, the mean of the two in the middle if the weight is split between
// them. The entries are sorted, and weigh more than 0 together.
func trimmed(entries []entry, share float64) float64 {
	slices.SortFunc(entries, func(a, b entry) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		case a.weight < b.weight: // so that the order of clients does not matter
			return -1
		case a.weight > b.weight:
			return 1
		}
		return 0
	})
	total := 0.0
	for _, e := range entries {
		total += e.weight
	}
	low, high := share*total, (1-share)*total
	if !(high-low > 1e-9*total) {
		return median(entries, total/2)
	}
	sum, weight, seen := 0.0, 0.0, 0.0
	for _, e := range entries {
		if in := min(seen+e.weight, high) - max(seen, low); in > 0 {
			sum += in * e.value
			weight += in
		}
		seen += e.weight
	}
	return sum / weight
}

// median returns the value at which half of the weight is reached.
func median(entries []entry, half float64) float64 {
	seen := 0.0
	for i, e := range entries {
		if seen += e.weight; seen == half {
			for _, next := range entries[i+1:] {
				if next.weight > 0 {
					return e.value + (next.value-e.value)/2
				}
			}
		}
		if seen >= half {
			return e.value
		}
	}
	return entries[len(entries)-1].value
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
// Local SGD Steps", 2023, with their decay for a linear one.
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
