//go:build js && wasm

// Package work is what runs on the page: one thing at a time, which can be
// stopped.
package work

import (
	"strconv"
	"syscall/js"

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

// Stop asks what runs to end, if anything does.
func Stop() {
	if current != nil {
		current.Abort()
	}
}

// Abandon stops what runs, of which nothing will be shown any more.
func Abandon() {
	Stop()
	set(nil)
}

// Aborted returns the failure of work that was stopped; nil if err is none.
func Aborted(err error) *page.Failure {
	if f, is := err.(*page.Failure); is && f.Code == "ABORTED" {
		return f
	}
	return nil
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
