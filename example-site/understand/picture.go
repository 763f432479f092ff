package understand

import (
	"math"
	"math/rand/v2"
)

// Pictures are the names of the pictures to start with.
var Pictures = []string{"clouds", "ring", "moons", "corners"}

// Picture returns the points of a picture, the same at every call.
func Picture(name string) []Point {
	const common, rare = 400, 20
	r := rand.New(rand.NewPCG(7, 20))
	around := func(x, y, deviation float64, rare bool) Point {
		for {
			if p := (Point{x + deviation*r.NormFloat64(), y + deviation*r.NormFloat64(), rare}); p.inside() {
				return p
			}
		}
	}
	// arc is a point around a piece of a circle, from angle a to b in turns.
	arc := func(x, y, radius, a, b, deviation float64, rare bool) Point {
		sin, cos := math.Sincos(2 * math.Pi * (a + (b-a)*r.Float64()))
		return around(x+radius*cos, y+radius*sin, deviation, rare)
	}
	corner := func(rare bool) Point {
		x, y := 0.5, 0.45
		if r.IntN(2) == 0 {
			x, y = -x, -y
		}
		if rare {
			x = -x
		}
		return around(x, y, 0.19, rare)
	}

	var points []Point
	of := func(n int, point func() Point) {
		for range n {
			points = append(points, point())
		}
	}
	switch name {
	case "clouds":
		of(common, func() Point { return around(-0.15, -0.1, 0.32, false) })
		of(rare, func() Point { return around(0.22, 0.16, 0.24, true) })
	case "ring":
		of(common, func() Point { return arc(0, 0, 0.7, 0, 1, 0.07, false) })
		of(rare, func() Point { return around(0, 0, 0.17, true) })
	case "moons":
		of(common, func() Point { return arc(-0.3, -0.2, 0.6, 0, 0.5, 0.09, false) })
		of(rare, func() Point { return arc(0.3, 0.2, 0.6, 0.5, 1, 0.06, true) })
	case "corners":
		of(common, func() Point { return corner(false) })
		of(rare, func() Point { return corner(true) })
	}
	return points
}
