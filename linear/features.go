package linear

import (
	"math"

	"github.com/focalfit/focalfit/internal/kernel"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/optimize"
)

// Features makes columns of columns, so that a linear model of them is not
// linear in the input. They are functions of u, the input's columns centred
// and scaled, u = (x − Mean)/Deviation:
//
//	Fourier     φ_i(u) = √(2/D)·cos(ω_i·u + b_i), i from 0 to D−1
//	polynomial  u_0, …, u_{d−1}, and u_j·u_k for j ≤ k
//
// With ω_i drawn from a normal distribution of variance 1/bandwidth² and b_i
// evenly from [0, 2π), the products φ(u)·φ(v) are about
// exp(−‖u−v‖²/(2·bandwidth²)), the RBF kernel.
//
// Source: Rahimi and Recht, "Random Features for Large-Scale Kernel Machines",
// NIPS 2007, algorithm 1.
type Features struct {
	Mean, Deviation []float64

	// Frequencies holds D rows of as many numbers as the input has columns,
	// Phases D numbers. Both are nil for the polynomial.
	Frequencies, Phases []float64
}

// NewFourier returns components random features of the columns of x. If
// bandwidth is 0 it is √(columns/2), scikit-learn's gamma="scale".
func NewFourier(x *Matrix, components int, bandwidth float64, seed uint64, standardize bool) (*Features, error) {
	if components < 1 || components > 1<<20 {
		return nil, loss.BadParameter("features", "features.components must be a whole number from 1 to 1048576")
	}
	if bandwidth == 0 {
		bandwidth = math.Sqrt(float64(x.columns) / 2)
	}
	if !(bandwidth > 0) || math.IsInf(bandwidth, 0) {
		return nil, loss.BadParameter("features", "features.bandwidth must be a finite number > 0")
	}
	f := newFeatures(x, standardize)
	f.Frequencies, f.Phases = make([]float64, components*x.columns), make([]float64, components)
	r := random{state: seed}
	for i := range f.Frequencies {
		f.Frequencies[i] = r.normal() / bandwidth
	}
	for i := range f.Phases {
		f.Phases[i] = 2 * math.Pi * r.uniform()
	}
	return f, nil
}

// NewPolynomial returns the columns of x and their products of degree 2.
func NewPolynomial(x *Matrix, standardize bool) *Features { return newFeatures(x, standardize) }

func newFeatures(x *Matrix, standardize bool) *Features {
	f := &Features{Mean: make([]float64, x.columns), Deviation: make([]float64, x.columns)}
	for j := range f.Mean {
		f.Deviation[j] = 1
		if standardize {
			f.Mean[j], f.Deviation[j] = x.mean[j], x.deviation[j]
		}
	}
	return f
}

// Columns returns how many columns there are of an input row.
func (f *Features) Columns() int {
	if d := len(f.Mean); f.Phases == nil {
		return d + d*(d+1)/2
	}
	return len(f.Phases)
}

// Apply sets dst, [Features.Columns] long, to the features of an input row x.
func (f *Features) Apply(dst, x []float64) {
	u := make([]float64, len(x))
	for j, v := range x {
		u[j] = (v - f.Mean[j]) / f.Deviation[j]
	}
	if f.Phases == nil {
		n := copy(dst, u)
		for j, a := range u {
			for _, b := range u[j:] {
				dst[n] = a * b
				n++
			}
		}
		return
	}
	scale := math.Sqrt(2 / float64(len(f.Phases)))
	for i, z := range f.Phases {
		for j, w := range f.Frequencies[i*len(u):][:len(u)] {
			z += w * u[j]
		}
		dst[i] = scale * math.Cos(z)
	}
}

// Expand returns the features of the rows of x, a matrix like any other:
// centred and scaled itself.
func (f *Features) Expand(ctx optimize.Interrupter, x *Matrix) (*Matrix, error) {
	columns := f.Columns()
	stride := kernel.Stride(columns)
	m, err := newMatrix(x.rows, columns)
	if err != nil {
		return nil, err
	}
	expand := f.newExpander(x)
	from, to := kernel.Panel*kernel.Stride(x.columns), kernel.Panel*stride
	for i, work := 0, 0; i < len(m.data)/to; i++ {
		expand(m.data[i*to:][:to], x.data[i*from:][:from])
		if work += to * 16; work > askEvery {
			work = 0
			if err := ctx.Err(); err != nil {
				return nil, err
			}
		}
	}
	// The panels of Fourier features hold cosines; the features are these times √(2/D).
	for j := range m.unit {
		if m.unit[j] = 1; f.Phases != nil {
			m.unit[j] = math.Sqrt(2 / float64(columns))
		}
	}
	moments, err := m.measure(ctx)
	if err != nil {
		return nil, err
	}
	return m, m.finish(ctx, moments)
}

// newExpander returns what makes a panel of features of a panel of x.
func (f *Features) newExpander(x *Matrix) func(dst, src []float32) {
	d, stride := x.columns, kernel.Stride(x.columns)
	if f.Phases == nil {
		// The stored columns are (x − base)/unit, u is (x − Mean)/Deviation.
		scale, shift := make([]float32, d), make([]float32, d)
		for j := range scale {
			scale[j] = float32(x.unit[j] / f.Deviation[j])
			shift[j] = float32((x.base[j] - f.Mean[j]) / f.Deviation[j])
		}
		return func(dst, src []float32) { kernel.Products(dst[:kernel.Panel*f.Columns()], src, scale, shift) }
	}
	n := len(f.Phases)
	weights, bias := make([]float32, n*stride), make([]float32, n)
	for i, z := range f.Phases {
		for j, w := range f.Frequencies[i*d:][:d] {
			weights[i*stride+j] = float32(w * x.unit[j] / f.Deviation[j])
			z += w * (x.base[j] - f.Mean[j]) / f.Deviation[j]
		}
		bias[i] = float32(math.Mod(z, 2*math.Pi))
	}
	return func(dst, src []float32) {
		for i, b := range bias {
			kernel.Scores(dst[kernel.Panel*i:][:kernel.Panel], src, weights[i*stride:][:stride], b)
		}
		kernel.Cos(dst[:kernel.Panel*n])
	}
}
