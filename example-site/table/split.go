package table

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
)

// Split draws a share of the rows of each class, rounded, to be held out; the
// other rows are for training. Both come in order. Each side gets at least one
// row of each class, so a class of fewer than two rows is an error. The same
// seed draws the same rows.
func Split(y []bool, share float64, seed uint64) (training, heldOut []int, err error) {
	r := rand.New(rand.NewPCG(seed, 0))
	for _, class := range []bool{true, false} {
		var rows []int
		for i, label := range y {
			if label == class {
				rows = append(rows, i)
			}
		}
		if len(rows) < 2 {
			which := "other"
			if class {
				which = "chosen"
			}
			return nil, nil, errors.New("The " + which + " class has " + strconv.Itoa(len(rows)) + " usable rows: it needs at least 2, one to train on and one to hold out.")
		}
		r.Shuffle(len(rows), func(a, b int) { rows[a], rows[b] = rows[b], rows[a] })
		n := min(max(int(math.Round(share*float64(len(rows)))), 1), len(rows)-1)
		heldOut = append(heldOut, rows[:n]...)
		training = append(training, rows[n:]...)
	}
	slices.Sort(training)
	slices.Sort(heldOut)
	return training, heldOut, nil
}
