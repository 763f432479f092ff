package linear

import (
	"math"
	"strconv"

	"github.com/focalfit/focalfit/internal/jsontext"
	"github.com/focalfit/focalfit/loss"
)

// ReadDocument reads a document of version 1 or 2, trusting nothing in it: a [loss.Error] of code [loss.BadModel] says
// what cannot be read. What only another fit needs is checked, and then left out.
func ReadDocument(text []byte) (*Document, error) {
	r := documentReader{Reader: jsontext.NewReader(text)}
	d := r.document()
	if err := r.End(); err != nil {
		if _, ok := err.(*loss.Error); !ok {
			err = badModel("it is no JSON: " + err.Error())
		}
		return nil, err
	}
	return d, nil
}

func badModel(what string) *loss.Error {
	return loss.Bad(loss.BadModel, "this model cannot be read: "+what)
}

// documentReader reads the parts of a document.
type documentReader struct{ *jsontext.Reader }

func (r documentReader) bad(what string) { r.Fail(badModel(what)) }

// fields reads an object. read has one entry for each field there may be.
func (r documentReader) fields(place string, read map[string]func(place string)) {
	if r.Kind() != jsontext.Object {
		r.bad(inPlace(place) + " must be an object")
		return
	}
	r.Object(func(name string) {
		if f := read[name]; f != nil {
			f(join(place, name))
			return
		}
		r.bad("unknown field " + join(place, name))
	})
}

func join(place, name string) string {
	if place == "" {
		return name
	}
	return place + "." + name
}

func inPlace(place string) string {
	if place == "" {
		return "it"
	}
	return place
}

