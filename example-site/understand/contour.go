package understand

// Segment is a piece of a contour, in columns and rows of the grid.
type Segment struct{ X1, Y1, X2, Y2 float32 }

// Contour appends to dst the pieces of the line at which a field of values,
// row after row, takes a level: marching squares, with straight lines through
// each cell. A cell of which two opposite corners are above is cut as the mean
// of the four says. Values that are not finite have no line.
func Contour(dst []Segment, values []float32, columns int, level float32) []Segment {
	for at := 0; at+columns < len(values); at++ {
		i, j := at%columns, at/columns
		if i == columns-1 {
			continue
		}
		a, b := values[at]-level, values[at+1]-level                 // top
		d, c := values[at+columns]-level, values[at+columns+1]-level // bottom
		sum := a + b + c + d
		if sum-sum != 0 {
			continue
		}
		x, y := float32(i), float32(j)
		top := [2]float32{x + cut(a, b), y}
		right := [2]float32{x + 1, y + cut(b, c)}
		bottom := [2]float32{x + cut(d, c), y + 1}
		left := [2]float32{x, y + cut(a, d)}
		line := func(p, q [2]float32) { dst = append(dst, Segment{p[0], p[1], q[0], q[1]}) }

		switch corners := above(a)<<3 | above(b)<<2 | above(c)<<1 | above(d); corners {
		case 0, 15:
		case 1, 14:
			line(left, bottom)
		case 2, 13:
			line(bottom, right)
		case 3, 12:
			line(left, right)
		case 4, 11:
			line(top, right)
		case 6, 9:
			line(top, bottom)
		case 7, 8:
			line(left, top)
		default: // 5: b and d, 10: a and c
			if (corners == 5) == (sum >= 0) {
				line(left, top)
				line(bottom, right)
			} else {
				line(left, bottom)
				line(top, right)
			}
		}
	}
	return dst
}

func above(v float32) int {
	if v >= 0 {
		return 1
	}
	return 0
}

// cut returns where between two corners the line is, 0 to 1; it is used only
// where one of them is above and the other is not.
func cut(from, to float32) float32 { return from / (from - to) }
