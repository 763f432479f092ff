package linear

import "math"

// Calibration maps posterior to calibrated probabilities. One of the three is set; lists have one entry per output, a
// logit or with several labels a label.
type Calibration struct {
	// Temperature divides the logit, or is the root of more than two probabilities.
	Temperature float64

	// Slope and Intercept make another logit of a logit (Platt).
	Slope, Intercept []float64

	// X and Y are points of a function of the probability, linear between them and constant beyond (isotonic).
	X, Y [][]float64
}

// logit returns the calibrated logit of an output, which isotonic calibration leaves as it is.
func (c *Calibration) logit(logit float64, output int) float64 {
	switch {
	case c == nil || c.X != nil:
		return logit
	case c.Slope != nil:
		return c.Slope[output]*logit + c.Intercept[output]
	default:
		return logit / c.Temperature
	}
}

// probability returns the calibrated probability of one of more than two classes, before they add up to 1 again.
func (c *Calibration) probability(p float64, class int) float64 {
	switch {
	case c.X != nil:
		return interpolate(c.X[class], c.Y[class], p)
	case c.Slope != nil:
		return sigmoid(c.Slope[class]*math.Log(p/(1-p)) + c.Intercept[class])
	default:
		return math.Pow(p, 1/c.Temperature)
	}
}

func interpolate(x, y []float64, at float64) float64 {
	for right, v := range x {
		if v <= at {
			continue
		}
		if right == 0 {
			return y[0]
		}
		left := right - 1
		return y[left] + (y[right]-y[left])*(at-x[left])/(x[right]-x[left])
	}
	return y[len(y)-1]
}

func sigmoid(t float64) float64 { return 1 / (1 + math.Exp(-t)) }
