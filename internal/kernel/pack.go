package kernel

// Pack stores rows of x, one after the other, as panels: v = (x − base[j])·inverse[j]
// of column j. It adds Σv and Σv² of each column to sum and squares, float32 sums
// that a caller with many rows folds now and then.
//
// All have the length of base, but x, whole panels of rows of as many columns, and
// panels, which holds them with their stride and is 0 where it only pads.
func Pack(panels, x, base, inverse, sum, squares []float32) {
	d := len(base)
	check(d > 0 && len(inverse) == d && len(sum) == d && len(squares) == d, "Pack: columns do not fit")
	rows := len(x) / d
	check(rows%Panel == 0 && len(x) == rows*d && len(panels) == rows*Stride(d), "Pack: lengths do not fit")
	pack(panels, x, base, inverse, sum, squares)
}

// packReference is the reference of pack.
func packReference(panels, x, base, inverse, sum, squares []float32) {
	d := len(base)
	size := Panel * Stride(d)
	for i := 0; i*d < len(x); i += Panel {
		panel := panels[i/Panel*size:][:size]
		for j := range base {
			to, b, c := (*[Panel]float32)(panel[Panel*j:]), base[j], inverse[j]
			var s, q float32
			for r := range to {
				v := (x[(i+r)*d+j] - b) * c
				to[r] = v
				s += v
				q += v * v
			}
			sum[j] += s
			squares[j] += q
		}
	}
}
