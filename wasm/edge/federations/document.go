package federations

import (
	"strconv"

	"github.com/focalfit/focalfit/internal/federated"
	"github.com/focalfit/focalfit/internal/jsontext"
)

// writer makes a JSON object, name after name.
type writer []byte

func (w *writer) name(name string) {
	mark := byte(',')
	if len(*w) == 0 {
		mark = '{'
	}
	*w = append(jsontext.AppendString(append(*w, mark), name), ':')
}

func (w *writer) text(name, v string) {
	w.name(name)
	*w = jsontext.AppendString(*w, v)
}

func (w *writer) number(name string, v float64) {
	w.name(name)
	*w = jsontext.AppendNumber(*w, v)
}

// raw writes what is JSON already.
func (w *writer) raw(name, v string) {
	w.name(name)
	*w = append(*w, v...)
}

func (w *writer) numbers(name string, list ...float64) {
	w.name(name)
	*w = appendNumbers(*w, list)
}

func appendNumbers(to []byte, list []float64) []byte {
	to = append(to, '[')
	for i, v := range list {
		if i > 0 {
			to = append(to, ',')
		}
		to = jsontext.AppendNumber(to, v)
	}
	return append(to, ']')
}

func (w writer) end() []byte { return append(w, '}') }

// RoundDocument is what a round tells a member, whose update the ticket is for.
func RoundDocument(id string, a Agreement, round Round, r federated.Round, ticket string) []byte {
	var w writer
	w.text("federation", id)
	w.number("round", float64(r.Number))
	w.text("kind", r.Kind.String())
	w.number("deadline", float64(round.Deadline))
	w.number("columns", float64(a.Columns))
	w.raw("classes", "["+a.Classes[0].String()+","+a.Classes[1].String()+"]")
	w.number("gamma", r.Settings.Gamma)
	w.number("l2", r.Settings.L2)
	w.numbers("mean", r.Mean...)
	if r.Theta != nil {
		w.numbers("theta", r.Theta...)
		w.numbers("scale", r.Scale...)
		w.numbers("weights", r.Weights[:]...)
	}
	if r.Kind == federated.Local {
		var local writer
		local.number("steps", float64(r.Steps))
		local.number("proximal", r.Settings.Proximal)
		local.number("clip", r.Settings.Clip)
		local.number("noise", r.Settings.Noise)
		local.number("minimumClients", float64(r.Settings.MinClients))
		local.numbers("counts", r.Counts[:]...)
		if r.ClassMean[0] != nil {
			local.raw("classMean", pair(r.ClassMean))
			local.raw("classScale", pair(r.ClassScale))
		}
		w.raw("averaging", string(local.end()))
	}
	if r.Kind == federated.Done {
		w.text("status", r.Status.String())
	} else {
		w.text("ticket", ticket)
	}
	return w.end()
}

// pair writes two lists as one.
func pair(lists [2][]float64) string {
	to := append(appendNumbers([]byte{'['}, lists[0]), ',')
	return string(append(appendNumbers(to, lists[1]), ']'))
}

// StatusDocument is what a federation's owner is told of it.
func StatusDocument(id string, a Advanced) []byte {
	var w writer
	w.text("federation", id)
	w.number("round", float64(a.Round.Number))
	w.text("kind", a.Round.Kind.String())
	w.text("status", a.Round.Status.String())
	w.number("updates", float64(a.Updates))
	w.raw("closed", strconv.FormatBool(a.Closed))
	w.numbers("rows", a.Round.Counts[:]...)
	w.number("objective", a.Round.Value)
	w.number("gradientNorm", a.Round.Gradient)
	if a.Failure != "" {
		w.text("failure", a.Failure)
	}
	w.privacy(a.Round.Settings)
	return w.end()
}

// CreatedDocument is what the owner is told of a federation that was created.
func CreatedDocument(id string, settings federated.Settings) []byte {
	var w writer
	w.text("id", id)
	w.privacy(settings)
	return w.end()
}

// delta is the δ for which ε is told.
const delta = 1e-6

// privacy writes the (ε, δ) of a member's updates over all rounds that there
// may be, if they have noise: see [federated.Epsilon] for what it takes to hold.
func (w *writer) privacy(settings federated.Settings) {
	if settings.Noise == 0 {
		return
	}
	rounds := settings.MaxRounds - 1
	epsilon, err := federated.Epsilon(settings.Noise, rounds, delta)
	if err != nil {
		return
	}
	var p writer
	p.number("epsilon", epsilon)
	p.number("delta", delta)
	p.number("rounds", float64(rounds))
	w.raw("privacy", string(p.end()))
}

// Model is the model document of a federation that is done, as
// JSON.stringify(classifier) would have it: coefficients in the units of the
// columns.
func Model(a Agreement, r federated.Round) []byte {
	coefficients := make([]float64, a.Columns)
	intercept := r.Theta[a.Columns]
	for j := range coefficients {
		coefficients[j] = r.Theta[j] / r.Scale[j]
		intercept -= coefficients[j] * r.Mean[j]
	}
	classes, weights := a.Classes, r.Weights
	if classes[1].Before(classes[0]) {
		classes[0], classes[1] = classes[1], classes[0]
		weights[0], weights[1] = weights[1], weights[0]
	}
	var options writer
	options.number("gamma", r.Settings.Gamma)
	options.number("l2", r.Settings.L2)
	options.raw("positiveClass", a.Classes[1].String())

	var w writer
	w.text("format", "focalfit")
	w.number("version", 2)
	w.raw("classes", "["+classes[0].String()+","+classes[1].String()+"]")
	w.raw("positiveClass", a.Classes[1].String())
	w.number("columns", float64(a.Columns))
	w.raw("coefficients", "["+string(appendNumbers(nil, coefficients))+"]")
	w.numbers("intercepts", intercept)
	w.numbers("means", r.Mean...)
	w.numbers("gamma", r.Settings.Gamma, r.Settings.Gamma)
	w.numbers("weight", weights[:]...)
	w.number("threshold", r.Weights[0]/(r.Weights[0]+r.Weights[1]))
	w.raw("options", string(options.end()))
	return w.end()
}
