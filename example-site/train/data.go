//go:build js && wasm

package train

import (
	"slices"
	"strconv"
	"syscall/js"

	"github.com/focalfit/focalfit/example-site/numbers"
	"github.com/focalfit/focalfit/example-site/page"
	"github.com/focalfit/focalfit/example-site/study"
	"github.com/focalfit/focalfit/example-site/work"
)

func (p *Part) listenToData() {
	for _, radio := range page.Radios("#sources input") {
		page.Listen(radio, "change", page.Later(func() { p.choose(radio.Value()) }))
	}
	page.Listen(page.Get("file"), "change", page.Later(func() {
		if files := page.Get("file").Underlying().Get("files"); files.Length() > 0 {
			p.openFile(files.Index(0))
		}
	}))
	page.Listen(page.Get("file"), "click", func(page.Event) {
		page.Input("file").SetValue("") // so that the same file, which may be another by now, is a change
	})
	page.Listen(page.Get("label"), "change", page.Later(func() {
		p.settings.Label, p.settings.Positive, p.settings.Threshold = page.Select("label").Value(), "", 0
		p.readFile()
	}))
	page.Listen(page.Get("positive"), "change", page.Later(func() {
		if p.table != nil {
			p.settings.Positive, p.settings.Threshold = page.Select("positive").Value(), 0
			p.newTask()
		}
	}))
	page.OnClick("draw", func() {
		if p.table != nil {
			p.settings.Draw++
			p.settings.Threshold = 0
			p.newTask()
		}
	})
	p.listenToDrops()
}

// listenToDrops takes a file that is dropped anywhere on the page.
func (p *Part) listenToDrops() {
	body := page.Body()
	over := func(on bool) func(page.Event) {
		return func(e page.Event) {
			e.PreventDefault()
			if on {
				page.Get("drop").Class().Add("over")
			} else {
				page.Get("drop").Class().Remove("over")
			}
		}
	}
	page.Listen(body, "dragover", over(true))
	page.Listen(body, "dragleave", over(false))
	page.Listen(body, "drop", func(e page.Event) {
		over(false)(e)
		files := e.Underlying().Get("dataTransfer").Get("files")
		if files.Length() == 0 {
			page.SayProblem("What was dropped is no file: save it as a CSV file, and drop that.")
			return
		}
		file := files.Index(0)
		go func() {
			p.check(study.File.ID)
			p.openFile(file)
		}()
	})
}

// check chooses the radio button of a source.
func (p *Part) check(source string) {
	for _, radio := range page.Radios("#sources input") {
		radio.SetChecked(radio.Value() == source)
	}
	p.showSource(source)
}

func (p *Part) showSource(id string) {
	source, _ := study.SourceOf(id)
	page.Show("file-part", id == study.File.ID)
	page.Show("label-part", id == study.File.ID && p.opened)
	page.SetText("about-data", source.About)
	page.Show("about-data", source.About != "")
}

// predict changes what is predicted, of the first draw and by the model's own
// threshold.
func (p *Part) predict(source, label, positive string) {
	s := &p.settings
	s.Source, s.Label, s.Positive, s.Draw, s.Threshold = source, label, positive, 1, 0
}

// choose takes a source, and reads its table unless it is a file that is still
// to be chosen.
func (p *Part) choose(id string) {
	source, _ := study.SourceOf(id)
	p.predict(id, source.Label, source.Positive)
	p.showSource(id)
	if id == study.File.ID && p.opened {
		p.settings.Label, p.settings.Positive = page.Select("label").Value(), ""
	}
	p.read()
}

// read reads the table of the settings.
func (p *Part) read() {
	source, _ := study.SourceOf(p.settings.Source)
	if source.ID == study.File.ID {
		if p.file.IsUndefined() {
			p.clear()
			p.setLink()
			page.Say("Choose a CSV file.")
			return
		}
		if !p.opened {
			p.openFile(p.file)
			return
		}
		p.readFile()
		return
	}
	p.load(func(r study.Reading) (*study.Table, error) { return study.ReadSource(source, r) })
}

// openFile finds the columns of a file and reads it. What is predicted stays
// where the columns are those of the file before, or where a link has named one
// of them.
func (p *Part) openFile(file js.Value) {
	if p.settings.Source != study.File.ID {
		p.predict(study.File.ID, "", "")
	}
	w := p.startReading()
	p.file, p.opened = file, false
	p.showSource(study.File.ID)
	page.SetText("file-name", file.Get("name").String())
	page.Say("Looking at the file…")
	found, err := page.Await(page.Site.Call("columnsOf", file))
	if !p.doneReading(w) {
		return
	}
	if err != nil {
		p.refuse(err)
		return
	}
	names := page.Strings(found.Get("names"))
	options := make([]page.Option, len(names))
	for i, name := range names {
		options[i] = page.Option{Value: name, Text: name}
	}
	if len(names) < 2 {
		p.refuse(errText("The file has one column only: a table needs a column to predict and at least one more to predict it from. If it has several, they may be separated by something other than commas, semicolons or tabs."))
		return
	}
	p.opened = true
	written := func(name string) string {
		if v := found.Get(name); v.Truthy() {
			return v.String()
		}
		return ""
	}
	p.format = study.Format{Encoding: written("encoding"), Decimal: written("decimal")}
	again := p.columns == nil || slices.Equal(names, p.columns)
	p.columns = names
	if !again || !slices.Contains(names, p.settings.Label) {
		p.predict(study.File.ID, found.Get("label").String(), "")
	}
	page.SetOptions("label", options, p.settings.Label)
	page.Show("label-part", true)
	p.readFile()
}

