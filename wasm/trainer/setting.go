//go:build js && wasm

package main

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
	classes := request.Get("classes").Int()
	if request.Get("multiLabel").Bool() {
		classes *= 2
	}
	o := linear.Options{
		Classes:       make([]loss.Class, classes),
		Clip:          request.Get("clip").Float(),
		Epsilon:       request.Get("epsilon").Float(),
		Smoothing:     request.Get("smoothing").Float(),
		L2:            request.Get("l2").Float(),
		L1:            request.Get("l1").Float(),
		NoIntercept:   !request.Get("fitIntercept").Bool(),
		NoStandardize: !request.Get("standardize").Bool(),
		// Here 0 means 0, not the default.
		MaxIterations: cmp.Or(request.Get("maxIterations").Int(), -1),
		Tolerance:     cmp.Or(request.Get("tolerance").Float(), math.SmallestNonzeroFloat64),
	}
	for name := request.Get("solver").String(); o.Solver <= linear.OWLQN && o.Solver.String() != name; {
		o.Solver++
	}
	if o.Solver > linear.OWLQN {
		return linear.Setting{}, loss.BadParameter("solver", "the solver must be auto, lbfgs, newton-cg or owlqn")
	}
	weights := make([]float64, classes)
	switch weight := request.Get("weight"); weight.Type() {
	case js.TypeString:
		o.Weighting = linear.Balanced
	case js.TypeNumber:
		o.Weighting, o.Beta = linear.EffectiveNumber, weight.Float()
	default:
		weights = slice[float64](weight)
	}
	gammas := slice[float64](request.Get("gamma"))
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
	if f := request.Get("features"); f.Truthy() {
		s.Expand = new(linear.Expansion)
		if f.Get("kind").String() == "fourier" {
			*s.Expand = linear.Expansion{Components: f.Get("components").Int(), Bandwidth: f.Get("bandwidth").Float(), Seed: uint64(f.Get("seed").Float())}
		}
	}
	return s, nil
}
