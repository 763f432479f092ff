//go:build js && wasm

package trainer

import (
	"errors"
	"syscall/js"
)

// pauseEvery is how long a fit holds the event loop. A pause costs a fit a few
// tens of microseconds.
const pauseEvery = 20 // milliseconds

var errStopped = errors.New("stopped")

// now returns the milliseconds since the program's realm began.
func now() float64 { return js.Global().Get("performance").Call("now").Float() }

// pausing is what a call that runs for long asks, every millisecond or so,
// whether to go on (an optimize.Interrupter). It lets the event loop run when it is
// time, and cancels when the caller wants to stop.
type pausing struct {
	pause, stopped js.Value
	resume         js.Func
	resumed        chan struct{}
	since          float64
	cancelled      bool
}

func newPausing(host, request js.Value) *pausing {
	p := &pausing{pause: host.Get("pause"), stopped: request.Get("stopped"),
		resumed: make(chan struct{}, 1), since: now()}
	p.resume = js.FuncOf(func(js.Value, []js.Value) any {
		p.resumed <- struct{}{}
		return nil
	})
	return p
}

// Err implements optimize.Interrupter.
func (p *pausing) Err() error {
	if !p.cancelled && now()-p.since > pauseEvery {
		p.pause.Invoke(p.resume)
		<-p.resumed
		p.since = now()
		p.ask()
	}
	if p.cancelled {
		return errStopped
	}
	return nil
}

// ask looks whether the caller wants to stop.
func (p *pausing) ask() { p.cancelled = p.cancelled || p.stopped.Invoke().Bool() }

func (p *pausing) release() { p.resume.Release() }
