package linear_test

import (
	"encoding/json"
	"errors"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
	"github.com/focalfit/focalfit/linear"
	"github.com/focalfit/focalfit/loss"
)

const document = `{"format":"focalfit","version":2,"classes":["a","b"],"positiveClass":"b","columns":2,"coefficients":[[1,2]],"intercepts":[0],` +
	`"means":[0,0],"gamma":[2,2],"weight":[1,1],"threshold":0.5,"options":{"gamma":2,"l2":0.0001,"fitIntercept":true,"standardize":true,"maxIterations":500,"tolerance":1e-6}}`

// Each line is what to replace, by what, and what the error says.
var faults = [][3]string{
	{`"focalfit"`, `"other"`, "format"}, {`"version":2`, `"version":3`, "version"}, {`"version":2`, `"version":"2"`, "version"},
	{`"format":"focalfit",`, ``, "format is missing"}, {`"threshold":0.5,`, ``, "threshold is missing"}, {`,"options":{`, `,"more":{`, "unknown field more"},
	{`["a","b"]`, `["b","a"]`, "sorted"}, {`["a","b"]`, `["b","b"]`, "sorted"}, {`["a","b"]`, `["a",1]`, "sorted"}, {`["a","b"]`, `["a"]`, "two or more"}, {`["a","b"]`, `["a",null]`, "labels"},
	{`"positiveClass":"b"`, `"positiveClass":"c"`, "positiveClass"}, {`"positiveClass":"b"`, `"positiveClass":null`, "positiveClass"},
	{`["a","b"]`, `["a","b","c"]`, "positiveClass must be null"}, {`"columns":2`, `"columns":2.5`, "columns"}, {`"columns":2`, `"columns":0`, "columns"},
	{`"columns":2`, `"columns":3`, "coefficients[0] must be 3"}, {`[[1,2]]`, `[[1,2],[1,2]]`, "coefficients must be 1"}, {`[[1,2]]`, `[[1,null]]`, "coefficients[0][1]"}, {`[[1,2]]`, `[[1,1e999]]`, "float64"},
	{`"intercepts":[0]`, `"intercepts":[]`, "intercepts"}, {`"gamma":[2,2]`, `"gamma":[2,-1]`, "gamma[1]"}, {`"weight":[1,1]`, `"weight":[1,0]`, "weight[1]"}, {`"means":[0,0]`, `"means":[0]`, "means"},
	{`"threshold":0.5`, `"threshold":1.5`, "threshold"}, {`"threshold":0.5`, `"threshold":[0.5]`, "threshold"}, {`"threshold":0.5`, `"threshold":null`, "threshold"},
	{`"means"`, `"loss":{"clip":1},"means"`, "clip"}, {`"means"`, `"loss":{"other":1},"means"`, "loss.other"}, {`"means"`, `"loss":{"epsilon":-1},"means"`, "epsilon"},
	{`"means"`, `"fill":[1],"means"`, "fill"}, {`"means"`, `"multiLabel":1,"means"`, "multiLabel"}, {`"means"`, `"online":[1],"means"`, "online must be 13"},
	{`"means"`, `"features":{"kind":"fourier","mean":[0,0],"scale":[1,1],"frequencies":[1,1],"phases":[]},"means"`, "phases"},
	{`"means"`, `"features":{"kind":"fourier","mean":[0,0],"scale":[1,0],"frequencies":[1,1],"phases":[1]},"means"`, "scale[1]"},
	{`"means"`, `"features":{"kind":"fourier","mean":[0,0],"scale":[1,1],"frequencies":[1],"phases":[1]},"means"`, "frequencies"},
	{`"means"`, `"features":{"kind":"polynomial","mean":[0,0],"scale":[1,1]},"means"`, "coefficients[0] must be 5"},
	{`"means"`, `"features":{"kind":"polynomial","mean":[0,0],"scale":[1,1],"phases":[1,1]},"means"`, "no phases"},
	{`"means"`, `"features":{"kind":"other","mean":[0,0],"scale":[1,1]},"means"`, "kind"},
	{`"means"`, `"calibration":{"method":"platt","slope":[0],"intercept":[0]},"means"`, "slope"}, {`"means"`, `"calibration":{"method":"platt","slope":[1]},"means"`, "calibration"},
	{`"means"`, `"calibration":{"method":"temperature","temperature":0},"means"`, "temperature"}, {`"means"`, `"calibration":{"method":"temperature","temperature":1,"x":[[0]]},"means"`, "calibration"},
	{`"means"`, `"calibration":{"method":"isotonic","x":[[0.5,0.5]],"y":[[0,1]]},"means"`, "rise"}, {`"means"`, `"calibration":{"method":"isotonic","x":[[0.2,0.5]],"y":[[1,0]]},"means"`, "not fall"},
	{`"means"`, `"calibration":{"method":"isotonic","x":[[]],"y":[[]]},"means"`, "calibration.x"}, {`"means"`, `"calibration":{"method":"other"},"means"`, "method"},
	{`"means"`, `"table":{"columns":[{"name":"u","kind":"number"}],"ignored":[],"blanks":[],"impute":"mean"},"means"`, "table makes 1"},
	{`"means"`, `"table":{"columns":[{"name":"u","kind":"number"},{"name":"u","kind":"number"}],"ignored":[],"blanks":[],"impute":"mean"},"means"`, "second time"},
	{`"means"`, `"table":{"columns":[{"name":"u","kind":"category","categories":[null,"a"]}],"ignored":[],"blanks":[],"impute":"mean"},"means"`, "null only at the end"},
	{`"means"`, `"table":{"columns":[{"name":"u","kind":"number","periods":[0]},{"name":"v","kind":"number"}],"ignored":[],"blanks":[],"impute":"mean"},"means"`, "columns[0]"},
	{`"means"`, `"table":{"columns":[{"name":"u","kind":"date","periods":[0.5]}],"ignored":[],"blanks":[],"impute":"mean"},"means"`, "periods"},
	{`"means"`, `"table":{"columns":[],"ignored":[],"blanks":[],"impute":"most"},"means"`, "impute"},
	{`"options":{`, `"options":{"gama":1,`, "options.gama"}, {`"l2":0.0001`, `"l2":-1`, "options.l2"}, {`"gamma":2,`, `"gamma":[1,-2],`, "options.gamma"}, {`"gamma":2,`, `"gamma":2,"alpha":1,`, "options.alpha"},
	{`"gamma":2,`, `"gamma":2,"alpha":0.5,"classWeight":"balanced",`, "both"}, {`"gamma":2,`, `"gamma":2,"clip":0.1,`, "clip"}, {`"gamma":2,`, `"gamma":2,"loss":"asymmetric",`, "gamma"},
	{`"gamma":2,`, `"gamma":2,"classWeight":{"effectiveNumber":1},`, "effectiveNumber"}, {`"gamma":2,`, `"gamma":2,"classWeight":{"a":0},`, "weights > 0"}, {`"gamma":2,`, `"gamma":2,"solver":"sgd",`, "solver"},
	{`"gamma":2,`, `"gamma":2,"solver":"lbfgs","l1":1,`, "l1"}, {`"gamma":2,`, `"gamma":2,"features":{"kind":"polynomial","components":3},`, "another kind"}, {`"gamma":2,`, `"gamma":2,"seed":1.5,`, "seed"},
	{`"gamma":2,`, `"gamma":2,"multiLabel":true,"positiveClass":"a",`, "positiveClass"},
	{`{"format"`, `["format"`, "object"}, {`1e-6}}`, `1e-6}} 1`, "no JSON"}, {`"columns":2,`, `"columns":2,"columns":2,`, "second time"}, {`"columns":2,`, `"columns":02,`, "no JSON"},
}