// document reads a whole one. What one field says of another is checked when all are known.
func (r documentReader) document() *Document {
	d := &Document{Positive: -1}
	var (
		format, kind         string
		version, columns     float64
		positive             *Label
		given                = map[string]bool{}
		coefficients         [][]float64
		intercepts, means    []float64
		gamma, weight        []float64
		online, threshold    []float64
		thresholds           bool // a list of them
		clip, eps, smoothing float64
		fill                 []float64
	)
	number := func(to *float64) func(string) { return func(place string) { *to = r.number(place) } }
	numbers := func(to *[]float64) func(string) { return func(place string) { *to = r.numbers(place) } }
	all := map[string]func(string){
		"format": func(place string) { format = r.text(place) }, "version": number(&version),
		"classes": func(place string) { d.Classes = r.labels(place) }, "multiLabel": func(place string) { d.MultiLabel = r.flag(place) },
		"positiveClass": func(place string) {
			if r.Kind() == jsontext.Null {
				r.Null()
			} else if l, ok := ReadLabel(r.Reader); ok {
				positive = &l
			} else {
				r.bad("positiveClass must be a label or null")
			}
		},
		"columns": number(&columns), "table": func(place string) { d.Table = r.table(place) }, "fill": numbers(&fill),
		"features":     func(place string) { d.Features, kind = r.features(place) },
		"coefficients": func(place string) { coefficients = r.lists(place) }, "intercepts": numbers(&intercepts), "means": numbers(&means),
		"gamma": numbers(&gamma), "weight": numbers(&weight),
		"loss": func(place string) {
			r.fields(place, map[string]func(string){"clip": number(&clip), "epsilon": number(&eps), "smoothing": number(&smoothing)})
		},
		"calibration": func(place string) { d.Calibration = r.calibration(place) }, "online": numbers(&online),
		"threshold": func(place string) {
			switch r.Kind() {
			case jsontext.Null:
				r.Null()
			case jsontext.Array:
				threshold, thresholds = r.numbers(place), true
			default:
				threshold = []float64{r.number(place)}
			}
		},
		"options": func(string) { r.options() },
	}
	for name, read := range all {
		all[name] = func(place string) { given[name] = true; read(place) }
	}
	r.fields("", all)
	if r.Err() != nil {
		return nil
	}

	check := func(fine bool, what string) {
		if !fine {
			r.bad(what)
		}
	}
	for _, name := range [...]string{"format", "version", "classes", "positiveClass", "columns", "coefficients", "intercepts", "gamma", "weight", "threshold", "options"} {
		check(given[name], name+" is missing")
	}
	check(format == "focalfit", `its format is not "focalfit"`)
	check(version == 1 || version == 2, "its version is not 1 or 2")
	check(columns >= 1 && columns <= 1<<31-1 && columns == math.Trunc(columns), "columns must be a whole number ≥ 1")
	count := len(d.Classes)
	if d.MultiLabel {
		check(count >= 1, "classes must be one or more labels")
	} else {
		check(count >= 2, "classes must be two or more labels")
	}
	if r.Err() != nil {
		return nil
	}
	for i := 1; i < count; i++ {
		a, b := d.Classes[i-1], d.Classes[i]
		check(a.kind == b.kind && a.Before(b), "classes must be sorted, of one type")
	}
	d.Columns = int(columns)
	two := count == 2 && !d.MultiLabel
	if two {
		for i, l := range d.Classes {
			if positive != nil && *positive == l {
				d.Positive = i
			}
		}
		check(d.Positive >= 0, "positiveClass must be one of classes")
	} else {
		check(positive == nil, "positiveClass must be null")
	}
	size := d.Columns
	if f := d.Features; f != nil {
		r.list("features.mean", f.Mean, d.Columns, anyNumber)
		r.list("features.scale", f.Deviation, d.Columns, positiveNumber)
		if kind == "fourier" {
			check(len(f.Phases) > 0, "features.phases must be numbers")
			r.list("features.frequencies", f.Frequencies, d.Columns*len(f.Phases), anyNumber)
		} else {
			check(f.Phases == nil && f.Frequencies == nil, "features of this kind have no frequencies and no phases")
			check(d.Columns < 1<<15, "columns are too many for features of this kind")
		}
		if r.Err() != nil {
			return nil
		}
		size = f.Columns()
	}
	outputs := d.Outputs()
	perClass := count
	if d.MultiLabel {
		perClass = 2 * count
	}
	check(len(coefficients) == outputs, "coefficients must be "+strconv.Itoa(outputs)+" row(s)")
	for i, row := range coefficients {
		r.list("coefficients["+strconv.Itoa(i)+"]", row, size, anyNumber)
	}
	r.list("intercepts", intercepts, outputs, anyNumber)
	r.list("gamma", gamma, perClass, notNegative)
	r.list("weight", weight, perClass, positiveNumber)
	check(clip >= 0 && clip < 1 && smoothing >= 0 && smoothing < 1 && eps > -1, "loss must have clip and smoothing in [0, 1) and epsilon > −1")
	if given["means"] {
		r.list("means", means, size, anyNumber)
	}
	if given["fill"] {
		r.list("fill", fill, d.Columns, anyNumber)
		d.Fill = fill
	}
	if given["online"] {
		r.list("online", online, 1+count+2*d.Columns+2*outputs*(d.Columns+1), anyNumber)
	}
	if two || d.MultiLabel {
		check(thresholds == d.MultiLabel, "threshold must be a number, with several labels one for each")
		r.list("threshold", threshold, outputs, probability)
		d.Thresholds = threshold
	} else {
		check(threshold == nil, "threshold must be null")
	}
	if d.Table != nil {
		check(d.Table.columns() == d.Columns, "table makes "+strconv.Itoa(d.Table.columns())+" columns, not "+strconv.Itoa(d.Columns))
	}
	if d.Calibration != nil {
		r.checkCalibration(d.Calibration, outputs)
	}
	if r.Err() != nil {
		return nil
	}

	if means == nil {
		means = make([]float64, size)
	}
	// class returns γ and weight at a place of the document.
	class := func(at int) loss.Class { return loss.Class{Gamma: gamma[at], Weight: weight[at]} }
	model := Model{Columns: size, Clip: clip, Epsilon: eps, Smoothing: smoothing, Means: means}
	switch {
	case d.MultiLabel:
		for l := range count {
			m := model
			m.Classes = []loss.Class{class(2 * l), class(2*l + 1)}
			m.Coefficients, m.Intercepts = coefficients[l], intercepts[l:l+1]
			d.Models = append(d.Models, m)
		}
		return d
	case two:
		model.Classes = []loss.Class{class(1 - d.Positive), class(d.Positive)}
	default:
		for c := range count {
			model.Classes = append(model.Classes, class(c))
		}
	}
	for _, row := range coefficients {
		model.Coefficients = append(model.Coefficients, row...)
	}
	model.Intercepts = intercepts
	d.Models = []Model{model}
	return d
}

func (r documentReader) features(place string) (f *Features, kind string) {
	f = &Features{}
	r.fields(place, map[string]func(string){
		"kind": func(place string) {
			if kind = r.text(place); kind != "fourier" && kind != "polynomial" {
				r.bad(`features.kind must be "fourier" or "polynomial"`)
			}
		},
		"mean": func(place string) { f.Mean = r.numbers(place) }, "scale": func(place string) { f.Deviation = r.numbers(place) },
		"frequencies": func(place string) { f.Frequencies = r.numbers(place) }, "phases": func(place string) { f.Phases = r.numbers(place) },
	})
	if kind == "" {
		r.bad("features.kind is missing")
	}
	return f, kind
}

