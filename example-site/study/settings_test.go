package study

import "testing"

func TestPairsThereAndBack(t *testing.T) {
	for _, s := range []Settings{
		Default,
		{Source: "snow", Label: "weather", Positive: EveryClass, Draw: 12, Gamma: 0, Weight: "none", WeightNumber: 10, L2Exponent: -8, Miss: 0},
		{Source: "digits", Label: "digit", Positive: "3", Draw: 1, Gamma: 4.9, Weight: "number", WeightNumber: 1e-6, L2Exponent: 1, Miss: 1e9, Threshold: 0.25},
		{Source: "file", Label: "a=b&c #?+ü", Positive: "x y", Draw: 2, Gamma: 0.1, Weight: "balanced", WeightNumber: 10, L2Exponent: -3.5, Miss: 20, Threshold: 1},
	} {
		if got, ok := FromPairs(s.Pairs()); !ok || got != s {
			t.Errorf("%+v is read as %+v", s, got)
		}
	}
}

func TestPairsThatMakeNoSense(t *testing.T) {
	for _, pairs := range [][][2]string{nil, {{"data", "weather"}}, {{"gamma", "1"}}} {
		if got, ok := FromPairs(pairs); ok || got != Default {
			t.Errorf("%v is read as %+v", pairs, got)
		}
	}
	got, ok := FromPairs([][2]string{
		{"data", "cancer"}, {"label", "x"}, {"class", ""}, {"draw", "-1"}, {"gamma", "5.1"}, {"weight", "NaN"}, {"l2", "-9"}, {"miss", "-1"}, {"threshold", "2"}, {"more", "?"},
	})
	want := Default
	want.Source, want.Label, want.Positive = "cancer", "diagnosis", "malignant"
	if !ok || got != want {
		t.Errorf("%+v", got)
	}
}

func TestPlain(t *testing.T) {
	for _, test := range []struct {
		s    Settings
		want bool
	}{
		{Default, false}, {Settings{Weight: "none", WeightNumber: 10}, true}, {Settings{Weight: "number", WeightNumber: 1}, true},
		{Settings{Weight: "number", WeightNumber: 2}, false}, {Settings{Weight: "balanced"}, false}, {Settings{Gamma: 0.1, Weight: "none"}, false},
	} {
		if got := test.s.Plain(); got != test.want {
			t.Errorf("%+v: %v", test.s, got)
		}
	}
}

func TestSameRows(t *testing.T) {
	other := Default
	other.Gamma, other.Weight, other.L2Exponent, other.Threshold = 0, "none", 1, 0.5
	if !Default.SameRows(other) {
		t.Error("other settings of the loss are other rows")
	}
	if Default.SameLoss(other) {
		t.Error("another loss is the same")
	}
	same := Default
	same.Positive, same.WeightNumber, same.Threshold = "fog", 3, 0.1
	if !Default.SameLoss(same) {
		t.Error("what is no setting of the loss makes another one")
	}
	for _, change := range []func(*Settings){
		func(s *Settings) { s.Source = "cancer" }, func(s *Settings) { s.Label = "x" },
		func(s *Settings) { s.Positive = "fog" }, func(s *Settings) { s.Draw = 2 },
	} {
		other := Default
		change(&other)
		if Default.SameRows(other) {
			t.Errorf("%+v", other)
		}
	}
}
