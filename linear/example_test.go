package linear_test

import (
	"context"
	"fmt"
	"math"

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

func ExampleNewSparse() {
	// Three rows of words; the second has none.
	x, err := linear.NewSparse(3, 1000, []int32{0, 2, 2, 3}, []int32{7, 420, 420}, []float64{1, 2, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fit, err := linear.Train(context.Background(), x, []int32{1, 0, 1}, linear.Options{Classes: loss.Uniform(2, 0), L2: 0.1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(x.Columns(), fit.Coefficients[420] > 0, fit.Coefficients[8])
	// Output: 1000 true 0
}

func ExampleExpansion() {
	// The middle is the rare class: no line through one column finds it.
	x, _ := linear.NewMatrix(7, 1, []float64{-3, -2, -1, 0, 1, 2, 3})
	y := []int32{0, 0, 0, 1, 0, 0, 0}
	made, features, err := new(linear.Expansion).Make(context.Background(), x, true) // x, x²
	if err != nil {
		fmt.Println(err)
		return
	}
	fit, err := linear.Train(context.Background(), made, y, linear.Options{Classes: loss.Uniform(2, 2), Weighting: linear.Balanced, L2: 1e-3})
	if err != nil {
		fmt.Println(err)
		return
	}
	z, row := make([]float64, 1), make([]float64, features.Columns())
	for _, v := range []float64{0.1, 2.5} {
		features.Apply(row, []float64{v})
		fit.Logits(z, row)
		fmt.Println(v, fit.Decide(z))
	}
	// Output:
	// 0.1 1
	// 2.5 0
}

func ExampleTrainLabels() {
	x, _ := linear.NewMatrix(4, 1, []float64{1, 2, 3, 4})
	// Two labels a row; the second is not known of the first row.
	y := []int32{0, linear.Unknown, 0, 0, 1, 1, 1, 0}
	fits, err := linear.TrainLabels(context.Background(), x, y, 2, linear.Options{Classes: loss.Uniform(2, 2), L2: 1e-2}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(fits[0].ClassCounts, fits[1].ClassCounts)
	// Output: [2 2] [2 1]
}

func ExampleTrainPath() {
	x, _ := linear.NewMatrix(6, 1, []float64{1, 2, 3, 4, 5, 6})
	path := []linear.Options{}
	for _, l2 := range []float64{1, 0.1, 0.01} {
		path = append(path, linear.Options{Classes: loss.Uniform(2, 2), L2: l2})
	}
	fits, err := linear.TrainPath(context.Background(), x, []int32{0, 0, 1, 0, 1, 1}, path)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(fits[0].Value > fits[1].Value, fits[1].Value > fits[2].Value)
	// Output: true true
}

func ExampleValidateFold() {
	x, _ := linear.NewMatrix(8, 1, []float64{1, 2, 3, 4, 5, 6, 7, 8})
	y := []int32{0, 0, 0, 0, 1, 1, 1, 1}
	folds, err := linear.Folds(y, 2, 2, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	settings := []linear.Setting{{Options: linear.Options{Classes: loss.Uniform(2, 2), L2: 0.1}}}
	for fold := range 2 {
		outcomes, err := linear.ValidateFold(context.Background(), x, y, folds, fold, settings)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(outcomes[0].RocAUC)
	}
	// Output:
	// 1
	// 1
}

func ExampleOnline() {
	o := linear.NewOnline(linear.Options{Classes: loss.Uniform(2, 2), Weighting: linear.Balanced}, 1)
	for i := range 200 {
		v := float64(i % 10)
		rare := int32(0)
		if v == 9 {
			rare = 1
		}
		if err := o.Learn([]int32{rare}, []float64{v}, nil, nil, nil); err != nil {
			fmt.Println(err)
			return
		}
	}
	m, z := o.Model(true), make([]float64, 1)
	m.Logits(z, []float64{9})
	fmt.Println(m.Decide(z))
	// Output: 1
}

func ExampleModel_Explain() {
	m := linear.Model{Columns: 2, Coefficients: []float64{2, -1}, Intercepts: []float64{0.5}, Means: []float64{1, 3}}
	parts, base := make([]float64, 2), make([]float64, 1)
	m.Explain(parts, base, []float64{2, 3})
	fmt.Println(base, parts)
	// Output: [-0.5] [2 -0]
}

func ExampleModel_Importance() {
	m := linear.Model{Columns: 2, Coefficients: []float64{2, -1}, Intercepts: []float64{0.5}, Means: []float64{1, 3}}
	fmt.Println(m.Importance([][]float64{{2, 3}, {0, 7}}))
	// Output: [2 2]
}

// A column that comes in parts, whose gaps are filled with its median, and rows that say when to
// stop.
func ExampleBuilder() {
	cells := []float64{1, 2, math.NaN(), 4, 5, 6, 7, 8}
	b, err := linear.NewBuilder(len(cells), 1, linear.Median, cells)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, part := range [][]float64{cells[:5], cells[5:]} {
		if err := b.Append(part); err != nil {
			fmt.Println(err)
			return
		}
	}
	x, err := b.Matrix()
	if err != nil {
		fmt.Println(err)
		return
	}
	held, err := linear.NewMatrix(2, 1, []float64{2.5, 6.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	fit, err := linear.Train(context.Background(), x, []int32{0, 0, 0, 1, 0, 1, 1, 1}, linear.Options{
		Classes: loss.Uniform(2, 0), L2: 1e-3,
		Held: &linear.Held{X: held, Y: []int32{0, 1}, Patience: 3},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("filled with %.3f, %d gap, %v\n", x.Fill()[0], x.Gaps()[0], fit.Solver)
	// Output: filled with 5.000, 1 gap, lbfgs
}

// With L1 the coefficients of columns that do not help are exactly 0.
func ExampleTrain_l1() {
	const rows = 200
	x, y := make([]float64, 2*rows), make([]int32, rows)
	for i := range rows {
		x[2*i], x[2*i+1] = math.Sin(float64(i)), math.Cos(float64(7*i))
		if x[2*i] > 0.5 {
			y[i] = 1
		}
	}
	m, err := linear.NewMatrix(rows, 2, x)
	if err != nil {
		fmt.Println(err)
		return
	}
	fit, err := linear.Train(context.Background(), m, y, linear.Options{Classes: loss.Uniform(2, 2), L1: 0.02})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(fit.Solver, fit.Coefficients[0] > 0, fit.Coefficients[1])
	// Output: owlqn true 0
}
