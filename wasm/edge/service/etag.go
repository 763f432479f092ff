package service

import (
	"net/http"
	"strings"
)

// How long an answer may be kept.
const (
	forEver   = "public, max-age=31536000, immutable"
	askAgain  = "public, no-cache" // may be kept, but is asked for again with If-None-Match
	keepNever = "no-store"
)

// unchanged reports whether a client that sends If-None-Match has what an entity tag is of.
func unchanged(r *http.Request, tag string) bool {
	for _, t := range list(r.Header, "If-None-Match") {
		if t == "*" || strings.TrimPrefix(t, "W/") == tag {
			return true
		}
	}
	return false
}
