// Package linear fits linear classifiers with focal losses.
//
// The objective over weights W (a row of it per logit) and intercepts b is
//
//	J(W, b) = (1/Σ sᵢ)·Σ sᵢ·α_{yᵢ}·FL_γ(zᵢ, yᵢ) + (l2/2)·‖W‖²_F + l1·‖W‖₁,  zᵢ = W·x̃ᵢ + b
//
// with sample weights s and x̃ the standardised columns: less their mean, over
// their population standard deviation; a constant column is only centred. The
// intercept is not penalised. Two classes have one logit, K > 2 have K and a
// softmax.
package linear
