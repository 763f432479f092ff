package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// These tests compare what the build dispatches to with the reference: with
// SIMD they hold the vector kernels against it, without they are identities.

func normal32(r *rand.Rand, n int, scale float64) []float32 {
	out := make([]float32, n)
	for i := range out {
		out[i] = float32(r.NormFloat64() * scale)
	}
	return out
}

// near fails unless got is want within relative of scale.
func near(t *testing.T, what string, got, want, scale, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*scale) {
		t.Fatalf("%s: got %g, want %g (off by %.3g, allowed %.3g)", what, got, want, math.Abs(got-want), relative*scale)
	}
}

func TestPadding(t *testing.T) {
	for columns, want := range map[int]int{0: 0, 1: 4, 4: 4, 5: 8, 30: 32, 1024: 1024, 1025: 1028} {
		if got := Stride(columns); got != want {
			t.Errorf("Stride(%d) = %d, want %d", columns, got, want)
		}
	}
	for rows, want := range map[int]int{0: 0, 1: 16, 16: 16, 17: 32} {
		if got := Rows(rows); got != want {
			t.Errorf("Rows(%d) = %d, want %d", rows, got, want)
		}
	}
	for stride := range 5000 {
		if b := BlockRows(stride); b < Panel || b > MaxBlock || b%Panel != 0 {
			t.Fatalf("BlockRows(%d) = %d", stride, b)
		}
	}
}

// panels lays out random rows and returns, besides, the value at (i, j).
func panels(r *rand.Rand, rows, columns int) (x []float32, at func(i, j int) float64) {
	stride := Stride(columns)
	x = make([]float32, Rows(rows)*stride)
	index := func(i, j int) int { return i/Panel*Panel*stride + Panel*j + i%Panel }
	for i := range rows {
		for j := range columns {
			x[index(i, j)] = float32(r.NormFloat64())
		}
	}
	return x, func(i, j int) float64 { return float64(x[index(i, j)]) }
}

// What the build dispatches to, and the reference, against sums in float64.
func TestScoresAndAccumulate(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	shapes := [][2]int{{0, 0}, {0, 5}, {16, 0}, {300, 3}, {1025, 5}}
	for columns := range 1026 {
		shapes = append(shapes, [2]int{16 + columns%3*16, columns})
	}
	for _, shape := range shapes {
		rows, columns := shape[0], shape[1]
		x, at := panels(r, rows, columns)
		n, stride := Rows(rows), Stride(columns)
		w, k, start := normal32(r, stride, 1), normal32(r, n, 1), normal32(r, stride*Lanes, 1)
		for name, f := range map[string]struct {
			scores     func(z, x, w []float32, bias float32)
			accumulate func(g, x, k []float32)
		}{"dispatched": {Scores, Accumulate}, "reference": {scoresReference, accumulateReference}} {
			z, g := make([]float32, n), append([]float32(nil), start...)
			f.scores(z, x, w, 0.5)
			f.accumulate(g, x, k)
			for i := range n {
				want := 0.5
				for j := range columns {
					want += float64(w[j]) * at(i, j)
				}
				near(t, name+" scores", float64(z[i]), want, math.Sqrt(float64(columns))+1, 1e-5)
			}
			for j := range stride {
				for lane := range Lanes {
					want := float64(start[Lanes*j+lane])
					for i := lane; i < n; i += Lanes {
						want += float64(k[i]) * at(i, j)
					}
					near(t, name+" accumulate", float64(g[Lanes*j+lane]), want, math.Sqrt(float64(rows))+1, 3e-6)
				}
			}
		}
	}
}

func TestAccumulateScores(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	for columns := 0; columns <= 1025; columns += 1 + columns/20 {
		rows := 16 + columns%3*16
		x, _ := panels(r, rows, columns)
		next, _ := panels(r, rows, columns)
		w, k, g := normal32(r, Stride(columns), 1), normal32(r, rows, 1), normal32(r, Stride(columns)*Lanes, 1)
		wantZ, wantG := make([]float32, rows), append([]float32(nil), g...)
		scoresReference(wantZ, next, w, 0.5)
		accumulateReference(wantG, x, k)
		z := make([]float32, rows)
		AccumulateScores(g, x, k, z, next, w, 0.5)
		for i := range z {
			near(t, "score", float64(z[i]), float64(wantZ[i]), 1+math.Sqrt(float64(columns)), 1e-5)
		}
		for i := range g {
			near(t, "sum", float64(g[i]), float64(wantG[i]), 10, 1e-5)
		}
	}
}

func TestFold(t *testing.T) {
	total, g := []float64{100, 0}, []float32{1, 2, 3, 4, 0.5, 0.25, 0, -1}
	Fold(total, g)
	if total[0] != 110 || total[1] != -0.25 {
		t.Errorf("total %v, want [110 -0.25]", total)
	}
	for i, v := range g {
		if v != 0 {
			t.Errorf("g[%d] = %g after Fold, want 0", i, v)
		}
	}
}

