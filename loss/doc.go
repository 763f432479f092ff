// Package loss turns logits, targets and weights into values, gradients and
// curvature in logit space. It knows nothing of features, data or solvers.
//
// The focal loss of a class t that the model gives the probability p_t is
//
//	FL(p_t) = −α_t·(1 − p_t)^γ_t·log p_t
//
// with the focusing parameter γ ≥ 0, which turns down the examples that are
// right already (γ = 0 is cross-entropy), and the class weight α > 0. [Binary]
// is its form with one logit, p = σ(z), for two classes or for each label of
// many; [Softmax] the one with a logit for each class. Both work on the
// margin m = log(p_t/(1−p_t)), where everything stays finite and exact for
// logits up to 1e20 (see [Margin]).
//
// Point gives the loss of one element and is the reference. Evaluate runs over
// a batch in float64, checks its input and reduces. Block is the float32 form
// for training, in SIMD where the machine has it.
//
// A model trained with a focal loss or with weights does not give posterior
// probabilities: PosteriorLogit and LogPosterior recover them.
//
// Source: Lin, Goyal, Girshick, He, Dollár, "Focal Loss for Dense Object
// Detection", ICCV 2017.
package loss

import (
	"math"

	"github.com/focalfit/focalfit/internal/kernel"
)

// Class is what a focal loss knows of one class.
type Class struct {
	Gamma  float64 // focusing parameter γ, finite and ≥ 0
	Weight float64 // α, finite and > 0
}

// Uniform returns k classes of the same γ and weight 1.
func Uniform(k int, gamma float64) []Class {
	classes := make([]Class, k)
	for i := range classes {
		classes[i] = Class{gamma, 1}
	}
	return classes
}

// BalancedWeights returns the weight n/(K·n_c) of each class, with counts n_c
// of sum n: every class then weighs the same in the loss. A class without rows
// gets weight 1.
func BalancedWeights(counts []int) []float64 {
	n := 0
	for _, c := range counts {
		n += c
	}
	weights := make([]float64, len(counts))
	for i, c := range counts {
		weights[i] = 1
		if c > 0 {
			weights[i] = float64(n) / (float64(len(counts)) * float64(c))
		}
	}
	return weights
}

// EffectiveNumberWeights returns weights in proportion to 1/E_n of the number
// n_c of rows of each class, E_n = (1−β^n)/(1−β), which add up to the number
// of classes that have rows; a class without rows gets weight 1. β in [0, 1)
// is 0 for even weights and near 1 for those of [BalancedWeights] but for a
// common factor.
//
// Source: Cui, Jia, Lin, Song, Belongie, "Class-Balanced Loss Based on
// Effective Number of Samples", CVPR 2019, equation 2 and section 3.3.
func EffectiveNumberWeights(counts []int, beta float64) ([]float64, error) {
	if !(beta >= 0 && beta < 1) {
		return nil, BadParameter("classWeight", "effectiveNumber must be in [0, 1)")
	}
	weights, total, seen := make([]float64, len(counts)), 0.0, 0.0
	for i, c := range counts {
		if c > 0 {
			weights[i] = 1 / EffectiveNumber(float64(c), beta)
			total += weights[i]
			seen++
		}
	}
	for i, c := range counts {
		weights[i] *= seen / total
		if c == 0 {
			weights[i] = 1
		}
	}
	return weights, nil
}

// EffectiveNumber returns E_n = (1−βⁿ)/(1−β) of n > 0 rows, which need not be
// whole, with β in [0, 1): see [EffectiveNumberWeights].
func EffectiveNumber(n, beta float64) float64 {
	return -math.Expm1(n*math.Log(beta)) / (1 - beta)
}

// Margin returns the focal loss f(m) = (1−p)^γ·(−log p), p = σ(m), of weight 1
// at the margin m of the true class, with its first and second derivative:
//
//	f  =  exp(−γ·sp(m))·sp(−m),  sp(t) = log(1+eᵗ)
//	f′ = −exp(−γ·sp(m))·[γ·p·sp(−m) + u],  u = 1−p
//	f″ =  exp(−γ·sp(m))·[(2·γp + p)·u − γp·(u − γp)·sp(−m)],  γp = γ·p
//
// m is finite. For γ > 0 the loss is not convex: f″ is negative where p is
// small (below about 0.058 at γ = 2).
func Margin(m, gamma float64) (f, f1, f2 float64) { return kernel.FocalMargin(m, gamma) }
