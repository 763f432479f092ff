package federated

import (
	"math"

	"github.com/focalfit/focalfit/loss"
)

// Status says how far a federation is, or why it ended.
type Status int

const (
	Running   Status = iota
	Converged        // the gradient is within the tolerance
	Stalled          // no step is left that rounding would let decrease J
	Exhausted        // MaxRounds have been
)

func (s Status) String() string {
	return [...]string{"running", "converged", "stalled", "maxRounds"}[s]
}

// State is what is kept between two rounds. A state is never changed: Next
// makes another.
type State struct {
	settings Settings // complete
	round    int
	kind     Kind
	status   Status

	// What statistics give. Until they are complete, mean is what the columns are
	// measured from, and nil in round 0.
	counts      [2]float64
	weights     [2]float64
	mean, scale []float64

	// Of either class, in Averaging, unless one has few rows.
	classMean, classScale [2][]float64

	theta []float64 // what the round's clients are told
	limit float64   // of ‖∇J‖∞, Exact mode

	base   base
	server server
}

// base is the last point that was accepted, in Exact mode, and the step from
// it to theta.
type base struct {
	known     bool
	rows      float64 // behind it
	clients   int     // a hash of who they are
	theta     []float64
	value     float64 // J
	gradient  []float64
	hessian   []float64 // lower triangle
	predicted float64   // by how much the model says J falls
	radius    float64   // of the region the model is trusted in
	back      bool      // a step from here has been taken back
}

// server is what Averaging keeps.
type server struct {
	rows, loss float64   // of the last round's clients, before their steps
	momentum   []float64 // nil before the first update
}

// Start returns the state before round 0, or the error of [Settings.Check].
func Start(settings Settings) (State, error) {
	if err := settings.Check(); err != nil {
		return State{}, err
	}
	return State{settings: settings.complete(), kind: Statistics}, nil
}

// Round is what clients are told. Its slices must not be changed.
type Round struct {
	Number   int
	Kind     Kind
	Settings Settings // complete

	Theta   []float64  // p: the coefficients in standardised columns, then the intercept; nil during statistics
	Mean    []float64  // d: what is taken off the columns
	Scale   []float64  // d: what they are then divided by; 1 during statistics
	Weights [2]float64 // α₋, α₊; 1 during statistics

	Steps int // gradient steps of each client; 0 unless the round is Local

	// Counts are the rows of either class, 0 during statistics.
	Counts [2]float64

	// ClassMean and ClassScale are mean and deviation of the columns, d each, by
	// class, in the units of the input, for [Local]. They are nil if a class has
	// fewer than ten rows in the federation, for they would tell of each.
	ClassMean, ClassScale [2][]float64

	// Value and Gradient are J and ‖∇J‖∞ at the best point so far in Exact mode,
	// which is Theta once the round is [Done]; Value is the mean loss before the
	// last round's steps in Averaging, as the Rule has it. Both are 0 before there
	// is one.
	Value, Gradient float64
	Status          Status
}

// Round returns what the state's round tells its clients.
func (s State) Round() Round {
	r := Round{
		Number: s.round, Kind: s.kind, Settings: s.settings, Theta: s.theta, Mean: s.mean, Scale: s.scale,
		Weights: s.weights, Counts: s.counts, ClassMean: s.classMean, ClassScale: s.classScale, Status: s.status,
	}
	if s.base.known {
		r.Value, r.Gradient = s.base.value, maxNorm(s.base.gradient)
	} else if s.server.rows > 0 {
		r.Value = s.server.loss / s.server.rows
	}
	if s.kind == Local {
		r.Steps = s.steps()
	}
	if s.kind == Statistics {
		r.Scale, r.Weights = make([]float64, s.settings.Columns), [2]float64{1, 1}
		for j := range r.Scale {
			r.Scale[j] = 1
		}
		if s.mean == nil {
			r.Mean = make([]float64, s.settings.Columns)
		}
	}
	return r
}

// Next returns the state after a round whose result, by [Aggregate], is given.
// On an error the round has to be held again, or the federation given up.
func (s State) Next(result Result) (State, error) {
	if s.kind == Done {
		return s, loss.Bad(loss.BadInput, "the federation is done")
	}
	if want := s.kind.Length(s.settings.Columns); len(result.Numbers) != want {
		return s, loss.Bad(loss.ShapeMismatch, "the result of a round has the length of one payload")
	}
	for _, v := range result.Numbers {
		if !finite(v) {
			return s, loss.Bad(loss.NotFinite, "the result of the round is not finite: a client's values are too large")
		}
	}
	next := s
	var err error
	switch s.kind {
	case Statistics:
		err = next.measure(result.Numbers)
	case Derivatives:
		err = next.descend(result)
	case Local:
		err = next.average(result.Numbers)
	}
	if err != nil {
		return s, err
	}
	next.round++
	if next.kind != Done && next.round >= next.settings.MaxRounds {
		next.finish(Exhausted)
	}
	return next, nil
}

