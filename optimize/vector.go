package optimize

import "math"

// dot sums in four parts, for an addition waits for the one before it.
func dot(x, y []float64) float64 {
	var a, b, c, d float64
	i := 0
	for ; i+4 <= len(x); i += 4 {
		u, v := (*[4]float64)(x[i:]), (*[4]float64)(y[i:])
		a += u[0] * v[0]
		b += u[1] * v[1]
		c += u[2] * v[2]
		d += u[3] * v[3]
	}
	for ; i < len(x); i++ {
		a += x[i] * y[i]
	}
	return (a + b) + (c + d)
}

func norm(x []float64) float64 { return math.Sqrt(dot(x, x)) }

func maxAbs(x []float64) float64 {
	m := 0.0
	for _, v := range x {
		if a := math.Abs(v); a > m || a != a {
			m = a
		}
	}
	return m
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// step sets dst to x + t·d.
func step(dst, x []float64, t float64, d []float64) {
	i := 0
	for ; i+4 <= len(dst); i += 4 {
		to, u, v := (*[4]float64)(dst[i:]), (*[4]float64)(x[i:]), (*[4]float64)(d[i:])
		to[0], to[1], to[2], to[3] = u[0]+t*v[0], u[1]+t*v[1], u[2]+t*v[2], u[3]+t*v[3]
	}
	for ; i < len(dst); i++ {
		dst[i] = x[i] + t*d[i]
	}
}
