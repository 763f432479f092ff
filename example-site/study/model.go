//go:build js && wasm

package study

import (
	"slices"
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/heldout"
	"github.com/focalfit/focalfit/example-site/page"
)

// Model is a trained model and what it says of the held-out rows.
type Model struct {
	Settings Settings
	Source   Source
	File     string // the name of the file, if it was one
	Format   Format // of the file
	Label    string // the column of the classes
	// NumericLabels says whether the classes are numbers in the table.
	NumericLabels bool
	Columns       []string
	Rows          int // trained on
	Grouped       bool

	Classes  []string // in the model's order
	Positive int      // of two classes the positive one, otherwise -1

	Classifier js.Value
	Report     js.Value

	Truth     []int     // of the held-out rows
	Posterior []float64 // rows × classes
	Raw       []float64 // the same, of the model's own output
	Predicted []int
	Threshold float64 // the model's own; 0 of more than two classes
	Tuned     float64 // where F1 is best on the training rows

	// Coefficients are in the units of the columns, and Importance is what each column usually adds to a logit: the mean
	// size over held-out rows. Both are outputs × columns.
	Coefficients, Importance []float64

	// HeldOut are the rows themselves; undefined after a reload, until the table is read again.
	HeldOut js.Value
}

// Fitting is how a fit is followed and stopped.
type Fitting struct {
	Signal     js.Value
	OnProgress func(js.Value)
}

// Fit trains a model on the training rows and has it say what the others are.
func Fit(task *Task, s Settings, f Fitting) (*Model, error) {
	options := map[string]any{"gamma": s.Gamma, "l2": s.L2(), "engine": page.Site.Get("engine")}
	if !task.Every {
		options["positiveClass"] = task.positive
	}
	switch s.Weight {
	case "balanced":
		options["classWeight"] = "balanced"
	case "number":
		// Both are named, and a class may be called __proto__.
		options["classWeight"] = js.Global().Get("Object").Call("fromEntries", []any{[]any{task.Positive, s.WeightNumber}, []any{task.Others, 1}})
	}
	classifier, err := page.Try(func() js.Value { return page.Site.Get("FocalClassifier").New(options) })
	if err != nil {
		return nil, err
	}
	fitOptions := map[string]any{"signal": f.Signal}
	if f.OnProgress != nil {
		progress := page.Func(f.OnProgress)
		defer progress.Release()
		fitOptions["onProgress"] = progress
	}
	report, err := page.Await(classifier.Call("fit", task.Train.X, task.Train.Y, fitOptions))
	if err != nil {
		return nil, err
	}
	m := &Model{
		Settings: s, Source: task.Source, File: task.File, Format: task.Format, Label: task.Label, NumericLabels: task.Numeric, Columns: task.Columns, Rows: task.Train.Rows, Grouped: task.Grouped(),
		Positive: -1, Classifier: classifier, Report: report, HeldOut: task.Test.X,
	}
	classes := classifier.Get("classes")
	for i := range classes.Length() {
		m.Classes = append(m.Classes, page.String(classes.Index(i)))
	}
	if !task.Every {
		m.Positive = classes.Call("indexOf", task.positive).Int()
	}
	for _, step := range []func() error{
		func() error { return m.predict(task, classes) },
		func() error { return m.tune(task, classes) },
		m.explain,
	} {
		if err := step(); err != nil {
			return nil, err
		}
		if f.Signal.Get("aborted").Bool() {
			return nil, &page.Failure{Code: "ABORTED", Message: "The fit was stopped."}
		}
	}
	return m, nil
}

// predict has the model say what the held-out rows are. Of many rows each step
// takes a while, and lets other events in before the next.
func (m *Model) predict(task *Task, classes js.Value) error {
	x := task.Test.X
	posterior, err := page.Await(m.Classifier.Call("predictProba", x))
	if err != nil {
		return err
	}
	raw, err := page.Await(m.Classifier.Call("predictProba", x, map[string]any{"raw": true}))
	if err != nil {
		return err
	}
	predicted, err := page.Await(m.Classifier.Call("predict", x))
	if err != nil {
		return err
	}
	m.Posterior, m.Raw = page.Float64s(posterior.Get("data")), page.Float64s(raw.Get("data"))
	page.Pause()
	m.Truth, m.Predicted = indices(task.Test.Y, classes), indices(predicted, classes)
	return nil
}

// tune finds the threshold that is best on the training rows, of two classes.
func (m *Model) tune(task *Task, classes js.Value) error {
	if m.Positive < 0 {
		return nil
	}
	m.Threshold = m.Classifier.Get("threshold").Float()
	learnt, err := page.Await(m.Classifier.Call("predictProba", task.Train.X))
	if err != nil {
		return err
	}
	rows := heldout.Scored{Probability: column(page.Float64s(learnt.Get("data")), 2, m.Positive)}
	page.Pause()
	rows.Positive = is(indices(task.Train.Y, classes), m.Positive)
	page.Pause()
	order := heldout.NewOrder(rows.Probability, 1, 0)
	page.Pause()
	m.Tuned, err = heldout.TunedThreshold(rows, order)
	return err
}

// IsOf says whether the model was judged by a task's rows, as far as their
// columns and labels tell.
func (m *Model) IsOf(task *Task) bool {
	return slices.Equal(m.Columns, task.Columns) && m.Rows == task.Train.Rows && slices.Equal(m.Truth, indices(task.Test.Y, m.Classifier.Get("classes")))
}

// Judge judges a class against the rest.
func (m *Model) Judge(class int) (heldout.Judgement, error) {
	k := len(m.Classes)
	return heldout.Judge(heldout.Scored{Probability: column(m.Posterior, k, class), Positive: is(m.Truth, class)}, column(m.Raw, k, class))
}

// Outcome is the model's part of a comparison.
func (m *Model) Outcome() heldout.Outcome {
	return heldout.Outcome{Classes: len(m.Classes), Truth: m.Truth, Posterior: m.Posterior, Predicted: m.Predicted, Positive: m.Positive, Tuned: m.Tuned}
}

// RowsWord is what several rows of the model's table are.
func (m *Model) RowsWord() string { return m.Source.Rows }

func indices(y, classes js.Value) []int { return ints(page.Site.Call("indicesOf", y, classes)) }

func column(data []float64, columns, at int) []float64 {
	list := make([]float64, len(data)/columns)
	for i := range list {
		list[i] = data[i*columns+at]
	}
	return list
}

func is(truth []int, class int) []bool {
	list := make([]bool, len(truth))
	for i, t := range truth {
		list[i] = t == class
	}
	return list
}
