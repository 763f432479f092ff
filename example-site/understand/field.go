package understand

// The picture of a surface, three pixels between two nodes.
const (
	Fine   = 3
	Width  = Fine*(Columns-1) + 1
	Height = Fine*(Rows-1) + 1
)

// Colour is red, green and blue, 0 to 255.
type Colour [3]float64

// Mix returns a share of other in c.
func (c Colour) Mix(other Colour, share float64) Colour {
	for i := range c {
		c[i] += share * (other[i] - c[i])
	}
	return c
}

// Scale runs from the common class over no class to the rare one.
type Scale struct{ Common, Neither, Rare Colour }

// Place returns where on the scale, 0 to 1, a posterior's logit is: σ(logit/2),
// which tells 1 % from 5 % as well as 50 % from 80 %.
func Place(logit float64) float64 { return probability(logit / 2) }

// At returns the colour of a place.
func (s Scale) At(place float64) Colour {
	if place < 0.5 {
		return s.Common.Mix(s.Neither, 2*place)
	}
	return s.Neither.Mix(s.Rare, 2*place-1)
}

// The table of colours is of logits −reach to reach, beyond which they stay.
const (
	reach   = 16
	entries = 64 * 2 * reach
)

// Field is the picture of a surface: colours of the posterior, by the logits
// between which it is straight.
type Field struct {
	Pixels [Width * Height]uint32 // alpha, blue, green, red from the highest byte on; row after row from the top

	table [entries + 1]uint32
	row   [2][Width]float32
}

// Paint draws a surface.
func (f *Field) Paint(s *Surface, d Decision, scale Scale) {
	for i := range f.table {
		colour := scale.At(Place(d.PosteriorLogit(float64(i)/64 - reach)))
		f.table[i] = 0xff<<24 | uint32(colour[2]+0.5)<<16 | uint32(colour[1]+0.5)<<8 | uint32(colour[0]+0.5)
	}
	above, below := &f.row[0], &f.row[1]
	widen(below, s.row(0))
	f.line(0, below, below, 0)
	for j := 1; j < Rows; j++ {
		above, below = below, above
		widen(below, s.row(j))
		for k := 1; k <= Fine; k++ {
			f.line(Fine*(j-1)+k, above, below, float32(k)/Fine)
		}
	}
}

// widen fills the pixels between the nodes of a row.
func widen(dst *[Width]float32, src *[Columns]float32) {
	for i := range Columns - 1 {
		v, step := src[i], (src[i+1]-src[i])/Fine
		for k := range Fine {
			dst[Fine*i+k] = v + float32(k)*step
		}
	}
	dst[Width-1] = src[Columns-1]
}

// line colours a row of pixels, a share of the way from one row of logits to
// the next.
func (f *Field) line(y int, above, below *[Width]float32, share float32) {
	out := f.Pixels[Width*y:][:Width]
	for i := range above {
		z := above[i] + share*(below[i]-above[i])
		entry := (z+reach)*64 + 0.5
		if !(entry > 0) {
			entry = 0
		} else if entry > entries {
			entry = entries
		}
		out[i] = f.table[int32(entry)]
	}
}
