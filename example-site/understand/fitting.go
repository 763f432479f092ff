//go:build js && wasm

package understand

import (
	"errors"
	"syscall/js"
	"time"

	"github.com/focalfit/focalfit/example-site/page"
)

// fitted is a model, and what it was fitted with.
type fitted struct {
	model    Model
	decision Decision
	took     float64 // seconds, there and back
}

// uploaded are rows that the engine holds, for all fits until they change.
type uploaded struct {
	dataset js.Value
	edition int
}

// fitAlways fits whenever that is wanted, one fit at a time: what changes
// meanwhile is in the next one.
func (p *part) fitAlways() {
	for range p.wanted {
		if common, rare := Count(p.points); common == 0 || rare == 0 {
			p.fitted = nil
			p.widgets.problem("problem", "")
			p.redraw()
			continue
		}
		f, err := p.fit()
		if lost(err) {
			f, err = p.fit() // which starts another engine
		}
		if err != nil {
			p.widgets.problem("problem", err.Error())
			continue
		}
		p.widgets.problem("problem", "")
		// Where the points are gone meanwhile another fit is wanted, which says so.
		p.fitted = f
		p.redraw()
	}
}

// lost says whether the engine died, or was given up.
func lost(err error) bool {
	var failure *page.Failure
	return errors.As(err, &failure) && (failure.Code == "ENGINE_LOST" || failure.Code == "ENGINE_FAILED")
}

// fit trains a classifier of the points as they are, with the settings as
// they are. It starts from zero, so that a surface tells nothing of those
// before it: the loss of γ > 0 may have more than one least value. The plane's
// columns are of one scale and stay as they are, so that bandwidth and penalty
// mean the same whatever is painted.
func (p *part) fit() (*fitted, error) {
	begun := time.Now()
	s := p.settings
	options := map[string]any{
		"engine": page.Site.Get("engine"), "positiveClass": 1, "standardize": false,
		"gamma": s.gamma, "l2": s.l2,
	}
	if s.balanced {
		options["classWeight"] = "balanced"
	} else {
		options["classWeight"] = map[string]any{"0": 1, "1": s.weight}
	}
	if s.fourier {
		options["features"] = map[string]any{"kind": "fourier", "components": s.components, "bandwidth": s.bandwidth, "seed": 1}
	}
	classifier, err := page.Try(func() js.Value { return page.Site.Get("FocalClassifier").New(options) })
	if err != nil {
		return nil, err
	}
	dataset, err := p.upload()
	if err != nil {
		return nil, err
	}
	if _, err := page.Await(classifier.Call("fit", dataset)); err != nil {
		if lost(err) {
			p.uploaded = uploaded{}
		}
		return nil, err
	}

	document := classifier.Call("toJSON")
	list := func(of js.Value) []float64 { return page.Float64s(js.Global().Get("Float64Array").Call("from", of)) }
	f := &fitted{model: Model{Weights: list(document.Get("coefficients").Index(0)), Intercept: document.Get("intercepts").Index(0).Float()}}
	if features := document.Get("features"); features.Truthy() {
		f.model.Frequencies, f.model.Phases = list(features.Get("frequencies")), list(features.Get("phases"))
	}
	weight := document.Get("weight")
	f.decision = NewDecision(s.gamma, weight.Index(0).Float(), weight.Index(1).Float())
	f.took = time.Since(begun).Seconds()
	return f, nil
}

// upload returns the points as a dataset.
func (p *part) upload() (js.Value, error) {
	if p.uploaded.dataset.Truthy() {
		if p.uploaded.edition == p.edition && p.uploaded.dataset.Get("engine").Equal(page.Site.Get("engine")) {
			return p.uploaded.dataset, nil
		}
		p.uploaded.dataset.Call("dispose")
		p.uploaded = uploaded{}
	}
	X, y := make([]float64, 0, 2*len(p.points)), make([]float64, 0, len(p.points))
	for _, point := range p.points {
		class := 0.0
		if point.Rare {
			class = 1
		}
		X, y = append(X, point.X, point.Y), append(y, class)
	}
	edition := p.edition
	rows := map[string]any{"data": page.Float64Array(X), "rows": len(p.points), "columns": 2}
	dataset, err := page.Await(page.Site.Get("engine").Call("dataset", rows, page.Float64Array(y)))
	if err != nil {
		return dataset, err
	}
	p.uploaded = uploaded{dataset, edition}
	return dataset, nil
}
