// Package kernel holds the inner loops of focalfit: the scores of a block of
// rows, the loss of a block of logits, and the accumulation of a block into
// the gradient.
//
// Every loop over dense rows exists twice. The reference, plain Go in dot.go,
// focal.go, softmax.go and others, is compiled everywhere and is what the other
// is tested against.
// The files *_simd_wasm.go hold the WebAssembly SIMD form, compiled with
// GOEXPERIMENT=simd; *_generic.go forwards to the reference elsewhere. Sparse
// rows, for which WebAssembly has no gather, lie in tiles: see [Tile].
//
// # Panels
//
// A matrix lies in memory as panels of 16 rows, each panel column after
// column: with stride the number of columns rounded up to a multiple of 4,
// the value of row i and column j is at
//
//	(i/16)·16·stride + 16·j + i%16
//
// so that one vector holds four rows of one column. A score needs no sum
// across lanes, a column of a panel is one cache line, and the whole matrix is
// read from front to back. Against rows one after the other, four at a time,
// a pass took 0.84 of the time at 32 columns and 0.70 at 1024, where the
// cache's prefetcher follows one stream better than four. Columns and rows
// that only pad are zero; rows that only pad have weight zero besides.
//
// Kernels check no values; a length that does not fit panics.
package kernel

// Panel is the number of rows in a panel.
const Panel = 16

// Lanes is the number of partial sums that [Accumulate] keeps of a column.
const Lanes = 4

// Stride returns the number of columns that a panel holds for the given
// number of columns: rounded up to a multiple of 4, the steps of the loops.
func Stride(columns int) int { return (columns + 3) &^ 3 }

// Rows returns the number of rows that the panels of the given number of rows
// hold: rounded up to a multiple of 16.
func Rows(rows int) int { return (rows + Panel - 1) &^ (Panel - 1) }

// MaxBlock is the largest number of rows that [BlockRows] returns.
const MaxBlock = 256

// BlockRows returns how many rows of the given stride to treat as one block,
// a multiple of [Panel] up to [MaxBlock]: few enough that a block is still in
// the second cache when its scores have become its gradient, and enough that
// the calls for a block, some hundred nanoseconds in Go's wasm, do not tell.
func BlockRows(stride int) int {
	const bytes = 128 << 10
	return min(max(bytes/(4*max(stride, 1))&^(Panel-1), Panel), MaxBlock)
}

func check(ok bool, message string) {
	if !ok {
		panic("kernel: " + message)
	}
}
