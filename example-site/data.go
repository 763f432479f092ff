//go:build js && wasm

package main

import (
	"errors"
	"strconv"
	"syscall/js"

	"honnef.co/go/js/dom/v2"

	"github.com/focalfit/focalfit/example-site/table"
)

const (
	heldOutShare = 0.3
	maxFile      = 100 << 20 // bytes
)

// data is the table that is trained on.
type data struct {
	weather  *table.Features
	file     *table.Text // the visitor's
	fileName string

	fromFile bool
	features table.Features
	positive string
	draw     uint64
	loading  int // counts the loads, so that a late one is noticed

	// What follows from the class and the draw.
	training, heldOut     part
	columns               []int
	ready, problem        bool
	trainingX, heldOutX   []float64
	others                string
	rowWord, rowsWord     string
	constantWhileTraining []string
}

// part is some of the rows and which of them are positive.
type part struct {
	rows      []int
	positive  []bool
	positives int
}

func (a *app) listenToData() {
	a.data.draw = 1
	for _, id := range []string{"source-weather", "source-file"} {
		listen(element(id), "change", later(a.chooseSource))
	}
	listen(element("file"), "change", later(func() {
		if files := input("file").Underlying().Get("files"); files.Length() > 0 {
			a.loadFile(files.Index(0))
		}
	}))
	listen(element("file"), "click", func(dom.Event) { input("file").SetValue("") }) // so that the same file can be chosen again
	drop := element("drop")
	for _, kind := range []string{"dragenter", "dragover"} {
		listen(drop, kind, func(e dom.Event) {
			e.PreventDefault()
			drop.Class().Add("over")
		})
	}
	listen(drop, "dragleave", func(dom.Event) { drop.Class().Remove("over") })
	listen(drop, "drop", func(e dom.Event) {
		e.PreventDefault()
		drop.Class().Remove("over")
		if files := e.Underlying().Get("dataTransfer").Get("files"); files.Length() > 0 {
			file := files.Index(0)
			go a.loadFile(file)
		}
	})
	// A file dropped beside the field must not replace the page.
	for _, kind := range []string{"dragover", "drop"} {
		document.AddEventListener(kind, false, func(e dom.Event) { e.PreventDefault() })
	}
	listen(element("label"), "change", later(a.chooseLabel))
	listen(element("positive"), "change", later(a.choosePositive))
	listen(element("draw"), "click", later(func() {
		a.data.draw++
		a.choosePositive()
	}))
}

// chooseSource shows the table that is chosen, and loads the weather.
func (a *app) chooseSource() {
	d := &a.data
	d.loading++
	load := d.loading
	d.fromFile = input("source-file").Checked()
	d.rowWord, d.rowsWord = "day", "days"
	if d.fromFile {
		d.rowWord, d.rowsWord = "row", "rows"
	}
	show("file-part", d.fromFile)
	show("task", !d.fromFile)
	a.forget()

	switch {
	case d.fromFile && d.file != nil:
		a.chooseLabel()
	case d.fromFile:
		a.noData("")
		say("Choose a CSV file.")
	case d.weather == nil:
		features, err := a.loadWeather()
		if load != d.loading {
			return
		}
		if err != nil {
			a.noData("The weather table could not be loaded (" + err.Error() + "). Reload the page, or choose a file of yours.")
			return
		}
		d.weather = features
		fallthrough
	default:
		d.features = *d.weather
		a.showFeatures()
	}
}

func (a *app) loadWeather() (*table.Features, error) {
	joined, err := await(a.site.Call("fetchWeather"))
	if err != nil {
		return nil, err
	}
	text, err := table.Decode(joined.String())
	if err != nil {
		return nil, err
	}
	features, err := table.Weather(text)
	return &features, err
}

func (a *app) loadFile(file js.Value) {
	d := &a.data
	d.loading++
	load := d.loading
	d.file, d.fileName = nil, file.Get("name").String()
	setText("file-name", d.fileName)
	show("label-part", false)
	a.noData("")
	say("Reading " + d.fileName + "…")
	a.pause()

	text, err := a.readFile(file)
	if load != d.loading {
		return
	}
	var labels []int
	if err == nil {
		labels = text.LabelColumns()
		if len(labels) == 0 {
			err = errors.New("No column has between 2 and " + strconv.Itoa(table.MaxClasses) + " different values, so there is no class to find.")
		}
	}
	if err != nil {
		a.noData(d.fileName + ": " + err.Error())
		return
	}
	d.file = &text
	options := make([]option, len(labels))
	for i, j := range labels {
		options[i] = option{value: strconv.Itoa(j), text: text.Names[j]}
	}
	setOptions("label", options)
	show("label-part", true)
	a.chooseLabel()
}

func (a *app) readFile(file js.Value) (table.Text, error) {
	if file.Get("size").Float() > maxFile {
		return table.Text{}, errors.New("The file is larger than " + strconv.Itoa(maxFile>>20) + " MB, more than this page takes.")
	}
	joined, err := await(a.site.Call("readCSV", file))
	if err != nil {
		return table.Text{}, err
	}
	return table.Decode(joined.String())
}

