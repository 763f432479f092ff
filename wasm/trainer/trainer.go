//go:build js && wasm

// Package trainer is the engine of the npm package: fits and losses for
// JavaScript, as WebAssembly.
//
// JavaScript starts it with a global object of its own, in which focalfit is
//
//	{ ready(api), pause(resume) }
//
// The program calls ready once, with what it offers:
//
//	api.simd                  whether it computes with SIMD
//	api.fit(request, settle)  see fit
//	api.loss(request, settle) see evaluate
//	api.upload, api.uploadSparse, api.free, api.logits, api.judge, api.threshold, api.calibrate, api.fold, api.learn(request, settle)
//
// settle(error, result) is called once for each call; one of the two is null.
// An error is { code, message, row?, column?, option? }. A fit that has run for
// a while calls pause(resume) and goes on when resume is called, from a later
// task of the event loop, so that messages get in.
//
// The same is written in js/src/program.ts.
package trainer

import (
	"syscall/js"

	"github.com/focalfit/focalfit/internal/kernel"
)

// Run is the program. It does not return.
func Run() {
	host := js.Global().Get("focalfit")
	host.Call("ready", object(
		"simd", kernel.SIMD,
		"fit", offer(func(request js.Value) (js.Value, error) { return fit(request, host) }),
		"upload", offer(upload),
		"uploadSparse", offer(func(request js.Value) (js.Value, error) { return uploadSparse(request, host) }),
		"free", offer(free),
		"logits", offer(func(request js.Value) (js.Value, error) { return logits(request, host) }),
		"loss", offer(evaluate),
		"learn", offer(learn),
		"judge", offer(judge),
		"threshold", offer(threshold),
		"calibrate", offer(calibrate),
		"fold", offer(func(request js.Value) (js.Value, error) { return fold(request, host) }),
	))
	select {}
}

// offer makes f callable as f(request, settle). It runs in a goroutine, so
// that it may wait, and a panic becomes an error here, for all of the program.
func offer(f func(request js.Value) (js.Value, error)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		request, settle := args[0], args[1]
		go func() {
			result, err := protect(f, request)
			if err != nil {
				settle.Invoke(errorObject(err), js.Null())
			} else {
				settle.Invoke(js.Null(), result)
			}
		}()
		return nil
	})
}

func protect(f func(js.Value) (js.Value, error), request js.Value) (result js.Value, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = panicked{r}
		}
	}()
	return f(request)
}
