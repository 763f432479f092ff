package digits

import "testing"

func TestPlace(t *testing.T) {
	got := Place([]string{"pixel_0_1", "pixel_7_7", "pixel_8_0", "age", "pixel_2_3"}, []float64{1, 2, 3, 4, 5})
	want := map[int]float64{1: 1, 63: 2, 19: 5}
	for i, v := range got {
		if v != want[i] {
			t.Errorf("pixel %d is %v, not %v", i, v, want[i])
		}
	}
}
