package linear

import "math"

// random is a stream of numbers that a seed determines, the same on every
// machine: SplitMix64 (Steele, Lea, Flood 2014).
type random struct{ state uint64 }

func (r *random) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// uniform returns a number in [0, 1).
func (r *random) uniform() float64 { return float64(r.next()>>11) / (1 << 53) }

// normal returns a number of the standard normal distribution (Box and Muller
// 1958).
func (r *random) normal() float64 {
	return math.Sqrt(-2*math.Log(1-r.uniform())) * math.Cos(2*math.Pi*r.uniform())
}

// below returns a whole number from 0 to before n.
func (r *random) below(n int) int { return int(r.uniform() * float64(n)) }
