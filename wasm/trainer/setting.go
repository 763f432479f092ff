//go:build js && wasm

package trainer

import (
	"cmp"
	"math"
	"syscall/js"

	"github.com/focalfit/focalfit/linear"
	"github.com/focalfit/focalfit/loss"
)

// setting reads what a fit is besides its rows:
//
//	classes         their number K; of two, class 1 is the positive one
//	multiLabel      whether each class is an output of its own
//	gamma           Float64Array(K), with several labels 2·K
//	weight          as gamma, or "balanced", or β of the effective number
//	clip, epsilon, smoothing, l2, l1, fitIntercept, standardize, maxIterations, tolerance
//	solver          "auto" | "lbfgs" | "newton-cg" | "owlqn"
//	features        null | { kind: "fourier", components, bandwidth, seed } | { kind: "polynomial" }
func setting(request js.Value) (linear.Setting, error) {
	classes := wholeOf(request, "classes")
	if flagOf(request, "multiLabel") {
		classes *= 2
	}
	o := linear.Options{
		Classes:       make([]loss.Class, classes),
		Clip:          numberOf(request, "clip"),
		Epsilon:       numberOf(request, "epsilon"),
		Smoothing:     numberOf(request, "smoothing"),
		L2:            numberOf(request, "l2"),
		L1:            numberOf(request, "l1"),
		NoIntercept:   !flagOf(request, "fitIntercept"),
		NoStandardize: !flagOf(request, "standardize"),
		// Here 0 means 0, not the default.
		MaxIterations: cmp.Or(wholeOf(request, "maxIterations"), -1),
		Tolerance:     cmp.Or(numberOf(request, "tolerance"), math.SmallestNonzeroFloat64),
	}
	for name := textOf(request, "solver"); o.Solver <= linear.OWLQN && o.Solver.String() != name; {
		o.Solver++
	}
	if o.Solver > linear.OWLQN {
		return linear.Setting{}, loss.BadParameter("solver", "the solver must be auto, lbfgs, newton-cg or owlqn")
	}
	weights := make([]float64, classes)
	switch weight := field(request, "weight"); weight.Type() {
	case js.TypeString:
		o.Weighting = linear.Balanced
	case js.TypeNumber:
		o.Weighting, o.Beta = linear.EffectiveNumber, weight.Float()
	default:
		weights = slice[float64](weight)
	}
	gammas := floatsOf(request, "gamma")
	if len(gammas) != classes || len(weights) != classes {
		return linear.Setting{}, loss.Bad(loss.ShapeMismatch, "there must be one gamma and one weight for each class")
	}
	for k := range o.Classes {
		o.Classes[k] = loss.Class{Gamma: gammas[k], Weight: cmp.Or(weights[k], 1)}
		if o.Weighting == linear.Given {
			o.Classes[k].Weight = weights[k]
		}
	}
	s := linear.Setting{Options: o}
	if f := field(request, "features"); f.Truthy() {
		s.Expand = new(linear.Expansion)
		if textOf(f, "kind") == "fourier" {
			*s.Expand = linear.Expansion{Components: wholeOf(f, "components"), Bandwidth: numberOf(f, "bandwidth"), Seed: uint64(numberOf(f, "seed"))}
		}
	}
	return s, nil
}
