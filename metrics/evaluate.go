package metrics

import "math"

// Judged is what is judged: probabilities, decisions and the truth of rows.
type Judged struct {
	// Probabilities holds a row of Classes numbers ≥ 0 for each row, which add
	// up to 1.
	Probabilities []float64
	Classes       int

	// Predicted and Labels are the classes that were decided for and those that
	// are true, 0 to Classes − 1.
	Predicted, Labels []int32

	// Weights holds a finite weight ≥ 0 for each row; nil weighs all 1.
	Weights []float64

	// Positive is of two classes the one that is looked for.
	Positive int
}

// Report judges a classifier. A quotient of nothing is 0, as a precision where
// nothing is predicted.
//
// Of two classes the measures are those of the positive one. Of more, RocAUC,
// AveragePrecision, Precision, Recall and F1 are means over the classes that
// have rows and do not have all of them, each against the rest.
type Report struct {
	RocAUC, AveragePrecision   float64
	LogLoss, Brier, ECE        float64
	Accuracy, BalancedAccuracy float64
	MCC, GMean                 float64
	F1, Precision, Recall      float64
	Confusion                  []float64 // Classes × Classes, by true and then predicted class
	PerClass                   []Class
	Curve                      Curve // of two classes, of the positive one
	Reliability                []Bin // of two classes those of the positive one, otherwise of the decision
}

// Class is what a report says of one class against the rest.
type Class struct {
	// Present says whether there are rows of the class and of others. If not,
	// RocAUC and AveragePrecision are 0 and no mean counts the class.
	Present bool

	Support               float64 // weight of its rows
	Precision, Recall, F1 float64
	RocAUC                float64
	AveragePrecision      float64
}

// Evaluate judges j. At least two classes must have rows that count.
func Evaluate(j Judged) (*Report, error) {
	if err := j.check(); err != nil {
		return nil, err
	}
	k := j.Classes
	r := &Report{Confusion: make([]float64, k*k), PerClass: make([]Class, k)}
	for row, label := range j.Labels {
		r.Confusion[int(label)*k+int(j.Predicted[row])] += weight(j.Weights, row)
	}
	present := 0
	for c := range k {
		for p := range k {
			r.PerClass[c].Support += r.Confusion[c*k+p]
		}
		if r.PerClass[c].Support > 0 {
			present++
		}
	}
	if present < 2 {
		return nil, &Error{OneClass, "the rows that count are of one class: give rows of at least two", -1}
	}
	if err := r.rank(j); err != nil {
		return nil, err
	}
	r.decide(j)
	r.LogLoss, r.Brier = scores(j)
	if k == 2 {
		r.Reliability = Reliability(column(j, j.Positive), positives(j, j.Positive), j.Weights, 0)
	} else {
		p, right := make([]float64, len(j.Labels)), make([]bool, len(j.Labels))
		for row := range p {
			p[row], right[row] = j.Probabilities[row*k+int(j.Predicted[row])], j.Predicted[row] == j.Labels[row]
		}
		r.Reliability = Reliability(p, right, j.Weights, 0)
	}
	r.ECE = ECE(r.Reliability)
	return r, nil
}

func (j *Judged) check() error {
	rows := len(j.Labels)
	switch {
	case j.Classes < 2 || j.Positive < 0 || j.Positive >= j.Classes:
		return &Error{BadOption, "there must be at least two classes, the positive one among them", -1}
	case rows == 0:
		return &Error{BadInput, "there are no rows to judge", -1}
	case len(j.Probabilities) != rows*j.Classes:
		return mismatch("probabilities", len(j.Probabilities), rows*j.Classes)
	case len(j.Predicted) != rows:
		return mismatch("predictions", len(j.Predicted), rows)
	case j.Weights != nil && len(j.Weights) != rows:
		return mismatch("weights", len(j.Weights), rows)
	}
	for i, p := range j.Probabilities {
		if !(p >= 0 && p <= 1) {
			return &Error{NotFinite, "a probability must be a number from 0 to 1", i / j.Classes}
		}
	}
	sum := 0.0
	for row, label := range j.Labels {
		if label < 0 || int(label) >= j.Classes || j.Predicted[row] < 0 || int(j.Predicted[row]) >= j.Classes {
			return &Error{BadInput, "a class must be from 0 to the number of classes less one", row}
		}
		w := weight(j.Weights, row)
		if !(w >= 0) || w-w != 0 {
			return &Error{BadInput, "a weight must be finite and not negative", row}
		}
		sum += w
	}
	if math.IsInf(sum, 0) {
		return infiniteSum
	}
	return nil
}

