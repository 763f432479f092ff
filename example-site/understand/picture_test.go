package understand

import (
	"context"
	"slices"
	"testing"

	"github.com/focalfit/focalfit/linear"
	"github.com/focalfit/focalfit/loss"
)

func TestPictures(t *testing.T) {
	for _, name := range Pictures {
		points := Picture(name)
		if common, rare := Count(points); common != 400 || rare != 20 {
			t.Errorf("%s: %d common, %d rare points", name, common, rare)
		}
		if !slices.Equal(points, Picture(name)) {
			t.Errorf("%s: not the same twice", name)
		}
		for _, p := range points {
			if !p.inside() {
				t.Errorf("%s: %v is outside", name, p)
			}
		}
	}
	if len(Picture("none")) != 0 {
		t.Error("a picture without a name has points")
	}
}

// trial is how the page fits, done here by the library.
type trial struct {
	picture       string
	gamma, weight float64 // weight 0 is balanced
	components    int
	threshold     float64 // 0 is the model's own
	leastRare     int
	mostRare      int
	leastCommon   int
}

func (r trial) fit(t *testing.T) (*Model, Decision, []Point) {
	t.Helper()
	points := Picture(r.picture)
	var rows []float64
	var y []int32
	for _, p := range points {
		rows = append(rows, p.X, p.Y)
		class := int32(0)
		if p.Rare {
			class = 1
		}
		y = append(y, class)
	}
	x, err := linear.NewMatrix(len(points), 2, rows)
	if err != nil {
		t.Fatal(err)
	}
	var m Model
	if r.components > 0 {
		e := linear.Expansion{Components: r.components, Bandwidth: 0.4, Seed: 1}
		made, f, err := e.Make(context.Background(), x, false)
		if err != nil {
			t.Fatal(err)
		}
		x, m.Frequencies, m.Phases = made, f.Frequencies, f.Phases
	}
	o := linear.Options{Classes: loss.Uniform(2, r.gamma), L2: 1e-4, NoStandardize: true}
	weights := []float64{1, r.weight}
	if r.weight == 0 {
		common, rare := Count(points)
		weights = loss.BalancedWeights([]int{common, rare})
	}
	o.Classes[0].Weight, o.Classes[1].Weight = weights[0], weights[1]
	fit, err := linear.Train(context.Background(), x, y, o)
	if err != nil {
		t.Fatal(err)
	}
	m.Weights, m.Intercept = fit.Coefficients, fit.Intercepts[0]
	return &m, NewDecision(r.gamma, weights[0], weights[1]), points
}

// What the text of the page says of the pictures.
func TestWhatThePicturesShow(t *testing.T) {
	var surface Surface
	for _, r := range []trial{
		{picture: "clouds", gamma: 0, weight: 1, mostRare: 5, leastCommon: 395},
		{picture: "clouds", gamma: 5, weight: 1, mostRare: 5, leastCommon: 395},
		{picture: "clouds", gamma: 0, leastRare: 16, mostRare: 20, leastCommon: 300},
		{picture: "clouds", gamma: 0, weight: 1, threshold: 0.047, leastRare: 16, mostRare: 20, leastCommon: 300},
		{picture: "ring", gamma: 2, mostRare: 20, leastCommon: 0},
		{picture: "ring", gamma: 2, components: 100, leastRare: 20, mostRare: 20, leastCommon: 395},
		{picture: "moons", gamma: 2, components: 100, leastRare: 18, mostRare: 20, leastCommon: 380},
		{picture: "corners", gamma: 2, components: 100, leastRare: 18, mostRare: 20, leastCommon: 360},
	} {
		m, d, points := r.fit(t)
		threshold := r.threshold
		if threshold == 0 {
			threshold = d.Own()
		}
		surface.Compute(m)
		s := Judge(m, &surface, points, d.Level(threshold), make([]bool, len(points)))
		if s.Rare < r.leastRare || s.Rare > r.mostRare || s.Common < r.leastCommon {
			t.Errorf("%+v: %s", r, s.Words())
		}
	}
}
