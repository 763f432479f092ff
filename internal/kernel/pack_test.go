package kernel

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// Panels and sums against what they are by definition, and the reference
// against the same.
func TestPack(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	for d := 1; d <= 1025; d += 1 + d/60 {
		rows := Panel * (1 + d%3)
		x, base, inverse := normal32(r, rows*d, 3), normal32(r, d, 1), normal32(r, d, 1)
		for label, f := range map[string]func(panels, x, base, inverse, sum, squares []float32){"dispatched": Pack, "reference": packReference} {
			name := fmt.Sprintf("%s, %d columns", label, d)
			panels, sum, squares := make([]float32, rows*Stride(d)), normal32(rand.New(rand.NewPCG(1, 1)), d, 1), make([]float32, d)
			started := append([]float32(nil), sum...)
			f(panels, x, base, inverse, sum, squares)
			for j := range Stride(d) {
				s, q, size := 0.0, 0.0, 1.0
				for i := range rows {
					got := float64(panels[i/Panel*Panel*Stride(d)+Panel*j+i%Panel])
					if j >= d {
						near(t, name, got, 0, 0, 0)
						continue
					}
					v := (float64(x[i*d+j]) - float64(base[j])) * float64(inverse[j])
					near(t, name, got, v, 10, 1e-6)
					s, q, size = s+v, q+v*v, size+v*v
				}
				if j < d {
					near(t, name+": sum", float64(sum[j]), float64(started[j])+s, size, 1e-6)
					near(t, name+": squares", float64(squares[j]), q, size, 1e-6)
				}
			}
		}
	}
}

func BenchmarkPack(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, d := range []int{30, 32, 1024} {
		rows := 1 << 17 / d &^ (Panel - 1)
		x, base, inverse := normal32(r, rows*d, 1), normal32(r, d, 1), normal32(r, d, 1)
		panels, sum, squares := make([]float32, rows*Stride(d)), make([]float32, d), make([]float32, d)
		b.Run(fmt.Sprintf("columns=%d", d), func(b *testing.B) {
			for b.Loop() {
				Pack(panels, x, base, inverse, sum, squares)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(x)), "ns/value")
		})
	}
}
