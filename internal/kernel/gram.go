package kernel

// Gram adds to g, for the columns j ≥ k of a block of panels, the products
// Σ_i c[i]·x(i, j)·x(i, k), in the order (0, 0), (1, 0), (1, 1), (2, 0), …, and
// [Lanes] partial sums of each, that of row i to the one of i%4.
//
// len(c) is a multiple of [Panel], and x holds its rows with the stride of the
// given number of columns.
func Gram(g, x, c []float32, columns int) {
	check(len(c)%Panel == 0 && len(x) == len(c)*Stride(columns) && len(g) == Lanes*columns*(columns+1)/2, "Gram: lengths do not fit")
	gram(g, x, c, columns)
}

func gramReference(g, x, c []float32, columns int) {
	size := Panel * Stride(columns)
	for i := 0; i < len(c); i += Panel {
		panel, ci, at := x[i/Panel*size:][:size], (*[Panel]float32)(c[i:]), 0
		for j := range columns {
			a := (*[Panel]float32)(panel[Panel*j:])
			for k := range j + 1 {
				b, s := (*[Panel]float32)(panel[Panel*k:]), (*[Lanes]float32)(g[at:])
				for r, v := range a {
					s[r%Lanes] += ci[r] * v * b[r]
				}
				at += Lanes
			}
		}
	}
}
