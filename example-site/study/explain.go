//go:build js && wasm

package study

import (
	"errors"
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/page"
)

// sampleRows is how many held-out rows say what a column usually does.
const sampleRows = 2000

// explain finds what the columns usually add.
func (m *Model) explain() error {
	explained, err := page.Await(m.Classifier.Call("explain", page.Site.Call("someRows", m.HeldOut, sampleRows)))
	if err != nil {
		return err
	}
	m.Importance = page.Float64s(explained.Get("importance"))
	m.Coefficients = page.Float64s(m.Classifier.Get("coefficients").Get("data"))
	return nil
}

// output is the number of a class's logit: of two classes the positive one has
// the only logit there is.
func (m *Model) output(class int) int {
	if m.Positive >= 0 {
		return 0
	}
	return class
}

// OfClass is the part of Coefficients or of Importance that is of a class.
func (m *Model) OfClass(of []float64, class int) []float64 {
	k, output := len(m.Columns), m.output(class)
	return of[output*k : (output+1)*k]
}

// Values are the columns of a held-out row, NaN where one is missing.
func (m *Model) Values(row int) []float64 {
	one := page.Site.Call("rowsOf", m.HeldOut, row, row+1)
	return page.Float64s(js.Global().Get("Float64Array").Call("from", one.Get("data")))
}

// Row is a held-out row taken apart.
type Row struct {
	Values        []float64
	Contributions []float64 // to the logit of the class
	Base          float64   // the logit of the mean training row
}

// Logit is the base and all contributions.
func (r *Row) Logit() float64 {
	sum := r.Base
	for _, c := range r.Contributions {
		sum += c
	}
	return sum
}

// Explain takes a held-out row apart, for the logit of a class.
func (m *Model) Explain(row, class int) (*Row, error) {
	if !m.HeldOut.Truthy() {
		return nil, errors.New("The rows themselves are not kept: choose the file again to take one apart.")
	}
	explained, err := page.Await(m.Classifier.Call("explain", page.Site.Call("rowsOf", m.HeldOut, row, row+1)))
	if err != nil {
		return nil, err
	}
	output := m.output(class)
	columns := explained.Get("columns").Int()
	all := page.Float64s(explained.Get("data"))
	return &Row{
		Values:        m.Values(row),
		Contributions: all[output*columns : (output+1)*columns],
		Base:          explained.Get("base").Index(output).Float(),
	}, nil
}
