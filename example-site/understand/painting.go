//go:build js && wasm

package understand

import (
	"math"
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/page"
)

// brushing is how points are being painted.
type brushing struct {
	down         bool    // a pointer is
	lastX, lastY float64 // of the stroke's last dab
	x, y         float64 // of the crosshair
	keyboard     bool    // whether the crosshair is in use
}

// brush is the one that is chosen.
func (p *part) brush() Brush {
	switch {
	case p.widgets.checked("paint-rare"):
		return PaintRare
	case p.widgets.checked("paint-common"):
		return PaintCommon
	}
	return Erase
}

func (p *part) listenToCanvas() {
	b := &p.brushing
	canvas := page.Get("understand-canvas")
	at := func(event js.Value) (x, y float64) {
		box := canvas.GetBoundingClientRect()
		return Right * (2*(event.Get("clientX").Float()-box.Left())/box.Width() - 1),
			Top * (1 - 2*(event.Get("clientY").Float()-box.Top())/box.Height())
	}
	listenTo(canvas, "pointerdown", func(event js.Value) {
		if event.Get("button").Int() != 0 || !event.Get("isPrimary").Bool() {
			return
		}
		// It throws where the pointer is gone already.
		page.Try(func() js.Value { return canvas.Underlying().Call("setPointerCapture", event.Get("pointerId")) })
		b.down, b.keyboard = true, false
		b.lastX, b.lastY = at(event)
		p.dab(p.brush(), b.lastX, b.lastY)
	})
	listenTo(canvas, "pointermove", func(event js.Value) {
		if b.down && event.Get("isPrimary").Bool() {
			p.stroke(at(event))
		}
	})
	end := func(event js.Value) {
		if event.Get("isPrimary").Bool() {
			b.down = false
		}
	}
	listenTo(canvas, "pointerup", end)
	listenTo(canvas, "pointercancel", end)
	listenTo(canvas, "keydown", p.key)
	listenTo(canvas, "blur", func(js.Value) {
		b.keyboard = false
		p.redraw()
	})
	listenTo(canvas, "focus", func(js.Value) {
		b.keyboard = canvas.Underlying().Call("matches", ":focus-visible").Bool()
		p.redraw()
	})
}

// stroke dabs along the way from the last dab to x, y.
func (p *part) stroke(x, y float64) {
	b := &p.brushing
	length := math.Hypot(x-b.lastX, y-b.lastY)
	dabs := int(length / dabDistance)
	if dabs == 0 {
		return
	}
	dx, dy := dabDistance*(x-b.lastX)/length, dabDistance*(y-b.lastY)/length
	brush, points := p.brush(), p.points
	for range dabs {
		b.lastX += dx
		b.lastY += dy
		points = brush.Dab(points, b.lastX, b.lastY, p.random)
	}
	p.paint(points, brush == Erase)
}

func (p *part) dab(brush Brush, x, y float64) {
	p.paint(brush.Dab(p.points, x, y, p.random), brush == Erase)
}

// key moves the crosshair, paints and erases.
func (p *part) key(event js.Value) {
	if event.Get("ctrlKey").Bool() || event.Get("metaKey").Bool() || event.Get("altKey").Bool() {
		return
	}
	step := 0.05
	if event.Get("shiftKey").Bool() {
		step = 0.25
	}
	b := &p.brushing
	switch event.Get("key").String() {
	case "ArrowLeft":
		b.x = max(b.x-step, -Right)
	case "ArrowRight":
		b.x = min(b.x+step, Right)
	case "ArrowUp":
		b.y = min(b.y+step, Top)
	case "ArrowDown":
		b.y = max(b.y-step, -Top)
	case " ", "Enter":
		p.dab(p.brush(), b.x, b.y)
	case "Delete", "Backspace":
		p.dab(Erase, b.x, b.y)
	default:
		return
	}
	b.keyboard = true
	event.Call("preventDefault")
	p.redraw()
	p.speakSoon()
}
