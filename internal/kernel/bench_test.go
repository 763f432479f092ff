package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// pass is one value and gradient over all rows, as package linear does it.
func pass(x, c, w, g []float32) float64 {
	stride := len(w)
	b, loss := BlockRows(stride), 0.0
	z := make([]float32, len(c)+b)
	clear(g)
	Scores(z[:min(b, len(c))], x[:min(b, len(c))*stride], w, 0)
	for i := 0; i < len(c); i += b {
		n := min(b, len(c)-i)
		k, rows := z[i:i+n], x[i*stride:(i+n)*stride]
		l, _ := Focal(k, c[i:i+n], Terms{GammaNegative: 2, GammaPositive: 2}, k, nil)
		loss += l
		if m := min(n, len(c)-i-n); m == n {
			AccumulateScores(g, rows, k, z[i+n:i+2*n], x[(i+n)*stride:(i+2*n)*stride], w, 0)
		} else {
			Accumulate(g, rows, k)
			Scores(z[i+n:i+n+m], x[(i+n)*stride:(i+n+m)*stride], w, 0)
		}
	}
	return loss
}

// BenchmarkPass reports the fastest pass, as the C kernel that it is compared
// with does: on a busy machine the mean says more of the neighbours.
func BenchmarkPass(b *testing.B) {
	for _, shape := range [][2]int{{284800, 32}, {20032, 64}, {5056, 1024}} {
		rows, stride := shape[0], shape[1]
		r := rand.New(rand.NewPCG(1, 1))
		x, w, c := normal32(r, rows*stride, 1), normal32(r, stride, 0.1), make([]float32, rows)
		for i := range c {
			c[i] = -0.75
			if r.IntN(50) == 0 {
				c[i] = 0.25
			}
		}
		g := make([]float32, stride*Lanes)
		b.Run(fmt.Sprintf("%dx%d", rows, stride), func(b *testing.B) {
			fastest := time.Duration(math.MaxInt64)
			for b.Loop() {
				start := time.Now()
				pass(x, c, w, g)
				fastest = min(fastest, time.Since(start))
			}
			b.ReportMetric(float64(fastest.Nanoseconds())/float64(rows), "min-ns/row")
		})
	}
}

func BenchmarkLink(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	const n = 8192
	z, c, out := normal32(r, n, 3), normal32(r, n, 1), make([]float32, n)
	for _, gamma := range []float32{0, 2, 1.5} {
		b.Run(fmt.Sprintf("gamma=%g", gamma), func(b *testing.B) {
			for b.Loop() {
				Focal(z, c, Terms{GammaNegative: gamma, GammaPositive: gamma}, out, nil)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/row")
		})
	}
}
