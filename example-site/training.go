//go:build js && wasm

package main

import (
	"math"
	"strconv"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/focalfit/focalfit/example-site/heldout"
)

func l2() float64 {
	exponent, _ := strconv.ParseFloat(input("l2").Value(), 64)
	return math.Pow(10, exponent)
}

// work is what runs: one fit, or the comparison.
type work struct {
	controller js.Value // its AbortController
}

func (w *work) signal() js.Value { return w.controller.Get("signal") }

// trained is a model that has been judged.
type trained struct {
	report js.Value
	result heldout.Result
}

func (a *app) listenToTraining() {
	listen(element("controls"), "submit", func(e dom.Event) {
		e.PreventDefault()
		if a.work == nil {
			go a.train()
		}
	})
	listen(element("stop"), "click", func(dom.Event) { a.stop() })
}

// start begins work.
func (a *app) start() *work {
	w := &work{controller: js.Global().Get("AbortController").New()}
	a.setWork(w)
	return w
}

// end ends work, unless it was abandoned before.
func (a *app) end(w *work) {
	if a.work == w {
		a.setWork(nil)
	}
}

// stop asks what runs to end, if anything does.
func (a *app) stop() {
	if a.work != nil {
		a.work.controller.Call("abort")
	}
}

// abandon stops what runs, and nothing of it will be shown any more.
func (a *app) abandon() {
	a.stop()
	a.setWork(nil)
}

func (a *app) setWork(w *work) {
	a.work = w
	if w == nil {
		setText("step", "")
		setText("compare-step", "")
	}
	busy := strconv.FormatBool(w != nil)
	idle := strconv.FormatBool(w == nil)
	element("train").SetAttribute("aria-disabled", busy)
	element("compare").SetAttribute("aria-disabled", busy)
	element("stop").SetAttribute("aria-disabled", idle)
}

// fit trains on the training rows and judges the model on the held-out ones.
func (a *app) fit(s settings, w *work, onProgress func(js.Value)) (*trained, error) {
	d := &a.data
	training, heldOut, trainingX, heldOutX := d.training, d.heldOut, d.trainingX, d.heldOutX
	positive, width := d.positive, len(d.columns)

	options := map[string]any{"gamma": s.gamma, "l2": s.penalty, "positiveClass": positive, "engine": a.site.Get("engine")}
	switch s.weight {
	case "balanced":
		options["classWeight"] = "balanced"
	case "number":
		options["classWeight"] = map[string]any{positive: s.number}
	}
	classifier, err := try(func() js.Value { return a.site.Get("FocalClassifier").New(options) })
	if err != nil {
		return nil, err
	}
	fitOptions := map[string]any{"signal": w.signal()}
	if onProgress != nil {
		f := js.FuncOf(func(_ js.Value, args []js.Value) any {
			onProgress(args[0])
			return nil
		})
		defer f.Release()
		fitOptions["onProgress"] = f
	}
	x := matrix(trainingX, width)
	report, err := await(classifier.Call("fit", x, a.labels(training.positive), fitOptions))
	if err != nil {
		return nil, err
	}
	learnt, err := a.posterior(classifier, positive, x)
	if err != nil {
		return nil, err
	}
	judged, err := a.posterior(classifier, positive, matrix(heldOutX, width))
	if err != nil {
		return nil, err
	}
	result, err := heldout.Judge(heldout.Scored{Posterior: learnt, Positive: training.positive},
		heldout.Scored{Posterior: judged, Positive: heldOut.positive}, classifier.Get("threshold").Float())
	if err != nil {
		return nil, err
	}
	if w.signal().Get("aborted").Bool() {
		return nil, &failure{code: "ABORTED", message: "The fit was stopped."}
	}
	return &trained{report: report, result: result}, nil
}

func matrix(x []float64, columns int) js.Value {
	return js.ValueOf(map[string]any{"data": float64Array(x), "rows": len(x) / columns, "columns": columns})
}

func (a *app) labels(positive []bool) js.Value {
	marks := make([]byte, len(positive))
	for i, p := range positive {
		if p {
			marks[i] = 1
		}
	}
	array := js.Global().Get("Uint8Array").New(len(marks))
	js.CopyBytesToJS(array, marks)
	return a.site.Call("labels", array, a.data.positive, a.data.others)
}

