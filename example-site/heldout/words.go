package heldout

import (
	"math"
	"strconv"

	"github.com/focalfit/focalfit/metrics"
)

// Way is one of the ways to train that are compared.
type Way struct {
	Name     string
	Gamma    float64
	Balanced bool
}

// Ways are the four: focal loss and class weights, each with and without.
var Ways = [4]Way{
	{"Cross-entropy", 0, false},
	{"Weighted", 0, true},
	{"Focal", 2, false},
	{"Both", 2, true},
}

// Words says what the numbers of the four [Ways] show, a sentence each.
func Words(results [len(Ways)]Result) []string {
	positives := results[0].Own.Positive()
	var plain, weighted, tuned, ap spread
	for i, r := range results {
		if Ways[i].Balanced {
			weighted.add(r.Own.Recall())
		} else {
			plain.add(r.Own.Recall())
		}
		tuned.add(r.Tuned.F1())
		ap.add(r.AveragePrecision)
	}

	alarms := func(i int) string { return count(results[i].Own.FalsePositive) }
	without := alarms(0) + " and " + alarms(2)
	with := alarms(1) + " and " + alarms(3)
	first := "At their own thresholds, cross-entropy finds " + found(results[0].Own) + " and focal loss " + found(results[2].Own) +
		"; with balanced weights they find " + found(results[1].Own) + " and " + found(results[3].Own)
	if weighted.low > plain.high {
		first += ", at the price of false alarms (" + with + ", against " + without + ")."
	} else {
		first += ". The false alarms are " + with + ", against " + without + " without weights."
	}
	words := []string{first}

	switch {
	case ap.high-ap.low < 0.05:
		words = append(words, "All four rank the rows about equally well (average precision "+ap.String()+"): what differs is mainly where each draws the line.")
	default:
		words = append(words, "They do not rank the rows equally well: average precision is "+ap.String()+", best for "+best(results)+".")
	}

	same := "With a threshold chosen on the training rows, the four reach an F1 of " + tuned.String() + " on the held-out rows"
	own := spread{}
	for _, r := range results {
		own.add(r.Own.F1())
	}
	if tuned.high-tuned.low < own.high-own.low {
		same += ", closer together than at their own thresholds (" + own.String() + "): a threshold does much of what weights do."
	} else {
		same += "; at their own thresholds it is " + own.String() + "."
	}
	words = append(words, same)

	if positives < 30 {
		words = append(words, "Only "+count(positives)+" held-out rows are positive, so one row more or less moves recall by "+
			strconv.Itoa(int(math.Round(100/positives)))+" percentage points: small differences mean nothing here. Draw the held-out rows anew and compare again.")
	}
	return words
}

// spread is the range of some numbers of 0 … 1.
type spread struct {
	low, high float64
	any       bool
}

func (s *spread) add(v float64) {
	if !s.any {
		*s = spread{v, v, true}
	}
	s.low, s.high = min(s.low, v), max(s.high, v)
}

func (s spread) String() string {
	low, high := decimal(s.low), decimal(s.high)
	if low == high {
		return low
	}
	return low + " to " + high
}

func best(results [len(Ways)]Result) string {
	at := 0
	for i, r := range results {
		if r.AveragePrecision > results[at].AveragePrecision {
			at = i
		}
	}
	return [...]string{"cross-entropy", "weighted cross-entropy", "focal loss", "both together"}[at]
}

func found(p metrics.Point) string {
	if p.TruePositive == 0 {
		return "none of " + count(p.Positive())
	}
	return count(p.TruePositive) + " of " + count(p.Positive())
}

func count(v float64) string   { return strconv.FormatFloat(v, 'f', 0, 64) }
func decimal(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }
