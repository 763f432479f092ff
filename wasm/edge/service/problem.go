package service

import (
	"net/http"
	"strconv"

	"github.com/focalfit/focalfit/internal/jsontext"
	"github.com/focalfit/focalfit/loss"
)

// Problem is an error that is answered, as RFC 9457 describes it. Row and column say where in the request's rows it is, option
// which field of a request's settings.
type Problem struct {
	Status      int
	Code        string // for programs
	Detail      string // what to change
	Row, Column int    // −1 for none
	Option      string // "" for none
	Header      http.Header
}

func (p *Problem) Error() string { return p.Detail }

func newProblem(status int, code, detail string) *Problem {
	return &Problem{Status: status, Code: code, Detail: detail, Row: -1, Column: -1}
}

// failed says nothing of what failed: that is in the log.
var failed = newProblem(http.StatusInternalServerError, "FAILED", "the service failed: try again later")

func notFound(detail string) *Problem {
	return newProblem(http.StatusNotFound, "NOT_FOUND", detail)
}

func badRequest(detail string) *Problem {
	return newProblem(http.StatusBadRequest, "BAD_REQUEST", detail)
}

// unreadable is the problem of a body that package linear could not read.
func unreadable(err error) *Problem {
	bad, ok := err.(*loss.Error)
	if !ok {
		return newProblem(http.StatusBadRequest, "BAD_JSON", "the body is no JSON of the kind that this takes: "+err.Error())
	}
	p := newProblem(http.StatusUnprocessableEntity, string(bad.Code), bad.Message)
	p.Row, p.Column, p.Option = bad.Row, bad.Column, bad.Option
	return p
}

func (p *Problem) response() *Response {
	to := append([]byte(nil), `{"type":"about:blank","title":`...)
	to = jsontext.AppendString(to, http.StatusText(p.Status))
	to = strconv.AppendInt(append(to, `,"status":`...), int64(p.Status), 10)
	to = jsontext.AppendString(append(to, `,"code":`...), p.Code)
	to = jsontext.AppendString(append(to, `,"detail":`...), p.Detail)
	if p.Row >= 0 {
		to = strconv.AppendInt(append(to, `,"row":`...), int64(p.Row), 10)
	}
	if p.Column >= 0 {
		to = strconv.AppendInt(append(to, `,"column":`...), int64(p.Column), 10)
	}
	if p.Option != "" {
		to = jsontext.AppendString(append(to, `,"option":`...), p.Option)
	}
	response := newResponse("application/problem+json", append(to, '}'))
	response.Status = p.Status
	response.Header.Set("Cache-Control", "no-store")
	for name, values := range p.Header {
		response.Header[name] = values
	}
	return response
}

// atRow says in which row an error of package linear is.
func atRow(err error, row int) error {
	if bad, ok := err.(*loss.Error); ok {
		return loss.BadAt(bad.Code, row, bad.Column, bad.Message)
	}
	return err
}
