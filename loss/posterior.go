package loss

import (
	"math"

	"github.com/focalfit/focalfit/internal/kernel"
)

// A loss with a focusing parameter or with class weights is minimised by a
// model whose own σ or softmax q is not the posterior η. Where the expected
// loss is minimal its derivative vanishes, and that can be solved for η:
//
//	binary:  η = g₋/(g₋ − g₊), g₊ and g₋ the loss's derivative in z at label 1 and 0
//	softmax: η_c ∝ q_c/(α_c·φ(q_c)), φ(q) = (1−q)^γ − γ·(1−q)^(γ−1)·q·log q
//
// The first holds for any loss of one logit; for the focal and the Poly-1 loss
// both come down to one function of the margin, logRatio.
//
// Source: Charoenphakdee, Vongkulbhisal, Chairatanakul, Sugiyama, "On Focal
// Loss for Class-Posterior Probability Estimation", CVPR 2021, theorem 11;
// class weights by the same derivation.

// logRatio returns log(q/φ(q)) at q = σ(m), φ(q) = −q·dL/dq, as
//
//	−sp(−m) + γ·sp(m) − log(1 + γ·ρ + ε·(γ+1)·q),  ρ = sp(−m)·eᵐ,  sp(t) = log(1+eᵗ)
//
// which subtracts no nearly equal numbers: ρ goes from 0 to 1 as m grows.
func logRatio(m, gamma, epsilon float64) float64 {
	e := math.Exp(-math.Abs(m))
	l := math.Log1p(e)
	up, un, rho, q := l, l-m, (l-m)*e, e/(1+e)
	if m > 0 {
		up, un, rho, q = m+l, l, 1, 1/(1+e)
		if e > 0 {
			rho = l / e
		}
	}
	return gamma*up - un - math.Log1p(gamma*rho+epsilon*(gamma+1)*q)
}

// logClipped returns the logarithm of dL/dq of the asymmetric loss of a
// negative at q = σ(z) − clip, −∞ where that is not positive: there negatives
// cost nothing, however sure.
func logClipped(z, gamma, clip float64) float64 {
	e := math.Exp(-math.Abs(z))
	p, u := 1/(1+e), e/(1+e)
	if z < 0 {
		p, u = u, p
	}
	q, rest := p-clip, u+clip
	if q <= 0 {
		return math.Inf(-1)
	}
	return (gamma-1)*math.Log(q) + math.Log(q/rest-gamma*math.Log(rest))
}

// PosteriorLogit returns log(η/(1−η)), η being the probability of the positive
// class that a model trained with this loss means by logit z. It grows with z.
//
// It is infinite where the loss leaves no doubt: −∞ where p ≤ Clip, and either
// where smoothed targets are not that extreme.
func (l Binary) PosteriorLogit(z float64) float64 {
	logit := logRatio(z, l.Positive.Gamma, l.Epsilon) + (math.Log(l.Negative.Weight) - math.Log(l.Positive.Weight))
	if l.Clip > 0 {
		logit += logClipped(z, l.Negative.Gamma, l.Clip)
	} else {
		logit -= logRatio(-z, l.Negative.Gamma, l.Epsilon)
	}
	if l.Smoothing == 0 {
		return logit
	}
	// η′ = (1−s)·η + s/2
	half := l.Smoothing / 2
	return math.Log(max(1/(1+math.Exp(-logit))-half, 0)) - math.Log(max(1/(1+math.Exp(logit))-half, 0))
}

// LogPosterior sets dst to the logarithms of the probabilities of the classes
// that a model trained with this loss means by logits z. dst may be z. With
// smoothing one may be −∞: smoothed targets are not that extreme.
func (l Softmax) LogPosterior(dst, z []float64) {
	rest, odds := make([]float64, len(z)), make([]float64, len(z))
	for c, class := range l.Classes {
		odds[c] = logRatio(kernel.SoftmaxMargin(rest, z, c), class.Gamma, l.Epsilon) - math.Log(class.Weight)
	}
	normalise(odds)
	if l.Smoothing > 0 {
		floor := l.Smoothing / float64(len(z))
		for c, v := range odds {
			odds[c] = math.Log(max(math.Exp(v)-floor, 0))
		}
		normalise(odds)
	}
	copy(dst, odds)
}

// normalise makes logarithms of probabilities add up to 1.
func normalise(logs []float64) {
	top, total := math.Inf(-1), 0.0
	for _, v := range logs {
		top = max(top, v)
	}
	for _, v := range logs {
		total += math.Exp(v - top)
	}
	log := math.Log(total)
	for c, v := range logs {
		logs[c] = (v - top) - log
	}
}

// Intercept returns the logit at which this loss is least for positive and
// negative weights (say, row counts) of an otherwise featureless problem: the
// z whose posterior is their share. It is where a fit's intercept starts.
// Both weights are > 0.
func (l Binary) Intercept(negative, positive float64) float64 {
	want := math.Log(positive) - math.Log(negative)
	low, high := -1.0, 1.0
	for l.PosteriorLogit(low) > want && low > -1e6 {
		low *= 2
	}
	for l.PosteriorLogit(high) < want && high < 1e6 {
		high *= 2
	}
	for range 200 {
		middle := low + (high-low)/2
		if middle == low || middle == high {
			break
		}
		if l.PosteriorLogit(middle) < want {
			low = middle
		} else {
			high = middle
		}
	}
	return low + (high-low)/2
}
