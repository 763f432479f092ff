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
// The first holds for any loss of one logit; for the focal loss both come down
// to one function of the margin, logRatio.
//
// Source: Charoenphakdee, Vongkulbhisal, Chairatanakul, Sugiyama, "On Focal
// Loss for Class-Posterior Probability Estimation", CVPR 2021, theorem 11;
// class weights by the same derivation.

// logRatio returns log(q/φ(q)) at q = σ(m), as
//
//	−sp(−m) + γ·sp(m) − log(1 + γ·ρ),  ρ = sp(−m)·eᵐ,  sp(t) = log(1+eᵗ)
//
// which subtracts no nearly equal numbers: ρ goes from 0 to 1 as m grows.
func logRatio(m, gamma float64) float64 {
	e := math.Exp(-math.Abs(m))
	l := math.Log1p(e)
	up, un, rho := l, l-m, (l-m)*e
	if m > 0 {
		up, un, rho = m+l, l, 1
		if e > 0 {
			rho = l / e
		}
	}
	return gamma*up - un - math.Log1p(gamma*rho)
}

// PosteriorLogit returns log(η/(1−η)), η being the probability of the positive
// class that a model trained with this loss means by logit z. It grows with z.
func (l Binary) PosteriorLogit(z float64) float64 {
	return (logRatio(z, l.Positive.Gamma) - logRatio(-z, l.Negative.Gamma)) +
		(math.Log(l.Negative.Weight) - math.Log(l.Positive.Weight))
}

// LogPosterior sets dst to the logarithms of the probabilities of the classes
// that a model trained with this loss means by logits z. dst may be z.
func (l Softmax) LogPosterior(dst, z []float64) {
	rest, odds := make([]float64, len(z)), make([]float64, len(z))
	for c, class := range l.Classes {
		odds[c] = logRatio(kernel.SoftmaxMargin(rest, z, c), class.Gamma) - math.Log(class.Weight)
	}
	top := math.Inf(-1)
	for _, v := range odds {
		top = max(top, v)
	}
	total := 0.0
	for _, v := range odds {
		total += math.Exp(v - top)
	}
	log := math.Log(total)
	for c, v := range odds {
		dst[c] = (v - top) - log
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
