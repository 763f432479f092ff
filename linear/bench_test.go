package linear

import (
	"fmt"
	"math"
	"testing"
	"time"

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

// BenchmarkValueGrad is one pass of value and gradient: dense with one head and with ten, and sparse.
func BenchmarkValueGrad(b *testing.B) {
	measure := func(b *testing.B, x Data, y []int32, classes int, products float64) {
		p, err := newProblem(x, y, Options{Classes: loss.Uniform(classes, 2)})
		if err != nil {
			b.Fatal(err)
		}
		f := newObjective(always{}, x, p.heads, p.link(), p.total, Options{})
		v, g := make([]float64, f.dim()), make([]float64, f.dim())
		for i := range v {
			v[i] = float64(i%7) / 100
		}
		fastest := time.Duration(math.MaxInt64)
		for b.Loop() {
			start := time.Now()
			if _, err := f.ValueGrad(v, g); err != nil {
				b.Fatal(err)
			}
			fastest = min(fastest, time.Since(start))
		}
		b.ReportMetric(4*products/float64(fastest.Nanoseconds()), "Gflop/s")
		b.ReportMetric(float64(fastest.Nanoseconds())/products, "ns/product")
		b.ReportMetric(float64(fastest.Nanoseconds())/float64(x.Rows()), "ns/row")
	}
	for _, shape := range [][3]int{{20032, 64, 2}, {5056, 1024, 2}, {6000, 784, 10}, {60000, 784, 10}, {20032, 64, 3}, {20032, 64, 10}} {
		rows, columns, classes := shape[0], shape[1], shape[2]
		d := synthetic(1, rows, columns, 0.02)
		x := d.matrix(b)
		heads := classes
		if classes == 2 {
			heads = 1
		} else {
			for i := range d.y {
				d.y[i] = int32(i % classes)
			}
		}
		b.Run(fmt.Sprintf("%dx%dx%d", rows, columns, heads), func(b *testing.B) {
			measure(b, x, d.y, classes, float64(rows*columns*heads))
		})
	}
	for _, zipf := range []bool{false, true} {
		const rows, columns, each = 20000, 1 << 18, 100
		r := random{state: 1}
		indptr, indices, values, y := make([]int32, rows+1), []int32{}, []float32{}, make([]int32, rows)
		seen := map[int32]bool{}
		for i := range rows {
			clear(seen)
			for len(seen) < each {
				u := r.uniform()
				if zipf {
					u = math.Exp(u*math.Log(columns)) / columns
				}
				// Odd times odd: a column is as good as any other.
				if j := int32(int(u*columns) * 0x9e375 % columns); !seen[j] {
					seen[j] = true
					indices, values = append(indices, j), append(values, 0.1)
				}
			}
			indptr[i+1] = int32(len(indices))
			y[i] = int32(i % 2)
		}
		x, err := NewSparse(rows, columns, indptr, indices, values)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("sparse/zipf=%v", zipf), func(b *testing.B) { measure(b, x, y, 2, rows*each) })
	}
}
