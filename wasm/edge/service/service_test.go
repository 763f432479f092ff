package service

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/focalfit/focalfit/wasm/edge/federations"
	"github.com/focalfit/focalfit/wasm/edge/store"
)

const token = "a-token-for-tests"

type golden struct {
	Name          string
	Document, X   json.RawMessage
	Probabilities []float64
}

func goldenCases(t *testing.T) (cases []golden) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "linear", "testdata", "documents.json"))
	if err == nil {
		err = json.Unmarshal(text, &cases)
	}
	if err != nil {
		t.Fatal(err)
	}
	return cases
}

// call answers a request; of one with a body the type is JSON, and all bear the owner's token.
func call(s *Service, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func newService() *Service {
	return New(Options{Models: &store.Memory{}, Token: token})
}

func TestModelsAreKeptServedAndRemoved(t *testing.T) {
	s, cases := newService(), goldenCases(t)
	for i, c := range cases[:3] {
		w := call(s, "PUT", "/v1/models/m", string(c.Document))
		var made struct{ Version int }
		if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != 201 || made.Version != i+1 || w.Header().Get("Location") != "/v1/models/m/"+string(rune('1'+i)) {
			t.Fatal(w.Code, w.Body)
		}
	}
	for path, want := range map[string]int{"/v1/models/m": 2, "/v1/models/m/1": 0, "/v1/models/m/3": 2} {
		w := call(s, "GET", path, "")
		if w.Code != 200 || w.Body.String() != string(cases[want].Document) {
			t.Error(path, w.Code)
		}
		if w := call(s, "HEAD", path, ""); w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Length") == "0" {
			t.Error("HEAD", path, w.Code, w.Header())
		}
		if w := call(s, "GET", path, "", "If-None-Match", w.Header().Get("Etag")); w.Code != 304 || w.Body.Len() != 0 {
			t.Error(path, w.Code)
		}
	}
	for _, path := range []string{"/v1/models/m/3", "/v1/models/m"} {
		if w := call(s, "DELETE", path, ""); w.Code != 204 {
			t.Error(path, w.Code)
		}
		if w := call(s, "GET", path, ""); path == "/v1/models/m/3" && w.Code != 404 {
			t.Error(path, w.Code)
		}
	}
	if w := call(s, "PUT", "/v1/models/m", string(cases[0].Document)); !strings.Contains(w.Body.String(), `"version":4`) {
		t.Error("a number is given again:", w.Body)
	}
}

func TestPredictionsAreThoseOfTheBrowser(t *testing.T) {
	s := newService()
	for _, c := range goldenCases(t) {
		call(s, "PUT", "/v1/models/m", string(c.Document))
		w := call(s, "POST", "/v1/models/m/predict", string(c.X))
		var said struct{ Probabilities [][]float64 }
		if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || w.Code != 200 {
			t.Fatal(c.Name, w.Code, w.Body)
		}
		n := 0
		for _, row := range said.Probabilities {
			for _, p := range row {
				if d := p - c.Probabilities[n]; !(d < 1e-9 && d > -1e-9) {
					t.Errorf("%s: %v at %d, want %v", c.Name, p, n, c.Probabilities[n])
				}
				n++
			}
		}
		if n != len(c.Probabilities) {
			t.Errorf("%s: %d probabilities", c.Name, n)
		}
	}
}

// broken fails, or panics.
type broken struct {
	store.Models
	fault any
}

func (b broken) Find(context.Context, string, int) (store.Model, error) {
	if err, ok := b.fault.(error); ok {
		return store.Model{}, err
	}
	panic(b.fault)
}

func (b broken) Sweep(context.Context, time.Time) (int, error) { return 0, errors.New("secret") }

func (b broken) Query(context.Context, string, ...any) ([]store.Row, error) {
	return nil, errors.New("another secret")
}

