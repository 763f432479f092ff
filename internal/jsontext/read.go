// Package jsontext reads and writes JSON (RFC 8259) value after value, without reflection: it is small where it is
// linked, and numbers go straight to where they belong.
package jsontext

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// Kind is what a value is.
type Kind byte

const (
	None Kind = iota // the end, something that is no value, or what follows an error
	Null
	Bool
	Number
	String
	Array
	Object
)

// Depth is how deep arrays and objects may lie in each other.
const Depth = 32

// Error says what is wrong with a text, and where.
type Error struct {
	Offset  int // in bytes
	Message string
}

func (e *Error) Error() string { return e.Message + " at byte " + strconv.Itoa(e.Offset) }

// Reader reads a text. The first error stays: what is read after it is zero, and arrays and objects end.
//
// It is stricter than ECMAScript's JSON.parse in three ways: a name may occur once in an object, texts are valid UTF-8
// without half of a surrogate pair, and numbers do not overflow.
type Reader struct {
	data  []byte
	at    int
	depth int
	err   error
}

// NewReader returns one of data.
func NewReader(data []byte) *Reader { return &Reader{data: data} }

// Err returns the first error.
func (r *Reader) Err() error { return r.err }

// Fail sets the error unless there is one.
func (r *Reader) Fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// End returns the first error, which it is too if a value is followed by anything but space.
func (r *Reader) End() error {
	if r.space(); r.err == nil && r.at < len(r.data) {
		r.bad("something after the end")
	}
	return r.err
}

// Kind returns what the next value is, by its first byte.
func (r *Reader) Kind() Kind {
	r.space()
	if r.err != nil || r.at == len(r.data) {
		return None
	}
	switch c := r.data[r.at]; c {
	case 'n':
		return Null
	case 't', 'f':
		return Bool
	case '"':
		return String
	case '[':
		return Array
	case '{':
		return Object
	default:
		if c == '-' || c >= '0' && c <= '9' {
			return Number
		}
		return None
	}
}

// Null reads a null.
func (r *Reader) Null() { r.word("null") }

// Bool reads true or false.
func (r *Reader) Bool() bool {
	if r.Kind() == Bool && r.data[r.at] == 'f' {
		r.word("false")
		return false
	}
	return r.word("true")
}

// Number reads a number.
func (r *Reader) Number() float64 {
	if r.Kind() != Number {
		r.bad("no number")
		return 0
	}
	from := r.at
	if r.data[r.at] == '-' {
		r.at++
	}
	digits := func() (n int) {
		for ; r.at < len(r.data) && r.data[r.at] >= '0' && r.data[r.at] <= '9'; r.at++ {
			n++
		}
		return n
	}
	zero := r.at < len(r.data) && r.data[r.at] == '0'
	n := digits()
	fine := n == 1 || n > 1 && !zero
	if r.at < len(r.data) && r.data[r.at] == '.' {
		r.at++
		fine = fine && digits() > 0
	}
	if r.at < len(r.data) && r.data[r.at]|0x20 == 'e' {
		if r.at++; r.at < len(r.data) && (r.data[r.at] == '+' || r.data[r.at] == '-') {
			r.at++
		}
		fine = fine && digits() > 0
	}
	if !fine {
		r.bad("no number")
		return 0
	}
	v, err := strconv.ParseFloat(string(r.data[from:r.at]), 64)
	if err != nil {
		r.at = from
		r.bad("a number beyond float64")
		return 0
	}
	return v
}

// String reads a text.
func (r *Reader) String() string {
	if r.Kind() != String {
		r.bad("no text")
		return ""
	}
	r.at++
	from := r.at
	var made []byte // where there are escapes
	for {
		if r.at == len(r.data) {
			r.bad("a text without end")
			return ""
		}
		switch c := r.data[r.at]; {
		case c == '"':
			r.at++
			if made != nil {
				return string(append(made, r.data[from:r.at-1]...))
			}
			return string(r.data[from : r.at-1])
		case c == '\\':
			made = append(made, r.data[from:r.at]...)
			if made = r.escape(made); r.err != nil {
				return ""
			}
			if made == nil {
				made = []byte{}
			}
			from = r.at
		case c < 0x20:
			r.bad("a control character in a text")
			return ""
		case c < utf8.RuneSelf:
			r.at++
		default:
			code, size := utf8.DecodeRune(r.data[r.at:])
			if code == utf8.RuneError && size == 1 {
				r.bad("no UTF-8")
				return ""
			}
			r.at += size
		}
	}
}