func (p *Part) readFile() {
	p.load(func(r study.Reading) (*study.Table, error) {
		return study.ReadFile(p.file, p.settings.Label, p.format, r)
	})
}

type errText string

func (e errText) Error() string { return string(e) }

// load reads a table and splits it, unless another is wanted meanwhile.
func (p *Part) load(read func(study.Reading) (*study.Table, error)) {
	w := p.startReading()
	page.Say("Reading the table…")
	table, err := read(study.Reading{Signal: w.Signal(), OnProgress: func(rows int) {
		if p.reading == w {
			page.SetText("step", numbers.Whole(rows)+" rows")
		}
	}})
	if !p.doneReading(w) {
		return
	}
	if err != nil {
		p.refuse(err)
		return
	}
	p.table = table
	p.showTable()
	p.newTask()
}

// startReading is the beginning of reading a table, in the place of the present
// one.
func (p *Part) startReading() *work.Work {
	p.clear()
	p.reading = work.NewWork()
	page.Get("stop").SetAttribute("aria-disabled", "false")
	return p.reading
}

// doneReading is the end of it; false if another table is wanted meanwhile, or
// none.
func (p *Part) doneReading(w *work.Work) bool {
	if p.reading != w {
		return false
	}
	p.reading = nil
	page.SetText("step", "")
	page.Get("stop").SetAttribute("aria-disabled", "true")
	return true
}

// stop stops what is going on: training, or reading.
func (p *Part) stop() {
	if p.reading != nil {
		p.clear()
		p.stopped = true
		page.Say("Stopped. Press Train to read the table after all.")
		return
	}
	work.Stop()
}

// clear forgets the table and all that was learnt from it.
func (p *Part) clear() {
	if p.reading != nil {
		p.reading.Abort()
	}
	p.reading, p.table, p.task, p.stopped = nil, nil, nil, false
	work.Abandon()
	page.Problem("data-problem", "")
	page.SetText("step", "")
	p.showTold(p.settings.Source != study.File.ID || !p.file.IsUndefined())
	if p.begun || !p.settings.SameRows(study.Default) { // of which index.html tells
		page.Get("data").Class().Add("reading")
	}
	p.begun = true
	p.Cleared()
	p.clearOutcome()
}

// told is what is said of a table.
var told = []string{"positive-part", "rows-part", "columns"}

func (p *Part) showTold(shown bool) {
	page.Get("data").Class().Remove("reading")
	for _, id := range told {
		page.Show(id, shown)
	}
}

// refuse says why there is no table.
func (p *Part) refuse(err error) {
	p.showTold(p.table != nil)
	page.Problem("data-problem", err.Error())
	page.Say("There is no table to train on: see above what to change.")
}

// showTable shows the columns and offers the classes.
func (p *Part) showTable() {
	t := p.table
	if _, ok := t.Class(p.settings.Positive); !ok && (!t.IsEvery(p.settings.Positive) || len(t.Classes) == 2) {
		p.settings.Positive = t.Classes[0].Name
		for _, c := range t.Classes { // the rarest of which there are enough
			if c.Rows >= 10 && len(t.Classes) > 2 {
				p.settings.Positive = c.Name
				break
			}
		}
	}
	options := make([]page.Option, 0, len(t.Classes)+1)
	for _, c := range t.Classes {
		options = append(options, page.Option{Value: c.Name, Text: c.Name + " (" + numbers.Whole(c.Rows) + " of " + numbers.Whole(t.Rows) + ")"})
	}
	if len(t.Classes) > 2 && t.IsEvery(study.EveryClass) {
		options = append(options, page.Option{Value: study.EveryClass, Text: "every class, told apart from every other"})
	}
	page.SetOptions("positive", options, p.settings.Positive)

	const most = 200
	page.SetText("columns-summary", numbers.Plural(len(t.Columns), "column", "columns"))
	names := t.Columns
	if len(names) > most {
		names = append(append([]string{}, names[:most]...), "and "+numbers.Whole(len(t.Columns)-most)+" more")
	}
	page.List("columns-list", names)
	page.List("notes-list", t.Notes)
}

// newTask splits the table for the present settings.
func (p *Part) newTask() {
	work.Abandon()
	p.task = nil
	page.Problem("data-problem", "")
	p.setLink()
	p.Cleared()
	p.clearOutcome()
	table, positive, draw := p.table, p.settings.Positive, p.settings.Draw
	task, err := study.NewTask(table, positive, draw)
	if p.table != table || p.settings.Positive != positive || p.settings.Draw != draw {
		return
	}
	if err != nil {
		p.refuse(err)
		page.Show("rows-part", false)
		return
	}
	p.task = task
	p.showTold(true)
	positives := func(part study.Part) string {
		if task.Every {
			return numbers.Whole(part.Rows)
		}
		return numbers.Whole(part.Rows) + " (" + numbers.Whole(part.Positives) + " " + positive + ")"
	}
	drawn := ""
	if draw > 1 {
		drawn = " (draw\u00a0" + strconv.Itoa(draw) + ")"
	}
	page.SetText("rows", numbers.Whole(table.Rows)+" "+table.Source.Rows+": "+positives(task.Train)+" to train on, "+positives(task.Test)+" held out"+drawn+".")
	p.restore()
	if p.model == nil {
		p.sayReady()
	}
}