// finish ends the federation at the best point.
func (s *State) finish(status Status) {
	s.kind, s.status = Done, status
	if s.base.known {
		s.theta = s.base.theta
		s.base = base{known: true, rows: s.base.rows, theta: s.theta, value: s.base.value, gradient: s.base.gradient}
	}
	s.server.momentum = nil
}

const (
	// Where a column's mean is so many deviations off, a sum of squares about 0 has
	// lost the digits that the deviation needs, and clients are asked once more.
	farOff = 100
	// A deviation of less than this share of the mean is rounding.
	constant = 1e-15
	// Of fewer rows of a class its moments are not told.
	fewRows = 10
)

// measure takes statistics: scaler, weights and start. A column far from 0 is
// measured again, about its mean, before that.
//
// Clients stay private in sums only: from those of one or two clients, or from
// two rounds that differ by a client, rows can be told.
func (s *State) measure(result []float64) error {
	d := s.settings.Columns
	n := result[0] + result[1]
	if result[0] == 0 || result[1] == 0 {
		return loss.Bad(loss.OneClass, "all rows of the federation are of one class: it takes clients with rows of the other")
	}
	again := false
	mean, scale := make([]float64, d), make([]float64, d)
	for j := range mean {
		off := (result[2+j] + result[2+d+j]) / n
		square := (result[2+2*d+j] + result[2+3*d+j]) / n
		variance := max(square-off*off, 0)
		mean[j], scale[j] = off, math.Sqrt(variance)
		if s.mean != nil {
			mean[j] += s.mean[j]
		}
		if scale[j] <= constant*math.Abs(mean[j]) || variance <= 1e-14*square {
			scale[j] = 1
		}
		again = again || off*off > farOff*farOff*variance
	}
	if s.mean == nil && again {
		s.mean = mean
		return nil
	}
	shift := s.mean
	s.counts, s.mean, s.scale, s.weights = [2]float64{result[0], result[1]}, mean, scale, [2]float64{1, s.settings.PositiveWeight}
	if s.settings.Balanced {
		s.weights = [2]float64{n / (2 * s.counts[0]), n / (2 * s.counts[1])}
	}
	l := s.loss()
	s.theta = make([]float64, d+1)
	s.theta[d] = l.Intercept(s.counts[0], s.counts[1])
	s.kind = Local
	if s.settings.Mode == Averaging && min(s.counts[0], s.counts[1]) >= fewRows {
		s.classes(result, shift)
	}
	if s.settings.Mode == Exact {
		s.kind = Derivatives
		s.limit = s.settings.Tolerance * max(1, s.gradientAtZero(result, l))
	}
	return nil
}

// classes sets the moments of the classes; statistics are of x − shift.
func (s *State) classes(result, shift []float64) {
	d := s.settings.Columns
	for class, n := range s.counts {
		mean, scale := make([]float64, d), make([]float64, d)
		for j := range mean {
			off, square := result[2+class*d+j]/n, result[2+(2+class)*d+j]/n
			mean[j] = off
			if shift != nil {
				mean[j] += shift[j]
			}
			if variance := square - off*off; variance > 1e-14*square {
				scale[j] = math.Sqrt(variance)
			}
		}
		s.classMean[class], s.classScale[class] = mean, scale
	}
}

func (s *State) loss() loss.Binary { return s.settings.loss(s.weights) }

// gradientAtZero returns ‖∇J(0)‖∞: at w = 0 and b = 0 the derivative of the loss
// is the same for all rows of a class, so that sums of the rows suffice.
func (s *State) gradientAtZero(result []float64, l loss.Binary) float64 {
	d := s.settings.Columns
	n := s.counts[0] + s.counts[1]
	_, negative, _ := l.Point(0, 0)
	_, positive, _ := l.Point(0, 1)
	most := math.Abs(s.counts[0]*negative+s.counts[1]*positive) / n
	for j := range d {
		// The sums less the mean of all rows add up to 0 over the classes.
		low, high := result[2+j], result[2+d+j]
		own := (high*s.counts[0] - low*s.counts[1]) / n // Σ of class 1 less the mean
		most = max(most, math.Abs((positive-negative)*own/s.scale[j])/n)
	}
	return most
}
