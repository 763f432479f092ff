package understand

import (
	"math"
	"testing"
)

var (
	straight = &Model{Weights: []float64{3, -2}, Intercept: 0.5}
	bent     = &Model{
		Weights: []float64{2, -3, 1.5}, Intercept: -0.25,
		Frequencies: []float64{4, 1, -2, 7, 0.5, -3}, Phases: []float64{0.3, 2, 5},
	}
)

func TestSurface(t *testing.T) {
	var s Surface
	for name, m := range map[string]*Model{"straight": straight, "bent": bent} {
		s.Compute(m)
		for j := range Rows {
			for i := range Columns {
				if got, want := float64(s.Logits[j*Columns+i]), m.Logit(columnX(i), rowY(j)); math.Abs(got-want) > 1e-5 {
					t.Fatalf("%s, column %d, row %d: %g, not %g", name, i, j, got, want)
				}
			}
		}
		for _, p := range Picture("clouds") {
			want := m.Logit(p.X, p.Y)
			z, certain := s.At(p.X, p.Y, 0.1)
			if math.Abs(float64(z)-want) > 0.01 {
				t.Errorf("%s: %g at %v, not %g", name, z, p, want)
			}
			if certain && (z >= 0.1) != (want >= 0.1) {
				t.Errorf("%s: %g at %v is certain, and it is %g", name, z, p, want)
			}
		}
	}
	s.Compute(straight)
	if _, certain := s.At(-0.1, 0.1+1e-4, 0); certain { // 3x − 2y + 0.5 = 0 goes through −0.1, 0.1
		t.Error("a point at the line is certain")
	}
	if _, certain := s.At(0.1, 0.1, 0); !certain {
		t.Error("a point off the line is not certain")
	}
	if z, _ := s.At(Right, -Top, 0); math.Abs(float64(z)-straight.Logit(Right, -Top)) > 1e-5 {
		t.Errorf("%g in the corner", z)
	}
}

func TestField(t *testing.T) {
	var s Surface
	var f Field
	d := NewDecision(2, 1, 20)
	scale := Scale{Colour{0, 0, 200}, Colour{250, 250, 250}, Colour{200, 0, 0}}
	pixel := func(x, y int) Colour {
		v := f.Pixels[y*Width+x]
		if v>>24 != 255 {
			t.Errorf("the pixel %d, %d is transparent", x, y)
		}
		return Colour{float64(v & 255), float64(v >> 8 & 255), float64(v >> 16 & 255)}
	}
	steep := &Model{Weights: []float64{3, -8}, Intercept: 0.5}
	s.Compute(steep)
	f.Paint(&s, d, scale)
	for _, at := range [][2]int{{0, 0}, {Width - 1, 0}, {0, Height - 1}, {Width - 1, Height - 1}, {190, 133}, {191, 134}, {180, 135}} {
		x, y := Right*(2*float64(at[0])/(Width-1)-1), Top*(1-2*float64(at[1])/(Height-1))
		want := scale.At(Place(d.PosteriorLogit(steep.Logit(x, y))))
		for i, v := range pixel(at[0], at[1]) {
			if math.Abs(v-want[i]) > 2 {
				t.Errorf("the pixel %v is %v, not %v", at, pixel(at[0], at[1]), want)
			}
		}
	}

	// Beyond the table of colours, and where there is no number.
	s.Logits[0], s.Logits[Columns-1] = 1e9, -1e9
	s.Logits[(Rows-1)*Columns] = float32(math.NaN())
	f.Paint(&s, d, scale)
	if right, left := pixel(0, 0), pixel(Width-1, 0); right[0] < 190 || left[2] < 190 {
		t.Errorf("far beyond, the colours are %v and %v", right, left)
	}
}

func TestColour(t *testing.T) {
	for text, want := range map[string]Colour{"#fff": {255, 255, 255}, "#1c5a9e": {28, 90, 158}} {
		if c, ok := ParseColour(text); !ok || c != want {
			t.Errorf("%s is %v", text, c)
		}
	}
	for _, text := range []string{"", "red", "#12345", "#12345g"} {
		if c, ok := ParseColour(text); ok {
			t.Errorf("%q is %v", text, c)
		}
	}
	if text := (Colour{28, 90, 158}).Mix(Colour{28, 100, 158}, 0.5).String(); text != "#1c5f9e" {
		t.Error(text)
	}
}
