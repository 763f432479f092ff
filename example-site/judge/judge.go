//go:build js && wasm

// Package judge is the third part of the page: what a model comes to on
// held-out rows.
package judge

import (
	"strconv"

	"github.com/focalfit/focalfit/example-site/heldout"
	"github.com/focalfit/focalfit/example-site/numbers"
	"github.com/focalfit/focalfit/example-site/page"
	"github.com/focalfit/focalfit/example-site/study"
)

// Part is the third part of the page.
type Part struct {
	// Task is what is trained on at present, and how; false, after saying why,
	// if there is nothing.
	Task func() (*study.Task, study.Settings, bool)
	// Chosen is called with the model and the class that is to be looked at.
	Chosen func(m *study.Model, class int)
	// Decided is called with the threshold, 0 for the model's own, and with
	// what a miss costs, whenever one of them changes.
	Decided func(threshold, miss float64)

	model     *study.Model
	class     int // which class the curves are of
	judgement heldout.Judgement
	threshold float64
	miss      float64 // what a miss costs, in false alarms

	pr, roc, reliability, cost *page.Chart
}

// Start fills the part in, without a model.
func (p *Part) Start() {
	unit := func(label string) page.Axis { return page.Axis{Label: label, Low: 0, High: 1} }
	dashed := page.Line{Colour: "--muted", Width: 1, Dashed: true}
	p.pr = page.NewChart("pr-chart", unit("recall"), unit("precision"), page.Line{Colour: "--accent", Stepped: true}, dashed)
	p.roc = page.NewChart("roc-chart", unit("false-alarm rate"), unit("recall"), page.Line{Colour: "--accent"}, dashed)
	p.reliability = page.NewChart("reliability-chart", unit("probability"), unit("share"), dashed,
		page.Line{Colour: "--rare", Points: true}, page.Line{Colour: "--accent", Points: true})
	thresholds := page.Axis{Label: "threshold"}
	for _, v := range shownThresholds {
		thresholds.Ticks = append(thresholds.Ticks, page.Tick{At: logit(v), Text: numbers.Significant(v, 3)})
	}
	p.cost = page.NewChart("cost-chart", thresholds, page.Axis{Label: "false alarms a row"}, page.Line{Colour: "--accent", Stepped: true})
	p.listenToThreshold()
	page.Listen(page.Get("class"), "change", page.Later(func() {
		if p.model != nil {
			p.class = page.Select("class").SelectedIndex()
			p.showClass()
		}
	}))
	p.listenToComparison()
	p.Clear()
}

// Clear takes the results of a model away.
func (p *Part) Clear() {
	p.model, p.judgement = nil, heldout.Judgement{}
	page.Show("judged", false)
	p.emptyWays(2)
}

// ready says whether there is a model, and the class that is looked at is
// judged.
func (p *Part) ready() bool { return p.model != nil && p.judgement.Curve != nil }

// Show shows a model; false if meanwhile there is another, or none. It may
// wait.
func (p *Part) Show(m *study.Model) bool {
	p.model, p.class, p.judgement = m, m.Positive, heldout.Judgement{}
	if m.Positive < 0 {
		p.class = p.rarest()
	}
	many := m.Positive < 0
	page.Show("class-part", many)
	page.Show("threshold-part", !many)
	page.Show("confusion-part", !many)
	page.Show("cost-part", !many)
	page.Show("classes-part", many)
	if many {
		options := make([]page.Option, len(m.Classes))
		for i, name := range m.Classes {
			options[i] = page.Option{Value: strconv.Itoa(i), Text: name}
		}
		page.SetOptions("class", options, strconv.Itoa(p.class))
		if !p.showClasses() {
			return false
		}
	}
	page.Show("judged", true)
	p.showClass()
	return p.model == m
}

// rarest is the class of the fewest held-out rows.
func (p *Part) rarest() int {
	rarest, rows := 0, 0
	for c, class := range heldout.Classes(p.model.Truth, p.model.Predicted, len(p.model.Classes)) {
		if c == 0 || class.Rows < rows {
			rarest, rows = c, class.Rows
		}
	}
	return rarest
}

// showClass shows the curves of the chosen class.
func (p *Part) showClass() {
	m := p.model
	judgement, err := m.Judge(p.class)
	if err != nil {
		page.SayProblem(err.Error())
		return
	}
	page.Pause()
	if p.model != m {
		return
	}
	p.judgement = judgement
	p.drawCurves()
	if m.Positive >= 0 {
		p.showTicks()
		p.miss = m.Settings.Miss
		p.drawCost()
		page.Input("miss").SetValue(numbers.Significant(p.miss, 6))
		p.drawCost()
		threshold := m.Settings.Threshold
		if threshold == 0 {
			threshold = m.Threshold
		}
		p.setThreshold(threshold, "both")
	} else {
		for _, c := range []*page.Chart{p.pr, p.roc} {
			c.Mark(0, nan, nan)
		}
		p.headlineOfClasses()
	}
	p.Chosen(m, p.class)
}

// maxPoints is how many points of a curve are drawn.
const maxPoints = 1500

