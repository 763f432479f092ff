package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// scatter puts entries at random, more of them in some columns, and returns
// what the tile then holds as rows of columns.
func scatter(r *rand.Rand, rows, columns, n int) (*Tile, [][]float32) {
	cells := make([][]float32, rows)
	for i := range cells {
		cells[i] = make([]float32, columns)
	}
	for range n {
		j := r.IntN(columns)
		if r.IntN(2) == 0 {
			j = min(columns-1, columns/3)
		}
		cells[r.IntN(rows)][j] = float32(r.NormFloat64())
	}
	counts := make([]int32, columns)
	for _, row := range cells {
		for j, v := range row {
			if v != 0 {
				counts[j]++
			}
		}
	}
	t, next, sum := NewTile(counts), make([]int, columns), 0
	for j, c := range counts {
		next[j] = sum
		sum += int(c)
	}
	for i, row := range cells {
		for j, v := range row {
			if v != 0 {
				t.Put(next[j], i, v)
				next[j]++
			}
		}
	}
	return t, cells
}

// The loops over tiles against sums over the cells.
func TestTiles(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 12))
	room := new(SparseSums)
	for n := range 400 {
		rows, columns := 1+r.IntN(60), 1+r.IntN(40)
		tile, cells := scatter(r, rows, columns, n)
		entries := 0
		tile.Each(func(row, column int, value *float32) {
			if entries++; cells[row][column] != *value {
				t.Fatalf("entry (%d, %d) is %g, want %g", row, column, *value, cells[row][column])
			}
		})
		z, k, w, sums := normal32(r, rows, 1), normal32(r, rows, 1), normal32(r, columns, 1), make([]float64, columns)
		wantZ, wantSums := make([]float64, rows), make([]float64, columns)
		for j := range sums {
			sums[j] = float64(j)
			wantSums[j] = float64(j)
		}
		found := 0
		for i, row := range cells {
			wantZ[i] = float64(z[i])
			for j, v := range row {
				wantZ[i] += float64(v) * float64(w[j])
				wantSums[j] += float64(v) * float64(k[i])
				if v != 0 {
					found++
				}
			}
		}
		if entries != found {
			t.Fatalf("%d entries, want %d", entries, found)
		}
		SparseScores(z, tile, w)
		SparseAccumulate(sums, tile, k, room)
		for i := range z {
			near(t, fmt.Sprintf("score of %d entries", n), float64(z[i]), wantZ[i], 10, 1e-6)
		}
		for j := range sums {
			near(t, fmt.Sprintf("sum of column %d of %d, %d entries", j, columns, n), sums[j], wantSums[j], 10+float64(j), 1e-6)
		}
		if *room != (SparseSums{}) {
			t.Fatal("the room is not left empty")
		}
	}
	full := make([]int32, TileColumns)
	for j := range full {
		full[j] = 1
	}
	large := NewTile(full)
	for j := range full {
		large.Put(j, TileRows-1-j, 1)
	}
	z := make([]float32, TileRows)
	SparseScores(z, large, normal32(r, TileColumns, 0)) // w is 0
	sums, k := make([]float64, TileColumns), make([]float32, TileRows)
	for i := range k {
		k[i] = float32(i)
	}
	SparseAccumulate(sums, large, k, room)
	for j, s := range sums {
		near(t, "sum of the largest tile", s, float64(TileRows-1-j), 1, 0)
	}
}

func BenchmarkTile(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, each := range []int{1, 4, 50} {
		counts := make([]int32, TileColumns)
		for j := range counts {
			counts[j] = int32(r.IntN(2*each + 1))
		}
		t := NewTile(counts)
		for i := range t.n {
			t.Put(i, r.IntN(TileRows), 1)
		}
		z, w, sums, room := make([]float32, TileRows), make([]float32, TileColumns), make([]float64, TileColumns), new(SparseSums)
		b.Run(fmt.Sprintf("each=%d", each), func(b *testing.B) {
			fastest := [2]time.Duration{math.MaxInt64, math.MaxInt64}
			for b.Loop() {
				start := time.Now()
				SparseScores(z, t, w)
				middle := time.Now()
				SparseAccumulate(sums, t, z, room)
				fastest[0], fastest[1] = min(fastest[0], middle.Sub(start)), min(fastest[1], time.Since(middle))
			}
			b.ReportMetric(float64(fastest[0].Nanoseconds())/float64(t.n), "scores-ns/entry")
			b.ReportMetric(float64(fastest[1].Nanoseconds())/float64(t.n), "accumulate-ns/entry")
		})
	}
}
