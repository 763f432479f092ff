package optimize

import "math"

// The constants of the Wolfe conditions: sufficient decrease and curvature.
const (
	decrease  = 1e-4
	curvature = 0.9
)

// wolfe searches a t > 0 that satisfies the strong Wolfe conditions
//
//	φ(t) ≤ φ(0) + c₁·t·φ′(0)  and  |φ′(t)| ≤ c₂·|φ′(0)|
//
// by bracketing, with the minimum of a cubic as the next trial, kept away from
// the bracket's ends. Near a minimum, where differences of φ drown in rounding,
// the first condition is replaced by the approximate one, which goes by the
// slope and lets φ rise by the noise.
//
// Sources: Nocedal and Wright, "Numerical Optimization", 2006, chapter 3.5;
// Hager and Zhang, "A New Conjugate Gradient Method with Guaranteed Descent",
// 2005, section 4 (approximate condition).
type wolfe struct {
	value, slope float64 // φ(0), φ′(0) < 0
	noise        float64 // what φ may be off by

	low, high            float64
	lowValue, lowSlope   float64
	highValue, highSlope float64
}

func newWolfe(value, slope, noise float64) *wolfe {
	return &wolfe{value: value, slope: slope, noise: noise, high: math.Inf(1), lowValue: value, lowSlope: slope}
}

// next judges the trial t. It is done with it, or returns the next trial.
func (w *wolfe) next(t, value, slope float64) (trial float64, done bool) {
	switch {
	case !w.decreases(t, value, slope):
		w.high, w.highValue, w.highSlope = t, value, slope
	case slope > -curvature*w.slope:
		w.high, w.highValue, w.highSlope = t, value, slope
	case slope < curvature*w.slope:
		w.low, w.lowValue, w.lowSlope = t, value, slope
		if math.IsInf(w.high, 1) {
			return w.extrapolate(t, slope), false
		}
	default:
		return t, true
	}
	return w.interpolate(), false
}

func (w *wolfe) decreases(t, value, slope float64) bool {
	if !finite(value) || !finite(slope) {
		return false
	}
	return value <= w.value+decrease*t*w.slope ||
		value <= w.value+w.noise && slope <= (2*decrease-1)*w.slope
}

// extrapolate goes on to where the slope would vanish if it changed as it did
// so far, at least twice and at most ten times as far.
func (w *wolfe) extrapolate(t, slope float64) float64 {
	if slope <= w.slope {
		return 10 * t
	}
	return min(max(t*w.slope/(w.slope-slope), 2*t), 10*t)
}

// interpolate returns the minimum of the cubic through the bracket's ends, at
// least a tenth of the bracket away from either.
func (w *wolfe) interpolate() float64 {
	width := w.high - w.low
	middle := w.low + width/2
	if !finite(w.highValue) || !finite(w.highSlope) {
		return w.low + width/10
	}
	theta := w.lowSlope + w.highSlope - 3*(w.highValue-w.lowValue)/width
	root := theta*theta - w.lowSlope*w.highSlope
	if root < 0 {
		return middle
	}
	gamma := math.Sqrt(root)
	t := w.high - width*(w.highSlope+gamma-theta)/(w.highSlope-w.lowSlope+2*gamma)
	if !finite(t) {
		return middle
	}
	return min(max(t, w.low+width/10), w.high-width/10)
}
