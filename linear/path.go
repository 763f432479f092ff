package linear

import "github.com/focalfit/focalfit/optimize"

// TrainPath fits one setting after the other, each from the model before: a
// path of falling l2 or rising γ takes a fraction of the passes of as many
// fits from zero.
func TrainPath(ctx optimize.Interrupter, x Data, y []int32, path []Options) ([]*Fit, error) {
	fits := make([]*Fit, 0, len(path))
	for _, o := range path {
		if n := len(fits); n > 0 {
			o.Start = &fits[n-1].Model
		}
		fit, err := Train(ctx, x, y, o)
		if err != nil {
			return nil, err
		}
		fits = append(fits, fit)
		if fit.Status == optimize.Aborted {
			break
		}
	}
	return fits, nil
}
