//go:build js && wasm

package main

import (
	"math"
	"strconv"

	"honnef.co/go/js/dom/v2"

	"github.com/focalfit/focalfit/metrics"
)

// The slider runs over the logit of the threshold, so that there is room near
// 0, where the probabilities of a rare class are. Its ends are 0 and 1.
const sliderSteps = 1000

// logitRange is how far the slider goes to both sides, for a model's own
// threshold.
func (t *trained) logitRange() float64 {
	return max(7, 1+math.Abs(logit(t.result.Own.Threshold)))
}

func (t *trained) step(threshold float64) int {
	switch {
	case threshold <= 0:
		return 0
	case threshold >= 1:
		return sliderSteps
	}
	r := t.logitRange()
	share := (logit(threshold) + r) / (2 * r)
	return min(max(int(math.Round(share*sliderSteps)), 1), sliderSteps-1)
}

func (t *trained) threshold(step int) float64 {
	switch step {
	case 0:
		return 0
	case sliderSteps:
		return 1
	}
	r := t.logitRange()
	return 1 / (1 + math.Exp(-(2*r*float64(step)/sliderSteps - r)))
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

func (a *app) listenToThreshold() {
	listen(element("threshold"), "input", func(dom.Event) {
		if step, err := strconv.Atoi(input("threshold").Value()); err == nil && a.trained != nil {
			a.showThreshold(a.trained.threshold(step), "number")
		}
	})
	listen(element("threshold-number"), "input", func(dom.Event) {
		v, err := strconv.ParseFloat(input("threshold-number").Value(), 64)
		ok := err == nil && v >= 0 && v <= 1
		input("threshold-number").SetAttribute("aria-invalid", strconv.FormatBool(!ok))
		if ok && a.trained != nil {
			a.showThreshold(v, "slider")
		}
	})
	for id, point := range map[string]func(*trained) metrics.Point{
		"threshold-own":   func(t *trained) metrics.Point { return t.result.Own },
		"threshold-tuned": func(t *trained) metrics.Point { return t.result.Tuned },
	} {
		listen(element(id), "click", func(dom.Event) {
			if a.trained != nil {
				a.showThreshold(point(a.trained).Threshold, "both")
			}
		})
	}
}

// showJudged shows the model on the held-out rows.
func (a *app) showJudged() {
	t := a.trained
	show("judged", true)
	var ticks []dom.Element
	for _, v := range []float64{0.001, 0.01, 0.1, 0.5, 0.9, 0.99} {
		tick := newElement("span", significant(v, 3))
		tick.Style().SetProperty("left", fixed(100*float64(t.step(v))/sliderSteps, 2)+"%", "")
		ticks = append(ticks, tick)
	}
	fill("ticks", ticks...)

	positives := t.result.Own.Positive()
	all := positives + t.result.Own.Negative()
	setText("curve-text", "Average precision "+fixed(t.result.AveragePrecision, 3)+"; the dashed line is the base rate, "+fixed(positives/all, 3)+
		", which flagging at random would have. The dot is the present threshold.")
	a.curve.set(t.result.Curve, positives/all)
	a.showThreshold(t.result.Own.Threshold, "both")
}

// showThreshold shows what a threshold does, and moves the slider, the number
// or both there.
func (a *app) showThreshold(threshold float64, move string) {
	t, d := a.trained, &a.data
	if move != "number" {
		input("threshold").SetValue(strconv.Itoa(t.step(threshold)))
	}
	if move != "slider" {
		input("threshold-number").SetValue(significant(threshold, 3))
		input("threshold-number").SetAttribute("aria-invalid", "false")
	}
	input("threshold").SetAttribute("aria-valuetext", significant(threshold, 3))

	c := t.result.Curve.At(threshold)
	for id, v := range map[string]float64{"tp": c.TruePositive, "fn": c.FalseNegative, "fp": c.FalsePositive, "tn": c.TrueNegative} {
		setText(id, whole(int(v)))
	}
	setText("precision", fixed(c.Precision(), 2))
	setText("recall", fixed(c.Recall(), 2))
	setText("f1", fixed(c.F1(), 2))
	a.curve.mark(c)

	line := element("headline")
	line.SetTextContent("")
	found := newElement("b", whole(int(c.TruePositive))+" of "+whole(int(c.Positive())))
	line.AppendChild(found)
	what := " held-out " + d.rowsWord + " of “" + d.positive + "” found"
	if !d.fromFile {
		what = " held-out " + d.positive + " days found a day ahead"
	}
	rest := ", with " + plural(int(c.FalsePositive), "false alarm", "false alarms") + " among " + plural(int(c.Negative()), "other "+d.rowWord, "other "+d.rowsWord) + "."
	if c.Predicted() == 0 {
		rest = ": at this threshold nothing is flagged."
	}
	line.AppendChild(document.CreateTextNode(what + rest))
}

// showNothing takes the results of a model away.
func (a *app) showNothing() {
	show("judged", false)
	show("warnings", false)
	setText("headline", "Press Train, and the held-out rows are judged here.")
	for _, id := range []string{"fact-rows", "fact-status", "fact-iterations", "fact-loss", "fact-time", "fact-simd"} {
		setText(id, "–")
	}
	get[*dom.HTMLProgressElement]("progress").SetValue(0)
	a.loss.clear()
	a.loss.remove()
}
