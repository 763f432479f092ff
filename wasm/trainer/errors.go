//go:build js && wasm

package trainer

import (
	"strconv"
	"syscall/js"

	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/metrics"
)

// panicked is what a recovered panic becomes.
type panicked struct{ value any }

func (p panicked) Error() string {
	switch v := p.value.(type) {
	case error:
		return v.Error()
	case string:
		return v
	}
	return "an unknown failure"
}

// sentence returns the message with the place in front.
func sentence(e *loss.Error) string {
	place := ""
	if e.Row >= 0 {
		place = "Row " + strconv.Itoa(e.Row)
	}
	if e.Column >= 0 {
		if place != "" {
			place += ", c"
		} else {
			place = "C"
		}
		place += "olumn " + strconv.Itoa(e.Column)
	}
	if place != "" {
		return place + ": " + e.Message + "."
	}
	return e.Message + "."
}

// errorObject returns err as JavaScript gets it.
func errorObject(err error) js.Value {
	var bad *loss.Error
	switch err := err.(type) {
	case *loss.Error:
		bad = err
	case *metrics.Error:
		bad = &loss.Error{Code: loss.Code(err.Code), Message: err.Message, Row: err.Row, Column: -1}
	default:
		if err != errStopped {
			return object("code", "ENGINE_FAILED", "message", "The engine failed: "+err.Error()+".")
		}
		bad = loss.Bad("ABORTED", "the work was stopped")
	}
	o := object("code", string(bad.Code), "message", sentence(bad))
	if bad.Row >= 0 {
		o.Set("row", bad.Row)
	}
	if bad.Column >= 0 {
		o.Set("column", bad.Column)
	}
	if bad.Option != "" {
		o.Set("option", bad.Option)
	}
	return o
}
