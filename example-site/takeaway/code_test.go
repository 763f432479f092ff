package takeaway

import (
	"os"
	"strings"
	"testing"
)

func pointer(v float64) *float64 { return &v }

var snow = Recipe{
	Source:   Source{URL: "https://example.com/data/seattle-snow.csv"},
	Label:    "weather",
	Positive: "snow", Others: "not snow",
	Gamma: 2, Weight: Weight{Balanced: true}, L2: 1e-4,
	TestFraction: 0.3, SplitSeed: 1,
	Threshold: pointer(0.0123),
}

var digits = Recipe{
	Source: Source{File: "digits.csv"},
	Label:  "digit", NumericLabels: true, DropUnlabelled: true,
	Gamma: 0, L2: 1e-6,
	TestFraction: 0.25,
}

var frauds = Recipe{
	Source:   Source{Generator: "export function transactions({ seed = 1 } = {}) {\n  return { X, y };\n}\n", Seed: 7},
	Positive: "fraud",
	Gamma:    0.5, Weight: Weight{Positive: 12}, L2: 1e-4,
	TestFraction: 0.3,
}

func TestCode(t *testing.T) {
	for name, recipe := range map[string]Recipe{"snow.mjs": snow, "digits.mjs": digits, "frauds.mjs": frauds} {
		want, err := os.ReadFile("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if got := Code(recipe); got != string(want) {
			t.Errorf("%s is now:\n%s", name, got)
		}
	}
}

// Each recipe is snow's with a change, and says a line of its code.
func TestCodeLines(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Recipe)
		line   string
	}{
		{"nothing but defaults", func(r *Recipe) { r.Weight, r.Positive, r.Others = Weight{}, "", "" }, "new FocalClassifier();"},
		{"the split's defaults", func(r *Recipe) { r.TestFraction, r.SplitSeed = 0.25, 0 }, "await split(X, y);"},
		{"a small penalty", func(r *Recipe) { r.L2 = 2.5e-7 }, "l2: 2.5e-7,"},
		{"a number against the rest", func(r *Recipe) { r.NumericLabels, r.Positive, r.Others = true, "7", "not 7" }, `label === 7 ? "7" : "not 7"`},
		{"a positive number", func(r *Recipe) { r.NumericLabels, r.Positive, r.Others = true, "-1", "" }, "positiveClass: -1 }"},
		{"a number's weight", func(r *Recipe) {
			r.NumericLabels, r.Positive, r.Others, r.Weight = true, "1", "", Weight{Positive: 8}
		}, `{ classWeight: { "1": 8 }, positiveClass: 1 }`},
		{"a weight of what is no identifier", func(r *Recipe) { r.Positive, r.Weight = "very rare", Weight{Positive: 8} }, `{ "very rare": 8 }`},
		{"a weight of the name of the prototype", func(r *Recipe) { r.Positive, r.Weight = "__proto__", Weight{Positive: 8} }, `{ ["__proto__"]: 8 }`},
		{"a quotation mark and more", func(r *Recipe) { r.Label = "a \"b\"\\\n\t\u2028é" }, `{ label: "a \"b\"\\\n\u0009\u2028é" }`},
	} {
		r := snow
		c.change(&r)
		if got := Code(r); !strings.Contains(got, c.line) {
			t.Errorf("%s: no %s in\n%s", c.name, c.line, got)
		}
	}
}
