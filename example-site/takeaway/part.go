//go:build js && wasm

package takeaway

import (
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/page"
	"github.com/focalfit/focalfit/example-site/study"
)

// Part is the fifth part of the page.
type Part struct {
	// Forgotten is called when the visitor wants the model forgotten.
	Forgotten func()

	model     *study.Model
	threshold float64
	generator string // the text of the module that makes the payments, once it is there
	waiting   bool   // to write the code with the next frame
}

// Start fills the part in, without a model.
func (p *Part) Start() {
	for id, save := range map[string]func(*study.Model) error{
		"save-json": p.saveJSON,
		"save-onnx": p.saveONNX,
		"save-page": p.savePage,
	} {
		page.OnClick(id, func() {
			if p.model == nil {
				return
			}
			if err := save(p.model); err != nil {
				page.SayProblem(err.Error())
			}
		})
	}
	page.OnClick("copy", func() {
		_, err := page.Await(page.Site.Call("copy", page.Get("code").TextContent()))
		if err != nil {
			page.SetText("copied", "The browser does not let this page copy: select the text.")
			return
		}
		page.SetText("copied", "Copied.")
	})
	page.OnClick("forget", func() {
		study.Forget()
		p.Forgotten()
	})
	p.Clear()
}

// Clear takes what is said of a model away.
func (p *Part) Clear() {
	p.model = nil
	page.Show("taken", false)
}

// Show offers a model, with the threshold that is chosen. It may wait.
func (p *Part) Show(m *study.Model, threshold float64) {
	p.model, p.threshold = m, threshold
	page.Show("taken", true)
	if m.Source.Path == "" && m.Source.ID != study.File.ID && p.generator == "" {
		text, err := page.Await(page.Site.Call("text", "data/transactions.js"))
		if err != nil {
			page.SayProblem(err.Error())
			return
		}
		p.generator = text.String()
	}
	if p.model == m {
		p.writeCode()
	}
}

// Decide takes another threshold.
func (p *Part) Decide(threshold float64) {
	p.threshold = threshold
	if p.waiting || p.model == nil {
		return
	}
	p.waiting = true
	page.NextFrame(func() {
		p.waiting = false
		if p.model != nil {
			p.writeCode()
		}
	})
}

func (p *Part) writeCode() {
	page.SetText("copied", "")
	page.SetText("code", Code(p.recipe()))
}

func (p *Part) recipe() Recipe {
	m, s := p.model, p.model.Settings
	r := Recipe{
		Label: m.Label, NumericLabels: m.NumericLabels, DropUnlabelled: m.File != "", Encoding: m.Format.Encoding, Decimal: m.Format.Decimal,
		Gamma: s.Gamma, L2: s.L2(), TestFraction: study.TestShare, SplitSeed: s.Draw,
		Weight: Weight{Balanced: s.Weight == "balanced"},
	}
	switch {
	case m.File != "":
		r.Source.File = m.File
	case m.Source.Path != "":
		r.Source.URL = page.Site.Call("address", m.Source.Path).String()
	default:
		r.Source.Generator = p.generator
	}
	if m.Positive >= 0 {
		r.Positive = m.Classes[m.Positive]
		if m.Grouped {
			r.Others = m.Classes[1-m.Positive]
		}
		if p.threshold != m.Threshold {
			r.Threshold = &p.threshold
		}
	}
	if s.Weight == "number" {
		r.Weight.Positive = s.WeightNumber
	}
	return r
}

// decided is the classifier with the threshold that is chosen.
func (p *Part) decided(m *study.Model) js.Value {
	if m.Positive >= 0 {
		m.Classifier.Set("threshold", p.threshold)
	}
	return m.Classifier
}

func (p *Part) saveJSON(m *study.Model) error {
	page.Site.Call("save", "model.json", "application/json", js.Global().Get("JSON").Call("stringify", p.decided(m)))
	return nil
}

func (p *Part) saveONNX(m *study.Model) error {
	bytes, err := page.Await(page.Site.Call("toONNX", p.decided(m)))
	if err != nil {
		return err
	}
	page.Site.Call("save", "model.onnx", "application/octet-stream", bytes)
	return nil
}

func (p *Part) savePage(m *study.Model) error {
	template, err := page.Await(page.Site.Call("text", "takeaway/predict-page.html"))
	if err != nil {
		return err
	}
	stringify := js.Global().Get("JSON")
	prediction := Prediction{
		Title: "Predict " + m.Label,
		Model: stringify.Call("stringify", p.decided(m)).String(),
		Names: m.Columns,
	}
	if m.HeldOut.Truthy() {
		prediction.Example = stringify.Call("stringify", page.Site.Call("exampleOf", m.HeldOut, p.example(m))).String()
	}
	html, err := Page(template.String(), prediction)
	if err != nil {
		return err
	}
	page.Site.Call("save", "predict.html", "text/html", html)
	return nil
}

// example is the held-out row that a page begins with: of the positive class,
// the one that is found most surely.
func (p *Part) example(m *study.Model) int {
	best, value := 0, -1.0
	for row, truth := range m.Truth {
		if m.Positive >= 0 && truth == m.Positive {
			if probability := m.Posterior[row*len(m.Classes)+truth]; probability > value {
				best, value = row, probability
			}
		}
	}
	return best
}