// focalScale bounds what a rounding of z to float32 may change.
func focalScale(z, c, gamma float64) float64 {
	return math.Abs(c) * (1 + math.Abs(z)) * (1 + gamma)
}

func TestFocalAgainstReference(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for n := range 1026 {
		for _, gammas := range [][2]float32{{0, 0}, {1, 1}, {2, 2}, {0.5, 0.5}, {3.7, 3.7}, {4, 1}, {0, 2}} {
			if n > 260 && gammas[0] != 2 && n%97 != 0 {
				continue
			}
			z, c := normal32(r, n, 5), normal32(r, n, 1)
			if n > 3 {
				z[0], z[1], z[2] = 1e20, -1e20, 0
				c[3] = 0
			}
			grad, curv := make([]float32, n), make([]float32, n)
			wantGrad, wantCurv := make([]float32, n), make([]float32, n)
			terms := Terms{GammaNegative: gammas[0], GammaPositive: gammas[1]}
			switch n % 4 {
			case 1:
				terms.Epsilon = 1.5
			case 2:
				terms.Epsilon = -0.5
			case 3:
				terms.Clip = 0.05
			}
			loss, gradSum := Focal(z, c, terms, grad, curv)
			wantLoss, wantSum := focalReference(z, c, terms, wantGrad, wantCurv)
			gamma := float64(max(gammas[0], gammas[1])) + float64(terms.Epsilon)
			scale := 1.0
			for i := range z {
				s := focalScale(min(math.Abs(float64(z[i])), 100), float64(c[i]), gamma)
				near(t, "grad", float64(grad[i]), float64(wantGrad[i]), s, 1e-6)
				near(t, "curv", float64(curv[i]), float64(wantCurv[i]), s*(1+gamma), 1e-6)
				scale += focalScale(float64(z[i]), float64(c[i]), gamma)
			}
			near(t, "loss", loss, wantLoss, scale, 1e-6)
			near(t, "gradSum", gradSum, wantSum, scale, 1e-6)

			valueOnly, sumOnly := Focal(z, c, terms, nil, nil)
			if valueOnly != loss || sumOnly != gradSum {
				t.Fatalf("without outputs: %g, %g; with them: %g, %g", valueOnly, sumOnly, loss, gradSum)
			}
			Focal(z, c, terms, z, nil) // in place
			for i := range z {
				if z[i] != grad[i] {
					t.Fatalf("in place, element %d: %g, want %g", i, z[i], grad[i])
				}
			}
		}
	}
}

func TestFocalSoftmaxAgainstReference(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for n := range 67 {
		for _, gamma := range [][]float32{{0, 0}, {2, 2}, {1, 1, 1}, {2, 2, 2, 2, 2}, {0.5, 0.5, 0.5}, {5, 0, 2, 0.3}} {
			classes := len(gamma)
			z, c := normal32(r, n*classes, 4), make([]float32, n)
			label := make([]int32, n)
			for i := range label {
				label[i], c[i] = int32(r.IntN(classes)), r.Float32()*3
			}
			if n > 3 {
				for k := range classes {
					z[k*n], z[k*n+1], z[k*n+2] = 0, float32(k)*60, float32(-k)*60
				}
				z[3], c[3] = 1e20, 1
			}
			before := append([]float32(nil), z...)
			want := append([]float32(nil), z...)
			epsilon := float32(n%3) - 0.5
			if n%3 == 0 {
				epsilon = 0
			}
			loss := FocalSoftmax(z, label, c, gamma, epsilon)
			wantLoss := focalSoftmaxReference(want, label, c, gamma, epsilon, 0)
			scale := 1.0
			for i := range label {
				g := float64(gamma[label[i]])
				spread := 0.0
				for k := range classes {
					spread = max(spread, math.Abs(float64(before[k*n+i])))
				}
				scale += focalScale(spread, float64(c[i]), g)
				s := focalScale(min(spread, 300), float64(c[i]), g)
				for k := range classes {
					near(t, "grad", float64(z[k*n+i]), float64(want[k*n+i]), s, 1e-6)
				}
			}
			near(t, "loss", loss, wantLoss, scale, 1e-6)
		}
	}
}

// Two classes by softmax are the binary loss of the difference of logits.
func TestSoftmaxOfTwoIsBinary(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	const n = 64
	for _, gamma := range []float32{0, 1, 2, 3.5} {
		z := normal32(r, 2*n, 3)
		diff, c, signed := make([]float32, n), make([]float32, n), make([]float32, n)
		label := make([]int32, n)
		for i := range n {
			diff[i], c[i], label[i] = z[n+i]-z[i], 1, int32(i%2)
			signed[i] = float32(2*(i%2) - 1)
		}
		grad := make([]float32, n)
		want, _ := Focal(diff, signed, Terms{GammaNegative: gamma, GammaPositive: gamma, Epsilon: 1}, grad, nil)
		got := FocalSoftmax(z, label, c, []float32{gamma, gamma}, 1)
		near(t, "loss", got, want, want, 2e-6)
		for i := range n {
			near(t, "gradient", float64(z[n+i]), float64(grad[i]), 1+float64(gamma), 2e-6)
			near(t, "gradient of the other", float64(z[i]), -float64(grad[i]), 1+float64(gamma), 2e-6)
		}
	}
}

