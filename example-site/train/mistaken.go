//go:build js && wasm

package train

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/focalfit/focalfit/example-site/digits"
	"github.com/focalfit/focalfit/example-site/numbers"
	"github.com/focalfit/focalfit/example-site/page"
)

// mostMistaken is how many digits are drawn.
const mostMistaken = 12

// showMistaken draws the held-out digits that have the lowest posterior of
// their own class.
func (p *Part) showMistaken() {
	m := p.model
	shown := m.Source.ID == "digits" && m.HeldOut.Truthy()
	page.Show("mistaken-part", shown)
	if !shown {
		return
	}
	k := len(m.Classes)
	own := func(row int) float64 { return m.Posterior[row*k+m.Truth[row]] }
	rows := make([]int, len(m.Truth))
	for i := range rows {
		rows[i] = i
	}
	slices.SortFunc(rows, func(a, b int) int { return cmp.Compare(own(a), own(b)) })
	items := make([]page.Node, 0, mostMistaken)
	for _, row := range rows[:mostMistaken] {
		is := m.Classes[m.Truth[row]]
		canvas := digits.Canvas(digits.Place(m.Columns, m.Values(row)), 8)
		canvas.SetAttribute("role", "img")
		canvas.SetAttribute("aria-label", "Held-out row "+strconv.Itoa(row+1)+", a "+is)
		caption := page.New("span", is+": "+numbers.Percent(own(row)))
		items = append(items, page.With(page.New("li", ""), canvas, caption))
	}
	page.Fill("mistaken", items...)
}
