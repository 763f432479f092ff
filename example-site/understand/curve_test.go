package understand

import (
	"math"
	"testing"

	"github.com/focalfit/focalfit/loss"
)

func TestCurves(t *testing.T) {
	for _, gamma := range []float64{0, 0.5, 2, 5} {
		c := NewCurves(gamma)
		l := loss.NewBinary(gamma)
		for i, p := range c.P {
			if i > 0 && p <= c.P[i-1] {
				t.Fatalf("p = %g follows %g", p, c.P[i-1])
			}
			if want := -math.Pow(1-p, gamma) * math.Log(p); math.Abs(c.Loss[i]-want) > 1e-12*(1+want) {
				t.Errorf("γ = %g, p = %g: the loss is %g, not %g", gamma, p, c.Loss[i], want)
			}
			z := math.Log(p / (1 - p))
			value, gradient, _ := l.Point(z, 1)
			if math.Abs(c.Loss[i]-value) > 1e-12*(1+value) || math.Abs(c.Pull[i]+gradient) > 1e-12 {
				t.Errorf("γ = %g, p = %g: %g and %g, of the loss package %g and %g", gamma, p, c.Loss[i], c.Pull[i], value, -gradient)
			}
			const h = 1e-5
			fl := func(z float64) float64 { p := probability(z); return -math.Pow(1-p, gamma) * math.Log(p) }
			if difference := (fl(z-h) - fl(z+h)) / (2 * h); math.Abs(c.Pull[i]-difference) > 1e-8 {
				t.Errorf("γ = %g, p = %g: the pull is %g, by differences %g", gamma, p, c.Pull[i], difference)
			}
			if gamma == 0 && math.Abs(c.Pull[i]-(1-p)) > 1e-12 {
				t.Errorf("p = %g: cross-entropy pulls with %g", p, c.Pull[i])
			}
			if c.Pull[i] > 1.4 {
				t.Errorf("γ = %g, p = %g: the pull %g is beyond the chart", gamma, p, c.Pull[i])
			}
		}
	}
}
