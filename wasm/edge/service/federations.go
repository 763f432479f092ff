package service

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/focalfit/focalfit/internal/federated"
	"github.com/focalfit/focalfit/internal/jsontext"
	"github.com/focalfit/focalfit/loss"
	"github.com/focalfit/focalfit/wasm/edge/federations"
)

// What the requests of a federation may take.
const (
	maxAgreement = 64 << 10
	maxInvited   = 1000 // of a request
	maxNames     = 256 << 10
	maxName      = 200

	memberFor    = 30 * 24 * time.Hour // how long a member's token is good if nothing is said
	mostFor      = 366 * 24 * time.Hour
	ticketFor    = time.Hour // how long a ticket is good at least
	asksASecond  = 100       // of all members of a federation that wait, at most: see SCALE.md
	ticksAtATime = 20
)

func (s *Service) federationRoutes() []route {
	const all, one = "/v1/federations", "/v1/federations/{id}"
	return []route{
		{http.MethodPost, all, s.createFederation},
		{http.MethodGet, one, s.getFederation},
		{http.MethodDelete, one, s.deleteFederation},
		{http.MethodPost, one + "/clients", s.invite},
		{http.MethodPost, one + "/advance", s.advance},
		{http.MethodGet, one + "/round", s.getRound},
		{http.MethodPut, one + "/rounds/{round}/update", s.putUpdate},
		{http.MethodGet, one + "/model", s.getFederationModel},
	}
}

func (s *Service) createFederation(r *Request) (*Response, error) {
	if err := s.Owner(r.Request); err != nil {
		return nil, err
	}
	text, err := Body(r.Request, maxAgreement, "application/json")
	if err != nil {
		return nil, err
	}
	agreement, err := federations.ReadAgreement(text)
	if err != nil {
		return nil, unreadable(err)
	}
	var random [16]byte
	rand.Read(random[:]) // never fails
	f := federations.Federation{ID: hex.EncodeToString(random[:]), Settings: text, Quorum: agreement.Quorum, Seconds: agreement.Seconds}
	complete, err := s.Federations.Create(r.Context(), f, agreement.Settings)
	if err != nil {
		return nil, federationProblem(err)
	}
	response := answer(federations.CreatedDocument(f.ID, complete))
	response.Status = http.StatusCreated
	response.Header.Set("Location", "/v1/federations/"+f.ID)
	return response, nil
}

func answer(body []byte) *Response {
	response := newResponse("application/json", body)
	response.Header.Set("Cache-Control", keepNever)
	return response
}

// federationProblem is what is answered to an error of package federations.
func federationProblem(err error) error {
	var stated *loss.Error
	switch {
	case errors.Is(err, federations.ErrUnknown):
		return notFound("there is no such federation")
	case errors.Is(err, federations.ErrRound):
		return notFound("the federation has no such round yet")
	case errors.Is(err, federations.ErrOver):
		return newProblem(http.StatusConflict, "CLOSED", "the federation is done: its model is at /model")
	case errors.As(err, &stated):
		return unreadable(stated)
	}
	return err
}

func (s *Service) getFederation(r *Request) (*Response, error) {
	if err := s.Owner(r.Request); err != nil {
		return nil, err
	}
	_, round, state, err := s.Federations.Newest(r.Context(), r.Segment("id"), -1)
	if err != nil {
		return nil, federationProblem(err)
	}
	updates, err := s.Federations.Store.Count(r.Context(), round.Federation, round.Number)
	if err != nil {
		return nil, err
	}
	return answer(federations.StatusDocument(round.Federation, federations.Advanced{Round: state.Round(), Updates: updates, Failure: round.Failure})), nil
}

func (s *Service) deleteFederation(r *Request) (*Response, error) {
	if err := s.Owner(r.Request); err != nil {
		return nil, err
	}
	if err := s.Federations.Remove(r.Context(), r.Segment("id")); err != nil {
		return nil, federationProblem(err)
	}
	return &Response{Status: http.StatusNoContent}, nil
}

// invite makes the tokens of members.
func (s *Service) invite(r *Request) (*Response, error) {
	if err := s.Owner(r.Request); err != nil {
		return nil, err
	}
	text, err := Body(r.Request, maxNames, "application/json")
	if err != nil {
		return nil, err
	}
	names, good, err := readNames(text)
	if err != nil {
		return nil, unreadable(err)
	}
	id := r.Segment("id")
	if err := s.Federations.Invite(r.Context(), id, names); err != nil {
		return nil, federationProblem(err)
	}
	expires := now().Add(good).UnixMilli()
	body := []byte(`{"tokens":{`)
	for i, name := range names {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(jsontext.AppendString(body, name), ':')
		body = jsontext.AppendString(body, s.Signer.Sign(federations.Claim{Federation: id, Member: name, Round: -1, Expires: expires}))
	}
	return answer(append(body, "}}"...)), nil
}

// readNames reads { clients: [names], seconds? }.
func readNames(text []byte) (names []string, good time.Duration, err error) {
	good = memberFor
	reader := jsontext.NewReader(text)
	seen := map[string]bool{}
	reader.Object(func(field string) {
		switch field {
		case "clients":
			reader.Array(func(i int) {
				name := reader.String()
				if name == "" || len(name) > maxName || seen[name] || i == maxInvited {
					reader.Fail(loss.BadParameter("clients", "clients must be 1 to "+strconv.Itoa(maxInvited)+" different names of 1 to "+strconv.Itoa(maxName)+" bytes"))
				}
				seen[name] = true
				names = append(names, name)
			})
		case "seconds":
			seconds := reader.Number()
			if !(seconds >= 1 && seconds <= mostFor.Seconds()) {
				reader.Fail(loss.BadParameter("seconds", "seconds must be from 1 to a year's"))
			}
			good = time.Duration(seconds) * time.Second
		default:
			reader.Fail(loss.BadParameter(field, "there is no field "+field))
			reader.Skip()
		}
	})
	if len(names) == 0 {
		reader.Fail(loss.BadParameter("clients", "clients must be the names of the members"))
	}
	return names, good, reader.End()
}

