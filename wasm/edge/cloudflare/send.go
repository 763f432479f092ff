//go:build js && wasm

package cloudflare

import (
	"net/http"
	"syscall/js"
)

// Send answers with a body in one piece; without one where it is nil. It takes the place of writing to w, which would go
// through a stream that a HEAD request's answer must not have.
func Send(w http.ResponseWriter, status int, body []byte) {
	w.WriteHeader(status)
	raw := js.Null()
	if body != nil {
		raw = arrayOf(body)
	}
	w.(interface{ WriteRawJSBody(js.Value) }).WriteRawJSBody(raw)
}

// Log writes a line to the worker's log.
func Log(line string) { js.Global().Get("console").Call("error", line) }
