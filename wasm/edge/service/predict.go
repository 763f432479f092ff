package service

import (
	"math"
	"net/http"
	"strconv"

	"github.com/focalfit/focalfit/internal/jsontext"
	"github.com/focalfit/focalfit/linear"
)

// What a prediction may take.
const (
	MaxRows          = 10000
	maxRowsBody      = 4 << 20
	maxCells         = 1 << 21 // of all rows together
	maxProbabilities = 1 << 19
	maxProducts      = 1 << 28 // of a coefficient or frequency and a number: about a second
)

const octets = "application/octet-stream"

// predict answers the probabilities and labels of rows.
func (s *Service) predict(r *Request) (*Response, error) {
	query := r.URL.Query()
	raw := false
	switch query.Get("raw") {
	case "", "false":
	case "true":
		raw = true
	default:
		return nil, badRequest("raw must be true or false")
	}
	packed, err := wantsPacked(r.Request)
	if err != nil {
		return nil, err
	}
	body, err := Body(r.Request, maxRowsBody, "application/json", octets)
	if err != nil {
		return nil, err
	}
	model, err := s.find(r)
	if err != nil {
		return nil, err
	}
	text, err := s.Models.Document(r.Context(), model)
	if err != nil {
		return nil, missing(err)
	}
	document, err := linear.ReadDocument(text)
	if err != nil {
		return nil, err
	}
	cells, err := rowsOf(r.Request, document, body)
	if err != nil {
		return nil, err
	}
	p, err := judge(document, cells, raw)
	if err != nil {
		return nil, unreadable(err)
	}
	var response *Response
	if packed {
		response = p.packed()
	} else {
		response = newResponse("application/json", p.json())
	}
	response.Header.Set("Content-Location", address(model))
	response.Header.Set("Cache-Control", keepNever)
	response.Header.Set("Vary", "Accept")
	return response, nil
}

// wantsPacked reports whether a request takes bytes rather than JSON.
func wantsPacked(r *http.Request) (bool, error) {
	accepted := list(r.Header, "Accept")
	if accepted == nil {
		return false, nil
	}
	for _, value := range accepted {
		switch mediaType(value) {
		case octets:
			return true, nil
		case "application/json", "application/*", "*/*":
			return false, nil
		}
	}
	return false, newProblem(http.StatusNotAcceptable, "NOT_ACCEPTABLE", "Accept must have application/json or "+octets)
}

// mostRows returns how many rows of a model a request may have.
func mostRows(d *linear.Document) int {
	products := 0
	for i := range d.Models {
		products += len(d.Models[i].Coefficients)
	}
	if d.Features != nil {
		products += len(d.Features.Frequencies) + d.Features.Columns()
	}
	return max(1, min(MaxRows, maxCells/d.Columns, maxProbabilities/len(d.Classes), maxProducts/products))
}

// rowsOf reads the rows of a body.
func rowsOf(r *http.Request, d *linear.Document, body []byte) (cells []float64, err error) {
	if mediaType(r.Header.Get("Content-Type")) != octets {
		cells, err = d.ReadRows(body, mostRows(d))
	} else {
		query := r.URL.Query()
		size := map[string]int{"float32": 4, "float64": 8}[query.Get("type")]
		if size == 0 {
			return nil, badRequest("type must be float32 or float64")
		}
		columns, malformed := strconv.Atoi(query.Get("columns"))
		if malformed != nil {
			return nil, badRequest("columns must be a whole number")
		}
		if columns != d.Columns {
			return nil, newProblem(http.StatusUnprocessableEntity, "SHAPE_MISMATCH", "the model has "+strconv.Itoa(d.Columns)+" columns, not "+strconv.Itoa(columns))
		}
		cells, err = d.UnpackRows(body, size, mostRows(d))
	}
	if err != nil {
		return nil, unreadable(err)
	}
	return cells, nil
}

// prediction is what a model says of rows.
type prediction struct {
	document      *linear.Document
	rows          int
	probabilities []float64 // rows × classes
	decisions     []int     // of each row the class, or with several labels 0 or 1 for each
}

func judge(d *linear.Document, cells []float64, raw bool) (*prediction, error) {
	k, decided := len(d.Classes), 1
	if d.MultiLabel {
		decided = k
	}
	rows := len(cells) / d.Columns
	p := &prediction{d, rows, make([]float64, rows*k), make([]int, rows*decided)}
	z := make([]float64, d.Outputs())
	for row := range rows {
		if err := d.Logits(z, cells[row*d.Columns:][:d.Columns]); err != nil {
			return nil, atRow(err, row)
		}
		d.Probabilities(p.probabilities[row*k:][:k], z, raw)
		d.Decide(p.decisions[row*decided:][:decided], z)
	}
	return p, nil
}

// packed answers the probabilities alone.
func (p *prediction) packed() *Response {
	body := make([]byte, 0, 8*len(p.probabilities))
	for _, v := range p.probabilities {
		for bits, i := math.Float64bits(v), 0; i < 64; i += 8 {
			body = append(body, byte(bits>>i))
		}
	}
	response := newResponse(octets, body)
	response.Header.Set("Focalfit-Shape", strconv.Itoa(p.rows)+", "+strconv.Itoa(len(p.document.Classes)))
	return response
}

func (p *prediction) json() []byte {
	d := p.document
	to := append([]byte(nil), `{"classes":`...)
	to = appendClasses(to, d)
	to = append(to, `,"probabilities":`...)
	k := len(d.Classes)
	to = appendList(to, p.rows, func(to []byte, row int) []byte {
		return appendNumbers(to, p.probabilities[row*k:][:k])
	})
	to = append(to, `,"labels":`...)
	to = appendList(to, p.rows, func(to []byte, row int) []byte {
		if !d.MultiLabel {
			return d.Classes[p.decisions[row]].AppendJSON(to)
		}
		return appendList(to, k, func(to []byte, l int) []byte { return strconv.AppendInt(to, int64(p.decisions[row*k+l]), 10) })
	})
	to = append(to, `,"threshold":`...)
	switch {
	case d.MultiLabel:
		to = appendNumbers(to, d.Thresholds)
	case d.Thresholds != nil:
		to = jsontext.AppendNumber(to, d.Thresholds[0])
	default:
		to = append(to, "null"...)
	}
	return append(to, '}')
}

func appendNumbers(to []byte, values []float64) []byte {
	return appendList(to, len(values), func(to []byte, i int) []byte { return jsontext.AppendNumber(to, values[i]) })
}

func appendList(to []byte, n int, item func(to []byte, i int) []byte) []byte {
	to = append(to, '[')
	for i := range n {
		if i > 0 {
			to = append(to, ',')
		}
		to = item(to, i)
	}
	return append(to, ']')
}
