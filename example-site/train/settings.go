//go:build js && wasm

package train

import (
	"math"
	"strconv"

	"github.com/focalfit/focalfit/example-site/numbers"
	"github.com/focalfit/focalfit/example-site/page"
	"github.com/focalfit/focalfit/example-site/study"
)

func (p *Part) listenToSettings() {
	page.OnInput(func() { p.readSettings() }, "gamma", "l2", "weight", "weight-number")
}

// showSettings sets the controls.
func (p *Part) showSettings() {
	s := p.settings
	number := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	page.Input("gamma").SetValue(number(s.Gamma))
	page.Input("l2").SetValue(number(s.L2Exponent))
	page.Select("weight").SetValue(s.Weight)
	page.Input("weight-number").SetValue(number(s.WeightNumber))
	p.readSettings()
}

// readSettings reads the controls; false if one of them holds no number, which
// the page then says.
func (p *Part) readSettings() bool {
	s := &p.settings
	s.Gamma, _ = strconv.ParseFloat(page.Input("gamma").Value(), 64)
	s.L2Exponent, _ = strconv.ParseFloat(page.Input("l2").Value(), 64)
	s.Weight = page.Select("weight").Value()
	page.SetText("gamma-value", page.Input("gamma").Value())
	page.SetText("l2-value", numbers.Significant(s.L2(), 1))
	page.Input("l2").SetAttribute("aria-valuetext", numbers.Significant(s.L2(), 1))
	page.Show("weight-part", s.Weight == "number")

	message := ""
	if s.Weight == "number" {
		v, err := strconv.ParseFloat(page.Input("weight-number").Value(), 64)
		if err != nil || math.IsNaN(v) || v < study.LeastWeight || v > study.MostWeight {
			message = "The weight must be a number from 0.000001 to 1,000,000."
		} else {
			s.WeightNumber = v
		}
	}
	page.Problem("weight-problem", message)
	page.Input("weight-number").SetAttribute("aria-invalid", strconv.FormatBool(message != ""))
	if message == "" {
		p.setLink()
	}
	return message == ""
}
