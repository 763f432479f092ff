//go:build js && wasm

package judge

import (
	"strconv"

	"github.com/focalfit/focalfit/example-site/heldout"
	"github.com/focalfit/focalfit/example-site/numbers"
	"github.com/focalfit/focalfit/example-site/page"
	"github.com/focalfit/focalfit/example-site/study"
	"github.com/focalfit/focalfit/example-site/work"
)

// focalGamma is what focal loss is compared with where the settings have none.
const focalGamma = 2

func (p *Part) listenToComparison() {
	page.OnClick("compare", func() {
		if !work.Busy() {
			p.compare()
		}
	})
}

// emptyWays shows the four ways without numbers.
func (p *Part) emptyWays(classes int) {
	measures := heldout.Measures(classes)
	p.showHead(measures)
	rows := make([]page.Node, len(heldout.Ways))
	for i := range rows {
		row := wayRow(i, focalGamma)
		for range measures {
			page.With(row, page.Classed(page.New("td", "–"), "n"))
		}
		rows[i] = row
	}
	page.Fill("ways", rows...)
	page.Show("words", false)
}

func (p *Part) showHead(measures []string) {
	head := page.New("th", "Way")
	head.SetAttribute("scope", "col")
	cells := []page.Node{head}
	for _, measure := range measures {
		cell := page.Classed(page.New("th", measure), "n")
		cell.SetAttribute("scope", "col")
		cells = append(cells, cell)
	}
	page.Fill("ways-head", cells...)
}

// wayRow is a row of the table, as yet only its head.
func wayRow(i int, gamma float64) page.Element {
	way := heldout.Ways[i]
	head := page.New("th", way.Name)
	head.SetAttribute("scope", "row")
	weights := "no weights"
	if way.Balanced {
		weights = "balanced"
	}
	if !way.Focal {
		gamma = 0
	}
	page.With(head, page.New("small", "γ "+strconv.FormatFloat(gamma, 'g', -1, 64)+", "+weights))
	return page.With(page.New("tr", ""), head)
}

// compare trains the four ways.
func (p *Part) compare() {
	task, settings, ok := p.Task()
	if !ok {
		return
	}
	w := work.Start()
	defer w.End()
	gamma := settings.Gamma
	if gamma == 0 {
		gamma = focalGamma
	}
	page.Say("Training the four ways…")
	var outcomes [len(heldout.Ways)]heldout.Outcome
	for i, way := range heldout.Ways {
		page.SetText("compare-step", strconv.Itoa(i+1)+" of "+strconv.Itoa(len(heldout.Ways))+"…")
		s := settings
		s.Gamma, s.Weight = 0, "none"
		if way.Focal {
			s.Gamma = gamma
		}
		if way.Balanced {
			s.Weight = "balanced"
		}
		m, err := study.Fit(task, s, study.Fitting{Signal: w.Signal()})
		if !w.Going() {
			return
		}
		if w.Stopped(err) {
			page.Say("Stopped: " + numbers.Plural(i, "way is", "ways are") + " trained.")
			return
		}
		if err != nil {
			w.SayProblem(err)
			return
		}
		outcomes[i] = m.Outcome()
		m.Classifier.Call("dispose")
	}
	page.SetText("compare-step", "Drawing the held-out rows again and again…")
	pause := page.Pauses()
	comparison, complete := heldout.Compare(outcomes, func() bool {
		pause()
		return w.Going() && !w.Signal().Get("aborted").Bool()
	})
	if !w.Going() {
		return
	}
	if !complete {
		page.Say("Stopped: the intervals are missing.")
		return
	}
	p.showHead(comparison.Measures)
	rows := make([]page.Node, len(heldout.Ways))
	for i, intervals := range comparison.Ways {
		row := wayRow(i, gamma)
		for _, interval := range intervals {
			cell := page.Classed(page.New("td", numbers.Fixed(interval.Value, 2)), "n")
			page.With(row, page.With(cell, page.New("small", numbers.Fixed(interval.Low, 2)+" to "+numbers.Fixed(interval.High, 2))))
		}
		rows[i] = row
	}
	page.Fill("ways", rows...)
	page.List("words", comparison.Words(outcomes))
	page.Say("All four are trained.")
}
