//go:build js && wasm

package train

import (
	"github.com/focalfit/focalfit/example-site/numbers"
	"github.com/focalfit/focalfit/example-site/page"
)

// lossCurve draws the loss by iteration while it falls.
type lossCurve struct {
	chart              *page.Chart
	iterations, losses []float64
	waiting            bool // for the next frame
}

func (l *lossCurve) clear() {
	l.iterations, l.losses = nil, nil
	l.chart.Clear()
	page.SetText("loss-text", "Nothing is trained yet.")
}

// add appends a point, which is drawn with the next frame.
func (l *lossCurve) add(iteration int, loss float64) {
	l.append(iteration, loss)
	if l.waiting {
		return
	}
	l.waiting = true
	page.NextFrame(func() {
		l.waiting = false
		l.draw()
	})
}

// append appends a point, unless the iteration is there already.
func (l *lossCurve) append(iteration int, loss float64) {
	if n := len(l.iterations); n > 0 && l.iterations[n-1] >= float64(iteration) {
		return
	}
	l.iterations = append(l.iterations, float64(iteration))
	l.losses = append(l.losses, loss)
}

func (l *lossCurve) draw() {
	n := len(l.losses)
	if n == 0 {
		return
	}
	page.SetText("loss-text", "From "+numbers.Significant(l.losses[0], 4)+" at the start to "+numbers.Significant(l.losses[n-1], 4)+" after "+numbers.Plural(int(l.iterations[n-1]), "iteration", "iterations")+".")
	l.chart.Draw(l.iterations, l.losses)
}
