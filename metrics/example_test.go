package metrics_test

import (
	"fmt"

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
