// Package service is the edge service's interface: what it answers to requests. It knows nothing of the platform below
// [store.Models], so that it is tested on any.
package service

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/focalfit/focalfit/wasm/edge/federations"
	"github.com/focalfit/focalfit/wasm/edge/store"
)

// Options are what a service stands on.
type Options struct {
	Models store.Models

	// Federations hold their rounds, and Signer makes the tokens of their members.
	Federations *federations.Service
	Signer      federations.Signer

	// Token is what the owner authenticates with; "" refuses everybody.
	Token string

	// Origins are those whose pages may call the service, "*" for all.
	Origins []string

	// Allow says whether a caller may ask once more. If nil everyone may.
	Allow func(ctx context.Context, key string) bool

	// Send writes status and body, nil for none, after the header is set. If nil it is written to w.
	Send func(w http.ResponseWriter, status int, body []byte)

	// Log takes a line about a failure that is none of the request's. If nil there is no log.
	Log func(line string)
}

// Service answers requests.
type Service struct {
	Options
	routes []route
}

// New returns a service.
func New(o Options) *Service {
	s := &Service{Options: o}
	if s.Send == nil {
		s.Send = send
	}
	if s.Log == nil {
		s.Log = func(string) {}
	}
	s.routes = append(s.modelRoutes(), s.federationRoutes()...)
	return s
}

// Response is what a handler answers.
type Response struct {
	Status int // 200 if 0
	Header http.Header
	Body   []byte
}

// newResponse returns one of a media type.
func newResponse(contentType string, body []byte) *Response {
	return &Response{Status: http.StatusOK, Header: http.Header{"Content-Type": {contentType}}, Body: body}
}

// ServeHTTP answers a request. A panic is answered too: it would otherwise leave the client waiting for ever.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	response := s.answer(r)
	passOver(r)
	header := w.Header()
	for name, values := range response.Header {
		header[name] = values
	}
	header.Set("X-Content-Type-Options", "nosniff")
	s.allowOrigin(header, r)
	body := response.Body
	if response.Status != http.StatusNoContent && response.Status != http.StatusNotModified {
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	if r.Method == http.MethodHead {
		body = nil
	}
	s.Send(w, response.Status, body)
}

func (s *Service) answer(r *http.Request) (response *Response) {
	defer func() {
		if fault := recover(); fault != nil {
			s.Log("panic in " + r.Method + " " + r.URL.Path + ": " + describe(fault))
			response = failed.response()
		}
	}()
	err := s.checkRate(r)
	if err == nil {
		response, err = s.route(r)
	}
	if err != nil {
		var problem *Problem
		if !errors.As(err, &problem) {
			s.Log(r.Method + " " + r.URL.Path + ": " + err.Error())
			problem = failed
		}
		return problem.response()
	}
	if response.Status == 0 {
		response.Status = http.StatusOK
	}
	return response
}

func describe(fault any) string {
	switch fault := fault.(type) {
	case error:
		return fault.Error()
	case string:
		return fault
	}
	return "a value"
}

func send(w http.ResponseWriter, status int, body []byte) {
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// leftFor is how long an object, or a federation, may be without the row that its request is about to write.
const leftFor = time.Hour

// Tick closes rounds that are overdue, and goes on where a request died that was to.
func (s *Service) Tick(ctx context.Context) {
	if err := s.Federations.Tick(ctx, ticksAtATime); err != nil {
		s.Log("tick: " + err.Error())
	}
}

// Clean does what is due from time to time, at a time: it removes what interrupted requests left behind.
func (s *Service) Clean(ctx context.Context, at time.Time) {
	before := at.Add(-leftFor)
	if _, err := s.Models.Sweep(ctx, before); err != nil {
		s.Log("sweep: " + err.Error())
	}
	if err := s.Federations.Sweep(ctx, before.UnixMilli()); err != nil {
		s.Log("sweep of federations: " + err.Error())
	}
}

// list returns the members of a header that is a list.
func list(header http.Header, name string) (members []string) {
	for _, value := range header.Values(name) {
		for _, member := range strings.Split(value, ",") {
			if member = strings.TrimSpace(member); member != "" {
				members = append(members, member)
			}
		}
	}
	return members
}

// now is the time, in the milliseconds that are stored.
func now() time.Time { return time.Now().Truncate(time.Millisecond) }
