//go:build js && wasm

package understand

import (
	"strconv"
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/page"
)

// widgets are elements by their ids, each looked up once, and what they show:
// during a drag they are read and written at every frame.
type widgets map[string]*widget

type widget struct {
	element js.Value
	text    string // what was written last
}

func (w widgets) get(id string) *widget {
	found := w[id]
	if found == nil {
		found = &widget{element: page.Get("understand-" + id).Underlying(), text: "\x00"}
		w[id] = found
	}
	return found
}

// say writes text.
func (w widgets) say(id, text string) {
	if found := w.get(id); found.text != text {
		found.text = text
		found.element.Set("textContent", text)
	}
}

// problem shows a message, or hides its element if there is none.
func (w widgets) problem(id, message string) {
	if w.get(id).text != message {
		w.say(id, message)
		page.Show("understand-"+id, message != "")
	}
}

// value writes a slider's value, for those who hear it too.
func (w widgets) value(id, text string) {
	w.say(id+"-value", text)
	if found := w.get(id); found.text != text {
		found.text = text
		found.element.Call("setAttribute", "aria-valuetext", text)
	}
}

func (w widgets) checked(id string) bool { return w.get(id).element.Get("checked").Bool() }

func (w widgets) slider(id string) float64 {
	v, _ := strconv.ParseFloat(w.get(id).element.Get("value").String(), 64)
	return v
}

func (w widgets) setSlider(id string, v float64) {
	w.get(id).element.Set("value", strconv.FormatFloat(v, 'f', 4, 64))
}
