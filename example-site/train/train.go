//go:build js && wasm

// Package train is the first part of the page: a table, the settings, and the
// training itself.
package train

import (
	"strconv"
	"syscall/js"
	"time"

	"github.com/focalfit/focalfit/example-site/numbers"
	"github.com/focalfit/focalfit/example-site/page"
	"github.com/focalfit/focalfit/example-site/study"
	"github.com/focalfit/focalfit/example-site/work"
)

// Part is the first part of the page.
type Part struct {
	// Trained is called with a model that is to be shown, and may wait. Cleared
	// is called when there is none any more.
	Trained func(*study.Model)
	Cleared func()

	settings study.Settings
	file     js.Value // undefined until one is chosen
	opened   bool     // whether its columns are known
	columns  []string // of the last file of which they were
	format   study.Format
	table    *study.Table
	task     *study.Task
	model    *study.Model
	reading  *work.Work // of the table that is wanted
	stopped  bool       // whether that was stopped
	kept     *study.Model
	begun    bool // whether a table was asked for
	loss     lossCurve
}

// Start fills the part in and reads the table of settings. A model that was
// kept is shown if it is of the same rows.
func (p *Part) Start(settings study.Settings, kept *study.Model) {
	p.settings, p.kept, p.file = settings, kept, js.Undefined()
	p.loss.chart = page.NewChart("loss-chart", page.Axis{Label: "iteration"}, page.Axis{Label: "loss"}, page.Line{Colour: "--accent"})
	p.listenToData()
	p.listenToSettings()
	p.listenToAddress()
	page.Listen(page.Get("controls"), "submit", func(e page.Event) {
		e.PreventDefault()
		switch {
		case work.Busy():
		case p.stopped:
			go p.read()
		default:
			go p.train()
		}
	})
	page.Listen(page.Get("stop"), "click", func(page.Event) { p.stop() })
	p.showSettings()
	p.check(settings.Source)
	if settings.Source == study.File.ID {
		p.clear()
		p.restore()
		p.kept = kept // for when the file is chosen
		if p.model == nil {
			p.sayReady()
		} else {
			page.Say("The model of " + p.model.File + " is kept. To train again, choose the file again.")
		}
		return
	}
	p.read()
}

// Task is what is trained on at present, and how; false, after saying why, if
// there is nothing.
func (p *Part) Task() (*study.Task, study.Settings, bool) {
	if !p.readSettings() {
		page.Input("weight-number").Focus()
		page.SayProblem("The weight of the rare class is no usable number.")
		return nil, p.settings, false
	}
	if p.task == nil {
		page.SayProblem("There is no table to train on yet.")
		return nil, p.settings, false
	}
	return p.task, p.settings, true
}

// Decide takes the threshold and what a miss costs into the settings.
func (p *Part) Decide(threshold, miss float64) {
	p.settings.Threshold, p.settings.Miss = threshold, miss
	p.setLink()
}

// Forget takes the model away.
func (p *Part) Forget() {
	work.Abandon()
	p.kept, p.settings.Threshold = nil, 0
	p.Cleared()
	p.clearOutcome()
	p.sayReady()
}

func (p *Part) sayReady() {
	if p.task == nil {
		page.Say("Choose a CSV file.")
		return
	}
	page.Say("Ready: press Train.")
}

// restore shows the model that was kept, if it is of these rows.
func (p *Part) restore() {
	kept := p.kept
	p.kept = nil
	if kept == nil || !kept.Settings.SameRows(p.settings) {
		return
	}
	if p.task != nil {
		if !kept.IsOf(p.task) {
			return
		}
		kept.HeldOut = p.task.Test.X
	}
	kept.Settings.Threshold, kept.Settings.Miss = p.settings.Threshold, p.settings.Miss
	p.model = kept
	p.showReport()
	p.Trained(kept)
	if p.model != kept {
		return
	}
	page.Show("kept", true)
	if kept.Settings.SameLoss(p.settings) {
		page.Say("This is the model of your last visit.")
	} else {
		page.Say("This is the model of your last visit, of other settings than these.")
	}
}

