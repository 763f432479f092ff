package federations

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
)

// Signer makes and checks tokens, which hold what they are for and an
// HMAC-SHA256 of it (RFC 2104): the service keeps none of them.
type Signer struct {
	Key []byte       // without one every token is refused
	Now func() int64 // milliseconds since 1970
}

// Claim is what a token is for.
type Claim struct {
	Federation string
	Member     string
	Round      int   // -1 for a member's token, good for asking in every round
	Expires    int64 // milliseconds since 1970
}

// Errors of tokens.
var (
	ErrForged  = errors.New("the token is not one of this service")
	ErrExpired = errors.New("the token has expired")
)

// encoding has one text for each sequence of bytes.
var encoding = base64.RawURLEncoding.Strict()

// Sign returns the token of a claim.
func (s Signer) Sign(c Claim) string {
	claim := encoding.EncodeToString([]byte(strings.Join([]string{
		c.Federation, strconv.Itoa(c.Round), strconv.FormatInt(c.Expires, 10), c.Member, // a name may hold any byte, and comes last
	}, "\n")))
	return claim + "." + encoding.EncodeToString(s.sum(claim))
}

// Check returns the claim of a token that this service signed and that has not
// expired.
func (s Signer) Check(token string) (Claim, error) {
	claim, signature, found := strings.Cut(token, ".")
	sum, err := encoding.DecodeString(signature)
	if !found || err != nil || len(s.Key) == 0 || !hmac.Equal(sum, s.sum(claim)) {
		return Claim{}, ErrForged
	}
	text, err := encoding.DecodeString(claim)
	parts := strings.SplitN(string(text), "\n", 4)
	if err != nil || len(parts) != 4 {
		return Claim{}, ErrForged
	}
	round, err := strconv.Atoi(parts[1])
	expires, err2 := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || err2 != nil {
		return Claim{}, ErrForged
	}
	if s.Now() >= expires {
		return Claim{}, ErrExpired
	}
	return Claim{Federation: parts[0], Member: parts[3], Round: round, Expires: expires}, nil
}

func (s Signer) sum(claim string) []byte {
	mac := hmac.New(sha256.New, s.Key)
	mac.Write([]byte("focalfit federation 1\n" + claim))
	return mac.Sum(nil)
}