func TestFailuresAreAnsweredAndLogged(t *testing.T) {
	for _, fault := range []any{errors.New("secret"), "secret", 1} {
		log := ""
		s := New(Options{Models: broken{fault: fault}, Federations: &federations.Service{Store: federations.NewStore(broken{})}, Log: func(line string) { log += line }})
		w := call(s, "GET", "/v1/models/m", "")
		if w.Code != 500 || strings.Contains(w.Body.String(), "secret") || w.Header().Get("Content-Type") != "application/problem+json" {
			t.Error(w.Code, w.Body)
		}
		if fault != 1 && !strings.Contains(log, "secret") || !strings.Contains(log, "GET /v1/models/m") {
			t.Error(log)
		}
		if s.Clean(context.Background(), now()); !strings.Contains(log, "sweep: secret") || !strings.Contains(log, "sweep of federations: another secret") {
			t.Error(log)
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	read := func(body io.Reader, length string) (int, error) {
		r := httptest.NewRequest("PUT", "/", io.NopCloser(body))
		r.Header.Set("Content-Type", "application/json; charset=utf-8")
		if length != "" {
			r.Header.Set("Content-Length", length)
		}
		data, err := Body(r, 1000, "text/plain", "application/json")
		return len(data), err
	}
	status := func(err error) int {
		if p, ok := err.(*Problem); ok {
			return p.Status
		}
		return 0
	}
	for _, n := range []int{0, 1, 511, 512, 513, 999, 1000} {
		if got, err := read(iotest.OneByteReader(strings.NewReader(strings.Repeat("x", n))), ""); got != n || err != nil {
			t.Error(n, got, err)
		}
		if got, err := read(iotest.DataErrReader(strings.NewReader(strings.Repeat("x", n))), "1000"); got != n || err != nil {
			t.Error(n, got, err)
		}
	}
	never := iotest.ErrReader(errors.New("read"))
	for _, c := range []struct {
		body   io.Reader
		length string
		status int
	}{{never, "1001", 413}, {never, "99999999999999999999", 400}, {never, "-1", 400}, {never, "x", 400}, {never, "", 400}, {strings.NewReader(strings.Repeat("x", 1001)), "", 413}, {strings.NewReader(strings.Repeat("x", 5000)), "10", 413}} {
		if _, err := read(c.body, c.length); status(err) != c.status {
			t.Error(c.length, err)
		}
	}
	r := httptest.NewRequest("PUT", "/", strings.NewReader("x"))
	for _, headers := range []http.Header{{}, {"Content-Type": {"text/html"}}, {"Content-Type": {"text/plain"}, "Content-Encoding": {"gzip"}}} {
		r.Header = headers
		if _, err := Body(r, 10, "text/plain"); status(err) != 415 {
			t.Error(headers, err)
		}
	}
}

// endless is a body without an end, which counts.
type endless struct {
	read   int
	closed bool
}

func (e *endless) Read(p []byte) (int, error) { e.read += len(p); return len(p), nil }

func (e *endless) Close() error { e.closed = true; return nil }

func TestWhatNobodyWantsIsPassedOver(t *testing.T) {
	for _, path := range []string{"/v1/models/m", "/nowhere"} {
		rest := strings.NewReader(strings.Repeat("x", MaxModel+1))
		r := httptest.NewRequest("PUT", path, rest)
		w := httptest.NewRecorder()
		newService().ServeHTTP(w, r)
		if w.Code < 400 || rest.Len() != 0 {
			t.Errorf("%s: %d, and %d bytes are left", path, w.Code, rest.Len())
		}
		body := &endless{}
		r = httptest.NewRequest("PUT", path, body)
		newService().ServeHTTP(w, r)
		if body.read < unwanted || body.read > 2*unwanted || !body.closed {
			t.Errorf("%s: %+v", path, body)
		}
		read := body.read
		r.Header.Set("Content-Length", "8388609")
		newService().ServeHTTP(w, r)
		if body.read != read {
			t.Errorf("%s: %d bytes of what says to be too long are read", path, body.read-read)
		}
	}
}

func TestTokens(t *testing.T) {
	s := newService()
	for header, owner := range map[string]bool{"Bearer " + token: true, "bearer  " + token: true, "Bearer " + token + "x": false, "Bearer": false, "": false, token: false, "Basic " + token: false} {
		r := httptest.NewRequest("PUT", "/", nil)
		r.Header.Set("Authorization", header)
		if (s.Owner(r) == nil) != owner {
			t.Errorf("%q: %v", header, s.Owner(r))
		}
	}
	r := httptest.NewRequest("PUT", "/", nil)
	r.Header.Set("Authorization", "Bearer ")
	if New(Options{}).Owner(r) == nil {
		t.Error("an owner without a token")
	}
}

func TestOrigins(t *testing.T) {
	for _, c := range []struct {
		allowed []string
		origin  string
		want    string
	}{{nil, "https://a", ""}, {[]string{"https://a"}, "https://a", "https://a"}, {[]string{"https://a"}, "https://ab", ""}, {[]string{"*"}, "https://b", "*"}, {[]string{"https://a"}, "", ""}} {
		s := newService()
		s.Origins = c.allowed
		w := call(s, "GET", "/v1/models", "", "Origin", c.origin)
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != c.want {
			t.Errorf("%v, %s: %q", c.allowed, c.origin, got)
		}
	}
}

func TestUnknownAddressesAndMethods(t *testing.T) {
	s := newService()
	for _, path := range []string{"/", "/v1", "/v1/", "/v1/models/", "/v1/models/m/", "/v1/models//1", "/v1/models/m/1/predict/", "/v1/modelsx", "/V1/models"} {
		if w := call(s, "GET", path, ""); w.Code != 404 {
			t.Error(path, w.Code)
		}
	}
	if w := call(s, "PATCH", "/v1/models/m", "{}"); w.Code != 405 || w.Header().Get("Allow") != "DELETE, GET, HEAD, OPTIONS, PUT" {
		t.Error(w.Code, w.Header())
	}
	if w := call(s, "GET", "/v1/models/m/predict", ""); w.Code != 405 || w.Header().Get("Allow") != "OPTIONS, POST" {
		t.Error(w.Code, w.Header())
	}
	if w := call(s, "OPTIONS", "/v1/models", ""); w.Code != 204 || w.Header().Get("Allow") != "GET, HEAD, OPTIONS" || w.Header().Get("Access-Control-Allow-Methods") != "" {
		t.Error(w.Code, w.Header())
	}
}

// A caller who asks too often is refused, except where its browser asks whether a
// page may, and except the owner.
func TestRates(t *testing.T) {
	keys := map[string]bool{}
	s := New(Options{Models: broken{fault: errors.New("")}, Token: "owner", Allow: func(_ context.Context, key string) bool {
		keys[key] = true
		return false
	}})
	for _, c := range []struct {
		method, token string
		want          int
	}{{"GET", "", 429}, {"GET", "someone", 429}, {"GET", "owner", 500}, {"OPTIONS", "", 204}} {
		r := httptest.NewRequest(c.method, "/v1/models/m", nil)
		r.Header.Set("Authorization", "Bearer "+c.token)
		r.Header.Set("Cf-Connecting-Ip", "::1")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != c.want || (w.Code == 429) != (w.Header().Get("Retry-After") == "60") {
			t.Errorf("%s by %q: %d", c.method, c.token, w.Code)
		}
	}
	if len(keys) != 1 || !keys["address ::1"] {
		t.Error(keys)
	}
}