// chooseLabel turns the visitor's table into numbers.
func (a *app) chooseLabel() {
	d := &a.data
	d.loading++
	load := d.loading
	label, err := strconv.Atoi(selection("label").Value())
	if err != nil {
		return
	}
	a.noData("")
	say("Turning the table into numbers…")
	superseded := errors.New("superseded")
	features, err := d.file.Features(label, func() error {
		if a.pause(); load != d.loading {
			return superseded
		}
		return nil
	})
	switch {
	case load != d.loading:
	case err != nil:
		a.noData(err.Error())
	default:
		d.features = features
		a.showFeatures()
	}
}

// showFeatures offers the classes, the rarest first.
func (a *app) showFeatures() {
	f := a.data.features
	counts := table.Counts(f.Labels, len(f.Labels))
	var options []option
	chosen := -1
	for _, c := range counts {
		o := option{value: c.Value, text: c.Value + " (" + whole(c.Rows) + " of " + whole(f.Rows()) + ")", disabled: c.Rows < 2}
		if chosen < 0 && !o.disabled {
			chosen = len(options)
		}
		options = append(options, o)
	}
	setOptions("positive", options)
	show("positive-part", true)
	a.showColumns()
	switch {
	case len(counts) < 2:
		a.noData("Of the rows that can be used, all have the label “" + counts[0].Value + "”: there is nothing to tell apart.")
	case chosen < 0:
		a.noData("No class has 2 usable rows, one to train on and one to hold out.")
	default:
		selection("positive").SetSelectedIndex(chosen)
		a.choosePositive()
	}
}

// choosePositive divides the rows.
func (a *app) choosePositive() {
	d := &a.data
	a.forget()
	d.positive = selection("positive").Value()
	d.others = "not " + d.positive
	y := d.features.Positive(d.positive)
	training, heldOut, err := table.Split(y, heldOutShare, d.draw)
	if err != nil {
		a.noData(err.Error())
		return
	}
	d.columns, d.constantWhileTraining = d.features.Varying(training)
	if len(d.columns) == 0 {
		a.noData("Every column has the same value in all training rows: there is nothing to learn from.")
		return
	}
	d.training, d.heldOut = take(y, training), take(y, heldOut)
	d.trainingX = d.features.Take(training, d.columns)
	d.heldOutX = d.features.Take(heldOut, d.columns)
	d.ready, d.problem = true, false
	problem("data-problem", "")
	show("rows", true)
	setText("rows", whole(len(y))+" "+d.rowsWord+": "+d.counted(d.training)+" to train on, "+d.counted(d.heldOut)+" held out."+d.leftOut())
	setText("draw-text", "The held-out rows are drawn at random, 30\u00a0% of each class (draw\u00a0"+strconv.FormatUint(d.draw, 10)+").")
	a.showColumns()
	setText("positive-name", d.positive)
	setText("negative-name", d.others)
	say("Ready: press Train.")
}

func take(y []bool, rows []int) part {
	p := part{rows: rows, positive: make([]bool, len(rows))}
	for i, row := range rows {
		p.positive[i] = y[row]
		if y[row] {
			p.positives++
		}
	}
	return p
}

func (d *data) counted(p part) string {
	return whole(len(p.rows)) + " (" + whole(p.positives) + " " + d.positive + ")"
}

// leftOut says how many rows are not used, and why.
func (d *data) leftOut() string {
	f := d.features
	s := ""
	add := func(n int, why string) {
		if n > 0 {
			s += " Left out: " + plural(n, "row", "rows") + " " + why + "."
		}
	}
	add(f.Incomplete, "with a number missing")
	add(f.Unlabelled, "without a label")
	add(f.Ragged, "with too few or too many cells")
	return s
}

// showColumns lists what is learnt from.
func (a *app) showColumns() {
	d := &a.data
	var items []dom.Element
	for _, name := range d.features.Names {
		items = append(items, newElement("li", name))
	}
	out := func(name, why string) {
		item := newElement("li", name+": left out, "+why)
		item.Class().Add("out")
		items = append(items, item)
	}
	for _, l := range d.features.LeftOut {
		out(l.Name, l.Why)
	}
	for i, item := range items[:len(d.features.Names)] {
		for _, name := range d.constantWhileTraining {
			if d.features.Names[i] == name {
				item.SetTextContent(name + ": left out, the same in all training rows")
				item.Class().Add("out")
			}
		}
	}
	fill("columns-list", items...)
	used := len(d.features.Names) - len(d.constantWhileTraining)
	summary := plural(used, "column of numbers", "columns of numbers")
	if n := len(d.features.LeftOut) + len(d.constantWhileTraining); n > 0 {
		summary += ", " + whole(n) + " left out"
	}
	setText("columns-summary", summary)
	show("columns", true)
}

// noData takes the table away, with a message or without.
func (a *app) noData(message string) {
	a.forget()
	a.data.ready, a.data.problem = false, message != ""
	problem("data-problem", message)
	show("rows", false)
	if message != "" {
		say("There is no table to train on yet.")
	}
	if !a.data.fromFile || a.data.file == nil {
		show("positive-part", false)
		show("columns", false)
	}
}

// forget ends what runs and takes the results away: they belong to other rows.
func (a *app) forget() {
	a.abandon()
	a.data.constantWhileTraining = nil
	a.trained = nil
	a.showNothing()
	a.emptyWays()
}
