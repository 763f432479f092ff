//go:build js && wasm

// Package work is what runs on the page: one thing at a time, which can be
// stopped.
package work

import (
	"strconv"
	"syscall/js"
	"time"

	"github.com/focalfit/focalfit/example-site/page"
)

// Work is a fit, or several.
type Work struct {
	controller js.Value // its AbortController
}

var current *Work

// Signal is the AbortSignal of the work.
func (w *Work) Signal() js.Value { return w.controller.Get("signal") }

// Going says whether the work is still what runs.
func (w *Work) Going() bool { return current == w }

// Busy says whether anything runs.
func Busy() bool { return current != nil }

// Start begins work. Nothing else may run.
func Start() *Work {
	w := NewWork()
	set(w)
	return w
}

// NewWork is work that the buttons know nothing of.
func NewWork() *Work { return &Work{js.Global().Get("AbortController").New()} }

// End ends work, unless it was abandoned before.
func (w *Work) End() {
	if current == w {
		set(nil)
	}
}

// Abort asks the work to end.
func (w *Work) Abort() { w.controller.Call("abort") }

// patience is how long what runs may take to end once it is asked to. While it
// trains, the engine listens every 50 milliseconds.
const patience = 3 * time.Second

// Stop asks what runs to end, if anything does. An engine that does not answer
// is given up for another.
func Stop() {
	w := current
	if w == nil {
		return
	}
	w.Abort()
	time.AfterFunc(patience, func() {
		if w.Going() {
			page.Site.Get("engine").Call("dispose")
			page.Site.Set("engine", page.Site.Call("newEngine"))
		}
	})
}

// Abandon stops what runs, of which nothing will be shown any more.
func Abandon() {
	Stop()
	set(nil)
}

// Stopped says whether the work was to be stopped, and err is what came of it.
func (w *Work) Stopped(err error) bool { return err != nil && w.Signal().Get("aborted").Bool() }

// SayProblem says what ended the work.
func (w *Work) SayProblem(err error) {
	if f, is := err.(*page.Failure); is && f.Code == "ENGINE_LOST" {
		page.SayProblem("The worker that trains has died, perhaps for want of memory. Press the button again: that starts another.")
		return
	}
	page.SayProblem(err.Error())
}

func set(w *Work) {
	current = w
	if w == nil {
		page.SetText("step", "")
		page.SetText("compare-step", "")
	}
	for id, off := range map[string]bool{"train": w != nil, "compare": w != nil, "stop": w == nil} {
		page.Get(id).SetAttribute("aria-disabled", strconv.FormatBool(off))
	}
}
