//go:build js && wasm

package main

import (
	"errors"
	"syscall/js"

	"github.com/focalfit/focalfit/loss"
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

// errorObject returns err as JavaScript gets it.
func errorObject(err error) js.Value {
	var bad *loss.Error
	if !errors.As(err, &bad) {
		return object("code", "ENGINE_FAILED", "message", "the engine failed: "+err.Error())
	}
	o := object("code", string(bad.Code), "message", bad.Message)
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
