package service

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// unwanted is how many bytes of a body are passed over before an answer. Who is still sending when the answer comes finds
// the connection closed, and may never read it.
const unwanted = 8 << 20

// passOver reads what is left of a request's body and keeps none of it, unless that is more or says that it is.
func passOver(r *http.Request) {
	if length, _ := strconv.Atoi(r.Header.Get("Content-Length")); r.Body == nil || length > unwanted {
		return
	}
	if _, err := io.CopyN(io.Discard, r.Body, unwanted); err == nil {
		_ = r.Body.Close()
	}
}

// Body reads the body of a request, of one of the given media types and at most most bytes: what says that it is longer
// is not kept, and of what is longer without saying so no more is.
func Body(r *http.Request, most int, types ...string) ([]byte, error) {
	if err := checkType(r, types); err != nil {
		return nil, err
	}
	tooLarge := newProblem(http.StatusRequestEntityTooLarge, "TOO_LARGE", "the body must have at most "+strconv.Itoa(most)+" bytes")
	size := 0
	if length := r.Header.Get("Content-Length"); length != "" {
		n, err := strconv.ParseInt(length, 10, 64)
		if err != nil || n < 0 {
			return nil, badRequest("Content-Length must be a whole number")
		}
		if n > int64(most) {
			return nil, tooLarge
		}
		size = int(n)
	}
	data := make([]byte, 0, size+512)
	for {
		if len(data) == cap(data) {
			data = append(data, 0)[:len(data)]
		}
		n, err := r.Body.Read(data[len(data):cap(data)])
		if data = data[:len(data)+n]; len(data) > most {
			return nil, tooLarge
		}
		if errors.Is(err, io.EOF) {
			return data, nil
		}
		if err != nil {
			return nil, badRequest("the body ends too early")
		}
	}
}

func checkType(r *http.Request, types []string) error {
	if coding := r.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		return newProblem(http.StatusUnsupportedMediaType, "BAD_TYPE", "the body must not be encoded")
	}
	given := mediaType(r.Header.Get("Content-Type"))
	for _, t := range types {
		if t == given {
			return nil
		}
	}
	return newProblem(http.StatusUnsupportedMediaType, "BAD_TYPE", "Content-Type must be "+strings.Join(types, " or "))
}

// mediaType returns that of a header's value, without parameters.
func mediaType(value string) string {
	value, _, _ = strings.Cut(value, ";")
	return strings.ToLower(strings.TrimSpace(value))
}
