package kernel

// Scores sets z[i] = bias + Σ_j w[j]·x(i, j) for the rows of a block of
// panels.
//
// len(z) is a multiple of [Panel], len(w) is the stride, a multiple of 4, and
// x holds len(z)·len(w) values. Sums are float32, in the order that suits the
// machine.
func Scores(z, x, w []float32, bias float32) {
	check(len(z)%Panel == 0 && len(w)%4 == 0 && len(x) == len(z)*len(w), "Scores: lengths do not fit")
	scores(z, x, w, bias)
}

// Accumulate adds k[i]·x(i, j) of the rows of a block of panels to the sums of
// column j: that of row i to g[4·j + i%4], so that the gradient of column j is
// the sum of four (see [Fold]).
//
// len(k) is a multiple of [Panel], len(g) is 4 times the stride, itself a
// multiple of 4, and x holds len(k) times stride values.
func Accumulate(g, x, k []float32) {
	check(len(k)%Panel == 0 && len(g)%(4*Lanes) == 0 && len(x) == len(k)*(len(g)/Lanes), "Accumulate: lengths do not fit")
	accumulate(g, x, k)
}

// AccumulateScores is [Accumulate] of a block x and [Scores] of a next one, as
// large, in one loop: the next block comes out of memory while the products with
// the one that is in the cache are made. Against one after the other a pass took
// 0.77 of the time at 284,800 × 32, 0.94 at 20,032 × 64 and 0.86 at 5,056 × 1024.
func AccumulateScores(g, x, k, z, next, w []float32, bias float32) {
	check(len(k)%Panel == 0 && len(w)%4 == 0 && len(x) == len(k)*len(w) && len(g) == Lanes*len(w), "AccumulateScores: lengths do not fit")
	check(len(z) == len(k) && len(next) == len(x), "AccumulateScores: the next block is not as large")
	accumulateScores(g, x, k, z, next, w, bias)
}

// Fold adds the four partial sums of each column in g to total and clears g.
// Sums of float32 lose digits as they grow, so a caller with many rows folds
// every few thousand of them.
func Fold(total []float64, g []float32) {
	check(len(g) == Lanes*len(total), "Fold: lengths do not fit")
	for j := range total {
		s := (*[Lanes]float32)(g[Lanes*j:])
		total[j] += (float64(s[0]) + float64(s[1])) + (float64(s[2]) + float64(s[3]))
	}
	clear(g)
}

// scoresReference takes four rows at a time, so that a load of w serves four.
func scoresReference(z, x, w []float32, bias float32) {
	size := Panel * len(w)
	for i := 0; i < len(z); i += 4 {
		panel := x[i/Panel*size:][:size]
		var s0, s1, s2, s3 float32
		at := i % Panel
		for _, wj := range w {
			v := (*[4]float32)(panel[at:])
			s0 += wj * v[0]
			s1 += wj * v[1]
			s2 += wj * v[2]
			s3 += wj * v[3]
			at += Panel
		}
		z[i], z[i+1], z[i+2], z[i+3] = bias+s0, bias+s1, bias+s2, bias+s3
	}
}

func accumulateReference(g, x, k []float32) {
	size := Panel * (len(g) / Lanes)
	for i := 0; i < len(k); i += Panel {
		ki := (*[Panel]float32)(k[i:])
		panel := x[i/Panel*size:][:size]
		for j := 0; j < len(g); j += Lanes {
			v, s := (*[Panel]float32)(panel[Panel/Lanes*j:]), (*[Lanes]float32)(g[j:])
			s[0] += (ki[0]*v[0] + ki[4]*v[4]) + (ki[8]*v[8] + ki[12]*v[12])
			s[1] += (ki[1]*v[1] + ki[5]*v[5]) + (ki[9]*v[9] + ki[13]*v[13])
			s[2] += (ki[2]*v[2] + ki[6]*v[6]) + (ki[10]*v[10] + ki[14]*v[14])
			s[3] += (ki[3]*v[3] + ki[7]*v[7]) + (ki[11]*v[11] + ki[15]*v[15])
		}
	}
}
