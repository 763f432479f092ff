package heldout

// Class is how a model does on one of several classes.
type Class struct {
	Rows, Found, Predicted int // held-out rows of it; those of them found; rows taken for it
	Confused               int // the class that its rows are most often taken for, -1 if none is
	ConfusedRows           int
}

// Recall is NaN where the class has no rows.
func (c Class) Recall() float64 { return float64(c.Found) / float64(c.Rows) }

// Precision is NaN where nothing is taken for the class.
func (c Class) Precision() float64 { return float64(c.Found) / float64(c.Predicted) }

// F1 is 0 where nothing is found.
func (c Class) F1() float64 { return 2 * float64(c.Found) / float64(c.Rows+c.Predicted) }

// Classes counts for each of some classes how its rows are predicted.
func Classes(truth, predicted []int, classes int) []Class {
	taken := make([]int, classes*classes)
	for i, t := range truth {
		taken[t*classes+predicted[i]]++
	}
	list := make([]Class, classes)
	for t := range list {
		c := &list[t]
		c.Confused = -1
		for p, n := range taken[t*classes : (t+1)*classes] {
			c.Rows += n
			if p != t && n > c.ConfusedRows {
				c.Confused, c.ConfusedRows = p, n
			}
			c.Predicted += taken[p*classes+t]
		}
		c.Found = taken[t*classes+t]
	}
	return list
}
