package federated

import (
	"math"

	"github.com/focalfit/focalfit/loss"
)

// A state is written as "ffed", a version (4 bytes, little-endian), and then
// every field as a little-endian float64: the same bytes for the same state,
// on any machine. Version 1 did not say who the clients were.
const (
	magic   = "ffed"
	version = 2
	header  = 8
)

// Encode returns the state as bytes, which [Decode] reads.
func (s State) Encode() []byte {
	return s.encode(version)
}

func (s State) encode(version byte) []byte {
	c := codec{bytes: append([]byte(magic), version, 0, 0, 0), version: version}
	s.fields(&c)
	return c.bytes
}

// Decode returns the state that [State.Encode] wrote, or an error if these are
// not the bytes of one.
func Decode(data []byte) (State, error) {
	if len(data) < header || string(data[:4]) != magic {
		return State{}, loss.Bad(loss.BadInput, "these bytes are not the state of a federation")
	}
	if data[4] < 1 || data[4] > version || data[5]|data[6]|data[7] != 0 {
		return State{}, loss.Bad(loss.BadInput, "the state of the federation was written by another version")
	}
	var s State
	c := codec{bytes: data[header:], version: data[4], reading: true}
	s.fields(&c)
	if c.failed || len(c.bytes) != 0 || !s.whole() {
		return State{}, loss.Bad(loss.BadInput, "the state of the federation is damaged")
	}
	return s, nil
}

// fields passes every field to the codec, in the order in which they lie.
func (s *State) fields(c *codec) {
	o := &s.settings
	whole(c, &o.Columns, maxAveragingColumns)
	c.float(&o.Gamma)
	c.flag(&o.Balanced)
	c.float(&o.PositiveWeight)
	c.float(&o.L2)
	whole(c, &o.Mode, Averaging)
	whole(c, &o.MaxRounds, maxRounds)
	c.float(&o.Tolerance)
	whole(c, &o.MinClients, maxClients)
	whole(c, &o.Steps, maxSteps)
	c.float(&o.Proximal)
	c.float(&o.Clip)
	whole(c, &o.Rule, TrimmedMean)
	c.float(&o.Trim)
	c.float(&o.Momentum)
	c.float(&o.Noise)

	d, p := o.Columns, o.parameters()
	whole(c, &s.round, maxRounds)
	whole(c, &s.kind, Done)
	whole(c, &s.status, Exhausted)
	c.float(&s.counts[0])
	c.float(&s.counts[1])
	c.float(&s.weights[0])
	c.float(&s.weights[1])
	c.vector(&s.mean, d)
	c.vector(&s.scale, d)
	for class := range 2 {
		c.vector(&s.classMean[class], d)
		c.vector(&s.classScale[class], d)
	}
	c.vector(&s.theta, p)
	c.float(&s.limit)

	c.flag(&s.base.known)
	c.float(&s.base.rows)
	if c.version > 1 {
		whole(c, &s.base.clients, mostHash)
	}
	c.vector(&s.base.theta, p)
	c.float(&s.base.value)
	c.vector(&s.base.gradient, p)
	c.vector(&s.base.hessian, triangle(p))
	c.float(&s.base.predicted)
	c.float(&s.base.radius)
	c.flag(&s.base.back)

	c.float(&s.server.rows)
	c.float(&s.server.loss)
	c.vector(&s.server.momentum, p)
}

// whole reports whether what was read can be a state: what its kind of round
// needs is there, and within its range.
func (s *State) whole() bool {
	// What is set to a default must have been set.
	if s.settings.Check() != nil || s.settings != s.settings.complete() || !(s.base.radius >= 0) {
		return false
	}
	for _, v := range [...][]float64{s.mean, s.scale, s.theta, s.base.theta, s.base.gradient, s.base.hessian, s.server.momentum,
		s.classMean[0], s.classMean[1], s.classScale[0], s.classScale[1]} {
		for _, x := range v {
			if !finite(x) {
				return false
			}
		}
	}
	for _, v := range [...]float64{s.limit, s.base.rows, s.base.value, s.base.predicted, s.server.rows, s.server.loss} {
		if !finite(v) {
			return false
		}
	}
	if s.base.known && (s.base.theta == nil || s.base.gradient == nil || s.base.rows <= 0) {
		return false
	}
	if s.kind == Statistics {
		return !s.base.known
	}
	for _, v := range s.scale {
		if v <= 0 {
			return false
		}
	}
	for class := range 2 {
		if !(s.counts[class] > 0) || !finite(s.counts[class]) || (s.classMean[class] == nil) != (s.classMean[0] == nil) || (s.classScale[class] == nil) != (s.classMean[0] == nil) {
			return false
		}
	}
	if s.mean == nil || s.scale == nil || s.theta == nil || s.loss().Validate() != nil {
		return false
	}
	exact := s.settings.Mode == Exact
	return s.kind == Done || (s.kind == Derivatives) == exact && (!s.base.known || exact && s.base.hessian != nil)
}

// codec writes fields at the end of its bytes, or reads them from their
// beginning.
type codec struct {
	bytes   []byte
	version byte
	reading bool
	failed  bool
}

func (c *codec) float(v *float64) {
	if !c.reading {
		b := math.Float64bits(*v)
		c.bytes = append(c.bytes, byte(b), byte(b>>8), byte(b>>16), byte(b>>24), byte(b>>32), byte(b>>40), byte(b>>48), byte(b>>56))
		return
	}
	if len(c.bytes) < 8 {
		c.failed = true
		return
	}
	b := uint64(0)
	for i, x := range c.bytes[:8] {
		b |= uint64(x) << (8 * i)
	}
	*v, c.bytes = math.Float64frombits(b), c.bytes[8:]
}

// whole is a number from 0 to most.
func whole[T ~int](c *codec, v *T, most T) {
	f := float64(*v)
	c.float(&f)
	if !(f >= 0 && f <= float64(most) && f == math.Trunc(f)) {
		c.failed = true
		return
	}
	*v = T(f)
}

func (c *codec) flag(v *bool) {
	f := 0
	if *v {
		f = 1
	}
	whole(c, &f, 1)
	*v = f == 1
}

// vector is nil, or n numbers.
func (c *codec) vector(v *[]float64, n int) {
	there := *v != nil
	c.flag(&there)
	if c.failed || !there {
		return
	}
	if c.reading {
		if len(c.bytes) < 8*n {
			c.failed = true
			return
		}
		*v = make([]float64, n)
	}
	for i := range *v {
		c.float(&(*v)[i])
	}
}
