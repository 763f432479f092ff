package service

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/focalfit/focalfit/internal/jsontext"
	"github.com/focalfit/focalfit/linear"
	"github.com/focalfit/focalfit/wasm/edge/store"
)

// MaxModel is the most bytes of a model document.
const MaxModel = 4 << 20

// A page of the list of models has at most maxPage of them, and page if nothing is said.
const page, maxPage = 50, 200

func (s *Service) modelRoutes() []route {
	const all, one, version = "/v1/models", "/v1/models/{name}", "/v1/models/{name}/{version}"
	return []route{
		{http.MethodGet, all, s.listModels},
		{http.MethodGet, one, s.getModel},
		{http.MethodPut, one, s.putModel},
		{http.MethodDelete, one, s.deleteModel},
		{http.MethodPost, one + "/predict", s.predict}, // before version, which it looks like
		{http.MethodPost, version + "/predict", s.predict},
		{http.MethodGet, version, s.getModel},
		{http.MethodDelete, version, s.deleteModel},
	}
}

// nameOf returns the name of a model in the path of a request: 1 to 64 letters, digits and ._-, of which the first is a
// letter or digit.
func nameOf(r *Request) (string, error) {
	name := r.Segment("name")
	for i := range len(name) {
		c := name[i]
		word := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if i == 64 || !word && (i == 0 || c != '.' && c != '_' && c != '-') {
			return "", notFound("a model's name is 1 to 64 letters, digits, dots, underscores and hyphens, and begins with a letter or digit")
		}
	}
	return name, nil
}

// versionOf returns the version in the path of a request, 0 where there is none: the latest.
func versionOf(r *Request) (int, error) {
	text := r.Segment("version")
	if text == "" {
		return 0, nil
	}
	version, err := strconv.Atoi(text)
	if err != nil || version < 1 || version > 1<<31-1 || strconv.Itoa(version) != text {
		return 0, notFound("a model's version is a whole number from 1 on")
	}
	return version, nil
}

// find returns the model that a request's path names.
func (s *Service) find(r *Request) (store.Model, error) {
	name, err := nameOf(r)
	if err != nil {
		return store.Model{}, err
	}
	version, err := versionOf(r)
	if err != nil {
		return store.Model{}, err
	}
	model, err := s.Models.Find(r.Context(), name, version)
	return model, missing(err)
}

// missing is the problem of a model that is not there.
func missing(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return notFound("there is no such model")
	}
	return err
}

func address(m store.Model) string {
	return "/v1/models/" + m.Name + "/" + strconv.Itoa(m.Version)
}

func (s *Service) putModel(r *Request) (*Response, error) {
	if err := s.Owner(r.Request); err != nil {
		return nil, err
	}
	name, err := nameOf(r)
	if err != nil {
		return nil, err
	}
	text, err := Body(r.Request, MaxModel, "application/json")
	if err != nil {
		return nil, err
	}
	document, err := linear.ReadDocument(text)
	if err != nil {
		return nil, unreadable(err)
	}
	digest := sha256.Sum256(text)
	model, err := s.Models.Put(r.Context(), store.NewModel{Name: name, Document: text, Digest: hex.EncodeToString(digest[:]),
		Columns: document.Columns, Classes: string(appendClasses(nil, document)), Created: now()})
	if err != nil {
		return nil, err
	}
	response := newResponse("application/json", appendModel(nil, model))
	response.Status = http.StatusCreated
	response.Header.Set("Location", address(model))
	response.Header.Set("Cache-Control", keepNever)
	return response, nil
}

func (s *Service) getModel(r *Request) (*Response, error) {
	model, err := s.find(r)
	if err != nil {
		return nil, err
	}
	tag := `"` + model.Digest + `"`
	header := http.Header{"Etag": {tag}, "Content-Location": {address(model)}, "Cache-Control": {askAgain}}
	if r.Segment("version") != "" {
		header.Set("Cache-Control", forEver)
	}
	if unchanged(r.Request, tag) {
		return &Response{Status: http.StatusNotModified, Header: header}, nil
	}
	text, err := s.Models.Document(r.Context(), model)
	if err != nil {
		return nil, missing(err)
	}
	header.Set("Content-Type", "application/json")
	return &Response{Header: header, Body: text}, nil
}

func (s *Service) deleteModel(r *Request) (*Response, error) {
	if err := s.Owner(r.Request); err != nil {
		return nil, err
	}
	name, err := nameOf(r)
	if err != nil {
		return nil, err
	}
	version, err := versionOf(r)
	if err != nil {
		return nil, err
	}
	if err := s.Models.Delete(r.Context(), name, version); err != nil {
		return nil, missing(err)
	}
	return &Response{Status: http.StatusNoContent}, nil
}

// listModels answers a page of the names, and in the Link header where the next begins.
func (s *Service) listModels(r *Request) (*Response, error) {
	query, most := r.URL.Query(), page
	if text := query.Get("limit"); text != "" {
		var err error
		if most, err = strconv.Atoi(text); err != nil || most < 1 || most > maxPage {
			return nil, badRequest("limit must be a whole number from 1 to " + strconv.Itoa(maxPage))
		}
	}
	models, err := s.Models.List(r.Context(), query.Get("after"), most+1)
	if err != nil {
		return nil, err
	}
	next := ""
	if len(models) > most {
		models = models[:most]
		next = "/v1/models?" + url.Values{"limit": {strconv.Itoa(most)}, "after": {models[most-1].Name}}.Encode()
	}
	body := append([]byte(nil), `{"models":[`...)
	for i, m := range models {
		if i > 0 {
			body = append(body, ',')
		}
		body = appendModel(body, m)
	}
	body = append(body, `],"next":`...)
	if next == "" {
		body = append(body, "null"...)
	} else {
		body = jsontext.AppendString(body, next)
	}
	response := newResponse("application/json", append(body, '}'))
	response.Header.Set("Cache-Control", keepNever)
	if next != "" {
		response.Header.Set("Link", "<"+next+`>; rel="next"`)
	}
	return response, nil
}

// appendModel appends what there is to know of a model.
func appendModel(to []byte, m store.Model) []byte {
	number := func(name string, v int) {
		to = strconv.AppendInt(append(append(append(to, `,"`...), name...), `":`...), int64(v), 10)
	}
	to = jsontext.AppendString(append(to, `{"name":`...), m.Name)
	number("version", m.Version)
	if m.Versions > 0 {
		number("versions", m.Versions)
	}
	number("bytes", m.Bytes)
	number("columns", m.Columns)
	to = append(append(to, `,"classes":`...), m.Classes...)
	to = jsontext.AppendString(append(to, `,"digest":`...), m.Digest)
	to = jsontext.AppendString(append(to, `,"created":`...), m.Created.UTC().Format("2006-01-02T15:04:05.000Z"))
	return append(to, '}')
}

func appendClasses(to []byte, d *linear.Document) []byte {
	to = append(to, '[')
	for i, class := range d.Classes {
		if i > 0 {
			to = append(to, ',')
		}
		to = class.AppendJSON(to)
	}
	return append(to, ']')
}
