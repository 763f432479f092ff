//go:build js && wasm

package understand

import (
	"math"
	"strconv"
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/page"
)

// drawing is three canvases: the field of colours, which the browser
// stretches; the points, drawn when they change; and what moves with a
// surface, the line and the edges of the points on the wrong side of it, with
// the crosshair.
type drawing struct {
	surface  Surface
	field    Field
	segments []Segment
	wrong    []bool // as long as the points

	fieldContext, pointsContext, context js.Value
	image, pixels                        js.Value // the field's

	width, height float64 // in pixels of the page
	ratio         float64 // of the device's pixels to the page's

	common, rare, ink, paper Colour

	repaint bool // all of it, though it is the same
	drawn   int  // how many points are
}

func (d *drawing) prepare() {
	context := func(id string) js.Value { return page.Get(id).Underlying().Call("getContext", "2d") }
	field := page.Get("understand-field").Underlying()
	field.Set("width", Width)
	field.Set("height", Height)
	d.fieldContext, d.pointsContext, d.context = context("understand-field"), context("understand-points"), context("understand-canvas")
	d.image = d.fieldContext.Call("createImageData", Width, Height)
	d.pixels = js.Global().Get("Uint8Array").New(d.image.Get("data").Get("buffer"))
	d.readColours()
}

// watch follows the size of the canvas, the device's pixels and the colour
// scheme, and then redraws.
func (d *drawing) watch(redraw func()) {
	canvas := page.Get("understand-canvas")
	resize := page.Func(func(js.Value) {
		d.width, d.height = canvas.OffsetWidth(), canvas.OffsetHeight()
		d.ratio = min(max(page.Window().Get("devicePixelRatio").Float(), 1), 3)
		for _, context := range []js.Value{d.pointsContext, d.context} {
			context.Get("canvas").Set("width", int(d.width*d.ratio+0.5))
			context.Get("canvas").Set("height", int(d.height*d.ratio+0.5))
		}
		d.repaint = true
		redraw()
	})
	js.Global().Get("ResizeObserver").New(resize).Call("observe", canvas.Underlying())
	page.Window().Call("addEventListener", "resize", resize) // a window on another screen, or zoomed
	page.Site.Call("onSchemeChange", page.Func(func(js.Value) {
		d.readColours()
		d.repaint = true
		redraw()
	}))
}

func (d *drawing) readColours() {
	read := func(property string) Colour {
		colour, _ := ParseColour(page.Site.Call("colour", property).Invoke().String())
		return colour
	}
	d.common, d.rare, d.ink, d.paper = read("--accent"), read("--rare"), read("--ink"), read("--surface")
}

func (d *drawing) scale() Scale {
	const share = 0.5
	return Scale{d.paper.Mix(d.common, share), d.paper, d.paper.Mix(d.rare, share)}
}

// judged is what a line makes of the points, and of which line and points.
type judged struct {
	of      *fitted
	level   float64
	edition int
	sides   Sides
}

// draw brings the canvas up to date.
func (p *part) draw() {
	d, f := &p.drawing, p.fitted
	if f != p.shown || d.repaint {
		d.showField(f, f != p.shown)
		p.shown = f
	}
	if d.repaint || p.erased {
		d.clear(d.pointsContext)
		d.drawn, p.erased = 0, false
	}
	d.showPoints(p.points)
	d.repaint = false
	p.showThreshold()
	if f == nil {
		d.segments, d.wrong = d.segments[:0], make([]bool, len(p.points))
		p.judged = judged{}
	} else if now := (judged{of: f, level: f.decision.Level(p.threshold()), edition: p.edition}); now.of != p.judged.of || now.level != p.judged.level || now.edition != p.judged.edition {
		d.segments = Contour(d.segments[:0], d.surface.Logits[:], Columns, float32(now.level))
		d.wrong = append(d.wrong[:0], make([]bool, len(p.points))...)
		now.sides = Judge(&f.model, &d.surface, p.points, now.level, d.wrong)
		p.judged = now
		p.showSides()
	}
	d.showLine(p.points, &p.brushing)
}

// showField draws the surface of a model, or of none.
func (d *drawing) showField(f *fitted, anew bool) {
	if f == nil {
		d.fieldContext.Call("clearRect", 0, 0, Width, Height)
		return
	}
	if anew {
		d.surface.Compute(&f.model)
	}
	d.field.Paint(&d.surface, f.decision, d.scale())
	page.CopyPixels(d.pixels, d.field.Pixels[:])
	d.fieldContext.Call("putImageData", d.image, 0, 0)
}

