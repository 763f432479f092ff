package federations

import (
	"strconv"

	"github.com/focalfit/focalfit/internal/federated"
	"github.com/focalfit/focalfit/internal/jsontext"
	"github.com/focalfit/focalfit/linear"
	"github.com/focalfit/focalfit/loss"
)

// Agreement is what a federation's owner settles, as the service reads it.
type Agreement struct {
	federated.Settings
	Classes [2]linear.Label // the positive one last
	Quorum  int
	Seconds int // of a round
}

// Of a round, in seconds.
const (
	defaultSeconds = 300
	maxSeconds     = 30 * 24 * 3600
)

// ReadAgreement reads the JSON object of a request, with the names and
// defaults of the option of createFederation in the npm package. It returns a
// [loss.Error] that says what to change, or an error of [jsontext].
func ReadAgreement(text []byte) (Agreement, error) {
	a := Agreement{Settings: federated.Settings{Gamma: 2, L2: 1e-4}, Seconds: defaultSeconds}
	r := optionReader{jsontext.NewReader(text)}
	mode, averaging := "", false
	r.Object(func(name string) {
		switch name {
		case "columns":
			a.Columns = r.whole(name, 1)
		case "classes":
			r.Array(func(i int) {
				label, ok := linear.ReadLabel(r.Reader)
				if ok && i < 2 {
					a.Classes[i] = label
				} else {
					r.bad(name, "classes must be two labels, texts, numbers or booleans, the positive one last")
				}
			})
		case "gamma":
			a.Gamma = r.Number()
		case "classWeight":
			a.readWeight(r)
		case "l2":
			a.L2 = r.Number()
		case "mode":
			mode = r.String()
		case "minimumClients":
			a.MinClients = r.whole(name, 1)
		case "quorum":
			a.Quorum = r.whole(name, 0)
		case "roundSeconds":
			a.Seconds = r.whole(name, 1)
		case "maxRounds":
			a.MaxRounds = r.whole(name, 1)
		case "tolerance":
			a.Tolerance = r.positive(name)
		case "averaging":
			averaging = true
			a.readAveraging(r)
		default:
			r.bad(name, "there is no option "+name)
			r.Skip()
		}
	})
	switch mode {
	case "":
		if averaging || a.Columns > federated.MaxExactColumns {
			a.Mode = federated.Averaging
		}
	case "averaging":
		a.Mode = federated.Averaging
	case "exact":
		// Who asks for noise or a median is not to go without.
		if averaging {
			r.bad("averaging", `nothing is averaged in exact mode: leave averaging out, or set mode to "averaging"`)
		}
	default:
		r.bad("mode", `mode must be "exact" or "averaging"`)
	}
	switch {
	case a.Classes[0].IsZero() || a.Classes[1].IsZero() || a.Classes[0] == a.Classes[1]:
		r.bad("classes", "classes must be two labels, the positive one last")
	case !a.Classes[0].Alike(a.Classes[1]):
		r.bad("classes", "the two labels must be of one type")
	case a.Seconds > maxSeconds:
		r.bad("roundSeconds", "roundSeconds must be from 1 to "+strconv.Itoa(maxSeconds))
	case a.MinClients == 1:
		r.bad("minimumClients", "minimumClients must be 2 or more: what one member sends tells of its rows")
	}
	if err := r.End(); err != nil {
		return a, err
	}
	return a, a.Settings.Check()
}

func (a *Agreement) readWeight(r optionReader) {
	const message = `classWeight must be "balanced", "none" or the weight of the positive class, a number > 0`
	switch r.Kind() {
	case jsontext.Number:
		if a.PositiveWeight = r.Number(); !(a.PositiveWeight > 0) {
			r.bad("classWeight", message)
		}
	case jsontext.String:
		switch r.String() {
		case "balanced":
			a.Balanced = true
		case "none":
		default:
			r.bad("classWeight", message)
		}
	default:
		r.bad("classWeight", message)
		r.Skip()
	}
}

func (a *Agreement) readAveraging(r optionReader) {
	r.Object(func(name string) {
		switch name {
		case "steps":
			a.Steps = r.whole(name, 1)
		case "proximal":
			a.Proximal = r.Number()
		case "clip":
			a.Clip = r.positive(name)
		case "trim":
			a.Trim = r.Number()
		case "momentum":
			a.Momentum = r.positive(name)
		case "noise":
			a.Noise = r.Number()
		case "rule":
			switch r.String() {
			case "mean":
				a.Rule = federated.Mean
			case "median":
				a.Rule = federated.Median
			case "trimmed":
				a.Rule = federated.TrimmedMean
			default:
				r.bad("rule", `rule must be "mean", "median" or "trimmed"`)
			}
		default:
			r.bad(name, "averaging has no option "+name)
			r.Skip()
		}
	})
}

// optionReader reads the values of options, of which an error names the option.
type optionReader struct{ *jsontext.Reader }

func (r optionReader) bad(option, message string) { r.Fail(loss.BadParameter(option, message)) }

func (r optionReader) whole(option string, least int) int {
	v := r.Number()
	if v != float64(int(v)) || v < float64(least) || v > 1e9 {
		r.bad(option, option+" must be a whole number from "+strconv.Itoa(least)+" to 1e9")
		return 0
	}
	return int(v)
}

// positive reads a number of which 0, the default's place in the settings, is
// nothing to ask for.
func (r optionReader) positive(option string) float64 {
	v := r.Number()
	if !(v > 0) {
		r.bad(option, option+" must be > 0")
	}
	return v
}