// bearer returns the claim of a request's token, for the federation of its path.
func (s *Service) bearer(r *Request) (federations.Claim, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	claim, err := s.Signer.Check(strings.TrimSpace(token))
	detail := "this takes a member's token: Authorization: Bearer …"
	switch {
	case err == nil && strings.EqualFold(scheme, "Bearer") && claim.Federation == r.Segment("id"):
		return claim, nil
	case errors.Is(err, federations.ErrExpired):
		detail = "the token has expired: ask the federation's owner for another, or for the round again"
	}
	problem := newProblem(http.StatusUnauthorized, "UNAUTHORIZED", detail)
	problem.Header = http.Header{"Www-Authenticate": {"Bearer"}}
	return federations.Claim{}, problem
}

// member returns the claim of a member's token.
func (s *Service) member(r *Request) (federations.Claim, error) {
	claim, err := s.bearer(r)
	if err == nil && claim.Round != -1 {
		err = newProblem(http.StatusForbidden, "FORBIDDEN", "a round's ticket is good for its update alone: use the member's token")
	}
	return claim, err
}

func (s *Service) advance(r *Request) (*Response, error) {
	if err := s.Owner(r.Request); err != nil {
		return nil, err
	}
	advanced, err := s.Federations.Advance(r.Context(), r.Segment("id"))
	if err != nil {
		return nil, federationProblem(err)
	}
	return answer(federations.StatusDocument(r.Segment("id"), advanced)), nil
}

// getRound tells a member the newest round, or nothing while that is the one it has.
func (s *Service) getRound(r *Request) (*Response, error) {
	claim, err := s.member(r)
	if err != nil {
		return nil, err
	}
	after := -1
	if text := r.URL.Query().Get("after"); text != "" {
		if after, err = strconv.Atoi(text); err != nil || after < -1 {
			return nil, badRequest("after must be the number of a round, or -1")
		}
	}
	f, round, state, err := s.Federations.Newest(r.Context(), claim.Federation, after)
	if err == nil && round.Deadline > 0 && (round.Closed || now().UnixMilli() >= round.Deadline) {
		// It waits for nobody any more, or for whoever was to go on.
		if _, err = s.Federations.Advance(r.Context(), claim.Federation); err == nil {
			f, round, state, err = s.Federations.Newest(r.Context(), claim.Federation, after)
		}
	}
	if err != nil {
		return nil, federationProblem(err)
	}
	if round.Failure != "" {
		return nil, newProblem(http.StatusConflict, "FAILED_FEDERATION", "the federation cannot go on: "+round.Failure)
	}
	if round.Number <= after {
		return &Response{Status: http.StatusNoContent, Header: http.Header{"Retry-After": {strconv.Itoa(max(1, max(f.Members, f.Quorum)/asksASecond))}, "Cache-Control": {keepNever}}}, nil
	}
	agreement, err := federations.ReadAgreement(f.Settings)
	if err != nil {
		return nil, err
	}
	claim.Round = round.Number
	claim.Expires = max(round.Deadline, now().Add(ticketFor).UnixMilli())
	return answer(federations.RoundDocument(f.ID, agreement, *round, state.Round(), s.Signer.Sign(claim))), nil
}

// putUpdate takes a member's update of a round. The ticket says whose it is and of which round.
func (s *Service) putUpdate(r *Request) (*Response, error) {
	claim, err := s.bearer(r)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(r.Segment("round"))
	if err != nil || strconv.Itoa(number) != r.Segment("round") {
		return nil, notFound("a round is a whole number from 0 on")
	}
	if claim.Round != number {
		return nil, newProblem(http.StatusForbidden, "FORBIDDEN", "the ticket is of another round: ask for this one")
	}
	taken, err := s.Federations.Take(r.Context(), claim.Federation, number, claim.Member, func(bytes int) ([]byte, error) {
		return Body(r.Request, bytes, octets)
	})
	switch {
	case taken == federations.Counted:
		if err != nil {
			// It counts; going on is for whoever asks next.
			s.Log("advance: " + err.Error())
		}
		response := answer([]byte(`{"counted":true}`))
		response.Status = http.StatusAccepted
		return response, nil
	case err != nil:
		return nil, federationProblem(err)
	case taken == federations.Again:
		return answer([]byte(`{"counted":true}`)), nil
	}
	return nil, newProblem(http.StatusConflict, "CLOSED", "the round is closed: ask for the next one")
}

func (s *Service) getFederationModel(r *Request) (*Response, error) {
	if s.Owner(r.Request) != nil {
		if _, err := s.member(r); err != nil {
			return nil, err
		}
	}
	f, round, state, err := s.Federations.Newest(r.Context(), r.Segment("id"), -1)
	if err != nil {
		return nil, federationProblem(err)
	}
	if state.Round().Kind != federated.Done || round.Failure != "" {
		return nil, newProblem(http.StatusConflict, "NOT_DONE", "the federation is not done yet: ask for its rounds")
	}
	agreement, err := federations.ReadAgreement(f.Settings)
	if err != nil {
		return nil, err
	}
	return answer(federations.Model(agreement, state.Round())), nil
}
