//go:build js && wasm

package main

import (
	"strconv"

	"honnef.co/go/js/dom/v2"

	"github.com/focalfit/focalfit/example-site/heldout"
	"github.com/focalfit/focalfit/metrics"
)

func (a *app) listenToComparison() {
	listen(element("compare"), "click", func(dom.Event) {
		if a.work == nil {
			go a.compare()
		}
	})
}

// emptyWays shows the four ways without numbers.
func (a *app) emptyWays() {
	rows := make([]dom.Element, len(heldout.Ways))
	for i := range rows {
		rows[i] = wayRow(i, nil)
	}
	fill("ways", rows...)
	show("words", false)
}

// compare trains the four ways.
func (a *app) compare() {
	if !a.data.ready {
		sayProblem("There is no table to train on yet.")
		return
	}
	w := a.start()
	defer a.end(w)
	a.emptyWays()
	say("Training the four ways…")
	var results [len(heldout.Ways)]heldout.Result
	for i, way := range heldout.Ways {
		setText("compare-step", strconv.Itoa(i+1)+" of "+strconv.Itoa(len(heldout.Ways))+"…")
		s := settings{gamma: way.Gamma, weight: "none", penalty: l2()}
		if way.Balanced {
			s.weight = "balanced"
		}
		t, err := a.fit(s, w, nil)
		if a.work != w {
			return
		}
		if f, is := err.(*failure); is && f.code == "ABORTED" {
			say("Stopped: " + plural(i, "way is", "ways are") + " trained.")
			return
		}
		if err != nil {
			sayProblem(err.Error())
			return
		}
		results[i] = t.result
		row := wayRow(i, &t.result)
		body := element("ways")
		body.ReplaceChild(row, body.ChildNodes()[i])
	}
	var words []dom.Element
	for _, sentence := range heldout.Words(results) {
		words = append(words, newElement("li", sentence))
	}
	fill("words", words...)
	show("words", true)
	say("All four are trained.")
}

// wayRow is a row of the table, with dashes where there is no result yet.
func wayRow(i int, r *heldout.Result) dom.Element {
	way := heldout.Ways[i]
	row := newElement("tr", "")
	head := newElement("th", way.Name)
	head.SetAttribute("scope", "row")
	weights := "no weights"
	if way.Balanced {
		weights = "balanced"
	}
	head.AppendChild(newElement("span", "γ "+strconv.FormatFloat(way.Gamma, 'g', -1, 64)+", "+weights))
	row.AppendChild(head)
	cell := func(text string, classes ...string) {
		c := newElement("td", text)
		c.Class().Set(append(classes, "n"))
		row.AppendChild(c)
	}
	if r == nil {
		for j := range 11 {
			if j == 1 || j == 6 {
				cell("–", "first")
			} else {
				cell("–")
			}
		}
		return row
	}
	cell(fixed(r.AveragePrecision, 3))
	for _, p := range []metrics.Point{r.Own, r.Tuned} {
		cell(significant(p.Threshold, 3), "first")
		cell(fixed(p.Recall(), 2))
		cell(fixed(p.Precision(), 2))
		cell(fixed(p.F1(), 2))
		cell(whole(int(p.FalsePositive)))
	}
	return row
}