// escape appends what the escape at the reader's place stands for.
func (r *Reader) escape(to []byte) []byte {
	const short, long = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if r.at+1 < len(r.data) {
		for i := range len(short) {
			if short[i] == r.data[r.at+1] {
				r.at += 2
				return append(to, long[i])
			}
		}
	}
	code, ok := r.unit()
	if ok && code >= 0xd800 && code < 0xdc00 {
		low, pair := r.unit()
		if ok = pair && low >= 0xdc00 && low < 0xe000; ok {
			code = 0x10000 + (code-0xd800)<<10 + (low - 0xdc00)
		}
	} else if code >= 0xdc00 && code < 0xe000 {
		ok = false
	}
	if !ok {
		r.bad("an escape that is none, or half of a surrogate pair")
		return to
	}
	return utf8.AppendRune(to, code)
}

// unit reads \u and four digits.
func (r *Reader) unit() (rune, bool) {
	if r.at+6 > len(r.data) || r.data[r.at] != '\\' || r.data[r.at+1] != 'u' {
		return 0, false
	}
	code, err := strconv.ParseUint(string(r.data[r.at+2:r.at+6]), 16, 16)
	if err != nil {
		return 0, false
	}
	r.at += 6
	return rune(code), true
}

// Array reads an array. each is called before each of its values, with their number so far, and reads it.
func (r *Reader) Array(each func(i int)) {
	if !r.open('[', "no array") {
		return
	}
	for i := 0; r.more(']', i); i++ {
		r.value(func() { each(i) })
	}
}

// Object reads an object. each is called before each of its values, with its name, and reads it.
func (r *Reader) Object(each func(name string)) {
	if !r.open('{', "no object") {
		return
	}
	var few []string
	var many map[string]bool
	for i := 0; r.more('}', i); i++ {
		from := r.at
		name := r.String()
		if slices.Contains(few, name) || many[name] {
			r.at = from
			r.bad("a name for the second time")
		}
		if few = append(few, name); len(few) == 32 {
			if many == nil {
				many = map[string]bool{}
			}
			for _, n := range few {
				many[n] = true
			}
			few = few[:0]
		}
		if r.space(); r.err == nil && (r.at == len(r.data) || r.data[r.at] != ':') {
			r.bad("no colon")
		}
		if r.err == nil {
			r.at++
			r.value(func() { each(name) })
		}
	}
}

// Skip reads a value of any kind.
func (r *Reader) Skip() {
	switch r.Kind() {
	case Null:
		r.Null()
	case Bool:
		r.Bool()
	case Number:
		r.Number()
	case String:
		_ = r.String()
	case Array:
		r.Array(func(int) { r.Skip() })
	case Object:
		r.Object(func(string) { r.Skip() })
	default:
		r.bad("no value")
	}
}

// value has read read one. What does not read anything is a fault of the caller.
func (r *Reader) value(read func()) {
	at := r.at
	if read(); r.err == nil && r.at == at {
		panic("jsontext: a value was not read")
	}
}

func (r *Reader) open(bracket byte, otherwise string) bool {
	if r.space(); r.err != nil || r.at == len(r.data) || r.data[r.at] != bracket {
		r.bad(otherwise)
		return false
	}
	if r.depth++; r.depth > Depth {
		r.bad("too many levels")
		return false
	}
	r.at++
	return true
}

// more reports whether a value, the i-th, follows, and reads the comma before it, or the bracket.
func (r *Reader) more(bracket byte, i int) bool {
	if r.space(); r.err != nil {
		return false
	}
	if r.at == len(r.data) {
		r.bad("an array or object without end")
		return false
	}
	if r.data[r.at] == bracket {
		r.at++
		r.depth--
		return false
	}
	if i > 0 {
		if r.data[r.at] != ',' {
			r.bad("no comma")
			return false
		}
		r.at++
	}
	return true
}

func (r *Reader) word(word string) bool {
	if r.space(); r.err != nil || len(r.data)-r.at < len(word) || string(r.data[r.at:r.at+len(word)]) != word {
		r.bad("no value")
		return false
	}
	r.at += len(word)
	return true
}

func (r *Reader) space() {
	for r.at < len(r.data) {
		switch r.data[r.at] {
		case ' ', '\t', '\n', '\r':
			r.at++
		default:
			return
		}
	}
}

func (r *Reader) bad(what string) { r.Fail(&Error{Offset: r.at, Message: what}) }
