package understand

import (
	"math"
	"slices"

	"github.com/focalfit/focalfit/loss"
)

// Decision is what a model trained with a focal loss and class weights makes
// of its logits.
type Decision struct {
	loss loss.Binary
}

// NewDecision returns that of a focusing parameter and the two weights.
func NewDecision(gamma, common, rare float64) Decision {
	return Decision{loss.Binary{Negative: loss.Class{Gamma: gamma, Weight: common}, Positive: loss.Class{Gamma: gamma, Weight: rare}}}
}

// Own is the threshold that the weights ask for: α₋/(α₊ + α₋).
func (d Decision) Own() float64 {
	return d.loss.Negative.Weight / (d.loss.Positive.Weight + d.loss.Negative.Weight)
}

// PosteriorLogit returns the logit of the posterior of the rare class.
func (d Decision) PosteriorLogit(z float64) float64 { return d.loss.PosteriorLogit(z) }

// Level returns the logit z from which on the posterior is at least a
// threshold in (0, 1). At the model's own it is 0.
func (d Decision) Level(threshold float64) float64 {
	if threshold == d.Own() {
		return 0
	}
	wanted := math.Log(threshold / (1 - threshold))
	low, high := -64.0, 64.0
	for range 60 {
		if middle := (low + high) / 2; d.PosteriorLogit(middle) < wanted {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// Sides is how many points of each class are on the side of the line that is
// theirs.
type Sides struct {
	Common, Rare             int // right
	AllCommon, AllRare       int
	MedianCommon, MedianRare float64 // the probability, as the model has it, of the point's own class; NaN without points
}

// Judge counts sides. wrong, as long as points, is set to which are on the
// other side. Where the surface of the model leaves it open, the model is
// asked.
func Judge(m *Model, surface *Surface, points []Point, level float64, wrong []bool) Sides {
	var s Sides
	s.AllCommon, s.AllRare = Count(points)
	common, rare := make([]float64, 0, s.AllCommon), make([]float64, 0, s.AllRare)
	for i, p := range points {
		near, certain := surface.At(p.X, p.Y, float32(level))
		z := float64(near)
		if !certain {
			z = m.Logit(p.X, p.Y)
		}
		wrong[i] = (z >= level) != p.Rare
		if p.Rare {
			rare = append(rare, z)
		} else {
			common = append(common, -z)
		}
		switch {
		case wrong[i]:
		case p.Rare:
			s.Rare++
		default:
			s.Common++
		}
	}
	s.MedianCommon, s.MedianRare = probability(median(common)), probability(median(rare))
	return s
}

func probability(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	slices.Sort(v)
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}
