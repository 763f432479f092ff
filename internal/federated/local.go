package federated

import "github.com/focalfit/focalfit/loss"

// Local returns the client's payload of that kind: rows, Σ loss at θ_k, and the
// Δ to which the round's Steps, gradient steps of one length, lead, starting at the round's
// θ_k, on
//
//	F(θ) = (1/n)·Σ L(θ·x̃) + (l2/2)·‖w‖² + (μ/2)·‖θ − θ_k‖² + Σ_c (n_c/N − own_c/n)·S_c(θ)
//
// over the client's own n rows, clipped to the norm C. N and n_c are the rows
// of the federation and of its class c, own_c those of the client. S_c stands
// in for rows of class c that the client lacks or has too many of: the mean loss,
// as of class c, over the client's rows of the other class, each carried over by
//
//	x → mean_c + (x − mean_other)·scale_c/scale_other, column by column
//
// so that its mean and deviation are those of class c in the federation. A client
// without positives thus pulls where all together would, and clients that hold
// them say by how much the stand-in is wrong. Over the federation the terms
// cancel but for how clients differ, so the mean of updates is a step on J.
// Without it the updates of the few that hold a rare class are the extremes,
// which a median or trimmed mean leaves out.
//
// With Noise the payload says 1 row and no loss, and each number of Δ gets
// Gaussian noise of deviation σ·C/√(MinClients − 1), so that there is σ·C in the
// sum for a client that takes its own away; normal returns draws from N(0, 1) of
// a source that nobody can guess. Without, it may be nil. Rows have been
// checked; a client without rows stays at θ_k.
//
// Sources: the proximal term is that of Li, Sahu, Zaheer, Sanjabi, Talwalkar,
// Smith, "Federated Optimization in Heterogeneous Networks", MLSys 2020,
// equation 2. To correct local steps by what the others have is the idea of
// Karimireddy et al., "SCAFFOLD", ICML 2020, here with moments of the classes in
// place of gradients of the clients.
func (r *Round) Local(rows Rows, normal func() float64) []float64 {
	s := r.Settings
	out := make([]float64, Local.Length(s.Columns))
	delta := out[2:]
	if len(rows.Y) > 0 {
		out[0], out[1] = float64(len(rows.Y)), r.walk(delta, r.terms(rows))
	}
	if size := norm(delta); size > s.Clip {
		for j := range delta {
			delta[j] *= s.Clip / size
		}
	}
	if s.Noise > 0 {
		out[0], out[1] = 1, 0
		deviation := s.deviation()
		for j := range delta {
			delta[j] += deviation * normal()
		}
	}
	return out
}

// term is a row of a local objective: x̃, what class it counts as, and how much.
type term struct {
	x            []float64
	class, share float64
}

// terms returns the client's rows and then their stand-ins.
func (r *Round) terms(rows Rows) []term {
	p, n := r.Settings.parameters(), float64(len(rows.Y))
	own := [2]float64{}
	room, out := make([]float64, 2*p*len(rows.Y)), make([]term, 0, 2*len(rows.Y))
	next := func() (x []float64) {
		x, room = room[:p:p], room[p:]
		return x
	}
	for i, y := range rows.Y {
		x := next()
		r.standardise(x, rows.row(i))
		out = append(out, term{x, y, 1 / n})
		own[int(y)]++
	}
	if r.ClassMean[0] == nil {
		return out
	}
	moved := make([]float64, p-1)
	for i, y := range rows.Y {
		other := int(y)
		class := 1 - other
		for j, v := range rows.row(i) {
			moved[j] = r.ClassMean[class][j]
			if r.ClassScale[other][j] > 0 {
				moved[j] += (v - r.ClassMean[other][j]) * (r.ClassScale[class][j] / r.ClassScale[other][j])
			}
		}
		x := next()
		r.standardise(x, moved)
		share := r.Counts[class]/(r.Counts[0]+r.Counts[1]) - own[class]/n
		out = append(out, term{x, float64(class), share / own[other]})
	}
	return out
}

// walk sets delta to where the local steps lead from θ_k, and returns the sum
// of the losses of the client's rows there.
func (r *Round) walk(delta []float64, terms []term) (before float64) {
	s, l := r.Settings, r.loss()
	length := 1 / (r.curvature(l) + s.L2 + s.Proximal)
	theta, gradient := append([]float64(nil), r.Theta...), make([]float64, len(delta))
	for k := range r.Steps {
		for j := range gradient {
			gradient[j] = s.Proximal * delta[j]
			if j < s.Columns {
				gradient[j] += s.L2 * theta[j]
			}
		}
		for i, t := range terms {
			f, f1, _ := l.Point(dot(theta, t.x), t.class)
			if k == 0 && (i < len(terms)/2 || r.ClassMean[0] == nil) {
				before += f
			}
			for j, v := range t.x {
				gradient[j] += t.share * f1 * v
			}
		}
		for j, g := range gradient {
			delta[j] -= length * g
			theta[j] = r.Theta[j] + delta[j]
		}
	}
	return before
}

// curvature bounds the largest eigenvalue of ∇²J but for the penalty, by the
// mean of α·‖x̃‖², were that of the classes the same: f″ ≤ (1 + 0.7·γ)/4 at every
// margin, and standardised columns have a mean square of 1. It is the same for
// all clients, so that none of them goes further than others on a like slope.
func (r *Round) curvature(l loss.Binary) float64 {
	weight := (l.Negative.Weight*r.Counts[0] + l.Positive.Weight*r.Counts[1]) / (r.Counts[0] + r.Counts[1])
	return 0.25 * (1 + 0.7*r.Settings.Gamma) * weight * float64(r.Settings.Columns+1)
}
