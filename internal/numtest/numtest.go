// Package numtest is what the tests of numerical code share: golden files,
// closeness, finite differences.
package numtest

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// Load decodes the golden file of JSON at path into v.
func Load(t testing.TB, path string, v any) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// Close reports whether got is within relative·|want| + absolute of want. Two
// equal numbers are close, NaN is close to nothing.
func Close(got, want, relative, absolute float64) bool {
	return got == want || math.Abs(got-want) <= relative*math.Abs(want)+absolute
}

// AssertClose fails the test unless got is [Close] to want.
func AssertClose(t testing.TB, what string, got, want, relative, absolute float64) {
	t.Helper()
	if !Close(got, want, relative, absolute) {
		t.Errorf("%s: got %.17g, want %.17g (off by %.3g)", what, got, want, math.Abs(got-want))
	}
}

// Derivative returns the central difference of f at x, of fourth order, with
// step h: its error is about h⁴·f⁽⁵⁾/30 + ε·f/h.
func Derivative(f func(float64) float64, x, h float64) float64 {
	return (8*(f(x+h)-f(x-h)) - (f(x+2*h) - f(x-2*h))) / (12 * h)
}