func TestLengthsThatDoNotFitPanic(t *testing.T) {
	for name, f := range map[string]func(){
		"Scores: lengths do not fit":     func() { Scores(make([]float32, 15), make([]float32, 60), make([]float32, 4), 0) },
		"Accumulate: lengths do not fit": func() { Accumulate(make([]float32, 16), make([]float32, 60), make([]float32, 16)) },
		"AccumulateScores: lengths do not fit": func() {
			AccumulateScores(make([]float32, 16), nil, make([]float32, 16), nil, nil, make([]float32, 4), 0)
		},
		"AccumulateScores: the next block is not as large": func() {
			AccumulateScores(make([]float32, 16), make([]float32, 64), make([]float32, 16), make([]float32, 32), nil, make([]float32, 4), 0)
		},
		"Fold: lengths do not fit":                           func() { Fold(make([]float64, 2), make([]float32, 7)) },
		"Focal: as many weights as logits":                   func() { Focal(make([]float32, 2), make([]float32, 1), Terms{}, nil, nil) },
		"Focal: grad has the wrong length":                   func() { Focal(make([]float32, 2), make([]float32, 2), Terms{}, make([]float32, 1), nil) },
		"FocalSoftmax: as many logits as rows times classes": func() { FocalSoftmax(make([]float32, 5), make([]int32, 2), nil, make([]float32, 3), 0) },
		"FocalSoftmax: as many weights as labels":            func() { FocalSoftmax(make([]float32, 6), make([]int32, 2), nil, make([]float32, 3), 0) },
		"SoftmaxProduct: as many logits as rows times classes": func() {
			SoftmaxProduct(nil, make([]float32, 6), nil, make([]int32, 2), nil, make([]float32, 3), 0)
		},
		"Gram: lengths do not fit":     func() { Gram(make([]float32, 4), make([]float32, 15), make([]float32, 15), 1) },
		"Pack: columns do not fit":     func() { Pack(nil, nil, nil, nil, nil, nil) },
		"Pack: lengths do not fit":     func() { c := make([]float32, 2); Pack(make([]float32, 64), make([]float32, 30), c, c, c, c) },
		"Products: lengths do not fit": func() { Products(nil, nil, make([]float32, 1), nil) },
		"Line: lengths do not fit":     func() { Line(make([]float32, 2), make([]float32, 2), make([]float32, 1), 0) },
		"Slope: lengths do not fit":    func() { Slope(make([]float32, 2), make([]float32, 1), make([]float32, 2)) },
	} {
		func() {
			defer func() {
				if got := recover(); got != "kernel: "+name {
					t.Errorf("panic %v, want %q", got, "kernel: "+name)
				}
			}()
			f()
		}()
	}
}

func TestProductsAgainstReference(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for d := range 9 {
		src, scale, shift := normal32(r, Panel*Stride(d), 2), normal32(r, d, 1), normal32(r, d, 1)
		got, want := make([]float32, Panel*(d+d*(d+1)/2)), make([]float32, Panel*(d+d*(d+1)/2))
		Products(got, src, scale, shift)
		productsReference(want, src, scale, shift)
		for i := range want {
			near(t, "product", float64(got[i]), float64(want[i]), 1+math.Abs(float64(want[i])), 1e-6)
		}
		if d > 1 {
			near(t, "u0·u1", float64(got[Panel*(d+1)+3]), float64(got[3])*float64(got[Panel+3]), 10, 1e-7)
		}
	}
}

func TestLineAgainstReference(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for n := range 1026 {
		a, b, k := normal32(r, n, 3), normal32(r, n, 3), normal32(r, n, 1)
		got, want := make([]float32, n), make([]float32, n)
		Line(got, a, b, 0.3)
		lineReference(want, a, b, 0.3)
		size := 0.0
		for i := range got {
			near(t, "Line", float64(got[i]), float64(want[i]), 3, 2e-7)
			size += math.Abs(float64(k[i]) * float64(b[i]-a[i]))
		}
		near(t, "Slope", Slope(k, a, b), slopeReference(k, a, b), size, 2e-7)
	}
}

func TestCosAgainstReference(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for n := range 40 {
		x := normal32(r, n, 30)
		if n > 5 {
			x[0], x[1], x[2], x[3], x[4] = 0, math.Pi, -math.Pi/2, 1e4, -9999.5
		}
		want := append([]float32(nil), x...)
		cosReference(want)
		Cos(x)
		for i := range x {
			near(t, "cos", float64(x[i]), float64(want[i]), 1, 4e-7)
		}
	}
}
