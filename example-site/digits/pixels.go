package digits

import (
	"strconv"
	"strings"
)

// Side is how many pixels a digit is wide and high, Pixels how many it has.
const (
	Side   = 8
	Pixels = Side * Side
)

// Place puts the values of columns, which are named pixel_row_column, in their
// places of a picture; a pixel without a column is 0.
func Place(names []string, values []float64) []float64 {
	pixels := make([]float64, Pixels)
	for i, name := range names {
		parts := strings.Split(name, "_")
		if len(parts) != 3 {
			continue
		}
		row, err := strconv.Atoi(parts[1])
		column, err2 := strconv.Atoi(parts[2])
		if err == nil && err2 == nil && row >= 0 && row < Side && column >= 0 && column < Side {
			pixels[Side*row+column] = values[i]
		}
	}
	return pixels
}
