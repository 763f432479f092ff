package understand

import "strconv"

// ParseColour reads #rgb and #rrggbb.
func ParseColour(text string) (Colour, bool) {
	if len(text) == 4 {
		text = string([]byte{'#', text[1], text[1], text[2], text[2], text[3], text[3]})
	}
	if len(text) != 7 || text[0] != '#' {
		return Colour{}, false
	}
	v, err := strconv.ParseUint(text[1:], 16, 32)
	return Colour{float64(v >> 16), float64(v >> 8 & 255), float64(v & 255)}, err == nil
}

// String writes the colour for CSS.
func (c Colour) String() string {
	const digits = "0123456789abcdef"
	text := []byte{'#'}
	for _, v := range c {
		text = append(text, digits[int(v+0.5)>>4], digits[int(v+0.5)&15])
	}
	return string(text)
}
