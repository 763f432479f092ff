package understand

import (
	"math/rand/v2"
	"testing"
)

func TestDab(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	points := PaintRare.Dab(nil, 0.5, 0.5, random)
	points = PaintCommon.Dab(points, -0.5, 0.5, random)
	if common, rare := Count(points); common != commonDab || rare != 1 {
		t.Fatalf("%d common, %d rare points", common, rare)
	}
	if points = PaintRare.Dab(points, 2, 0, random); len(points) != 1+commonDab {
		t.Error("a point outside is painted")
	}
	points = Erase.Dab(points, 0.5+0.9*eraserRadius, 0.5, random)
	if common, rare := Count(points); common != commonDab || rare != 0 {
		t.Errorf("%d common, %d rare points are left", common, rare)
	}
	for range MostPoints {
		points = PaintCommon.Dab(points, 0, 0, random)
	}
	if len(points) != MostPoints {
		t.Errorf("%d points", len(points))
	}
}
