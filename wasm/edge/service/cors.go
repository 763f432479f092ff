package service

import (
	"net/http"
	"slices"
)

// What pages of other origins may send, and read besides the body.
const (
	sendable = "Accept, Authorization, Content-Type, If-None-Match"
	readable = "Content-Location, ETag, Focalfit-Shape, Link, Location, Retry-After"
)

// allowOrigin lets the page that asks read the answer, if its origin is one of those allowed.
func (s *Service) allowOrigin(header http.Header, r *http.Request) {
	all := slices.Contains(s.Origins, "*")
	if !all {
		header.Add("Vary", "Origin")
	}
	origin := r.Header.Get("Origin")
	if origin == "" || !all && !slices.Contains(s.Origins, origin) {
		return
	}
	if all {
		origin = "*"
	}
	header.Set("Access-Control-Allow-Origin", origin)
	header.Set("Access-Control-Expose-Headers", readable)
}

// preflight answers OPTIONS: what the address takes, and to a page of an allowed origin that it may.
func (s *Service) preflight(r *http.Request, allow string) *Response {
	header := http.Header{"Allow": {allow}}
	if r.Header.Get("Access-Control-Request-Method") != "" {
		header.Set("Access-Control-Allow-Methods", allow)
		header.Set("Access-Control-Allow-Headers", sendable)
		header.Set("Access-Control-Max-Age", "7200")
	}
	return &Response{Status: http.StatusNoContent, Header: header}
}