// posterior returns the probability of the positive class of each row.
func (a *app) posterior(classifier js.Value, positive string, x js.Value) ([]float64, error) {
	table, err := await(classifier.Call("predictProba", x))
	if err != nil {
		return nil, err
	}
	column := classifier.Get("classes").Call("indexOf", positive).Int()
	both := float64s(table.Get("data"))
	p := make([]float64, len(both)/2)
	for i := range p {
		p[i] = both[2*i+column]
	}
	return p, nil
}

// train does what the Train button says.
func (a *app) train() {
	s, ok := a.settings()
	if !ok {
		input("weight-number").Focus()
		sayProblem("The weight of the rare class is no usable number.")
		return
	}
	if !a.data.ready {
		sayProblem("There is no table to train on yet.")
		return
	}
	w := a.start()
	defer a.end(w)
	say("Training…")
	bar := get[*dom.HTMLProgressElement]("progress")
	bar.SetValue(0)
	a.loss.clear()

	t, err := a.fit(s, w, func(progress js.Value) {
		iteration, objective := progress.Get("iteration").Int(), progress.Get("objective").Float()
		bar.SetValue(progress.Get("fraction").Float())
		a.loss.add(iteration, objective)
		setText("step", "Iteration "+whole(iteration)+", loss "+significant(objective, 4)+".")
	})
	if a.work != w {
		return
	}
	if f, is := err.(*failure); is && f.code == "ABORTED" {
		a.showAborted(f)
		return
	}
	if err != nil {
		bar.SetValue(0)
		sayProblem(err.Error())
		return
	}
	bar.SetValue(1)
	a.trained = t
	a.showReport(t.report)
	a.showJudged()
	own := t.result.Own
	say("Trained in " + duration(t.report.Get("solveSeconds").Float()) + ". Of the held-out " + a.data.rowsWord + ", " + whole(int(own.TruePositive)) + " of " +
		whole(int(own.Positive())) + " are found, with " + plural(int(own.FalsePositive), "false alarm", "false alarms") + ".")
}

func (a *app) showAborted(f *failure) {
	get[*dom.HTMLProgressElement]("progress").SetValue(0)
	kept := "There is no model yet."
	if a.trained != nil {
		kept = "The results are of the model before."
		a.showReport(a.trained.report)
	}
	how := "Stopped. "
	if report := f.value; report.Type() == js.TypeObject && report.Get("report").Type() == js.TypeObject {
		how = "Stopped after " + plural(report.Get("report").Get("iterations").Int(), "iteration", "iterations") + ". "
	}
	say(how + kept)
}

var endings = map[string]string{
	"converged":     "converged",
	"maxIterations": "at the limit of iterations",
	"stalled":       "stalled",
	"earlyStopped":  "stopped early",
}

func (a *app) showReport(report js.Value) {
	counts := report.Get("classCounts")
	rows := 0
	for i := range counts.Length() {
		rows += counts.Index(i).Int()
	}
	setText("fact-rows", whole(rows)+" "+a.data.rowsWord+", "+whole(a.data.training.positives)+" "+a.data.positive)
	setText("fact-status", endings[report.Get("status").String()])
	setText("fact-iterations", whole(report.Get("iterations").Int()))
	setText("fact-loss", significant(report.Get("objective").Float(), 4))
	setText("fact-time", duration(report.Get("solveSeconds").Float()))
	simd := "plain"
	if report.Get("simd").Bool() {
		simd = "SIMD"
	}
	setText("fact-simd", simd)

	history := report.Get("history")
	a.loss.clear()
	for i := range history.Length() {
		entry := history.Index(i)
		a.loss.add(entry.Get("iteration").Int(), entry.Get("objective").Float())
	}
	a.loss.draw()

	var warnings []dom.Element
	list := report.Get("warnings")
	for i := range list.Length() {
		warnings = append(warnings, newElement("li", list.Index(i).String()))
	}
	fill("warnings", warnings...)
	show("warnings", len(warnings) > 0)
}
