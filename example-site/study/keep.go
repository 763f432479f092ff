//go:build js && wasm

package study

import (
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/page"
)

// keptVersion changes when what is kept does: an older one is forgotten.
const keptVersion = 2

// Keep keeps the model in this browser, in the place of the one before, and
// says whether the browser does.
func (m *Model) Keep() bool {
	arrays := func(list []int) js.Value {
		numbers := make([]float64, len(list))
		for i, n := range list {
			numbers[i] = float64(n)
		}
		return page.Float64Array(numbers)
	}
	kept, err := page.Await(page.Site.Call("keep", map[string]any{
		"version":  keptVersion,
		"settings": m.Settings.Link(),
		"file":     m.File, "encoding": m.Format.Encoding, "decimal": m.Format.Decimal, "label": m.Label, "numeric": m.NumericLabels, "rows": m.Rows, "grouped": m.Grouped, "positive": m.Positive,
		"columns":    page.Array(m.Columns),
		"classifier": m.Classifier.Call("toJSON"), "report": m.Report,
		"truth": arrays(m.Truth), "predicted": arrays(m.Predicted),
		"posterior": page.Float64Array(m.Posterior), "raw": page.Float64Array(m.Raw),
		"threshold": m.Threshold, "tuned": m.Tuned,
		"coefficients": page.Float64Array(m.Coefficients), "importance": page.Float64Array(m.Importance),
	}))
	return err == nil && kept.Truthy()
}

// Kept returns the model that was kept; nil if there is none.
func Kept() *Model {
	k, err := page.Await(page.Site.Call("kept"))
	if err != nil || !k.Truthy() || !k.Get("version").Equal(js.ValueOf(keptVersion)) {
		return nil
	}
	settings, ok := ParseLink(k.Get("settings").String())
	classifier, err := page.Try(func() js.Value {
		return page.Site.Get("FocalClassifier").Call("fromJSON", k.Get("classifier"), map[string]any{"engine": page.Site.Get("engine")})
	})
	if !ok || err != nil {
		return nil
	}
	source, _ := SourceOf(settings.Source)
	m := &Model{
		Settings: settings, Source: source, File: k.Get("file").String(), Format: Format{k.Get("encoding").String(), k.Get("decimal").String()}, Label: k.Get("label").String(), NumericLabels: k.Get("numeric").Bool(), Columns: page.Strings(k.Get("columns")),
		Rows: k.Get("rows").Int(), Grouped: k.Get("grouped").Bool(), Positive: k.Get("positive").Int(),
		Classifier: classifier, Report: k.Get("report"),
		Truth: ints(k.Get("truth")), Predicted: ints(k.Get("predicted")),
		Posterior: page.Float64s(k.Get("posterior")), Raw: page.Float64s(k.Get("raw")),
		Threshold: k.Get("threshold").Float(), Tuned: k.Get("tuned").Float(),
		Coefficients: page.Float64s(k.Get("coefficients")), Importance: page.Float64s(k.Get("importance")),
		HeldOut: js.Undefined(),
	}
	classes := classifier.Get("classes")
	for i := range classes.Length() {
		m.Classes = append(m.Classes, page.String(classes.Index(i)))
	}
	return m
}

// Forget forgets the model that is kept, and waits until it is gone.
func Forget() {
	// It does not fail: where nothing can be kept, nothing is.
	_, _ = page.Await(page.Site.Call("forget"))
}

func ints(array js.Value) []int {
	numbers := page.Float64s(array)
	list := make([]int, len(numbers))
	for i, n := range numbers {
		list[i] = int(n)
	}
	return list
}
