package linear_test

import (
	"context"
	"fmt"

	"github.com/focalfit/focalfit/linear"
	"github.com/focalfit/focalfit/loss"
)

func ExampleTrain() {
	// One column; the two rows on the right are the rare class.
	x, err := linear.NewMatrix(8, 1, []float64{0, 1, 2, 3, 4, 5, 9, 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	y := []int32{0, 0, 0, 0, 0, 0, 1, 1}
	fit, err := linear.Train(context.Background(), x, y, linear.Options{
		Classes:   loss.Uniform(2, 2), // γ = 2
		Weighting: linear.Balanced,
		L2:        1e-2,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	z, p := make([]float64, 1), make([]float64, 2)
	fit.Logits(z, []float64{7})
	fit.Posterior(p, z)
	fmt.Println(fit.Status, fit.PredictedCounts, fit.Decide(z), p[1] > 0.2)
	// Output: converged [6 2] 1 true
}
