//go:build js && wasm

// Package page is what the parts of the site share: the elements of
// index.html by their ids, events, promises and charts.
//
// A listener runs on the event loop and must not wait for anything that the
// event loop brings about: what waits is started by [Later].
package page

import (
	"syscall/js"
	"time"

	"honnef.co/go/js/dom/v2"
)

// Document is the page's.
var Document = js.Global().Get("document")

// Window is the page's, for what has to be called on it.
func Window() js.Value { return Document.Get("defaultView") }

// Site is what main.js hands over; undefined in the engine's worker.
var Site = js.Global().Get("site")

// Elements and events are of dom's types, but made here: dom compares each
// with all the kinds that there are and links the methods of all of them, which
// makes the program 1.7 times as large.
type (
	// Element is any element.
	Element = *dom.BasicHTMLElement
	// Event is any event.
	Event = *dom.BasicEvent
	// Node is an element of any type.
	Node interface{ Underlying() js.Value }
)

// Wrap makes an element of what JavaScript has.
func Wrap(element js.Value) Element {
	return &dom.BasicHTMLElement{BasicElement: &dom.BasicElement{BasicNode: &dom.BasicNode{Value: element}}}
}

// Get returns the element with an id, which index.html has.
func Get(id string) Element { return Wrap(Document.Call("getElementById", id)) }

// Body is the page's.
func Body() Element { return Wrap(Document.Get("body")) }

// Input returns the input element with an id.
func Input(id string) *dom.HTMLInputElement {
	return &dom.HTMLInputElement{BasicHTMLElement: Get(id)}
}

// Select returns the select element with an id.
func Select(id string) *dom.HTMLSelectElement {
	return &dom.HTMLSelectElement{BasicHTMLElement: Get(id)}
}

// Progress returns the progress bar with an id.
func Progress(id string) *dom.HTMLProgressElement {
	return &dom.HTMLProgressElement{BasicHTMLElement: Get(id)}
}

// Canvas makes a canvas of an element.
func Canvas(e Element) *dom.HTMLCanvasElement {
	return &dom.HTMLCanvasElement{BasicHTMLElement: e}
}

// All returns the elements that a selector finds.
func All(selector string) []Element {
	found := Document.Call("querySelectorAll", selector)
	elements := make([]Element, found.Length())
	for i := range elements {
		elements[i] = Wrap(found.Index(i))
	}
	return elements
}

// Radios returns the radio buttons that a selector finds.
func Radios(selector string) []*dom.HTMLInputElement {
	found := All(selector)
	radios := make([]*dom.HTMLInputElement, len(found))
	for i := range radios {
		radios[i] = &dom.HTMLInputElement{BasicHTMLElement: found[i]}
	}
	return radios
}

// SetText writes text, unless it is there already: a live region then stays
// quiet.
func SetText(id, text string) {
	if e := Get(id); e.TextContent() != text {
		e.SetTextContent(text)
	}
}

// Show shows an element or hides it.
func Show(id string, shown bool) { Toggle(Get(id), "hidden", !shown) }

// Toggle sets or removes an attribute without a value.
func Toggle(e Element, attribute string, on bool) {
	if on {
		e.SetAttribute(attribute, "")
	} else {
		e.RemoveAttribute(attribute)
	}
}

// Problem shows a message, or hides its element if there is none.
func Problem(id, message string) {
	SetText(id, message)
	Show(id, message != "")
}

// Listen runs f at every event of a kind.
func Listen(target Node, kind string, f func(Event)) {
	target.Underlying().Call("addEventListener", kind, Func(func(event js.Value) { f(&dom.BasicEvent{Value: event}) }))
}

// OnInput runs f whenever one of some controls changes.
func OnInput(f func(), ids ...string) {
	for _, id := range ids {
		Listen(Get(id), "input", func(Event) { f() })
	}
}

// OnChange runs f, which may wait, when a control has been changed.
func OnChange(id string, f func()) { Listen(Get(id), "change", Later(f)) }

// OnClick runs f, which may wait, after a click.
func OnClick(id string, f func()) { Listen(Get(id), "click", Later(f)) }

// Later runs f, which may wait, after the event.
func Later(f func()) func(Event) {
	return func(Event) { go f() }
}

// New makes an element with text.
func New(tag, text string) Element {
	e := Wrap(Document.Call("createElement", tag))
	if text != "" {
		e.SetTextContent(text)
	}
	return e
}

// Text makes a node of text.
func Text(text string) Node {
	return &dom.BasicNode{Value: Document.Call("createTextNode", text)}
}

// With puts children into an element and returns it.
func With(e Element, children ...Node) Element {
	for _, child := range children {
		e.Underlying().Call("append", child.Underlying())
	}
	return e
}

// Classed gives an element a class and returns it.
func Classed(e Element, class string) Element {
	e.SetAttribute("class", class)
	return e
}

// Fill replaces what is in an element.
func Fill(id string, children ...Node) {
	e := Get(id)
	e.SetTextContent("")
	With(e, children...)
}

// List fills a list with texts, and hides it if there are none.
func List(id string, texts []string) {
	items := make([]Node, len(texts))
	for i, text := range texts {
		items[i] = New("li", text)
	}
	Fill(id, items...)
	Show(id, len(texts) > 0)
}

// Option is a choice of a select element.
type Option struct{ Value, Text string }

// SetOptions replaces the choices of a select element and chooses one.
func SetOptions(id string, options []Option, chosen string) {
	e := Select(id)
	e.SetTextContent("")
	for _, o := range options {
		child := dom.HTMLOptionElement{BasicHTMLElement: New("option", o.Text)}
		child.SetValue(o.Value)
		With(e.BasicHTMLElement, child)
	}
	e.SetValue(chosen)
}

// SetStyle sets a property of an element's style.
func SetStyle(e Element, property, value string) { e.Style().SetProperty(property, value, "") }

// NextFrame runs f, once, before the next painting.
func NextFrame(f func()) {
	var callback js.Func
	callback = js.FuncOf(func(js.Value, []js.Value) any {
		callback.Release()
		f()
		return nil
	})
	Window().Call("requestAnimationFrame", callback)
}

// Pause lets other events happen, painting among them. It must not be called
// from a listener.
func Pause() {
	done := make(chan struct{})
	var callback js.Func
	callback = js.FuncOf(func(js.Value, []js.Value) any {
		callback.Release()
		close(done)
		return nil
	})
	Site.Call("later", callback)
	<-done
}

// Pauses returns a function for long work to call often: it pauses when some
// milliseconds have gone by since it last did.
func Pauses() func() {
	last := time.Now()
	return func() {
		if time.Since(last) > 8*time.Millisecond {
			Pause()
			last = time.Now()
		}
	}
}

// Say writes the status line.
func Say(text string) {
	Get("status").Class().Remove("failed")
	SetText("status", text)
}

// SayProblem writes the status line as a problem.
func SayProblem(text string) {
	Get("status").Class().Add("failed")
	SetText("status", text)
}

// Func makes a JavaScript function of the first argument, to keep for the
// life of the page.
func Func(f func(js.Value)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		f(first(args))
		return nil
	})
}
