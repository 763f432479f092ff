package loss_test

import (
	"fmt"

	"github.com/focalfit/focalfit/loss"
)

func ExampleBinary_Evaluate() {
	l := loss.NewBinary(2)
	batch := &loss.Batch{
		Logits:   []float64{-18.6, 0.51, 2.94, -12.8},
		Targets:  []float64{0, 1, 0, 0},
		Gradient: make([]float64, 4),
	}
	mean, err := l.Evaluate(batch)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("mean %.4f, gradient %.3f\n", mean, batch.Gradient)
	// Output: mean 0.6912, gradient [0.000 -0.034 0.282 0.000]
}

func ExampleSoftmax_Point() {
	l := loss.Softmax{Classes: loss.Uniform(3, 2)}
	gradient := make([]float64, 3)
	value := l.Point([]float64{2, -1, 0.5}, 1, gradient, nil)
	fmt.Printf("%.6f %.4f\n", value, gradient)
	// Output: 2.992718 [0.9167 -1.1213 0.2046]
}

// A model trained with γ = 2 is underconfident; its posterior is further out.
func ExampleBinary_PosteriorLogit() {
	fmt.Printf("%.3f\n", loss.NewBinary(2).PosteriorLogit(1))
	// Output: 2.682
}

func ExampleBinary_asymmetric() {
	// Negatives that are right already cost nothing: p ≤ Clip.
	l := loss.Binary{Negative: loss.Class{Gamma: 4, Weight: 1}, Positive: loss.Class{Gamma: 0, Weight: 1}, Clip: 0.05}
	easy, _, _ := l.Point(-4, 0)
	hard, _, _ := l.Point(1, 0)
	fmt.Println(easy, hard > 0.2)
	// Output: 0 true
}

func ExampleBinary_PosteriorLogit_smoothed() {
	// Poly-1 and label smoothing shift the model's probability; this undoes it.
	l := loss.Binary{Negative: loss.Class{Gamma: 2, Weight: 1}, Positive: loss.Class{Gamma: 2, Weight: 1}, Epsilon: 1, Smoothing: 0.1}
	fmt.Printf("%.3f\n", l.PosteriorLogit(0.5))
	// Output: 1.388
}

func ExampleEffectiveNumberWeights() {
	w, err := loss.EffectiveNumberWeights([]int{990, 10}, 0.99)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f\n", w)
	// Output: [0.175 1.825]
}
