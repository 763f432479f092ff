package table

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// text joins the lines of a table as Decode takes them.
func text(lines ...string) string {
	return strings.ReplaceAll(strings.Join(lines, RowEnd)+RowEnd, ",", CellEnd)
}

func decode(t *testing.T, lines ...string) Text {
	t.Helper()
	table, err := Decode(text(lines...))
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func TestDecode(t *testing.T) {
	got := decode(t, "a, b ,,a", "1,2,3,4", "5,6,7", " 8 ,,x y,9")
	want := Text{
		Names:   []string{"a", "b", "column 3", "a (2)"},
		Columns: [][]string{{"1", "8"}, {"2", ""}, {"3", "x y"}, {"4", "9"}},
		Ragged:  1,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, c := range []struct{ text, message string }{
		{"", "one column"},
		{text("a", "1"), "one column"},
		{text("a,b"), "no rows"},
		{text("a,b", "1", "1,2,3"), "No row has as many cells"},
	} {
		if _, err := Decode(c.text); err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}

func TestCounts(t *testing.T) {
	cells := []string{"b", "a", "b", "", "c", "NA", "c"}
	want := []Count{{"a", 1}, {"b", 2}, {"c", 2}}
	if got := Counts(cells, 3); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
	if got := Counts(cells, 2); got != nil {
		t.Errorf("over the limit: %v", got)
	}
}

func TestLabelColumns(t *testing.T) {
	table := decode(t, "kind,Class,same,size", "a,x,1,1.5", "b,y,1,2.5", "a,x,1,1.5")
	if got := table.LabelColumns(); !slices.Equal(got, []int{1, 3, 0}) {
		t.Errorf("%v", got)
	}
}

func TestEncode(t *testing.T) {
	many := make([]string, 21)
	for i := range many {
		many[i] = fmt.Sprint("v", i)
	}
	cases := []struct {
		name  string
		cells []string
		want  Column
	}{
		{"numbers", []string{"1", "-2.5", "+3e2", ".5"}, Column{Names: []string{"c"}, Numbers: [][]float64{{1, -2.5, 300, 0.5}}}},
		{"a gap", []string{"1", "NA", "3"}, Column{Names: []string{"c"}, Numbers: [][]float64{{1, 0, 3}}, Missing: []bool{false, true, false}}},
		{"a first gap", []string{"?", "4", "3"}, Column{Names: []string{"c"}, Numbers: [][]float64{{0, 4, 3}}, Missing: []bool{true, false, false}}},
		{"two texts", []string{"no", "yes", "no"}, Column{Names: []string{"c = yes"}, Numbers: [][]float64{{0, 1, 0}}}},
		{"three texts", []string{"z", "", "x", "z"}, Column{
			Names:   []string{"c = missing", "c = x", "c = z"},
			Numbers: [][]float64{{0, 1, 0, 0}, {0, 0, 1, 0}, {1, 0, 0, 1}},
		}},
		{"decimal commas", []string{"1,5", "2,5"}, Column{Names: []string{"c = 2,5"}, Numbers: [][]float64{{0, 1}}}},
		{"infinity is text", []string{"inf", "1"}, Column{Names: []string{"c = inf"}, Numbers: [][]float64{{1, 0}}}},
		{"too large is text", []string{"1e999", "1"}, Column{Names: []string{"c = 1e999"}, Numbers: [][]float64{{1, 0}}}},
		{"empty", []string{"", "NA"}, Column{Why: "it is empty"}},
		{"mostly gaps", []string{"", "NA", "1", "-", "2"}, Column{Why: "more than half of its values are missing"}},
		{"one number", []string{"7", "7.0"}, Column{Why: "it has the same value in every row"}},
		{"one text", []string{"a", "a"}, Column{Why: "it has the same value in every row"}},
		{"many texts", many, Column{Why: "it is text of more than 20 different values"}},
	}
	for _, c := range cases {
		if got := Encode("c", c.cells); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
	if got := Encode("c", many[:20]); len(got.Names) != 20 {
		t.Errorf("20 values became %d columns", len(got.Names))
	}
}

func TestFeatures(t *testing.T) {
	table := decode(t, "size,colour,id,label", "1,red,u1,a", "2,blue,u2,b", ",red,u3,a", "4,red,u4,", "5,blue,u5,b", "6,red", "7,red,u7,a")
	table.Columns[2] = []string{"k", "k", "k", "k", "k", "k"}
	f, err := table.Features(3, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := Features{
		Names:      []string{"size", "colour = red"},
		X:          []float64{1, 1, 2, 0, 5, 0, 7, 1},
		Labels:     []string{"a", "b", "b", "a"},
		LeftOut:    []LeftOut{{"id", "it has the same value in every row"}},
		Incomplete: 1,
		Unlabelled: 1,
		Ragged:     1,
	}
	if !reflect.DeepEqual(f, want) {
		t.Errorf("%+v", f)
	}
	if got := f.Positive("a"); !slices.Equal(got, []bool{true, false, false, true}) {
		t.Errorf("positive %v", got)
	}
	columns, constant := f.Varying([]int{1, 2})
	if !slices.Equal(columns, []int{0}) || !slices.Equal(constant, []string{"colour = red"}) {
		t.Errorf("varying %v, constant %v", columns, constant)
	}
	if got := f.Take([]int{3, 0}, []int{1, 0}); !slices.Equal(got, []float64{1, 7, 1, 1}) {
		t.Errorf("taken %v", got)
	}
}

func TestFeaturesErrors(t *testing.T) {
	for _, c := range []struct {
		message string
		lines   []string
	}{
		{"No column is left to predict “y” from: “a” is left out because it is empty", []string{"a,y", ",0", ",1"}},
		{"no row is left", []string{"a,b,y", "1,,0", "2,,0", ",3,1", ",4,1"}},
	} {
		table := decode(t, c.lines...)
		if _, err := table.Features(len(table.Names)-1, nil); err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%v: %v", c.lines, err)
		}
	}
	stop := errors.New("stop")
	if _, err := decode(t, "a,y", "1,0", "2,1").Features(1, func() error { return stop }); err != stop {
		t.Errorf("stopped with %v", err)
	}
}

func TestWeather(t *testing.T) {
	table := decode(t, "date,precipitation,temp_max,temp_min,wind,weather",
		"2011-12-31,1,2,-3,4,snow", "2012-01-01,5,6,7,8,rain", "2012-01-02,9,10,11,12,rain", "2012-01-04,0,0,0,0,snow")
	f, err := Weather(table)
	if err != nil {
		t.Fatal(err)
	}
	sin, cos := math.Sincos(2 * math.Pi / 366)
	if want := []float64{1, 2, -3, 4, 0, 1, 0, 1, 5, 6, 7, 8, 1, 0, sin, cos}; !slices.Equal(f.X, want) {
		t.Errorf("X %v", f.X)
	}
	if !slices.Equal(f.Labels, []string{"rain", "rain"}) || len(f.Names) != 8 {
		t.Errorf("labels %v, names %v", f.Labels, f.Names)
	}

	for _, c := range []struct{ lines, message string }{
		{"date,precipitation,temp_max,temp_min,weather;2012-01-01,1,1,1,rain", "no column “wind”"},
		{"date,precipitation,temp_max,temp_min,wind,weather;2012-01-01,1,1,x,1,rain", "“x” in row 1 of “temp_min”"},
		{"date,precipitation,temp_max,temp_min,wind,weather;1.1.2012,1,1,1,1,rain", "not a date"},
	} {
		if _, err := Weather(decode(t, strings.Split(c.lines, ";")...)); err == nil || !strings.Contains(err.Error(), c.message) {
			t.Errorf("%s: %v", c.lines, err)
		}
	}
}

// The real table, where its package is installed.
func TestSeattle(t *testing.T) {
	file, err := os.Open("../node_modules/vega-datasets/data/seattle-weather.csv")
	if errors.Is(err, os.ErrNotExist) {
		t.Log("vega-datasets is not installed: npm ci in example-site")
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	lines := make([]string, len(records))
	for i, record := range records {
		lines[i] = strings.Join(record, ",")
	}
	f, err := Weather(decode(t, lines...))
	if err != nil {
		t.Fatal(err)
	}
	if f.Rows() != 1460 || len(f.Names) != 11 || len(f.X) != 1460*11 {
		t.Errorf("%d rows of %d columns", f.Rows(), len(f.Names))
	}
	want := []Count{{"snow", 26}, {"drizzle", 52}, {"fog", 101}, {"sun", 640}, {"rain", 641}}
	if got := Counts(f.Labels, 5); !slices.Equal(got, want) {
		t.Errorf("%v", got)
	}
}

func TestSplit(t *testing.T) {
	y := make([]bool, 1000)
	for i := range 26 {
		y[i*37] = true
	}
	training, heldOut, err := Split(y, 0.3, 1)
	if err != nil {
		t.Fatal(err)
	}
	positives := func(rows []int) (n int) {
		for _, i := range rows {
			if y[i] {
				n++
			}
		}
		return n
	}
	if positives(training) != 18 || positives(heldOut) != 8 || len(heldOut) != 8+292 {
		t.Errorf("%d and %d positives, %d rows held out", positives(training), positives(heldOut), len(heldOut))
	}
	if !slices.IsSorted(training) || !slices.IsSorted(heldOut) {
		t.Error("not in order")
	}
	all := slices.Concat(training, heldOut)
	slices.Sort(all)
	for i, row := range all {
		if row != i {
			t.Fatalf("row %d is at place %d of both", row, i)
		}
	}
	_, again, _ := Split(y, 0.3, 1)
	_, other, _ := Split(y, 0.3, 2)
	if !slices.Equal(heldOut, again) || slices.Equal(heldOut, other) {
		t.Error("the seed does not decide")
	}

	training, heldOut, err = Split([]bool{true, false, true, false, false, false}, 0.01, 1)
	if err != nil || positives(heldOut) != 1 || len(heldOut) != 2 || len(training) != 4 {
		t.Errorf("few rows: %v, %v, %v", training, heldOut, err)
	}
	for _, y := range [][]bool{{true, false, false}, {true, true, false}, {false, false}} {
		if _, _, err := Split(y, 0.3, 1); err == nil || !strings.Contains(err.Error(), "at least 2") {
			t.Errorf("%v: %v", y, err)
		}
	}
}
