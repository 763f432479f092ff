package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// What the build dispatches to, and the reference, against sums in float64.
func TestGram(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 10))
	for columns := 0; columns <= 130; columns += 1 + columns/20 {
		rows := Panel * (1 + columns%3)
		x, at := panels(r, rows, columns)
		c := normal32(r, rows, 1)
		start := normal32(r, Lanes*columns*(columns+1)/2, 1)
		for name, f := range map[string]func(g, x, c []float32, columns int){"dispatched": Gram, "reference": gramReference} {
			g := append([]float32(nil), start...)
			f(g, x, c, columns)
			n := 0
			for j := range columns {
				for k := range j + 1 {
					for lane := range Lanes {
						want, size := float64(start[n]), 1.0
						for i := lane; i < rows; i += Lanes {
							v := float64(c[i]) * at(i, j) * at(i, k)
							want, size = want+v, size+v*v
						}
						near(t, fmt.Sprint(name, columns, j, k), float64(g[n]), want, size, 1e-6)
						n++
					}
				}
			}
		}
	}
}
