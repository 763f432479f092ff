//go:build js && wasm

package understand

import (
	"math"

	"github.com/focalfit/focalfit/example-site/page"
)

// charts are the loss and its pull.
type charts struct {
	loss, pull *page.Chart // nil before the part is used
	gamma      float64     // that is drawn; −1 before
}

func (p *part) makeCharts() {
	x := page.Axis{Label: "p, the probability of the row’s own class", Low: 0, High: 1}
	focal, plain := page.Line{Colour: "--ink"}, page.Line{Colour: "--muted", Width: 1.5, Dashed: true}
	p.charts = charts{
		loss:  page.NewChart("understand-loss", x, page.Axis{Label: "loss", Low: 0, High: 4}, focal, plain),
		pull:  page.NewChart("understand-pull", x, page.Axis{Label: "pull", Low: 0, High: 1.4}, focal, plain),
		gamma: -1,
	}
	p.drawCharts()
}

var crossEntropy = NewCurves(0)

func (p *part) drawCharts() {
	gamma := p.settings.gamma
	if p.charts.loss == nil || p.charts.gamma == gamma {
		return
	}
	p.charts.gamma = gamma
	focal := NewCurves(gamma)
	p.charts.loss.Draw(focal.P, focal.Loss, crossEntropy.Loss)
	p.charts.pull.Draw(focal.P, focal.Pull, crossEntropy.Pull)
	p.widgets.say("curve-text", CurveWords(gamma))
	p.mark(p.judged.sides)
}

// mark puts the median points of both classes on the curves.
func (p *part) mark(s Sides) {
	if p.charts.loss == nil {
		return
	}
	for i, x := range []float64{s.MedianCommon, s.MedianRare} {
		if s.AllCommon == 0 || s.AllRare == 0 {
			x = math.NaN()
		}
		x = min(max(x, 1e-4), 1-1e-4)
		loss, pull := At(x, p.settings.gamma)
		p.charts.loss.Mark(i, x, loss)
		p.charts.pull.Mark(i, x, pull)
	}
}