// clear empties a canvas, and makes its unit a pixel of the page.
func (d *drawing) clear(context js.Value) {
	context.Call("setTransform", d.ratio, 0, 0, d.ratio, 0, 0)
	context.Call("clearRect", 0, 0, d.width, d.height)
}

// unit is how many pixels of the page are 1 in the plane.
func (d *drawing) unit() float64 { return d.width / (2 * Right) }

// size is that of a point, as exact as a path's text.
func (d *drawing) size() float64 { return math.Round(10*min(max(d.unit()/90, 2.2), 7)) / 10 }

// showPoints draws the points that are not drawn yet, each above those before.
func (d *drawing) showPoints(points []Point) {
	c := d.pointsContext
	for d.drawn < len(points) {
		end, rare := d.drawn, points[d.drawn].Rare
		for end < len(points) && points[end].Rare == rare {
			end++
		}
		colour := d.common
		if rare {
			colour = d.rare
		}
		shape := d.shape(points[d.drawn:end], rare, nil)
		c.Set("fillStyle", colour.String())
		c.Set("strokeStyle", d.paper.String())
		c.Set("lineWidth", d.size()/2.2)
		c.Call("fill", shape)
		c.Call("stroke", shape)
		d.drawn = end
	}
}

// shape returns the path of the points of a class, of those that are wrong
// only where that is told.
func (d *drawing) shape(points []Point, rare bool, wrong []bool) js.Value {
	var shape path
	unit, size := d.unit(), d.size()
	for i, point := range points {
		if point.Rare != rare || wrong != nil && !wrong[i] {
			continue
		}
		x, y := unit*(point.X+Right), unit*(Top-point.Y)
		if rare {
			shape.diamond(x, y, 2*size)
		} else {
			shape.circle(x, y, size)
		}
	}
	return shape.make()
}

// showLine draws what is above the points.
func (d *drawing) showLine(points []Point, b *brushing) {
	c := d.context
	d.clear(c)
	unit := d.unit()
	c.Set("strokeStyle", d.ink.String())
	c.Set("lineWidth", d.size()/2.2)
	c.Call("stroke", d.shape(points, false, d.wrong))
	c.Call("stroke", d.shape(points, true, d.wrong))
	if len(d.segments) > 0 {
		var line path
		x, y := d.width/(Columns-1), d.height/(Rows-1)
		for _, s := range d.segments {
			line.move(float64(s.X1)*x, float64(s.Y1)*y)
			line.line(float64(s.X2)*x, float64(s.Y2)*y)
		}
		c.Set("lineCap", "round")
		d.edged(line, 2, 5)
	}

	if b.keyboard {
		var cross path
		x, y := unit*(b.x+Right), unit*(Top-b.y)
		for _, s := range [][2]float64{{-16, 0}, {5, 0}, {0, -16}, {0, 5}} {
			cross.move(x+s[0], y+s[1])
			if s[1] == 0 {
				cross.line(x+s[0]+11, y)
			} else {
				cross.line(x, y+s[1]+11)
			}
		}
		d.edged(cross, 2.5, 6)
	}
}

// edged strokes a path in ink, with an edge of paper about it.
func (d *drawing) edged(p path, width, edge float64) {
	c, shape := d.context, p.make()
	c.Set("strokeStyle", d.paper.String())
	c.Set("lineWidth", edge)
	c.Call("stroke", shape)
	c.Set("strokeStyle", d.ink.String())
	c.Set("lineWidth", width)
	c.Call("stroke", shape)
}

// path is the text of a Path2D, which crosses to the browser at once.
type path []byte

func (p *path) number(v float64) *path {
	*p = append(strconv.AppendFloat(*p, v, 'f', 1, 64), ' ')
	return p
}

func (p *path) move(x, y float64) { *p = append(*p, 'M'); p.number(x).number(y) }
func (p *path) line(x, y float64) { *p = append(*p, 'L'); p.number(x).number(y) }

func (p *path) diamond(x, y, size float64) {
	p.move(x, y-size)
	p.line(x+size*0.8, y)
	p.line(x, y+size)
	p.line(x-size*0.8, y)
	*p = append(*p, 'Z')
}

func (p *path) circle(x, y, radius float64) {
	p.move(x-radius, y)
	for _, side := range []float64{2, -2} {
		*p = append(*p, 'a')
		p.number(radius).number(radius)
		*p = append(*p, "0 1 0 "...)
		p.number(side * radius).number(0)
	}
	*p = append(*p, 'Z')
}

func (p path) make() js.Value { return js.Global().Get("Path2D").New(string(p)) }
