package federated

import (
	"cmp"
	"math"

	"github.com/focalfit/focalfit/loss"
)

// Mode says what clients compute.
type Mode int

const (
	// Exact sums derivatives and takes Newton steps, to the pooled optimum.
	Exact Mode = iota
	// Averaging combines what clients reach by steps on their own rows.
	Averaging
)

// Rule says how the payloads of [Averaging] become one, statistics too.
type Rule int

const (
	Mean        Rule = iota // each client weighed by its rows
	Median                  // coordinate by coordinate
	TrimmedMean             // coordinate by coordinate, without a share at either end
)

// MaxExactColumns is the most that [Exact] takes: a Hessian of 33,153 numbers.
const MaxExactColumns = 256

const (
	maxAveragingColumns = 1 << 12 // 32 kB an update
	maxRounds           = 10_000
	maxSteps            = 1000
	maxClients          = 1_000_000
)

// Settings are what a federation agrees on before its first round.
type Settings struct {
	Columns int // d: from 1 to 256 in Exact mode, to 4096 in Averaging

	Gamma float64 // focusing parameter γ, from 0 to 100

	// Balanced weighs class c by n/(2·n_c), n being rows of the whole federation.
	// Otherwise the positive class weighs PositiveWeight, the other 1; if
	// PositiveWeight is 0, it is 1.
	Balanced       bool
	PositiveWeight float64

	L2 float64 // of the penalty (l2/2)·‖w‖², finite and ≥ 0

	Mode Mode

	// MaxRounds bounds the rounds, those of statistics included. If it is 0, it
	// is 50 in Exact mode and 100 in Averaging.
	MaxRounds int

	// Tolerance ends Exact mode where ‖∇J‖∞ ≤ Tolerance·max(1, ‖∇J(0)‖∞). If it
	// is 0, it is 1e-9. Averaging, which knows no gradient of J, ends after
	// MaxRounds.
	Tolerance float64

	// MinClients is the number of clients below which a round has no result. If
	// it is 0, it is 3.
	MinClients int

	// The rest is of Averaging only.

	Steps    int     // local steps of the first round, 1 from the middle on; if it is 0, it is 3
	Proximal float64 // μ of the local penalty (μ/2)·‖θ − θ_k‖², finite and ≥ 0
	Clip     float64 // C, the norm that an update is clipped to; if it is 0, it is 1
	Rule     Rule
	Trim     float64 // share that TrimmedMean leaves out at either end, in [0, 0.5)

	// Momentum is the server's β, from 0.001 to 0.99. If it is 0, it is 0.9.
	Momentum float64

	// Noise is σ: the sum of the updates gets Gaussian noise of deviation σ·C from
	// any MinClients − 1 of the clients, σ·C/√(MinClients − 1) from each, and every
	// client then weighs the same. It goes with the Rule Mean. See [Epsilon].
	Noise float64
}

// complete returns the settings with what is 0 set to its default.
func (s Settings) complete() Settings {
	rounds := 50
	if s.Mode == Averaging {
		rounds = 100
		s.Steps, s.Clip, s.Momentum = cmp.Or(s.Steps, 3), cmp.Or(s.Clip, 1), cmp.Or(s.Momentum, 0.9)
	}
	s.PositiveWeight = cmp.Or(s.PositiveWeight, 1)
	s.MaxRounds, s.Tolerance, s.MinClients = cmp.Or(s.MaxRounds, rounds), cmp.Or(s.Tolerance, 1e-9), cmp.Or(s.MinClients, 3)
	return s
}

