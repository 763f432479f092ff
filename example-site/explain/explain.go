//go:build js && wasm

// Package explain is the fourth part of the page: what a model adds up, in all
// and for one row.
package explain

import (
	"cmp"
	"math"
	"slices"

	"github.com/focalfit/focalfit/example-site/digits"
	"github.com/focalfit/focalfit/example-site/numbers"
	"github.com/focalfit/focalfit/example-site/page"
	"github.com/focalfit/focalfit/example-site/study"
)

// shown is how many columns are listed.
const shown = 12

// Part is the fourth part of the page.
type Part struct {
	model *study.Model
	class int
	asked int // how often a row was asked for
}

// Start fills the part in, without a model.
func (p *Part) Start() {
	p.listenToRow()
	p.Clear()
}

// Clear takes what is said of a model away.
func (p *Part) Clear() {
	p.model = nil
	page.Show("explained", false)
}

// Show explains a model, for the logit of a class. It may wait.
func (p *Part) Show(m *study.Model, class int) {
	p.model, p.class = m, class
	page.Show("explained", true)
	p.showCoefficients()
	p.offerRows()
}

func (p *Part) showCoefficients() {
	m := p.model
	k := len(m.Columns)
	coefficients, importance := m.OfClass(m.Coefficients, p.class), m.OfClass(m.Importance, p.class)
	order := ranked(k, func(i int) float64 { return importance[i] })
	page.SetText("coefficients-help", "For “"+m.Classes[p.class]+"”. The coefficient is what one more unit of the column adds to the logit, all else alike. The bar is what the column usually adds or takes: the coefficient times the usual distance of a row from the column’s mean.")
	most := importance[order[0]]
	rows := make([]page.Node, 0, shown)
	for _, i := range order[:min(shown, k)] {
		rows = append(rows, barRow(m.Columns[i], math.Copysign(importance[i], coefficients[i]), most, numbers.Signed(coefficients[i], 3)))
	}
	if k > shown {
		rows = append(rows, note(numbers.Plural(k-shown, "more column counts", "more columns count")+" less.", 3))
	}
	page.Fill("coefficients", rows...)

	isDigit := m.Source.ID == "digits"
	page.Show("weights-image-part", isDigit)
	if isDigit {
		page.SetText("weights-image-title", "The coefficients as a picture: where ink speaks for “"+m.Classes[p.class]+"”, blue, and where against it, orange")
		scaled := make([]float64, k)
		largest := slices.Max(importance)
		for i := range scaled {
			scaled[i] = math.Copysign(importance[i]/largest, coefficients[i])
		}
		digits.Draw(page.Canvas(page.Get("weights-image")), digits.Place(m.Columns, scaled), diverging)
	}
}

// diverging is white at 0, blue at 1 and orange at −1.
func diverging(v float64) (r, g, b byte) {
	mix := func(full float64) byte { return byte(250 + math.Abs(v)*(full-250)) }
	if v > 0 {
		return mix(28), mix(90), mix(158)
	}
	return mix(177), mix(74), mix(16)
}

// ranked are the numbers of 0 … n−1, those of the largest size first.
func ranked(n int, size func(int) float64) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(size(b), size(a)) })
	return order
}

// barRow is a row of a table with a bar that grows from the middle, to the
// right where v is positive.
func barRow(name string, v, most float64, texts ...string) page.Element {
	head := page.With(page.New("th", ""), breakable(name)...)
	head.SetAttribute("scope", "row")
	row := page.With(page.New("tr", ""), head)
	for _, text := range texts {
		page.With(row, page.Classed(page.New("td", text), "n"))
	}
	bar := page.Classed(page.New("span", ""), "bar up")
	if v < 0 {
		bar = page.Classed(page.New("span", ""), "bar down")
	}
	share := 0.0
	if most > 0 {
		share = math.Abs(v) / most
	}
	page.SetStyle(bar, "inline-size", numbers.Fixed(50*share, 1)+"%")
	return page.With(row, page.With(page.Classed(page.New("td", ""), "barred"), bar))
}

// breakable is a column's name that may go on in the next line after _ and .
func breakable(name string) []page.Node {
	var nodes []page.Node
	from := 0
	for at, c := range name {
		if c == '_' || c == '.' {
			nodes = append(nodes, page.Text(name[from:at+1]), page.New("wbr", ""))
			from = at + 1
		}
	}
	return append(nodes, page.Text(name[from:]))
}

// note is a row of a table that is only text.
func note(text string, columns int) page.Element {
	cell := page.Classed(page.New("td", text), "note")
	cell.SetAttribute("colspan", numbers.Whole(columns))
	return page.With(page.New("tr", ""), cell)
}
