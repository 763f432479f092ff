//go:build js && wasm

// The interface of the example site. It trains through the npm package, which
// main.js hands over as the global "site".
package main

import (
	"strconv"
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// app is the state of the page.
type app struct {
	site js.Value

	data    data
	work    *work    // nil while nothing runs
	trained *trained // nil until there is a model for the data
	loss    lossChart
	curve   curveChart
}

func main() {
	a := &app{site: js.Global().Get("site")}
	a.loss.site, a.curve.site = a.site, a.site
	a.listenToData()
	a.listenToSettings()
	a.listenToTraining()
	a.listenToThreshold()
	a.listenToComparison()
	a.redrawOnChanges()
	a.emptyWays()

	go a.begin()
	select {}
}

// begin loads the first table and starts the engine.
func (a *app) begin() {
	for _, part := range []string{"data", "settings", "actions", "compare-part"} {
		toggle(element(part), "disabled", false)
	}
	// A reload may have kept what was chosen before.
	input("source-weather").SetChecked(true)
	a.showSettings()
	a.chooseSource()
	if a.data.problem {
		return
	}
	say("Starting the training engine…")
	if _, err := await(a.site.Get("engine").Call("start")); err != nil {
		sayProblem(err.Error() + " Train tries again.")
		return
	}
	if a.trained == nil && a.work == nil {
		say("Ready: press Train.")
	}
}

func (a *app) listenToSettings() {
	for _, id := range []string{"gamma", "l2", "weight"} {
		listen(element(id), "input", func(dom.Event) { a.showSettings() })
	}
	listen(element("weight-number"), "input", func(dom.Event) { a.settings() })
}

func (a *app) showSettings() {
	setText("gamma-value", input("gamma").Value())
	setText("l2-value", significant(l2(), 1))
	input("l2").SetAttribute("aria-valuetext", significant(l2(), 1))
	show("weight-part", selection("weight").Value() == "number")
	a.settings()
}

// settings are how to train.
type settings struct {
	gamma   float64
	weight  string  // "none", "balanced" or "number"
	number  float64 // of the rare class, with "number"
	penalty float64
}

// settings reads the controls; false if one of them holds no number, which
// the page then says.
func (a *app) settings() (settings, bool) {
	gamma, _ := strconv.ParseFloat(input("gamma").Value(), 64)
	s := settings{gamma: gamma, weight: selection("weight").Value(), penalty: l2()}
	message := ""
	if s.weight == "number" {
		var err error
		s.number, err = strconv.ParseFloat(input("weight-number").Value(), 64)
		if err != nil || !(s.number >= 1e-6 && s.number <= 1e6) {
			message = "The weight must be a number from 0.000001 to 1,000,000."
		}
	}
	problem("weight-problem", message)
	input("weight-number").SetAttribute("aria-invalid", strconv.FormatBool(message != ""))
	return s, message == ""
}
