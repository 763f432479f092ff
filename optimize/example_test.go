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

// Hessian implements optimize.Twice.
func (bowl) Hessian([]float64) (func(v, out []float64) error, error) {
	return func(v, out []float64) error {
		out[0], out[1] = 2*v[0], 20*v[1]
		return nil
	}, nil
}

func ExampleNewtonCG() {
	result, err := new(optimize.NewtonCG).Minimize(context.Background(), bowl{}, []float64{0, 0}, optimize.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v at %.3f\n", result.Status, result.X)
	// Output: converged at [3.000 -1.000]
}

func ExampleOWLQN() {
	// |x₁| costs 8 more than it gains: it is exactly 0.
	result, err := (&optimize.OWLQN{L1: []float64{8, 0}}).Minimize(context.Background(), bowl{}, []float64{1, 1}, optimize.Settings{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v at %.3f\n", result.Status, result.X)
	// Output: converged at [0.000 -1.000]
}

func ExampleFTRL() {
	// The mean of a stream, as the minimum of ½·(w − x)².
	f := optimize.FTRL{Alpha: 1, Beta: 1, Z: make([]float64, 1), N: make([]float64, 1)}
	for i := range 2000 {
		w := f.Weight(0)
		f.Update(0, w-float64(i%3), w)
	}
	fmt.Printf("%.1f\n", f.Weight(0))
	// Output: 1.0
}
