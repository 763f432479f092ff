package metrics_test

import (
	"fmt"
	"math"

	"github.com/focalfit/focalfit/metrics"
)

func Example() {
	scores := []float64{0.9, 0.6, 0.6, 0.3, 0.1}
	snow := []bool{true, false, true, false, false}

	curve, err := metrics.PrecisionRecall(scores, snow, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, point := range curve {
		fmt.Printf("from %.1f on: precision %.2f, recall %.2f\n", point.Threshold, point.Precision(), point.Recall())
	}
	fmt.Printf("average precision %.4f\n", curve.AveragePrecision())

	best := curve.Best(metrics.Confusion.F1)
	fmt.Printf("best F1 %.2f, from %.1f on\n", best.F1(), best.Threshold)
	// Output:
	// from 0.9 on: precision 1.00, recall 0.50
	// from 0.6 on: precision 0.67, recall 1.00
	// from 0.3 on: precision 0.50, recall 1.00
	// from 0.1 on: precision 0.40, recall 1.00
	// average precision 0.8333
	// best F1 0.80, from 0.6 on
}

func ExampleEvaluate() {
	r, err := metrics.Evaluate(metrics.Judged{
		Classes:       2,
		Probabilities: []float64{0.9, 0.1, 0.7, 0.3, 0.6, 0.4, 0.2, 0.8},
		Predicted:     []int32{0, 0, 0, 1},
		Labels:        []int32{0, 0, 1, 1},
		Positive:      1,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("AUC %.2f, recall %.2f, Brier %.3f\n", r.RocAUC, r.Recall, r.Brier)
	// Output: AUC 1.00, recall 0.50, Brier 0.125
}

func ExampleTuneThreshold() {
	probabilities := []float64{0.05, 0.1, 0.2, 0.3, 0.35, 0.8}
	rare := []bool{false, false, false, true, false, true}
	// A miss costs ten times what a false alarm does.
	choice, err := metrics.TuneThreshold(probabilities, rare, nil, metrics.Objective{Goal: metrics.Cost, FalsePositive: 1, FalseNegative: 10}, 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("positive from %.2f on, found %v, false alarms %v\n", choice.Threshold, choice.Confusion.TruePositive, choice.Confusion.FalsePositive)
	// Output: positive from 0.25 on, found 2, false alarms 1
}

func ExampleIsotonic() {
	x, y, err := metrics.Isotonic([]float64{0.1, 0.4, 0.6, 0.9}, []bool{false, true, false, true}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(x, y)
	// Output: [0.1 0.4 0.6 0.9] [0 0.5 0.5 1]
}

func ExampleTemperature() {
	// The model is too sure: half of what it gives 0.9 is wrong.
	logs := []float64{math.Log(0.1), math.Log(0.9), math.Log(0.1), math.Log(0.9), math.Log(0.5), math.Log(0.5), math.Log(0.9), math.Log(0.1)}
	t, err := metrics.Temperature(logs, 2, []int32{1, 0, 1, 0}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t > 1)
	// Output: true
}

func ExamplePlatt() {
	slope, intercept, err := metrics.Platt([]float64{-2, -1, 0, 1, 2, 3}, []bool{false, false, true, false, true, true}, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("σ(%.2f·ℓ %+.2f)\n", slope, intercept)
	// Output: σ(0.54·ℓ -0.27)
}