func TestFaultsOfADocumentAreNamed(t *testing.T) {
	if _, err := linear.ReadDocument([]byte(document)); err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		text := strings.Replace(document, f[0], f[1], 1)
		if text == document {
			t.Fatalf("%q is not in the document", f[0])
		}
		d, err := linear.ReadDocument([]byte(text))
		var bad *loss.Error
		if d != nil || !errors.As(err, &bad) || bad.Code != loss.BadModel || !strings.Contains(bad.Message, f[2]) {
			t.Errorf("%s → %s: %v, want %q", f[0], f[1], err, f[2])
		}
	}
}

// Whatever part of a document is missing, or another value, it is read or refused.
func TestDamagedDocumentsDoNotPanic(t *testing.T) {
	var cases []golden
	numtest.Load(t, filepath.Join("testdata", "documents.json"), &cases)
	for _, c := range cases {
		for at := 0; at < len(c.Document); at += 1 + len(c.Document)/60 {
			for _, with := range []string{"", "-", "9", "null", "[]", "{}", `"a"`} {
				text := append(append(append([]byte{}, c.Document[:at]...), with...), c.Document[min(at+1, len(c.Document)):]...)
				d, err := linear.ReadDocument(text)
				if err == nil {
					x := make([]float64, d.Columns)
					z, p, y := make([]float64, d.Outputs()), make([]float64, len(d.Classes)), make([]int, len(d.Classes))
					if d.Logits(z, x) == nil {
						d.Probabilities(p, z, false)
						d.Decide(y, z)
					}
				} else if d != nil {
					t.Fatal("a document beside an error")
				}
			}
		}
	}
}

