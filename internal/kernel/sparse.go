package kernel

import "unsafe"

// CSR holds rows as compressed sparse rows: the entries of row i are Value[k]
// in column Index[k], k from Start[i] to before Start[i+1]. Every index is ≥ 0
// and below the length of the vectors that go with it: the loops, which go by
// pointers because a bounds check for each entry takes a third of the time, do
// not look again.
type CSR struct {
	Start, Index []int32
	Value        []float32
}

// SparseScores sets z[i] = bias + Σ value·w[column] of row from + i.
func SparseScores(z []float32, x CSR, from int, w []float32, bias float32) {
	base := unsafe.Pointer(unsafe.SliceData(w))
	start := x.Start[from:][:len(z)+1]
	for i := range z {
		index := x.Index[start[i]:start[i+1]]
		value := x.Value[start[i]:][:len(index)]
		s := float32(0)
		for k, j := range index {
			s += value[k] * *(*float32)(unsafe.Add(base, 4*uintptr(j)))
		}
		z[i] = s + bias
	}
}

// SparseAccumulate adds k[i] times row from + i to the sums of the columns.
func SparseAccumulate(sums []float64, x CSR, from int, k []float32) {
	base := unsafe.Pointer(unsafe.SliceData(sums))
	start := x.Start[from:][:len(k)+1]
	for i, c := range k {
		if c == 0 {
			continue
		}
		index := x.Index[start[i]:start[i+1]]
		value := x.Value[start[i]:][:len(index)]
		for k, j := range index {
			*(*float64)(unsafe.Add(base, 8*uintptr(j))) += float64(c * value[k])
		}
	}
}