// Check returns a [loss.Error] that says what to change, or nil.
func (s Settings) Check() error {
	if s.Mode != Exact && s.Mode != Averaging {
		return loss.BadParameter("mode", "the mode must be exact or averaging")
	}
	s = s.complete()
	within := func(v, low, high float64) bool { return v >= low && v <= high }
	switch {
	case s.Mode == Exact && (s.Columns < 1 || s.Columns > MaxExactColumns):
		return loss.BadParameter("columns", "exact mode takes 1 to 256 columns: use fewer, or averaging")
	case s.Columns < 1 || s.Columns > maxAveragingColumns:
		return loss.BadParameter("columns", "the number of columns must be from 1 to 4096")
	case !within(s.Gamma, 0, 100):
		return loss.BadParameter("gamma", "gamma must be from 0 to 100")
	case !within(s.PositiveWeight, 1e-9, 1e9):
		return loss.BadParameter("classWeight", "the weight of the positive class must be from 1e-9 to 1e9")
	case s.Balanced && s.PositiveWeight != 1:
		return loss.BadParameter("classWeight", "set balanced weights or the weight of the positive class, not both")
	case !within(s.L2, 0, 1e9):
		return loss.BadParameter("l2", "l2 must be from 0 to 1e9")
	case s.MaxRounds < 2 || s.MaxRounds > maxRounds:
		return loss.BadParameter("maxRounds", "the number of rounds must be from 2 to 10000")
	case !within(s.Tolerance, 1e-15, 1):
		return loss.BadParameter("tolerance", "the tolerance must be from 1e-15 to 1")
	case s.MinClients < 1 || s.MinClients > maxClients:
		return loss.BadParameter("minimumClients", "minimumClients must be from 1 to 1000000")
	}
	if s.Mode == Averaging {
		return s.checkAveraging()
	}
	if s.Steps != 0 || s.Proximal != 0 || s.Clip != 0 || s.Noise != 0 || s.Rule != Mean || s.Trim != 0 || s.Momentum != 0 {
		return loss.BadParameter("mode", "steps, proximal, clip, noise, rule, trim and momentum are of averaging: set the mode to averaging, or leave them out")
	}
	return nil
}

func (s Settings) checkAveraging() error {
	switch {
	case s.Steps < 1 || s.Steps > maxSteps:
		return loss.BadParameter("steps", "the number of local steps must be from 1 to 1000")
	case !(s.Proximal >= 0 && s.Proximal <= 1e9):
		return loss.BadParameter("proximal", "proximal must be from 0 to 1e9")
	case !(s.Clip > 0 && s.Clip <= 1e6):
		return loss.BadParameter("clip", "clip must be > 0 and at most 1e6")
	case !(s.Noise >= 0 && s.Noise <= 1e6):
		return loss.BadParameter("noise", "noise must be from 0 to 1e6")
	case s.Rule < Mean || s.Rule > TrimmedMean:
		return loss.BadParameter("rule", "the rule must be mean, median or trimmed")
	case !(s.Trim >= 0 && s.Trim < 0.5):
		return loss.BadParameter("trim", "trim must be in [0, 0.5): it is the share left out at either end")
	case s.Trim != 0 && s.Rule != TrimmedMean:
		return loss.BadParameter("trim", "trim is of the rule trimmed: set the rule to trimmed, or trim to 0")
	case s.Rule == TrimmedMean && s.Trim == 0:
		return loss.BadParameter("trim", "the rule trimmed needs trim > 0, the share left out at either end")
	case !(s.Momentum >= 0.001 && s.Momentum <= 0.99):
		return loss.BadParameter("momentum", "momentum must be from 0.001 to 0.99")
	case s.Noise > 0 && s.MinClients < 2:
		return loss.BadParameter("minimumClients", "one client alone hides behind nobody's noise: set minimumClients to 2 or more, or noise to 0")
	case s.Noise > 0 && s.Rule != Mean:
		return loss.BadParameter("noise", "what noise hides holds for a sum: set the rule to mean, or noise to 0")
	}
	return nil
}

func (s Settings) parameters() int { return s.Columns + 1 }

// deviation is that of the noise of one client, in each number of its update.
func (s Settings) deviation() float64 {
	if s.Noise == 0 {
		return 0
	}
	return s.Noise * s.Clip / math.Sqrt(float64(s.MinClients-1))
}

// loss returns the point loss with class weights.
func (s Settings) loss(weights [2]float64) loss.Binary {
	l := loss.NewBinary(s.Gamma)
	l.Negative.Weight, l.Positive.Weight = weights[0], weights[1]
	return l
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
