//go:build js && wasm

package study

import (
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/page"
)

// Link writes settings as the query of an address.
func (s Settings) Link() string {
	pairs := s.Pairs()
	list := make([]any, len(pairs))
	for i, pair := range pairs {
		list[i] = []any{pair[0], pair[1]}
	}
	return page.String(js.Global().Get("URLSearchParams").New(list))
}

// ParseLink reads what [Settings.Link] writes, as [FromPairs] does.
func ParseLink(link string) (Settings, bool) {
	entries := js.Global().Get("Array").Call("from", js.Global().Get("URLSearchParams").New(link))
	pairs := make([][2]string, entries.Length())
	for i := range pairs {
		pairs[i] = [2]string{entries.Index(i).Index(0).String(), entries.Index(i).Index(1).String()}
	}
	return FromPairs(pairs)
}