func (p *Part) drawCurves() {
	j := &p.judgement
	curve := heldout.Thin(j.Curve, maxPoints)
	recall, precision, prevalence := []float64{0}, []float64{curve[0].Precision()}, []float64{j.Prevalence}
	alarms, found, diagonal := []float64{0}, []float64{0}, []float64{0}
	for i, point := range curve {
		alarms = append(alarms, 1-point.Specificity())
		found = append(found, point.Recall())
		diagonal = append(diagonal, 1-point.Specificity())
		// Of points with the same recall and a falling precision, the first
		// and the last make the line.
		if i > 0 && i+1 < len(curve) && curve[i-1].TruePositive == point.TruePositive && curve[i+1].TruePositive == point.TruePositive {
			continue
		}
		recall = append(recall, point.Recall())
		precision = append(precision, point.Precision())
		prevalence = append(prevalence, j.Prevalence)
	}
	p.pr.Draw(recall, precision, prevalence)
	p.roc.Draw(alarms, found, diagonal)
	page.SetText("pr-text", "Average precision "+numbers.Fixed(j.AveragePrecision, 3)+". The dashed line is the prevalence, "+numbers.Significant(j.Prevalence, 2)+
		", which flagging at random would have."+perfect(j.AveragePrecision))
	page.SetText("roc-text", "Area under the curve "+numbers.Fixed(j.ROCAUC, 3)+". Where a class is rare, a small step to the right is many false alarms: trust the curve beside it more.")
	p.drawReliability()
}

// perfect warns of an average precision that is too good.
func perfect(averagePrecision float64) string {
	if averagePrecision < 1-1e-9 {
		return ""
	}
	return " No row is out of place: see under Explain that no column gives the class away."
}

// drawReliability draws both outputs over the probabilities of either.
func (p *Part) drawReliability() {
	j := &p.judgement
	type bin struct{ x, raw, posterior, truth float64 }
	bins := []bin{{0, nan, nan, 0}, {1, nan, nan, 1}}
	for _, b := range j.Raw.Bins {
		bins = append(bins, bin{b.Probability, b.Frequency, nan, b.Probability})
	}
	for _, b := range j.Posterior.Bins {
		bins = append(bins, bin{b.Probability, nan, b.Frequency, b.Probability})
	}
	sortBy(bins, func(b bin) float64 { return b.x })
	var x, truth, raw, posterior []float64
	for _, b := range bins {
		x, truth, raw, posterior = append(x, b.x), append(truth, b.truth), append(raw, b.raw), append(posterior, b.posterior)
	}
	p.reliability.Draw(x, truth, raw, posterior)
	text := "Mean distance from the truth (expected calibration error): raw " + numbers.Fixed(j.Raw.ECE, 3) + ", posterior " + numbers.Fixed(j.Posterior.ECE, 3) + ". "
	if p.model.Settings.Plain() {
		text += "Cross-entropy without weights has nothing to take back: both are the same. "
	} else {
		text += "γ and class weights move the raw output; the recovery takes exactly that back. "
		if j.Posterior.ECE > j.Raw.ECE {
			text += "Here the raw output is nearer all the same, by chance or because the model is too sure of itself. "
		}
	}
	text += "Each dot stands for a tenth of the range, and for five rows or more."
	page.SetText("reliability-text", text)
}

// showClasses shows the table of several classes; false if meanwhile there is
// another model, or none.
func (p *Part) showClasses() bool {
	m := p.model
	rows := make([]page.Node, len(m.Classes))
	for c, class := range heldout.Classes(m.Truth, m.Predicted, len(m.Classes)) {
		ap := "–"
		if j, err := m.Judge(c); err == nil {
			ap = numbers.Fixed(j.AveragePrecision, 2)
		}
		confused := "–"
		if class.Confused >= 0 {
			confused = m.Classes[class.Confused] + " (" + numbers.Whole(class.ConfusedRows) + ")"
		}
		head := page.New("th", m.Classes[c])
		head.SetAttribute("scope", "row")
		row := page.With(page.New("tr", ""), head)
		for _, text := range []string{numbers.Whole(class.Rows), numbers.Fixed(class.Recall(), 2), numbers.Fixed(class.Precision(), 2), numbers.Fixed(class.F1(), 2), ap} {
			page.With(row, page.Classed(page.New("td", text), "n"))
		}
		rows[c] = page.With(row, page.New("td", confused))
		page.Pause()
		if p.model != m {
			return false
		}
	}
	page.Fill("classes-rows", rows...)
	return true
}

func (p *Part) headlineOfClasses() {
	m := p.model
	right, recall, classes := 0, 0.0, 0.0
	for _, class := range heldout.Classes(m.Truth, m.Predicted, len(m.Classes)) {
		right += class.Found
		if class.Rows > 0 {
			recall += class.Recall()
			classes++
		}
	}
	headline(numbers.Whole(right)+" of "+numbers.Whole(len(m.Truth)), " held-out "+m.RowsWord()+" told rightly, one of "+strconv.Itoa(len(m.Classes))+
		" classes each. On average over the classes, "+numbers.Percent(recall/classes)+" of a class is found.")
}

// headline writes the sentence at the top of the page.
func headline(count, rest string) {
	page.Fill("headline", page.New("b", count))
	page.With(page.Get("headline"), page.Text(rest))
}
