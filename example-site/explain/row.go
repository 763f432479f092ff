//go:build js && wasm

package explain

import (
	"math"
	"strconv"
	"strings"

	"github.com/focalfit/focalfit/example-site/digits"
	"github.com/focalfit/focalfit/example-site/numbers"
	"github.com/focalfit/focalfit/example-site/page"
)

// choices are the rows that are offered by what they are.
var choices = []struct{ id, text string }{
	{"found", "the surest find"},
	{"missed", "the worst miss"},
	{"alarm", "the worst false alarm"},
	{"close", "the closest call"},
	{"number", "by its number"},
}

func (p *Part) listenToRow() {
	page.Listen(page.Get("row-choice"), "change", page.Later(p.chooseRow))
	page.Listen(page.Get("row-number"), "input", page.Later(func() {
		if p.model != nil {
			page.Select("row-choice").SetValue("number")
			p.chooseRow()
		}
	}))
	options := make([]page.Option, len(choices))
	for i, c := range choices {
		options[i] = page.Option{Value: c.id, Text: c.text}
	}
	page.SetOptions("row-choice", options, choices[1].id)
}

// offerRows shows the row that is chosen, or the closest call if there is no
// such row.
func (p *Part) offerRows() {
	page.Input("row-number").SetAttribute("max", strconv.Itoa(len(p.model.Truth)))
	if choice := page.Select("row-choice"); choice.Value() == "number" || p.find(choice.Value()) < 0 {
		choice.SetValue("close")
	}
	p.chooseRow()
}

// chooseRow takes the chosen row apart.
func (p *Part) chooseRow() {
	if p.model == nil {
		return
	}
	choice := page.Select("row-choice").Value()
	row := p.find(choice)
	if choice == "number" {
		n, err := strconv.Atoi(page.Input("row-number").Value())
		ok := err == nil && n >= 1 && n <= len(p.model.Truth)
		page.Input("row-number").SetAttribute("aria-invalid", strconv.FormatBool(!ok))
		if !ok {
			p.say("The number must be one from 1 to " + numbers.Whole(len(p.model.Truth)) + ".")
			return
		}
		row = n - 1
	}
	if row < 0 {
		p.say("There is no such row among the held-out ones.")
		return
	}
	page.Input("row-number").SetValue(strconv.Itoa(row + 1))
	page.Input("row-number").SetAttribute("aria-invalid", "false")
	p.takeApart(row)
}

// find returns the row that a choice means; -1 if there is none.
func (p *Part) find(choice string) int {
	m, k := p.model, len(p.model.Classes)
	best, value := -1, math.Inf(-1)
	for row, truth := range m.Truth {
		probability := m.Posterior[row*k+p.class]
		is, said := truth == p.class, m.Predicted[row] == p.class
		score := math.NaN()
		switch {
		case choice == "found" && is && said, choice == "alarm" && !is && said:
			score = probability
		case choice == "missed" && is && !said:
			score = -probability
		case choice == "close" && m.Positive >= 0:
			score = -math.Abs(logit(probability) - logit(m.Threshold))
		case choice == "close":
			score = -math.Abs(logit(probability))
		}
		if score > value {
			best, value = row, score
		}
	}
	return best
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

// say writes a sentence in the place of a row.
func (p *Part) say(text string) {
	page.SetText("row-text", text)
	page.Show("row-table", false)
	page.Show("row-image", false)
}

func (p *Part) takeApart(row int) {
	m, k := p.model, len(p.model.Classes)
	p.asked++
	asked := p.asked
	r, err := m.Explain(row, p.class)
	if p.asked != asked || p.model != m {
		return
	}
	if err != nil {
		p.say(err.Error())
		return
	}
	name := m.Classes[p.class]
	posterior, raw := m.Posterior[row*k+p.class], m.Raw[row*k+p.class]
	says := "”, and the model says “" + m.Classes[m.Predicted[row]] + "”"
	if m.Positive >= 0 {
		says += " by its own threshold, " + numbers.Probability(m.Threshold)
	}
	comes := ": raw " + numbers.Percent(raw) + ", and with γ and weights taken back a chance of "
	if m.Settings.Plain() {
		comes = ": a chance of "
	}
	page.SetText("row-text", "It is “"+m.Classes[m.Truth[row]]+says+". The mean row has a logit of "+numbers.Signed(r.Base, 3)+
		", this one’s columns add "+numbers.Signed(r.Logit()-r.Base, 3)+", in all "+numbers.Signed(r.Logit(), 3)+comes+numbers.Percent(posterior)+" for “"+name+"”.")
	page.Show("row-table", true)
	isDigit := m.Source.ID == "digits"
	page.Show("row-image", isDigit)
	if isDigit {
		page.Fill("row-image", digits.Canvas(digits.Place(m.Columns, r.Values), 12))
	}

	size := func(i int) float64 { return math.Abs(r.Contributions[i]) }
	order := ranked(len(r.Contributions), size)
	most := size(order[0])
	rows := make([]page.Node, 0, shown+1)
	rest := 0.0
	for at, i := range order {
		if at >= shown {
			rest += r.Contributions[i]
			continue
		}
		value := "missing"
		if v := r.Values[i]; v == v {
			value = strings.Replace(numbers.Significant(v, 4), "-", "−", 1)
		}
		rows = append(rows, barRow(m.Columns[i], r.Contributions[i], most, value, numbers.Signed(r.Contributions[i], 2)))
	}
	if n := len(order) - shown; n > 0 {
		rows = append(rows, barRow(numbers.Plural(n, "other column", "other columns"), rest, most, "", numbers.Signed(rest, 2)))
	}
	page.Fill("contributions", rows...)
}
