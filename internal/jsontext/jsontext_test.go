package jsontext

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

// read returns what Skip, reading everything, says of a text.
func read(text string) error {
	r := NewReader([]byte(text))
	r.Skip()
	return r.End()
}

var texts = []string{
	"", " ", "null", "true", "false", "nul", "True", "nullx", "0", "-0", "01", "-", "1.", ".5", "1.5", "1e5", "1e", "1E-7", "+1", "1e+", "0x1", "NaN", "Infinity", "--1", "1 2", "[]", "[1]", "[1,]", "[,]", "[1 2]",
	"[", "]", "[1", "{}", `{"a":1}`, `{"a":1,}`, `{"a"}`, `{a:1}`, `{"a":}`, `{"a":1 "b":2}`, `{"a":1,"b":[{"c":null}]}`, `{`, `{"a":1`, `"`, `""`, `"a`, `"\`, `"\"`, `"\\"`, `"\n"`, `"\x"`, `"\u00e9"`, `"\u00e"`,
	`"\u00g0"`, `"\ud83d\ude00"`, "\"\t\"", "\"\x00\"", "\"\x7f\"", `"é😀"`, "\ufeff1", "[1]x", "// a\n1", "[1,2,3,[4,[5]]]", "1\u00a0", "\t\r\n 1 \t", `{"":0}`, "tru", "-1.25e-3", "1e308",
}

func TestReadsWhatIsJSON(t *testing.T) {
	for _, text := range texts {
		if got, want := read(text) == nil, json.Valid([]byte(text)); got != want {
			t.Errorf("%q: read %v, want %v (%v)", text, got, want, read(text))
		}
	}
	for _, text := range []string{`{"a":1,"a":2}`, `"\ud800"`, `"\udc00"`, `"\ud800\u0041"`, "\"\xff\"", "1e999", "-1e999", strings.Repeat("[", 33) + strings.Repeat("]", 33)} {
		if read(text) == nil {
			t.Errorf("%q is read", text)
		}
	}
	if err := read(strings.Repeat("[", 32) + strings.Repeat("]", 32)); err != nil {
		t.Error(err)
	}
	many := []string{}
	for i := range 100 {
		many = append(many, string(AppendString(nil, strings.Repeat("x", i)))+":0")
	}
	if err := read("{" + strings.Join(many, ",") + "}"); err != nil {
		t.Error(err)
	}
	for _, again := range []int{0, 40, 99} {
		if read("{"+strings.Join(append(many, many[again]), ",")+"}") == nil {
			t.Errorf("name %d of 100 for the second time is read", again)
		}
	}
}

func TestTextsComeBack(t *testing.T) {
	for _, s := range []string{"", "a", `"\/`, "\b\f\n\r\t\x00\x1f\x7f", "é😀\u2028", strings.Repeat("\\", 100)} {
		r := NewReader(AppendString(nil, s))
		if got := r.String(); got != s || r.End() != nil {
			t.Errorf("%q comes back as %q, %v", s, got, r.Err())
		}
		escaped, _ := json.Marshal(s)
		if r := NewReader(escaped); r.String() != s || r.End() != nil {
			t.Errorf("%s is not read as %q", escaped, s)
		}
		var back string
		if err := json.Unmarshal(AppendString(nil, s), &back); err != nil || back != s {
			t.Errorf("%q is written as %s", s, AppendString(nil, s))
		}
	}
}

func TestNumbersComeBackAndLookLikeJavaScript(t *testing.T) {
	for text, v := range map[string]float64{"0": math.Copysign(0, -1), "1": 1, "-1.5": -1.5, "0.000001": 1e-6, "1e-7": 1e-7, "1.5e-10": 1.5e-10, "100000000000000000000": 1e20, "1e+21": 1e21, "-1.7976931348623157e+308": -math.MaxFloat64, "5e-324": 5e-324} {
		if got := string(AppendNumber(nil, v)); got != text {
			t.Errorf("%v is written as %s, want %s", v, got, text)
		}
		if r := NewReader([]byte(text)); r.Number() != v || r.End() != nil {
			t.Errorf("%s is not read as %v", text, v)
		}
	}
}

func TestTheFirstErrorStays(t *testing.T) {
	r := NewReader([]byte(`[1, x, 2]`))
	n := 0
	r.Array(func(int) { n++; r.Number() })
	if err := r.End(); err == nil || n != 2 || r.Number() != 0 || r.String() != "" || r.Bool() || r.Kind() != None || err.Error() != "no number at byte 4" {
		t.Error(n, err)
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range texts {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if read(text) == nil && !json.Valid([]byte(text)) {
			t.Errorf("%q is read", text)
		}
	})
}
