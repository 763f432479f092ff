package federations

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/focalfit/focalfit/internal/federated"
	"github.com/focalfit/focalfit/internal/jsontext"
	"github.com/focalfit/focalfit/linear"
)

func TestAgreements(t *testing.T) {
	a, err := ReadAgreement([]byte(`{"columns": 3, "classes": ["fine", "fault"]}`))
	if err != nil {
		t.Fatal(err)
	}
	if a.Gamma != 2 || a.L2 != 1e-4 || a.Seconds != 300 || a.Mode != federated.Exact || a.Balanced || a.Classes[1].String() != `"fault"` {
		t.Errorf("%+v", a)
	}
	a, err = ReadAgreement([]byte(`{"columns": 300, "classes": [0, 1], "gamma": 0, "classWeight": "balanced", "l2": 0.1, "quorum": 7, "minimumClients": 5,
		"roundSeconds": 9, "maxRounds": 12, "averaging": {"rule": "trimmed", "trim": 0.2, "clip": 2, "steps": 4, "proximal": 0.5 }}`))
	if err != nil {
		t.Fatal(err)
	}
	if a.Mode != federated.Averaging || !a.Balanced || a.Quorum != 7 || a.MinClients != 5 || a.Seconds != 9 || a.MaxRounds != 12 || a.Trim != 0.2 || a.Rule != federated.TrimmedMean {
		t.Errorf("%+v", a)
	}
	for text, mode := range map[string]federated.Mode{
		`{"columns": 256, "classes": [0, 1]}`:                                     federated.Exact,
		`{"columns": 257, "classes": [0, 1]}`:                                     federated.Averaging,
		`{"columns": 3, "classes": [0, 1], "averaging": {"noise": 8}}`:            federated.Averaging,
		`{"columns": 3, "classes": [0, 1], "averaging": {}, "mode": "averaging"}`: federated.Averaging,
		`{"mode": "averaging", "columns": 3, "classes": [0, 1], "averaging": {}}`: federated.Averaging,
	} {
		if a, err := ReadAgreement([]byte(text)); err != nil || a.Mode != mode {
			t.Errorf("%s: %v (%v)", text, a.Mode, err)
		}
	}
	for text, says := range map[string]string{
		`{"columns": 3}`:                                                                "two labels",
		`{"columns": 3, "classes": ["a"]}`:                                              "two labels",
		`{"columns": 3, "classes": ["a", "a"]}`:                                         "two labels",
		`{"columns": 3, "classes": ["a", "b", "c"]}`:                                    "two labels",
		`{"columns": 3, "classes": ["1", 1]}`:                                           "one type",
		`{"columns": 3, "classes": [null, 1]}`:                                          "two labels",
		`{"columns": 0, "classes": [0, 1]}`:                                             "columns",
		`{"columns": 2.5, "classes": [0, 1]}`:                                           "whole number",
		`{"columns": 300, "classes": [0, 1], "mode": "exact"}`:                          "256",
		`{"columns": 3, "classes": [0, 1], "mode": "fast"}`:                             "exact",
		`{"columns": 3, "classes": [0, 1], "gama": 1}`:                                  "no option gama",
		`{"columns": 3, "classes": [0, 1], "gamma": -1}`:                                "gamma",
		`{"columns": 3, "classes": [0, 1], "classWeight": 0}`:                           "classWeight",
		`{"columns": 3, "classes": [0, 1], "classWeight": "heavy"}`:                     "classWeight",
		`{"columns": 3, "classes": [0, 1], "minimumClients": 1}`:                        "2 or more",
		`{"columns": 3, "classes": [0, 1], "roundSeconds": 0}`:                          "roundSeconds",
		`{"columns": 3, "classes": [0, 1], "averaging": {"rule": "mode"}}`:              "rule",
		`{"columns": 3, "classes": [0, 1], "averaging": {"clips": 1}}`:                  "no option clips",
		`{"columns": 3, "classes": [0, 1], "maxRounds": 0}`:                             "maxRounds",
		`{"columns": 3, "classes": [0, 1], "minimumClients": 0}`:                        "minimumClients",
		`{"columns": 3, "classes": [0, 1], "minimumClients": 2e6}`:                      "minimumClients",
		`{"columns": 3, "classes": [0, 1], "tolerance": 0}`:                             "tolerance",
		`{"columns": 300, "classes": [0, 1], "averaging": {"momentum": 0}}`:             "momentum",
		`{"columns": 300, "classes": [0, 1], "averaging": {"clip": 0}}`:                 "clip",
		`{"columns": 300, "classes": [0, 1], "averaging": {"steps": 0}}`:                "steps",
		`{"columns": 3, "classes": [0, 1], "mode": "exact", "averaging": {"noise": 8}}`: "nothing is averaged in exact mode",
		`{"columns": 3, "classes": [0, 1]} x`:                                           "end",
		`[]`:                                                                            "object",
		``:                                                                              "",
	} {
		if _, err := ReadAgreement([]byte(text)); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// The model of a federation is read as any other, and gives the logits of its
// parameters in standardised columns.
func TestTheModelOfAFederation(t *testing.T) {
	for _, classes := range []string{`["fine","fault"]`, `["a","b"]`, `[1,0]`, `[false,true]`} {
		a, err := ReadAgreement([]byte(`{"columns": 3, "classes": ` + classes + `, "classWeight": "balanced", "l2": 0.001}`))
		if err != nil {
			t.Fatal(err)
		}
		members := tabs(5)
		s, _ := create(t, newMemory(), members, Federation{})
		r := run(t, s, members, forwards)
		document, err := linear.ReadDocument(Model(a, r))
		if err != nil {
			t.Fatalf("%v in %s", err, Model(a, r))
		}
		if document.Columns != 3 {
			t.Errorf("%+v", document)
		}
		for _, x := range [][]float64{{0, 0, 0}, {1, -2, 3}} {
			var z [1]float64
			document.Logits(z[:], x)
			want := r.Theta[3]
			for j, v := range x {
				want += r.Theta[j] * (v - r.Mean[j]) / r.Scale[j]
			}
			if math.Abs(z[0]-want) > 1e-12*(1+math.Abs(want)) {
				t.Errorf("%s: a logit of %v, not %v", classes, z[0], want)
			}
		}
	}
}

func TestPrivacyIsTold(t *testing.T) {
	a, err := ReadAgreement([]byte(`{"columns": 300, "classes": [0, 1], "maxRounds": 11, "averaging": {"noise": 8}}`))
	if err != nil {
		t.Fatal(err)
	}
	want, err := federated.Epsilon(8, 10, 1e-6)
	if err != nil {
		t.Fatal(err)
	}
	text := string(CreatedDocument("f", a.Settings))
	if !strings.HasPrefix(text, `{"id":"f","privacy":{"epsilon":`+string(jsontext.AppendNumber(nil, want))+`,"delta":0.000001,"rounds":10}}`) {
		t.Errorf("%s", text)
	}
	a.Noise = 0
	if text := string(CreatedDocument("f", a.Settings)); text != `{"id":"f"}` {
		t.Errorf("%s", text)
	}
}

func TestWhatARoundTells(t *testing.T) {
	a, err := ReadAgreement([]byte(`{"columns": 3, "classes": ["fine", "fault"], "classWeight": "balanced"}`))
	if err != nil {
		t.Fatal(err)
	}
	s, _ := create(t, newMemory(), tabs(3), Federation{})
	_, round, state, _ := s.Newest(context.Background(), "f", -1)
	got := string(RoundDocument("f", a, *round, state.Round(), "a.b"))
	if want := `{"federation":"f","round":0,"kind":"statistics","deadline":61000,"columns":3,"classes":["fine","fault"],"gamma":2,"l2":0.001,"mean":[0,0,0],"ticket":"a.b"}`; got != want {
		t.Errorf("%s", got)
	}
}
