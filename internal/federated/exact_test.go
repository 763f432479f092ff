package federated

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/focalfit/focalfit/internal/numtest"
)

// readTable reads a table of linear/testdata: its label column comes last.
func readTable(t testing.TB, name string, positive float64) Rows {
	t.Helper()
	data, err := os.ReadFile("../../linear/testdata/" + name + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	var r Rows
	lines := bufio.NewScanner(strings.NewReader(string(data)))
	lines.Scan()
	for lines.Scan() {
		cells := strings.Split(lines.Text(), ",")
		r.Columns = len(cells) - 1
		for j, cell := range cells {
			v, err := strconv.ParseFloat(cell, 64)
			switch {
			case err != nil:
				t.Fatal(err)
			case j < r.Columns:
				r.X = append(r.X, v)
			case v == positive:
				r.Y = append(r.Y, 1)
			default:
				r.Y = append(r.Y, 0)
			}
		}
	}
	return r
}

// sample draws rows whose positives, a share of them, are moved by a distance
// along all columns.
func sample(seed uint64, rows, columns int, share, distance float64) Rows {
	r := rand.New(rand.NewPCG(seed, 11))
	out := Rows{Columns: columns}
	for i := range rows {
		y := 0.0
		if i == 0 || r.Float64() < share {
			y = 1
		}
		for range columns {
			out.X = append(out.X, r.NormFloat64()+y*distance/math.Sqrt(float64(columns)))
		}
		out.Y = append(out.Y, y)
	}
	return out
}

// split deals rows to clients.
func split(rows Rows, clients int, to func(i int) int) []Rows {
	out := make([]Rows, clients)
	for c := range out {
		out[c].Columns = rows.Columns
	}
	for i, y := range rows.Y {
		c := &out[to(i)]
		c.X, c.Y = append(c.X, rows.row(i)...), append(c.Y, y)
	}
	return out
}

// pooled is the problem of all rows together, written out once more: its own
// loss, scaler and solver.
type pooled struct {
	x      [][]float64 // standardised, then 1
	y      []float64
	gamma  float64
	weight [2]float64
	l2     float64
}

func newPooled(rows Rows, s Settings) *pooled {
	q := &pooled{y: rows.Y, gamma: s.Gamma, weight: [2]float64{1, max(s.PositiveWeight, 0)}, l2: s.L2}
	if s.PositiveWeight == 0 {
		q.weight[1] = 1
	}
	n, positives := float64(len(rows.Y)), 0.0
	for _, y := range rows.Y {
		positives += y
	}
	if s.Balanced {
		q.weight = [2]float64{n / (2 * (n - positives)), n / (2 * positives)}
	}
	q.x = make([][]float64, len(rows.Y))
	for i := range q.x {
		q.x[i] = append(append([]float64(nil), rows.row(i)...), 1)
	}
	for j := range rows.Columns {
		origin, mean, variance := q.x[0][j], 0.0, 0.0
		for _, x := range q.x {
			mean += (x[j] - origin) / n
		}
		for _, x := range q.x {
			x[j] = x[j] - origin - mean
			variance += x[j] * x[j] / n
		}
		for _, x := range q.x {
			if variance > 0 {
				x[j] /= math.Sqrt(variance)
			}
		}
	}
	return q
}

// at returns J with, if asked, its derivatives.
func (q *pooled) at(theta, gradient []float64, hessian [][]float64) float64 {
	n, p := float64(len(q.y)), len(theta)
	value := 0.0
	for j := range p {
		own := q.l2
		if j == p-1 {
			own = 0
		}
		value += own / 2 * theta[j] * theta[j]
		if gradient != nil {
			clear(hessian[j])
			gradient[j], hessian[j][j] = own*theta[j], own
		}
	}
	for i, x := range q.x {
		z := 0.0
		for j, v := range x {
			z += theta[j] * v
		}
		sign := 2*q.y[i] - 1
		m, a := sign*z, q.weight[int(q.y[i])]/n
		up := math.Log1p(math.Exp(-math.Abs(m))) + max(m, 0)    // −log(1 − p)
		down := math.Log1p(math.Exp(-math.Abs(m))) + max(-m, 0) // −log p
		p, u := math.Exp(-down), math.Exp(-up)
		w := math.Exp(-q.gamma * up)
		value += a * w * down
		if gradient == nil {
			continue
		}
		f1 := -w * (q.gamma*p*down + u)
		f2 := w * p * ((2*q.gamma+1)*u - q.gamma*(u-q.gamma*p)*down)
		for j, v := range x {
			gradient[j] += a * sign * f1 * v
			for k, other := range x[:j+1] {
				hessian[j][k] += a * f2 * v * other
			}
		}
	}
	if gradient != nil {
		for j := range hessian {
			for k := range j {
				hessian[k][j] = hessian[j][k]
			}
		}
	}
	return value
}

// optimum returns the minimum that damped Newton steps find from w = 0.
func (q *pooled) optimum(t testing.TB) (float64, []float64) {
	t.Helper()
	p := len(q.x[0])
	theta, gradient, hessian := make([]float64, p), make([]float64, p), make([][]float64, p)
	for j := range hessian {
		hessian[j] = make([]float64, p)
	}
	constant := func(b float64) float64 { // J at w = 0
		at := make([]float64, p)
		at[p-1] = b
		return q.at(at, nil, nil)
	}
	low, high := -30.0, 30.0
	for range 100 {
		a, b := low+(high-low)/3, high-(high-low)/3
		if constant(a) < constant(b) {
			high = b
		} else {
			low = a
		}
	}
	theta[p-1] = (low + high) / 2
	shift := 0.0
	for range 300 {
		value := q.at(theta, gradient, hessian)
		if maxNorm(gradient) < 1e-13 {
			break
		}
		moved := false
		for range 60 {
			step := solve(hessian, gradient, shift)
			trial, slope := make([]float64, p), 0.0
			for j := range trial {
				trial[j] = theta[j] - step[j]
				slope += gradient[j] * step[j]
			}
			if after := q.at(trial, nil, nil); slope > 0 && after <= value-1e-4*slope || slope > 0 && slope < 1e-14*value && after <= value {
				theta, moved = trial, true
				if shift *= 0.1; shift < 1e-7 {
					shift = 0
				}
				break
			}
			shift = max(5*shift, 1e-7)
		}
		if !moved {
			break
		}
	}
	value := q.at(theta, gradient, hessian)
	if size := maxNorm(gradient); size > 1e-9 {
		t.Errorf("the pooled optimum has a gradient of %g", size)
	}
	return value, theta
}

// solve returns (A + shift·I)⁻¹·b by Gauss's elimination with pivoting.
func solve(a [][]float64, b []float64, shift float64) []float64 {
	p := len(b)
	m := make([][]float64, p)
	for i := range m {
		m[i] = append(append([]float64(nil), a[i]...), b[i])
		m[i][i] += shift
	}
	for k := range p {
		top := k
		for i := k; i < p; i++ {
			if math.Abs(m[i][k]) > math.Abs(m[top][k]) {
				top = i
			}
		}
		m[k], m[top] = m[top], m[k]
		for i := k + 1; i < p; i++ {
			f := m[i][k] / m[k][k]
			for j := k; j <= p; j++ {
				m[i][j] -= f * m[k][j]
			}
		}
	}
	x := make([]float64, p)
	for i := p - 1; i >= 0; i-- {
		x[i] = m[i][p]
		for j := i + 1; j < p; j++ {
			x[i] -= m[i][j] * x[j]
		}
		x[i] /= m[i][i]
	}
	return x
}

type exactCase struct {
	name string
	rows Rows
}

func exactCases(t testing.TB) []exactCase {
	cases := []exactCase{
		{"breast cancer", readTable(t, "breast_cancer", 1)},
		{"digits 8", readTable(t, "digits", 8)},
		{"separable", sample(1, 300, 5, 0.2, 30)},
		{"overlapping", sample(2, 2000, 8, 0.03, 1)},
		{"one positive", sample(3, 1000, 6, 0, 4)},
		{"one positive, overlapping", sample(3, 3000, 3, 0, 0.5)},
		{"one positive, wide", sample(3, 400, 60, 0, 1)},
		{"one column", sample(4, 500, 1, 0.1, 2)},
		{"wide", sample(5, 150, 256, 0.2, 3)},
		{"weather", weather()},
	}
	far := sample(6, 800, 6, 0.05, 2)
	for i := range far.Y {
		row := far.row(i)
		row[0] += 1e9
		row[1] = 1e5 + 1e-3*row[1]
		row[2] = 0.1
		row[3] = 0
		row[4] *= 1e6
	}
	return append(cases, exactCase{"far columns", far})
}

// weather is like Seattle's: 1,461 days, a rare label, columns of different
// scale that hang together, some of them skewed or of 0 and 1.
func weather() Rows {
	r := rand.New(rand.NewPCG(12, 1))
	out := Rows{Columns: 8}
	for day := range 1461 {
		season := math.Cos(2 * math.Pi * float64(day) / 365.25)
		high := 16 - 9*season + 3.5*r.NormFloat64()
		low := high - 7 + 2*season + 2*r.NormFloat64()
		rain := max(0, 6*(season+0.3)+8*r.NormFloat64())
		wet := 0.0
		if rain > 0 {
			wet = 1
		}
		snow := 0.0
		if high+low < 8 && rain > 0 && r.Float64() < 0.4 {
			snow = 1
		}
		out.X = append(out.X, high, low, high-low, rain, rain*rain, wet, 3+r.ExpFloat64(), season)
		out.Y = append(out.Y, snow)
	}
	return out
}

// uneven deals rows to clients of very different sizes, some of which have
// none.
func uneven(rows Rows, seed uint64) []Rows {
	r := rand.New(rand.NewPCG(seed, 5))
	return split(rows, 12, func(int) int { return int(12 * r.Float64() * r.Float64() * r.Float64()) })
}

// The bar: within 1e-8 of the pooled optimum in at most 25 rounds, whoever
// holds the rows.
func TestExactReachesThePooledOptimum(t *testing.T) {
	most := 0
	for k, c := range exactCases(t) {
		for g, gamma := range []float64{0, 2, 5} {
			for b, balanced := range []bool{false, true} {
				s := Settings{Columns: c.rows.Columns, Gamma: gamma, Balanced: balanced, L2: 1e-4, MinClients: 1}
				want, _ := newPooled(c.rows, s).optimum(t)
				clients := uneven(c.rows, uint64(k))
				if (g+b)%2 == 1 { // all positives are one client's
					clients = split(c.rows, 4, func(i int) int {
						if c.rows.Y[i] == 1 {
							return 3
						}
						return i % 3
					})
				}
				r := run(t, s, clients)
				what := fmt.Sprintf("%s γ=%g balanced=%v", c.name, gamma, balanced)
				if off := r.Value/want - 1; math.Abs(off) > 1e-8 {
					t.Errorf("%s: J is off by %.2g of %.15g (%v)", what, off, want, r.Status)
				}
				// What the round says of J is J by its definition.
				numtest.AssertClose(t, what, newPooled(c.rows, s).at(r.Theta, nil, nil), r.Value, 1e-12, 0)
				if r.Status != Converged || r.Number > 25 {
					t.Errorf("%s: %v after %d rounds", what, r.Status, r.Number)
				}
				most = max(most, r.Number)
			}
		}
	}
	t.Logf("at most %d rounds", most)
}
