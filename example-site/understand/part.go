//go:build js && wasm

package understand

import (
	"math/rand/v2"
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/page"
)

// part is the state of this part of the page.
type part struct {
	started  bool
	widgets  widgets
	settings settings
	random   *rand.Rand

	points  []Point
	edition int  // counts the changes of the points
	erased  bool // whether points that are drawn are gone

	wanted   chan struct{} // holds one if a fit is to follow
	uploaded uploaded
	fitted   *fitted // the newest model; nil without one
	shown    *fitted // the one whose field is on the canvas
	judged   judged

	brushing brushing
	drawing  drawing
	frame    bool     // whether a frame is waited for
	speak    js.Func  // writes what is shown for those who hear it
	speaking js.Value // the timer of that
	charts   charts
}

// Start makes the part ready. It fits nothing before it is near the window or
// is used.
func Start() {
	p := &part{widgets: widgets{}, random: rand.New(rand.NewPCG(1, 1)), wanted: make(chan struct{}, 1)}
	p.speak = page.Func(func(js.Value) { p.widgets.say("spoken", p.spoken()) })
	p.drawing.prepare()
	p.listenToControls()
	p.listenToCanvas()
	p.listenToTries()
	page.Toggle(page.Get("understand-controls"), "disabled", false)
	page.Toggle(page.Get("understand-tries"), "disabled", false)
	p.points = Picture(page.Select("understand-picture").Value())
	p.readSettings()

	var observer js.Value
	observer = js.Global().Get("IntersectionObserver").New(page.Func(func(entries js.Value) {
		if entries.Index(entries.Length() - 1).Get("isIntersecting").Bool() {
			p.start()
			observer.Call("disconnect")
		}
	}), map[string]any{"rootMargin": "300px"})
	observer.Call("observe", page.Get("understand").Underlying())
}

// start is the first use.
func (p *part) start() {
	if p.started {
		return
	}
	p.started = true
	p.makeCharts()
	p.drawing.watch(p.redraw)
	go p.fitAlways()
	p.changed()
}

// changed fits anew, after the fit that may be going on.
func (p *part) changed() {
	p.start()
	p.showCounts()
	select {
	case p.wanted <- struct{}{}:
	default:
	}
	p.redraw()
}

// paint changes the points. erased says whether some may be gone.
func (p *part) paint(points []Point, erased bool) {
	p.points = points
	p.edition++
	p.erased = p.erased || erased
	p.changed()
}

// redraw draws with the next frame.
func (p *part) redraw() {
	if !p.started || p.frame {
		return
	}
	p.frame = true
	page.NextFrame(func() {
		p.frame = false
		p.draw()
	})
}

// listenTo is page.Listen with what the event has besides.
func listenTo(e page.Node, kind string, f func(event js.Value)) {
	page.Listen(e, kind, func(event page.Event) { f(event.Underlying()) })
}
