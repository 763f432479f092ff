//go:build js && wasm

package train

import (
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/page"
	"github.com/focalfit/focalfit/example-site/study"
	"github.com/focalfit/focalfit/example-site/work"
)

// setLink writes the settings to the page's address.
func (p *Part) setLink() { page.Site.Call("setHash", "#"+p.settings.Link()) }

// listenToAddress takes the settings of another address, and has the links
// within the page leave the settings in it.
func (p *Part) listenToAddress() {
	location := js.Global().Get("location")
	for _, e := range page.All(`a[href^="#"]`) {
		link := e
		page.Listen(link, "click", func(e page.Event) {
			event := e.Underlying()
			for _, key := range []string{"ctrlKey", "metaKey", "shiftKey", "altKey"} {
				if event.Get(key).Bool() {
					return
				}
			}
			// The browser goes there as ever, but this is no step of its history.
			e.PreventDefault()
			location.Call("replace", link.GetAttribute("href"))
		})
	}
	page.Window().Call("addEventListener", "hashchange", page.Func(func(js.Value) {
		go p.follow(location.Get("hash").String())
	}))
}

// follow takes the settings of an address, if it holds some.
func (p *Part) follow(hash string) {
	settings, ok := study.ParseLink(hash[min(1, len(hash)):])
	if !ok {
		p.setLink()
		return
	}
	rows, loss := settings.SameRows(p.settings), settings.SameLoss(p.settings)
	p.settings = settings
	p.showSettings()
	switch {
	case !rows:
		p.check(settings.Source)
		p.opened = false // so that the label is the address's
		p.read()
	case p.model != nil:
		m := p.model
		m.Settings.Threshold, m.Settings.Miss = settings.Threshold, settings.Miss
		p.Trained(m)
		if p.model == m && !loss && !work.Busy() {
			page.Say("These are the settings of the address: press Train.")
		}
	}
}
