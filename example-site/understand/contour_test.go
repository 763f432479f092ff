package understand

import (
	"math"
	"testing"
)

// field evaluates f at the nodes of a grid.
func field(columns, rows int, f func(x, y float64) float64) []float32 {
	values := make([]float32, 0, columns*rows)
	for j := range rows {
		for i := range columns {
			values = append(values, float32(f(float64(i), float64(j))))
		}
	}
	return values
}

func length(s Segment) float64 { return math.Hypot(float64(s.X2-s.X1), float64(s.Y2-s.Y1)) }

func TestContourOfAPlane(t *testing.T) {
	// x + 2y = 11.3 crosses 9 × 7 nodes from (8, 1.65) to (0, 5.65).
	segments := Contour(nil, field(9, 7, func(x, y float64) float64 { return x + 2*y }), 9, 11.3)
	total := 0.0
	for _, s := range segments {
		for _, p := range [][2]float32{{s.X1, s.Y1}, {s.X2, s.Y2}} {
			if v := float64(p[0] + 2*p[1]); math.Abs(v-11.3) > 1e-5 {
				t.Errorf("%v is at %g", p, v)
			}
		}
		total += length(s)
	}
	if want := math.Hypot(8, 4); math.Abs(total-want) > 1e-5 {
		t.Errorf("the line is %g long, not %g", total, want)
	}
}

func TestContourOfACircle(t *testing.T) {
	const radius = 11.0
	segments := Contour(nil, field(33, 31, func(x, y float64) float64 { return math.Hypot(x-16, y-15) }), 33, radius)
	total := 0.0
	ends := map[[2]float32]int{}
	for _, s := range segments {
		total += length(s)
		ends[[2]float32{s.X1, s.Y1}]++
		ends[[2]float32{s.X2, s.Y2}]++
		if r := math.Hypot(float64(s.X1)-16, float64(s.Y1)-15); math.Abs(r-radius) > 0.02 {
			t.Errorf("%v is at %g", s, r)
		}
	}
	if math.Abs(total-2*math.Pi*radius) > 0.2 {
		t.Errorf("the circle is %g long", total)
	}
	for end, n := range ends {
		// Where it goes through a node, pieces without length end too.
		if n%2 != 0 {
			t.Errorf("%v ends %d pieces: the line is not closed", end, n)
		}
	}
}

func TestContourOfSaddles(t *testing.T) {
	for _, c := range []struct {
		values []float32 // a b, c d: rows from the top
		joined bool      // whether the corners above are
	}{
		{[]float32{1, -3, -3, 1}, false},
		{[]float32{3, -1, -1, 3}, true},
		{[]float32{-3, 1, 1, -3}, false},
		{[]float32{-1, 3, 3, -1}, true},
	} {
		segments := Contour(nil, c.values, 2, 0)
		if len(segments) != 2 {
			t.Fatalf("%v: %v", c.values, segments)
		}
		// Each piece goes round the corner that is nearest to its ends, which is
		// one below where those above are joined.
		for _, s := range segments {
			x, y := int(math.Round(float64(s.X1+s.X2)/2)), int(math.Round(float64(s.Y1+s.Y2)/2))
			if isAbove := c.values[2*y+x] >= 0; isAbove == c.joined {
				t.Errorf("%v: %v goes round the corner %d, %d", c.values, s, x, y)
			}
		}
	}
}

func TestContourWithoutALine(t *testing.T) {
	for name, f := range map[string]func(x, y float64) float64{
		"below":      func(x, y float64) float64 { return -1 },
		"above":      func(x, y float64) float64 { return 1 },
		"at":         func(x, y float64) float64 { return 0 },
		"not finite": func(x, y float64) float64 { return math.Inf(int(x) - 2) },
	} {
		if segments := Contour(nil, field(5, 5, f), 5, 0); len(segments) > 0 {
			t.Errorf("%s: %v", name, segments)
		}
	}
}
