//go:build goexperiment.simd && wasm

package kernel

import (
	"math"
	"testing"
)

func apply4(f func(v4) v4, x float32) float64 { return float64(f(splat(x)).GetElem(0)) }

func TestVectorMath(t *testing.T) {
	for _, test := range []struct {
		name     string
		vector   func(v4) v4
		exact    func(float64) float64
		from, to float64
		bound    float64
	}{
		{"exp4", exp4, math.Exp, -87, 88, 1.2e-7},
		{"log1pUnit4", log1pUnit4, math.Log1p, 0, 1, 2.4e-7},
		{"log1p4", log1p4, math.Log1p, 0, 4, 3e-7},
		{"log1p4 to 2^23", log1p4, math.Log1p, 0, 1 << 23, 3e-7},
		{"log1p4 to 1e38", log1p4, math.Log1p, 0, 1e38, 3e-7},
	} {
		worst, at := 0.0, float32(0)
		const steps = 1 << 20
		for i := range steps + 1 {
			x := float32(test.from + (test.to-test.from)*float64(i)/steps)
			want := test.exact(float64(x))
			if want == 0 {
				if got := apply4(test.vector, x); got != 0 {
					t.Errorf("%s(%g) = %g, want 0", test.name, x, got)
				}
				continue
			}
			if e := math.Abs(apply4(test.vector, x)/want - 1); e > worst {
				worst, at = e, x
			}
		}
		t.Logf("%s: worst relative error %.3g at %g", test.name, worst, at)
		if worst > test.bound {
			t.Errorf("%s: relative error %.3g at %g, bound %.3g", test.name, worst, at, test.bound)
		}
	}
	for _, x := range []float32{0, 1e-38, 1e-20, 1e-8} {
		if got := apply4(log1p4, x); math.Abs(got-float64(x)) > 3e-7*float64(x) {
			t.Errorf("log1p4(%g) = %g", x, got)
		}
	}
	if got := apply4(exp4, -1e20); got < 0 || got > 1.3e-38 {
		t.Errorf("exp4(-1e20) = %g", got)
	}
}
