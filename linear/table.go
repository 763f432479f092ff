package linear

import (
	"math"
	"slices"
	"strconv"

	"github.com/focalfit/focalfit/internal/jsontext"
	"github.com/focalfit/focalfit/loss"
)

// Table makes the numbers of a row of its raw values, as the JavaScript package's readTable found out for the rows it
// saw.
type Table struct {
	Columns []TableColumn
	Ignored []string // columns that a row may have and that are not used
	Blanks  []string // texts that stand for no value
	places  map[string]int
}

// TableColumn is a column of raw values, and the columns that are made of it.
type TableColumn struct {
	Name string
	Kind string // "number", "category" or "date"

	// Categories are the texts for which there is a column, 1 where the value is that text. Others says that one more
	// stands for all other texts.
	Categories []string
	Others     bool

	// Periods are in milliseconds: for each the sine and the cosine of 2π·t/period, t the time from 1970 on; for 0 the
	// year with its fraction.
	Periods []float64

	// Missing says that there is one more column, 1 where there is no value.
	Missing bool
}

// yearLength is that of a year on average over the Gregorian calendar's 400, in milliseconds.
const yearLength = 31556952e3

// width returns how many columns are made of c.
func (c *TableColumn) width() int {
	n := 1
	switch c.Kind {
	case "category":
		n = len(c.Categories)
		if c.Others {
			n++
		}
	case "date":
		n = 0
		for _, p := range c.Periods {
			if n++; p != 0 {
				n++
			}
		}
	}
	if c.Missing {
		n++
	}
	return n
}

func (t *Table) columns() (n int) {
	for i := range t.Columns {
		n += t.Columns[i].width()
	}
	return n
}

// cells appends the numbers of a value, NaN where it is missing. ok is false where it is not of the column's kind.
func (t *Table) cells(to []float64, c *TableColumn, text string) (cells []float64, ok bool) {
	gap := slices.Contains(t.Blanks, text)
	switch c.Kind {
	case "category":
		other := 1.0
		for _, category := range c.Categories {
			is := 0.0
			if category == text {
				is, other = 1, 0
			}
			to = append(to, is)
		}
		if c.Others {
			if gap {
				other = 0
			}
			to = append(to, other)
		}
	default:
		v := math.NaN()
		if !gap {
			if v = number(text); c.Kind == "date" {
				v = minute(text)
			}
			if v-v != 0 {
				return to, false
			}
		}
		if c.Kind == "number" {
			to = append(to, v)
		}
		for _, p := range c.Periods {
			if p == 0 {
				to = append(to, 1970+v/yearLength)
				continue
			}
			angle := v * 2 * math.Pi / p
			to = append(to, math.Sin(angle), math.Cos(angle))
		}
	}
	if c.Missing {
		is := 0.0
		if gap {
			is = 1
		}
		to = append(to, is)
	}
	return to, true
}

// readRow appends the numbers of an object of raw values.
func (t *Table) readRow(to []float64, r *jsontext.Reader, row int) []float64 {
	const absent = "\x00" // no text, which is trimmed
	texts := make([]string, len(t.Columns))
	for i := range texts {
		texts[i] = absent
	}
	fail := func(what string) { r.Fail(loss.BadAt(loss.BadInput, row, -1, what)) }
	r.Object(func(name string) {
		at, known := t.places[name]
		if !known {
			if !slices.Contains(t.Ignored, name) {
				fail("unknown column " + quote(name))
			}
			r.Skip()
			return
		}
		switch r.Kind() {
		case jsontext.String:
			texts[at] = trim(r.String())
		case jsontext.Number:
			texts[at] = string(jsontext.AppendNumber(nil, r.Number()))
		case jsontext.Bool:
			texts[at] = strconv.FormatBool(r.Bool())
		case jsontext.Null:
			r.Null()
			texts[at] = ""
		default:
			fail("column " + quote(name) + " must be a text, a number, a truth value or null")
			r.Skip()
		}
	})
	for i := range t.Columns {
		c := &t.Columns[i]
		text := texts[i]
		if text == absent {
			if text = ""; !c.Missing {
				fail("no value for column " + quote(c.Name))
				return to
			}
		}
		var ok bool
		if to, ok = t.cells(to, c, text); !ok {
			fail("column " + quote(c.Name) + " is " + quote(text) + ", not a " + c.Kind)
			return to
		}
	}
	return to
}

// quote returns the beginning of a text as messages show it.
func quote(s string) string {
	const most = 40
	n := 0
	for i := range s {
		if n++; n > most {
			return string(jsontext.AppendString(nil, s[:i]+"…"))
		}
	}
	return string(jsontext.AppendString(nil, s))
}

// table reads a recipe.
func (r documentReader) table(place string) *Table {
	t := &Table{places: map[string]int{}}
	given := 0
	r.fields(place, map[string]func(string){
		"columns": func(place string) {
			given++
			r.items(place, func(i int) {
				c := r.tableColumn(place + "[" + strconv.Itoa(i) + "]")
				if _, again := t.places[c.Name]; again {
					r.bad(place + " has a name for the second time")
				}
				t.places[c.Name] = i
				t.Columns = append(t.Columns, c)
			})
		},
		"ignored": func(place string) { given++; t.Ignored = r.texts(place) },
		"blanks":  func(place string) { given++; t.Blanks = r.texts(place) },
		"impute": func(place string) {
			given++
			if how := r.text(place); how != "mean" && how != "median" {
				r.bad(place + ` must be "mean" or "median"`)
			}
		},
	})
	if given < 4 {
		r.bad(place + " must have columns, ignored, blanks and impute")
	}
	return t
}

func (r documentReader) tableColumn(place string) (c TableColumn) {
	named, categories, periods := false, false, false
	r.fields(place, map[string]func(string){
		"name": func(place string) { c.Name, named = r.text(place), true },
		"kind": func(place string) { c.Kind = r.text(place) },
		"missing": func(place string) {
			if c.Missing = r.flag(place); !c.Missing {
				r.bad(place + " must be true or left out")
			}
		},
		"categories": func(place string) {
			categories = true
			r.items(place, func(int) {
				if c.Others {
					r.bad(place + " may have null only at the end")
				}
				if r.Kind() == jsontext.Null {
					r.Null()
					c.Others = true
					return
				}
				c.Categories = append(c.Categories, r.text(place))
			})
		},
		"periods": func(place string) {
			periods = true
			c.Periods = r.numbers(place)
			r.list(place, c.Periods, len(c.Periods), func(v float64) bool { return v == 0 || v >= 1 })
		},
	})
	kinds := c.Kind == "number" || c.Kind == "category" || c.Kind == "date"
	if !named || !kinds || categories != (c.Kind == "category") || periods != (c.Kind == "date") {
		r.bad(place + " is not as it must be")
	}
	return c
}
