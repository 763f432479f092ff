package federated

import (
	"math"
	"slices"
)

// What [Median] and [TrimmedMean] make of payloads of which some may say
// anything: each number is that of the clients in the middle, and no client's
// rows count for more than twice those of the client in the middle.
//
// Source: Yin, Chen, Ramchandran, Bartlett, "Byzantine-Robust Distributed
// Learning: Towards Optimal Statistical Rates", ICML 2018, definitions 1 and 2.

// trim returns the share of the weight that is left out at either end.
func (s Settings) trim() float64 {
	if s.Rule == Median {
		return 0.5
	}
	return s.Trim
}

// robustUpdate combines payloads of [Local]: the rows that count, the loss of as
// many, and Δ coordinate by coordinate.
func robustUpdate(payloads [][]float64, trim float64) []float64 {
	out := make([]float64, len(payloads[0]))
	rows := make([]float64, len(payloads))
	for i, p := range payloads {
		rows[i] = p[0]
	}
	limit := 2 * middle(rows)
	entries := make([]entry, len(payloads))
	for i, n := range rows {
		rows[i] = min(n, limit)
		out[0] += rows[i]
	}
	if out[0] == 0 {
		return out
	}
	for j := 1; j < len(out); j++ {
		for i, p := range payloads {
			entries[i] = entry{p[j], rows[i]}
			if j == 1 && p[0] > 0 {
				entries[i].value = p[1] / p[0]
			}
		}
		out[j] = trimmed(entries, trim)
	}
	out[1] *= out[0]
	return out
}

// robustStatistics combines payloads of [Statistics] to one of the same form.
// Of a class its clients count alike, those that hold rows of it, whatever their
// number: hostile ones among few holders are many anyway, and would be more than
// half by the rows they claim. Mean and second moment about that mean are of those
// in the middle, without any that is far off.
func robustStatistics(payloads [][]float64, d int, trim float64) []float64 {
	out := make([]float64, 2+4*d)
	for class := range 2 {
		var holders [][]float64
		var rows []float64
		for _, p := range payloads {
			if n := p[class]; n > 0 {
				holders, rows = append(holders, p), append(rows, n)
			}
		}
		if len(holders) == 0 {
			continue
		}
		total, limit := 0.0, 2*middle(rows)
		for _, n := range rows {
			total += min(n, limit)
		}
		out[class] = total
		entries := make([]entry, len(holders))
		for j := range d {
			first, second := 2+class*d+j, 2+(2+class)*d+j
			for i, p := range holders {
				entries[i] = entry{p[first] / rows[i], 1}
			}
			mean := trimmed(near(entries), trim)
			for i, p := range holders {
				off := p[first]/rows[i] - mean
				within := max(p[second]/rows[i]-(p[first]/rows[i])*(p[first]/rows[i]), 0)
				entries[i] = entry{within + off*off, 1}
			}
			out[first] = total * mean
			out[second] = total * (trimmed(near(entries), trim) + mean*mean)
		}
	}
	return out
}

// near returns the entries within three deviations of the median, by the median
// of the distances from it. They weigh the same.
//
// Source: Hampel, "The Breakdown Points of the Mean Combined With Some Rejection
// Rules", Technometrics 27, 1985, whose rule has 3.5.
func near(entries []entry) []entry {
	center := trimmed(entries, 0.5)
	distances := make([]entry, len(entries))
	for i, e := range entries {
		distances[i] = entry{math.Abs(e.value - center), 1}
	}
	limit := 3 * 1.4826 * trimmed(distances, 0.5)
	var out []entry
	for _, e := range entries {
		if math.Abs(e.value-center) <= limit {
			out = append(out, e)
		}
	}
	return out
}

// middle returns the median of the values above 0, or 0.
func middle(values []float64) float64 {
	entries := make([]entry, 0, len(values))
	for _, v := range values {
		if v > 0 {
			entries = append(entries, entry{v, 1})
		}
	}
	if len(entries) == 0 {
		return 0
	}
	return trimmed(entries, 0.5)
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
