package linear

import (
	"unicode/utf16"

	"github.com/focalfit/focalfit/internal/jsontext"
)

// Label names a class in a [Document]: a text, a number or a truth value.
type Label struct {
	kind   jsontext.Kind
	text   string
	number float64 // of a truth value 0 or 1
}

// AppendJSON appends the label as JSON.
func (l Label) AppendJSON(to []byte) []byte {
	switch {
	case l.kind == jsontext.String:
		return jsontext.AppendString(to, l.text)
	case l.kind == jsontext.Number:
		return jsontext.AppendNumber(to, l.number)
	case l.number == 1:
		return append(to, "true"...)
	default:
		return append(to, "false"...)
	}
}

// String returns the label as JSON.
func (l Label) String() string { return string(l.AppendJSON(nil)) }

// ReadLabel reads one; ok is false where the next value, which is skipped, is none.
func ReadLabel(r *jsontext.Reader) (l Label, ok bool) {
	switch l.kind = r.Kind(); l.kind {
	case jsontext.String:
		l.text = r.String()
	case jsontext.Number:
		l.number = r.Number() + 0 // −0 is 0
	case jsontext.Bool:
		if r.Bool() {
			l.number = 1
		}
	default:
		r.Skip()
		return Label{}, false
	}
	return l, true
}

// IsZero reports whether there is no label.
func (l Label) IsZero() bool { return l.kind == jsontext.None }

// Alike reports whether two labels are of one type.
func (l Label) Alike(m Label) bool { return l.kind == m.kind }

// Before reports whether l is in front of m, of the same kind, in a document: numbers ascend, texts by UTF-16 code
// units, false is before true.
func (l Label) Before(m Label) bool {
	if l.kind != jsontext.String {
		return l.number < m.number
	}
	a, b := utf16.Encode([]rune(l.text)), utf16.Encode([]rune(m.text))
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return len(a) < len(b)
}
