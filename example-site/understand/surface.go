package understand

import "math"

// The grid on which a surface is computed, edges included.
const (
	Columns = 128
	Rows    = 96
)

// Model is a fitted classifier of the plane's two columns: z = w·φ(x) +
// intercept. Without features φ is the identity; with them φ_i(x) =
// √(2/D)·cos(ω_i·x + b_i).
type Model struct {
	Weights   []float64
	Intercept float64

	// Frequencies holds ω_i, two numbers each, Phases b_i; nil without features.
	Frequencies, Phases []float64
}

// Logit returns the logit of a point.
func (m *Model) Logit(x, y float64) float64 {
	z := m.Intercept
	if m.Phases == nil {
		return z + m.Weights[0]*x + m.Weights[1]*y
	}
	scale := math.Sqrt(2 / float64(len(m.Phases)))
	for i, w := range m.Weights {
		z += w * scale * math.Cos(m.Frequencies[2*i]*x+m.Frequencies[2*i+1]*y+m.Phases[i])
	}
	return z
}

// Surface holds the logits of the grid, row after row from the top.
type Surface struct {
	Logits [Rows * Columns]float32

	cos, sin [Columns]float32 // of a feature, across
}

func columnX(i int) float64 { return Right * (2*float64(i)/(Columns-1) - 1) }
func rowY(j int) float64    { return Top * (1 - 2*float64(j)/(Rows-1)) }

// Compute sets the logits to those of a model. A cosine of a sum is two
// products, cos(a + b) = cos a·cos b − sin a·sin b, so that a feature takes
// Columns + Rows cosines instead of one a node.
func (s *Surface) Compute(m *Model) {
	if m.Phases == nil {
		for j := range Rows {
			row := s.row(j)
			left := m.Intercept + m.Weights[1]*rowY(j)
			for i := range row {
				row[i] = float32(left + m.Weights[0]*columnX(i))
			}
		}
		return
	}
	for i := range s.Logits {
		s.Logits[i] = float32(m.Intercept)
	}
	scale := math.Sqrt(2 / float64(len(m.Phases)))
	for k, w := range m.Weights {
		for i := range Columns {
			sin, cos := math.Sincos(m.Frequencies[2*k]*columnX(i) + m.Phases[k])
			s.cos[i], s.sin[i] = float32(cos), float32(sin)
		}
		for j := range Rows {
			sin, cos := math.Sincos(m.Frequencies[2*k+1] * rowY(j))
			c, d := float32(w*scale*cos), float32(w*scale*sin)
			row := s.row(j)
			for i := range row {
				row[i] += c*s.cos[i] - d*s.sin[i]
			}
		}
	}
}

// At returns the logit at a point, straight between the nodes, and whether it
// is certain that the model's own is on the same side of a level: where the
// four nodes around are.
func (s *Surface) At(x, y float64, level float32) (z float32, certain bool) {
	across, down := (x/Right+1)/2*(Columns-1), (1-y/Top)/2*(Rows-1)
	i, j := min(max(int(across), 0), Columns-2), min(max(int(down), 0), Rows-2)
	u, v := float32(across-float64(i)), float32(down-float64(j))
	above, below := s.row(j), s.row(j+1)
	a, b, c, d := above[i], above[i+1], below[i], below[i+1]
	z = (1-v)*(a+u*(b-a)) + v*(c+u*(d-c))
	return z, min(a, b, c, d) >= level || max(a, b, c, d) < level
}

func (s *Surface) row(j int) *[Columns]float32 {
	return (*[Columns]float32)(s.Logits[j*Columns:])
}
