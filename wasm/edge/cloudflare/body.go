//go:build js && wasm

package cloudflare

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"syscall/js"
)

// inOnePiece is how long a body may say to be to be read at once.
const inOnePiece = 8 << 20

// WholeBodies has a handler's requests read their bodies in one piece where they say how long they are. Streams are read
// with a promise for every four kilobytes, which takes ten times as long.
func WholeBodies(handler http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		length, err := strconv.ParseInt(r.Header.Get("Content-Length"), 10, 64)
		if stream, ok := r.Body.(interface{ GetRawJSBody() js.Value }); ok && err == nil && length >= 0 && length <= inOnePiece {
			r.Body = &wholeBody{ctx: r.Context(), stream: stream.GetRawJSBody()}
		}
		handler.ServeHTTP(w, r)
	})
}

// wholeBody is read when it is first asked for.
type wholeBody struct {
	ctx    context.Context
	stream js.Value // undefined once it was read
	rest   []byte
	err    error
}

func (b *wholeBody) Read(p []byte) (int, error) {
	if !b.stream.IsUndefined() {
		var buffer js.Value
		buffer, b.err = await(b.ctx, js.Global().Get("Response").New(b.stream).Call("arrayBuffer"))
		b.stream = js.Undefined()
		if b.err == nil {
			b.rest, b.err = bytesOf(buffer), io.EOF
		}
	}
	if len(b.rest) == 0 {
		return 0, b.err
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

func (b *wholeBody) Close() error { return nil }
