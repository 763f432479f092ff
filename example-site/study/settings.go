// Package study is what the page's parts work on: the table, the settings,
// and the model that was trained with them.
package study

import (
	"math"
	"strconv"
)

// EveryClass in place of a positive class means that all are told apart.
const EveryClass = "*"

// TestShare is the share of the rows that are held out.
const TestShare = 0.3

// Settings are all that decides what is trained, besides a file's content.
type Settings struct {
	Source   string
	Label    string // the column, of a file
	Positive string // a class, or [EveryClass]
	Draw     int    // the seed of the split

	Gamma        float64
	Weight       string  // "none", "balanced" or "number"
	WeightNumber float64 // of the positive class, with "number"
	L2Exponent   float64 // of 10

	Threshold float64 // from which probability on a row is flagged; 0 for the model's own
	Miss      float64 // what a miss costs, in false alarms
}

// Default are the settings at first.
var Default = Settings{Source: "snow", Label: "weather", Positive: "snow", Draw: 1, Gamma: 2, Weight: "balanced", WeightNumber: 10, L2Exponent: -4, Miss: 20}

// L2 is the penalty.
func (s Settings) L2() float64 { return math.Pow(10, s.L2Exponent) }

// SameRows says whether a model of other settings is of the same training rows
// and classes.
func (s Settings) SameRows(other Settings) bool {
	return s.Source == other.Source && s.Label == other.Label && s.Positive == other.Positive && s.Draw == other.Draw
}

// Plain says whether the loss is cross-entropy without weights, of which there
// is nothing to take back.
func (s Settings) Plain() bool {
	return s.Gamma == 0 && (s.Weight == "none" || s.Weight == "number" && s.WeightNumber == 1)
}

// SameLoss says whether a model of other settings has the same loss and penalty.
func (s Settings) SameLoss(other Settings) bool {
	weight := s.Weight == other.Weight && (s.Weight != "number" || s.WeightNumber == other.WeightNumber)
	return s.Gamma == other.Gamma && weight && s.L2Exponent == other.L2Exponent
}

// Pairs are the settings for a link, names and values.
func (s Settings) Pairs() [][2]string {
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	pairs := [][2]string{{"data", s.Source}}
	if s.Source == File.ID && s.Label != "" {
		pairs = append(pairs, [2]string{"label", s.Label})
	}
	weight := s.Weight
	if weight == "number" {
		weight = number(s.WeightNumber)
	}
	pairs = append(pairs, [][2]string{
		{"class", s.Positive}, {"draw", strconv.Itoa(s.Draw)}, {"gamma", number(s.Gamma)}, {"weight", weight}, {"l2", number(s.L2Exponent)},
	}...)
	if s.Miss != Default.Miss {
		pairs = append(pairs, [2]string{"miss", number(s.Miss)})
	}
	if s.Threshold != 0 {
		pairs = append(pairs, [2]string{"threshold", number(s.Threshold)})
	}
	return pairs
}

// FromPairs reads what [Settings.Pairs] writes. What is missing or makes no
// sense is as in [Default]; false if there is nothing of settings in it.
func FromPairs(pairs [][2]string) (Settings, bool) {
	s := Default
	values := map[string]string{}
	for _, pair := range pairs {
		values[pair[0]] = pair[1]
	}
	source, known := SourceOf(values["data"])
	if !known {
		return s, false
	}
	s.Source, s.Label, s.Positive = source.ID, source.Label, source.Positive
	if source.ID == File.ID {
		s.Label = values["label"]
	}
	if class := values["class"]; class != "" {
		s.Positive = class
	}
	if draw, err := strconv.Atoi(values["draw"]); err == nil && draw >= 1 && draw <= 1e6 {
		s.Draw = draw
	}
	number := func(name string, low, high float64, to *float64) bool {
		v, err := strconv.ParseFloat(values[name], 64)
		if err != nil || !(v >= low && v <= high) {
			return false
		}
		*to = v
		return true
	}
	number("gamma", 0, 5, &s.Gamma)
	number("l2", -8, 1, &s.L2Exponent)
	number("miss", 0, MostMiss, &s.Miss)
	number("threshold", 0, 1, &s.Threshold)
	switch weight := values["weight"]; {
	case weight == "none" || weight == "balanced":
		s.Weight = weight
	case number("weight", LeastWeight, MostWeight, &s.WeightNumber):
		s.Weight = "number"
	}
	return s, true
}

// MostMiss is the most that a miss may cost.
const MostMiss = 1e9

// A weight lies between these.
const (
	LeastWeight = 1e-6
	MostWeight  = 1e6
)
