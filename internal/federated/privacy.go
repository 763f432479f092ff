package federated

import (
	"math"

	"github.com/focalfit/focalfit/loss"
)

// Epsilon returns the ε of the (ε, δ)-differential privacy that a client has
// after a number of [Local] rounds with Noise σ:
//
//	ε = min over α > 1 of T·α/(2σ²) + log(1/δ)/(α − 1) = T/(2σ²) + √(2·T·log(1/δ))/σ
//
// T rounds of the Gaussian mechanism of sensitivity C and deviation σ·C, each of
// Rényi order α at α/(2σ²); the least α is 1 + σ·√(2·log(1/δ)/T). The other
// federation is the one in which the client's update is all zeros. Every client
// is taken to be in every round, so nothing is gained by leaving some out.
//
// What it covers: the models that the federation tells, towards anyone and
// towards another client, which takes its own noise away, under a service that
// sums and keeps no single update, with MinClients clients in each round that
// add their noise. Towards k others that put together what they know it is
// that of Noise·√((MinClients − k)/(MinClients − 1)). It does not cover the statistics of round 0, from which
// scaler, class weights and moments of the classes come: they are sums without
// noise.
//
// Source: Mironov, "Rényi Differential Privacy", CSF 2017, propositions 1, 3
// and 7.
func Epsilon(noise float64, rounds int, delta float64) (float64, error) {
	switch {
	case !(noise >= 0) || math.IsInf(noise, 0):
		return 0, loss.BadParameter("noise", "noise must be a finite number ≥ 0")
	case rounds < 0:
		return 0, loss.BadParameter("rounds", "the number of rounds must be ≥ 0")
	case !(delta > 0 && delta < 1):
		return 0, loss.BadParameter("delta", "delta must be in (0, 1)")
	case rounds == 0:
		return 0, nil
	}
	t := float64(rounds)
	return t/(2*noise*noise) + math.Sqrt(-2*t*math.Log(delta))/noise, nil // ∞ without noise
}
