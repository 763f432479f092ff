package service

import (
	"net/http"
	"slices"
	"strings"
)

// route is what is done for a method and a path. A segment of the path in braces takes any segment that is not empty.
type route struct {
	method, path string
	handle       func(r *Request) (*Response, error)
}

// Request is one that a route was found for.
type Request struct {
	*http.Request
	segments []string // of its path
	pattern  []string
}

// Segment returns the segment of the path that the route names in braces, "" if it names none so.
func (r *Request) Segment(name string) string {
	for i, segment := range r.pattern {
		if segment == "{"+name+"}" {
			return r.segments[i]
		}
	}
	return ""
}

// route answers by the first path that is the request's, and the route of its method. HEAD is answered as GET is, OPTIONS
// for every path there is.
func (s *Service) route(r *http.Request) (*Response, error) {
	segments := strings.Split(r.URL.Path, "/")
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	var allowed []string
	path := ""
	for _, route := range s.routes {
		pattern := strings.Split(route.path, "/")
		if path != "" && path != route.path || !matches(pattern, segments) {
			continue
		}
		path = route.path
		if route.method == method {
			return route.handle(&Request{r, segments, pattern})
		}
		if allowed = append(allowed, route.method); route.method == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
	}
	if allowed == nil {
		return nil, notFound("there is nothing at this address")
	}
	allowed = append(allowed, http.MethodOptions)
	slices.Sort(allowed)
	allow := strings.Join(allowed, ", ")
	if method == http.MethodOptions {
		return s.preflight(r, allow), nil
	}
	problem := newProblem(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED", "this address takes "+allow)
	problem.Header = http.Header{"Allow": {allow}}
	return nil, problem
}

func matches(pattern, segments []string) bool {
	if len(pattern) != len(segments) {
		return false
	}
	for i, p := range pattern {
		if variable := strings.HasPrefix(p, "{"); variable && segments[i] == "" || !variable && p != segments[i] {
			return false
		}
	}
	return true
}
