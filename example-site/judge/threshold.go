//go:build js && wasm

package judge

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/focalfit/focalfit/example-site/heldout"
	"github.com/focalfit/focalfit/example-site/numbers"
	"github.com/focalfit/focalfit/example-site/page"
	"github.com/focalfit/focalfit/example-site/study"
)

var nan = math.NaN()

func sortBy[T any](list []T, key func(T) float64) {
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
}

// The slider runs over the logit of the threshold, so that there is room near
// 0, where the probabilities of a rare class are. Its ends are 0 and 1.
const sliderSteps = 1000

// shownThresholds are those that stand along it.
var shownThresholds = []float64{0.001, 0.01, 0.1, 0.5, 0.9, 0.99}

// logitRange is how far the slider goes to both sides.
func (p *Part) logitRange() float64 {
	return max(7, 1+math.Abs(logit(p.model.Threshold)))
}

func (p *Part) step(threshold float64) int {
	switch {
	case threshold <= 0:
		return 0
	case threshold >= 1:
		return sliderSteps
	}
	r := p.logitRange()
	share := (logit(threshold) + r) / (2 * r)
	return min(max(int(math.Round(share*sliderSteps)), 1), sliderSteps-1)
}

func (p *Part) thresholdAt(step int) float64 {
	switch step {
	case 0:
		return 0
	case sliderSteps:
		return 1
	}
	r := p.logitRange()
	return 1 / (1 + math.Exp(-(2*r*float64(step)/sliderSteps - r)))
}

func logit(p float64) float64 { return math.Log(p / (1 - p)) }

func (p *Part) listenToThreshold() {
	page.OnInput(func() {
		if step, err := strconv.Atoi(page.Input("threshold").Value()); err == nil && p.ready() {
			p.setThreshold(p.thresholdAt(step), "number")
		}
	}, "threshold")
	page.OnInput(func() {
		v, ok := number("threshold-number", 0, 1)
		if ok && p.ready() {
			p.setThreshold(v, "slider")
		}
	}, "threshold-number")
	page.OnInput(func() {
		v, ok := number("miss", 0, study.MostMiss)
		if ok && p.ready() {
			p.miss = v
			p.drawCost()
			p.showCost()
			p.decide()
		}
	}, "miss")
	for id, threshold := range map[string]func() float64{
		"threshold-own":   func() float64 { return p.model.Threshold },
		"threshold-cost":  func() float64 { return heldout.CostThreshold(p.miss) },
		"threshold-tuned": func() float64 { return p.model.Tuned },
	} {
		page.Listen(page.Get(id), "click", func(page.Event) {
			if p.ready() {
				p.setThreshold(threshold(), "both")
			}
		})
	}
}

// decide tells the threshold and the cost.
func (p *Part) decide() {
	threshold := p.threshold
	if threshold == p.model.Threshold {
		threshold = 0
	}
	p.Decided(threshold, p.miss)
}

// Threshold is the one that is chosen.
func (p *Part) Threshold() float64 { return p.threshold }

// number reads an input and marks it where it holds none in the range.
func number(id string, low, high float64) (float64, bool) {
	v, err := strconv.ParseFloat(page.Input(id).Value(), 64)
	ok := err == nil && v >= low && v <= high
	page.Input(id).SetAttribute("aria-invalid", strconv.FormatBool(!ok))
	return v, ok
}

func (p *Part) showTicks() {
	var ticks []page.Node
	for _, v := range shownThresholds {
		tick := page.New("span", numbers.Significant(v, 3))
		page.SetStyle(tick, "left", numbers.Fixed(100*float64(p.step(v))/sliderSteps, 2)+"%")
		ticks = append(ticks, tick)
	}
	page.Fill("ticks", ticks...)
}

// setThreshold shows what a threshold does, and moves the slider, the number
// or both there.
func (p *Part) setThreshold(threshold float64, move string) {
	m := p.model
	p.threshold = threshold
	if move != "number" {
		page.Input("threshold").SetValue(strconv.Itoa(p.step(threshold)))
	}
	if move != "slider" {
		page.Input("threshold-number").SetValue(numbers.Probability(threshold))
		page.Input("threshold-number").SetAttribute("aria-invalid", "false")
	}
	page.Input("threshold").SetAttribute("aria-valuetext", numbers.Probability(threshold))

	c := p.judgement.Curve.At(threshold)
	positive, others := m.Classes[m.Positive], m.Classes[1-m.Positive]
	page.SetText("positive-name", positive)
	page.SetText("negative-name", others)
	for id, v := range map[string]float64{"tp": c.TruePositive, "fn": c.FalseNegative, "fp": c.FalsePositive, "tn": c.TrueNegative} {
		page.SetText(id, numbers.Whole(int(v)))
	}
	page.SetText("precision", numbers.Fixed(c.Precision(), 2))
	page.SetText("recall", numbers.Fixed(c.Recall(), 2))
	page.SetText("f1", numbers.Fixed(c.F1(), 2))
	p.pr.Mark(0, c.Recall(), c.Precision())
	p.roc.Mark(0, 1-c.Specificity(), c.Recall())
	p.showCost()
	p.decide()

	what := " held-out " + m.RowsWord() + " of “" + positive + "” found"
	if m.Source.ID == "snow" {
		what = " held-out " + positive + " days found a day ahead"
	}
	rest := ", with " + numbers.Plural(int(c.FalsePositive), "false alarm", "false alarms") + " among " + numbers.Plural(int(c.Negative()), "other "+m.Source.Row, "other "+m.Source.Rows) + "."
	if c.Predicted() == 0 {
		rest = ": at this threshold nothing is flagged."
	}
	headline(numbers.Whole(int(c.TruePositive))+" of "+numbers.Whole(int(c.Positive())), what+rest)
}

// drawCost draws what each threshold costs on the held-out rows.
func (p *Part) drawCost() {
	r := p.logitRange()
	const steps = 400
	var x, y []float64
	for i := range steps + 1 {
		at := 2*r*float64(i)/steps - r
		x = append(x, at)
		y = append(y, heldout.Cost(p.judgement.Curve.At(1/(1+math.Exp(-at))), p.miss))
	}
	p.cost.Draw(x, y)
}

// showCost says what the present threshold costs.
func (p *Part) showCost() {
	c := p.judgement.Curve.At(p.threshold)
	cost := func(c float64) string { return numbers.Significant(c, 3) }
	at := heldout.Cost(c, p.miss)
	best := heldout.CostThreshold(p.miss)
	by := heldout.Cost(p.judgement.Curve.At(best), p.miss)
	nothing := p.miss * c.Positive() / (c.Positive() + c.Negative())
	page.SetText("cost-text", "Here a row costs "+cost(at)+" false alarms on average; flagging nothing costs "+cost(nothing)+", everything "+cost(1-p.judgement.Prevalence)+
		". If a miss costs "+numbers.Significant(p.miss, 6)+" false alarms and probabilities are true, flag from 1/(1 + "+numbers.Significant(p.miss, 6)+") = "+cost(best)+" on: that costs "+cost(by)+".")
	r := p.logitRange()
	p.cost.Mark(0, min(max(logit(p.threshold), -r), r), at)
}
