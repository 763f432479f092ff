//go:build js && wasm

package main

import (
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

var document = dom.GetWindow().Document()

// get returns the element with an id, which index.html has.
func get[E dom.Element](id string) E { return document.GetElementByID(id).(E) }

func element(id string) dom.HTMLElement { return get[dom.HTMLElement](id) }
func input(id string) *dom.HTMLInputElement {
	return get[*dom.HTMLInputElement](id)
}

func selection(id string) *dom.HTMLSelectElement {
	return get[*dom.HTMLSelectElement](id)
}

// setText writes text, unless it is there already: a live region then stays
// quiet.
func setText(id, text string) {
	if e := element(id); e.TextContent() != text {
		e.SetTextContent(text)
	}
}

func show(id string, shown bool) { toggle(element(id), "hidden", !shown) }

func toggle(e dom.Element, attribute string, on bool) {
	if on {
		e.SetAttribute(attribute, "")
	} else {
		e.RemoveAttribute(attribute)
	}
}

// problem shows a message, or hides its element if there is none.
func problem(id, message string) {
	setText(id, message)
	show(id, message != "")
}

// listen runs f at every event of a kind. f must not wait: see later.
func listen(e dom.Element, event string, f func(dom.Event)) {
	e.AddEventListener(event, false, f)
}

// later runs f, which may wait, after the event.
func later(f func()) func(dom.Event) {
	return func(dom.Event) { go f() }
}

// newElement makes an element with text.
func newElement(tag, text string) dom.HTMLElement {
	e := document.CreateElement(tag).(dom.HTMLElement)
	if text != "" {
		e.SetTextContent(text)
	}
	return e
}

// fill replaces what is in an element.
func fill(id string, children ...dom.Element) {
	e := element(id)
	e.SetTextContent("")
	for _, child := range children {
		e.AppendChild(child)
	}
}

// option is a choice of a select element.
type option struct {
	value, text string
	disabled    bool
}

func setOptions(id string, options []option) {
	e := element(id)
	e.SetTextContent("")
	for _, o := range options {
		child := newElement("option", o.text).(*dom.HTMLOptionElement)
		child.SetValue(o.value)
		child.SetDisabled(o.disabled)
		e.AppendChild(child)
	}
}

// pause lets the page paint and other events happen.
func (a *app) pause() {
	painted := make(chan struct{})
	f := js.FuncOf(func(js.Value, []js.Value) any {
		close(painted)
		return nil
	})
	defer f.Release()
	a.site.Call("nextFrame", f)
	<-painted
}

// say writes the status line.
func say(text string) {
	element("status").Class().Remove("failed")
	setText("status", text)
}

// sayProblem writes the status line as a problem.
func sayProblem(text string) {
	element("status").Class().Add("failed")
	setText("status", text)
}