func (r documentReader) calibration(place string) *Calibration {
	c, method := &Calibration{}, ""
	own := map[string]string{"temperature": "temperature", "slope": "platt", "intercept": "platt", "x": "isotonic", "y": "isotonic"}
	var given []string
	note := func(name string, read func(place string)) func(string) {
		return func(place string) { given = append(given, name); read(place) }
	}
	r.fields(place, map[string]func(string){
		"method":      func(place string) { method = r.text(place) },
		"temperature": note("temperature", func(place string) { c.Temperature = r.number(place) }),
		"slope":       note("slope", func(place string) { c.Slope = r.numbers(place) }),
		"intercept":   note("intercept", func(place string) { c.Intercept = r.numbers(place) }),
		"x":           note("x", func(place string) { c.X = r.lists(place) }),
		"y":           note("y", func(place string) { c.Y = r.lists(place) }),
	})
	wanted := 0
	for _, m := range own {
		if m == method {
			wanted++
		}
	}
	for _, name := range given {
		if own[name] != method {
			wanted = 0
		}
	}
	if r.Err() == nil && (wanted == 0 || wanted != len(given)) {
		r.bad("calibration must have a method, and what belongs to it alone")
	}
	return c
}

func (r documentReader) checkCalibration(c *Calibration, outputs int) {
	switch {
	case c.X != nil:
		if len(c.X) != outputs || len(c.Y) != outputs {
			r.bad("calibration.x and calibration.y must be " + strconv.Itoa(outputs) + " row(s)")
			return
		}
		for output, x := range c.X {
			r.list("calibration.x", x, max(len(x), 1), probability)
			r.list("calibration.y", c.Y[output], len(x), probability)
			for i := 1; i < len(x) && r.Err() == nil; i++ {
				if x[i] <= x[i-1] || c.Y[output][i] < c.Y[output][i-1] {
					r.bad("calibration.x must rise, and calibration.y not fall")
				}
			}
		}
	case c.Slope != nil:
		r.list("calibration.slope", c.Slope, outputs, func(v float64) bool { return v != 0 })
		r.list("calibration.intercept", c.Intercept, outputs, anyNumber)
	default:
		r.list("calibration.temperature", []float64{c.Temperature}, 1, positiveNumber)
	}
}

func anyNumber(float64) bool        { return true }
func notNegative(v float64) bool    { return v >= 0 }
func positiveNumber(v float64) bool { return v > 0 }
func probability(v float64) bool    { return v >= 0 && v <= 1 }

// list checks that values are that many, and accepted.
func (r documentReader) list(place string, values []float64, length int, accept func(float64) bool) {
	if len(values) != length {
		r.bad(place + " must be " + strconv.Itoa(length) + " number(s)")
		return
	}
	for i, v := range values {
		if !accept(v) {
			r.bad(place + "[" + strconv.Itoa(i) + "] is out of its range")
			return
		}
	}
}

func (r documentReader) number(place string) float64 {
	if r.Kind() != jsontext.Number {
		r.bad(place + " must be a number")
		return 0
	}
	return r.Number()
}

func (r documentReader) text(place string) string {
	if r.Kind() != jsontext.String {
		r.bad(place + " must be a text")
		return ""
	}
	return r.String()
}

func (r documentReader) flag(place string) bool {
	if r.Kind() != jsontext.Bool {
		r.bad(place + " must be true or false")
		return false
	}
	return r.Bool()
}

// numbers reads an array of numbers, which is never nil.
func (r documentReader) numbers(place string) []float64 {
	values := []float64{}
	r.items(place, func(int) { values = append(values, r.number(place+"["+strconv.Itoa(len(values))+"]")) })
	return values
}

// lists reads an array of arrays of numbers, which is never nil.
func (r documentReader) lists(place string) [][]float64 {
	values := [][]float64{}
	r.items(place, func(i int) { values = append(values, r.numbers(place+"["+strconv.Itoa(i)+"]")) })
	return values
}

func (r documentReader) texts(place string) (values []string) {
	r.items(place, func(int) { values = append(values, r.text(place)) })
	return values
}

func (r documentReader) labels(place string) (labels []Label) {
	r.items(place, func(int) {
		l, ok := ReadLabel(r.Reader)
		if !ok {
			r.bad(place + " must be labels: texts, numbers or truth values")
		}
		labels = append(labels, l)
	})
	return labels
}

func (r documentReader) items(place string, each func(i int)) {
	if r.Kind() != jsontext.Array {
		r.bad(place + " must be a list")
		return
	}
	r.Array(each)
}
