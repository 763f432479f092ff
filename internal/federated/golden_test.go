package federated

import (
	"encoding/json"
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/payloads.json anew")

// golden is a member's payloads, which the npm package has to make too.
type golden struct {
	Columns int
	X, Y    []float64

	Mean, Scale, Theta    []float64
	Weights, Counts       [2]float64
	Gamma, L2             float64
	Steps                 int
	Proximal, Clip        float64
	ClassMean, ClassScale [2][]float64

	Statistics, Derivatives, Local []float64
}

func goldens() []golden {
	random := rand.New(rand.NewPCG(11, 13))
	var list []golden
	for i, gamma := range []float64{0, 2, 3.5, 0.5} {
		d := 1 + 2*i
		g := golden{Columns: d, Gamma: gamma, L2: 1e-3, Steps: 1 + i, Proximal: float64(i) / 4, Clip: []float64{100, 0.05, 1, 10}[i], Weights: [2]float64{0.6, 8}, Counts: [2]float64{900, 50}}
		draw := func(scale float64) []float64 {
			v := make([]float64, d)
			for j := range v {
				v[j] = scale * random.NormFloat64()
			}
			return v
		}
		for range 12 {
			g.X = append(g.X, draw(3)...)
			g.Y = append(g.Y, float64(random.IntN(2)*(i%2)))
		}
		g.Mean, g.Theta = draw(1), append(draw(1), -0.5)
		g.Scale = make([]float64, d)
		for j := range g.Scale {
			g.Scale[j] = 1 + random.Float64()
		}
		if i != 2 {
			for class := range 2 {
				g.ClassMean[class] = draw(1)
				g.ClassScale[class] = make([]float64, d)
				for j := range d {
					g.ClassScale[class][j] = 0.5 + random.Float64()
				}
			}
			g.ClassScale[0][0] = 0
		}
		r := &Round{
			Settings: Settings{Columns: d, Gamma: gamma, L2: g.L2, Mode: Averaging, Proximal: g.Proximal, Clip: g.Clip, MinClients: 3},
			Steps:    g.Steps,
			Theta:    g.Theta, Mean: g.Mean, Scale: g.Scale, Weights: g.Weights, Counts: g.Counts, ClassMean: g.ClassMean, ClassScale: g.ClassScale,
		}
		rows := Rows{Columns: d, X: g.X, Y: g.Y}
		g.Statistics, g.Derivatives, g.Local = r.Statistics(rows), r.Derivatives(rows), r.Local(rows, nil)
		list = append(list, g)
	}
	return list
}

// The npm package's test reads the same file.
func TestPayloadsAreThoseOfTheFile(t *testing.T) {
	const file = "testdata/payloads.json"
	got := goldens()
	if *update {
		text, err := json.MarshalIndent(got, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want []golden
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	if len(want) != len(got) {
		t.Fatalf("%d cases, not %d", len(got), len(want))
	}
	for i := range want {
		for name, pair := range map[string][2][]float64{
			"statistics": {got[i].Statistics, want[i].Statistics}, "derivatives": {got[i].Derivatives, want[i].Derivatives}, "local": {got[i].Local, want[i].Local},
		} {
			for j, v := range pair[0] {
				if math.Abs(v-pair[1][j]) > 1e-12*(1+math.Abs(v)) {
					t.Errorf("case %d: %s %d is %v, not %v", i, name, j, v, pair[1][j])
				}
			}
		}
	}
}
