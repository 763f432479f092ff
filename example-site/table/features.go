package table

import (
	"errors"
	"slices"
	"strconv"
)

// MaxCategories is the most values a text column may have to become columns
// of 0 and 1.
const MaxCategories = 20

// maxCells bounds the numbers a table may become: 8 bytes each.
const maxCells = 40_000_000

// Features are rows of numbers and the label of each row.
type Features struct {
	Names  []string  // of the columns
	X      []float64 // rows × columns
	Labels []string  // one per row

	LeftOut    []LeftOut // columns that are not used
	Incomplete int       // rows left out as a number is missing
	Unlabelled int       // rows left out as the label is missing
	Ragged     int       // rows left out as they have too few or too many cells
}

// LeftOut is a column that is not used, and why.
type LeftOut struct{ Name, Why string }

// Column is what a column of text becomes: no columns of numbers, one, or one
// for each of its values.
type Column struct {
	Names   []string
	Numbers [][]float64 // one list per name
	Missing []bool      // the rows without a number; nil if there are none
	Why     string      // why it is left out; otherwise empty
}

// Encode turns a column into numbers. A column whose every value is a number
// is used as it is; another of 2 to [MaxCategories] values becomes columns of
// 0 and 1, a missing value being a value like any other.
func Encode(name string, cells []string) Column {
	numbers := make([]float64, len(cells))
	missing := make([]bool, len(cells))
	gaps, numeric, varies := 0, true, false
	first := -1
	for i, cell := range cells {
		if Missing(cell) {
			missing[i] = true
			gaps++
			continue
		}
		v, ok := number(cell)
		if !ok {
			numeric = false
			break
		}
		numbers[i] = v
		if first < 0 {
			first = i
		}
		varies = varies || v != numbers[first]
	}
	switch {
	case !numeric:
		return encodeText(name, cells)
	case first < 0:
		return Column{Why: "it is empty"}
	case 2*gaps > len(cells):
		return Column{Why: "more than half of its values are missing"}
	case !varies:
		return Column{Why: "it has the same value in every row"}
	case gaps == 0:
		missing = nil
	}
	return Column{Names: []string{name}, Numbers: [][]float64{numbers}, Missing: missing}
}

func encodeText(name string, cells []string) Column {
	const absent = "missing"
	rows := map[string][]int{}
	for i, cell := range cells {
		if Missing(cell) {
			cell = absent
		}
		rows[cell] = append(rows[cell], i)
		if len(rows) > MaxCategories {
			return Column{Why: "it is text of more than " + strconv.Itoa(MaxCategories) + " different values"}
		}
	}
	values := make([]string, 0, len(rows))
	for value := range rows {
		values = append(values, value)
	}
	slices.Sort(values)
	switch len(values) {
	case 1:
		return Column{Why: "it has the same value in every row"}
	case 2:
		values = values[1:] // the other is where this one is not
	}
	var c Column
	for _, value := range values {
		numbers := make([]float64, len(cells))
		for _, i := range rows[value] {
			numbers[i] = 1
		}
		c.Names = append(c.Names, name+" = "+value)
		c.Numbers = append(c.Numbers, numbers)
	}
	return c
}

// Features turns every column but the label into numbers. pause, unless nil,
// is called between columns; what it returns, if not nil, ends the work.
func (t Text) Features(label int, pause func() error) (Features, error) {
	f := Features{Ragged: t.Ragged}
	keep := make([]bool, t.Rows())
	for i, cell := range t.Columns[label] {
		keep[i] = !Missing(cell)
		if !keep[i] {
			f.Unlabelled++
		}
	}
	var columns [][]float64
	incomplete := make([]bool, t.Rows())
	for j, name := range t.Names {
		if j == label {
			continue
		}
		c := Encode(name, t.Columns[j])
		if c.Why != "" {
			f.LeftOut = append(f.LeftOut, LeftOut{name, c.Why})
		}
		for i, gap := range c.Missing {
			incomplete[i] = incomplete[i] || gap
		}
		f.Names = append(f.Names, c.Names...)
		columns = append(columns, c.Numbers...)
		if len(columns)*t.Rows() > maxCells {
			return Features{}, errors.New("The table is too large for this page: at most " + strconv.Itoa(maxCells/1_000_000) + " million numbers. Take fewer rows or columns.")
		}
		if pause != nil {
			if err := pause(); err != nil {
				return Features{}, err
			}
		}
	}
	if len(columns) == 0 {
		return Features{}, errors.New("No column is left to predict “" + t.Names[label] + "” from: " + reasons(f.LeftOut) + ".")
	}
	for i := range keep {
		if keep[i] && incomplete[i] {
			keep[i] = false
			f.Incomplete++
		}
	}
	for i := range keep {
		if !keep[i] {
			continue
		}
		for _, numbers := range columns {
			f.X = append(f.X, numbers[i])
		}
		f.Labels = append(f.Labels, t.Columns[label][i])
	}
	if len(f.Labels) == 0 {
		return Features{}, errors.New("Every row lacks a number or a label, so no row is left.")
	}
	return f, nil
}

func reasons(left []LeftOut) string {
	s := ""
	for i, l := range left {
		if i > 0 {
			s += "; "
		}
		s += "“" + l.Name + "” is left out because " + l.Why
	}
	return s
}

// Rows is the number of rows.
func (f Features) Rows() int { return len(f.Labels) }

// Positive marks the rows with a label.
func (f Features) Positive(label string) []bool {
	y := make([]bool, len(f.Labels))
	for i, l := range f.Labels {
		y[i] = l == label
	}
	return y
}

// Varying returns the columns that are not the same in all of some rows, and
// the names of the others.
func (f Features) Varying(rows []int) (columns []int, constant []string) {
	width := len(f.Names)
	for j, name := range f.Names {
		varies := false
		for _, i := range rows {
			if f.X[i*width+j] != f.X[rows[0]*width+j] {
				varies = true
				break
			}
		}
		if varies {
			columns = append(columns, j)
		} else {
			constant = append(constant, name)
		}
	}
	return columns, constant
}

// Take returns some rows of some columns, rows × columns.
func (f Features) Take(rows, columns []int) []float64 {
	width := len(f.Names)
	x := make([]float64, 0, len(rows)*len(columns))
	for _, i := range rows {
		for _, j := range columns {
			x = append(x, f.X[i*width+j])
		}
	}
	return x
}