func TestRowsThatAreRefused(t *testing.T) {
	d, err := linear.ReadDocument([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rows        string
		code        loss.Code // empty for what is no JSON
		row, column int
	}{
		{`[[1,2],[3]]`, loss.ShapeMismatch, 1, -1}, {`[[1,2,3]]`, loss.ShapeMismatch, 0, -1}, {`[[1,2],[3,null]]`, loss.BadInput, 1, 1}, {`[[1,"2"]]`, loss.BadInput, 0, 1},
		{`[{"a":1}]`, loss.BadInput, 0, -1}, {`{}`, loss.BadInput, -1, -1}, {`[1,2]`, loss.BadInput, 0, -1}, {`[[1,2],[1,2],[1,2],[1,2]]`, loss.ShapeMismatch, -1, -1},
		{`[[1,2]`, "", 0, 0}, {`[[1,1e999]]`, "", 0, 0}, {`[[1,NaN]]`, "", 0, 0}, {`[[1,2],]`, "", 0, 0}, {``, loss.BadInput, -1, -1},
	} {
		_, err := d.ReadRows([]byte(c.rows), 3)
		var bad *loss.Error
		switch {
		case err == nil:
			t.Errorf("%s is read", c.rows)
		case errors.As(err, &bad) != (c.code != ""):
			t.Errorf("%s: %v", c.rows, err)
		case bad != nil && (bad.Code != c.code || bad.Row != c.row || bad.Column != c.column):
			t.Errorf("%s: %v at %d, %d: %v", c.rows, bad.Code, bad.Row, bad.Column, err)
		}
	}
	if x, err := d.ReadRows([]byte(` [ ] `), 3); err != nil || len(x) != 0 {
		t.Error(x, err)
	}
	z := make([]float64, 1)
	if err := d.Logits(z, []float64{1e308, 1e308}); err == nil {
		t.Error("a logit that overflows is no error")
	}
}

func TestPackedRows(t *testing.T) {
	d, err := linear.ReadDocument([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	pack := func(size int, values ...float64) (data []byte) {
		for _, v := range values {
			bits := math.Float64bits(v)
			if size == 4 {
				bits = uint64(math.Float32bits(float32(v)))
			}
			for i := range size {
				data = append(data, byte(bits>>(8*i)))
			}
		}
		return data
	}
	for _, size := range []int{4, 8} {
		want := []float64{1.5, -2, 0.25, 1e10}
		x, err := d.UnpackRows(pack(size, want...), size, 2)
		if got, _ := json.Marshal(x); err != nil || string(got) != "[1.5,-2,0.25,10000000000]" {
			t.Errorf("%d: %s %v", size, got, err)
		}
		if _, err := d.UnpackRows(pack(size, want...), size, 1); err == nil {
			t.Error("two rows where one may be")
		}
		if _, err := d.UnpackRows(pack(size, 1, 2, 3), size, 2); err == nil {
			t.Error("a row and a half")
		}
		var bad *loss.Error
		if _, err := d.UnpackRows(pack(size, 1, 2, 3, math.NaN()), size, 2); !errors.As(err, &bad) || bad.Row != 1 || bad.Column != 1 {
			t.Error(err)
		}
	}
}