// train does what the Train button says.
func (p *Part) train() {
	task, settings, ok := p.Task()
	if !ok {
		return
	}
	if task.Every && settings.Weight == "number" {
		page.Select("weight").Focus()
		page.SayProblem("A number weighs one rare class, and here every class is told apart: choose balanced weights, or none.")
		return
	}
	w := work.Start()
	defer w.End()
	if p.model != nil {
		settings.Threshold = 0 // it was chosen for that one
	}
	page.Say("Training…")
	bar := page.Progress("progress")
	bar.SetValue(0)
	p.loss.clear()
	begun := time.Now()
	m, err := study.Fit(task, settings, study.Fitting{Signal: w.Signal(), OnProgress: func(progress js.Value) {
		if !w.Going() {
			return
		}
		iteration, objective := progress.Get("iteration").Int(), progress.Get("objective").Float()
		bar.SetValue(progress.Get("fraction").Float())
		p.loss.add(iteration, objective)
		speed := ""
		if seconds := time.Since(begun).Seconds(); seconds > 0.1 {
			speed = ", " + numbers.Count(float64(task.Train.Rows)*float64(iteration)/seconds) + " rows a second"
		}
		page.SetText("step", "Iteration "+numbers.Whole(iteration)+", loss "+numbers.Significant(objective, 4)+speed+".")
	}})
	if !w.Going() {
		return
	}
	if w.Stopped(err) {
		p.showStopped(err)
		return
	}
	if err != nil {
		p.showBefore()
		w.SayProblem(err)
		return
	}
	m.Settings.Miss = p.settings.Miss
	p.model = m
	p.showReport()
	p.Trained(m)
	if p.model != m {
		return
	}
	page.Say("Trained in " + numbers.Duration(m.Report.Get("solveSeconds").Float()) + ".")
	go p.keep(m)
}

// keep keeps a model, and says whether that could be once it is known.
func (p *Part) keep(m *study.Model) {
	page.Show("kept", false)
	page.Show("not-kept", false)
	if kept := m.Keep(); p.model == m {
		page.Show("kept", kept)
		page.Show("not-kept", !kept)
	}
}

// showStopped says how far a fit came that was stopped.
func (p *Part) showStopped(err error) {
	p.showBefore()
	kept := "There is no model yet."
	if p.model != nil {
		kept = "The results are of the model before."
	}
	how := "Stopped. "
	if f, is := err.(*page.Failure); is && f.Value.Type() == js.TypeObject && f.Value.Get("report").Type() == js.TypeObject {
		how = "Stopped after " + numbers.Plural(f.Value.Get("report").Get("iterations").Int(), "iteration", "iterations") + ". "
	}
	page.Say(how + kept)
}

// showBefore shows how the fit of the model before went, if there is one.
func (p *Part) showBefore() {
	if p.model != nil {
		p.showReport()
		return
	}
	page.Progress("progress").SetValue(0)
	p.loss.clear()
}

var endings = map[string]string{
	"converged":     "converged",
	"maxIterations": "at the limit of iterations",
	"stalled":       "stalled",
	"earlyStopped":  "stopped early",
}

// showReport shows how the fit of the model went.
func (p *Part) showReport() {
	m, report := p.model, p.model.Report
	page.Progress("progress").SetValue(1)
	rows := numbers.Whole(m.Rows) + " " + m.RowsWord()
	if m.Positive >= 0 {
		rows += ", " + numbers.Whole(report.Get("classCounts").Index(m.Positive).Int()) + " " + m.Classes[m.Positive]
	}
	page.SetText("fact-rows", rows)
	seconds := report.Get("solveSeconds").Float()
	page.SetText("fact-status", endings[report.Get("status").String()]+" after "+strconv.Itoa(report.Get("iterations").Int()))
	page.SetText("fact-loss", numbers.Significant(report.Get("objective").Float(), 4))
	page.SetText("fact-time", numbers.Duration(seconds)+" of "+numbers.Duration(report.Get("totalSeconds").Float()))
	page.SetText("fact-speed", numbers.Count(float64(m.Rows)*report.Get("evaluations").Float()/max(seconds, 1e-4)))
	simd := "plain"
	if report.Get("simd").Bool() {
		simd = "SIMD"
	}
	page.SetText("fact-simd", simd)

	history := report.Get("history")
	p.loss.clear()
	for i := range history.Length() {
		entry := history.Index(i)
		p.loss.append(entry.Get("iteration").Int(), entry.Get("objective").Float())
	}
	p.loss.draw()
	page.List("warnings", page.Strings(report.Get("warnings")))
	p.showMistaken()
}

// clearOutcome takes the results of a model away.
func (p *Part) clearOutcome() {
	p.model = nil
	page.Show("warnings", false)
	page.Show("mistaken-part", false)
	page.SetText("headline", "Nothing is trained yet. What the model finds among the held-out rows will stand here.")
	for _, id := range []string{"fact-rows", "fact-status", "fact-speed", "fact-loss", "fact-time", "fact-simd"} {
		page.SetText(id, "–")
	}
	page.Progress("progress").SetValue(0)
	p.loss.clear()
}
