package jsontext

import (
	"math"
	"strconv"
	"strings"
)

// AppendNumber appends a finite number as ECMAScript writes it, with as few digits as tell it from all others.
func AppendNumber(to []byte, v float64) []byte {
	if v == 0 {
		return append(to, '0')
	}
	if a := math.Abs(v); a >= 1e-6 && a < 1e21 {
		return strconv.AppendFloat(to, v, 'f', -1, 64)
	}
	from := len(to)
	to = strconv.AppendFloat(to, v, 'e', -1, 64)
	// Go writes two digits of the exponent at least.
	if e := from + strings.LastIndexByte(string(to[from:]), 'e'); to[e+2] == '0' {
		to = append(to[:e+2], to[e+3:]...)
	}
	return to
}

// AppendString appends a text, in quotes.
func AppendString(to []byte, s string) []byte {
	const digits = "0123456789abcdef"
	to = append(to, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			to = append(to, '\\', c)
		case c == '\n':
			to = append(to, '\\', 'n')
		case c < 0x20 || c == 0x7f:
			to = append(to, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		default:
			to = append(to, c)
		}
	}
	return append(to, '"')
}
