package optimize_test

import (
	"context"
	"fmt"

	"github.com/focalfit/focalfit/optimize"
)

type bowl struct{}

func (bowl) ValueGrad(x, gradient []float64) (float64, error) {
	gradient[0], gradient[1] = 2*(x[0]-3), 20*(x[1]+1)
	return (x[0]-3)*(x[0]-3) + 10*(x[1]+1)*(x[1]+1), nil
}

func ExampleLBFGS() {
	result, err := new(optimize.LBFGS).Minimize(context.Background(), bowl{}, []float64{0, 0}, optimize.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v at %.3f\n", result.Status, result.X)
	// Output: converged at [3.000 -1.000]
}
