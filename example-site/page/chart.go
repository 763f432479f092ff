//go:build js && wasm

package page

import (
	"math"
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/numbers"
)

// Chart is lines over a common x, drawn by uPlot in an element of its own. It
// follows the element's size and the colour scheme, and waits while the
// element is hidden.
type Chart struct {
	id    string
	x, y  Axis
	lines []Line

	data  []any // x and the lines' y, nil while there is nothing to draw
	plot  js.Value
	dots  []*dot
	drawn js.Func // places the dots: uPlot takes new data, and another size, only when it draws
}

// Axis is one of a chart's two.
type Axis struct {
	Label string
	// Low and High are its ends; both 0 mean those of the data.
	Low, High float64
	// Ticks are what is written along it; nil means round numbers.
	Ticks []Tick
}

// Tick is a text at a place of an axis.
type Tick struct {
	At   float64
	Text string
}

// Line is how a line looks.
type Line struct {
	Colour  string  // a property of the style sheet, such as --accent
	Width   float64 // 0 means 2
	Dashed  bool
	Stepped bool // each value holds from the x before to its own
	Points  bool // with a dot at each point
}

// dot marks a point of a chart.
type dot struct {
	element Element
	x, y    float64
}

// NewChart makes a chart in the element with an id.
func NewChart(id string, x, y Axis, lines ...Line) *Chart {
	c := &Chart{id: id, x: x, y: y, lines: lines}
	c.drawn = Func(func(js.Value) { c.place() })
	js.Global().Get("ResizeObserver").New(Func(func(js.Value) { c.fit() })).Call("observe", Get(id).Underlying())
	Site.Call("onSchemeChange", Func(func(js.Value) {
		if c.plot.Truthy() {
			c.plot.Call("redraw", true, true)
		}
	}))
	return c
}

// Draw shows lines over x, which must not fall. The chart keeps copies. NaN
// leaves a gap.
func (c *Chart) Draw(x []float64, lines ...[]float64) {
	c.data = make([]any, 0, 1+len(lines))
	for _, list := range append([][]float64{x}, lines...) {
		c.data = append(c.data, Float64Array(list))
	}
	if c.plot.Truthy() {
		c.plot.Call("setData", c.data)
		return
	}
	c.fit()
}

// Clear takes the lines and the dots away.
func (c *Chart) Clear() {
	c.data = nil
	c.dots = nil
	if c.plot.Truthy() {
		c.plot.Call("destroy")
		c.plot = js.Undefined()
	}
}

// Mark puts the dot with a number, from 0 on, at a point; NaN hides it.
func (c *Chart) Mark(number int, x, y float64) {
	for len(c.dots) <= number {
		c.dots = append(c.dots, &dot{element: Classed(New("div", ""), "dot"), x: math.NaN()})
	}
	c.dots[number].x, c.dots[number].y = x, y
	c.place()
}

// fit makes the plot as large as its element, or makes it.
func (c *Chart) fit() {
	e := Get(c.id)
	width, height := e.OffsetWidth(), e.OffsetHeight()
	if c.data == nil || width == 0 {
		return
	}
	if c.plot.Truthy() {
		c.plot.Call("setSize", map[string]any{"width": width, "height": height})
	} else {
		c.plot = Site.Get("uPlot").New(c.options(width, height), c.data, e.Underlying())
	}
}

func (c *Chart) place() {
	if !c.plot.Truthy() {
		return
	}
	over := c.plot.Get("over")
	for _, d := range c.dots {
		if !d.element.Underlying().Get("isConnected").Bool() {
			over.Call("appendChild", d.element.Underlying())
		}
		hidden := math.IsNaN(d.x) || math.IsNaN(d.y)
		Toggle(d.element, "hidden", hidden)
		if !hidden {
			SetStyle(d.element, "left", numbers.Fixed(c.plot.Call("valToPos", d.x, "x").Float(), 1)+"px")
			SetStyle(d.element, "top", numbers.Fixed(c.plot.Call("valToPos", d.y, "y").Float(), 1)+"px")
		}
	}
}

func (c *Chart) options(width, height float64) map[string]any {
	series := []any{map[string]any{}}
	for _, line := range c.lines {
		s := map[string]any{"stroke": colour(line.Colour), "width": 2, "points": map[string]any{"show": line.Points, "size": 6, "fill": colour(line.Colour)}}
		if line.Width != 0 {
			s["width"] = line.Width
		}
		if line.Dashed {
			s["dash"] = []any{4, 4}
		}
		if line.Stepped {
			s["paths"] = Site.Get("uPlot").Get("paths").Call("stepped", map[string]any{"align": -1})
		}
		series = append(series, s)
	}
	return map[string]any{
		"width": width, "height": height,
		"legend": map[string]any{"show": false},
		"cursor": map[string]any{"show": false},
		"scales": map[string]any{"x": c.x.scale(), "y": c.y.scale()},
		"axes":   []any{c.x.options(30), c.y.options(52)},
		"series": series,
		"hooks":  map[string]any{"draw": []any{c.drawn}},
	}
}

func (a Axis) scale() map[string]any {
	scale := map[string]any{"time": false}
	if a.Low != a.High {
		scale["range"] = []any{a.Low, a.High}
	}
	return scale
}

func (a Axis) options(size int) map[string]any {
	const font = "12px system-ui, sans-serif"
	options := map[string]any{
		"label": a.Label, "labelFont": font, "labelSize": 18, "labelGap": 2, "font": font, "size": size, "gap": 4,
		"stroke": colour("--muted"),
		"grid":   map[string]any{"stroke": colour("--line"), "width": 1},
		"ticks":  map[string]any{"show": false},
	}
	if a.Ticks != nil {
		places, texts := make([]any, len(a.Ticks)), make([]any, len(a.Ticks))
		for i, tick := range a.Ticks {
			places[i], texts[i] = tick.At, tick.Text
		}
		options["splits"], options["values"] = places, texts
	}
	return options
}

// colour is a function of a property of the style sheet's present value.
func colour(property string) js.Value { return Site.Call("colour", property) }
