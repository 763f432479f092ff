package heldout

import (
	"math"
	"strconv"
	"strings"

	"github.com/focalfit/focalfit/example-site/numbers"
)

// few is how many held-out rows of a class make small differences mean
// nothing.
const few = 30

// Words says what a comparison shows, a sentence or two each.
func (c Comparison) Words(outcomes [len(Ways)]Outcome) []string {
	words := []string{c.focalWords()}
	if outcomes[0].Classes == 2 {
		words = append(words, decisionWords(outcomes), c.thresholdWords())
		positives := 0
		for _, t := range outcomes[0].Truth {
			if t == outcomes[0].Positive {
				positives++
			}
		}
		if positives < few {
			words = append(words, "Only "+numbers.Plural(positives, "held-out row is", "held-out rows are")+" positive, so one more or less moves recall by "+
				strconv.Itoa(int(math.Round(100/float64(positives))))+" percentage points: small differences mean nothing here. Hold out others and compare again.")
		}
		return words
	}
	const balanced = 2 // in manyMeasures
	return append(words, "The mean recall of the classes is "+c.list(balanced)+": weights are for classes that are rare, and change little where all are of a size.")
}

// focalWords says whether focal loss orders the rows better.
func (c Comparison) focalWords() string {
	gain := "Focal loss against cross-entropy: " + c.Measures[0] + " " + signed(c.Focal.Value) + ", with 95 % between " + signed(c.Focal.Low) + " and " + signed(c.Focal.High) + ". "
	switch {
	case math.Abs(c.Focal.Value) < 0.01 && c.Focal.Low > -0.05 && c.Focal.High < 0.05:
		return gain + "It does not help here: it orders the rows as cross-entropy does."
	case c.Focal.Holds(0):
		return gain + "That is no difference that these rows can show."
	case c.Focal.Value > 0:
		return gain + "It helps here: it orders the rows better."
	}
	return gain + "It harms here: it orders the rows worse."
}

// decisionWords says what the ways find at their own thresholds.
func decisionWords(outcomes [len(Ways)]Outcome) string {
	var found, alarms [len(Ways)]int
	positives := 0
	for i, o := range outcomes {
		positives = 0
		for row, t := range o.Truth {
			flagged := o.Predicted[row] == o.Positive
			if t == o.Positive {
				positives++
				if flagged {
					found[i]++
				}
			} else if flagged {
				alarms[i]++
			}
		}
	}
	of := func(i int) string {
		if found[i] == 0 {
			return "none of " + numbers.Whole(positives)
		}
		return numbers.Whole(found[i]) + " of " + numbers.Whole(positives)
	}
	words := "At their own thresholds, cross-entropy finds " + of(0) + " and focal loss " + of(2) +
		"; with balanced weights they find " + of(1) + " and " + of(3)
	with := numbers.Whole(alarms[1]) + " and " + numbers.Whole(alarms[3])
	without := numbers.Whole(alarms[0]) + " and " + numbers.Whole(alarms[2])
	if min(found[1], found[3]) > max(found[0], found[2]) {
		return words + ", at the price of false alarms (" + with + ", against " + without + ")."
	}
	return words + ". The false alarms are " + with + ", against " + without + " without weights."
}

// thresholdWords holds the spread of F1 at the models' own thresholds against
// that at thresholds chosen on the training rows.
func (c Comparison) thresholdWords() string {
	const own, tuned = 3, 4 // in twoMeasures
	words := "With a threshold chosen on the training rows, the four reach an F1 of " + c.list(tuned) + " on the held-out rows"
	if c.spread(tuned) < c.spread(own) {
		return words + ", closer together than at their own thresholds (" + c.list(own) + "): a threshold does much of what weights do."
	}
	return words + "; at their own thresholds it is " + c.list(own) + "."
}

func (c Comparison) values(measure int) []float64 {
	values := make([]float64, len(c.Ways))
	for i, way := range c.Ways {
		values[i] = way[measure].Value
	}
	return values
}

func (c Comparison) spread(measure int) float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range c.values(measure) {
		low, high = min(low, v), max(high, v)
	}
	return high - low
}

// list writes a measure of the four ways.
func (c Comparison) list(measure int) string {
	texts := make([]string, len(c.Ways))
	for i, v := range c.values(measure) {
		texts[i] = strconv.FormatFloat(v, 'f', 2, 64)
	}
	last := len(texts) - 1
	return strings.Join(texts[:last], ", ") + " and " + texts[last]
}

// signed writes a difference with its sign.
func signed(v float64) string {
	text := strconv.FormatFloat(math.Abs(v), 'f', 3, 64)
	switch {
	case text == "0.000":
		return text
	case v < 0:
		return "−" + text
	}
	return "+" + text
}
