//go:build js && wasm

package study

import (
	"errors"
	"strconv"
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/numbers"
	"github.com/focalfit/focalfit/example-site/page"
)

// Table is a table that was read. Its rows stay in JavaScript.
type Table struct {
	Source  Source
	File    string // its name, if it is a file
	Label   string // the column of the classes
	Rows    int
	Columns []string
	Notes   []string
	Classes []Class // the rarest first
	Numeric bool    // whether the classes are numbers
	Format  Format

	x, y js.Value
}

// Format is how a file is written, where it is not UTF-8 with decimal points.
type Format struct{ Encoding, Decimal string }

// Class is one of the classes of a table.
type Class struct {
	Name  string
	Rows  int
	label js.Value // as it is in y
}

// transactionRows is how many the generator makes.
const transactionRows = 284800

// mostClasses is how many classes a table may have.
const mostClasses = 50

// Reading is how a table is read.
type Reading struct {
	Signal     js.Value
	OnProgress func(rows int)
}

// ReadSource reads a table that the page brings along.
func ReadSource(source Source, r Reading) (*Table, error) {
	if source.Path == "" {
		return transactions(source, r)
	}
	return read(js.ValueOf(source.Path), source, source.Label, Format{}, r)
}

// ReadFile reads a file that the visitor brings, with a column of classes.
func ReadFile(file js.Value, label string, format Format, r Reading) (*Table, error) {
	t, err := read(file, File, label, format, r)
	if err != nil {
		return nil, err
	}
	t.File, t.Format = file.Get("name").String(), format
	return t, nil
}

func read(source js.Value, about Source, label string, format Format, r Reading) (*Table, error) {
	options := map[string]any{"label": label, "signal": r.Signal}
	if format.Encoding != "" {
		options["encoding"] = format.Encoding
	}
	if format.Decimal != "" {
		options["decimal"] = format.Decimal
	}
	if r.OnProgress != nil {
		f := page.Func(func(progress js.Value) { r.OnProgress(progress.Get("rows").Int()) })
		defer f.Release()
		options["onProgress"] = f
	}
	read, err := page.Await(page.Site.Call("readCSV", source, options))
	if err != nil {
		return nil, err
	}
	return newTable(about, label, read.Get("X"), read.Get("y"), page.Strings(read.Get("columns")), page.Strings(read.Get("notes")))
}

func transactions(source Source, r Reading) (*Table, error) {
	options := map[string]any{"signal": r.Signal}
	if r.OnProgress != nil {
		f := page.Func(func(share js.Value) { r.OnProgress(int(share.Float() * transactionRows)) })
		defer f.Release()
		options["onProgress"] = f
	}
	made, err := page.Await(page.Site.Call("transactions", options))
	if err != nil {
		return nil, err
	}
	return newTable(source, source.Label, made.Get("X"), made.Get("y"), page.Strings(made.Get("names")), nil)
}

func newTable(source Source, label string, x, y js.Value, columns, notes []string) (*Table, error) {
	classes := page.Site.Call("classesOf", y)
	labels, counts := classes.Get("labels"), classes.Get("counts")
	t := &Table{Source: source, Label: label, Rows: x.Get("rows").Int(), Columns: columns, Notes: notes, x: x, y: y}
	switch n := labels.Length(); {
	case n < 2:
		return nil, errors.New("Column “" + label + "” has the same value in every row, so there is nothing to tell apart: choose another column to predict.")
	case n > mostClasses:
		return nil, errors.New("Column “" + label + "” has " + numbers.Whole(n) + " different values, and this page tells up to " + strconv.Itoa(mostClasses) + " classes apart: choose another column to predict.")
	case len(columns) == 0:
		return nil, errors.New("No column is left to predict “" + label + "” from: the file needs one more column, of numbers, dates or categories that repeat.")
	}
	for i := range labels.Length() {
		value := labels.Index(i)
		t.Numeric = value.Type() == js.TypeNumber
		t.Classes = append(t.Classes, Class{Name: page.String(value), Rows: counts.Index(i).Int(), label: value})
	}
	return t, nil
}

// Class returns the class with a name; false if there is none.
func (t *Table) Class(name string) (Class, bool) {
	for _, c := range t.Classes {
		if c.Name == name {
			return c, true
		}
	}
	return Class{}, false
}

// IsEvery says whether a positive class means that all are told apart. A class
// may itself be called [EveryClass].
func (t *Table) IsEvery(positive string) bool {
	_, named := t.Class(EveryClass)
	return positive == EveryClass && !named
}

// Task is a table with what is to be told apart in it, and its split.
type Task struct {
	*Table
	Positive string // a class, or [EveryClass]
	Every    bool   // whether all classes are told apart, by softmax
	Others   string // otherwise the name of the other class, or of all others together
	Draw     int

	Train, Test Part
	positive    js.Value // the label of the positive class
}

// Part is the rows of a task that are trained on, or held out.
type Part struct {
	X, Y      js.Value
	Rows      int
	Positives int // rows of the positive class
}

// Grouped says whether several classes are put together as the others.
func (t *Task) Grouped() bool { return !t.Every && len(t.Classes) > 2 }

// fewestRows is how many rows each class of a task needs.
const fewestRows = 4

// NewTask splits a table's rows.
func NewTask(t *Table, positive string, draw int) (*Task, error) {
	task := &Task{Table: t, Positive: positive, Every: t.IsEvery(positive), Draw: draw, positive: js.Undefined()}
	y, rarest := t.y, t.Classes[0]
	if !task.Every {
		class, ok := t.Class(positive)
		if !ok {
			return nil, errors.New("There is no class “" + positive + "” in column “" + t.Label + "”: choose another.")
		}
		if task.Grouped() {
			task.Others = "not " + positive
			y = page.Site.Call("oneAgainstRest", y, class.label, positive, task.Others)
			task.positive = js.ValueOf(positive)
			rarest = class
			if others := t.Rows - class.Rows; others < class.Rows {
				rarest = Class{Name: task.Others, Rows: others}
			}
		} else {
			task.Others = t.Classes[0].Name
			if task.Others == positive {
				task.Others = t.Classes[1].Name
			}
			task.positive = class.label
		}
	}
	if rarest.Rows < fewestRows {
		return nil, errors.New("Only " + numbers.Plural(rarest.Rows, "row is", "rows are") + " of class “" + rarest.Name + "”, too few to train on some and judge by others: choose another class to find, or add rows.")
	}
	split, err := page.Await(page.Site.Call("split", t.x, y, map[string]any{"testFraction": TestShare, "seed": draw}))
	if err != nil {
		return nil, err
	}
	task.Train, task.Test = task.part(split.Get("train")), task.part(split.Get("test"))
	return task, nil
}

func (t *Task) part(split js.Value) Part {
	p := Part{X: split.Get("X"), Y: split.Get("y"), Rows: split.Get("rows").Length()}
	if !t.Every {
		counted := page.Site.Call("classesOf", p.Y)
		if at := counted.Get("labels").Call("indexOf", t.positive).Int(); at >= 0 {
			p.Positives = counted.Get("counts").Index(at).Int()
		}
	}
	return p
}
