//go:build js && wasm

package understand

import (
	"math"
	"strconv"
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/numbers"
	"github.com/focalfit/focalfit/example-site/page"
)

// settings are what the controls say.
type settings struct {
	gamma, l2  float64
	balanced   bool
	weight     float64 // of a rare row
	fourier    bool
	components int
	bandwidth  float64
	own        bool    // whether the threshold is the model's
	threshold  float64 // otherwise
}

// The sliders of which a change is followed by a fit, and the boxes.
var (
	sliders = []string{"understand-gamma", "understand-weight", "understand-l2", "understand-components", "understand-bandwidth"}
	boxes   = []string{"understand-balanced", "understand-fourier"}
)

func (p *part) listenToControls() {
	page.OnInput(func() {
		p.unpress()
		p.readSettings()
		p.changed()
	}, append(sliders, boxes...)...)
	redecide := func() {
		p.unpress()
		p.readSettings()
		p.start()
		p.redraw()
	}
	page.OnInput(func() {
		p.widgets.get("own").element.Set("checked", false)
		redecide()
	}, "understand-threshold")
	page.OnInput(redecide, "understand-own")
	page.OnInput(func() {
		p.unpress()
		p.paint(Picture(page.Select("understand-picture").Value()), true)
	}, "understand-picture")
	page.Listen(page.Get("understand-clear"), "click", page.Later(func() {
		p.unpress()
		p.paint(nil, true)
	}))
}

// readSettings reads the controls, writes the values of the sliders and draws
// the loss.
func (p *part) readSettings() {
	w := p.widgets
	p.settings = settings{
		gamma:      w.slider("gamma"),
		l2:         power(w.slider("l2")),
		balanced:   w.checked("balanced"),
		weight:     power(w.slider("weight")),
		fourier:    w.checked("fourier"),
		components: int(w.slider("components")),
		bandwidth:  power(w.slider("bandwidth")),
		own:        w.checked("own"),
		threshold:  probability(w.slider("threshold")),
	}
	s := &p.settings
	w.value("gamma", strconv.FormatFloat(s.gamma, 'f', -1, 64))
	w.value("l2", numbers.Significant(s.l2, 2))
	w.value("components", strconv.Itoa(s.components))
	w.value("bandwidth", numbers.Significant(s.bandwidth, 2))
	w.get("weight").element.Set("disabled", s.balanced)
	w.get("features").element.Set("hidden", !s.fourier)
	p.showWeight()
	p.showThreshold()
	p.drawCharts()
}

// showWeight writes what a rare row weighs. Where the classes are balanced the
// slider follows the points.
func (p *part) showWeight() {
	s := &p.settings
	text := numbers.Significant(s.weight, 2)
	if common, rare := Count(p.points); s.balanced && rare > 0 && common > 0 {
		ratio := float64(common) / float64(rare)
		p.widgets.setSlider("weight", math.Log10(ratio))
		text = numbers.Significant(ratio, 2)
	}
	p.widgets.value("weight", text)
}

// showThreshold writes the threshold. Where it is the model's own the slider
// follows the model.
func (p *part) showThreshold() {
	threshold := p.threshold()
	text := numbers.Significant(threshold, 2)
	if p.widgets.get("threshold").text == text {
		return
	}
	logit := math.Log(threshold / (1 - threshold))
	if p.settings.own {
		p.widgets.setSlider("threshold", logit)
	}
	p.widgets.value("threshold", text)
	p.widgets.get("mark").element.Get("style").Set("left", numbers.Fixed(100*Place(logit), 2)+"%")
}

// threshold is the posterior from which on a point is taken for a rare one.
func (p *part) threshold() float64 {
	switch {
	case !p.settings.own:
		return p.settings.threshold
	case p.fitted != nil:
		return p.fitted.decision.Own()
	}
	return 0.5
}

// listenToTries makes the buttons that show something: their data attributes
// are the controls that they set and what there is to see.
func (p *part) listenToTries() {
	for _, e := range page.All("#understand-tries button") {
		button := e
		data := button.Underlying().Get("dataset")
		listenTo(button, "click", func(js.Value) {
			p.unpress()
			button.SetAttribute("aria-pressed", "true")
			p.widgets.say("lesson", data.Get("lesson").String())
			for _, name := range []string{"gamma", "weight", "threshold"} {
				if v := data.Get(name); v.Truthy() {
					p.widgets.get(name).element.Set("value", v)
				}
			}
			p.widgets.get("l2").element.Set("value", "-4")
			for _, name := range []string{"balanced", "fourier", "own"} {
				p.widgets.get(name).element.Set("checked", data.Get(name).Truthy())
			}
			page.Select("understand-picture").SetValue(data.Get("picture").String())
			p.readSettings()
			p.paint(Picture(data.Get("picture").String()), true)
		})
	}
}

// unpress takes note that the controls are no longer what a button had set.
func (p *part) unpress() {
	for _, e := range page.All("#understand-tries [aria-pressed=true]") {
		e.SetAttribute("aria-pressed", "false")
	}
}

// power is 10 to the x, rounded to two digits as it is shown.
func power(x float64) float64 {
	v, _ := strconv.ParseFloat(strconv.FormatFloat(math.Pow(10, x), 'g', 2, 64), 64)
	return v
}
