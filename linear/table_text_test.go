package linear

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

func TestTextsMeanWhatTheyDoInJavaScript(t *testing.T) {
	file, err := os.ReadFile("testdata/texts.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases [][4]any
	if err := json.Unmarshal(file, &cases); err != nil {
		t.Fatal(err)
	}
	finite := func(v float64) any {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		return v + 0
	}
	for _, c := range cases {
		text := trim(c[0].(string))
		if text != c[1] {
			t.Errorf("%q trimmed is %q, want %q", c[0], text, c[1])
		}
		if v := finite(number(text)); v != c[2] {
			t.Errorf("%q as a number is %v, want %v", text, v, c[2])
		}
		if v := finite(minute(text)); v != c[3] {
			t.Errorf("%q as a date is %v, want %v", text, v, c[3])
		}
	}
}

func TestDaysFrom1970(t *testing.T) {
	days := 0.0
	for year := 1970; year < 2500; year++ {
		leap := year%4 == 0 && year%100 != 0 || year%400 == 0
		for month, n := range [...]float64{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31} {
			if got := daysTo(year, month+1); got != days {
				t.Fatalf("%d-%d: %v days, want %v", year, month+1, got, days)
			}
			if days += n; leap && month == 1 {
				days++
			}
		}
	}
}
