package linear

import (
	"fmt"
	"testing"

	"github.com/focalfit/focalfit/loss"
)

func BenchmarkNewMatrix(b *testing.B) {
	for _, shape := range [][2]int{{284800, 30}, {5056, 1024}} {
		d := synthetic(1, shape[0], shape[1], 0.02)
		x := make([]float32, len(d.x))
		for i, v := range d.x {
			x[i] = float32(v)
		}
		b.Run(fmt.Sprintf("%dx%d", d.rows, d.columns), func(b *testing.B) {
			for b.Loop() {
				if _, err := NewMatrix(d.rows, d.columns, x); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(x)), "ns/value")
		})
	}
}

func BenchmarkTrain(b *testing.B) {
	for _, shape := range [][2]int{{1461, 12}, {20032, 64}, {284800, 30}} {
		d := synthetic(1, shape[0], shape[1], 0.02)
		x := d.matrix(b)
		b.Run(fmt.Sprintf("%dx%d", d.rows, d.columns), func(b *testing.B) {
			for b.Loop() {
				train(b, x, d.y, Options{Classes: loss.Uniform(2, 2), L2: 1e-4, Weighting: Balanced})
			}
		})
	}
}