// column returns the probabilities of class c, positives where it is true.
func column(j Judged, c int) []float64 {
	p := make([]float64, len(j.Labels))
	for row := range p {
		p[row] = j.Probabilities[row*j.Classes+c]
	}
	return p
}

func positives(j Judged, c int) []bool {
	is := make([]bool, len(j.Labels))
	for row, label := range j.Labels {
		is[row] = int(label) == c
	}
	return is
}

// rank fills in what depends on the order of the probabilities alone.
func (r *Report) rank(j Judged) error {
	for c := range r.PerClass {
		class := &r.PerClass[c]
		if class.Support == 0 {
			continue
		}
		curve, err := PrecisionRecall(column(j, c), positives(j, c), j.Weights)
		if err != nil {
			if bad, ok := err.(*Error); ok && bad.Code == OneClass {
				continue
			}
			return err
		}
		class.Present, class.RocAUC, class.AveragePrecision = true, curve.ROCAUC(), curve.AveragePrecision()
		if j.Classes == 2 && c == j.Positive {
			r.Curve = curve
		}
	}
	r.RocAUC, r.AveragePrecision = r.mean(j, func(c *Class) float64 { return c.RocAUC }), r.mean(j, func(c *Class) float64 { return c.AveragePrecision })
	return nil
}

// mean is the positive class's value of two, otherwise that of the classes
// that are present.
func (r *Report) mean(j Judged, of func(*Class) float64) float64 {
	if j.Classes == 2 {
		return of(&r.PerClass[j.Positive])
	}
	sum, n := 0.0, 0.0
	for c := range r.PerClass {
		if r.PerClass[c].Present {
			sum += of(&r.PerClass[c])
			n++
		}
	}
	return quotient(sum, n)
}

// decide fills in what depends on the decisions.
func (r *Report) decide(j Judged) {
	k := j.Classes
	total, right, squares, recalls, product, present := 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
	var crossed, predictedSquares float64
	for c := range k {
		class := &r.PerClass[c]
		hit, predicted := r.Confusion[c*k+c], 0.0
		for t := range k {
			predicted += r.Confusion[t*k+c]
		}
		class.Precision, class.Recall = quotient(hit, predicted), quotient(hit, class.Support)
		class.F1 = quotient(2*hit, predicted+class.Support)
		total, right = total+class.Support, right+hit
		squares, predictedSquares, crossed = squares+class.Support*class.Support, predictedSquares+predicted*predicted, crossed+class.Support*predicted
		if class.Support > 0 {
			recalls += class.Recall
			product += math.Log(class.Recall)
			present++
		}
	}
	r.Accuracy, r.BalancedAccuracy, r.GMean = right/total, recalls/present, math.Exp(product/present)
	// Gorodkin's R_K, for two classes Matthews' coefficient.
	r.MCC = quotient(right*total-crossed, math.Sqrt(total*total-predictedSquares)*math.Sqrt(total*total-squares))
	r.Precision, r.Recall = r.mean(j, func(c *Class) float64 { return c.Precision }), r.mean(j, func(c *Class) float64 { return c.Recall })
	r.F1 = r.mean(j, func(c *Class) float64 { return c.F1 })
}

func quotient(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
