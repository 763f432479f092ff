package linear

import (
	"math"
	"strconv"
	"strings"
)

// The texts of a table mean what they do in JavaScript, where the model was made.

// space is what ECMAScript takes for white space.
const space = " \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"

func trim(s string) string { return strings.Trim(s, space) }

// number returns what ECMAScript's Number makes of a trimmed text: NaN of what is no number, 0 of none at all.
func number(text string) float64 {
	if text == "" {
		return 0
	}
	if len(text) > 2 && text[0] == '0' {
		base := map[byte]int{'x': 16, 'o': 8, 'b': 2}[text[1]|0x20]
		if base > 0 {
			v := 0.0
			for _, c := range text[2:] {
				digit, err := strconv.ParseUint(string(c), base, 8)
				if err != nil {
					return math.NaN()
				}
				v = v*float64(base) + float64(digit)
			}
			return v
		}
	}
	for _, c := range text {
		if !strings.ContainsRune("0123456789.eE+-", c) {
			return math.NaN() // and so are the words of ParseFloat
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}

// minute returns the milliseconds from 1970 to the minute of a date as it is written, in no zone; NaN for what is no
// date: year, month, day and, if there are any, hour and minute, in digits with anything between them.
func minute(text string) float64 {
	var parts [5]float64
	if text == "" || text[0] < '0' || text[0] > '9' {
		return math.NaN() // the first part would be a year of no digits
	}
	n, in := 0, false
	for i := 0; i < len(text); i++ {
		digit := text[i] >= '0' && text[i] <= '9'
		if digit && !in {
			if n++; n > len(parts) {
				break
			}
		}
		if in = digit; digit {
			parts[n-1] = parts[n-1]*10 + float64(text[i]-'0')
		}
	}
	year, month, day := parts[0], parts[1], parts[2]
	// Later years are beyond ECMAScript's time, and earlier ones it takes for years of the twentieth century.
	if n < 2 || year < 100 || year > 275760 || month < 1 || month > 12 || day > 31 || parts[3] > 1e9 || parts[4] > 1e11 {
		return math.NaN()
	}
	ms := (daysTo(int(year), int(month))+day-1)*864e5 + parts[3]*36e5 + parts[4]*6e4
	if ms > 864e13 {
		return math.NaN()
	}
	// What runs over into another year or to another day of a month is no date.
	days := math.Floor(ms / 864e5)
	y, m := int(year), 1
	for ; m < 12 && daysTo(y, m+1) <= days; m++ {
	}
	if days >= daysTo(y+1, 1) || days-daysTo(y, m)+1 != day {
		return math.NaN()
	}
	return ms
}

// daysTo returns how many days there are from 1970 to the first of a month, in the Gregorian calendar.
func daysTo(year, month int) float64 {
	// Years that begin in March end with the day that leap years have.
	if month -= 3; month < 0 {
		month += 12
		year--
	}
	return float64(365*year + year/4 - year/100 + year/400 + (153*month+2)/5 - 719468)
}
