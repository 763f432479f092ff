package linear

import (
	"math"

	"github.com/focalfit/focalfit/internal/jsontext"
)

// options checks those of a document, with which JavaScript fits again. Prediction needs none of them.
func (r documentReader) options() {
	given := map[string]bool{}
	var lossName, solver string
	var l1 float64
	multiLabel := false

	ranged := func(accept func(float64) bool) func(string) {
		return func(place string) { r.list(place, []float64{r.number(place)}, 1, accept) }
	}
	// either is a number or one for each class.
	either := func(one, each func(float64) bool) func(string) {
		return func(place string) {
			if r.Kind() == jsontext.Array {
				values := r.numbers(place)
				r.list(place, values, len(values), each)
				return
			}
			ranged(one)(place)
		}
	}
	choice := func(to *string, names ...string) func(string) {
		return func(place string) {
			name := r.text(place)
			for _, n := range names {
				if n == name {
					*to = name
					return
				}
			}
			r.bad(place + " is none of its values")
		}
	}
	flag := func(to *bool) func(string) { return func(place string) { *to = r.flag(place) } }
	var ignored bool
	var name string
	fraction := func(v float64) bool { return v >= 0 && v < 1 }
	open := func(v float64) bool { return v > 0 && v < 1 }
	aboveMinusOne := func(v float64) bool { return v > -1 }
	whole := func(v float64) bool { return v >= 0 && v <= 1<<53-1 && v == math.Trunc(v) }
	count := func(v float64) bool { return v >= 1 && v < 1<<31 && v == math.Trunc(v) }

	all := map[string]func(string){
		"gamma": either(notNegative, notNegative), "gammaPositive": ranged(notNegative), "gammaNegative": ranged(notNegative),
		"clip": ranged(fraction), "epsilon": ranged(aboveMinusOne), "labelSmoothing": ranged(fraction),
		"loss": choice(&lossName, "focal", "asymmetric", "poly1"), "alpha": either(open, positiveNumber), "classWeight": r.classWeight,
		"l2": ranged(notNegative), "l1": func(place string) { l1 = r.number(place); r.list(place, []float64{l1}, 1, notNegative) },
		"fitIntercept": flag(&ignored), "standardize": flag(&ignored), "multiLabel": flag(&multiLabel),
		"impute": choice(&name, "mean", "median"), "solver": choice(&solver, "auto", "lbfgs", "newton-cg", "owlqn", "ftrl"),
		"seed": ranged(whole), "maxIterations": ranged(count), "tolerance": ranged(positiveNumber),
		"positiveClass": func(place string) {
			if _, ok := ReadLabel(r.Reader); !ok {
				r.bad(place + " must be a label")
			}
		},
		"features": func(place string) {
			kind := ""
			var fields []string
			field := func(name string, read func(string)) func(string) {
				return func(place string) { fields = append(fields, name); read(place) }
			}
			r.fields(place, map[string]func(string){
				"kind":       choice(&kind, "fourier", "polynomial"),
				"components": field("fourier", ranged(count)), "bandwidth": field("fourier", ranged(positiveNumber)), "seed": field("fourier", ranged(whole)),
				"degree": field("polynomial", ranged(func(v float64) bool { return v == 2 })),
			})
			if kind == "" {
				r.bad(place + ".kind is missing")
			}
			for _, of := range fields {
				if of != kind {
					r.bad(place + " has a field of another kind")
				}
			}
		},
	}
	for name, read := range all {
		all[name] = func(place string) { given[name] = true; read(place) }
	}
	r.fields("options", all)
	for name, of := range map[string]string{"gammaPositive": "asymmetric", "gammaNegative": "asymmetric", "clip": "asymmetric", "epsilon": "poly1"} {
		if given[name] && lossName != of {
			r.bad("options." + name + " belongs to another loss")
		}
	}
	switch {
	case given["alpha"] && given["classWeight"]:
		r.bad("options.alpha and options.classWeight both weigh the classes")
	case lossName == "asymmetric" && given["gamma"]:
		r.bad("options.gamma belongs to another loss")
	case multiLabel && given["positiveClass"]:
		r.bad("options.positiveClass is for two classes")
	case l1 > 0 && (solver == "lbfgs" || solver == "newton-cg"):
		r.bad("options.solver cannot do l1 > 0")
	}
}

// classWeight checks "balanced", weights by label, or { effectiveNumber }, which has a range of its own.
func (r documentReader) classWeight(place string) {
	if r.Kind() == jsontext.String {
		if r.String() != "balanced" {
			r.bad(place + ` must be "balanced" or an object`)
		}
		return
	}
	if r.Kind() != jsontext.Object {
		r.bad(place + ` must be "balanced" or an object`)
		return
	}
	var effective float64
	entries, named := 0, false
	r.Object(func(label string) {
		v := r.number(place)
		if entries++; label == "effectiveNumber" {
			effective, named = v, true
		}
		if label != "effectiveNumber" && v <= 0 {
			r.bad(place + " must be weights > 0")
		}
	})
	if named && entries == 1 && !(effective >= 0 && effective < 1) || named && entries > 1 && effective <= 0 {
		r.bad(place + ".effectiveNumber is out of its range")
	}
}
