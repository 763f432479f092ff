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
