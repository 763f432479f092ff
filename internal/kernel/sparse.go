package kernel

import "unsafe"

// Tiles are at most so many rows high and columns wide.
const (
	TileRows    = 1 << 14
	TileColumns = 1 << 13
)

// Tile holds the entries of some rows and columns of a sparse matrix, column by
// column, in four streams: entry i of q in each belongs to stream i/q and is in
// place 4·(i%q) + i/q, so that a step of a loop takes one of each, of columns far
// apart. Entries of value 0 fill up the last stream.
//
// Rows one after the other, with a gather from the weights and a sum in memory
// for each entry, took 1.4 to 1.9 times as long at 2¹⁸ columns: what a column needs
// is in the cache, and its sum in a register.
type Tile struct {
	// place is 4 times the row in the low half and 4 times the column in the high
	// one; its lowest bit says that the entry is the first of its column in the
	// stream.
	place []uint32
	value []float32

	n           int    // entries but those that fill up
	first, last [4]int // columns of each stream
}

// NewTile returns a tile for as many entries as counts has of each column, all
// to be put.
func NewTile(counts []int32) *Tile {
	check(len(counts) <= TileColumns, "NewTile: too many columns")
	n := 0
	for _, c := range counts {
		n += int(c)
	}
	q := (n + 3) / 4
	t := &Tile{n: n, place: make([]uint32, 4*q), value: make([]float32, 4*q)}
	i, last := 0, 0
	for j, c := range counts {
		for range c {
			t.begin(i, j, j != last)
			last = j
			i++
		}
	}
	for ; i < 4*q; i++ {
		t.begin(i, last, false)
	}
	return t
}

// begin sets all but the row and value of the i-th entry.
func (t *Tile) begin(i, column int, first bool) {
	q := len(t.place) / 4
	if i%q == 0 {
		t.first[i/q], first = column, true
	}
	t.last[i/q] = column
	slot := t.slot(i)
	if t.place[slot] = uint32(column) << 18; first {
		t.place[slot] |= 1
	}
}

func (t *Tile) slot(i int) int {
	q := len(t.place) / 4
	return 4*(i%q) + i/q
}

// Put sets the i-th entry, counted by columns.
func (t *Tile) Put(i, row int, value float32) {
	slot := t.slot(i)
	t.place[slot] |= uint32(row) << 2
	t.value[slot] = value
}

// Each calls f with every entry that was put.
func (t *Tile) Each(f func(row, column int, value *float32)) {
	for i := range t.n {
		slot := t.slot(i)
		p := t.place[slot]
		f(int(p&0xffff>>2), int(p>>18), &t.value[slot])
	}
}

// SparseScores adds Σ value·w[column] to z[row]. z has all rows of the tile and
// w all columns.
func SparseScores(z []float32, t *Tile, w []float32) {
	if len(t.place) == 0 {
		return
	}
	pp, pv, pz, pw := unsafe.Pointer(&t.place[0]), unsafe.Pointer(&t.value[0]), unsafe.Pointer(unsafe.SliceData(z)), unsafe.Pointer(unsafe.SliceData(w))
	for range len(t.place) / 4 {
		a, b, c, d := *(*uint32)(pp), *(*uint32)(unsafe.Add(pp, 4)), *(*uint32)(unsafe.Add(pp, 8)), *(*uint32)(unsafe.Add(pp, 12))
		za := (*float32)(unsafe.Add(pz, uintptr(a&0xfffc)))
		*za += *(*float32)(unsafe.Add(pw, uintptr(a>>16))) * *(*float32)(pv)
		zb := (*float32)(unsafe.Add(pz, uintptr(b&0xfffc)))
		*zb += *(*float32)(unsafe.Add(pw, uintptr(b>>16))) * *(*float32)(unsafe.Add(pv, 4))
		zc := (*float32)(unsafe.Add(pz, uintptr(c&0xfffc)))
		*zc += *(*float32)(unsafe.Add(pw, uintptr(c>>16))) * *(*float32)(unsafe.Add(pv, 8))
		zd := (*float32)(unsafe.Add(pz, uintptr(d&0xfffc)))
		*zd += *(*float32)(unsafe.Add(pw, uintptr(d>>16))) * *(*float32)(unsafe.Add(pv, 12))
		pp, pv = unsafe.Add(pp, 16), unsafe.Add(pv, 16)
	}
}

// SparseSums is room for the sums of [SparseAccumulate], 0 between its calls.
type SparseSums [TileColumns + 3]float64

// SparseAccumulate adds Σ value·k[row] to sums[column].
//
// A column's sum is kept in a register and stored at each entry, the last time
// whole: no loop waits for what it has just stored. Stream s stores one further
// by s, since the last column of a stream may be the first of the next.
func SparseAccumulate(sums []float64, t *Tile, k []float32, room *SparseSums) {
	if len(t.place) == 0 {
		return
	}
	pp, pv, pk, pg := unsafe.Pointer(&t.place[0]), unsafe.Pointer(&t.value[0]), unsafe.Pointer(unsafe.SliceData(k)), unsafe.Pointer(room)
	var sa, sb, sc, sd float64
	for range len(t.place) / 4 {
		a, b, c, d := *(*uint32)(pp), *(*uint32)(unsafe.Add(pp, 4)), *(*uint32)(unsafe.Add(pp, 8)), *(*uint32)(unsafe.Add(pp, 12))
		sa = sa*float64(int32(1&^a)) + float64(*(*float32)(unsafe.Add(pk, uintptr(a&0xfffc)))**(*float32)(pv))
		*(*float64)(unsafe.Add(pg, uintptr(a>>16)<<1)) = sa
		sb = sb*float64(int32(1&^b)) + float64(*(*float32)(unsafe.Add(pk, uintptr(b&0xfffc)))**(*float32)(unsafe.Add(pv, 4)))
		*(*float64)(unsafe.Add(pg, uintptr(b>>16)<<1+8)) = sb
		sc = sc*float64(int32(1&^c)) + float64(*(*float32)(unsafe.Add(pk, uintptr(c&0xfffc)))**(*float32)(unsafe.Add(pv, 8)))
		*(*float64)(unsafe.Add(pg, uintptr(c>>16)<<1+16)) = sc
		sd = sd*float64(int32(1&^d)) + float64(*(*float32)(unsafe.Add(pk, uintptr(d&0xfffc)))**(*float32)(unsafe.Add(pv, 12)))
		*(*float64)(unsafe.Add(pg, uintptr(d>>16)<<1+24)) = sd
		pp, pv = unsafe.Add(pp, 16), unsafe.Add(pv, 16)
	}
	for s, first := range t.first {
		for j := first; j <= t.last[s]; j++ {
			sums[j] += room[j+s]
			room[j+s] = 0
		}
	}
}
