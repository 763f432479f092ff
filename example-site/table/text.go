// Package table turns a table of text into numbers to train on, and divides
// its rows into training and held-out ones. Errors are whole sentences, to be
// shown to the visitor as they are.
package table

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
)

// How [Decode] tells the cells and the rows of a text apart.
const (
	CellEnd = "\x1f"
	RowEnd  = "\x1e"
)

// Text is a table of text, column by column.
type Text struct {
	Names   []string
	Columns [][]string // one per name, all of the same length

	// Ragged counts the rows left out because they have another number of
	// cells than there are names.
	Ragged int
}

// Decode reads rows that end with RowEnd, of cells divided by CellEnd. The
// first row holds the names: one that is empty becomes "column 3", and one
// that came before gets a number.
func Decode(s string) (Text, error) {
	header, body, _ := strings.Cut(s, RowEnd)
	var t Text
	seen := map[string]bool{}
	for i, name := range strings.Split(header, CellEnd) {
		name = strings.TrimSpace(name)
		if name == "" {
			name = "column " + strconv.Itoa(i+1)
		}
		for base, n := name, 2; seen[name]; n++ {
			name = base + " (" + strconv.Itoa(n) + ")"
		}
		seen[name] = true
		t.Names = append(t.Names, name)
	}
	if len(t.Names) < 2 {
		return Text{}, errors.New("The table has one column only: it needs a column to predict and at least one to predict from. Is the separator a comma, a semicolon or a tab?")
	}
	t.Columns = make([][]string, len(t.Names))
	rows := strings.Count(body, RowEnd)
	for j := range t.Columns {
		t.Columns[j] = make([]string, 0, rows)
	}
	for body != "" {
		var row string
		row, body, _ = strings.Cut(body, RowEnd)
		if strings.Count(row, CellEnd)+1 != len(t.Names) {
			t.Ragged++
			continue
		}
		for j := range t.Columns {
			var cell string
			cell, row, _ = strings.Cut(row, CellEnd)
			t.Columns[j] = append(t.Columns[j], strings.TrimSpace(cell))
		}
	}
	if t.Rows() == 0 {
		if t.Ragged > 0 {
			return Text{}, errors.New("No row has as many cells as the first line has names: the first line must name every column.")
		}
		return Text{}, errors.New("There are no rows below the first line, which names the columns.")
	}
	return t, nil
}

// Rows is the number of rows.
func (t Text) Rows() int { return len(t.Columns[0]) }

// Missing reports whether a cell says that there is no value.
func Missing(cell string) bool {
	switch strings.ToLower(cell) {
	case "", "na", "n/a", "nan", "null", "none", "-", "?":
		return true
	}
	return false
}

// number returns the finite number that a cell is.
func number(cell string) (float64, bool) {
	if strings.Trim(cell, "+-.0123456789eE") != "" {
		return 0, false // inf, hexadecimal and the like
	}
	v, err := strconv.ParseFloat(cell, 64)
	return v, err == nil && !math.IsInf(v, 0)
}

// Count is a value of a column and how many rows have it.
type Count struct {
	Value string
	Rows  int
}

// Counts returns the values of a column, the rarest first, without missing
// ones; nil if there are more than limit.
func Counts(cells []string, limit int) []Count {
	rows := map[string]int{}
	for _, cell := range cells {
		if Missing(cell) {
			continue
		}
		rows[cell]++
		if len(rows) > limit {
			return nil
		}
	}
	counts := make([]Count, 0, len(rows))
	for value, n := range rows {
		counts = append(counts, Count{value, n})
	}
	slices.SortFunc(counts, func(a, b Count) int {
		return cmp.Or(cmp.Compare(a.Rows, b.Rows), cmp.Compare(a.Value, b.Value))
	})
	return counts
}

// MaxClasses is the most values a column to predict may have.
const MaxClasses = 50

// LabelColumns returns the columns that can be predicted: those of 2 to
// MaxClasses values. The likeliest comes first: one with a usual name,
// otherwise the last one.
func (t Text) LabelColumns() []int {
	var usual, others []int
	for j := len(t.Names) - 1; j >= 0; j-- {
		if n := len(Counts(t.Columns[j], MaxClasses)); n < 2 {
			continue
		}
		switch strings.ToLower(t.Names[j]) {
		case "class", "label", "target", "outcome", "y":
			usual = append(usual, j)
		default:
			others = append(others, j)
		}
	}
	return append(usual, others...)
}
