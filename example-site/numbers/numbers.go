// Package numbers writes numbers as the page shows them.
package numbers

import (
	"math"
	"strconv"
)

// Whole writes a count with thousands separated.
func Whole(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Fixed writes a number with some decimals, a dash for NaN.
func Fixed(v float64, decimals int) string {
	if math.IsNaN(v) {
		return "–"
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// Significant writes a number with some Significant digits, small ones too
// without an exponent.
func Significant(v float64, digits int) string {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	decimals := digits - 1 - int(math.Floor(math.Log10(math.Abs(v))))
	if decimals > 12 {
		return strconv.FormatFloat(v, 'e', digits-1, 64)
	}
	short, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'f', max(0, decimals), 64), 64)
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// Duration writes seconds.
func Duration(seconds float64) string {
	if seconds < 1 {
		return Significant(1000*seconds, 2) + " ms"
	}
	return Significant(seconds, 2) + " s"
}

// Plural writes a count and what is counted.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Whole(n) + " " + many
}

// Probability writes a number of 0 … 1 with three significant digits of it, or
// of its distance to 1 where that is less.
func Probability(p float64) string {
	if p <= 0.5 || p >= 1 || math.IsNaN(p) {
		return Significant(p, 3)
	}
	decimals := 2 - int(math.Floor(math.Log10(1-p)))
	short, _ := strconv.ParseFloat(strconv.FormatFloat(p, 'f', decimals, 64), 64)
	return strconv.FormatFloat(short, 'f', -1, 64)
}

// Percent writes a share of 0 … 1 as a percentage, more exactly near 0 and 1.
func Percent(share float64) string {
	switch {
	case math.IsNaN(share):
		return "–"
	case share > 0 && share < 0.0005:
		return "<\u00a00.1\u00a0%"
	case share > 0.9995 && share < 1:
		return ">\u00a099.9\u00a0%"
	case share < 0.1 || share > 0.9 && share < 1:
		return strconv.FormatFloat(100*share, 'f', 1, 64) + "\u00a0%"
	}
	return strconv.FormatFloat(100*share, 'f', 0, 64) + "\u00a0%"
}

// Count writes a large number with two digits and a word.
func Count(v float64) string {
	switch {
	case v >= 1e9:
		return Significant(v/1e9, 2) + " billion"
	case v >= 1e6:
		return Significant(v/1e6, 2) + " million"
	}
	return Whole(int(v))
}

// Signed writes a number with some significant digits and its sign.
func Signed(v float64, digits int) string {
	text := Significant(math.Abs(v), digits)
	switch {
	case v < 0:
		return "−" + text
	case v > 0:
		return "+" + text
	}
	return text
}
