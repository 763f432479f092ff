//go:build js && wasm

package understand

import (
	"github.com/focalfit/focalfit/example-site/numbers"
	"github.com/focalfit/focalfit/example-site/page"
)

// showCounts writes how many points there are, and what is missing.
func (p *part) showCounts() {
	common, rare := Count(p.points)
	text := numbers.Plural(rare, "rare point", "rare points") + ", " + numbers.Plural(common, "common one", "common ones") + "."
	if len(p.points) >= MostPoints {
		text += " The picture is full."
	}
	p.widgets.say("counts", text)
	p.showWeight()
	missing := Missing(common, rare)
	p.widgets.problem("missing", missing)
	if missing != "" {
		p.widgets.say("sides", missing)
		p.widgets.say("time", "")
		p.mark(Sides{})
	}
	p.speakSoon()
}

// showSides writes what the line does.
func (p *part) showSides() {
	p.mark(p.judged.sides)
	if Missing(p.judged.sides.AllCommon, p.judged.sides.AllRare) != "" {
		return
	}
	p.widgets.say("sides", p.judged.sides.Words())
	p.widgets.say("time", "Fitted in "+numbers.Duration(p.fitted.took)+".")
	p.speakSoon()
}

// speakSoon tells those who do not see the canvas what it shows, once that
// has been the same for a while.
func (p *part) speakSoon() {
	if p.speaking.Truthy() {
		page.Window().Call("clearTimeout", p.speaking)
	}
	p.speaking = page.Window().Call("setTimeout", p.speak, 700)
}

func (p *part) spoken() string {
	text := p.widgets.get("sides").text
	if b := &p.brushing; b.keyboard {
		text = "Crosshair at " + numbers.Fixed(b.x, 2) + ", " + numbers.Fixed(b.y, 2) + ". " + text
	}
	return text
}
