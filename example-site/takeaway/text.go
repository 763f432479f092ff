package takeaway

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// quote is s as a string literal, of JavaScript and of JSON. What is not UTF-8
// becomes U+FFFD.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r == '\ufeff':
			hex := strconv.FormatInt(int64(r), 16)
			b.WriteString(`\u` + "0000"[len(hex):] + hex)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// number is v as JavaScript writes it, but for very large ones.
func number(v float64) string {
	s := strconv.FormatFloat(v, 'g', -1, 64)
	return strings.NewReplacer("e-0", "e-", "e+0", "e", "e+", "e").Replace(s)
}

// property is the name of a property as an object literal has it.
func property(name string) string {
	if name == "__proto__" {
		return `["__proto__"]`
	}
	for i, r := range name {
		letter := r == '_' || r == '$' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return quote(name)
		}
	}
	if name == "" {
		return quote(name)
	}
	return name
}

// object is an object literal of properties, on one line where that is short.
func object(properties []string) string {
	line := strings.Join(properties, ", ")
	switch {
	case len(properties) == 0:
		return ""
	case utf8.RuneCountInString(line) <= 80:
		return "{ " + line + " }"
	}
	return "{\n  " + strings.Join(properties, ",\n  ") + ",\n}"
}
