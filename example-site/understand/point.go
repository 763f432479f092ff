// Package understand is the part of the site where points of two classes are
// painted and the surface of a classifier follows them and its settings.
//
// The plane is 8/3 wide and 2 high, with the origin in the middle and y
// upwards.
package understand

import "math/rand/v2"

// The plane reaches from −Right to Right and from −Top to Top.
const (
	Right = 4.0 / 3
	Top   = 1.0
)

// MostPoints is how many points there may be.
const MostPoints = 2000

// Point is a row of two columns and its class.
type Point struct {
	X, Y float64
	Rare bool
}

func (p Point) inside() bool {
	return p.X >= -Right && p.X <= Right && p.Y >= -Top && p.Y <= Top
}

// Count returns how many points there are of each class.
func Count(points []Point) (common, rare int) {
	for _, p := range points {
		if p.Rare {
			rare++
		}
	}
	return len(points) - rare, rare
}

// Brush paints dabs of points, or erases them.
type Brush int

// What a brush does.
const (
	PaintRare Brush = iota
	PaintCommon
	Erase
)

const (
	eraserRadius = 0.1
	commonRadius = 0.12
	commonDab    = 3    // points
	dabDistance  = 0.05 // between the dabs of a stroke
)

// Dab returns points after a dab of the brush at x, y: a rare point there,
// common ones scattered around, or those near by gone. A full picture takes no
// more.
func (b Brush) Dab(points []Point, x, y float64, random *rand.Rand) []Point {
	switch b {
	case Erase:
		kept := points[:0]
		for _, p := range points {
			if dx, dy := p.X-x, p.Y-y; dx*dx+dy*dy > eraserRadius*eraserRadius {
				kept = append(kept, p)
			}
		}
		return kept
	case PaintRare:
		return add(points, Point{x, y, true})
	}
	points = add(points, Point{x, y, false})
	for range commonDab - 1 {
		points = add(points, Point{x + commonRadius*(2*random.Float64()-1), y + commonRadius*(2*random.Float64()-1), false})
	}
	return points
}

// add appends a point that is in the plane and has room.
func add(points []Point, p Point) []Point {
	if len(points) < MostPoints && p.inside() {
		points = append(points, p)
	}
	return points
}
