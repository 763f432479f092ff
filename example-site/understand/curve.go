package understand

import (
	"math"

	"github.com/focalfit/focalfit/loss"
)

// Curves are the focal loss over the probability p of a row's own class.
type Curves struct {
	P    []float64
	Loss []float64 // FL(p) = −(1 − p)^γ·log p
	Pull []float64 // −dFL/dz, z = log(p/(1 − p)) being the logit of that class
}

// NewCurves returns the curves of a focusing parameter.
func NewCurves(gamma float64) Curves {
	const steps = 160
	var c Curves
	for i := range steps + 1 {
		// The ends are where z would be infinite.
		p := min(max(float64(i)/steps, 1e-4), 1-1e-4)
		f, f1 := At(p, gamma)
		c.P = append(c.P, p)
		c.Loss = append(c.Loss, f)
		c.Pull = append(c.Pull, f1)
	}
	return c
}

// At returns the loss and the pull at a probability between 0 and 1.
func At(p, gamma float64) (value, pull float64) {
	f, f1, _ := loss.Margin(math.Log(p/(1-p)), gamma)
	return f, -f1
}
