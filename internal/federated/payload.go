package federated

import (
	"math"
	"strconv"

	"github.com/focalfit/focalfit/loss"
)

// Kind says what a round asks of its clients.
type Kind int

const (
	// Statistics, 2 + 4d numbers of x − s, s being the round's mean, which is 0
	// in round 0: n₀, n₁, Σ of class 0 (d), Σ of class 1 (d), Σ of squares of
	// class 0 (d), of class 1 (d).
	Statistics Kind = iota

	// Derivatives, 2 + p + p·(p+1)/2 numbers: rows, Σ loss, the gradient of Σ
	// loss (p), the lower triangle of its Hessian, row by row. The loss is
	// weighted by class, without penalty.
	Derivatives

	// Local, 2 + p numbers: rows, Σ loss before the local steps, and
	// Δ = θ_local − θ (p), clipped and, if asked, noised.
	Local

	// Done asks for nothing: the round holds the model.
	Done
)

func (k Kind) String() string {
	return [...]string{"statistics", "derivatives", "local", "done"}[k]
}

// Length returns how many float64 a payload has: 0 for [Done].
func (k Kind) Length(columns int) int {
	p := columns + 1
	switch k {
	case Statistics:
		return 2 + 4*columns
	case Derivatives:
		return 2 + p + triangle(p)
	case Local:
		return 2 + p
	}
	return 0
}

// triangle returns the size of a p × p matrix's lower triangle, which lies row
// after row: entry (i, j), j ≤ i, is at triangle(i) + j.
func triangle(p int) int { return p * (p + 1) / 2 }

// maxRows bounds the rows a client may claim, so that sums of them stay exact.
const maxRows = 1 << 40

// Check returns a [loss.Error] unless payload can be what one client answers:
// its length, finite numbers, whole counts ≥ 0 that leave no sum without rows,
// squares that fit their sums (Cauchy–Schwarz), a loss ≥ 0, curvature and slope
// within what the rows can have in the intercept, and for [Local] a norm
// within clip and noise. It bounds what a broken client does, not what a
// hostile one may claim.
func (r *Round) Check(payload []float64) error {
	want := r.Kind.Length(r.Settings.Columns)
	if r.Kind == Done {
		return loss.Bad(loss.BadInput, "the federation is done and takes no payload")
	}
	if len(payload) != want {
		return loss.Bad(loss.ShapeMismatch, "a payload of "+r.Kind.String()+" has "+strconv.Itoa(want)+" numbers, not "+strconv.Itoa(len(payload)))
	}
	for i, v := range payload {
		// The bound keeps sums of a million payloads, and their squares, finite.
		if !(math.Abs(v) <= 1e140) {
			return loss.BadAt(loss.NotFinite, i, -1, "a payload holds finite numbers of at most 1e140")
		}
	}
	if !isCount(payload[0]) || r.Kind == Statistics && !isCount(payload[1]) {
		return loss.Bad(loss.BadInput, "a number of rows must be whole, ≥ 0 and at most 2^40")
	}
	switch r.Kind {
	case Statistics:
		return r.checkStatistics(payload)
	case Derivatives:
		return r.checkDerivatives(payload)
	}
	return r.checkLocal(payload)
}

func isCount(v float64) bool { return v >= 0 && v <= maxRows && v == math.Trunc(v) }

// rounding is by how much relatively a client's sums may break an inequality.
const rounding = 1e-9

func (r *Round) checkStatistics(payload []float64) error {
	d := r.Settings.Columns
	for class := range 2 {
		n, sums, squares := payload[class], payload[2+class*d:][:d], payload[2+(2+class)*d:][:d]
		for j, sum := range sums {
			if squares[j] < 0 || sum*sum > n*squares[j]*(1+rounding) || n == 0 && squares[j] != 0 {
				return loss.BadAt(loss.BadInput, -1, j, "a column's sum, its sum of squares and the number of rows do not fit together")
			}
		}
	}
	return nil
}

func (r *Round) checkDerivatives(payload []float64) error {
	p := r.Settings.parameters()
	rows, sum, gradient, hessian := payload[0], payload[1], payload[2:][:p], payload[2+p:]
	if sum < 0 || rows == 0 && sum != 0 {
		return loss.Bad(loss.BadInput, "a sum of losses must be ≥ 0, and 0 without rows")
	}
	// |f′| ≤ 1 + γ/e and |f″| ≤ 1 + 3γ at every margin, for weight 1.
	limit := rows * max(r.Weights[0], r.Weights[1]) * (1 + rounding)
	if math.Abs(gradient[p-1]) > limit*(1+r.Settings.Gamma) || math.Abs(hessian[triangle(p)-1]) > limit*(1+3*r.Settings.Gamma) {
		return loss.Bad(loss.BadInput, "the derivatives in the intercept are larger than those of so many rows can be")
	}
	return nil
}

func (r *Round) checkLocal(payload []float64) error {
	s := r.Settings
	switch {
	case payload[1] < 0:
		return loss.Bad(loss.BadInput, "a sum of losses must be ≥ 0")
	case s.Noise > 0 && (payload[0] != 1 || payload[1] != 0):
		return loss.Bad(loss.BadInput, "with noise an update says 1 row and no loss: every client weighs the same")
	}
	// Beyond 8 deviations over the mean length no noise comes.
	bound := s.Clip + s.deviation()*(math.Sqrt(float64(s.parameters()))+8)
	if !(norm(payload[2:]) <= bound*(1+rounding)) {
		return loss.Bad(loss.BadInput, "an update is longer than clip and noise allow: clip it")
	}
	return nil
}

// Add adds a payload to sum, elementwise. They are of the same length.
func Add(sum, payload []float64) {
	if len(sum) != len(payload) {
		panic("federated: lengths differ")
	}
	for i, v := range payload {
		sum[i] += v
	}
}

func norm(v []float64) float64 { return math.Sqrt(dot(v, v)) }

func dot(a, b []float64) float64 {
	sum := 0.0
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}

// maxNorm returns ‖v‖∞.
func maxNorm(v []float64) float64 {
	most := 0.0
	for _, x := range v {
		if a := math.Abs(x); a > most || a != a {
			most = a
		}
	}
	return most
}
