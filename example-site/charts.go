//go:build js && wasm

package main

import (
	"math"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/focalfit/focalfit/metrics"
)

// chart is a uPlot in an element.
type chart struct {
	site js.Value
	id   string
	plot js.Value
}

// set draws data, lists of numbers of which the first is x.
func (c *chart) set(options func(width, height float64) map[string]any, lists ...[]float64) {
	data := make([]any, len(lists))
	for i, list := range lists {
		data[i] = float64Array(list)
	}
	if c.plot.Truthy() {
		c.plot.Call("setData", data)
		return
	}
	e := element(c.id)
	c.plot = c.site.Get("uPlot").New(options(e.OffsetWidth(), e.OffsetHeight()), data, e.Underlying())
}

func (c *chart) remove() {
	if c.plot.Truthy() {
		c.plot.Call("destroy")
		c.plot = js.Undefined()
	}
}

// fit makes the chart as large as its element.
func (c *chart) fit() {
	e := element(c.id)
	if c.plot.Truthy() && e.OffsetWidth() > 0 {
		c.plot.Call("setSize", map[string]any{"width": e.OffsetWidth(), "height": e.OffsetHeight()})
	}
}

func (c *chart) redraw() {
	if c.plot.Truthy() {
		c.plot.Call("redraw", true, true)
	}
}

func (c *chart) colour(name string) js.Value { return c.site.Call("colour", name) }

// axis is an axis with a label.
func (c *chart) axis(label string, size int) map[string]any {
	const font = "12px system-ui, sans-serif"
	return map[string]any{
		"label": label, "labelFont": font, "labelSize": 18, "labelGap": 2, "font": font, "size": size, "gap": 4,
		"stroke": c.colour("--muted"),
		"grid":   map[string]any{"stroke": c.colour("--line"), "width": 1},
		"ticks":  map[string]any{"show": false},
	}
}

func (c *chart) options(width, height float64, x, y map[string]any, scales map[string]any, lines ...any) map[string]any {
	return map[string]any{
		"width": width, "height": height,
		"legend": map[string]any{"show": false},
		"cursor": map[string]any{"show": false},
		"scales": scales,
		"axes":   []any{x, y},
		"series": append([]any{map[string]any{}}, lines...),
	}
}

// lossChart draws the loss by iteration while it falls.
type lossChart struct {
	chart
	iterations, losses []float64
	waiting            bool // for the next frame
}

func (l *lossChart) clear() {
	l.iterations, l.losses = nil, nil
	l.id = "loss-chart"
	setText("loss-text", "Nothing is trained yet.")
}

// add appends a point, which is drawn with the next frame. An iteration that
// is there already is not added twice.
func (l *lossChart) add(iteration int, loss float64) {
	if n := len(l.iterations); n > 0 && l.iterations[n-1] >= float64(iteration) {
		return
	}
	l.iterations = append(l.iterations, float64(iteration))
	l.losses = append(l.losses, loss)
	if l.waiting {
		return
	}
	l.waiting = true
	var f js.Func
	f = js.FuncOf(func(js.Value, []js.Value) any {
		f.Release()
		l.waiting = false
		l.draw()
		return nil
	})
	l.site.Call("nextFrame", f)
}

func (l *lossChart) draw() {
	n := len(l.losses)
	if n == 0 {
		return
	}
	setText("loss-text", "From "+significant(l.losses[0], 4)+" at the start to "+significant(l.losses[n-1], 4)+" after "+plural(int(l.iterations[n-1]), "iteration", "iterations")+".")
	l.set(func(width, height float64) map[string]any {
		scales := map[string]any{"x": map[string]any{"time": false}}
		return l.options(width, height, l.axis("iteration", 30), l.axis("loss", 58), scales,
			map[string]any{"stroke": l.colour("--accent"), "width": 2, "points": map[string]any{"show": false}})
	}, l.iterations, l.losses)
}

// curveChart draws precision over recall, with a dot at the threshold.
type curveChart struct {
	chart
	dot               dom.HTMLElement
	recall, precision float64 // where the dot is
}

func (c *curveChart) set(curve metrics.Curve, baseRate float64) {
	c.id = "curve-chart"
	recall, precision, base := []float64{0}, []float64{curve[0].Precision()}, []float64{baseRate}
	for i, point := range curve {
		// Of points with the same recall and a falling precision, the first
		// and the last make the line.
		if i > 0 && i+1 < len(curve) && curve[i-1].TruePositive == point.TruePositive && curve[i+1].TruePositive == point.TruePositive {
			continue
		}
		recall = append(recall, point.Recall())
		precision = append(precision, point.Precision())
		base = append(base, baseRate)
	}
	c.chart.set(func(width, height float64) map[string]any {
		unit := func(js.Value, []js.Value) any { return []any{0, 1} }
		scales := map[string]any{
			"x": map[string]any{"time": false, "range": js.FuncOf(unit)},
			"y": map[string]any{"range": js.FuncOf(unit)},
		}
		steps := c.site.Get("uPlot").Get("paths").Call("stepped", map[string]any{"align": -1})
		hidden := map[string]any{"show": false}
		return c.options(width, height, c.axis("recall", 30), c.axis("precision", 48), scales,
			map[string]any{"stroke": c.colour("--accent"), "width": 2, "points": hidden, "paths": steps},
			map[string]any{"stroke": c.colour("--muted"), "width": 1, "dash": []any{4, 4}, "points": hidden})
	}, recall, precision, base)
}

// mark moves the dot; where nothing is flagged there is none.
func (c *curveChart) mark(at metrics.Confusion) {
	c.recall, c.precision = at.Recall(), at.Precision()
	if c.dot == nil {
		c.dot = newElement("div", "")
		c.dot.Class().Add("dot")
	}
	c.place()
}

func (c *curveChart) place() {
	if c.dot == nil || !c.plot.Truthy() {
		return
	}
	over := c.plot.Get("over")
	if !over.Call("contains", c.dot.Underlying()).Bool() {
		over.Call("appendChild", c.dot.Underlying())
	}
	toggle(c.dot, "hidden", math.IsNaN(c.precision))
	if math.IsNaN(c.precision) {
		return
	}
	position := func(v float64, scale string) string {
		return fixed(c.plot.Call("valToPos", v, scale).Float(), 1) + "px"
	}
	c.dot.Style().SetProperty("left", position(c.recall, "x"), "")
	c.dot.Style().SetProperty("top", position(c.precision, "y"), "")
}

// redrawOnChanges follows the size of the charts and the colour scheme.
func (a *app) redrawOnChanges() {
	resized := js.FuncOf(func(js.Value, []js.Value) any {
		a.loss.fit()
		a.curve.fit()
		a.curve.place()
		return nil
	})
	observer := js.Global().Get("ResizeObserver").New(resized)
	a.loss.id, a.curve.id = "loss-chart", "curve-chart"
	observer.Call("observe", element(a.loss.id).Underlying())
	observer.Call("observe", element(a.curve.id).Underlying())
	a.site.Call("onSchemeChange", js.FuncOf(func(js.Value, []js.Value) any {
		a.loss.redraw()
		a.curve.redraw()
		return nil
	}))
}
