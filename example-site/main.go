//go:build js && wasm

// The program of the example site is two in one: in the page its interface, in
// the worker of the npm package the engine that trains. Both are Go, so that
// one file is fetched and compiled for both: of what two would have, 0.65 of the
// bytes, and the first training was done in 0.83 to 0.95 of the time.
//
// The interface has five parts, each with a package of its own, that share the
// table, the settings and the model of study. It trains through the npm
// package, which main.js hands over as the global "site".
package main

import (
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/explain"
	"github.com/focalfit/focalfit/example-site/judge"
	"github.com/focalfit/focalfit/example-site/page"
	"github.com/focalfit/focalfit/example-site/study"
	"github.com/focalfit/focalfit/example-site/takeaway"
	"github.com/focalfit/focalfit/example-site/train"
	"github.com/focalfit/focalfit/example-site/understand"
	"github.com/focalfit/focalfit/wasm/trainer"
)

func main() {
	if page.Site.IsUndefined() {
		trainer.Run()
	}
	go begin()
	select {}
}

func begin() {
	settings, kept := startingPoint()
	var (
		training   train.Part
		judging    judge.Part
		explaining explain.Part
		taking     takeaway.Part
	)
	body := page.Body()
	training.Trained = func(m *study.Model) {
		body.Class().Add("trained")
		if judging.Show(m) {
			taking.Show(m, judging.Threshold())
		}
	}
	training.Cleared = func() {
		body.Class().Remove("trained")
		judging.Clear()
		explaining.Clear()
		taking.Clear()
	}
	judging.Task = training.Task
	judging.Chosen = explaining.Show
	judging.Decided = func(threshold, miss float64) {
		training.Decide(threshold, miss)
		taking.Decide(judging.Threshold())
	}
	taking.Forgotten = training.Forget
	// A part after the other, so that none of the page's tasks is long.
	for _, start := range []func(){judging.Start, explaining.Start, taking.Start, understand.Start} {
		page.Pause()
		start()
	}
	page.Pause()
	for _, part := range []string{"data", "settings", "actions", "compare-part"} {
		page.Toggle(page.Get(part), "disabled", false)
	}
	training.Start(settings, kept)
}

// startingPoint are the settings of the page's address, or those of the model
// that was kept, or the usual ones.
func startingPoint() (study.Settings, *study.Model) {
	kept := study.Kept()
	hash := js.Global().Get("location").Get("hash").String()
	if len(hash) > 1 {
		if settings, ok := study.ParseLink(hash[1:]); ok {
			return settings, kept
		}
	}
	if kept != nil {
		return kept.Settings, kept
	}
	return study.Default, nil
}
