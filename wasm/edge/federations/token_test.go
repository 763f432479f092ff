package federations

import (
	"strings"
	"testing"
)

func TestTokens(t *testing.T) {
	time := &clock{1000}
	s := Signer{Key: []byte("a key"), Now: time.Now}
	for _, c := range []Claim{
		{"f", "tab 1", -1, 2000}, {"f", "", 0, 1001}, {"g", "a\nb.c\x00ü", 12, 1 << 50},
	} {
		got, err := s.Check(s.Sign(c))
		if err != nil || got != c {
			t.Errorf("%+v is read as %+v, %v", c, got, err)
		}
	}
	token := s.Sign(Claim{"f", "tab", 3, 2000})
	other := Signer{Key: []byte("another key"), Now: time.Now}
	for name, forged := range map[string]string{
		"nothing": "", "no signature": strings.SplitN(token, ".", 2)[0], "another's": other.Sign(Claim{"f", "tab", 3, 2000}),
		"cut": token[:len(token)-1], "longer": token + "A", "another claim": s.Sign(Claim{"f", "tab", 4, 2000})[:20] + token[20:],
		"no base64": "!." + strings.SplitN(token, ".", 2)[1],
	} {
		if _, err := s.Check(forged); err != ErrForged {
			t.Errorf("%s: %v", name, err)
		}
	}
	none := Signer{Now: time.Now}
	if _, err := none.Check(none.Sign(Claim{"f", "tab", 3, 2000})); err != ErrForged {
		t.Errorf("without a key: %v", err)
	}
	time.now = 2000
	if _, err := s.Check(token); err != ErrExpired {
		t.Errorf("%v", err)
	}
}

func FuzzTokens(f *testing.F) {
	s := Signer{Key: []byte("a key"), Now: (&clock{1}).Now}
	f.Add(s.Sign(Claim{"f", "tab", 3, 2000}))
	f.Add("a.b")
	f.Fuzz(func(t *testing.T, token string) {
		c, err := s.Check(token)
		if err == nil && s.Sign(c) != token {
			t.Errorf("%q is taken for %+v", token, c)
		}
	})
}
