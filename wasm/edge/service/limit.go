package service

import (
	"net/http"
	"strings"
)

// checkRate returns a problem where a caller asks more often than the platform's limiter lets it: a member by its token,
// anyone else by address. The owner may ask as often as it likes, and browsers
// whether a page may: that reads nothing, has no token to tell members by, and
// a page would not learn why it was refused.
func (s *Service) checkRate(r *http.Request) error {
	if s.Allow == nil || r.Method == http.MethodOptions || s.Owner(r) == nil || s.Allow(r.Context(), s.caller(r)) {
		return nil
	}
	problem := newProblem(http.StatusTooManyRequests, "TOO_MANY", "too many requests in a minute: ask less often")
	problem.Header = http.Header{"Retry-After": {"60"}}
	return problem
}

func (s *Service) caller(r *http.Request) string {
	_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if claim, err := s.Signer.Check(strings.TrimSpace(token)); err == nil {
		return "member " + claim.Federation + " " + claim.Member
	}
	return "address " + r.Header.Get("Cf-Connecting-Ip")
}
