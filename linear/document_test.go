package linear_test

import (
	"encoding/json"
	"math"
	"path/filepath"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
	"github.com/focalfit/focalfit/linear"
)

// golden is a document with rows, and what the JavaScript package makes of them.
type golden struct {
	Document      json.RawMessage
	X, Rows       json.RawMessage
	Probabilities []float64
	Raw           []float64
	Labels        []json.RawMessage
	Name          string
}

// checkGolden predicts its rows.
func checkGolden(t *testing.T, g *golden, tolerance float64) {
	d, err := linear.ReadDocument(g.Document)
	if err != nil {
		t.Fatal(err)
	}
	rows := g.X
	if g.Rows != nil {
		rows = g.Rows
	}
	x, err := d.ReadRows(rows, 1000)
	if err != nil {
		t.Fatal(err)
	}
	k := len(d.Classes)
	if len(x) == 0 || len(x)/d.Columns*k != len(g.Probabilities) {
		t.Fatalf("%d cells of %d columns, %d probabilities of %d classes", len(x), d.Columns, len(g.Probabilities), k)
	}
	z, p, y := make([]float64, d.Outputs()), make([]float64, k), make([]int, k)
	for row := range len(x) / d.Columns {
		if err := d.Logits(z, x[row*d.Columns:][:d.Columns]); err != nil {
			t.Fatal(err)
		}
		compare := func(want []float64, raw bool) {
			d.Probabilities(p, z, raw)
			for c, v := range want[row*k:][:k] {
				if !(math.Abs(p[c]-v) <= tolerance) {
					t.Errorf("row %d, class %d, raw %v: %v, want %v", row, c, raw, p[c], v)
				}
			}
		}
		compare(g.Probabilities, false)
		if g.Raw != nil {
			compare(g.Raw, true)
		}
		if g.Labels == nil {
			continue
		}
		d.Decide(y, z)
		got := d.Classes[y[0]].AppendJSON(nil)
		if d.MultiLabel {
			got, _ = json.Marshal(y)
		}
		if string(got) != string(g.Labels[row]) {
			t.Errorf("row %d: label %s, want %s", row, got, g.Labels[row])
		}
	}
}

func TestDocumentsOfEachVersion(t *testing.T) {
	for _, name := range []string{"model-v1.json", "model-v2.json", "model-v2-table.json"} {
		t.Run(name, func(t *testing.T) {
			var g golden
			numtest.Load(t, filepath.Join("..", "js", "test", "testdata", name), &g)
			checkGolden(t, &g, 1e-12)
		})
	}
}

func TestDocumentsPredictAsJavaScriptDoes(t *testing.T) {
	var cases []golden
	numtest.Load(t, filepath.Join("testdata", "documents.json"), &cases)
	if len(cases) < 40 {
		t.Fatalf("%d cases", len(cases))
	}
	for i := range cases {
		t.Run(cases[i].Name, func(t *testing.T) { checkGolden(t, &cases[i], 1e-9) })
	}
}
